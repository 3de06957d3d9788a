/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "fact/fact.h"

enum { ARENA_BYTES = 16 << 20 };
static const struct str everywhere = {"", 0};

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
		int r = facts_load_text(str_of(cases[i].yaml), "t.yaml", &everywhere, a, &facts, &complaint);
		if (r != ERR_INVALID)
			fail_msg("case %zu gives %d", i, r);
		assert_string_equal(complaint.file, "t.yaml");
		if (complaint.line != cases[i].line || !strstr(complaint.text, cases[i].want))
			fail_msg("case %zu: %u: %s", i, complaint.line, complaint.text);
	}
}

/* What a browser may send: libyaml alone would take minutes for some of these, here each ends at once. */
static void what_only_takes_time_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *before, *again, *want;
		size_t times;
		unsigned line;
	} cases[] = {
	        {"", "[", "too deep", 500000, 1},
	        {"\n", "{a: ", "too deep", 200000, 2},
	        {"", "- ", "too deep", 400000, 1},
	        {"", "? ", "too deep", 400000, 1},
	        {"", "[\n", "too deep", 400000, 33},
	        {"facts:\n- &a {id: a}\n", "- *a\n", "anchors", 100000, 2},
	        {"facts:\n", "- *a\n", "anchors", 100000, 2},
	        {"", "%TAG !a! tag:a,2000:\n", "directives", 40000, 1},
	        {"", "%TAG !a", "directives", 100000, 1},
	        {"facts:\n", "- [],", "", 200000, 2},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		CLEANUP(buf_done) struct buf b = buf_make(4 << 20);
		struct rules_complaint complaint = {0};
		struct facts facts = {0};
		buf_add_c(&b, cases[i].before);
		for (size_t n = 0; n < cases[i].times; n++)
			buf_add_c(&b, cases[i].again);
		clock_t began = clock();
		assert_int_equal(facts_load_text(buf_str(&b), "t.yaml", NULL, a, &facts, &complaint), ERR_INVALID);
		double seconds = (double) (clock() - began) / CLOCKS_PER_SEC;
		if (complaint.line != cases[i].line || !strstr(complaint.text, cases[i].want))
			fail_msg("case %zu: %u: %s", i, complaint.line, complaint.text);
		if (seconds > 2)
			fail_msg("case %zu: %g s", i, seconds);
	}
}

static void a_reference_to_nothing_is_named(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct rules_complaint complaint = {0};
	struct facts facts = {0};
	(void) state;
	assert_int_equal(facts_load_text(STR(HEAD "- {id: a, ja: a, en: b, see: [c]}\n"), "t", &everywhere, a, &facts,
	                                 &complaint),
	                 0);
	assert_int_equal(facts_check(&facts, "t", &complaint), ERR_INVALID);
	assert_string_equal(complaint.text, "a fact points to one that is not there: a → c");
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
	                        "x", &(struct str){"x", 1}, a, &facts, &complaint),
	        0);
	assert_int_equal(
	        facts_load_text(STR(HEAD "- {id: a, ja: a, en: a}\n"), "t", &everywhere, a, &facts, &complaint), 0);
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
	assert_int_equal(facts_load_text(str_of(yaml), "t", &everywhere, a, &facts, &complaint), ERR_INVALID);
	n = snprintf(yaml, sizeof(yaml), "%s- {id: a, ja: a, en: b, values: {", HEAD);
	for (int i = 0; i <= FACT_VALUES_MAX; i++)
		n += snprintf(yaml + n, sizeof(yaml) - (size_t) n, "v%d: 1, ", i);
	snprintf(yaml + n, sizeof(yaml) - (size_t) n, "}}\n");
	assert_int_equal(facts_load_text(str_of(yaml), "t", &everywhere, a, &facts, &complaint), ERR_INVALID);
	assert_string_equal(complaint.text, "more than 20 values");
}

/* ---- what is shipped ---- */

static void load_shipped(struct arena *a, struct facts *ret)
{
	struct rules_complaint complaint = {0};
	char path[256];
	snprintf(path, sizeof(path), "%s/facts", getenv("SONAE_SOURCE"));
	if (facts_load_folder(path, a, ret, &complaint) < 0)
		fail_msg("%s:%u: %s", complaint.file, complaint.line, complaint.text);
}

