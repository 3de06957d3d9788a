/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public holidays of Japan and the days on which offices are closed. Which day is one comes from the facts of the group
 * "holiday" (国民の祝日に関する法律, 昭和23年法律第178号); what follows from them is in this code:
 *   Article 3(2): one that falls on a Sunday moves to the next day that is none; 3(3): a day between two is one too.
 * The equinoxes are announced each February for the next year; before that the formula of 新こよみ便利帳 stands in. The
 * facts of the group "closing" name the days around new year. */
#pragma once

#include "fact/fact.h"
#include "plan/calendar.h"

enum { HOLIDAYS_OF_LAW_MAX = 40, HOLIDAY_CLOSINGS_MAX = 8 };

struct holidays;

enum holiday_kind {
	HOLIDAY_NONE,
	HOLIDAY_NAMED,      /* 国民の祝日 */
	HOLIDAY_SUBSTITUTE, /* 振替休日 */
	HOLIDAY_BETWEEN,    /* 国民の休日 */
};

/* Lives in a; facts have to outlive it. ERR_NOT_FOUND: the facts name no holidays; ERR_INVALID: one makes no sense. */
int holidays_new(const struct facts *facts, struct arena *a, const struct holidays **ret);
/* ERR_UNSUPPORTED: a year that the facts do not cover. ret_fact: of the named day, and of the one that a substitute
 * stands for; else NULL. Both outputs may be NULL. */
int holidays_find(const struct holidays *h, int32_t day, enum holiday_kind *ret_kind, const struct fact **ret_fact);
/* Why an office is closed. */
enum closed_reason { CLOSED_NOT, CLOSED_WEEKEND, CLOSED_HOLIDAY, CLOSED_NEW_YEAR };
int holidays_closed(const struct holidays *h, int32_t day, enum closed_reason *ret); /* ERR_UNSUPPORTED */
/* The first open day at or after day, and the last one before it. */
int holidays_next_open(const struct holidays *h, int32_t day, int32_t *ret);
int holidays_previous_open(const struct holidays *h, int32_t day, int32_t *ret);
