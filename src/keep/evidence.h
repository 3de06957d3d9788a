/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is proven beside what was declared. The rows are in evidence.def; keep_evidence_list() gives the newest time
 * and the count of each, the functions here say what that means. Pure: the time comes in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum evidence_what {
	EVIDENCE_EVENTS,
	EVIDENCE_SECOND_FACTOR,
	EVIDENCE_LEDGER_DAYS,
	EVIDENCE_REGISTERS,
	EVIDENCE_LEAVERS
};

struct evidence_entry {
	const char *id;
	enum evidence_what what;
	const char *kinds; /* of the ledger, "kind:name" of one name only; or registers; blanks between */
	unsigned window_days, too_old_days; /* counted over; too old after */
	const char *items, *criteria;       /* numbers of questions; numbers of SCS requirements */
};

extern const struct evidence_entry evidence_table[];
extern const size_t evidence_table_count;

enum evidence_state {
	EVIDENCE_NOTHING, /* Sonae holds nothing */
	EVIDENCE_OLD,     /* something, too long ago; or not for everybody */
	EVIDENCE_PROVEN,
	EVIDENCE_AGAINST, /* what is noted speaks against it, whatever else is there */
};

/* NULL: no row of this id. */
const struct evidence_entry *evidence_find(struct str id);
bool evidence_is_of_item(const struct evidence_entry *entry, uint64_t item);
bool evidence_is_of_criterion(const struct evidence_entry *entry, struct str number); /* "4-3-4" */
/* newest_us, count, whole: as keep_evidence_list() gave them. */
enum evidence_state evidence_state_of(const struct evidence_entry *entry, int64_t newest_us, uint64_t count,
                                      uint64_t whole, int64_t now_us);

enum evidence_mark {
	EVIDENCE_FITS,           /* or there is nothing to compare */
	EVIDENCE_ONLY_SAID,      /* declared (yes, partly), and nothing or too old proven */
	EVIDENCE_ONLY_PROVEN,    /* no or unknown, and it is proven */
	EVIDENCE_SPEAKS_AGAINST, /* yes or partly, and what is noted speaks against it */
};
/* answer: letter of store/diagnosis.h; best: the best state of the rows of its item. */
enum evidence_mark evidence_mark_of(char answer, enum evidence_state best);
