/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Day numbers by eras of 400 years, the year beginning in March so that the leap day is its last (H. Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms"). */
#include "plan/calendar.h"

#include "base/check.h"
#include "base/err.h"

enum {
	ERA_YEARS = 400,
	ERA_DAYS = 146097,
	ERA_FIRST_TO_1970 = 719468, /* days from 0000-03-01 */
	DAYS_OF_4_YEARS = 1461,
	MONTHS = 12,
	WEEK_DAYS = 7,
	FISCAL_MONTH = 4,
};

static const char *const weekday_words[WEEKDAY_COUNT] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

bool calendar_year_is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % ERA_YEARS == 0;
}

int calendar_month_length(int year, int month)
{
	static const int lengths[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	CHECK(month >= 1 && month <= MONTHS);
	return lengths[month - 1] + (month == 2 && calendar_year_is_leap(year));
}

bool date_is_valid(struct date date)
{
	return date.year >= CALENDAR_YEAR_MIN && date.year <= CALENDAR_YEAR_MAX && date.month >= 1 &&
	       date.month <= MONTHS && date.day >= 1 && date.day <= calendar_month_length(date.year, date.month);
}

/* The day before 03-01 is the 0th day of the months from March, with 153 days to every five months. */
int32_t calendar_day(struct date date)
{
	CHECK(date_is_valid(date));
	int year = date.year - (date.month <= 2);
	int of_era = year % ERA_YEARS;
	int month = date.month > 2 ? date.month - 3 : date.month + 9;
	int of_year = (153 * month + 2) / 5 + date.day - 1;
	int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
	return year / ERA_YEARS * ERA_DAYS + days - ERA_FIRST_TO_1970;
}

struct date calendar_date(int32_t day)
{
	int shifted = day + ERA_FIRST_TO_1970;
	CHECK(shifted >= 0);
	int era = shifted / ERA_DAYS, days = shifted % ERA_DAYS;
	int of_era = (days - days / (DAYS_OF_4_YEARS - 1) + days / 36524 - days / (ERA_DAYS - 1)) / 365;
	int of_year = days - (365 * of_era + of_era / 4 - of_era / 100);
	int month = (5 * of_year + 2) / 153;
	struct date date = {
	        .year = era * ERA_YEARS + of_era + (month >= 10),
	        .month = month < 10 ? month + 3 : month - 9,
	        .day = of_year - (153 * month + 2) / 5 + 1,
	};
	CHECK(date_is_valid(date));
	return date;
}

static int digits(struct str text, size_t from, size_t to)
{
	int value = 0;
	for (size_t i = from; i < to; i++) {
		if (!ascii_is_digit(text.p[i]))
			return -1;
		value = value * 10 + (text.p[i] - '0');
	}
	return value;
}

int calendar_parse(struct str text, int32_t *ret)
{
	if (text.n != CALENDAR_TEXT_BYTES - 2 || text.p[4] != '-' || text.p[7] != '-')
		return ERR_INVALID;
	struct date date = {digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)};
	if (!date_is_valid(date))
		return ERR_INVALID;
	*ret = calendar_day(date);
	return 0;
}

void calendar_format(int32_t day, char ret[static CALENDAR_TEXT_BYTES])
{
	struct date date = calendar_date(day);
	ret[0] = (char) ('0' + date.year / 1000);
	ret[1] = (char) ('0' + date.year / 100 % 10);
	ret[2] = (char) ('0' + date.year / 10 % 10);
	ret[3] = (char) ('0' + date.year % 10);
	ret[4] = ret[7] = '-';
	ret[5] = (char) ('0' + date.month / 10);
	ret[6] = (char) ('0' + date.month % 10);
	ret[8] = (char) ('0' + date.day / 10);
	ret[9] = (char) ('0' + date.day % 10);
	ret[10] = '\0';
}

enum weekday calendar_weekday(int32_t day)
{
	int from_thursday = day % WEEK_DAYS; /* 1970-01-01 was one */
	return (enum weekday)((from_thursday + WEEK_DAYS + THURSDAY) % WEEK_DAYS);
}

const char *calendar_weekday_word(enum weekday weekday)
{
	CHECK((size_t) weekday < WEEKDAY_COUNT);
	return weekday_words[weekday];
}

int calendar_weekday_find(struct str word, enum weekday *ret)
{
	for (size_t i = 0; i < WEEKDAY_COUNT; i++)
		if (str_eq_c(word, weekday_words[i])) {
			*ret = (enum weekday) i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

int calendar_nth_weekday(int year, int month, enum weekday weekday, int nth, int32_t *ret)
{
	struct date first = {year, month, 1};
	if (!date_is_valid(first) || (size_t) weekday >= WEEKDAY_COUNT || nth < 1 || nth > CALENDAR_NTH_MAX)
		return ERR_INVALID;
	int32_t day = calendar_day(first);
	int to_weekday = ((int) weekday - (int) calendar_weekday(day) + WEEK_DAYS) % WEEK_DAYS;
	int offset = to_weekday + (nth - 1) * WEEK_DAYS;
	if (offset >= calendar_month_length(year, month))
		return ERR_NOT_FOUND;
	*ret = day + offset;
	return 0;
}

int calendar_nth_of(int32_t day)
{
	return (calendar_date(day).day - 1) / WEEK_DAYS + 1;
}

int calendar_add_months(int32_t day, int months, int32_t *ret)
{
	struct date date = calendar_date(day);
	int64_t count = (int64_t) date.year * MONTHS + date.month - 1 + months;
	int64_t year = count / MONTHS;
	if (count < 0 || year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
		return ERR_INVALID;
	date.year = (int) year;
	date.month = (int) (count % MONTHS) + 1;
	int last = calendar_month_length(date.year, date.month);
	date.day = date.day > last ? last : date.day;
	*ret = calendar_day(date);
	return 0;
}

int32_t calendar_month_last(int32_t day)
{
	struct date date = calendar_date(day);
	date.day = calendar_month_length(date.year, date.month);
	return calendar_day(date);
}

int calendar_fiscal_year(int32_t day)
{
	struct date date = calendar_date(day);
	return date.month >= FISCAL_MONTH ? date.year : date.year - 1;
}

int32_t calendar_fiscal_first(int fiscal_year)
{
	return calendar_day((struct date){fiscal_year, FISCAL_MONTH, 1});
}

int32_t calendar_fiscal_last(int fiscal_year)
{
	return calendar_fiscal_first(fiscal_year + 1) - 1;
}
