/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Laid out twice: the first time only to count the pages that the foot of each page names. A block that goes over a
 * page's end is tagged once on each page, because cairo 1.16 binds marked content to one page. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/err.h"
#include "paper/inside.h"

#define FONT "BIZ UDPGothic"
enum { QR_ARENA_BYTES = 256 * 1024, FONT_PT = 11, TITLE_PT = 18, HEADING_PT = 14, SMALL_PT = 8 };
static const double width_pt = 595.28, height_pt = 841.89, margin_pt = 56.7, gap_pt = 8, pad_pt = 8, column_pt = 150,
                    qr_pt = 113.4;

struct sheet {
	const struct paper *paper;
	cairo_t *cr;
	PangoContext *context;
	double y;
	unsigned page, pages; /* pages is 0 while they are counted */
};

static PangoLayout *lay(struct sheet *s, struct str text, int size_pt, bool bold, double wide)
{
	PangoLayout *layout = pango_layout_new(s->context);
	PangoFontDescription *font = pango_font_description_from_string(FONT);

	pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(layout, (int) (wide * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_spacing(layout, 4 * PANGO_SCALE);
	/* A hyphen where a key is broken would be taken for a part of it. */
	PangoAttrList *attributes = pango_attr_list_new();
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_text(layout, text.n ? text.p : "", (int) text.n);
	return layout;
}

static double tall(PangoLayout *layout)
{
	int h;

	pango_layout_get_size(layout, NULL, &h);
	return (double) h / PANGO_SCALE;
}

static void foot(struct sheet *s)
{
	char text[64];

	snprintf(text, sizeof(text), "%u/%u", s->page, s->pages);
	PangoLayout *layout = lay(s, str_of(text), SMALL_PT, false, width_pt - 2 * margin_pt);
	pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
	cairo_move_to(s->cr, margin_pt, height_pt - margin_pt + 16);
	pango_cairo_show_layout(s->cr, layout);
	g_object_unref(layout);
}

static void turn(struct sheet *s)
{
	foot(s);
	cairo_show_page(s->cr);
	s->page++;
	s->y = margin_pt;
}

static void need(struct sheet *s, double h)
{
	if (s->y + h > height_pt - margin_pt && s->y > margin_pt)
		turn(s);
}

/* Line by line, so that a long text goes on on the next page. */
static void write_text(struct sheet *s, const char *tag, struct str text, int size_pt, bool bold, double x)
{
	PangoLayout *layout = lay(s, text, size_pt, bold, width_pt - margin_pt - x);

	cairo_tag_begin(s->cr, tag, NULL);
	for (int i = 0; i < pango_layout_get_line_count(layout); i++) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
		PangoRectangle box;
		pango_layout_line_get_extents(line, NULL, &box);
		double h = (double) box.height / PANGO_SCALE;
		if (s->y + h > height_pt - margin_pt) {
			cairo_tag_end(s->cr, tag);
			turn(s);
			cairo_tag_begin(s->cr, tag, NULL);
		}
		cairo_move_to(s->cr, x, s->y - (double) box.y / PANGO_SCALE);
		pango_cairo_show_layout_line(s->cr, line);
		s->y += h + 4;
	}
	cairo_tag_end(s->cr, tag);
	g_object_unref(layout);
}

/* A frame around it, where it stands on one page. */
static void write_box(struct sheet *s, struct str text)
{
	double top = s->y;
	unsigned page = s->page;

	write_text(s, "P", text, FONT_PT, true, margin_pt + pad_pt);
	if (s->page != page)
		return;
	cairo_rectangle(s->cr, margin_pt, top - pad_pt / 2, width_pt - 2 * margin_pt, s->y - top);
	cairo_set_line_width(s->cr, 1);
	cairo_stroke(s->cr);
}

/* What stands left at x, and then the text beside it from the same height. */
static void write_beside(struct sheet *s, struct str left, struct str text, double x)
{
	PangoLayout *layout = lay(s, left, FONT_PT, false, x - margin_pt - pad_pt);

	need(s, tall(layout));
	double bottom = s->y + tall(layout);
	unsigned page = s->page;
	cairo_tag_begin(s->cr, "P", NULL);
	cairo_move_to(s->cr, margin_pt, s->y);
	pango_cairo_show_layout(s->cr, layout);
	cairo_tag_end(s->cr, "P");
	g_object_unref(layout);
	write_text(s, "P", text, FONT_PT, false, x);
	if (s->page == page && s->y < bottom)
		s->y = bottom;
}

static void rule(struct sheet *s)
{
	cairo_set_line_width(s->cr, 0.7);
	cairo_move_to(s->cr, margin_pt + column_pt, s->y);
	cairo_line_to(s->cr, width_pt - margin_pt, s->y);
	cairo_stroke(s->cr);
}

static int write_qr(struct sheet *s, const struct paper_block *block)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(QR_ARENA_BYTES);
	struct qr qr;

	int r = qr_make(a, block->value, &qr);
	if (r < 0)
		return r;
	need(s, qr_pt + 4 * FONT_PT);
	double cell = qr_pt / qr.width;
	for (unsigned row = 0; row < qr.width; row++)
		for (unsigned column = 0; column < qr.width; column++)
			if (qr.cells[row * qr.width + column] & 1)
				cairo_rectangle(s->cr, margin_pt + cell * column, s->y + cell * row, cell, cell);
	cairo_fill(s->cr);
	s->y += qr_pt + pad_pt;
	write_text(s, "P", block->text, FONT_PT, false, margin_pt);
	write_text(s, "P", block->value, FONT_PT, false, margin_pt);
	return 0;
}

