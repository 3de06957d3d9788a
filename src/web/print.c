/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A paper of a page on its way to the press and back. */
#include "base/err.h"
#include "paper/press.h"
#include "web/site-inside.h"

int page_print(struct page *p, const struct paper *paper, enum press_format format, const char *name)
{
	CLEANUP(buf_done) struct buf question = buf_make(FRAME_HEADER_BYTES + PRESS_QUESTION_MAX_BYTES);
	int r = press_put_question(format, paper, &question);
	if (r < 0)
		return r;
	p->inside->printing = arena_dup(p->arena, buf_str(&question));
	p->inside->print_format = format;
	p->inside->print_name = arena_printf(p->arena, "%s.%s", name, format == PRESS_DOCX ? "docx" : "pdf");
	return arena_is_full(p->arena) ? ERR_TOO_LARGE : 0;
}

static void on_printed(void *user, int r, struct str bytes)
{
	struct page *p = user;
	struct page_inside *in = p->inside;
	const char *type = in->print_format == PRESS_DOCX
	                           ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	                           : "application/pdf";
	if (r >= 0)
		r = page_download(p, type, arena_cstr(p->arena, in->print_name), bytes);
	if (r < 0)
		page_error(p, r);
	respond(p);
}

void print_start(struct page *p)
{
	const struct site_press *press = &p->inside->site->options.press;
	int r = press->ask ? press->ask(press->context, p->inside->printing, on_printed, p) : ERR_UNAVAILABLE;
	if (r < 0)
		on_printed(p, r, STR(""));
}
