/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Months and weeks as the company counts them: in the zone of the machine. */
#include "base/clock.h"
#include "keep/ai.h"

enum { MINUTES_A_DAY = 24 * 60, DAYS_A_MONTH_MAX = 31 };
#define MINUTE_US (60 * CLOCK_SECOND_US)

struct local {
	uint64_t year, month, day, minute; /* minute of the day */
};

static uint64_t digits(const char *p, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (uint64_t) (p[i] - '0');
	return value;
}

/* "2026-11-22 21:00" */
static struct local local_of(int64_t us)
{
	char text[CLOCK_TEXT_BYTES];
	clock_format_local(us, text);
	return (struct local){.year = digits(text, 4),
	                      .month = digits(text + 5, 2),
	                      .day = digits(text + 8, 2),
	                      .minute = digits(text + 11, 2) * 60 + digits(text + 14, 2)};
}

static int64_t midnight(int64_t us)
{
	struct local at = local_of(us);
	return us - us % MINUTE_US - (int64_t) at.minute * MINUTE_US;
}

/* Asked for every settled request; no time zone changes within a minute. */
uint64_t ai_month(int64_t us)
{
	static int64_t known_minute;
	static uint64_t known;
	int64_t minute = us / MINUTE_US;
	if (known == 0 || minute != known_minute) {
		struct local at = local_of(us);
		known_minute = minute;
		known = at.year * 100 + at.month;
	}
	return known;
}

uint64_t ai_year_from(uint64_t month, uint64_t begins)
{
	uint64_t year = month / 100;
	return month % 100 >= begins ? year * 100 + begins : (year - 1) * 100 + begins;
}

int64_t ai_next_month_us(int64_t us)
{
	uint64_t month = ai_month(us);
	int64_t at = midnight(us);
	for (int i = 0; i <= DAYS_A_MONTH_MAX && ai_month(at) == month; i++)
		at = midnight(at + CLOCK_DAY_US + CLOCK_DAY_US / 2);
	return at;
}

int64_t ai_next_year_us(int64_t us, uint64_t begins)
{
	int64_t at = ai_next_month_us(us);
	while (ai_month(at) % 100 != begins)
		at = ai_next_month_us(at);
	return at;
}

/* Days since 1970-01-01, a Thursday, of the local date. */
static int64_t day_number(const struct local *at)
{
	int64_t year = (int64_t) at->year - (at->month <= 2), era = year / 400, of_era = year - era * 400;
	int64_t day_of_year = (153 * ((int64_t) at->month + (at->month > 2 ? -3 : 9)) + 2) / 5 + (int64_t) at->day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;
}

/* Monday 0 ... Sunday 6 */
static int64_t weekday(int64_t day)
{
	return (day + 3) % 7;
}

/* The week belongs to the year of its Thursday. */
uint64_t ai_week(int64_t us)
{
	struct local now = local_of(us);
	int64_t day = day_number(&now);
	struct local thursday = local_of(us + (3 - weekday(day)) * CLOCK_DAY_US);
	struct local new_year = {.year = thursday.year, .month = 1, .day = 1};
	return thursday.year * 100 + (uint64_t) ((day_number(&thursday) - day_number(&new_year)) / 7 + 1);
}

int64_t ai_week_friday_us(int64_t us)
{
	struct local now = local_of(us);
	return midnight(us) + (5 - weekday(day_number(&now))) * CLOCK_DAY_US - CLOCK_SECOND_US;
}

int64_t ai_add_months(int64_t us, uint64_t months)
{
	return us + (int64_t) months * (CLOCK_DAY_US * 3044 / 100);
}
