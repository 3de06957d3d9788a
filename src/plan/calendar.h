/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates without a clock: a day is a number, counted from 1970-01-01 = 0 in the proleptic Gregorian calendar (the
 * clock's days), so that days are added and compared as numbers. Which day is today comes in from outside. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum {
	CALENDAR_YEAR_MIN = 1,
	CALENDAR_YEAR_MAX = 9999,
	CALENDAR_TEXT_BYTES = 12, /* "2026-01-31" and its NUL */
	CALENDAR_NTH_MAX = 5,
};

/* Monday first, as ISO 8601 counts. */
enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY, WEEKDAY_COUNT };

struct date {
	int year, month, day; /* month and day from 1 */
};

bool date_is_valid(struct date date);
/* date has to be valid. */
int32_t calendar_day(struct date date);
/* day has to lie within the years above. */
struct date calendar_date(int32_t day);
/* "2026-01-31" and nothing else; ERR_INVALID for days that are none. */
int calendar_parse(struct str text, int32_t *ret);
void calendar_format(int32_t day, char ret[static CALENDAR_TEXT_BYTES]);

enum weekday calendar_weekday(int32_t day);
const char *calendar_weekday_word(enum weekday weekday);       /* "mon" */
int calendar_weekday_find(struct str word, enum weekday *ret); /* ERR_NOT_FOUND */
/* The second Monday of a month: nth = 2. ERR_NOT_FOUND: the month has no fifth one. ERR_INVALID. */
int calendar_nth_weekday(int year, int month, enum weekday weekday, int nth, int32_t *ret);
int calendar_nth_of(int32_t day); /* 2: it is the second of its weekday in its month */

bool calendar_year_is_leap(int year);
int calendar_month_length(int year, int month);
/* The same day so many months later (or earlier); the last of the month when that has no such day: 01-31 + 1 = 02-28.
 * ERR_INVALID outside the years above. */
int calendar_add_months(int32_t day, int months, int32_t *ret);
int32_t calendar_month_last(int32_t day); /* of the month that day lies in */

/* A fiscal year is called after the year in which its April lies: 2026-03-31 is of 2025. */
int calendar_fiscal_year(int32_t day);
int32_t calendar_fiscal_first(int fiscal_year);
int32_t calendar_fiscal_last(int fiscal_year);
