/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A ZIP file in memory, written file by file. */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"

struct zip;

/* Writes into b, which outlives it. NULL: no memory. */
struct zip *zip_new(struct buf *b);
/* name with '/' between folders. ERR_TOO_LARGE over the buffer's maximum. */
int zip_add(struct zip *z, const char *name, struct str bytes, int64_t when_us);
/* The end of the file; nothing can be added afterwards. */
int zip_finish(struct zip *z);
void zip_free(struct zip *z); /* takes NULL */
CLEANUP_DEFINE(struct zip *, zip_freep, zip_free)
