/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Office Open XML (ECMA-376): the few parts that Word and LibreOffice ask for. Pairs and fields stand in a table
 * without borders, so that they stay in columns when somebody edits them. Lengths are twentieths of a point. */
#include "paper/docx.h"

#include <cairo.h>
#include <stdio.h>

#include "base/err.h"

enum {
	QR_ARENA_BYTES = 256 * 1024,
	QR_PNG_MAX_BYTES = 1024 * 1024,
	QR_QUIET = 4,          /* squares around a code */
	QR_PIXELS = 6,         /* of a square */
	QR_SIZE_EMU = 1440000, /* 40 mm */
	NAME_MAX_BYTES = 64,
	TEXT_WIDE = 9638,
	PAIR_WIDE = 3000,
	COLUMN_LEAST = 480,
};

/* ---- text ---- */

/* Runs of a paragraph; line ends become breaks. */
static void runs(struct buf *b, struct str text, bool bold)
{
	while (text.n > 0) {
		size_t end = 0;
		while (end < text.n && text.p[end] != '\n' && text.p[end] != '\t')
			end++;
		buf_add_c(b, bold ? "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">"
		                  : "<w:r><w:t xml:space=\"preserve\">");
		docx_escape(b, str_slice(text, 0, end));
		buf_add_c(b, "</w:t>");
		if (end < text.n)
			buf_add_c(b, text.p[end] == '\n' ? "<w:br/>" : "<w:tab/>");
		buf_add_c(b, "</w:r>");
		text = str_slice(text, end + 1, text.n);
	}
}

static void paragraph(struct buf *b, const char *properties, struct str text, bool bold)
{
	buf_add_c(b, "<w:p>");
	if (*properties)
		buf_printf(b, "<w:pPr>%s</w:pPr>", properties);
	runs(b, text, bold);
	buf_add_c(b, "</w:p>\n");
}

/* ---- tables ---- */

/* A paragraph is asked for after a table, and keeps two of them apart. */
static void end_table(struct buf *b)
{
	buf_add_c(b, "</w:tbl>\n<w:p><w:pPr><w:spacing w:after=\"0\"/></w:pPr></w:p>\n");
}

static void end_pairs(struct docx *d)
{
	if (d->in_pairs)
		end_table(&d->body);
	d->in_pairs = false;
}

