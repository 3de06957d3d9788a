/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/mail-date.h"

#include "base/clock.h"
#include "base/err.h"

enum { YEAR_MIN = 1970, YEAR_MAX = 9999, MONTHS = 12, MONTH_BYTES = 3 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str next_word(struct str *rest)
{
	size_t from = 0, to;
	while (from < rest->n && is_blank(rest->p[from]))
		from++;
	for (to = from; to < rest->n && !is_blank(rest->p[to]);)
		to++;
	struct str word = str_slice(*rest, from, to);
	*rest = str_slice(*rest, to, rest->n);
	return word;
}

static int month_of(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (size_t i = 0; word.n == MONTH_BYTES && i < MONTHS; i++)
		if (str_eq_icase(word, str_make(names + MONTH_BYTES * i, MONTH_BYTES)))
			return (int) i + 1;
	return 0;
}

/* "08:12" or "08:12:00" as seconds of the day. */
static int parse_clock(struct str word, int64_t *ret)
{
	static const uint64_t most[] = {23, 59, 60};
	struct str part;
	size_t n = 0;
	*ret = 0;
	while (str_split(&word, ':', &part)) {
		uint64_t number;
		if (n == 3 || part.n != 2 || str_parse_u64(part, most[n], &number) < 0)
			return ERR_INVALID;
		*ret = *ret * 60 + (int64_t) number;
		n++;
	}
	if (n == 2)
		*ret *= 60;
	return n >= 2 ? 0 : ERR_INVALID;
}

/* Minutes east of UTC. */
static int parse_zone(struct str word, int64_t *ret)
{
	uint64_t number;
	*ret = 0;
	if (str_eq_icase(word, STR("GMT")) || str_eq_icase(word, STR("UT")) || str_eq_icase(word, STR("Z")))
		return 0;
	if (word.n != 5 || (word.p[0] != '+' && word.p[0] != '-') ||
	    str_parse_u64(str_slice(word, 1, 5), 2400, &number) < 0 || number % 100 >= 60)
		return ERR_INVALID;
	*ret = (int64_t) (number / 100 * 60 + number % 100) * (word.p[0] == '-' ? -1 : 1);
	return 0;
}

/* Days since 1970-01-01 of a day of the Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month > 2 ? year : year - 1, shifted = (month + 9) % MONTHS;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 + day - 1 - 719468;
}

static bool is_day(uint64_t year, int month, uint64_t day)
{
	static const unsigned char longest[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month > 0 && day >= 1 && day <= (unsigned) longest[month - 1] + (month == 2 && is_leap);
}

int mail_date_parse(struct str text, int64_t *ret_us)
{
	uint64_t day, year;
	int64_t seconds, zone;
	struct str word = next_word(&text);
	if (word.n > 0 && word.p[word.n - 1] == ',')
		word = next_word(&text);
	if (word.n > 2 || str_parse_u64(word, 31, &day) < 0)
		return ERR_INVALID;
	int month = month_of(next_word(&text));
	if (str_parse_u64(next_word(&text), YEAR_MAX, &year) < 0 || year < YEAR_MIN || !is_day(year, month, day))
		return ERR_INVALID;
	if (parse_clock(next_word(&text), &seconds) < 0 || parse_zone(next_word(&text), &zone) < 0)
		return ERR_INVALID;
	seconds += days_of((int64_t) year, month, (int64_t) day) * (CLOCK_DAY_US / CLOCK_SECOND_US) - zone * 60;
	*ret_us = seconds * CLOCK_SECOND_US;
	return 0;
}
