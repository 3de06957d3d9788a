/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Laid out twice: the first time only to count the pages that the foot of each page names. */
#include <cairo-pdf.h>
#include <stdio.h>

#include "base/err.h"
#include "paper/sheet.h"

enum { QR_ARENA_BYTES = 256 * 1024, NUMBER_MAX_BYTES = 16, PLACE_MAX_BYTES = 64, LABEL_PT = 32, KEPT_PT = 160 };
static const double qr_pt = 113.4, qr_large_pt = 170.1, line_pt = 0.7;

enum { LARGE_PT = 48 };

static const struct sheet_style plain = {"P", FONT_PT, false, margin_pt}, bold = {"P", FONT_PT, true, margin_pt},
                                right = {"P", FONT_PT, false, margin_pt, PANGO_ALIGN_RIGHT},
                                small = {"P", SMALL_PT, false, margin_pt},
                                large = {"P", LARGE_PT, true, margin_pt, PANGO_ALIGN_CENTER},
                                centred = {"P", FONT_PT, false, margin_pt, PANGO_ALIGN_CENTER},
                                heading = {"H2", HEADING_PT, true, margin_pt};

static double height_of(struct sheet *s, const struct sheet_style *style, struct str text)
{
	PangoLayout *layout = sheet_lay(s, text, style->size_pt, style->bold, width_pt - margin_pt - style->left_pt);
	double h = sheet_layout_height(layout);

	g_object_unref(layout);
	return h;
}

/* What stands left, and then the text beside it from the same height. A few lines stay on one page, so that a key or an
 * address is never torn in two. */
static void write_beside(struct sheet *s, const char *left_tag, struct str left, const struct sheet_style *style,
                         struct str text)
{
	PangoLayout *layout = sheet_lay(s, left, FONT_PT, false, style->left_pt - margin_pt - pad_pt);

	double needed = sheet_layout_height(layout), beside = height_of(s, style, text);
	sheet_need(s, beside > needed && beside < KEPT_PT ? beside : needed);
	double bottom = s->y + sheet_layout_height(layout) + leading_pt;
	unsigned page = s->page;
	sheet_begin_tag(s, left_tag);
	cairo_move_to(s->cr, margin_pt, s->y);
	pango_cairo_show_layout(s->cr, layout);
	sheet_end_tag(s, left_tag);
	g_object_unref(layout);
	sheet_write(s, style, text);
	if (s->page == page && s->y < bottom)
		s->y = bottom;
}

static void write_pair(struct sheet *s, const struct paper_block *block)
{
	write_beside(s, "P", block->text, &(struct sheet_style){"P", FONT_PT, false, margin_pt + column_pt},
	             block->value);
}

static void write_item(struct sheet *s, struct str label, struct str text)
{
	sheet_begin_tag(s, "LI");
	write_beside(s, "Lbl", label, &(struct sheet_style){"LBody", FONT_PT, false, margin_pt + LABEL_PT}, text);
	sheet_end_tag(s, "LI");
}

static void rule(struct sheet *s)
{
	cairo_set_line_width(s->cr, line_pt);
	cairo_move_to(s->cr, margin_pt + column_pt, s->y);
	cairo_line_to(s->cr, width_pt - margin_pt, s->y);
	cairo_stroke(s->cr);
}

/* In a frame, unless it is higher than a page. */
static void write_box(struct sheet *s, struct str text)
{
	struct sheet_style style = {"P", FONT_PT, true, margin_pt + pad_pt};
	double wide = width_pt - 2 * margin_pt;
	double h = height_of(s, &style, text) + 2 * pad_pt;

	bool is_framed = h < sheet_bottom() - margin_pt;
	if (is_framed) {
		sheet_need(s, h);
		cairo_set_line_width(s->cr, line_pt);
		cairo_rectangle(s->cr, margin_pt, s->y, wide, h);
		cairo_stroke(s->cr);
		s->y += pad_pt;
	}
	sheet_write(s, &style, text);
	s->y += is_framed ? pad_pt - leading_pt : 0;
}

static int write_qr(struct sheet *s, const struct paper_block *block)
{
	bool is_large = block->kind == PAPER_QR_LARGE;
	const struct sheet_style *style = is_large ? &centred : &plain;
	double size_pt = is_large ? qr_large_pt : qr_pt;
	double left_pt = is_large ? (width_pt - size_pt) / 2 : margin_pt;
	CLEANUP(arena_freep) struct arena *a = arena_new(QR_ARENA_BYTES);
	struct qr qr;

	int r = qr_make(a, block->value, &qr);
	if (r < 0)
		return r;
	sheet_need(s, size_pt + 4 * FONT_PT);
	double cell = size_pt / qr.width;
	sheet_begin_tag(s, "Figure");
	for (unsigned row = 0; row < qr.width; row++)
		for (unsigned column = 0; column < qr.width; column++)
			if (qr.cells[row * qr.width + column] & 1)
				cairo_rectangle(s->cr, left_pt + cell * column, s->y + cell * row, cell, cell);
	cairo_fill(s->cr);
	sheet_end_tag(s, "Figure");
	s->y += size_pt + pad_pt;
	sheet_write(s, style, block->text);
	sheet_write(s, style, block->value);
	return 0;
}

