/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "paper/inside.h"

enum { QR_ARENA_BYTES = 256 * 1024 };

#define STYLE                                                                                                          \
	"@page{size:A4;margin:20mm}body{font:11pt/1.7 'BIZ UDPGothic',sans-serif;max-width:44em;margin:2em auto;"      \
	"padding:0 1em}h1{font-size:1.5em}h2{font-size:1.2em;border-bottom:1px solid}.box{border:2px solid;padding:"   \
	".5em 1em}.line{border-bottom:1px solid;display:inline-block;min-width:18em}.break{break-after:page}.small{"   \
	"font-size:.8em}svg{width:40mm;height:40mm}"

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
	buf_printf(b, "<figure><svg viewBox=\"-4 -4 %u %u\" role=\"img\"><path d=\"", qr.width + 8, qr.width + 8);
	for (unsigned i = 0; i < qr.width * qr.width; i++)
		if (qr.cells[i] & 1)
			buf_printf(b, "M%u %uh1v1h-1z", i % qr.width, i / qr.width);
	put(b, "\"/></svg><figcaption>", block->text, "<br>");
	put(b, "", block->value, "</figcaption></figure>\n");
	return 0;
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
		buf_printf(b, "<ol start=\"%u\">", block->number);
		put(b, "<li>", block->text, "</li></ol>\n");
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
	case PAPER_QR:
		return put_qr(b, block);
	case PAPER_BREAK:
		buf_add_c(b, "<div class=\"break\"></div>\n");
		break;
	case PAPER_KIND_COUNT:
		CHECK(false);
	}
	return 0;
}

int paper_write_html(const struct paper *p, struct buf *ret_html)
{
	put(ret_html, "<!doctype html>\n<meta charset=\"utf-8\">\n<title>", p->title, "</title>\n");
	buf_add_c(ret_html, "<style>" STYLE "</style>\n");
	return paper_write_fragment(p, ret_html);
}

int paper_write_fragment(const struct paper *p, struct buf *ret_html)
{
	put(ret_html, "<h1>", p->title, "</h1>\n");
	put(ret_html, "<p>", p->company, " ");
	put(ret_html, "", p->date, "</p>\n");
	for (size_t i = 0; i < p->blocks.n; i++) {
		int r = put_block(ret_html, &p->blocks.at[i]);
		if (r < 0)
			return r;
	}
	if (p->sources.n)
		put(ret_html, "<p class=\"small\">", p->sources, "</p>\n");
	return buf_failed(ret_html) ? ERR_TOO_LARGE : 0;
}
