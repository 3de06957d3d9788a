/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What in an answer can be checked against its original: numbers, dates, laws, links. Found by code, for the list
 * 「原典を 見ましたか」; names of persons and companies come from the scan for leaks. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum claim_kind { CLAIM_NUMBER, CLAIM_DATE, CLAIM_LAW, CLAIM_LINK, CLAIM_NAME, CLAIM_KIND_COUNT };
enum { CLAIMS_MAX = 500 };

struct claim {
	enum claim_kind kind;
	size_t start, end; /* bytes of the text */
};
struct claims {
	struct claim *at; /* by start, not overlapping; each text once */
	size_t n, cap;
	bool cut; /* more than CLAIMS_MAX */
};

const char *claim_kind_word(enum claim_kind kind);
int claims_find(struct str text, struct arena *a, struct claims *ret);

/* Words that shut people out of a job without need (sex, age, origin, family, health, belief), for D13 and D14: the
 * Employment Security Act's guidance on fair selection. ret: the first such word's place; false: none. */
bool claims_find_bias(struct str text, size_t from, struct claim *ret);

/* Share of text (0 to 1, of its characters without white space) that stands word for word in source, in runs of at
 * least OVERLAP_RUN_CHARS. */
enum { OVERLAP_RUN_CHARS = 12 };
double claims_overlap(struct str text, struct str source, struct arena *a);
