/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "paper/inside.h"

enum { QR_ARENA_BYTES = 256 * 1024, PERCENT = 100 };

#define STYLE                                                                                                          \
	"@page{size:A4;margin:20mm}body{font:11pt/1.7 'BIZ UDPGothic',sans-serif;max-width:44em;margin:2em auto;"      \
	"padding:0 1em}h1{font-size:1.5em}h2{font-size:1.2em;border-bottom:1px solid}.box{border:2px solid;padding:"   \
	".5em 1em}.line{border-bottom:1px solid;display:inline-block;min-width:18em}.break{break-after:page}.small{"   \
	"font-size:.8em}svg{width:40mm;height:40mm}table{border-collapse:collapse;width:100%}caption{text-align:left;" \
	"font-weight:bold}th,td{border:1px solid;padding:.2em .5em;text-align:left;vertical-align:top;"                \
	"overflow-wrap:anywhere}th{background:#eee}thead{display:table-header-group}tr{break-inside:avoid}"            \
	".num,.right{text-align:right}.center{text-align:center}.large{font-size:48pt;line-height:1.3;"                \
	"font-weight:bold;text-align:center;margin:.3em 0}.poster{text-align:center}.poster "                          \
	"svg{width:60mm;height:60mm}"

static void escape(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.p[i]) {
		case '&':
			buf_add_c(b, "&amp;");
			break;
		case '<':
			buf_add_c(b, "&lt;");
			break;
		case '>':
			buf_add_c(b, "&gt;");
			break;
		case '"':
			buf_add_c(b, "&quot;");
			break;
		case '\n':
			buf_add_c(b, "<br>");
			break;
		default:
			buf_add_char(b, s.p[i]);
		}
}

static void put(struct buf *b, const char *before, struct str text, const char *after)
{
	buf_add_c(b, before);
	escape(b, text);
	buf_add_c(b, after);
}

static int put_qr(struct buf *b, const struct paper_block *block)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(QR_ARENA_BYTES);
	struct qr qr;

	int r = qr_make(a, block->value, &qr);
	if (r < 0)
		return r;
	bool is_large = block->kind == PAPER_QR_LARGE;
	buf_printf(b, "<figure%s><svg viewBox=\"-4 -4 %u %u\" role=\"img\"><path d=\"",
	           is_large ? " class=\"poster\"" : "", qr.width + 8, qr.width + 8);
	for (unsigned i = 0; i < qr.width * qr.width; i++)
		if (qr.cells[i] & 1)
			buf_printf(b, "M%u %uh1v1h-1z", i % qr.width, i / qr.width);
	put(b, "\"/></svg><figcaption>", block->text, "<br>");
	put(b, "", block->value, "</figcaption></figure>\n");
	return 0;
}

static void put_cell(struct buf *b, const char *tag, const char *scope, const struct paper_column *column,
                     struct str text)
{
	buf_printf(b, "<%s%s%s>", tag, scope, column->align == PAPER_RIGHT ? " class=\"num\"" : "");
	put(b, "", text, "</");
	buf_printf(b, "%s>", tag);
}

static void put_table(struct buf *b, struct str caption, const struct paper_table *t)
{
	buf_add_c(b, "<table>");
	if (caption.n)
		put(b, "<caption>", caption, "</caption>");
	buf_add_c(b, "<colgroup>");
	for (size_t i = 0; i < t->column_count; i++)
		buf_printf(b, "<col width=\"%.1f%%\">", PERCENT * paper_table_share(t, i));
	buf_add_c(b, "</colgroup>\n<thead><tr>");
	for (size_t i = 0; i < t->column_count; i++)
		put_cell(b, "th", " scope=\"col\"", &t->columns[i], t->columns[i].heading);
	buf_add_c(b, "</tr></thead>\n<tbody>");
	for (size_t row = 0; row < t->row_count; row++) {
		buf_add_c(b, "<tr>");
		for (size_t i = 0; i < t->column_count; i++)
			put_cell(b, "td", "", &t->columns[i], t->cells[row * t->column_count + i]);
		buf_add_c(b, "</tr>\n");
	}
	buf_add_c(b, "</tbody></table>\n");
}

