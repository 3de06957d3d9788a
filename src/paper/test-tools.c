/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "paper/test-tools.h"

enum { COMMAND_BYTES = 1024, PIECE_BYTES = 4096, COLUMNS = 2 };

void tools_begin(struct tools *t)
{
	snprintf(t->folder, sizeof(t->folder), "/tmp/sonae-paper-XXXXXX");
	assert_non_null(mkdtemp(t->folder));
}

void tools_end(struct tools *t)
{
	tools_run(t, "rm -rf \"$PWD\"", NULL);
}

void tools_write(const struct tools *t, const char *name, struct str bytes)
{
	char path[2 * TOOLS_PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", t->folder, name);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

void tools_run(const struct tools *t, const char *command, struct buf *ret_said)
{
	char line[COMMAND_BYTES], piece[PIECE_BYTES];
	size_t n;

	int length = snprintf(line, sizeof(line), "cd %s && { %s; }", t->folder, command);
	assert_true(length > 0 && (size_t) length < sizeof(line));
	FILE *f = popen(line, "re");
	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		if (ret_said)
			buf_add(ret_said, piece, n);
	int status = pclose(f);
	if (status != 0)
		fail_msg("%s: %d", command, status);
}

size_t tools_count(struct str text, const char *needle)
{
	size_t n = 0, length = strlen(needle);

	for (size_t at = str_find(text, str_of(needle), 0); at != STR_NOT_FOUND; n++)
		at = str_find(text, str_of(needle), at + length);
	return n;
}

static void add_table(struct paper *p, struct arena *a, size_t rows)
{
	const struct paper_column columns[COLUMNS] = {{STR("品目"), 3, PAPER_LEFT}, {STR("金額"), 1, PAPER_RIGHT}};
	struct str *cells = ARENA_ARRAY(a, struct str, COLUMNS * rows);

	for (size_t i = 0; i < rows; i++) {
		cells[COLUMNS * i] = arena_printf(a, "部品%zu番 <A&B>", i + 1);
		cells[COLUMNS * i + 1] = arena_printf(a, "%zu00円", i + 1);
	}
	assert_int_equal(paper_add_table(p, STR("買うもの"), columns, COLUMNS, cells, rows), 0);
}

struct paper *tools_paper(struct arena *a, bool is_letter, size_t rows)
{
	const struct {
		enum paper_kind kind;
		struct str text, value;
	} blocks[] = {
	        {PAPER_TEXT, STR("一行目です。\n二行目に \"引用\" と <記号> & があります。"), STR("")},
	        {PAPER_HEADING, STR("はじめの10分"), STR("")},
	        {PAPER_STEP, STR("線を抜く"), STR("")},
	        {PAPER_STEP, STR("社長に電話する"), STR("")},
	        {PAPER_TEXT, STR("ここで一息つきます。"), STR("")},
	        {PAPER_STEP, STR("写真をとる"), STR("")},
	        {PAPER_BULLET, STR("机の上の紙"), STR("")},
	        {PAPER_BULLET, STR("壁の紙"), STR("")},
	        {PAPER_BOX, STR("電源は切らないでください。"), STR("")},
	        {PAPER_PAIR, STR("警察"), STR("110")},
	        {PAPER_FIELD, STR("書いた日"), STR("")},
	        {PAPER_SIGNATURE, STR("代表者"), STR("")},
	        {PAPER_QR, STR("困ったとき"), STR("http://192.0.2.1/119")},
	        {PAPER_LARGE, STR("あやしいと思ったら"), STR("")},
	        {PAPER_QR_LARGE, STR("壁から読む"), STR("http://192.0.2.1/119")},
	        {PAPER_BREAK, STR(""), STR("")},
	        {PAPER_HEADING, STR("費用"), STR("")},
	};
	struct paper *p = paper_new(a, STR("情報セキュリティ基本方針"), STR("株式会社<見本>"), STR("2026年11月23日"));

	assert_non_null(p);
	if (is_letter)
		assert_int_equal(paper_add(p, PAPER_LETTER, STR("取引先株式会社 御中"), STR("総務部 山田花子")), 0);
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		assert_int_equal(paper_add(p, blocks[i].kind, blocks[i].text, blocks[i].value), 0);
	add_table(p, a, rows);
	assert_int_equal(paper_set_sources(p, STR("出典: 見本の役所、2026年")), 0);
	return p;
}
