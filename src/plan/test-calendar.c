/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/err.h"
#include "plan/calendar.h"
#include "plan/holiday.h"

enum { ARENA_BYTES = 16 * 1024 * 1024 };

static struct arena *arena;
static struct facts facts;
static const struct holidays *holidays;

static int load(void **state)
{
	struct rules_complaint complaint = {0};
	char path[256];
	(void) state;
	arena = arena_new(ARENA_BYTES);
	snprintf(path, sizeof(path), "%s/facts", getenv("SONAE_SOURCE"));
	if (facts_load_folder(path, arena, &facts, &complaint) < 0)
		return -1;
	return holidays_new(&facts, arena, &holidays);
}

static int unload(void **state)
{
	(void) state;
	arena_free(arena);
	return 0;
}

static int32_t day(const char *text)
{
	int32_t ret;
	if (calendar_parse(str_of(text), &ret) < 0)
		fail_msg("%s is no day", text);
	return ret;
}

static void assert_day(int32_t got, const char *want)
{
	char text[CALENDAR_TEXT_BYTES];
	calendar_format(got, text);
	assert_string_equal(text, want);
}

/* Every day of all years, against a count of its own; and the clock's days. */
static void days_and_dates_go_both_ways(void **state)
{
	int32_t number = day("0001-01-01");
	int weekday = calendar_weekday(number);
	(void) state;
	for (int year = CALENDAR_YEAR_MIN; year <= CALENDAR_YEAR_MAX; year++)
		for (int month = 1; month <= 12; month++)
			for (int d = 1; d <= calendar_month_length(year, month); d++, number++) {
				struct date date = calendar_date(number);
				if (calendar_day((struct date){year, month, d}) != number || date.year != year ||
				    date.month != month || date.day != d || (int) calendar_weekday(number) != weekday)
					fail_msg("%04d-%02d-%02d", year, month, d);
				weekday = (weekday + 1) % 7;
			}
	assert_int_equal(number - 1, day("9999-12-31"));
	assert_int_equal(day("1970-01-01"), 0);
	int64_t us;
	assert_int_equal(clock_parse_utc(STR("2026-11-23T00:00:00Z"), &us), 0);
	assert_int_equal(day("2026-11-23"), us / CLOCK_DAY_US);
	assert_int_equal(calendar_weekday(day("2026-11-23")), MONDAY);
	assert_int_equal(calendar_weekday(day("2024-02-29")), THURSDAY);
	assert_int_equal(calendar_weekday(day("1969-12-31")), WEDNESDAY);
}

static void what_is_no_day_is_refused(void **state)
{
	static const char *const bad[] = {"",           "2026-2-1",   "2025-02-29",  "1900-02-29",
	                                  "2026-13-01", "2026-00-01", "2026-04-31",  "0000-01-01",
	                                  "2026/01/01", "2026-01-1x", "2026-01-011", "-026-01-01"};
	int32_t ret = 7;
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (calendar_parse(str_of(bad[i]), &ret) != ERR_INVALID || ret != 7)
			fail_msg("%s", bad[i]);
	assert_int_equal(calendar_parse(STR("2000-02-29"), &ret), 0);
	assert_int_equal(calendar_parse(STR("2024-02-29"), &ret), 0);
}

static void months_are_added(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *want;
	} cases[] = {
	        {"2026-01-31", 1, "2026-02-28"},   {"2024-01-31", 1, "2024-02-29"}, {"2024-02-29", 12, "2025-02-28"},
	        {"2024-02-29", 48, "2028-02-29"},  {"2026-11-30", 3, "2027-02-28"}, {"2026-12-31", -1, "2026-11-30"},
	        {"2026-03-31", -13, "2025-02-28"}, {"2026-05-15", 0, "2026-05-15"}, {"2026-12-15", 1, "2027-01-15"},
	        {"2027-01-15", -1, "2026-12-15"},  {"9999-11-30", 1, "9999-12-30"},
	};
	int32_t ret;
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(calendar_add_months(day(cases[i].from), cases[i].months, &ret), 0);
		assert_day(ret, cases[i].want);
	}
	assert_int_equal(calendar_add_months(day("9999-12-30"), 1, &ret), ERR_INVALID);
	assert_int_equal(calendar_add_months(day("0001-01-30"), -1, &ret), ERR_INVALID);
	assert_day(calendar_month_last(day("2024-02-01")), "2024-02-29");
	assert_day(calendar_month_last(day("2026-12-31")), "2026-12-31");
}

static void fiscal_years_begin_in_april(void **state)
{
	(void) state;
	assert_int_equal(calendar_fiscal_year(day("2026-03-31")), 2025);
	assert_int_equal(calendar_fiscal_year(day("2026-04-01")), 2026);
	assert_int_equal(calendar_fiscal_year(day("2026-12-31")), 2026);
	assert_int_equal(calendar_fiscal_year(day("2027-01-01")), 2026);
	assert_int_equal(calendar_fiscal_year(day("2024-02-29")), 2023);
	assert_day(calendar_fiscal_first(2026), "2026-04-01");
	assert_day(calendar_fiscal_last(2026), "2027-03-31");
	assert_int_equal(calendar_fiscal_last(2023) - calendar_fiscal_first(2023) + 1, 366); /* with 2024-02-29 */
	assert_int_equal(calendar_fiscal_last(2024) - calendar_fiscal_first(2024) + 1, 365);
}

