/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the writers of this folder only. */
#pragma once

#include "paper/paper.h"

struct paper_table {
	const struct paper_column *columns;
	const struct str *cells; /* row after row */
	size_t column_count, row_count;
};

struct paper_block {
	enum paper_kind kind;
	unsigned number; /* of a step */
	struct str text, value;
	const struct paper_table *table; /* of a PAPER_TABLE, whose text is its caption */
};

struct paper_blocks {
	struct paper_block *at;
	size_t n, cap;
};

struct paper {
	struct arena *arena;
	struct str title, company, date, sources;
	struct paper_blocks blocks;
	unsigned steps;
};

/* Every text of it is UTF-8. */
bool paper_is_text(const struct paper *p);
/* "ja-JP", or "en-US" for a paper whose title and headings have no kana and no Chinese characters. */
const char *paper_language(const struct paper *p);
/* Says it in a PDF as cairo 1.16 writes them. ERR_UNSUPPORTED: it looks different, nothing was done. */
int pdf_set_language(struct buf *pdf, const char *language);
/* The head of a letter, when it has one. */
const struct paper_block *paper_letter(const struct paper *p);
/* The part of the width that a column gets: 0 to 1. */
double paper_table_share(const struct paper_table *t, size_t column);

struct qr {
	unsigned width;             /* squares on a side */
	const unsigned char *cells; /* bit 0 set: dark */
};

/* The code for text, its cells in the arena. ERR_TOO_LARGE when it does not fit. */
int qr_make(struct arena *a, struct str text, struct qr *ret);