static int write_block(struct sheet *s, const struct paper_block *block)
{
	char number[16];

	switch (block->kind) {
	case PAPER_HEADING:
		need(s, 4 * HEADING_PT);
		write_text(s, "H2", block->text, HEADING_PT, true, margin_pt);
		break;
	case PAPER_TEXT:
		write_text(s, "P", block->text, FONT_PT, false, margin_pt);
		break;
	case PAPER_BOX:
		write_box(s, block->text);
		break;
	case PAPER_STEP:
		snprintf(number, sizeof(number), "%u.", block->number);
		write_beside(s, str_of(number), block->text, margin_pt + 32);
		break;
	case PAPER_PAIR:
		write_beside(s, block->text, block->value, margin_pt + column_pt);
		break;
	case PAPER_FIELD:
	case PAPER_SIGNATURE:
		write_beside(s, block->text, block->value, margin_pt + column_pt);
		rule(s);
		break;
	case PAPER_QR:
		return write_qr(s, block);
	case PAPER_BREAK:
		turn(s);
		break;
	case PAPER_KIND_COUNT:
		CHECK(false);
	}
	s->y += gap_pt;
	return 0;
}

static int write_pages(struct sheet *s)
{
	const struct paper *p = s->paper;

	s->y = margin_pt;
	s->page = 1;
	write_text(s, "H1", p->title, TITLE_PT, true, margin_pt);
	write_text(s, "P", p->company, FONT_PT, false, margin_pt);
	write_text(s, "P", p->date, FONT_PT, false, margin_pt);
	s->y += gap_pt;
	for (size_t i = 0; i < p->blocks.n; i++) {
		int r = write_block(s, &p->blocks.at[i]);
		if (r < 0 || s->page > PAPER_PAGES_MAX)
			return r < 0 ? r : ERR_TOO_LARGE;
	}
	if (p->sources.n)
		write_text(s, "P", p->sources, SMALL_PT, false, margin_pt);
	foot(s);
	cairo_show_page(s->cr);
	return 0;
}

static cairo_status_t take(void *to, const unsigned char *data, unsigned n)
{
	return to && buf_add(to, data, n) < 0 ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static bool is_text(struct str s)
{
	return s.n == 0 || g_utf8_validate(s.p, (gssize) s.n, NULL);
}

static bool is_all_text(const struct paper *p)
{
	bool good = is_text(p->title) && is_text(p->company) && is_text(p->date) && is_text(p->sources);

	for (size_t i = 0; i < p->blocks.n && good; i++)
		good = is_text(p->blocks.at[i].text) && is_text(p->blocks.at[i].value);
	return good;
}

static int render(const struct paper *p, struct buf *to, PangoFontMap *fonts, unsigned *pages)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, to, width_pt, height_pt);
	struct sheet s = {.paper = p, .cr = cairo_create(surface), .pages = *pages};

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

	if (!is_all_text(p))
		return ERR_INVALID;
	PangoFontMap *fonts = pango_cairo_font_map_new();
	int r = render(p, NULL, fonts, &pages);
	if (r >= 0)
		r = render(p, ret_pdf, fonts, &pages);
	g_object_unref(fonts);
	return r;
}
