/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "work/amount.h"
#include "work/answer.h"
#include "work/compute.h"

enum { ARENA_BYTES = 32 << 20 };

static void load_shipped(struct arena *a, struct work_templates *ret)
{
	struct rules_complaint complaint = {0};
	char path[256];
	snprintf(path, sizeof(path), "%s/templates", getenv("SONAE_SOURCE"));
	if (work_load_folder(path, a, ret, &complaint) < 0)
		fail_msg("%s:%u: %s", complaint.file, complaint.line, complaint.text);
}

static void every_shipped_template_is_whole(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct work_templates all;
	(void) state;
	load_shipped(a, &all);
	assert_int_equal(all.n, 45);
	assert_string_equal(arena_cstr(a, all.at[0].id), "AI-1");
	for (int i = 1; i <= 45; i++) {
		struct str id = i <= 10 ? arena_printf(a, "AI-%d", i) : arena_printf(a, "D%02d", i - 10);
		const struct work_template *t = work_find(&all, id);
		if (!t)
			fail_msg("%.*s is missing", STR_ARG(id));
		for (size_t l = 0; l < LANGUAGE_COUNT; l++)
			if (t->name.in[l].n == 0 || t->purpose.in[l].n == 0 || t->prompt.in[l].n == 0)
				fail_msg("%.*s lacks a language", STR_ARG(id));
		assert_true(t->checks != 0);
	}
	for (size_t i = 0; i < WORK_CHECK_COUNT; i++)
		assert_non_null(
		        i18n_find(LANGUAGE_JA, arena_printf(a, "work.check.%s", work_check_word((enum work_check) i))));
	for (size_t i = 0; i < WORK_DEPARTMENT_COUNT; i++)
		assert_non_null(i18n_find(LANGUAGE_EN, arena_printf(a, "work.department.%s",
		                                                    work_department_word((enum work_department) i))));
}

static void broken_templates_are_named_with_their_line(void **state)
{
	static const struct {
		const char *yaml, *want;
		unsigned line;
	} cases[] = {
	        {"- id: X\n  department: nowhere\n", "\"nowhere\" is not known here", 2},
	        {"- id: a b\n", "an id is letters, digits, - and _, at most 40", 1},
	        {"- id: X\n  department: all\n  name: {ja: a}\n  purpose: {ja: a}\n  inputs: []\n  prompt: {ja: "
	         "\"{{b}}\"}\n"
	         "  output: text\n  checks: [numbers]\n",
	         "the prompt uses {{b}}, which is no input", 1},
	        {"- id: X\n  inputs:\n    - {id: a, kind: choice, label: {ja: b}}\n",
	         "options belong to a choice, and a choice has some", 3},
	        {"", "the file is empty", 0},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct work_templates all = {0};
		struct rules_complaint complaint = {0};
		assert_int_equal(work_load_text(str_of(cases[i].yaml), "own", a, &all, &complaint), ERR_INVALID);
		assert_string_equal(complaint.text, cases[i].want);
		if (cases[i].line)
			assert_int_equal(complaint.line, cases[i].line);
	}
}

static void values_are_checked_and_filled_in(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct work_templates all;
	const struct work_input *input;
	const char *key;
	(void) state;
	load_shipped(a, &all);
	const struct work_template *t = work_find(&all, STR("AI-6"));
	struct work_value values[] = {
	        {STR("text"), STR("{{words}} 止まれ")}, {STR("to"), STR("xx")}, {STR("words"), STR("")}};
	assert_int_equal(work_check_values(t, values, 3, &input, &key), ERR_INVALID);
	assert_string_equal(key, "work.input.no-choice");
	values[1].value = STR("easy");
	assert_int_equal(work_check_values(t, values, 3, &input, &key), 0);
	struct buf b = buf_make(WORK_PROMPT_MAX_BYTES);
	assert_int_equal(work_fill(t, LANGUAGE_JA, values, 3, STR(""), &b), 0);
	assert_true(str_contains(buf_str(&b), STR("次の文をやさしい日本語にしてください")));
	assert_true(str_contains(buf_str(&b), STR("{{words}} 止まれ"))); /* typed braces stay as typed */
	buf_done(&b);
	values[0].value = STR("");
	assert_int_equal(work_check_values(t, values, 3, &input, &key), ERR_INVALID);
	assert_string_equal(key, "work.input.missing");
	assert_true(str_eq_c(input->id, "text"));
}

