/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers that take long: a source gives one piece whenever the one before has been taken, and between two pieces the
 * loop serves others. What is not taken waits in one piece, not in a list that grows. */
#include "base/err.h"
#include "base/log.h"
#include "web/site-inside.h"

#define CONTENT_PLACE "<!--content-->"

static void finish(struct page *p, bool is_whole)
{
	http_exchange_end(p->inside->exchange, is_whole);
	page_free(p);
}

static void forget(void *context)
{
	finish(context, false);
}

/* The layout, in two: what stands before and after the content. */
static int split_layout(struct page *p, struct str *ret_head)
{
	struct buf html = buf_make(PAGE_HTML_MAX_BYTES);
	int r = respond_layout(p, STR(CONTENT_PLACE), &html);
	size_t at = r < 0 ? STR_NOT_FOUND : str_find(buf_str(&html), STR(CONTENT_PLACE), 0);
	if (r >= 0 && at == STR_NOT_FOUND)
		r = ERR_INVALID;
	if (r >= 0) {
		*ret_head = arena_dup(p->arena, str_slice(buf_str(&html), 0, at));
		p->inside->stream_tail =
		        arena_dup(p->arena, str_slice(buf_str(&html), at + sizeof(CONTENT_PLACE) - 1, html.n));
	}
	buf_done(&html);
	return r;
}

/* What the model says at the end, behind the pieces. */
static int add_last(struct page *p, int r, struct buf *b)
{
	struct page_inside *in = p->inside;
	if (in->is_text)
		return r;
	if (r < 0)
		respond_put_problem(p, problem_of_error(r));
	if (in->is_json)
		return respond_add_json(p, b);
	int rendered = templates_render(in->site->templates, r < 0 ? STR("error.html") : in->template_name, p->language,
	                                p->model, NULL, b);
	buf_add_str(b, in->stream_tail);
	return rendered < 0 ? rendered : buf_failed(b) ? ERR_TOO_LARGE : 0;
}

static void give_piece(void *context)
{
	struct page *p = context;
	struct page_inside *in = p->inside;
	struct buf piece = buf_make(PAGE_HTML_MAX_BYTES);
	int r = in->source.next(in->source.context, p, &piece);

	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "page.broken-off", LOG_TEXT("page", in->route.entry->path),
		          LOG_TEXT("why", err_word(r)));
	bool has_more = r > 0 && !buf_failed(&piece);
	if (!has_more)
		r = add_last(p, r, &piece);
	/* A line end is nothing in HTML and JSON; it shows that work goes on, and asks for the next turn. */
	if (has_more && piece.n == 0)
		buf_add_char(&piece, '\n');
	http_exchange_write(in->exchange, buf_str(&piece));
	bool is_whole = r >= 0 && !buf_failed(&piece);
	buf_done(&piece);
	if (!has_more)
		finish(p, is_whole);
}

static struct str type_of(const struct page_inside *in)
{
	if (in->is_text)
		return in->text_type;
	return in->is_json ? STR("application/json") : STR("text/html; charset=utf-8");
}

void respond_stream(struct page *p)
{
	struct page_inside *in = p->inside;
	struct http_answer answer = {.status = 200};
	struct str head = {NULL, 0};

	if (!in->is_text && !in->is_json && split_layout(p, &head) < 0) {
		in->source.next = NULL;
		respond_problem(p, PROBLEM_INTERNAL);
		return;
	}
	respond_add_fields(p, &answer, type_of(in));
	http_exchange_watch(in->exchange, &(struct http_watch){.context = p, .gone = forget, .drained = give_piece});
	http_exchange_begin(in->exchange, &answer);
	if (in->message->method == HTTP_HEAD)
		finish(p, true);
	else if (head.n > 0)
		http_exchange_write(in->exchange, head);
	else
		give_piece(p);
}

int page_stream(struct page *p, const struct page_source *source)
{
	p->inside->source = *source;
	return 0;
}

int page_stream_file(struct page *p, const char *media_type_text, const char *name, const struct page_source *source)
{
	p->inside->is_text = true;
	p->inside->text_type = arena_dup(p->arena, str_of(media_type_text));
	p->inside->text_name = arena_printf(p->arena, "attachment; filename=\"%s\"", name);
	return page_stream(p, source);
}

int page_render(struct page *p, const char *template_name, json_t *model, struct buf *b)
{
	int r = templates_render(p->inside->site->templates, str_of(template_name), p->language, model, NULL, b);
	json_decref(model);
	return r;
}