static void weekdays_are_counted_within_their_month(void **state)
{
	int32_t ret;
	enum weekday weekday;
	(void) state;
	assert_int_equal(calendar_nth_weekday(2026, 12, MONDAY, 2, &ret), 0);
	assert_day(ret, "2026-12-14");
	assert_int_equal(calendar_nth_of(ret), 2);
	assert_int_equal(calendar_nth_weekday(2026, 6, MONDAY, 1, &ret), 0);
	assert_day(ret, "2026-06-01");
	assert_int_equal(calendar_nth_weekday(2024, 2, THURSDAY, 5, &ret), 0);
	assert_day(ret, "2024-02-29");
	assert_int_equal(calendar_nth_weekday(2026, 2, MONDAY, 5, &ret), ERR_NOT_FOUND);
	assert_int_equal(calendar_nth_weekday(2026, 2, MONDAY, 0, &ret), ERR_INVALID);
	assert_int_equal(calendar_nth_weekday(2026, 13, MONDAY, 1, &ret), ERR_INVALID);
	assert_int_equal(calendar_weekday_find(STR("sun"), &weekday), 0);
	assert_int_equal(weekday, SUNDAY);
	assert_int_equal(calendar_weekday_find(STR("x"), &weekday), ERR_NOT_FOUND);
}

/* As the Cabinet Office announced them. */
static void holidays_are_those_that_were_announced(void **state)
{
	static const struct {
		int year;
		const char *days;
	} cases[] = {
	        {2024,
	         "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 "
	         "09-23 10-14 11-03 11-04 11-23"},
	        {2025,
	         "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 "
	         "11-03 11-23 11-24"},
	        {2026,
	         "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 "
	         "11-03 11-23"},
	        {2027,
	         "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 "
	         "11-23"},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char got[400] = "";
		int32_t last = calendar_day((struct date){cases[i].year, 12, 31});
		for (int32_t d = calendar_day((struct date){cases[i].year, 1, 1}); d <= last; d++) {
			enum holiday_kind kind;
			char text[CALENDAR_TEXT_BYTES];
			assert_int_equal(holidays_find(holidays, d, &kind, NULL), 0);
			calendar_format(d, text);
			size_t n = strlen(got);
			if (kind != HOLIDAY_NONE)
				snprintf(got + n, sizeof(got) - n, "%s%s", n ? " " : "", text + 5);
		}
		assert_string_equal(got, cases[i].days);
	}
}

static void each_kind_of_holiday_is_told(void **state)
{
	static const struct {
		const char *day;
		enum holiday_kind kind;
		const char *name;
	} cases[] = {
	        {"2025-02-23", HOLIDAY_NAMED, "天皇誕生日"},
	        {"2025-02-24", HOLIDAY_SUBSTITUTE, "天皇誕生日"},
	        {"2026-05-06", HOLIDAY_SUBSTITUTE, "憲法記念日"},
	        {"2025-05-06", HOLIDAY_SUBSTITUTE, "みどりの日"},
	        {"2026-09-22", HOLIDAY_BETWEEN, NULL},
	        {"2027-03-22", HOLIDAY_SUBSTITUTE, "春分の日"},
	        {"2026-10-12", HOLIDAY_NAMED, "スポーツの日"},
	        {"2032-09-21", HOLIDAY_BETWEEN, NULL},
	        {"2026-11-24", HOLIDAY_NONE, NULL},
	        {"2023-01-02", HOLIDAY_SUBSTITUTE, "元日"},
	        {"2026-05-07", HOLIDAY_NONE, NULL},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum holiday_kind kind;
		const struct fact *fact;
		assert_int_equal(holidays_find(holidays, day(cases[i].day), &kind, &fact), 0);
		if (kind != cases[i].kind || !fact != !cases[i].name ||
		    (fact && !str_eq_c(fact->text[LANGUAGE_JA], cases[i].name)))
			fail_msg("%s: %d", cases[i].day, kind);
	}
	assert_int_equal(holidays_find(holidays, day("2021-12-31"), NULL, NULL), ERR_UNSUPPORTED);
	assert_int_equal(holidays_find(holidays, day("2100-01-01"), NULL, NULL), ERR_UNSUPPORTED);
	assert_int_equal(holidays_find(holidays, day("2099-12-31"), NULL, NULL), 0);
	assert_int_equal(holidays_find(holidays, day("0001-01-01"), NULL, NULL), ERR_UNSUPPORTED);
	assert_int_equal(holidays_find(holidays, INT32_MIN, NULL, NULL), ERR_UNSUPPORTED);
	assert_int_equal(holidays_find(holidays, INT32_MAX, NULL, NULL), ERR_UNSUPPORTED);
}

