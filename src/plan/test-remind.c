/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reminders over whole calendars: each day counted one after the other gives the days that people expect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/calendar.h"
#include "plan/remind.h"

static int32_t day(const char *text)
{
	int32_t ret = 0;
	assert_int_equal(calendar_parse(str_of(text), &ret), 0);
	return ret;
}

static void test_named_days(void **state)
{
	static const struct {
		const char *due, *last, *today;
		int before;
		enum remind want;
	} cases[] = {
	        {"2026-12-31", "2026-12-23", "2026-12-24", 7, REMIND_SOON},
	        {"2026-12-31", "2026-12-24", "2026-12-25", 7, REMIND_NOT},
	        {"2027-01-03", "2026-12-26", "2026-12-27", 7, REMIND_SOON},
	        {"2028-02-29", "2028-02-21", "2028-02-22", 7, REMIND_SOON},
	        {"2028-02-29", "2028-02-28", "2028-02-29", 7, REMIND_TODAY},
	        {"2028-02-29", "2028-03-06", "2028-03-07", 7, REMIND_LATE},
	        {"2027-02-28", "2027-03-06", "2027-03-07", 7, REMIND_LATE},
	        {"2027-02-28", "2027-03-07", "2027-03-08", 7, REMIND_NOT},
	        {"2026-11-30", "2026-11-30", "2026-11-30", 7, REMIND_NOT},  /* done today */
	        {"2026-11-30", "2026-11-20", "2026-11-26", 7, REMIND_SOON}, /* it was off on the 23rd */
	        {"2026-11-30", "2026-11-20", "2026-12-02", 7, REMIND_LATE}, /* and on the day */
	        {"2026-11-30", "2026-12-02", "2026-12-04", 7, REMIND_NOT},
	        {"2020-01-01", "2026-11-22", "2026-11-23", 7, REMIND_NOT}, /* long ago: only its weekday */
	        {"2020-01-01", "2026-11-24", "2026-11-25", 7, REMIND_LATE},
	        {"2026-11-30", "2026-11-29", "2026-11-30", 0, REMIND_TODAY},
	        {"2026-12-01", "2026-11-29", "2026-11-30", 0, REMIND_NOT},
	};
	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum remind got =
		        remind_on(day(cases[i].due), day(cases[i].last), day(cases[i].today), cases[i].before);
		if (got != cases[i].want)
			fail_msg("%s on %s: %d", cases[i].due, cases[i].today, (int) got);
	}
}

/* Whichever day of three years it is due, and asked every day: once before, once on it, then weekly. */
static void test_every_day(void **state)
{
	int32_t first = day("2026-10-01");
	(void) state;
	for (int32_t due = first; due < first + 1100; due++) {
		int soon = 0, late = 0, on = 0;
		for (int32_t today = due - 40; today <= due + 30; today++) {
			enum remind got = remind_on(due, today - 1, today, 7);
			soon += got == REMIND_SOON && due - today == 7;
			on += got == REMIND_TODAY && due == today;
			late += got == REMIND_LATE && (today - due) % REMIND_EVERY_DAYS == 0 &&
			        calendar_weekday(today) == calendar_weekday(due);
			assert_true(got == REMIND_NOT || soon + on + late > 0);
		}
		assert_int_equal(soon, 1);
		assert_int_equal(on, 1);
		assert_int_equal(late, 4);
	}
}

/* A machine that runs only now and then reminds as soon as it runs, and never twice of the same day. */
static void test_gaps(void **state)
{
	int32_t due = day("2027-03-01");
	(void) state;
	for (int32_t gap = 1; gap < 30; gap++)
		for (int32_t start = due - 40; start < due - 10; start++) {
			int said = 0;
			for (int32_t last = start, today = start + gap; today <= due + 7; last = today, today += gap)
				said += remind_on(due, last, today, 7) != REMIND_NOT;
			assert_true(said <= 3);
			if (gap <= 7)
				assert_true(said >= 2);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_named_days),
	        cmocka_unit_test(test_every_day),
	        cmocka_unit_test(test_gaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