static void begin_cell(struct buf *b, int wide, const char *properties)
{
	buf_printf(b, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/>%s</w:tcPr>", wide, properties);
}

static void put_pair(struct docx *d, const struct paper_block *block, bool has_line)
{
	struct buf *b = &d->body;

	if (!d->in_pairs)
		buf_printf(b,
		           "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>"
		           "</w:tblPr><w:tblGrid><w:gridCol w:w=\"%d\"/><w:gridCol w:w=\"%d\"/></w:tblGrid>\n",
		           TEXT_WIDE, PAIR_WIDE, TEXT_WIDE - PAIR_WIDE);
	d->in_pairs = true;
	buf_add_c(b, "<w:tr>");
	begin_cell(b, PAIR_WIDE, "");
	paragraph(b, "", block->text, false);
	buf_add_c(b, "</w:tc>");
	begin_cell(b, TEXT_WIDE - PAIR_WIDE,
	           has_line ? "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\" w:color=\"000000\"/></w:tcBorders>"
	                    : "");
	paragraph(b, "", block->value, false);
	buf_add_c(b, "</w:tc></w:tr>\n");
}

static int column_wide(const struct paper_table *t, size_t column)
{
	int spare = TEXT_WIDE - COLUMN_LEAST * (int) t->column_count;
	return COLUMN_LEAST + (int) (spare * paper_table_share(t, column));
}

static void put_cell(struct buf *b, const struct paper_table *t, size_t column, struct str text, bool is_heading)
{
	begin_cell(b, column_wide(t, column),
	           is_heading ? "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EBEBEB\"/>" : "");
	paragraph(b,
	          t->columns[column].align == PAPER_RIGHT ? "<w:pStyle w:val=\"Cell\"/><w:jc w:val=\"right\"/>"
	                                                  : "<w:pStyle w:val=\"Cell\"/>",
	          text, is_heading);
	buf_add_c(b, "</w:tc>");
}

static void begin_grid(struct buf *b, const struct paper_table *t)
{
	static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};

	buf_printf(b, "<w:tbl><w:tblPr><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblBorders>", TEXT_WIDE);
	for (size_t i = 0; i < sizeof(sides) / sizeof(*sides); i++)
		buf_printf(b, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>", sides[i]);
	buf_add_c(b, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
	for (size_t i = 0; i < t->column_count; i++)
		buf_printf(b, "<w:gridCol w:w=\"%d\"/>", column_wide(t, i));
	buf_add_c(b, "</w:tblGrid>\n");
}

static void put_table(struct buf *b, struct str caption, const struct paper_table *t)
{
	if (caption.n)
		paragraph(b, "<w:pStyle w:val=\"Caption\"/>", caption, false);
	begin_grid(b, t);
	buf_add_c(b, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
	for (size_t i = 0; i < t->column_count; i++)
		put_cell(b, t, i, t->columns[i].heading, true);
	buf_add_c(b, "</w:tr>\n");
	for (size_t row = 0; row < t->row_count; row++) {
		buf_add_c(b, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
		for (size_t i = 0; i < t->column_count; i++)
			put_cell(b, t, i, t->cells[row * t->column_count + i], false);
		buf_add_c(b, "</w:tr>\n");
	}
	end_table(b);
}

/* ---- codes ---- */

static cairo_status_t write_piece(void *context, const unsigned char *bytes, unsigned n)
{
	return buf_add(context, bytes, n) < 0 ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static int draw_qr(const struct qr *qr, struct buf *png)
{
	int side = (int) (qr->width + 2 * QR_QUIET) * QR_PIXELS;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
	cairo_t *cr = cairo_create(surface);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	for (unsigned row = 0; row < qr->width; row++)
		for (unsigned column = 0; column < qr->width; column++)
			if (qr->cells[row * qr->width + column] & 1)
				cairo_rectangle(cr, (QR_QUIET + column) * QR_PIXELS, (QR_QUIET + row) * QR_PIXELS,
				                QR_PIXELS, QR_PIXELS);
	cairo_fill(cr);
	bool is_drawn = cairo_surface_write_to_png_stream(surface, write_piece, png) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return is_drawn ? 0 : ERR_TOO_LARGE;
}

#define CENTRED "<w:jc w:val=\"center\"/>"

/* What is in the code is said to those who do not see it. */
static void place_picture(struct docx *d, unsigned number, struct str value, bool is_large)
{
	struct buf *b = &d->body;
	int size = is_large ? 3 * QR_SIZE_EMU / 2 : QR_SIZE_EMU;

	buf_printf(b,
	           "<w:p>%s<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">"
	           "<wp:extent cx=\"%d\" cy=\"%d\"/><wp:docPr id=\"%u\" name=\"QR %u\" descr=\"",
	           is_large ? "<w:pPr>" CENTRED "</w:pPr>" : "", size, size, number, number);
	docx_escape(b, value);
	buf_printf(b,
	           "\"/><a:graphic><a:graphicData "
	           "uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
	           "<pic:nvPicPr><pic:cNvPr id=\"%u\" name=\"QR %u\"/><pic:cNvPicPr/></pic:nvPicPr>"
	           "<pic:blipFill><a:blip r:embed=\"code%u\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
	           "<pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%d\" cy=\"%d\"/></a:xfrm>"
	           "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
	           "</wp:inline></w:drawing></w:r></w:p>\n",
	           number, number, number, size, size);
}

static int put_qr(struct docx *d, const struct paper_block *block)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(QR_ARENA_BYTES);
	CLEANUP(buf_done) struct buf png = buf_make(QR_PNG_MAX_BYTES);
	char name[NAME_MAX_BYTES];
	struct qr qr;
	unsigned number = ++d->pictures;

	int r = qr_make(a, block->value, &qr);
	if (r >= 0)
		r = draw_qr(&qr, &png);
	snprintf(name, sizeof(name), "word/media/code%u.png", number);
	if (r >= 0)
		r = zip_add(d->zip, name, buf_str(&png), 0);
	buf_printf(&d->relations,
	           "<Relationship Id=\"code%u\" Type=\"" DOCX_R "/image\" Target=\"media/code%u.png\"/>\n", number,
	           number);
	bool is_large = block->kind == PAPER_QR_LARGE;
	place_picture(d, number, block->value, is_large);
	paragraph(&d->body, is_large ? CENTRED : "", block->text, false);
	paragraph(&d->body, is_large ? CENTRED : "", block->value, false);
	return r;
}

/* ---- blocks ---- */

/* Items that follow each other are one list, which begins with the number of its first. */
static void put_item(struct docx *d, size_t i)
{
	const struct paper_block *block = &d->paper->blocks.at[i];
	char properties[2 * NAME_MAX_BYTES];

	if (i == 0 || d->paper->blocks.at[i - 1].kind != block->kind) {
		d->lists++;
		buf_printf(&d->numbering, "<w:num w:numId=\"%u\"><w:abstractNumId w:val=\"%d\"/>", d->lists,
		           block->kind == PAPER_STEP ? DOCX_NUMBERS : DOCX_BULLETS);
		if (block->kind == PAPER_STEP)
			buf_printf(&d->numbering,
			           "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"%u\"/></w:lvlOverride>",
			           block->number);
		buf_add_c(&d->numbering, "</w:num>\n");
	}
	snprintf(properties, sizeof(properties), "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"%u\"/></w:numPr>",
	         d->lists);
	paragraph(&d->body, properties, block->text, false);
}

static int put_block(struct docx *d, size_t i)
{
	const struct paper_block *block = &d->paper->blocks.at[i];

	if (block->kind != PAPER_PAIR && block->kind != PAPER_FIELD && block->kind != PAPER_SIGNATURE)
		end_pairs(d);
	switch (block->kind) {
	case PAPER_HEADING:
		paragraph(&d->body, "<w:pStyle w:val=\"Heading2\"/>", block->text, false);
		break;
	case PAPER_TEXT:
		paragraph(&d->body, "", block->text, false);
		break;
	case PAPER_STEP:
	case PAPER_BULLET:
		put_item(d, i);
		break;
	case PAPER_BOX:
		paragraph(&d->body, "<w:pStyle w:val=\"Box\"/>", block->text, true);
		break;
	case PAPER_PAIR:
		put_pair(d, block, false);
		break;
	case PAPER_FIELD:
	case PAPER_SIGNATURE:
		put_pair(d, block, true);
		break;
	case PAPER_LARGE:
		paragraph(&d->body, "<w:pStyle w:val=\"Large\"/>", block->text, true);
		break;
	case PAPER_QR:
	case PAPER_QR_LARGE:
		return put_qr(d, block);
	case PAPER_BREAK:
		buf_add_c(&d->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>\n");
		break;
	case PAPER_TABLE:
		put_table(&d->body, block->text, block->table);
		break;
	case PAPER_LETTER: /* stands in the head */
		break;
	case PAPER_KIND_COUNT:
		CHECK(false);
	}
	return 0;
}

static void put_head(struct docx *d)
{
	static const char right[] = "<w:jc w:val=\"right\"/>";
	const struct paper *p = d->paper;
	const struct paper_block *letter = paper_letter(p);
	struct buf *b = &d->body;

	if (letter) {
		paragraph(b, right, p->date, false);
		paragraph(b, "", letter->text, true);
		paragraph(b, right, p->company, false);
		if (letter->value.n)
			paragraph(b, right, letter->value, false);
	}
	paragraph(b,
	          letter ? "<w:pStyle w:val=\"Heading1\"/><w:jc w:val=\"center\"/>" : "<w:pStyle w:val=\"Heading1\"/>",
	          p->title, false);
	if (!letter) {
		paragraph(b, "", p->company, false);
		paragraph(b, "", p->date, false);
	}
}

static int put_body(struct docx *d)
{
	const struct paper *p = d->paper;
	struct buf *b = &d->body;

	buf_add_c(b, DOCX_XML "<w:document xmlns:w=\"" DOCX_W "\" xmlns:r=\"" DOCX_R "\" "
	                      "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" "
	                      "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
	                      "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>\n");
	put_head(d);
	for (size_t i = 0; i < p->blocks.n; i++) {
		int r = put_block(d, i);
		if (r < 0)
			return r;
	}
	end_pairs(d);
	if (p->sources.n > 0)
		paragraph(b, "<w:pStyle w:val=\"Small\"/>", p->sources, false);
	/* A4, margins of 20 mm. */
	buf_add_c(b, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"footer\"/>"
	             "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
	             "<w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" "
	             "w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>\n");
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}

static int write_parts(struct docx *d)
{
	int r = docx_begin_parts(d);
	if (r >= 0)
		r = put_body(d);
	if (r >= 0)
		r = docx_add_parts(d);
	if (r >= 0)
		r = zip_add(d->zip, "word/document.xml", buf_str(&d->body), 0);
	return r < 0 ? r : zip_finish(d->zip);
}

int paper_write_docx(const struct paper *p, struct buf *ret_docx)
{
	if (!paper_is_text(p))
		return ERR_INVALID;
	struct docx d = {.paper = p,
	                 .zip = zip_new(ret_docx),
	                 .body = buf_make(DOCX_PART_MAX_BYTES),
	                 .relations = buf_make(DOCX_PART_MAX_BYTES),
	                 .numbering = buf_make(DOCX_PART_MAX_BYTES)};
	int r = d.zip ? write_parts(&d) : ERR_TOO_LARGE;
	zip_free(d.zip);
	buf_done(&d.body);
	buf_done(&d.relations);
	buf_done(&d.numbering);
	return r;
}
