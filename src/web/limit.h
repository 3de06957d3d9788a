/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How often one address may ask: a bucket of tokens each, in a table of fixed size. When the table is full the bucket
 * that has rested longest is given away. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { LIMIT_BUCKETS = 4096, LIMIT_PROBES = 8 };

struct limit;

/* burst: tokens of a full bucket; refill_us: time in which one comes back. */
struct limit *limit_new(unsigned burst, int64_t refill_us);
void limit_free(struct limit *l); /* takes NULL */
/* Takes one token; false when there is none. */
bool limit_take(struct limit *l, struct str who, int64_t now_us);