static void every_shipped_fact_is_whole(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct facts facts;
	size_t of_kind[FACT_KIND_COUNT] = {0};
	(void) state;
	load_shipped(a, &facts);
	for (size_t i = 0; i < facts.n; i++) {
		const struct fact *fact = &facts.at[i];
		of_kind[fact->kind]++;
		if (str_is_empty(fact->text[LANGUAGE_JA]) || str_is_empty(fact->text[LANGUAGE_EN]) ||
		    str_is_empty(fact->source) || str_is_empty(fact->group))
			fail_msg("%.*s is not whole", STR_ARG(fact->id));
		/* From memory is unverified, and the other way round. */
		if (str_contains(fact->source, STR("覚え書き")) && fact->verified)
			fail_msg("%.*s is from memory and said to be verified", STR_ARG(fact->id));
		for (size_t j = 0; j < i; j++)
			if (str_eq(facts.at[j].id, fact->id) && str_eq(facts.at[j].region, fact->region))
				fail_msg("%.*s stands twice", STR_ARG(fact->id));
	}
	for (size_t i = 0; i < FACT_KIND_COUNT; i++) {
		print_message("%s %zu\n", fact_kind_word((enum fact_kind) i), of_kind[i]);
		assert_true(of_kind[i] > 0);
		assert_non_null(
		        i18n_find(LANGUAGE_JA, arena_printf(a, "facts.kind.%s", fact_kind_word((enum fact_kind) i))));
	}
}

/* The tables of the seminar's papers, by value. */
static bool has_digits(struct str s, size_t most)
{
	size_t run = 0;
	for (size_t i = 0; i < s.n; i++) {
		run = ascii_is_digit(s.p[i]) ? run + 1 : 0;
		if (run > most)
			return true;
	}
	return false;
}

/* Somebody can look it up: who published it and under which title, or which law, and of when. A note from memory is
 * called that, and then the fact is unverified. */
static void every_source_can_be_looked_up(void **state)
{
	static const char *const years[] = {"20", "令和", "平成", "昭和"};
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct facts facts;
	(void) state;
	load_shipped(a, &facts);
	for (size_t i = 0; i < facts.n; i++) {
		struct str source = facts.at[i].source;
		bool is_memory = str_starts_with(source, STR("覚え書き")), has_year = false;
		size_t title = str_find(source, STR("「"), 0);
		bool has_title =
		        title != STR_NOT_FOUND && title >= 3 && str_find(source, STR("」"), title) != STR_NOT_FOUND;
		for (size_t k = 0; k < ARRAY_SIZE(years); k++)
			has_year |= str_contains(source, str_of(years[k]));
		bool can = (has_title || str_contains(source, STR("法律第"))) && has_year;
		if (is_memory ? facts.at[i].verified : !can || has_digits(source, 8))
			fail_msg("%.*s: %.*s", STR_ARG(facts.at[i].id), STR_ARG(source));
	}
}

static void amounts_are_those_of_the_papers(void **state)
{
	static const struct {
		const char *id, *name;
		double want;
	} cases[] = {
	        {"kip.bcp", "fee_yen", 0},
	        {"kip.bcp", "visits_times", 3},
	        {"kip.bcp", "with-risk-sheet_times", 4},
	        {"idec.rules", "per-day_times", 1},
	        {"idec.topic.ip", "length_minutes", 45},
	        {"idec.topic.law", "length_minutes", 30},
	        {"expert.rules", "year_times", 10},
	        {"expert.rules", "length_hours", 2},
	        {"expert.fee", "free_times", 4},
	        {"expert.fee", "fee_yen", 12520},
	        {"expert.fee", "exempt-free_times", 7},
	        {"expert.cancel", "before_days", 1},
	        {"loan.terms", "limit_yen", 280e6},
	        {"loan.terms", "association-limit_yen", 480e6},
	        {"loan.terms", "rate-max_percent", 2.1},
	        {"loan.guarantee", "working_percent", 0.5},
	        {"loan.guarantee", "working-cap_yen", 80e6},
	        {"loan.guarantee", "equipment_percent", 0.1},
	        {"loan.guarantee", "equipment-cap_yen", 20e6},
	        {"loan.guarantee", "declaration_percent", 0.1},
	        {"loan.guarantee", "total-max_percent", 0.6},
	        {"loan.guarantee.after", "working-from_percent", 0},
	        {"loan.guarantee.after", "working-to_percent", 1.4},
	        {"loan.guarantee.after", "equipment-from_percent", 0.25},
	        {"loan.guarantee.after", "equipment-to_percent", 1.8},
	        {"loan.case.1", "fall_percent", 5},
	        {"loan.case.7", "fall_percent", 5},
	        {"carbon.rules", "from_minutes", 3},
	        {"carbon.rules", "to_minutes", 5},
	        {"diagnosis.answer.yes", "points", 4},
	        {"diagnosis.answer.partly", "points", 2},
	        {"diagnosis.answer.no", "points", 0},
	        {"diagnosis.answer.unknown", "points", -1},
	        {"diagnosis.band.70", "from", 70},
	        {"diagnosis.band.50", "from", 50},
	        {"deadline.ppc.final", "to_days", 30},
	        {"deadline.ppc.final-malice", "to_days", 60},
	        {"deadline.ppc.case.many", "over_persons_count", 1000},
	        {"deadline.first-word", "to_hours", 24},
	};
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct facts facts;
	(void) state;
	load_shipped(a, &facts);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct fact *fact = fact_find_in(&facts, STR("yokohama"), str_of(cases[i].id));
		double got = -1;
		if (!fact || fact_number(fact, cases[i].name, &got) < 0 || got < cases[i].want || got > cases[i].want)
			fail_msg("%s %s is %g, not %g", cases[i].id, cases[i].name, got, cases[i].want);
	}
}

