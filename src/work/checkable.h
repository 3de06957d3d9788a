/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What in an answer can be checked against its original: numbers, dates, laws, links. Found by code, for the list
 * 「原典を 見ましたか」; names of persons and companies come from the scan for leaks. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum checkable_kind {
	CHECKABLE_NUMBER,
	CHECKABLE_DATE,
	CHECKABLE_LAW,
	CHECKABLE_LINK,
	CHECKABLE_NAME,
	CHECKABLE_KIND_COUNT
};
enum { CHECKABLES_MAX = 500 };

struct checkable {
	enum checkable_kind kind;
	size_t start, end; /* bytes of the text */
};
struct checkables {
	struct checkable *at; /* by start, not overlapping; each text once */
	size_t n, cap;
	bool cut; /* more than CHECKABLES_MAX */
};

const char *checkable_kind_word(enum checkable_kind kind);
int checkables_find(struct str text, struct arena *a, struct checkables *ret);

/* Words that shut people out of a job without need (sex, age, origin, family, health, belief), for D13 and D14: the
 * Employment Security Act's guidance on fair selection. ret: the first such word's place; false: none. */
bool checkable_find_bias(struct str text, size_t from, struct checkable *ret);

/* Share of text (0 to 1, of its characters without white space) that stands word for word in source, in runs of at
 * least OVERLAP_RUN_CHARS. */
enum { OVERLAP_RUN_CHARS = 12 };
double checkable_overlap(struct str text, struct str source, struct arena *a);
