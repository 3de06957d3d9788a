/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One model of a paper, written as HTML, PDF or docx. Texts are UTF-8. Nothing here reads a clock or the store. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

struct paper;

enum {
	PAPER_BLOCKS_MAX = 2000,
	PAPER_TEXT_MAX_BYTES = 16 * 1024,
	PAPER_PAGES_MAX = 200,
	PAPER_COLUMNS_MAX = 12,
	PAPER_COLUMN_HEADING_MAX_BYTES = 256,
	PAPER_WEIGHT_MAX = 100,
	PAPER_ROWS_MAX = 2000, /* of one table, without its headings */
	PAPER_CELL_MAX_BYTES = 2 * 1024,
};

/* Papers are kept in their wire form: a kind never changes its number. */
enum paper_kind {
	PAPER_HEADING,
	PAPER_TEXT,
	PAPER_STEP, /* numbered; the numbers begin anew after a heading */
	PAPER_BOX,
	PAPER_PAIR,  /* text and value in two columns */
	PAPER_FIELD, /* text, then a line to write on; value stands on the line */
	PAPER_SIGNATURE,
	PAPER_QR, /* value is in the code, text stands under it */
	PAPER_BREAK,
	PAPER_TABLE, /* by paper_add_table() only */
	PAPER_BULLET,
	PAPER_LETTER, /* the head of a letter: text is to whom, value who sends it, under the company. First block only
	               */
	PAPER_LARGE,  /* of a poster: in the middle, readable from 3 m (letters of 17 mm; a height of distance / 200) */
	PAPER_QR_LARGE, /* a PAPER_QR of a poster */
	PAPER_KIND_COUNT,
};

/* A paper in the arena, which has to outlive it; NULL when the arena is full. date is written as it comes. */
struct paper *paper_new(struct arena *a, struct str title, struct str company, struct str date);
/* Copies. ERR_TOO_LARGE over a limit above or of the arena; ERR_INVALID for a PAPER_LETTER that is not first. */
int paper_add(struct paper *p, enum paper_kind kind, struct str text, struct str value);

enum paper_align { PAPER_LEFT, PAPER_RIGHT, PAPER_ALIGN_COUNT };

struct paper_column {
	struct str heading;
	unsigned weight;        /* its share of the width beside the others: 1 to PAPER_WEIGHT_MAX */
	enum paper_align align; /* PAPER_RIGHT for numbers */
};

/* cells: row_count rows of column_count texts, one row after the other. caption stands above, or is empty. Copies.
 * ERR_TOO_LARGE over a limit above or of the arena; ERR_INVALID: no column, or a weight of none. */
int paper_add_table(struct paper *p, struct str caption, const struct paper_column *columns, size_t column_count,
                    const struct str *cells, size_t row_count);
/* Where the facts of this paper come from; small, at its end. */
int paper_set_sources(struct paper *p, struct str sources);

/* Up to max of the places where a text stands in a paper: of a pair its name, else the whole text. The number of all.
 */
size_t paper_find_places(const struct paper *p, struct str text, struct str *ret, size_t max);

/* A whole page with its style, printable as A4, without outside files. ERR_TOO_LARGE over the buffer's maximum. */
int paper_write_html(const struct paper *p, struct buf *ret_html);
/* The same without its head and style, to stand in another page. */
int paper_write_fragment(const struct paper *p, struct buf *ret_html);
/* Office Open XML for Word and LibreOffice, A4, headings that their navigation shows. ERR_TOO_LARGE. */
int paper_write_docx(const struct paper *p, struct buf *ret_docx);
/* A4, fonts embedded. Reads fonts through fontconfig. ERR_INVALID for text that is no UTF-8, ERR_TOO_LARGE over
 * PAPER_PAGES_MAX or the buffer's maximum. */
int paper_write_pdf(const struct paper *p, struct buf *ret_pdf);
