/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On which days somebody is reminded of a day: some days before it, on it, and every week after it until the thing is
 * done. Days are those of calendar.h. */
#pragma once

#include <stdint.h>

enum remind { REMIND_NOT, REMIND_SOON, REMIND_TODAY, REMIND_LATE };
enum { REMIND_EVERY_DAYS = 7 };

/* last: the day on which reminders were made before, so that a day on which the machine was off is made up for once;
 * at least today: nothing, it was done. days_before 0: nothing before the day itself. The answer says how it stands
 * today. */
enum remind remind_on(int32_t due, int32_t last, int32_t today, int32_t days_before);
