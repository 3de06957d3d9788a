/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On which days a desk gives advice on a topic. A fact of a topic has the values days ("mon tue"), weeks ("2 4": of the
 * month; without it every week), starts ("13:30 14:30") and length_minutes. A day on which offices are closed is left
 * out: no source says that it moves. */
#pragma once

#include "plan/holiday.h"

enum { DESK_STARTS_MAX = 12, DESK_AHEAD_MAX_DAYS = 400 };

struct desk_topic {
	const struct fact *fact;
	unsigned weekdays;  /* 1u << MONDAY ... */
	unsigned weeks;     /* 1u << 2 | 1u << 4; 0: every week */
	struct str starts;  /* words "13:30"; empty: the slots of the desk */
	int length_minutes; /* 0: not named */
};

/* ERR_NOT_FOUND: no days in it, so no topic; ERR_INVALID. */
int desk_topic_read(const struct fact *fact, struct desk_topic *ret);

struct desk_date {
	int32_t day;
	enum closed_reason closed;
};

/* The topic's days from first to last, both included, in order: up to max that are open, with the closed ones before
 * and between them as far as they fit. ERR_UNSUPPORTED: the holidays are not known so far. */
int desk_dates(const struct desk_topic *topic, const struct holidays *h, int32_t first, int32_t last, size_t max,
               struct desk_date *ret, size_t cap, size_t *ret_n);
/* Up to which day a desk may be booked: the end of the month so many months ahead (value book-ahead_months of the
 * topic). ERR_NOT_FOUND: it is not named. */
int desk_last_bookable(const struct fact *topic, int32_t today, int32_t *ret);
