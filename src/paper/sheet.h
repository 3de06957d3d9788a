/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The A4 page that the PDF is drawn on: where the pen stands, text by the line, page after page. Lengths are points. */
#pragma once

#include <pango/pangocairo.h>

#include "paper/inside.h"

enum { FONT_PT = 11, TITLE_PT = 18, HEADING_PT = 14, CELL_PT = 10, SMALL_PT = 8 };
static const double width_pt = 595.28, height_pt = 841.89, margin_pt = 56.7, gap_pt = 8, pad_pt = 8, column_pt = 150,
                    leading_pt = 4;

struct sheet {
	const struct paper *paper;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoContext *context;
	double y;
	unsigned page, pages; /* pages is 0 while they are counted */
	int outline;          /* of the title */
};

struct sheet_style {
	const char *tag; /* of the structure; NULL: none */
	int size_pt;
	bool bold;
	double left_pt; /* from the edge of the page */
	PangoAlignment align;
};

/* The caller unrefs. */
PangoLayout *sheet_lay(struct sheet *s, struct str text, int size_pt, bool bold, double wide_pt);
double sheet_layout_height(PangoLayout *layout);
/* Of a line with what stands between lines. */
double sheet_line_height(PangoLayoutLine *line);
/* Its top at s->y, aligned between left_pt and left_pt + wide_pt. Leaves s->y. */
void sheet_show_line(struct sheet *s, PangoLayoutLine *line, double left_pt, double wide_pt, PangoAlignment align);

double sheet_bottom(void);
void sheet_turn(struct sheet *s);
/* Turns the page when less than height_pt is left, unless it is a fresh one. */
void sheet_need(struct sheet *s, double needed_pt);
/* Line by line, so that a long text goes on on the next page. */
void sheet_write(struct sheet *s, const struct sheet_style *style, struct str text);
void sheet_write_foot(struct sheet *s);

void sheet_begin_tag(struct sheet *s, const char *tag);
void sheet_end_tag(struct sheet *s, const char *tag);

/* ERR_TOO_LARGE over PAPER_PAGES_MAX. */
int sheet_write_table(struct sheet *s, const struct paper_block *block);
