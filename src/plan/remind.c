/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/remind.h"

#include <stdbool.h>

static bool lies_between(int64_t day, int64_t last, int64_t today)
{
	return day > last && day <= today;
}

/* The newest day of the weekly ones that is not after today. */
static int64_t last_weekly(int64_t due, int64_t today)
{
	return due + (today - due) / REMIND_EVERY_DAYS * REMIND_EVERY_DAYS;
}

enum remind remind_on(int32_t due, int32_t last, int32_t today, int32_t days_before)
{
	bool is_day = today < due ? lies_between((int64_t) due - days_before, last, today)
	                          : lies_between(last_weekly(due, today), last, today);
	if (!is_day || (today < due && days_before <= 0))
		return REMIND_NOT;
	return today < due ? REMIND_SOON : today == due ? REMIND_TODAY : REMIND_LATE;
}
