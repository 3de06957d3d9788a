/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fact of a holiday is one of
 *   {month: 1, day: 1}                                         fixed
 *   {month: 1, nth: 2, weekday: mon}                           the second Monday
 *   {month: 3, equinox: 20.8431, year-part: 0.242194, from-year: 1980}
 * with from-year and to-year where it does not hold always. Of a closing: {from-month: 12, from-day: 29, to-month: 1,
 * to-day: 3}; over the end of the year when the end lies before the beginning. */
#include "plan/holiday.h"

#include <math.h>

#include "base/check.h"
#include "base/err.h"
#include "plan/value.h"

enum { OPEN_WITHIN_DAYS = 60, DAYS_MAX = 31, MONTHS = 12, MONTH_STEP = 100 };

struct rule {
	const struct fact *fact;
	int month, day, nth; /* day 0: not fixed; nth 0: no weekday */
	enum weekday weekday;
	double equinox, year_part;
	int from_year, to_year;
};

struct closing {
	int from, to; /* month * 100 + day */
};

struct holidays {
	struct rule rules[HOLIDAYS_OF_LAW_MAX];
	size_t rule_count;
	struct closing closings[HOLIDAY_CLOSINGS_MAX];
	size_t closing_count;
	int from_year, to_year; /* all rules together hold */
	int32_t first, last;
};

static int read_or(const struct fact *fact, const char *name, int64_t min, int64_t max, int64_t otherwise, int *ret)
{
	int64_t value = otherwise;
	int r = value_whole(fact, name, min, max, &value);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	*ret = (int) value;
	return 0;
}

static int read_form(const struct fact *fact, struct rule *rule)
{
	const struct fact_value *weekday = fact_value(fact, "weekday");
	int r = read_or(fact, "day", 1, DAYS_MAX, 0, &rule->day);
	if (r >= 0)
		r = read_or(fact, "nth", 1, CALENDAR_NTH_MAX - 1, 0, &rule->nth);
	if (r < 0)
		return r;
	if (rule->nth > 0)
		return weekday ? calendar_weekday_find(weekday->text, &rule->weekday) : ERR_INVALID;
	if (rule->day > 0) /* a day that every year has */
		return rule->day <= calendar_month_length(2001, rule->month) ? 0 : ERR_INVALID;
	r = fact_number(fact, "equinox", &rule->equinox);
	if (r >= 0)
		r = fact_number(fact, "year-part", &rule->year_part);
	bool is_sound = r >= 0 && rule->from_year > CALENDAR_YEAR_MIN && rule->equinox >= 1 && rule->equinox < 29 &&
	                rule->year_part > 0 && rule->year_part < 0.25;
	return is_sound ? 0 : ERR_INVALID;
}

static int read_rule(const struct fact *fact, struct rule *rule)
{
	int64_t month;
	*rule = (struct rule){.fact = fact};
	int r = value_whole(fact, "month", 1, MONTHS, &month);
	if (r < 0)
		return ERR_INVALID;
	rule->month = (int) month;
	r = read_or(fact, "from-year", CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX, CALENDAR_YEAR_MIN, &rule->from_year);
	if (r >= 0)
		r = read_or(fact, "to-year", CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX, CALENDAR_YEAR_MAX, &rule->to_year);
	if (r >= 0)
		r = read_form(fact, rule);
	return r < 0 ? ERR_INVALID : 0;
}

static int read_closing(const struct fact *fact, struct closing *closing)
{
	int64_t month[2], day[2];
	int r = value_whole(fact, "from-month", 1, MONTHS, &month[0]);
	if (r >= 0)
		r = value_whole(fact, "from-day", 1, DAYS_MAX, &day[0]);
	if (r >= 0)
		r = value_whole(fact, "to-month", 1, MONTHS, &month[1]);
	if (r >= 0)
		r = value_whole(fact, "to-day", 1, DAYS_MAX, &day[1]);
	if (r < 0)
		return ERR_INVALID;
	closing->from = (int) (month[0] * MONTH_STEP + day[0]);
	closing->to = (int) (month[1] * MONTH_STEP + day[1]);
	return 0;
}

static int add(struct holidays *h, const struct fact *fact)
{
	if (str_eq_c(fact->group, "closing")) {
		if (h->closing_count == HOLIDAY_CLOSINGS_MAX)
			return ERR_TOO_LARGE;
		return read_closing(fact, &h->closings[h->closing_count++]);
	}
	if (!str_eq_c(fact->group, "holiday"))
		return 0;
	if (h->rule_count == HOLIDAYS_OF_LAW_MAX)
		return ERR_TOO_LARGE;
	struct rule *rule = &h->rules[h->rule_count++];
	int r = read_rule(fact, rule);
	if (r < 0)
		return r;
	h->from_year = rule->from_year > h->from_year ? rule->from_year : h->from_year;
	h->to_year = rule->to_year < h->to_year ? rule->to_year : h->to_year;
	return 0;
}

