/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Office Open XML (ECMA-376): the few parts that Word and LibreOffice ask for. Pairs and fields stand in a table
 * without borders, so that they stay in columns when somebody edits them. */
#include <cairo.h>

#include "base/err.h"
#include "paper/inside.h"
#include "paper/zip.h"

enum {
	PART_MAX_BYTES = 8 * 1024 * 1024,
	QR_ARENA_BYTES = 256 * 1024,
	QR_QUIET = 4,          /* squares around a code */
	QR_PIXELS = 6,         /* of a square */
	QR_SIZE_EMU = 1440000, /* 40 mm */
	NAME_MAX_BYTES = 64,
};
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define TYPE_PREFIX "application/vnd.openxmlformats-officedocument.wordprocessingml."

struct writer {
	const struct paper *paper;
	struct zip *zip;
	struct buf body, relations;
	unsigned pictures;
	bool in_table;
};

/* ---- text ---- */

static void escape(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char) s.p[i];
		if (c == '&')
			buf_add_c(b, "&amp;");
		else if (c == '<')
			buf_add_c(b, "&lt;");
		else if (c == '>')
			buf_add_c(b, "&gt;");
		else if (c == '"')
			buf_add_c(b, "&quot;");
		else if (c >= 0x20 || c == '\t') /* XML 1.0 has no other control characters */
			buf_add_char(b, (char) c);
	}
}

