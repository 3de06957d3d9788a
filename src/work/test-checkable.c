/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "work/checkable.h"

static void checkable_claims_are_found(void **state)
{
	static const struct {
		const char *text;
		const char *want; /* "kind:text;..." */
	} cases[] = {
	        {"2026年11月2日に1,234円でした。", "date:2026年11月2日;number:1,234円;"},
	        {"個人情報保護法第26条の2により", "law:個人情報保護法第26条の2;"},
	        {"民法第七百九条", "law:民法第七百九条;"},
	        {"https://example.jp/a?b=1。", "link:https://example.jp/a?b=1;"},
	        {"令和8年4月から3割増えた", "date:令和8年4月;number:3割増;"},
	        {"1. はじめに\n2) つぎ", ""},
	        {"１２％と12％", "number:１２％;number:12％;"},
	        {"同じ10人と10人", "number:10人;"},
	        {"なにもない", ""},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
		struct checkables claims;
		struct str text = str_of(cases[i].text), got = STR("");
		assert_int_equal(checkables_find(text, a, &claims), 0);
		for (size_t k = 0; k < claims.n; k++)
			got = arena_printf(a, "%.*s%s:%.*s;", STR_ARG(got), checkable_kind_word(claims.at[k].kind),
			                   STR_ARG(str_slice(text, claims.at[k].start, claims.at[k].end)));
		if (!str_eq_c(got, cases[i].want))
			fail_msg("%s: %.*s", cases[i].text, STR_ARG(got));
	}
}

static void wording_that_shuts_out_is_marked(void **state)
{
	struct checkable c;
	(void) state;
	assert_true(checkable_find_bias(STR("未経験可。35歳以下の方"), 0, &c));
	assert_false(checkable_find_bias(STR("未経験の方も歓迎します。資格は問いません。"), 0, &c));
}

static void overlap_is_measured(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 22);
	struct str source = STR("横浜の港で働く人びとのために、毎朝早くから店を開けています。");
	(void) state;
	assert_true(checkable_overlap(source, source, a) == 1.0);
	assert_true(checkable_overlap(STR("まったく違う文章がここには書かれているのです。"), source, a) == 0.0);
	double half = checkable_overlap(STR("横浜の港で働く人びとのために、私たちは夜おそくまで灯りを消しませんよ"),
	                                source, a);
	assert_true(half > 0.3 && half < 0.6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(checkable_claims_are_found),
	        cmocka_unit_test(wording_that_shuts_out_is_marked),
	        cmocka_unit_test(overlap_is_measured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