/* 国立天文台's dates of equinoxes. */
static void equinoxes_follow_the_sky(void **state)
{
	static const char *const days[] = {"2022-03-21", "2023-03-21", "2024-03-20", "2025-03-20",
	                                   "2026-03-20", "2027-03-21", "2028-03-20", "2030-03-20",
	                                   "2022-09-23", "2023-09-23", "2024-09-22", "2025-09-23",
	                                   "2026-09-23", "2027-09-23", "2028-09-22", "2030-09-23"};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(days); i++) {
		enum holiday_kind kind;
		const struct fact *fact;
		assert_int_equal(holidays_find(holidays, day(days[i]), &kind, &fact), 0);
		if (kind != HOLIDAY_NAMED || !str_contains(fact->id, days[i][6] == '3' ? STR("spring") : STR("autumn")))
			fail_msg("%s", days[i]);
	}
}

static void offices_are_closed_when_they_are(void **state)
{
	static const struct {
		const char *day;
		enum closed_reason want;
	} cases[] = {
	        {"2026-12-28", CLOSED_NOT},      {"2026-12-29", CLOSED_NEW_YEAR}, {"2026-12-31", CLOSED_NEW_YEAR},
	        {"2027-01-01", CLOSED_HOLIDAY},  {"2027-01-02", CLOSED_WEEKEND},  {"2027-01-04", CLOSED_NOT},
	        {"2026-01-02", CLOSED_NEW_YEAR}, {"2026-11-21", CLOSED_WEEKEND},  {"2026-11-23", CLOSED_HOLIDAY},
	        {"2026-11-24", CLOSED_NOT},
	};
	enum closed_reason closed;
	int32_t ret;
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(holidays_closed(holidays, day(cases[i].day), &closed), 0);
		if (closed != cases[i].want)
			fail_msg("%s: %d", cases[i].day, closed);
	}
	assert_int_equal(holidays_next_open(holidays, day("2026-12-29"), &ret), 0);
	assert_day(ret, "2027-01-04");
	assert_int_equal(holidays_next_open(holidays, day("2026-11-24"), &ret), 0);
	assert_day(ret, "2026-11-24");
	assert_int_equal(holidays_previous_open(holidays, day("2027-01-04"), &ret), 0);
	assert_day(ret, "2026-12-28");
	assert_int_equal(holidays_previous_open(holidays, day("2026-09-24"), &ret), 0);
	assert_day(ret, "2026-09-18"); /* over five days */
	assert_int_equal(holidays_next_open(holidays, day("2099-12-29"), &ret), ERR_UNSUPPORTED);
}

static void facts_that_make_no_sense_are_refused(void **state)
{
	static const char *const bad[] = {"{month: 13, day: 1}",
	                                  "{month: 2, day: 29}",
	                                  "{month: 1}",
	                                  "{day: 1}",
	                                  "{month: 1, nth: 2}",
	                                  "{month: 1, nth: 2, weekday: x}",
	                                  "{month: 1, nth: 5, weekday: mon}",
	                                  "{month: 1.5, day: 1}",
	                                  "{month: 3, equinox: 40, year-part: 0.242194}",
	                                  "{month: 3, equinox: 20, year-part: 9}",
	                                  "{month: 3, equinox: 20.8431, year-part: 0.242194}",
	                                  "{month: 1, day: 1, from-year: 2030, to-year: 2029}"};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct rules_complaint complaint = {0};
		struct facts one = {0};
		const struct holidays *h;
		struct str yaml =
		        arena_printf(a,
		                     "defaults: {kind: deadline, group: holiday, source: s, checked: 2026-01-31, "
		                     "expires: 2026-12-31, verified: true}\nfacts:\n- {id: a, ja: a, en: a, "
		                     "values: %s}\n",
		                     bad[i]);
		assert_int_equal(facts_load_text(yaml, "t", NULL, a, &one, &complaint), 0);
		if (holidays_new(&one, a, &h) != ERR_INVALID)
			fail_msg("%s", bad[i]);
	}
	assert_int_equal(holidays_new(&(struct facts){0}, arena, &holidays), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(days_and_dates_go_both_ways),
	        cmocka_unit_test(what_is_no_day_is_refused),
	        cmocka_unit_test(months_are_added),
	        cmocka_unit_test(fiscal_years_begin_in_april),
	        cmocka_unit_test(weekdays_are_counted_within_their_month),
	        cmocka_unit_test(holidays_are_those_that_were_announced),
	        cmocka_unit_test(each_kind_of_holiday_is_told),
	        cmocka_unit_test(equinoxes_follow_the_sky),
	        cmocka_unit_test(offices_are_closed_when_they_are),
	        cmocka_unit_test(facts_that_make_no_sense_are_refused),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
