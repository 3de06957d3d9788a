/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the tests of this folder: a paper with every kind of block, and what the tools of others see in a file. Include
 * after cmocka.h. */
#pragma once

#include "paper/paper.h"

enum { TOOLS_ARENA_BYTES = 16 << 20, TOOLS_OUT_BYTES = 16 << 20, TOOLS_PATH_BYTES = 64 };

/* A folder of its own for one test, made by tools_begin() and removed with all in it by tools_end(). */
struct tools {
	char folder[TOOLS_PATH_BYTES];
};

void tools_begin(struct tools *t);
void tools_end(struct tools *t);
void tools_write(const struct tools *t, const char *name, struct str bytes);
/* Runs a line of shell in the folder and appends what it says. Fails the test when it fails. */
void tools_run(const struct tools *t, const char *command, struct buf *ret_said);
size_t tools_count(struct str text, const char *needle);

/* Every kind of block once and more; a table of rows rows, whose headings are 品目 and 金額. */
struct paper *tools_paper(struct arena *a, bool is_letter, size_t rows);
