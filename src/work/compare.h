/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two answers to one question side by side: which words stand in both, which in one alone (E. W. Myers, "An O(ND)
 * Difference Algorithm and Its Variations", 1986, over the words that ICU finds, UAX #29 and its Japanese dictionary).
 * Texts that differ nearly everywhere are compared by sentence, so that time and memory stay bounded. */
#pragma once

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"

enum {
	COMPARE_WORDS_MAX = 20000,      /* of one text; beyond it sentences */
	COMPARE_DIFFERENCES_MAX = 1200, /* steps of the comparison; beyond it sentences, then the whole */
};

struct compare_run {
	struct str text; /* a view into its text */
	bool differs;    /* stands in this text alone */
};
struct compare_runs {
	struct compare_run *at; /* one after the other they are the text */
	size_t n, cap;
};

/* UTF-8 in. ERR_TOO_LARGE: no memory in the arena. */
int compare_texts(struct str first, struct str second, struct arena *a, struct compare_runs *ret_first,
                  struct compare_runs *ret_second) MUST_CHECK;