/* Runs of a paragraph; line ends become breaks. */
static void runs(struct buf *b, struct str text, bool bold)
{
	while (text.n > 0) {
		size_t end = str_find_char(text, '\n', 0);
		buf_add_c(b, bold ? "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">"
		                  : "<w:r><w:t xml:space=\"preserve\">");
		escape(b, str_slice(text, 0, end));
		buf_add_c(b, end == STR_NOT_FOUND ? "</w:t></w:r>" : "</w:t><w:br/></w:r>");
		text = end == STR_NOT_FOUND ? STR("") : str_slice(text, end + 1, text.n);
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

/* ---- pairs ---- */

static void end_table(struct writer *w)
{
	if (w->in_table)
		buf_add_c(&w->body, "</w:tbl>\n<w:p><w:pPr><w:spacing w:after=\"0\"/></w:pPr></w:p>\n");
	w->in_table = false;
}

static void row(struct writer *w, const struct paper_block *block, bool has_line)
{
	struct buf *b = &w->body;
	if (!w->in_table)
		buf_add_c(
		        b,
		        "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr>"
		        "<w:tblGrid><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"6600\"/></w:tblGrid>\n");
	w->in_table = true;
	buf_add_c(b, "<w:tr><w:tc><w:tcPr><w:tcW w:w=\"3000\" w:type=\"dxa\"/></w:tcPr>");
	paragraph(b, "", block->text, false);
	buf_add_c(b, "</w:tc><w:tc><w:tcPr><w:tcW w:w=\"6600\" w:type=\"dxa\"/>");
	if (has_line)
		buf_add_c(b, "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\" w:color=\"000000\"/></w:tcBorders>");
	buf_add_c(b, "</w:tcPr>");
	paragraph(b, "", block->value, false);
	buf_add_c(b, "</w:tc></w:tr>\n");
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
	for (unsigned i = 0; i < qr->width * qr->width; i++) {
		unsigned x = QR_QUIET + i % qr->width, y = QR_QUIET + i / qr->width;
		if (qr->cells[i] & 1)
			cairo_rectangle(cr, x * QR_PIXELS, y * QR_PIXELS, QR_PIXELS, QR_PIXELS);
	}
	cairo_fill(cr);
	bool is_drawn = cairo_surface_write_to_png_stream(surface, write_piece, png) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return is_drawn ? 0 : ERR_TOO_LARGE;
}

static int picture(struct writer *w, const struct paper_block *block)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(QR_ARENA_BYTES);
	CLEANUP(buf_done) struct buf png = buf_make(PART_MAX_BYTES);
	char name[NAME_MAX_BYTES];
	struct qr qr;
	unsigned number = ++w->pictures;
	int r = qr_make(a, block->value, &qr);
	if (r >= 0)
		r = draw_qr(&qr, &png);
	snprintf(name, sizeof(name), "word/media/code%u.png", number);
	if (r >= 0)
		r = zip_add(w->zip, name, buf_str(&png), 0);
	buf_printf(&w->relations, "<Relationship Id=\"code%u\" Type=\"" R "/image\" Target=\"media/code%u.png\"/>\n",
	           number, number);
	buf_printf(
	        &w->body,
	        "<w:p><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">"
	        "<wp:extent cx=\"%d\" cy=\"%d\"/><wp:docPr id=\"%u\" name=\"QR %u\"/>"
	        "<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
	        "<pic:nvPicPr><pic:cNvPr id=\"%u\" name=\"QR %u\"/><pic:cNvPicPr/></pic:nvPicPr>"
	        "<pic:blipFill><a:blip r:embed=\"code%u\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
	        "<pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%d\" cy=\"%d\"/></a:xfrm>"
	        "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
	        "</wp:inline></w:drawing></w:r></w:p>\n",
	        QR_SIZE_EMU, QR_SIZE_EMU, number, number, number, number, number, QR_SIZE_EMU, QR_SIZE_EMU);
	paragraph(&w->body, "", block->text, false);
	paragraph(&w->body, "", block->value, false);
	return r;
}

/* ---- blocks ---- */

static int put_block(struct writer *w, const struct paper_block *block)
{
	bool is_row = block->kind == PAPER_PAIR || block->kind == PAPER_FIELD || block->kind == PAPER_SIGNATURE;
	if (!is_row)
		end_table(w);
	switch (block->kind) {
	case PAPER_HEADING:
		paragraph(&w->body, "<w:pStyle w:val=\"Heading1\"/>", block->text, false);
		break;
	case PAPER_TEXT:
		paragraph(&w->body, "", block->text, false);
		break;
	case PAPER_STEP:
		buf_printf(&w->body,
		           "<w:p><w:pPr><w:ind w:left=\"567\" "
		           "w:hanging=\"567\"/></w:pPr><w:r><w:t>%u.</w:t><w:tab/></w:r>",
		           block->number);
		runs(&w->body, block->text, false);
		buf_add_c(&w->body, "</w:p>\n");
		break;
	case PAPER_BOX:
		paragraph(&w->body, "<w:pStyle w:val=\"Box\"/>", block->text, true);
		break;
	case PAPER_PAIR:
		row(w, block, false);
		break;
	case PAPER_FIELD:
	case PAPER_SIGNATURE:
		row(w, block, true);
		break;
	case PAPER_QR:
		return picture(w, block);
	case PAPER_BREAK:
		buf_add_c(&w->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>\n");
		break;
	case PAPER_KIND_COUNT:
		CHECK(false);
	}
	return 0;
}

static int put_body(struct writer *w)
{
	const struct paper *p = w->paper;
	struct buf *b = &w->body;
	buf_add_c(b, XML "<w:document xmlns:w=\"" W "\" xmlns:r=\"" R "\" "
	                 "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" "
	                 "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
	                 "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>\n");
	paragraph(b, "<w:pStyle w:val=\"Title\"/>", p->title, false);
	paragraph(b, "", p->company, false);
	paragraph(b, "", p->date, false);
	int r = 0;
	for (size_t i = 0; r >= 0 && i < p->blocks.n; i++)
		r = put_block(w, &p->blocks.at[i]);
	end_table(w);
	if (p->sources.n > 0)
		paragraph(b, "<w:pStyle w:val=\"Small\"/>", p->sources, false);
	/* A4 in twentieths of a point, margins of 20 mm. */
	buf_add_c(b, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"footer\"/>"
	             "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
	             "<w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" "
	             "w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>\n");
	return r;
}

/* ---- the other parts ---- */

static const char types[] =
        XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
            "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
            "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" "
            "ContentType=\"image/png\"/>"
            "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE_PREFIX "document.main+xml\"/>"
            "<Override PartName=\"/word/styles.xml\" ContentType=\"" TYPE_PREFIX "styles+xml\"/>"
            "<Override PartName=\"/word/footer1.xml\" ContentType=\"" TYPE_PREFIX "footer+xml\"/>"
            "<Override PartName=\"/docProps/core.xml\" "
            "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>\n";
static const char top_relations[] =
        XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            "<Relationship Id=\"document\" Type=\"" R "/officeDocument\" Target=\"word/document.xml\"/>"
            "<Relationship Id=\"core\" "
            "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
            "Target=\"docProps/core.xml\"/></Relationships>\n";
#define FONTS                                                                                                          \
	"<w:rFonts w:ascii=\"BIZ UDPGothic\" w:hAnsi=\"BIZ UDPGothic\" w:eastAsia=\"BIZ UDPゴシック\" "            \
	"w:cs=\"BIZ UDPGothic\"/>"
#define STYLE(id, name, more, runs)                                                                                    \
	"<w:style w:type=\"paragraph\" w:styleId=\"" id "\"><w:name w:val=\"" name "\"/><w:basedOn w:val=\"Normal\"/>" \
	"<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr>" more "</w:pPr><w:rPr>" runs "</w:rPr></w:style>"
static const char styles[] = XML
        "<w:styles xmlns:w=\"" W "\"><w:docDefaults><w:rPrDefault><w:rPr>" FONTS
        "<w:sz w:val=\"21\"/><w:lang w:val=\"en-US\" w:eastAsia=\"ja-JP\"/></w:rPr></w:rPrDefault>"
        "<w:pPrDefault><w:pPr><w:spacing w:after=\"100\" w:line=\"300\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault>"
        "</w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
        "<w:name w:val=\"Normal\"/><w:qFormat/></w:style>" STYLE("Title", "Title", "<w:spacing w:after=\"160\"/>",
                                                                 "<w:b/><w:sz w:val=\"36\"/>")
                STYLE("Heading1", "heading 1",
                      "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"80\"/><w:outlineLvl w:val=\"0\"/>",
                      "<w:b/><w:sz w:val=\"26\"/>")
                        STYLE("Box", "Box",
                              "<w:pBdr><w:top w:val=\"single\" w:sz=\"12\" w:space=\"4\" w:color=\"000000\"/>"
                              "<w:left w:val=\"single\" w:sz=\"12\" w:space=\"4\" w:color=\"000000\"/>"
                              "<w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"4\" w:color=\"000000\"/>"
                              "<w:right w:val=\"single\" w:sz=\"12\" w:space=\"4\" w:color=\"000000\"/></w:pBdr>",
                              "") STYLE("Small", "Small", "", "<w:sz w:val=\"16\"/>") "</w:styles>\n";
#define FIELD(code)                                                                                                    \
	"<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> " code               \
	" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r>"               \
	"<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
static const char footer[] = XML "<w:ftr xmlns:w=\"" W "\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>" FIELD(
        "PAGE") "<w:r><w:t>/</w:t></w:r>" FIELD("NUMPAGES") "</w:p></w:ftr>\n";

static int add_core(struct writer *w)
{
	CLEANUP(buf_done) struct buf b = buf_make(PART_MAX_BYTES);
	buf_add_c(&b, XML "<cp:coreProperties "
	                  "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
	                  "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>");
	escape(&b, w->paper->title);
	buf_add_c(&b, "</dc:title><dc:creator>");
	escape(&b, w->paper->company);
	buf_add_c(&b, "</dc:creator></cp:coreProperties>\n");
	return zip_add(w->zip, "docProps/core.xml", buf_str(&b), 0);
}

static int write_parts(struct writer *w)
{
	buf_add_c(&w->relations,
	          XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
	              "<Relationship Id=\"styles\" Type=\"" R "/styles\" Target=\"styles.xml\"/>"
	              "<Relationship Id=\"footer\" Type=\"" R "/footer\" Target=\"footer1.xml\"/>\n");
	int r = zip_add(w->zip, "[Content_Types].xml", STR(types), 0);
	if (r >= 0)
		r = zip_add(w->zip, "_rels/.rels", STR(top_relations), 0);
	if (r >= 0)
		r = add_core(w);
	if (r >= 0)
		r = zip_add(w->zip, "word/styles.xml", STR(styles), 0);
	if (r >= 0)
		r = zip_add(w->zip, "word/footer1.xml", STR(footer), 0);
	if (r >= 0)
		r = put_body(w);
	buf_add_c(&w->relations, "</Relationships>\n");
	if (r >= 0 && (buf_failed(&w->body) || buf_failed(&w->relations)))
		r = ERR_TOO_LARGE;
	if (r >= 0)
		r = zip_add(w->zip, "word/_rels/document.xml.rels", buf_str(&w->relations), 0);
	if (r >= 0)
		r = zip_add(w->zip, "word/document.xml", buf_str(&w->body), 0);
	return r < 0 ? r : zip_finish(w->zip);
}

int paper_write_docx(const struct paper *p, struct buf *ret_docx)
{
	struct writer w = {.paper = p,
	                   .zip = zip_new(ret_docx),
	                   .body = buf_make(PART_MAX_BYTES),
	                   .relations = buf_make(PART_MAX_BYTES)};
	int r = w.zip ? write_parts(&w) : ERR_TOO_LARGE;
	zip_free(w.zip);
	buf_done(&w.body);
	buf_done(&w.relations);
	return r;
}
