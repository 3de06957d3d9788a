/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row goes to the next page as a whole when it fits there; one that is higher than a page is divided between its
 * lines. The heading row stands on each page, and is tagged only the first time, so that nobody hears it twice. */
#include <pango/pangocairo.h>

#include "base/err.h"
#include "paper/sheet.h"

enum { HEADING_SHARE = 3, COLUMN_LEAST_PT = 24 };
static const double cell_pad_pt = 4, border_pt = 0.5, shade = 0.92;

struct row {
	PangoLayout *cells[PAPER_COLUMNS_MAX];
	int next[PAPER_COLUMNS_MAX]; /* line of the cell that comes next */
	bool is_heading;
};

struct grid {
	struct sheet *s;
	const struct paper_table *table;
	double left[PAPER_COLUMNS_MAX + 1]; /* and the right edge of the last */
	struct str headings[PAPER_COLUMNS_MAX];
	double repeated_pt; /* the heading row on the pages that follow; 0: too high to be repeated */
};

static void place_columns(struct grid *g)
{
	double wide = width_pt - 2 * margin_pt - COLUMN_LEAST_PT * (double) g->table->column_count, x = margin_pt;

	for (size_t i = 0; i < g->table->column_count; i++) {
		g->left[i] = x;
		x += COLUMN_LEAST_PT + wide * paper_table_share(g->table, i);
		g->headings[i] = g->table->columns[i].heading;
	}
	g->left[g->table->column_count] = x;
}

static double inner_width(const struct grid *g, size_t column)
{
	return g->left[column + 1] - g->left[column] - 2 * cell_pad_pt;
}

static void lay_row(struct grid *g, const struct str *cells, bool is_heading, struct row *ret)
{
	*ret = (struct row){.is_heading = is_heading};
	for (size_t i = 0; i < g->table->column_count; i++)
		ret->cells[i] = sheet_lay(g->s, cells[i], CELL_PT, is_heading, inner_width(g, i));
}

static void row_done(const struct grid *g, struct row *row)
{
	for (size_t i = 0; i < g->table->column_count; i++)
		g_object_unref(row->cells[i]);
}

/* Of the lines of a cell that come next, those that fit: their number and height. */
static int fit(const struct row *row, size_t column, double room_pt, double *ret_height_pt)
{
	int count = pango_layout_get_line_count(row->cells[column]), line = row->next[column];
	double h = 0;

	while (line < count) {
		double next = sheet_line_height(pango_layout_get_line_readonly(row->cells[column], line));
		if (h + next > room_pt)
			break;
		h += next;
		line++;
	}
	*ret_height_pt = h;
	return line - row->next[column];
}

/* How high the part of the row is that fits in room_pt; *ret_whole: it is all that is left of it. */
static double measure(const struct grid *g, const struct row *row, double room_pt, bool *ret_whole)
{
	double highest = 0, h;

	*ret_whole = true;
	for (size_t i = 0; i < g->table->column_count; i++) {
		int lines = fit(row, i, room_pt - 2 * cell_pad_pt, &h);
		if (row->next[i] + lines < pango_layout_get_line_count(row->cells[i]))
			*ret_whole = false;
		if (h > highest)
			highest = h;
	}
	return highest > 0 ? highest + 2 * cell_pad_pt : 0;
}

static void draw_frames(struct grid *g, const struct row *row, double h)
{
	cairo_t *cr = g->s->cr;

	for (size_t i = 0; i < g->table->column_count; i++) {
		cairo_rectangle(cr, g->left[i], g->s->y, g->left[i + 1] - g->left[i], h);
		if (row->is_heading) {
			cairo_set_source_rgb(cr, shade, shade, shade);
			cairo_fill_preserve(cr);
		}
		cairo_set_source_rgb(cr, 0, 0, 0);
		cairo_set_line_width(cr, border_pt);
		cairo_stroke(cr);
	}
}

static void draw_cell(struct grid *g, struct row *row, size_t column, double h)
{
	struct sheet *s = g->s;
	double top = s->y, drawn;
	int lines = fit(row, column, h - 2 * cell_pad_pt, &drawn);
	bool is_right = g->table->columns[column].align == PAPER_RIGHT;

	s->y += cell_pad_pt + leading_pt / 2;
	for (; lines > 0; lines--) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(row->cells[column], row->next[column]++);
		sheet_show_line(s, line, g->left[column] + cell_pad_pt, inner_width(g, column),
		                is_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
		s->y += sheet_line_height(line);
	}
	s->y = top;
}

/* A part of a row, h high. */
static void draw_row(struct grid *g, struct row *row, double h, bool is_tagged)
{
	const char *tag = !is_tagged ? NULL : row->is_heading ? "TH" : "TD";

	draw_frames(g, row, h);
	sheet_begin_tag(g->s, is_tagged ? "TR" : NULL);
	for (size_t i = 0; i < g->table->column_count; i++) {
		sheet_begin_tag(g->s, tag);
		draw_cell(g, row, i, h);
		sheet_end_tag(g->s, tag);
	}
	sheet_end_tag(g->s, is_tagged ? "TR" : NULL);
	g->s->y += h;
}

static void turn(struct grid *g)
{
	struct row row;

	sheet_turn(g->s);
	if (g->repeated_pt <= 0)
		return;
	lay_row(g, g->headings, true, &row);
	draw_row(g, &row, g->repeated_pt, false);
	row_done(g, &row);
}

static int write_row(struct grid *g, const struct str *cells, bool is_heading)
{
	struct row row;
	bool is_whole;

	lay_row(g, cells, is_heading, &row);
	double page = sheet_bottom() - margin_pt - g->repeated_pt;
	measure(g, &row, page, &is_whole);
	bool fits_a_page = is_whole;
	do {
		double h = measure(g, &row, sheet_bottom() - g->s->y, &is_whole);
		if (h <= 0 || (!is_whole && fits_a_page)) {
			turn(g);
			h = measure(g, &row, page, &is_whole);
		}
		draw_row(g, &row, h, true);
		if (!is_whole)
			turn(g);
	} while (!is_whole && g->s->page <= PAPER_PAGES_MAX);
	row_done(g, &row);
	return g->s->page > PAPER_PAGES_MAX ? ERR_TOO_LARGE : 0;
}

/* The caption, the headings and a line of the first row stay together. */
static void begin(struct grid *g, struct str caption)
{
	struct row row;
	bool is_whole;

	lay_row(g, g->headings, true, &row);
	double h = measure(g, &row, sheet_bottom() - margin_pt, &is_whole);
	row_done(g, &row);
	sheet_need(g->s, h + (caption.n ? 2 * FONT_PT : 0) + 3 * CELL_PT);
	if (caption.n)
		sheet_write(g->s, &(struct sheet_style){"Caption", FONT_PT, true, margin_pt}, caption);
	if (is_whole && h * HEADING_SHARE < sheet_bottom() - margin_pt)
		g->repeated_pt = h;
}

int sheet_write_table(struct sheet *s, const struct paper_block *block)
{
	struct grid g = {.s = s, .table = block->table};

	sheet_begin_tag(s, "Table");
	place_columns(&g);
	begin(&g, block->text);
	double repeated = g.repeated_pt;
	g.repeated_pt = 0; /* the first one is not below itself */
	int r = write_row(&g, g.headings, true);
	g.repeated_pt = repeated;
	for (size_t i = 0; r >= 0 && i < g.table->row_count; i++)
		r = write_row(&g, g.table->cells + i * g.table->column_count, false);
	sheet_end_tag(s, "Table");
	return r;
}