static void amounts_are_exact(void **state)
{
	static const struct {
		const char *text;
		bool is_amount;
		int64_t want;
	} cases[] = {
	        {"1,234", true, 12340000},
	        {"¥1,234円", true, 12340000},
	        {"１２３", true, 1230000},
	        {"▲12.5", true, -125000},
	        {"(300)", true, -3000000},
	        {"-0.0001", true, -1},
	        {"12,34", false, 0},
	        {"1.2.3", false, 0},
	        {"", false, 0},
	        {"2026-11-22", false, 0},
	        {"約3", false, 0},
	        {"99999999999999", true, 999999999999990000},
	        {"100000000000000", false, 0},
	        {"12%", true, 120000},
	        {"$-5", true, -50000},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t got = 0;
		if (work_parse_amount(str_of(cases[i].text), &got) != cases[i].is_amount || got != cases[i].want)
			fail_msg("%s: %lld", cases[i].text, (long long) got);
	}
	struct buf b = buf_make(100);
	work_add_amount(&b, -12345678900);
	assert_string_equal(buf_cstr(&b), "-1,234,567.89");
	buf_done(&b);
}

static void days_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: none */
	} cases[] = {
	        {"1970-01-02", 1},           {"2000/2/29", 11016},
	        {"2001/2/29", -1},           {"2026年11月22日", 20779},
	        {"令和8年11月22日", 20779},  {"R8.11.22", 20779},
	        {"平成元年1月8日", 6947},    {"2026-13-01", -1},
	        {"2026年11月", 20758},       {"11/22", -1},
	        {"2026-11-22 10:00", 20779},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t got = -1;
		if (work_parse_day(str_of(cases[i].text), &got) != (cases[i].want >= 0) || got != cases[i].want)
			fail_msg("%s: %lld", cases[i].text, (long long) got);
	}
}

static const char *computed(struct arena *a, const char *id, const char *input, const char *text, const char *number)
{
	struct work_templates all;
	struct work_value values[] = {
	        {str_of(input), str_of(text)}, {STR("ahead"), str_of(number)}, {STR("rows"), str_of(number)}};
	struct buf b = buf_make(WORK_PROMPT_MAX_BYTES);
	const char *key = NULL;
	load_shipped(a, &all);
	int r = work_compute(work_find(&all, str_of(id)), LANGUAGE_JA, values, 3, a, &b, &key);
	const char *result = r < 0 ? key : arena_cstr(a, buf_str(&b));
	buf_done(&b);
	return result;
}

static void assert_says(const char *text, const char *want)
{
	if (!strstr(text, want))
		fail_msg("\"%s\" does not say \"%s\"", text, want);
}

static void sums_are_made_by_code(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	(void) state;
	const char *s = computed(a, "D18", "table",
	                         "月,部門,売上\n2026-01,営業,\"1,000\"\n2026-01,製造,500\n2026-02,営業,▲200\n", "");
	assert_says(s, "行の数: 3");
	assert_says(s, "売上: 件数 3、合計 1,300、平均 433.3333、最小 -200、中央 500、最大 1,000");
	assert_says(s, "- 営業: 800（2件）");
	assert_says(s, "- 2026-01: 1,500（2件）\n- 2026-02: -200（1件）");
	assert_string_equal(computed(a, "D18", "table", "名前\n備前\n", ""), "work.compute.no-numbers");
	assert_string_equal(computed(a, "D18", "table", "", ""), "work.compute.no-table");
}

static void odd_payments_are_found(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	(void) state;
	const char *s =
	        computed(a, "D19", "table",
	                 "日付,支払先,口座,金額\n2026-01-10,青葉商事,1-2,1000\n2026-02-10,青葉商事,1-2,1100\n"
	                 "2026-03-10,青葉商事,1-2,1050\n2026-03-12,青葉商事,1-2,1050\n2026-04-10,青葉商事,9-9,9000\n"
	                 "2026-04-11,若葉工業,9-9,300\n",
	                 "");
	assert_says(s, "5行目 青葉商事 1,050: 4行目と同じ支払先・同じ金額です");
	assert_says(s, "6行目 青葉商事 9,000: 口座が5行目と違います");
	assert_says(s, "6行目 青葉商事 9,000: この支払先のいつもの金額から大きく離れています");
	assert_says(s, "同じ口座です");
	assert_says(s, "気になる点の数: 4");
	assert_string_equal(computed(a, "D19", "table", "a,b\n1,2\n", ""), "work.compute.no-columns");
}

static void forecasts_have_a_band(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct buf b = buf_make(10000);
	(void) state;
	buf_add_c(&b, "月,数\n");
	for (int i = 0; i < 36; i++) /* the same year three times */
		buf_printf(&b, "20%02d-%02d,%d\n", 23 + i / 12, i % 12 + 1, 100 + 50 * (i % 12 == 11) + i % 12);
	const char *s = computed(a, "D30", "table", buf_cstr(&b), "12");
	assert_says(s, "前の年の同じ月");
	assert_says(s, "過去の誤差 0.0");
	assert_says(s, "- 2026-12: 161.0（161.0 から 161.0）");
	buf_done(&b);
	s = computed(a, "D30", "table", "数\n10\n20\n30\n40\n50\n60\n70\n80\n", "1");
	assert_says(s, "最近の動き");
	assert_says(s, "- 9: ");
	assert_string_equal(computed(a, "D30", "table", "数\n1\n2\n", "1"), "work.compute.too-few");
}

