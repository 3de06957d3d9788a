/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the service and back. Another try is made only before the client has seen a byte: at the same service when it
 * was not reached or said that it is busy, at the next one also when it took too long. A client that reads slowly stops
 * the reading from the service; one that leaves ends the call. */
#include <event2/event.h>

#include "gate/inside.h"
#include "http/form.h"

enum { TRY_PAUSE_MS = 100, TARGET_MAX_BYTES = 1024, OUT_MAX_BYTES = UNMASK_OUT_MAX_BYTES };

static const struct str none = {NULL, 0};

/* ---- the request ---- */

static void add_field(struct http_field *fields, size_t *n, const char *name, struct str value)
{
	CHECK(*n < UPSTREAM_FIELDS_MAX);
	fields[(*n)++] = (struct http_field){str_of(name), value};
}

static bool is_feature_list(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !strchr("-,. ", s.p[i]))
			return false;
	return s.n > 0 && s.n < 300;
}

static struct str bearer_of(struct arena *a, struct str key)
{
	const struct str word = STR("Bearer ");
	char *p = arena_alloc(a, word.n + key.n);
	if (!p)
		return none;
	memcpy(p, word.p, word.n);
	memcpy(p + word.n, key.p, key.n);
	return str_make(p, word.n + key.n);
}

static size_t make_fields(struct request *q, const struct book_service *s, struct http_field *fields)
{
	static const char *const names[] = {"Authorization", "api-key", "x-api-key"};
	size_t n = 0;
	bool is_form = q->endpoint->shape == SHAPE_FORM;
	struct str version = http_field(q->message, "anthropic-version"),
	           beta = http_field(q->message, "anthropic-beta");
	add_field(fields, &n, "Content-Type",
	          is_form ? http_field(q->message, "Content-Type") : STR("application/json"));
	add_field(fields, &n, "Accept", q->wants_stream ? STR("text/event-stream") : STR("application/json"));
	add_field(fields, &n, "Accept-Encoding", STR("identity"));
	add_field(fields, &n, "User-Agent", STR("sonae"));
	if (s->row->auth < AI_AUTH_NONE && s->key.n > 0)
		add_field(fields, &n, names[s->row->auth],
		          s->row->auth == AI_AUTH_BEARER ? bearer_of(q->arena, s->key) : s->key);
	if (q->endpoint->protocol == AI_PROTOCOL_ANTHROPIC) {
		add_field(fields, &n, "anthropic-version", is_feature_list(version) ? version : STR("2023-06-01"));
		if (is_feature_list(beta))
			add_field(fields, &n, "anthropic-beta", beta);
	}
	return n;
}

static struct str make_target(struct request *q, const struct book_choice *c)
{
	CLEANUP(buf_done) struct buf b = buf_make(TARGET_MAX_BYTES);
	const struct keep_ai_service *row = c->service->row;
	buf_add_str(&b, c->service->base_path);
	if (row->path_style == AI_PATH_AZURE) {
		buf_add_c(&b, "/openai/deployments/");
		percent_encode(&b, c->model->upstream);
	}
	buf_add_c(&b, q->endpoint->upstream);
	if (row->path_style == AI_PATH_AZURE) {
		buf_add_c(&b, "?api-version=");
		percent_encode(&b, row->api_version);
	}
	return buf_failed(&b) ? none : arena_dup(q->arena, buf_str(&b));
}

/* ---- trying again ---- */

static void drop_answer(struct request *q)
{
	unmask_free(q->unmask);
	q->unmask = NULL;
	sse_done(&q->sse);
	buf_wipe_done(&q->answer);
	q->received = 0;
}

static void on_pause_over(evutil_socket_t fd, short what, void *context)
{
	forward_start(context);
}

static void try_same(struct request *q)
{
	struct timeval pause = {.tv_usec = TRY_PAUSE_MS * 1000 * (long) (q->tries < 8 ? q->tries : 8)};
	q->gate->figures.retries++;
	drop_answer(q);
	if (!q->pause_timer)
		q->pause_timer = event_new(q->gate->base, -1, 0, on_pause_over, q);
	CHECK(q->pause_timer);
	event_add(q->pause_timer, &pause);
}

static bool try_next(struct request *q)
{
	int64_t now_us = clock_monotonic_us();
	size_t next = q->choice + 1;
	while (next < q->choice_count && !book_may_try(q->gate->keeper, q->choices[next].service->row->id, now_us))
		next++;
	if (next >= q->choice_count)
		return false;
	q->gate->figures.failovers++;
	settle(q, "error");
	drop_answer(q);
	q->choice = next;
	q->tries = 0;
	request_admit(q);
	return true;
}