static int put_block(struct buf *b, const struct paper_block *block)
{
	switch (block->kind) {
	case PAPER_HEADING:
		put(b, "<h2>", block->text, "</h2>\n");
		break;
	case PAPER_TEXT:
		put(b, "<p>", block->text, "</p>\n");
		break;
	case PAPER_STEP:
	case PAPER_BULLET:
		put(b, "<li>", block->text, "</li>\n");
		break;
	case PAPER_BOX:
		put(b, "<p class=\"box\">", block->text, "</p>\n");
		break;
	case PAPER_PAIR:
		put(b, "<dl><dt>", block->text, "</dt>");
		put(b, "<dd>", block->value, "</dd></dl>\n");
		break;
	case PAPER_FIELD:
	case PAPER_SIGNATURE:
		put(b, "<p>", block->text, " ");
		put(b, "<span class=\"line\">", block->value, "&nbsp;</span></p>\n");
		break;
	case PAPER_LARGE:
		put(b, "<p class=\"large\">", block->text, "</p>\n");
		break;
	case PAPER_QR:
	case PAPER_QR_LARGE:
		return put_qr(b, block);
	case PAPER_BREAK:
		buf_add_c(b, "<div class=\"break\"></div>\n");
		break;
	case PAPER_TABLE:
		put_table(b, block->text, block->table);
		break;
	case PAPER_LETTER: /* stands in the head */
		break;
	case PAPER_KIND_COUNT:
		CHECK(false);
	}
	return 0;
}

static void put_head(struct buf *b, const struct paper *p)
{
	const struct paper_block *letter = paper_letter(p);

	if (!letter) {
		put(b, "<h1>", p->title, "</h1>\n");
		put(b, "<p>", p->company, " ");
		put(b, "", p->date, "</p>\n");
		return;
	}
	put(b, "<p class=\"right\">", p->date, "</p>\n");
	put(b, "<p><strong>", letter->text, "</strong></p>\n");
	put(b, "<p class=\"right\">", p->company, "<br>");
	put(b, "", letter->value, "</p>\n");
	put(b, "<h1 class=\"center\">", p->title, "</h1>\n");
}

/* Items that follow each other are one list. */
static void put_list_begin(struct buf *b, const struct paper *p, size_t i)
{
	const struct paper_block *block = &p->blocks.at[i];

	if (i > 0 && p->blocks.at[i - 1].kind == block->kind)
		return;
	if (block->kind == PAPER_STEP)
		buf_printf(b, "<ol start=\"%u\">", block->number);
	else if (block->kind == PAPER_BULLET)
		buf_add_c(b, "<ul>");
}

static void put_list_end(struct buf *b, const struct paper *p, size_t i)
{
	enum paper_kind kind = p->blocks.at[i].kind;

	if (i + 1 < p->blocks.n && p->blocks.at[i + 1].kind == kind)
		return;
	buf_add_c(b, kind == PAPER_STEP ? "</ol>\n" : kind == PAPER_BULLET ? "</ul>\n" : "");
}

int paper_write_html(const struct paper *p, struct buf *ret_html)
{
	buf_printf(ret_html, "<!doctype html>\n<html lang=\"%.2s\">", paper_language(p));
	put(ret_html, "<meta charset=\"utf-8\">\n<title>", p->title, "</title>\n");
	buf_add_c(ret_html, "<style>" STYLE "</style>\n");
	return paper_write_fragment(p, ret_html);
}

int paper_write_fragment(const struct paper *p, struct buf *ret_html)
{
	put_head(ret_html, p);
	for (size_t i = 0; i < p->blocks.n; i++) {
		put_list_begin(ret_html, p, i);
		int r = put_block(ret_html, &p->blocks.at[i]);
		if (r < 0)
			return r;
		put_list_end(ret_html, p, i);
	}
	if (p->sources.n)
		put(ret_html, "<p class=\"small\">", p->sources, "</p>\n");
	return buf_failed(ret_html) ? ERR_TOO_LARGE : 0;
}
