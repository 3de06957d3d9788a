/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/err.h"
#include "paper/press.h"
#include "paper/test-tools.h"

/* fontconfig keeps a few hundred bytes of its settings to the end of the process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

enum { ROWS = 120, SMALL_BYTES = 1000, LONG_LINES = 100 };

static void html_is_escaped_and_numbered(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf b = buf_make(TOOLS_OUT_BYTES);

	assert_int_equal(paper_write_html(tools_paper(a, false, 2), &b), 0);
	assert_true(str_contains(buf_str(&b), STR("株式会社&lt;見本&gt;")));
	assert_true(
	        str_contains(buf_str(&b), STR("<ol start=\"1\"><li>線を抜く</li>\n<li>社長に電話する</li>\n</ol>")));
	assert_true(str_contains(buf_str(&b), STR("<ol start=\"3\"><li>写真をとる")));
	assert_true(str_contains(buf_str(&b), STR("<ul><li>机の上の紙</li>\n<li>壁の紙</li>\n</ul>")));
	assert_true(str_contains(buf_str(&b), STR("<caption>買うもの</caption><colgroup><col width=\"75.0%\">")));
	assert_true(str_contains(buf_str(&b), STR("<th scope=\"col\">品目</th><th scope=\"col\" class=\"num\">金額")));
	assert_true(str_contains(buf_str(&b), STR("<td>部品2番 &lt;A&amp;B&gt;</td><td class=\"num\">200円</td>")));
	assert_false(str_contains(buf_str(&b), STR("<見本>")));
}

static void a_letter_names_both_sides(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf b = buf_make(TOOLS_OUT_BYTES);
	struct paper *p = tools_paper(a, true, 1);

	assert_int_equal(paper_write_html(p, &b), 0);
	size_t to = str_find(buf_str(&b), STR("取引先株式会社 御中"), 0);
	size_t from = str_find(buf_str(&b), STR("総務部 山田花子"), 0);
	assert_true(to < from && from < str_find(buf_str(&b), STR("<h1 class=\"center\">"), 0));
	assert_int_equal(paper_add(p, PAPER_LETTER, STR("二人目"), STR("")), ERR_INVALID);
}

static void limits_hold(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf small = buf_make(SMALL_BYTES), large = buf_make(TOOLS_OUT_BYTES);
	struct paper *p = tools_paper(a, false, 1);

	assert_int_equal(paper_write_html(p, &small), ERR_TOO_LARGE);
	buf_done(&small);
	assert_int_equal(paper_write_pdf(p, &small), ERR_TOO_LARGE);
	buf_done(&small);
	assert_int_equal(paper_write_docx(p, &small), ERR_TOO_LARGE);
	for (int i = 0; i < PAPER_PAGES_MAX; i++)
		assert_int_equal(paper_add(p, PAPER_BREAK, STR(""), STR("")), 0);
	assert_int_equal(paper_write_pdf(p, &large), ERR_TOO_LARGE);
	p = tools_paper(a, false, 1);
	assert_int_equal(paper_add(p, PAPER_TEXT, STR("\xff"), STR("")), 0);
	assert_int_equal(paper_write_pdf(p, &large), ERR_INVALID);
	assert_int_equal(paper_write_docx(p, &large), ERR_INVALID);
	assert_int_equal(paper_add(p, PAPER_TEXT, str_make("", PAPER_TEXT_MAX_BYTES + 1), STR("")), ERR_TOO_LARGE);
}

static void limits_of_tables_hold(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf large = buf_make(TOOLS_OUT_BYTES);
	struct paper *p = tools_paper(a, false, 1);
	struct paper_column columns[PAPER_COLUMNS_MAX + 1] = {0};
	struct str *cells = ARENA_ARRAY(a, struct str, PAPER_ROWS_MAX + 1);

	assert_int_equal(paper_add_table(p, STR(""), columns, 0, cells, 1), ERR_INVALID);
	assert_int_equal(paper_add_table(p, STR(""), columns, 1, cells, 1), ERR_INVALID);
	columns[0].weight = PAPER_WEIGHT_MAX + 1;
	assert_int_equal(paper_add_table(p, STR(""), columns, 1, cells, 1), ERR_INVALID);
	columns[0].weight = PAPER_WEIGHT_MAX;
	assert_int_equal(paper_add_table(p, STR(""), columns, PAPER_COLUMNS_MAX + 1, cells, 1), ERR_TOO_LARGE);
	assert_int_equal(paper_add_table(p, STR(""), columns, 1, cells, PAPER_ROWS_MAX + 1), ERR_TOO_LARGE);
	cells[0] = str_make("", PAPER_CELL_MAX_BYTES + 1);
	assert_int_equal(paper_add_table(p, STR(""), columns, 1, cells, 1), ERR_TOO_LARGE);
	for (size_t i = 0; i < PAPER_ROWS_MAX; i++)
		cells[i] = STR("行1\n行2\n行3\n行4\n行5\n行6\n行7");
	assert_int_equal(paper_add_table(p, STR(""), columns, 1, cells, PAPER_ROWS_MAX), 0);
	assert_int_equal(paper_write_pdf(p, &large), ERR_TOO_LARGE);
}

static void the_wire_keeps_everything(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf one = buf_make(TOOLS_OUT_BYTES), two = buf_make(TOOLS_OUT_BYTES);
	struct paper *p;

	assert_int_equal(paper_encode(tools_paper(a, true, ROWS), &one), 0);
	assert_int_equal(paper_decode(buf_str(&one), a, &p), 0);
	assert_int_equal(paper_encode(p, &two), 0);
	assert_true(str_eq(buf_str(&one), buf_str(&two)));
	buf_clear(&one);
	buf_clear(&two);
	assert_int_equal(paper_write_html(tools_paper(a, true, ROWS), &one), 0);
	assert_int_equal(paper_write_html(p, &two), 0);
	assert_true(str_eq(buf_str(&one), buf_str(&two)));
}

static void see(const struct paper *p, const char *command, struct buf *ret_said)
{
	CLEANUP(buf_done) struct buf b = buf_make(TOOLS_OUT_BYTES);
	struct tools t;

	assert_int_equal(paper_write_pdf(p, &b), 0);
	tools_begin(&t);
	tools_write(&t, "p.pdf", buf_str(&b));
	tools_run(&t, command, ret_said);
	tools_end(&t);
}

static void the_pdf_is_read_by_others(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf seen = buf_make(TOOLS_OUT_BYTES);

	see(tools_paper(a, false, ROWS), "pdftotext p.pdf - && pdfinfo p.pdf && pdffonts p.pdf", &seen);
	struct str all = buf_str(&seen);
	assert_true(str_contains(all, STR("社長に電話する")));
	assert_true(str_contains(all, STR("http://192.0.2.1/119")));
	assert_true(str_contains(all, STR("2/7")));
	assert_true(str_contains(all, STR("Pages:           7")));
	assert_true(str_contains(all, STR("595.28 x 841.89 pts (A4)")));
	assert_true(str_contains(all, STR("BIZUDPGothic")));
	assert_false(str_contains(all, STR(" no  no ")));
	for (size_t i = 1; i <= ROWS; i++) {
		assert_true(str_contains(all, arena_printf(a, "部品%zu番 <A&B>", i)));
		assert_true(str_contains(all, arena_printf(a, "%zu00円", i)));
	}
	assert_int_equal(tools_count(all, "品目"), 5); /* once on each page of the table */
}

