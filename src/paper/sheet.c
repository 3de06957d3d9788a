/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text that goes over a page's end is tagged once on each page: what stands in the foot between its lines must not be
 * read as part of it. Structure without text of its own (a table, a list) stays open over pages. */
#include "paper/sheet.h"

#include <stdio.h>

#define FONT "BIZ UDPGothic"
enum { FOOT_MAX_BYTES = 64, FOOT_BELOW_PT = 16 };

PangoLayout *sheet_lay(struct sheet *s, struct str text, int size_pt, bool bold, double wide_pt)
{
	PangoLayout *layout = pango_layout_new(s->context);
	PangoFontDescription *font = pango_font_description_from_string(FONT);

	pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(layout, (int) (wide_pt * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_spacing(layout, (int) (leading_pt * PANGO_SCALE));
	/* A hyphen where a key is broken would be taken for a part of it. */
	PangoAttrList *attributes = pango_attr_list_new();
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_text(layout, text.n ? text.p : "", (int) text.n);
	return layout;
}

double sheet_layout_height(PangoLayout *layout)
{
	int h;

	pango_layout_get_size(layout, NULL, &h);
	return (double) h / PANGO_SCALE;
}

double sheet_line_height(PangoLayoutLine *line)
{
	PangoRectangle box;

	pango_layout_line_get_extents(line, NULL, &box);
	return (double) box.height / PANGO_SCALE + leading_pt;
}

void sheet_show_line(struct sheet *s, PangoLayoutLine *line, double left_pt, double wide_pt, PangoAlignment align)
{
	PangoRectangle box;

	pango_layout_line_get_extents(line, NULL, &box);
	double spare = wide_pt - (double) box.width / PANGO_SCALE;
	double x = left_pt + (align == PANGO_ALIGN_RIGHT ? spare : align == PANGO_ALIGN_CENTER ? spare / 2 : 0);
	cairo_move_to(s->cr, x, s->y - (double) box.y / PANGO_SCALE);
	pango_cairo_show_layout_line(s->cr, line);
}

double sheet_bottom(void)
{
	return height_pt - margin_pt;
}

void sheet_write_foot(struct sheet *s)
{
	char text[FOOT_MAX_BYTES];
	double wide = width_pt - 2 * margin_pt, y = s->y;

	snprintf(text, sizeof(text), "%u/%u", s->page, s->pages);
	PangoLayout *layout = sheet_lay(s, str_of(text), SMALL_PT, false, wide);
	s->y = sheet_bottom() + FOOT_BELOW_PT;
	sheet_show_line(s, pango_layout_get_line_readonly(layout, 0), margin_pt, wide, PANGO_ALIGN_CENTER);
	s->y = y;
	g_object_unref(layout);
}

void sheet_turn(struct sheet *s)
{
	sheet_write_foot(s);
	cairo_show_page(s->cr);
	s->page++;
	s->y = margin_pt;
}

void sheet_need(struct sheet *s, double needed_pt)
{
	if (s->y + needed_pt > sheet_bottom() && s->y > margin_pt)
		sheet_turn(s);
}

void sheet_begin_tag(struct sheet *s, const char *tag)
{
	if (tag)
		cairo_tag_begin(s->cr, tag, NULL);
}

void sheet_end_tag(struct sheet *s, const char *tag)
{
	if (tag)
		cairo_tag_end(s->cr, tag);
}

void sheet_write(struct sheet *s, const struct sheet_style *style, struct str text)
{
	double wide = width_pt - margin_pt - style->left_pt;
	if (text.n == 0)
		return;
	PangoLayout *layout = sheet_lay(s, text, style->size_pt, style->bold, wide);

	sheet_begin_tag(s, style->tag);
	for (int i = 0; i < pango_layout_get_line_count(layout); i++) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
		double h = sheet_line_height(line);
		if (s->y + h - leading_pt > sheet_bottom() && s->y > margin_pt) {
			sheet_end_tag(s, style->tag);
			sheet_turn(s);
			sheet_begin_tag(s, style->tag);
		}
		sheet_show_line(s, line, style->left_pt, wide, style->align);
		s->y += h;
	}
	sheet_end_tag(s, style->tag);
	g_object_unref(layout);
}
