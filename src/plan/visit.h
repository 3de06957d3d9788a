/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Visits of experts: the first of a fiscal year are free, more of them for those who are exempt; then each costs a fee,
 * and there is a most. All numbers are of the facts expert.rules, expert.fee and expert.cancel. */
#pragma once

#include "plan/holiday.h"

struct visit_rules {
	const struct fact *rules, *fee, *cancel;
	int free_times, exempt_free_times, year_times;
	int64_t fee_yen;
	int cancel_before_days;
	struct str cancel_at; /* "12:00" */
};

/* ERR_NOT_FOUND: a fact or a value is not there; ERR_INVALID. */
int visit_rules_read(const struct facts *facts, struct visit_rules *ret);

struct visit {
	int number;            /* in its fiscal year, from 1 */
	bool is_free, is_over; /* is_over: more than the fiscal year has */
	int64_t fee_yen;       /* 0 when free or over */
	int left_times;        /* after it, in the fiscal year */
	int free_left_times;
};

/* used: visits in the fiscal year of this one. ERR_INVALID: less than none. */
int visit_next(const struct visit_rules *rules, int used, bool is_exempt, struct visit *ret);
/* How many count for a visit on a day when used were made in the fiscal year of today: all of them, or none when a new
 * one has begun by then. ERR_INVALID: the day lies before today. */
int visit_used_on(int used, int32_t today, int32_t day, int *ret);
/* The day up to which it can be called off: so many open days before. ERR_UNSUPPORTED: holidays not known. */
int visit_cancel_by(const struct visit_rules *rules, const struct holidays *h, int32_t day, int32_t *ret);
