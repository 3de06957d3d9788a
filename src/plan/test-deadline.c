/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Deadlines of the shipped facts, across months, leap days and years; and that not knowing never frees from reporting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "plan/calendar.h"
#include "plan/deadline.h"

struct shipped {
	struct arena *arena;
	struct facts facts;
};

static int set_up(void **state)
{
	static struct shipped shipped;
	struct rules_complaint complaint;
	shipped = (struct shipped){.arena = arena_new(16 * 1024 * 1024)};
	struct str folder = arena_printf(shipped.arena, "%s/facts", getenv("SONAE_SOURCE"));
	*state = &shipped;
	return facts_load_folder(arena_cstr(shipped.arena, folder), shipped.arena, &shipped.facts, &complaint);
}

static int tear_down(void **state)
{
	arena_free(((struct shipped *) *state)->arena);
	return 0;
}

static int32_t day(const char *text)
{
	int32_t d = 0;
	assert_int_equal(calendar_parse(str_of(text), &d), 0);
	return d;
}

static const struct leak_case unknown = {0};
static const struct leak_case ransomware = {.personal = PLAN_YES, .malice = PLAN_YES};

static void test_days(void **state)
{
	static const struct {
		const char *known, *first, *first_last, *final, *malice;
	} rows[] = {
	        {"2026-11-23", "2026-11-25", "2026-11-27", "2026-12-22", "2027-01-21"},
	        {"2028-02-27", "2028-02-29", "2028-03-02", "2028-03-27", "2028-04-26"}, /* leap */
	        {"2027-02-27", "2027-03-01", "2027-03-03", "2027-03-28", "2027-04-27"},
	        {"2026-12-30", "2027-01-01", "2027-01-03", "2027-01-28", "2027-02-27"}, /* the year ends */
	};
	struct shipped *s = *state;
	struct deadline list[DEADLINE_COUNT];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		deadline_list(&s->facts, &unknown, 0, day(rows[i].known), list);
		assert_int_equal(list[DEADLINE_PPC_FIRST].from_day, day(rows[i].first));
		assert_int_equal(list[DEADLINE_PPC_FIRST].due_day, day(rows[i].first_last));
		assert_int_equal(list[DEADLINE_PPC_FINAL].due_day, day(rows[i].final));
		deadline_list(&s->facts, &ransomware, 0, day(rows[i].known), list);
		assert_int_equal(list[DEADLINE_PPC_FINAL].due_day, day(rows[i].malice));
	}
}

static void test_hours(void **state)
{
	struct shipped *s = *state;
	struct deadline list[DEADLINE_COUNT];
	int64_t known_us = INT64_C(1795388400) * CLOCK_SECOND_US;
	deadline_list(&s->facts, &unknown, known_us, 0, list);
	assert_true(list[DEADLINE_FIRST_WORD].due_us == known_us + CLOCK_DAY_US);
	assert_int_equal(list[DEADLINE_POLICE].due_day, 0);
}

static void test_duty(void **state)
{
	(void) state;
	/* All 3^5 cases: "no duty" needs a no to "personal data", or a no to each of the four. */
	for (int n = 0; n < 243; n++) {
		enum plan_answer a[5];
		for (int i = 0, rest = n; i < 5; i++, rest /= 3)
			a[i] = (enum plan_answer)(rest % 3);
		struct leak_case leak = {a[0], a[1], a[2], a[3], a[4]};
		bool all_no = a[1] == PLAN_NO && a[2] == PLAN_NO && a[3] == PLAN_NO && a[4] == PLAN_NO;
		bool any_yes = a[1] == PLAN_YES || a[2] == PLAN_YES || a[3] == PLAN_YES || a[4] == PLAN_YES;
		enum leak_duty duty = leak_duty_of(&leak);
		if (a[0] == PLAN_NO)
			assert_int_equal(duty, LEAK_NO_DUTY);
		else if (any_yes)
			assert_int_equal(duty, a[0] == PLAN_YES ? LEAK_DUTY : LEAK_MAY_BE_DUTY);
		else if (all_no && a[0] == PLAN_YES)
			assert_int_equal(duty, LEAK_NO_DUTY);
		else
			assert_int_equal(duty, LEAK_MAY_BE_DUTY);
	}
}

/* What one fact lacks hides no other deadline. */
static void test_facts_that_lack(void **state)
{
	static const char *const broken[] = {"''", "400000", "3.5", "-1", "soon"};
	struct shipped *s = *state;
	struct facts none = {0};
	struct deadline list[DEADLINE_COUNT];
	deadline_list(&none, &unknown, 0, 0, list);
	assert_true(list[DEADLINE_FIRST_WORD].is_unknown && list[DEADLINE_PPC_FINAL].is_unknown);
	assert_false(list[DEADLINE_POLICE].is_unknown);
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct facts own = {0}, all = {0};
		struct rules_complaint complaint;
		struct str yaml = arena_printf(s->arena,
		                               "facts: [{id: deadline.ppc.first, kind: deadline, source: s, checked: "
		                               "2026-01-01, expires: 2027-01-01, verified: true, ja: a, en: b, values: "
		                               "{to_days: %s}}]",
		                               broken[i]);
		(void) facts_load_text(yaml, "own", NULL, s->arena, &own, &complaint);
		assert_int_equal(facts_overlay(&s->facts, &own, s->arena, &all), 0);
		deadline_list(&all, &unknown, 0, 100, list);
		assert_true(list[DEADLINE_PPC_FIRST].is_unknown == (own.n > 0));
		assert_int_equal(list[DEADLINE_PPC_FIRST].due_day, own.n > 0 ? 0 : 104);
		assert_int_equal(list[DEADLINE_PPC_FINAL].due_day, 129);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_days),
	        cmocka_unit_test(test_hours),
	        cmocka_unit_test(test_duty),
	        cmocka_unit_test(test_facts_that_lack),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
