/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "paper/paper.h"

/* fontconfig keeps a few hundred bytes of its settings to the end of the process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

enum { ARENA_BYTES = 4 << 20, OUT_BYTES = 16 << 20, PARAGRAPHS = 60 };

static struct paper *sample(struct arena *a)
{
	struct paper *p = paper_new(a, STR("情報セキュリティ基本方針"), STR("株式会社<見本>"), STR("2026-11-23"));

	assert_non_null(p);
	assert_int_equal(paper_add(p, PAPER_HEADING, STR("はじめの10分"), STR("")), 0);
	assert_int_equal(paper_add(p, PAPER_STEP, STR("線を抜く"), STR("")), 0);
	assert_int_equal(paper_add(p, PAPER_STEP, STR("社長に電話する"), STR("")), 0);
	assert_int_equal(paper_add(p, PAPER_PAIR, STR("警察"), STR("110")), 0);
	assert_int_equal(paper_add(p, PAPER_SIGNATURE, STR("代表者"), STR("")), 0);
	assert_int_equal(paper_add(p, PAPER_QR, STR("困ったとき"), STR("http://192.0.2.1/119")), 0);
	return p;
}

static void html_is_escaped_and_numbered(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	CLEANUP(buf_done) struct buf b = buf_make(OUT_BYTES);

	assert_int_equal(paper_write_html(sample(a), &b), 0);
	assert_true(str_contains(buf_str(&b), STR("株式会社&lt;見本&gt;")));
	assert_true(str_contains(buf_str(&b), STR("<ol start=\"2\"><li>社長に電話する")));
	assert_false(str_contains(buf_str(&b), STR("<見本>")));
}

static void limits_hold(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	CLEANUP(buf_done) struct buf small = buf_make(1000), large = buf_make(OUT_BYTES);
	struct paper *p = sample(a);

	assert_int_equal(paper_write_html(p, &small), ERR_TOO_LARGE);
	buf_done(&small);
	assert_int_equal(paper_write_pdf(p, &small), ERR_TOO_LARGE);
	for (int i = 0; i < PAPER_PAGES_MAX; i++)
		assert_int_equal(paper_add(p, PAPER_BREAK, STR(""), STR("")), 0);
	assert_int_equal(paper_write_pdf(p, &large), ERR_TOO_LARGE);
	p = sample(a);
	assert_int_equal(paper_add(p, PAPER_TEXT, STR("\xff"), STR("")), 0);
	assert_int_equal(paper_write_pdf(p, &large), ERR_INVALID);
	assert_int_equal(paper_add(p, PAPER_TEXT, str_make("", PAPER_TEXT_MAX_BYTES + 1), STR("")), ERR_TOO_LARGE);
}

/* What a tool of somebody else sees in the file. */
static void ask(const char *tool, const char *file, struct buf *to)
{
	char command[256], piece[4096];
	size_t n;

	snprintf(command, sizeof(command), "%s %s %s 2>/dev/null", tool, file,
	         str_contains(str_of(tool), STR("text")) ? "-" : "");
	FILE *f = popen(command, "r");
	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(to, piece, n);
	assert_int_equal(pclose(f), 0);
}

static void the_pdf_says_what_the_paper_says(void)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	CLEANUP(buf_done) struct buf b = buf_make(OUT_BYTES), seen = buf_make(OUT_BYTES);
	char file[] = "/tmp/sonae-paper-XXXXXX";
	struct paper *p = sample(a);

	for (int i = 0; i < PARAGRAPHS; i++)
		assert_int_equal(paper_add(p, PAPER_TEXT, STR("私たちは大切な情報を守ります。"), STR("")), 0);
	assert_int_equal(paper_write_pdf(p, &b), 0);
	int fd = mkstemp(file);
	assert_true(fd >= 0 && write(fd, b.p, b.n) == (ssize_t) b.n);
	close(fd);
	ask("pdftotext", file, &seen);
	ask("pdfinfo", file, &seen);
	ask("pdffonts", file, &seen);
	unlink(file);
	assert_true(str_contains(buf_str(&seen), STR("社長に電話する")));
	assert_true(str_contains(buf_str(&seen), STR("http://192.0.2.1/119")));
	assert_true(str_contains(buf_str(&seen), STR("2/3")));
	assert_true(str_contains(buf_str(&seen), STR("595.28 x 841.89 pts (A4)")));
	assert_true(str_contains(buf_str(&seen), STR("BIZUDPGothic")));
	assert_false(str_contains(buf_str(&seen), STR(" no  no ")));
}

static void the_pdf_is_read_by_others(void **state)
{
	if (access("/usr/bin/pdftotext", X_OK) < 0)
		skip();
	the_pdf_says_what_the_paper_says();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(html_is_escaped_and_numbered),
	        cmocka_unit_test(limits_hold),
	        cmocka_unit_test(the_pdf_is_read_by_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
