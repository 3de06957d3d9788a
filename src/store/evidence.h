/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the ledger can prove, asked in a way that stays quick when it is large: by the index over kinds, and by halving
 * the span of records for a time, since their numbers rise with their times. A clock that was set back may shift a
 * count by what was written meanwhile. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

/* The number of the first record at or after a time; of the next record to come when there is none. */
int evidence_first_since(struct store *s, int64_t since_us, uint64_t *ret) MUST_CHECK;
/* Time of the newest record of a kind, 0 without one. */
int evidence_newest(struct store *s, struct str kind, int64_t *ret_us) MUST_CHECK;
/* Records of a kind from a number on, at most limit. */
int evidence_count(struct store *s, struct str kind, uint64_t from, uint64_t limit, uint64_t *ret) MUST_CHECK;
/* Both of them for records of a kind and a name; *ret_us 0 without one. Looks at no more than limit records. */
int evidence_of_name(struct store *s, struct str kind, struct str name, uint64_t from, uint64_t limit, int64_t *ret_us,
                     uint64_t *ret_count) MUST_CHECK;
/* Time of the first record, 0 without one. */
int evidence_oldest(struct store *s, int64_t *ret_us) MUST_CHECK;
/* Active people of the company, and those of them with a second factor. */
int evidence_second_factors(struct store *s, int64_t now_us, uint64_t *ret_with, uint64_t *ret_all) MUST_CHECK;
