/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "fact/fact.h"

enum { ARENA_BYTES = 16 << 20 };

#define HEAD "defaults: {kind: amount, source: s, checked: 2026-01-31, expires: 2026-12-31, verified: true}\nfacts:\n"

static void broken_files_are_named_with_their_line(void **state)
{
	static const struct {
		const char *yaml, *want;
		unsigned line;
	} cases[] = {
	        {"", "the file is empty", 1},
	        {"defaults: {}\n", "\"facts\" is missing", 1},
	        {"facts: 1\n", "a list is wanted here", 1},
	        {"region: tokyo\nfacts: []\n", "the region has to be \"\", as the file's name says", 1},
	        {"defaults: {kind: thing}\nfacts: []\n", "\"thing\" is no kind of fact", 1},
	        {"defaults: {ja: a}\nfacts: []\n", "\"ja\" is not known here", 1},
	        {HEAD "- {ja: a, en: b}\n", "\"id\" is missing", 3},
	        {HEAD "- {id: A, ja: a, en: b}\n", "an id is small letters, digits, - and ., at most 60", 3},
	        {HEAD "- {id: a, ja: a}\n", "\"en\" is missing", 3},
	        {HEAD "- {id: a, ja: a, en: ''}\n", "the text is empty", 3},
	        {HEAD "- {id: a, ja: a, en: b}\n- {id: a, ja: a, en: b}\n", "the id \"a\" is taken", 4},
	        {HEAD "- {id: a, ja: a, en: b, expires: 2026-02-30}\n", "\"2026-02-30\" is not a date like 2026-01-31",
	         3},
	        {HEAD "- {id: a, ja: a, en: b, expires: 2026-01-30}\n", "it expires before it was checked", 3},
	        {HEAD "- {id: a, ja: a, en: b, verified: maybe}\n", "true or false is wanted here", 3},
	        {HEAD "- {id: a, ja: a, en: b, values: {x: 1, x: 2}}\n", "\"x\" stands here twice", 3},
	        {"facts:\n- {id: a, kind: step, ja: a, en: b}\n", "\"source\" is missing, here and in the defaults", 2},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct rules_complaint complaint = {0};
		struct facts facts = {0};
		int r = facts_load_text(str_of(cases[i].yaml), "t.yaml", STR(""), a, &facts, &complaint);
		if (r != ERR_INVALID)
			fail_msg("case %zu gives %d", i, r);
		assert_string_equal(complaint.file, "t.yaml");
		if (complaint.line != cases[i].line || !strstr(complaint.text, cases[i].want))
			fail_msg("case %zu: %u: %s", i, complaint.line, complaint.text);
	}
}

static void a_reference_to_nothing_is_named(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct rules_complaint complaint = {0};
	struct facts facts = {0};
	(void) state;
	assert_int_equal(
	        facts_load_text(STR(HEAD "- {id: a, ja: a, en: b, see: [c]}\n"), "t", STR(""), a, &facts, &complaint),
	        0);
	assert_int_equal(facts_check(&facts, "t", &complaint), ERR_INVALID);
	assert_string_equal(complaint.text, "\"a\" points to \"c\", which is not there");
}

static void facts_are_found_by_region_and_kind(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct rules_complaint complaint = {0};
	struct facts facts = {0};
	double number;
	size_t at = 0;
	(void) state;
	assert_int_equal(
	        facts_load_text(STR("region: x\n" HEAD "- {id: a, ja: xa, en: xa, values: {n: 2.5, p: 045-1, z: 012}}\n"
	                            "- {id: only, kind: step, ja: o, en: o}\n"),
	                        "x", STR("x"), a, &facts, &complaint),
	        0);
	assert_int_equal(facts_load_text(STR(HEAD "- {id: a, ja: a, en: a}\n"), "t", STR(""), a, &facts, &complaint),
	                 0);
	assert_string_equal(arena_cstr(a, fact_find(&facts, STR("a"))->text[LANGUAGE_JA]), "a");
	assert_string_equal(arena_cstr(a, fact_find_in(&facts, STR("x"), STR("a"))->text[LANGUAGE_JA]), "xa");
	assert_string_equal(arena_cstr(a, fact_find_in(&facts, STR("y"), STR("a"))->text[LANGUAGE_JA]), "a");
	assert_null(fact_find_in(&facts, STR("y"), STR("only")));
	assert_non_null(fact_find(&facts, STR("only")));
	assert_null(fact_find(&facts, STR("nothing")));
	assert_int_equal(fact_number(&facts.at[0], "n", &number), 0);
	assert_true(number == 2.5);
	assert_int_equal(fact_number(&facts.at[0], "p", &number), ERR_NOT_FOUND);
	assert_int_equal(fact_number(&facts.at[0], "z", &number), ERR_NOT_FOUND);
	assert_ptr_equal(fact_next(&facts, FACT_STEP, &at), &facts.at[1]);
	assert_null(fact_next(&facts, FACT_STEP, &at));
}

static void a_fact_holds_up_to_its_last_day(void **state)
{
	static const struct {
		const char *day;
		bool expired;
	} cases[] = {{"2025-12-31", false},
	             {"2026-12-30", false},
	             {"2026-12-31", false},
	             {"2027-01-01", true},
	             {"2028-02-29", true}};
	const struct fact fact = {.expires = STR("2026-12-31")};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(fact_is_expired(&fact, str_of(cases[i].day)), cases[i].expired);
}

static void limits_hold(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct rules_complaint complaint = {0};
	struct facts facts = {0};
	char yaml[FACT_TEXT_MAX_BYTES + 400];
	(void) state;
	int n = snprintf(yaml, sizeof(yaml), "%s- {id: a, en: b, ja: ", HEAD);
	memset(yaml + n, 'x', FACT_TEXT_MAX_BYTES + 1);
	memcpy(yaml + n + FACT_TEXT_MAX_BYTES + 1, "}\n", 3);
	assert_int_equal(facts_load_text(str_of(yaml), "t", STR(""), a, &facts, &complaint), ERR_INVALID);
	n = snprintf(yaml, sizeof(yaml), "%s- {id: a, ja: a, en: b, values: {", HEAD);
	for (int i = 0; i <= FACT_VALUES_MAX; i++)
		n += snprintf(yaml + n, sizeof(yaml) - (size_t) n, "v%d: 1, ", i);
	snprintf(yaml + n, sizeof(yaml) - (size_t) n, "}}\n");
	assert_int_equal(facts_load_text(str_of(yaml), "t", STR(""), a, &facts, &complaint), ERR_INVALID);
	assert_string_equal(complaint.text, "more than 20 values");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(broken_files_are_named_with_their_line),
	        cmocka_unit_test(a_reference_to_nothing_is_named),
	        cmocka_unit_test(facts_are_found_by_region_and_kind),
	        cmocka_unit_test(a_fact_holds_up_to_its_last_day),
	        cmocka_unit_test(limits_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