static int add_outline(struct sheet *s, int parent, struct str text)
{
	char place[PLACE_MAX_BYTES];

	if (text.n == 0)
		return parent;
	snprintf(place, sizeof(place), "page=%u pos=[%d %d]", s->page, (int) margin_pt, (int) s->y);
	return cairo_pdf_surface_add_outline(s->surface, parent, text.p, place, CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static int write_block(struct sheet *s, const struct paper_block *block)
{
	char number[NUMBER_MAX_BYTES];

	switch (block->kind) {
	case PAPER_HEADING:
		sheet_need(s, 4 * HEADING_PT);
		add_outline(s, s->outline, block->text);
		sheet_write(s, &heading, block->text);
		break;
	case PAPER_TEXT:
		sheet_write(s, &plain, block->text);
		break;
	case PAPER_BOX:
		write_box(s, block->text);
		break;
	case PAPER_STEP:
		snprintf(number, sizeof(number), "%u.", block->number);
		write_item(s, str_of(number), block->text);
		break;
	case PAPER_BULLET:
		write_item(s, STR("・"), block->text);
		break;
	case PAPER_PAIR:
		write_pair(s, block);
		break;
	case PAPER_FIELD:
	case PAPER_SIGNATURE:
		write_pair(s, block);
		rule(s);
		break;
	case PAPER_LARGE:
		sheet_need(s, height_of(s, &large, block->text));
		sheet_write(s, &large, block->text);
		break;
	case PAPER_QR:
	case PAPER_QR_LARGE:
		return write_qr(s, block);
	case PAPER_BREAK:
		sheet_turn(s);
		return 0;
	case PAPER_TABLE:
		s->y += gap_pt;
		return sheet_write_table(s, block);
	case PAPER_LETTER: /* stands in the head */
		return 0;
	case PAPER_KIND_COUNT:
		CHECK(false);
	}
	return 0;
}

static void write_head(struct sheet *s)
{
	const struct paper *p = s->paper;
	const struct paper_block *letter = paper_letter(p);
	struct sheet_style title = {"H1", TITLE_PT, true, margin_pt};

	if (letter) {
		title.align = PANGO_ALIGN_CENTER;
		sheet_write(s, &right, p->date);
		sheet_write(s, &bold, letter->text);
		s->y += gap_pt;
		sheet_write(s, &right, p->company);
		sheet_write(s, &right, letter->value);
		s->y += 2 * gap_pt;
	}
	s->outline = add_outline(s, CAIRO_PDF_OUTLINE_ROOT, p->title);
	sheet_write(s, &title, p->title);
	if (!letter) {
		sheet_write(s, &plain, p->company);
		sheet_write(s, &plain, p->date);
	}
	s->y += gap_pt;
}

static bool is_item(const struct paper *p, size_t i)
{
	return i < p->blocks.n && (p->blocks.at[i].kind == PAPER_STEP || p->blocks.at[i].kind == PAPER_BULLET);
}

/* Items that follow each other are one list. */
static int write_blocks(struct sheet *s)
{
	const struct paper *p = s->paper;

	for (size_t i = 0; i < p->blocks.n; i++) {
		enum paper_kind kind = p->blocks.at[i].kind;
		bool is_first = is_item(p, i) && (i == 0 || p->blocks.at[i - 1].kind != kind);
		bool is_last = is_item(p, i) && (i + 1 == p->blocks.n || p->blocks.at[i + 1].kind != kind);
		sheet_begin_tag(s, is_first ? "L" : NULL);
		int r = write_block(s, &p->blocks.at[i]);
		sheet_end_tag(s, is_last ? "L" : NULL);
		if (r < 0 || s->page > PAPER_PAGES_MAX)
			return r < 0 ? r : ERR_TOO_LARGE;
		if (kind != PAPER_BREAK && kind != PAPER_LETTER)
			s->y += gap_pt;
	}
	return 0;
}

static int write_pages(struct sheet *s)
{
	s->y = margin_pt;
	s->page = 1;
	sheet_begin_tag(s, "Document");
	write_head(s);
	int r = write_blocks(s);
	if (r < 0)
		return r;
	if (s->paper->sources.n)
		sheet_write(s, &small, s->paper->sources);
	sheet_end_tag(s, "Document");
	sheet_write_foot(s);
	cairo_show_page(s->cr);
	return 0;
}

static cairo_status_t take(void *to, const unsigned char *data, unsigned n)
{
	return to && buf_add(to, data, n) < 0 ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static int render(const struct paper *p, struct buf *to, PangoFontMap *fonts, unsigned *pages)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, to, width_pt, height_pt);
	struct sheet s = {.paper = p, .surface = surface, .cr = cairo_create(surface), .pages = *pages};

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, p->title.n ? p->title.p : "");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, p->company.n ? p->company.p : "");
	s.context = pango_font_map_create_context(fonts);
	int r = write_pages(&s);
	g_object_unref(s.context);
	cairo_destroy(s.cr);
	cairo_surface_finish(surface);
	if (r >= 0 && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		r = ERR_TOO_LARGE;
	cairo_surface_destroy(surface);
	*pages = s.page;
	return r;
}

int paper_write_pdf(const struct paper *p, struct buf *ret_pdf)
{
	unsigned pages = 0;

	if (!paper_is_text(p))
		return ERR_INVALID;
	PangoFontMap *fonts = pango_cairo_font_map_new();
	int r = render(p, NULL, fonts, &pages);
	if (r >= 0)
		r = render(p, ret_pdf, fonts, &pages);
	g_object_unref(fonts);
	if (r >= 0)
		r = pdf_set_language(ret_pdf, paper_language(p));
	return r == ERR_UNSUPPORTED ? 0 : r; /* of another cairo: a paper that does not say its language */
}