/* Nothing was said to the client yet: tries again or says what went wrong. was_reached: it may have begun to work. */
static void try_again(struct request *q, bool was_reached, int status, const char *word, const char *outcome)
{
	const struct keep_ai_service *row = q->choices[q->choice].service->row;
	q->gate->figures.upstream_errors++;
	book_note(q->gate->keeper, row->id, status == 429, clock_monotonic_us());
	if (!was_reached && q->tries <= row->retries) {
		try_same(q);
		return;
	}
	if (try_next(q))
		return;
	settle(q, outcome);
	request_refuse(q, status, word, none);
}

/* ---- the answer ---- */

static bool is_busy_status(int status)
{
	return status == 429 || status == 500 || status == 502 || status == 503 || status == 504 || status == 529;
}

static void keep_field(const struct http_message *head, const char *name, char *to, size_t room)
{
	struct str value = http_field(head, name);
	to[0] = '\0';
	if (value.n > 0 && value.n < room)
		snprintf(to, room, "%.*s", STR_ARG(value));
}

static void begin_stream(struct request *q)
{
	struct http_answer answer = {.status = q->status};
	http_answer_add(&answer, "Content-Type", STR("text/event-stream; charset=utf-8"));
	http_answer_add(&answer, "Cache-Control", STR("no-store"));
	if (q->request_id[0])
		http_answer_add(&answer, "x-request-id", str_of(q->request_id));
	if (q->decision.policy.kinds[POLICY_WARN])
		http_answer_add(&answer, "x-sonae-warning", STR("findings"));
	q->has_begun = true;
	q->gate->figures.streams++;
	http_exchange_begin(q->x, &answer);
}

static void on_head(void *context, const struct http_message *head)
{
	struct request *q = context;
	struct str type = media_type(http_field(head, "Content-Type")), coding = http_field(head, "Content-Encoding");
	q->status = head->status;
	q->is_stream = head->status == 200 && str_eq_icase(type, STR("text/event-stream"));
	keep_field(head, "Retry-After", q->retry_after, sizeof(q->retry_after));
	keep_field(head, q->endpoint->protocol == AI_PROTOCOL_ANTHROPIC ? "request-id" : "x-request-id", q->request_id,
	           sizeof(q->request_id));
	if (coding.n > 0 && !str_eq_icase(coding, STR("identity")))
		q->status = 0; /* cannot be read: refused when it is whole */
	if (q->is_stream && q->status == 200) {
		q->unmask = unmask_new(q->endpoint->unmask, q->mask, q->hide_usage);
		sse_init(&q->sse);
		begin_stream(q);
	} else {
		q->is_stream = false;
		q->answer = buf_make(GATE_ANSWER_MAX_BYTES);
	}
}

static int take_event(void *user, const struct sse_event *event)
{
	struct request *q = user;
	return unmask_event(q->unmask, event, &q->out);
}

/* The client is told in the stream itself: its status went out long ago. */
static void break_stream(struct request *q, const char *word, const char *outcome)
{
	q->gate->figures.cut++;
	buf_clear(&q->out);
	(void) unmask_end(q->unmask, &q->out);
	write_stream_error(q, word, &q->out);
	http_exchange_write(q->x, buf_str(&q->out));
	settle(q, outcome);
	http_exchange_end(q->x, true);
	q->x = NULL;
	request_done(q);
}

static void on_stream(struct request *q, struct str piece)
{
	buf_clear(&q->out);
	int r = q->received > GATE_STREAM_MAX_BYTES ? ERR_TOO_LARGE : sse_feed(&q->sse, piece, take_event, q);
	if (r < 0) {
		forward_cancel(q);
		book_note(q->gate->keeper, q->admitted_service, false, clock_monotonic_us());
		break_stream(q, "upstream-garbage", "error");
		return;
	}
	if (q->out.n > 0 && http_exchange_write(q->x, buf_str(&q->out)) > GATE_WAITING_MAX_BYTES)
		http_call_pause(q->call, true);
}

static void on_body(void *context, struct str piece)
{
	struct request *q = context;
	q->received += piece.n;
	q->gate->figures.bytes_out += piece.n;
	if (q->is_stream)
		on_stream(q, piece);
	else
		(void) buf_add_str(&q->answer,
		                   piece); /* over its limit: seen at the end, and nothing is kept meanwhile */
}