/* Whatever stands above it: the value of a pair is on one page. */
static void a_key_is_not_torn_in_two(void **state)
{
	for (int above = 20; above < 40; above++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
		CLEANUP(buf_done) struct buf seen = buf_make(TOOLS_OUT_BYTES);
		struct paper *p = paper_new(a, STR("鍵"), STR(""), STR(""));
		for (int i = 0; i < above; i++)
			assert_int_equal(paper_add(p, PAPER_TEXT, STR("上の行"), STR("")), 0);
		assert_int_equal(paper_add(p, PAPER_PAIR, STR("鍵"), STR("一番目\n二番目\n三番目")), 0);
		see(p, "pdftotext -raw p.pdf - | tr -d ' \\n'", &seen);
		assert_true(str_contains(buf_str(&seen), STR("一番目二番目三番目")));
	}
}

static void a_row_may_be_longer_than_a_page(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf seen = buf_make(TOOLS_OUT_BYTES), cell = buf_make(PAPER_CELL_MAX_BYTES);
	const struct paper_column columns[] = {{STR("狭い"), 1, PAPER_LEFT},
	                                       {STR("広い"), PAPER_WEIGHT_MAX, PAPER_LEFT}};
	struct paper *p = paper_new(a, STR("長い行"), STR(""), STR(""));

	for (int i = 1; i <= LONG_LINES; i++)
		buf_printf(&cell, "段落%d。\n", i);
	const struct str cells[] = {STR("一"), buf_str(&cell), STR("縦に長い言葉"), STR("二")};
	assert_int_equal(paper_add_table(p, STR(""), columns, 2, cells, 2), 0);
	see(p, "pdftotext p.pdf - && pdfinfo p.pdf", &seen);
	for (int i = 1; i <= LONG_LINES; i++)
		assert_true(str_contains(buf_str(&seen), arena_printf(a, "段落%d。", i)));
	assert_int_equal(tools_count(buf_str(&seen), "広い"), 3);
	assert_true(str_contains(buf_str(&seen), STR("Pages:           3")));
}