static void the_loan_runs_as_long_as_the_papers_say(void **state)
{
	static const struct {
		int working_years, equipment_years, grace_months;
	} cases[] = {{10, 10, 12}, {10, 10, 12}, {10, 10, 12}, {10, 10, 12},
	             {5, 7, 12},   {15, 15, 36}, {10, 10, 12}, {10, 10, 12}};
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct facts facts;
	(void) state;
	load_shipped(a, &facts);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct fact *fact = fact_find(&facts, arena_printf(a, "loan.case.%zu", i + 1));
		double working, equipment, grace;
		assert_non_null(fact);
		assert_int_equal(fact_number(fact, "working_years", &working), 0);
		assert_int_equal(fact_number(fact, "equipment_years", &equipment), 0);
		assert_int_equal(fact_number(fact, "grace_months", &grace), 0);
		assert_int_equal((int) working, cases[i].working_years);
		assert_int_equal((int) equipment, cases[i].equipment_years);
		assert_int_equal((int) grace, cases[i].grace_months);
		assert_true(fact_is_expired(fact, STR("2026-04-01")));
		assert_false(fact_is_expired(fact, STR("2026-03-31")));
	}
}

static void phones_are_those_of_the_papers(void **state)
{
	static const struct {
		const char *id, *name, *want;
	} cases[] = {
	        {"kip.desk", "phone", "045-633-5200"},     {"kip.desk", "fax", "045-633-5194"},
	        {"kip.desk", "mail", "soudan@kipc.or.jp"}, {"idec.desk", "phone", "045-225-3711"},
	        {"idec.desk", "mail", "keiei@idec.or.jp"}, {"expert.desk", "phone", "045-225-3714"},
	        {"loan.desk", "phone", "045-671-2592"},    {"loan.desk", "mail", "ke-kinyu@city.yokohama.lg.jp"},
	        {"carbon.desk", "phone", "045-671-4236"},  {"carbon.desk", "mail", "ke-sengen@city.yokohama.lg.jp"},
	        {"contact.consumer", "phone", "188"},      {"contact.ipa.anshin", "phone", "03-5978-7509"},
	};
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct facts facts;
	(void) state;
	load_shipped(a, &facts);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct fact *fact = fact_find(&facts, str_of(cases[i].id));
		assert_non_null(fact);
		const struct fact_value *value = fact_value(fact, cases[i].name);
		assert_non_null(value);
		assert_string_equal(arena_cstr(a, value->text), cases[i].want);
	}
}

static size_t count_with(const struct facts *facts, const char *before)
{
	size_t n = 0;
	for (size_t i = 0; i < facts->n; i++)
		n += str_starts_with(facts->at[i].id, str_of(before));
	return n;
}

static void the_sets_are_complete(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct facts facts;
	size_t at = 0, questions = 0, requirements = 0, of_star_4 = 0;
	double criteria = 0, one;
	(void) state;
	load_shipped(a, &facts);
	while (fact_next(&facts, FACT_QUESTION, &at))
		questions++;
	assert_int_equal(questions, 25);
	for (size_t i = 0; i < facts.n; i++) {
		const struct fact *fact = &facts.at[i];
		of_star_4 += str_eq_c(fact->group, "scs-4-only");
		if (!str_eq_c(fact->group, "scs-3") || fact_number(fact, "criteria_count", &one) < 0)
			continue;
		requirements++;
		criteria += one;
		/* Each of its criteria is a fact of its own. */
		assert_int_equal(count_with(&facts, arena_cstr(a, arena_printf(a, "%.*s.", STR_ARG(fact->id)))),
		                 (int) one);
	}
	assert_int_equal(requirements, 26);
	assert_int_equal((int) criteria, 81);
	assert_int_equal(of_star_4, 17);
}