static void end_stream(struct request *q, int code)
{
	buf_clear(&q->out);
	int r = code < 0 ? code : sse_end(&q->sse, take_event, q);
	if (r < 0 || !unmask_is_complete(q->unmask)) {
		book_note(q->gate->keeper, q->admitted_service, false, clock_monotonic_us());
		if (q->out.n > 0)
			http_exchange_write(q->x, buf_str(&q->out));
		break_stream(q, code == ERR_TIMEOUT ? "upstream-timeout" : "upstream-cut",
		             code == ERR_TIMEOUT ? "timeout" : "cut");
		return;
	}
	(void) unmask_end(q->unmask, &q->out);
	if (q->out.n > 0)
		http_exchange_write(q->x, buf_str(&q->out));
	book_note(q->gate->keeper, q->admitted_service, true, clock_monotonic_us());
	settle(q, "ok");
	http_exchange_end(q->x, true);
	q->x = NULL;
	request_done(q);
}

static void send_whole(struct request *q)
{
	struct http_answer answer = {.status = q->status, .body = buf_str(&q->out)};
	http_answer_add(&answer, "Content-Type", STR("application/json"));
	http_answer_add(&answer, "Cache-Control", STR("no-store"));
	if (q->request_id[0])
		http_answer_add(&answer, "x-request-id", str_of(q->request_id));
	if (q->decision.policy.kinds[POLICY_WARN])
		http_answer_add(&answer, "x-sonae-warning", STR("findings"));
	if (q->status != 200)
		http_answer_add(&answer, "x-should-retry", STR("false"));
	http_exchange_answer(q->x, &answer);
	q->x = NULL;
	request_done(q);
}

/* A transcription may be asked for as plain text. */
static bool may_be_text(const struct request *q)
{
	return q->endpoint->shape == SHAPE_FORM && !q->mask;
}

static void end_whole(struct request *q)
{
	buf_clear(&q->out);
	q->unmask = unmask_new(q->endpoint->unmask, q->mask, false);
	int r = buf_failed(&q->answer) ? ERR_TOO_LARGE : unmask_whole(q->unmask, buf_str(&q->answer), &q->out);
	if (r == ERR_INVALID && may_be_text(q)) {
		buf_clear(&q->out);
		r = buf_add_str(&q->out, buf_str(&q->answer));
	}
	bool is_fine = r >= 0 && q->status >= 200 && q->status < 500;
	book_note(q->gate->keeper, q->admitted_service, is_fine, clock_monotonic_us());
	settle(q, q->status == 200 && is_fine ? "ok" : "error");
	if (r < 0)
		request_refuse(q, 502, "upstream-garbage", none);
	else
		send_whole(q);
}

static void on_end(void *context, const struct http_call_end *end)
{
	struct request *q = context;
	q->call = NULL;
	if (q->is_stream)
		end_stream(q, end->code);
	else if (end->code == ERR_TIMEOUT)
		try_again(q, end->connected, 504, "upstream-timeout", "timeout");
	else if (end->code < 0 && !end->connected)
		try_again(q, false, 502, "upstream-away", "error");
	else if (end->code < 0)
		try_again(q, true, 502, end->answered ? "upstream-cut" : "upstream-away", "cut");
	else if (q->status == 401 || q->status == 403)
		try_again(q, true, 502, "upstream-key", "error"); /* its words may hold a piece of the key */
	else if (is_busy_status(q->status))
		try_again(q, false, q->status == 429 ? 429 : q->status == 504 ? 504 : 503, "upstream-busy", "error");
	else if (q->status < 200 || q->status >= 500 || (q->status >= 300 && q->status < 400))
		try_again(q, true, 502, "upstream-garbage", "error");
	else
		end_whole(q);
}

void forward_start(struct request *q)
{
	const struct book_choice *choice = &q->choices[q->choice];
	const struct keep_ai_service *row = choice->service->row;
	struct http_field fields[UPSTREAM_FIELDS_MAX];
	struct http_request request = {.place = choice->service->place,
	                               .method = HTTP_POST,
	                               .target = make_target(q, choice),
	                               .fields = fields,
	                               .field_count = make_fields(q, choice->service, fields),
	                               .body = buf_str(&q->body)};
	const struct http_call_limits limits = {(uint32_t) row->connect_ms, (uint32_t) row->first_ms,
	                                        (uint32_t) row->idle_ms, (uint32_t) row->total_ms};
	const struct http_call_handlers handlers = {q, on_head, on_body, on_end};
	q->tries++;
	q->status = 0;
	q->is_stream = false;
	if (!request.target.p || arena_is_full(q->arena)) {
		settle(q, "error");
		request_refuse(q, 413, "too-large", none);
		return;
	}
	q->call = http_call_start(q->gate->client, &request, &limits, &handlers);
}

void forward_cancel(struct request *q)
{
	if (q->call)
		http_call_cancel(q->call);
	q->call = NULL;
	if (q->pause_timer)
		event_del(q->pause_timer);
}
