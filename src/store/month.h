/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Months that are over, in figures, and what is counted of a span of time. Months are year * 100 + month. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

int month_figure_set(struct store *s, const struct keep_month_figure *row) MUST_CHECK;
/* From one month to another, both included, oldest first, then by name; at most 2,000. */
int month_figure_list(struct store *s, uint64_t from, uint64_t to, struct arena *a,
                      struct keep_month_figure_list *ret) MUST_CHECK;

struct month_cases {
	uint64_t opened, danger, answered, minutes; /* minutes: the middle one from report to answer */
};
/* Reports that came in from from_us on and before to_us, and those of them that were answered. */
int month_count_cases(struct store *s, int64_t from_us, int64_t to_us, struct month_cases *ret) MUST_CHECK;

struct month_first_reports {
	uint64_t count, minutes; /* minutes: the middle one */
};
/* From the time that a mail says it was sent to the first report of it, of the reports that came in from from_us on and
 * before to_us. Reports within a week of each other whose mails have the same sender, or lead to the same host and were
 * no mere questions, are one wave: only its first counts. Mails that say no time do not count. */
int month_count_first_reports(struct store *s, int64_t from_us, int64_t to_us,
                              struct month_first_reports *ret) MUST_CHECK;