static void own_facts_lie_over_the_shipped_ones(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct rules_complaint complaint = {0};
	struct facts base = {0}, own = {0}, again = {0}, all;
	(void) state;
	assert_int_equal(facts_load_text(STR(HEAD "- {id: a, ja: a, en: a}\n- {id: b, ja: b, en: b, see: [a]}\n"), "t",
	                                 &everywhere, a, &base, &complaint),
	                 0);
	/* Quotes, line ends, colons and texts that look like other things of YAML come back as they were. */
	assert_int_equal(
	        facts_load_text(STR("region: x\n" HEAD "- {id: a, group: g, ja: \"「a」: 'b' #c\\n- d\", en: 'no', "
	                            "values: {limit_yen: 12520, tel: 045-1, when: '2026-01-31'}, see: [b]}\n"),
	                        "t", NULL, a, &own, &complaint),
	        0);
	struct str yaml = fact_to_yaml(&own.at[0], a);
	assert_int_equal(facts_load_text(yaml, "own", &own.at[0].region, a, &again, &complaint), 0);
	assert_true(again.n == 1 && str_eq(again.at[0].text[LANGUAGE_JA], own.at[0].text[LANGUAGE_JA]));
	assert_true(str_eq_c(again.at[0].text[LANGUAGE_EN], "no") && str_eq_c(again.at[0].group, "g"));
	assert_true(again.at[0].values.n == 3 && again.at[0].values.at[0].number == 12520);
	assert_true(!again.at[0].values.at[1].is_number && again.at[0].see.n == 1 && again.at[0].verified);
	assert_int_equal(facts_overlay(&base, &again, a, &all), 0);
	assert_int_equal(all.n, 3); /* another region is another fact */
	again.at[0].region = (struct str){"", 0};
	assert_int_equal(facts_overlay(&base, &again, a, &all), 0);
	assert_int_equal(all.n, 2);
	assert_true(str_eq_c(all.at[0].text[LANGUAGE_EN], "no") && str_eq_c(base.at[0].text[LANGUAGE_EN], "a"));
}

static void what_stands_in_for_a_shipped_fact_fits_it(void **state)
{
	static const struct {
		const char *own, *value;
		bool fits;
	} cases[] = {
	        {"values: {from_days: 3, to_days: 5}", "", true},
	        {"values: {from_days: 1, to_days: 10, more: x}", "", true},
	        {"values: {to_days: 5}", "from_days", false},
	        {"values: {from_days: 6, to_days: 5}", "to_days", false},
	        {"values: {from_days: 3, to_days: 5.5}", "to_days", false},
	        {"values: {from_days: 3, to_days: 0}", "to_days", false},
	        {"values: {from_days: 3, to_days: -1}", "to_days", false},
	        {"values: {from_days: 3, to_days: 99999}", "to_days", false},
	        {"values: {from_days: 3, to_days: soon}", "to_days", false},
	        {"kind: step, values: {from_days: 3, to_days: 5}", "", false},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct rules_complaint complaint = {0};
		struct facts shipped = {0}, own = {0};
		struct str value;
		const char *head = "ja: a, en: b, source: s, checked: 2026-01-31, expires: 2026-12-31, verified: true";
		struct str text = arena_printf(
		        a, "facts: [{id: a, kind: deadline, %s, values: {from_days: 3, to_days: 5}}]", head);
		assert_int_equal(facts_load_text(text, "t.yaml", &everywhere, a, &shipped, &complaint), 0);
		bool has_kind = strstr(cases[i].own, "kind:") != NULL;
		text = arena_printf(a, "facts: [{id: a, %s%s, %s}]", has_kind ? "" : "kind: deadline, ", head,
		                    cases[i].own);
		assert_int_equal(facts_load_text(text, "t.yaml", &everywhere, a, &own, &complaint), 0);
		assert_int_equal(fact_fits(&shipped.at[0], &own.at[0], &value), cases[i].fits);
		if (!cases[i].fits)
			assert_true(str_eq_c(value, cases[i].value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(own_facts_lie_over_the_shipped_ones),
	        cmocka_unit_test(broken_files_are_named_with_their_line),
	        cmocka_unit_test(what_only_takes_time_is_refused_with_its_line),
	        cmocka_unit_test(a_reference_to_nothing_is_named),
	        cmocka_unit_test(facts_are_found_by_region_and_kind),
	        cmocka_unit_test(a_fact_holds_up_to_its_last_day),
	        cmocka_unit_test(limits_hold),
	        cmocka_unit_test(every_shipped_fact_is_whole),
	        cmocka_unit_test(every_source_can_be_looked_up),
	        cmocka_unit_test(amounts_are_those_of_the_papers),
	        cmocka_unit_test(the_loan_runs_as_long_as_the_papers_say),
	        cmocka_unit_test(phones_are_those_of_the_papers),
	        cmocka_unit_test(the_sets_are_complete),
	        cmocka_unit_test(what_stands_in_for_a_shipped_fact_fits_it),

	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