int holidays_new(const struct facts *facts, struct arena *a, const struct holidays **ret)
{
	struct holidays *h = ARENA_NEW(a, struct holidays);
	if (!h)
		return ERR_TOO_LARGE;
	h->from_year = CALENDAR_YEAR_MIN + 1; /* the day before the first is looked at too */
	h->to_year = CALENDAR_YEAR_MAX - 1;
	for (size_t i = 0; i < facts->n; i++) {
		int r = add(h, &facts->at[i]);
		if (r < 0)
			return r;
	}
	if (h->rule_count == 0)
		return ERR_NOT_FOUND;
	if (h->from_year > h->to_year)
		return ERR_INVALID;
	h->first = calendar_day((struct date){h->from_year, 1, 1});
	h->last = calendar_day((struct date){h->to_year, 12, DAYS_MAX});
	*ret = h;
	return 0;
}

static int32_t day_of_rule(const struct rule *rule, int year)
{
	int32_t day = 0;
	struct date date = {year, rule->month, rule->day};
	if (rule->nth > 0) {
		/* up to the fourth of a weekday is there in every month */
		CHECK(calendar_nth_weekday(year, rule->month, rule->weekday, rule->nth, &day) >= 0);
		return day;
	}
	if (rule->day == 0) {
		int years = year - rule->from_year, leap_days = years / 4;
		date.day = (int) floor(rule->equinox + rule->year_part * years - leap_days);
	}
	return date_is_valid(date) ? calendar_day(date) : INT32_MIN;
}

static const struct fact *named(const struct holidays *h, int32_t day)
{
	int year = calendar_date(day).year;
	for (size_t i = 0; i < h->rule_count; i++)
		if (day_of_rule(&h->rules[i], year) == day)
			return h->rules[i].fact;
	return NULL;
}

/* The Sunday among the named days that end the day before; NULL: there is none. */
static const struct fact *substituted(const struct holidays *h, int32_t day)
{
	const struct fact *fact;
	for (int32_t before = day - 1; (fact = named(h, before)); before--)
		if (calendar_weekday(before) == SUNDAY)
			return fact;
	return NULL;
}

int holidays_find(const struct holidays *h, int32_t day, enum holiday_kind *ret_kind, const struct fact **ret_fact)
{
	if (day < h->first || day > h->last)
		return ERR_UNSUPPORTED;
	const struct fact *fact = named(h, day);
	enum holiday_kind kind = fact ? HOLIDAY_NAMED : HOLIDAY_NONE;
	if (!fact && (fact = substituted(h, day)))
		kind = HOLIDAY_SUBSTITUTE;
	if (!fact && named(h, day - 1) && named(h, day + 1))
		kind = HOLIDAY_BETWEEN;
	if (ret_kind)
		*ret_kind = kind;
	if (ret_fact)
		*ret_fact = fact;
	return 0;
}

static bool is_within(const struct closing *closing, int of_year)
{
	if (closing->from <= closing->to)
		return of_year >= closing->from && of_year <= closing->to;
	return of_year >= closing->from || of_year <= closing->to;
}

int holidays_closed(const struct holidays *h, int32_t day, enum closed_reason *ret)
{
	enum holiday_kind kind;
	int r = holidays_find(h, day, &kind, NULL);
	if (r < 0)
		return r;
	struct date date = calendar_date(day);
	*ret = CLOSED_NOT;
	if (calendar_weekday(day) >= SATURDAY)
		*ret = CLOSED_WEEKEND;
	if (kind != HOLIDAY_NONE)
		*ret = CLOSED_HOLIDAY;
	for (size_t i = 0; i < h->closing_count && *ret == CLOSED_NOT; i++)
		if (is_within(&h->closings[i], date.month * MONTH_STEP + date.day))
			*ret = CLOSED_NEW_YEAR;
	return 0;
}

static int find_open(const struct holidays *h, int32_t day, int32_t step, int32_t *ret)
{
	for (int i = 0; i < OPEN_WITHIN_DAYS; i++, day += step) {
		enum closed_reason closed;
		int r = holidays_closed(h, day, &closed);
		if (r < 0)
			return r;
		if (closed == CLOSED_NOT) {
			*ret = day;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

int holidays_next_open(const struct holidays *h, int32_t day, int32_t *ret)
{
	return find_open(h, day, 1, ret);
}

int holidays_previous_open(const struct holidays *h, int32_t day, int32_t *ret)
{
	return find_open(h, day - 1, -1, ret);
}
