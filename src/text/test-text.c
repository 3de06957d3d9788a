/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folding and searching, case by case. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/arena.h"
#include "text/fold.h"
#include "text/scan.h"

static void test_fold(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"Hello World", "hello world"},
		{"ＡＭＡＺＯＮ", "amazon"},
		{"ｱﾏｿﾞﾝ", "アマゾン"},
		{"東 京 電 力", "東京電力"},
		{"お 知　ら せ です", "お知らせです"},
		{"要-確-認", "要確認"},
		{"カ一ド会社", "カード会社"},
		{"カ-ド", "カード"},
		{"カード一枚", "カード一枚"},
		{"サービス アマゾン", "サービス アマゾン"},
		{"お知\u2061ら\u200bせ", "お知らせ"},
		{"\u0410mazon", "amazon"},
		{"Am\u0430zon", "amazon"},
		{"㈱カトリ", "(株)カトリ"},
		{"⽇本", "日本"},
		{"10時-12時", "10時-12時"},
		{"が", "が"},
		{"か\u3099", "が"},
		{"𝐀pple", "apple"},
		{"東京\n大阪", "東京\n大阪"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(65536);
		struct folded f;
		assert_int_equal(text_fold(str_of(cases[i].in), a, &f), 0);
		if (!str_eq_c(f.text, cases[i].want))
			fail_msg("%s became %.*s", cases[i].in, STR_ARG(f.text));
	}
}

static void test_fold_map(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(65536);
	struct folded f;
	struct str s = STR("x 東 京 電 力 だ");
	assert_int_equal(text_fold(s, a, &f), 0);
	struct str word = STR("東京電力");
	size_t at = str_find(f.text, word, 0);
	assert_true(at != STR_NOT_FOUND);
	struct str span = str_slice(s, folded_start(&f, at), folded_end(&f, at + word.n));
	assert_true(str_eq_c(span, "東 京 電 力"));
}

struct hits {
	char text[400];
	struct str in;
};

static bool note_hit(void *context, uint32_t id, uint32_t start, uint32_t end)
{
	struct hits *h = context;
	size_t n = strlen(h->text);
	snprintf(h->text + n, sizeof(h->text) - n, "%u:%.*s ", id, STR_ARG(str_slice(h->in, start, end)));
	return true;
}

static void test_scan(void **state)
{
	const struct scan_pattern patterns[] = {
		{STR("au"), 1, 0},
		{STR("ライン"), 2, 0},
		{STR("三井住友カード"), 3, 0},
		{STR("[0-9]{2}時間以内"), 4, SCAN_REGEX},
		{STR("イオン"), 5, 0},
		{STR("a.b"), 6, 0},
	};
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"paul au.", "1:au "},
		{"auからのお知らせ", "1:au "},
		{"オンライン", ""},
		{"ラインで", "2:ライン "},
		{"三井住友カードです", "3:三井住友カード "},
		{"24時間以内に", "4:24時間以内 "},
		{"イオンカード バイオン", ""},
		{"イオン銀行", "5:イオン "},
		{"axb a.b", "6:a.b "},
	};
	struct scanner *s = NULL;
	size_t bad = 0;
	char message[200];
	assert_int_equal(scanner_new(patterns, ARRAY_SIZE(patterns), &s, &bad, message, sizeof(message)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct hits h = {.in = str_of(cases[i].in)};
		assert_int_equal(scanner_run(s, h.in, note_hit, &h), 0);
		assert_string_equal(h.text, cases[i].want);
	}
	scanner_free(s);
}

static void test_bad_pattern(void **state)
{
	const struct scan_pattern patterns[] = {{STR("fine"), 1, 0}, {STR("(open"), 2, SCAN_REGEX}};
	struct scanner *s = NULL;
	size_t bad = 0;
	char message[200] = "";
	assert_true(scanner_new(patterns, 2, &s, &bad, message, sizeof(message)) < 0);
	assert_int_equal(bad, 1);
	assert_true(message[0] != '\0');
	assert_null(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_map),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_bad_pattern),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