/* The structure that a screen reader follows: each heading of a table once, however many pages it has. */
static void the_pdf_is_tagged(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
	CLEANUP(buf_done) struct buf seen = buf_make(TOOLS_OUT_BYTES);

	see(tools_paper(a, true, ROWS), "pdfinfo p.pdf && pdfinfo -struct-text p.pdf && grep -ac Outlines p.pdf",
	    &seen);
	struct str all = buf_str(&seen);
	assert_true(str_contains(all, STR("Tagged:          yes")));
	assert_true(str_contains(all, STR("Title:           情報セキュリティ基本方針")));
	assert_int_equal(tools_count(all, "\n  H1"), 1);
	assert_int_equal(tools_count(all, "\n  H2"), 2);
	assert_int_equal(tools_count(all, "\n  L (block)"), 3);
	assert_int_equal(tools_count(all, "\n    LI"), 5);
	assert_int_equal(tools_count(all, "\n  Table"), 1);
	assert_int_equal(tools_count(all, "\n    TR"), ROWS + 1);
	assert_int_equal(tools_count(all, "\n      TH"), 2);
	assert_int_equal(tools_count(all, "\n      TD"), 2 * ROWS);
	assert_false(str_contains(all, STR("1/6")));
}

static void the_language_is_that_of_title_and_headings(void **state)
{
	static const struct {
		const char *title, *heading, *want;
	} cases[] = {
	        {"方針", "", "ja-JP"},
	        {"BCP", "はじめに", "ja-JP"},
	        {"Policy", "First – “steps”", "en-US"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(TOOLS_ARENA_BYTES);
		CLEANUP(buf_done) struct buf b = buf_make(TOOLS_OUT_BYTES), said = buf_make(TOOLS_OUT_BYTES);
		struct paper *p = paper_new(a, str_of(cases[i].title), STR("株式会社見本"), STR(""));
		assert_int_equal(paper_add(p, PAPER_HEADING, str_of(cases[i].heading), STR("")), 0);
		assert_int_equal(paper_write_pdf(p, &b), 0);
		struct str want = arena_printf(a, "/Lang (%s)\n", cases[i].want);
		assert_int_equal(tools_count(buf_str(&b), want.p), 1);
		buf_clear(&b);
		assert_int_equal(paper_write_html(p, &b), 0);
		want = arena_printf(a, "<html lang=\"%.2s\">", cases[i].want);
		assert_int_equal(tools_count(buf_str(&b), want.p), 1);
		see(p, "pdftoppm -r 20 p.pdf p 2>&1 && pdfinfo p.pdf 2>&1", &said);
		assert_true(str_contains(buf_str(&said), str_of(cases[i].title)));
		assert_false(str_contains(buf_str(&said), STR("Error")));
		assert_false(str_contains(buf_str(&said), STR("Warning")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(html_is_escaped_and_numbered),
	        cmocka_unit_test(a_letter_names_both_sides),
	        cmocka_unit_test(limits_hold),
	        cmocka_unit_test(limits_of_tables_hold),
	        cmocka_unit_test(the_wire_keeps_everything),
	        cmocka_unit_test(the_pdf_is_read_by_others),
	        cmocka_unit_test(a_key_is_not_torn_in_two),
	        cmocka_unit_test(a_row_may_be_longer_than_a_page),
	        cmocka_unit_test(the_pdf_is_tagged),
	        cmocka_unit_test(the_language_is_that_of_title_and_headings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
