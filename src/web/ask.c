/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page's question on its way to the gate and back. A page whose browser has left still hears the end, so that what
 * came is kept; its stream is cut at once, because what nobody reads costs money. */
#include "web/ask.h"

#include "base/err.h"
#include "http/client.h"
#include "web/site-inside.h"

enum {
	ASK_CONNECT_MS = 2 * 1000,
	ASK_FIRST_MS = 300 * 1000,
	ASK_IDLE_MS = 120 * 1000,
	ASK_TOTAL_MS = 900 * 1000,
	ASK_FIELDS_MAX = 6,
	ASK_WAITING_MAX_BYTES = 256 * 1024, /* that a browser has not taken: the gate is not read meanwhile */
};

/* One question under way; in the page's arena. */
struct asking {
	struct page *page;
	struct ask_question question;
	struct http_call *call;
	struct buf body;
	int status, failed;
	bool is_paused;
};

int page_ask(struct page *p, const struct ask_question *question)
{
	struct asking *a = ARENA_NEW(p->arena, struct asking);
	if (!a)
		return ERR_TOO_LARGE;
	*a = (struct asking){.page = p, .question = *question, .body = buf_make(ASK_ANSWER_MAX_BYTES)};
	a->question.body = arena_dup(p->arena, question->body);
	a->question.hide = arena_dup(p->arena, question->hide);
	p->inside->asking = a;
	return 0;
}

void page_set_context(struct page *p, void *context)
{
	p->inside->context = context;
}

void *page_context(const struct page *p)
{
	return p->inside->context;
}

/* ---- pieces ---- */

void page_begin_pieces(struct page *p, const char *media_type)
{
	struct http_answer answer = {.status = 200};
	respond_add_fields(p, &answer, str_of(media_type));
	http_answer_add(&answer, "X-Accel-Buffering", STR("no"));
	p->inside->has_begun = true;
	http_exchange_begin(p->inside->exchange, &answer);
}

static void on_drained(void *context)
{
	struct asking *a = context;
	if (a->call && a->is_paused)
		http_call_pause(a->call, false);
	a->is_paused = false;
}

static void finish(struct asking *a, int r);

static void on_gone(void *context)
{
	struct asking *a = context;
	if (a->call && a->question.piece) {
		http_call_cancel(TAKE(a->call));
		finish(a, ERR_CLOSED);
	}
}

void page_add_piece(struct page *p, struct str bytes)
{
	struct asking *a = p->inside->asking;
	size_t waiting = http_exchange_write(p->inside->exchange, bytes);
	if (waiting > ASK_WAITING_MAX_BYTES && a && a->call && !a->is_paused) {
		a->is_paused = true;
		http_call_pause(a->call, true);
	}
}

bool page_has_begun_pieces(const struct page *p)
{
	return p->inside->has_begun;
}

bool page_is_gone(const struct page *p)
{
	return http_exchange_is_gone(p->inside->exchange);
}

/* ---- the call ---- */

static void finish(struct asking *a, int r)
{
	struct page *p = a->page;
	const struct ask_answer answer = {.r = r, .status = a->status, .body = arena_dup(p->arena, buf_str(&a->body))};

	buf_done(&a->body);
	p->inside->asking = NULL;
	int result = a->question.done(p, &answer);
	if (result < 0 && !p->inside->failed)
		page_error(p, result);
	page_go_on(p);
}

static void on_head(void *context, const struct http_message *head)
{
	struct asking *a = context;
	a->status = head->status;
}

static void on_body(void *context, struct str piece)
{
	struct asking *a = context;
	bool streams = a->question.piece && a->status == 200;
	if (a->failed >= 0 && streams)
		a->failed = a->question.piece(a->page, a->status, piece);
	else if (a->failed >= 0 && buf_add_str(&a->body, piece) < 0)
		a->failed = ERR_TOO_LARGE;
	if (a->failed < 0 && a->call) {
		http_call_cancel(TAKE(a->call));
		finish(a, a->failed);
	}
}

static void on_end(void *context, const struct http_call_end *end)
{
	struct asking *a = context;
	a->call = NULL;
	finish(a, a->failed < 0 ? a->failed : end->code);
}

static size_t add_fields(struct page *p, const struct ask_question *q, struct http_field *fields)
{
	size_t n = 0;
	fields[n++] = (struct http_field){STR("Content-Type"), STR("application/json")};
	fields[n++] = (struct http_field){STR("sonae-person"),
	                                  arena_printf(p->arena, "%llu", (unsigned long long) p->person.id)};
	if (q->talk)
		fields[n++] = (struct http_field){STR("sonae-conversation"),
		                                  arena_printf(p->arena, "%llu", (unsigned long long) q->talk)};
	if (q->hide.n > 0)
		fields[n++] = (struct http_field){STR("sonae-hide"), q->hide};
	if (q->only_local)
		fields[n++] = (struct http_field){STR("sonae-local"), STR("1")};
	return n;
}

void ask_start(struct page *p)
{
	static const struct http_call_limits limits = {ASK_CONNECT_MS, ASK_FIRST_MS, ASK_IDLE_MS, ASK_TOTAL_MS};
	struct asking *a = p->inside->asking;
	const struct site_gate *gate = &p->inside->site->options.gate;
	struct http_field fields[ASK_FIELDS_MAX];
	const struct http_call_handlers handlers = {.context = a, .head = on_head, .body = on_body, .end = on_end};
	const struct http_watch watch = {.context = a, .gone = on_gone, .drained = on_drained};

	if (!gate->client) {
		finish(a, ERR_UNAVAILABLE);
		return;
	}
	const struct http_request request = {.place = {.host = str_of(gate->socket_path), .port = 80},
	                                     .method = a->question.body.n > 0 ? HTTP_POST : HTTP_GET,
	                                     .target = str_of(a->question.path),
	                                     .fields = fields,
	                                     .field_count = add_fields(p, &a->question, fields),
	                                     .body = a->question.body};
	if (a->question.piece)
		http_exchange_watch(p->inside->exchange, &watch);
	a->call = http_call_start(gate->client, &request, &limits, &handlers);
}
