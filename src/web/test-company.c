/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of the page of names, as the keeper gives them, take part in judging. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "judge/overlay.h"
#include "web/site-inside.h"

enum { TEST_ARENA_BYTES = 4 * 1024 * 1024 };

static void test_rows_reach_the_judge(void **state)
{
	CLEANUP(rules_freep) struct rules *rules = NULL;
	CLEANUP(arena_freep) struct arena *a = arena_new(TEST_ARENA_BYTES);
	struct rules_complaint c;
	char path[256];
	snprintf(path, sizeof(path), "%s/rules", getenv("SONAE_SOURCE"));
	assert_int_equal(rules_load(path, NULL, &rules, &c), 0);
	struct keep_brand rows[] = {
	        {.brand = STR("amazon"), .name = STR("Amazon"), .domain = STR("partner.example"), .effect = STR("add")},
	        {.brand = STR("resona-bank"),
	         .name = STR("りそな銀行"),
	         .domain = STR("resona-gr.co.jp"),
	         .effect = STR("remove")},
	        {.brand = STR("ねこ商会"),
	         .name = STR("ねこ商会"),
	         .domain = STR("neko.example"),
	         .effect = STR("add")},
	};
	struct keep_brand_list list = {.at = rows, .n = ARRAY_SIZE(rows)};
	const struct overlay *o;
	assert_int_equal(company_overlay(rules, &list, a, &o), 0);
	assert_true(brand_has_domain(overlay_find_brand(rules, o, STR("amazon")), STR("partner.example"), false));
	assert_true(overlay_disowns(o, STR("resona-gr.co.jp")));

	struct document d = document_make(INPUT_URL);
	document_add_part(&d, a, PART_BODY, STR("body"), STR("ねこ商会 https://elsewhere.example/"));
	*document_add_link(&d, a) = (struct link){.text = STR("https://elsewhere.example/"),
	                                          .url = STR("https://elsewhere.example/"),
	                                          .start = 13,
	                                          .end = 39};
	struct company company = {.overlay = o};
	struct verdict v;
	assert_int_equal(judge_document(&d, rules, &company, a, &v), 0);
	assert_int_equal(v.kind, VERDICT_DANGER);
	assert_true(str_eq_c(v.claims.at[0].brand, "ねこ商会"));
	assert_string_equal(v.findings.at[0].id, "stated-name-elsewhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_reach_the_judge)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