static void texts_are_counted(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	(void) state;
	assert_string_equal(computed(a, "D11", "voices", "高い\n\n  早い \n", ""), "1 高い\n2 早い\n");
	const char *s =
	        computed(a, "D28", "log", "10:00 login failed for 12\n10:01 login failed for 13\n10:02 started\n", "");
	assert_says(s, "行 3、種類 2");
	assert_says(s, "- 2回（1行目から2行目）: 10:00 login failed for 12");
	s = computed(a, "D17", "text", "小計 12,300円　消費税１０％ 1,230円 合計 ¥13,530", "");
	assert_says(s, "小計 12,300 + 消費税 1,230 = 合計 13,530");
	assert_says(computed(a, "D17", "text", "小計 12,300 税 1,230 合計 13,000", ""), "見つかりません");
	s = computed(a, "D34", "header", "氏名,購入日\n備前 花,2026-01-01\n", "20");
	assert_string_equal(s, "行の数: 20\n- 氏名\n- 購入日\n"); /* no row goes out */
}

static void answers_become_data(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct answer_todos todos;
	struct answer_themes themes;
	(void) state;
	assert_int_equal(
	        answer_read_todos(STR("担当者｜期限｜すること\n|---|---|---|\n1. 備前｜2026-12-01｜見積を送る\n"
	                              "- 未定 | 未定 | 鍵を返す |\nよろしくお願いします\n"),
	                          a, &todos),
	        0);
	assert_int_equal(todos.n, 2);
	assert_true(str_eq_c(todos.at[0].owner, "備前") && str_eq_c(todos.at[0].due, "2026-12-01"));
	assert_true(todos.at[1].owner.n == 0 && todos.at[1].due.n == 0 && str_eq_c(todos.at[1].task, "鍵を返す"));
	assert_int_equal(todos.unread, 3);
	assert_int_equal(answer_read_themes(STR("値段｜1,2\n早さ | 2,9\n"), 4, a, &themes), 0);
	assert_int_equal(themes.at[0].count, 2);
	assert_int_equal(themes.at[1].count, 0);
	assert_true(themes.missing == 2 && themes.twice == 1 && themes.unknown == 1);
}

static void flows_are_drawn(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct answer_flow flow;
	struct buf b = buf_make(100000);
	(void) state;
	assert_int_equal(answer_read_flow(STR("手順\n```flow\n受け取る -> 確かめる\n確かめる → 送る : 合う\n確かめる "
	                                      "-> 受け取る：合わない\n"
	                                      "??\n```\nおわり -> ない\n"),
	                                  a, &flow),
	                 0);
	assert_int_equal(flow.steps.n, 3);
	assert_int_equal(flow.arrows.n, 3);
	assert_int_equal(flow.unread, 1);
	assert_true(str_eq_c(flow.arrows.at[2].condition, "合わない"));
	flow.steps.at[0] = STR("<script>&\"");
	assert_int_equal(answer_draw_flow(&flow, STR("流れ"), &b), 0);
	assert_false(str_contains(buf_str(&b), STR("<script")));
	assert_true(str_contains(buf_str(&b), STR("&#60;script&#62;&#38;&#34;")));
	buf_done(&b);
}

static void subtitles_are_valid(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct answer_subtitles s;
	struct buf b = buf_make(10000);
	(void) state;
	assert_int_equal(
	        answer_read_subtitles(
	                STR("```subtitles\n4 8.5 つぎに押します\n0 5 電源を<入れ>ます\n9 7 だめ\nx\n```\n"), a, &s),
	        0);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.unread, 2);
	assert_int_equal(answer_write_webvtt(&s, &b), 0);
	assert_string_equal(buf_cstr(&b), "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n電源を&lt;入れ&gt;ます\n\n"
	                                  "00:00:04.000 --> 00:00:08.500\nつぎに押します\n\n");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_shipped_template_is_whole),
	        cmocka_unit_test(broken_templates_are_named_with_their_line),
	        cmocka_unit_test(values_are_checked_and_filled_in),
	        cmocka_unit_test(amounts_are_exact),
	        cmocka_unit_test(days_are_read_as_people_write_them),
	        cmocka_unit_test(sums_are_made_by_code),
	        cmocka_unit_test(odd_payments_are_found),
	        cmocka_unit_test(forecasts_have_a_band),
	        cmocka_unit_test(texts_are_counted),
	        cmocka_unit_test(answers_become_data),
	        cmocka_unit_test(flows_are_drawn),
	        cmocka_unit_test(subtitles_are_valid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
