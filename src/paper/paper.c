/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper/paper.h"

#include <qrencode.h>
#include <string.h>

#include "base/err.h"
#include "ipc/utf8.h"
#include "paper/inside.h"

enum { QR_TEXT_MAX_BYTES = 512 };

struct paper *paper_new(struct arena *a, struct str title, struct str company, struct str date)
{
	struct paper *p = ARENA_NEW(a, struct paper);

	if (!p)
		return NULL;
	p->arena = a;
	p->title = arena_dup(a, title);
	p->company = arena_dup(a, company);
	p->date = arena_dup(a, date);
	return arena_is_full(a) ? NULL : p;
}

static int add(struct paper *p, const struct paper_block *block)
{
	if (p->blocks.n >= PAPER_BLOCKS_MAX || block->text.n > PAPER_TEXT_MAX_BYTES ||
	    block->value.n > PAPER_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	struct paper_block *kept = ARENA_PUSH(p->arena, &p->blocks);
	if (!kept)
		return ERR_TOO_LARGE;
	*kept = *block;
	kept->text = arena_dup(p->arena, block->text);
	kept->value = arena_dup(p->arena, block->value);
	return arena_is_full(p->arena) ? ERR_TOO_LARGE : 0;
}

int paper_add(struct paper *p, enum paper_kind kind, struct str text, struct str value)
{
	CHECK((unsigned) kind < PAPER_KIND_COUNT && kind != PAPER_TABLE);
	if ((kind == PAPER_QR || kind == PAPER_QR_LARGE) && value.n > QR_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	if (kind == PAPER_LETTER && p->blocks.n > 0)
		return ERR_INVALID;
	if (kind == PAPER_HEADING)
		p->steps = 0;
	return add(p,
	           &(struct paper_block){
	                   .kind = kind, .number = kind == PAPER_STEP ? ++p->steps : 0, .text = text, .value = value});
}

int paper_set_sources(struct paper *p, struct str sources)
{
	if (sources.n > PAPER_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	p->sources = arena_dup(p->arena, sources);
	return arena_is_full(p->arena) ? ERR_TOO_LARGE : 0;
}

/* ---- tables ---- */

static int copy_columns(struct arena *a, const struct paper_column *columns, size_t n, struct paper_table *table)
{
	struct paper_column *copy = ARENA_ARRAY(a, struct paper_column, n);

	for (size_t i = 0; copy && i < n; i++) {
		if (columns[i].weight < 1 || columns[i].weight > PAPER_WEIGHT_MAX)
			return ERR_INVALID;
		if (columns[i].heading.n > PAPER_COLUMN_HEADING_MAX_BYTES)
			return ERR_TOO_LARGE;
		copy[i] = columns[i];
		copy[i].heading = arena_dup(a, columns[i].heading);
	}
	table->columns = copy;
	table->column_count = n;
	return copy ? 0 : ERR_TOO_LARGE;
}

static int copy_cells(struct arena *a, const struct str *cells, size_t n, struct paper_table *table)
{
	struct str *copy = ARENA_ARRAY(a, struct str, n);

	for (size_t i = 0; copy && i < n; i++) {
		if (cells[i].n > PAPER_CELL_MAX_BYTES)
			return ERR_TOO_LARGE;
		copy[i] = arena_dup(a, cells[i]);
	}
	table->cells = copy;
	return copy ? 0 : ERR_TOO_LARGE;
}

int paper_add_table(struct paper *p, struct str caption, const struct paper_column *columns, size_t column_count,
                    const struct str *cells, size_t row_count)
{
	if (column_count == 0)
		return ERR_INVALID;
	if (column_count > PAPER_COLUMNS_MAX || row_count > PAPER_ROWS_MAX)
		return ERR_TOO_LARGE;
	struct paper_table *table = ARENA_NEW(p->arena, struct paper_table);
	int r = table ? copy_columns(p->arena, columns, column_count, table) : ERR_TOO_LARGE;
	if (r >= 0)
		r = copy_cells(p->arena, cells, column_count * row_count, table);
	if (r < 0)
		return r;
	table->row_count = row_count;
	return add(p, &(struct paper_block){.kind = PAPER_TABLE, .text = caption, .table = table});
}

double paper_table_share(const struct paper_table *t, size_t column)
{
	unsigned sum = 0;

	for (size_t i = 0; i < t->column_count; i++)
		sum += t->columns[i].weight;
	return (double) t->columns[column].weight / sum;
}

size_t paper_find_places(const struct paper *p, struct str text, struct str *ret, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < p->blocks.n; i++) {
		const struct paper_block *block = &p->blocks.at[i];
		if (!str_contains(block->text, text) && !str_contains(block->value, text))
			continue;
		if (n < max)
			ret[n] = block->text;
		n++;
	}
	return n;
}

/* ---- what writers ask ---- */

const struct paper_block *paper_letter(const struct paper *p)
{
	return p->blocks.n > 0 && p->blocks.at[0].kind == PAPER_LETTER ? &p->blocks.at[0] : NULL;
}

/* Kana (U+3040 to U+30FF) and U+4000 to U+9FFF, by their first bytes. */
static bool is_japanese(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		unsigned char c = (unsigned char) s.p[i], next = (unsigned char) s.p[i + 1];
		if ((c == 0xe3 && next >= 0x81 && next <= 0x83) || (c >= 0xe4 && c <= 0xe9))
			return true;
	}
	return false;
}

const char *paper_language(const struct paper *p)
{
	bool found = is_japanese(p->title);

	for (size_t i = 0; i < p->blocks.n && !found; i++)
		found = p->blocks.at[i].kind == PAPER_HEADING && is_japanese(p->blocks.at[i].text);
	return found ? "ja-JP" : "en-US";
}

static bool is_text(struct str s)
{
	return s.n == 0 || (utf8_is_valid(s) && !memchr(s.p, '\0', s.n));
}

static bool is_table_text(const struct paper_table *t)
{
	bool good = true;

	for (size_t i = 0; i < t->column_count && good; i++)
		good = is_text(t->columns[i].heading);
	for (size_t i = 0; i < t->column_count * t->row_count && good; i++)
		good = is_text(t->cells[i]);
	return good;
}

bool paper_is_text(const struct paper *p)
{
	bool good = is_text(p->title) && is_text(p->company) && is_text(p->date) && is_text(p->sources);

	for (size_t i = 0; i < p->blocks.n && good; i++) {
		const struct paper_block *block = &p->blocks.at[i];
		good = is_text(block->text) && is_text(block->value) && (!block->table || is_table_text(block->table));
	}
	return good;
}

int qr_make(struct arena *a, struct str text, struct qr *ret)
{
	char *c = arena_cstr(a, text);
	QRcode *code = c ? QRcode_encodeString8bit(c, 0, QR_ECLEVEL_M) : NULL;

	if (!code)
		return ERR_TOO_LARGE;
	size_t n = (size_t) code->width * (size_t) code->width;
	struct str cells = arena_dup(a, str_make(code->data, n));
	*ret = (struct qr){(unsigned) code->width, (const unsigned char *) cells.p};
	QRcode_free(code);
	return cells.p ? 0 : ERR_TOO_LARGE;
}
