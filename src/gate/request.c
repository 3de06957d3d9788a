/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One request: who asks (keeper or memory), what it says (inspection), what policy says, admission (the event on disk),
 * then forward.c. The keeper may say that something changed meanwhile: then from the start, a few times at most. */
#include <event2/event.h>
#include <stdlib.h>

#include "base/log.h"
#include "gate/inside.h"

enum { WAITS_MAX = 30, WAIT_MS = 100, RELOAD_PAUSE_MS = 20 };

static const struct str none = {NULL, 0};

const struct endpoint endpoints[] = {
        {"/v1/chat/completions", "chat", "/chat/completions", HTTP_POST, SHAPE_CHAT, AI_PROTOCOL_OPENAI, AI_USE_CHAT,
         UNMASK_CHAT},
        {"/v1/responses", "responses", "/responses", HTTP_POST, SHAPE_RESPONSES, AI_PROTOCOL_OPENAI, AI_USE_CHAT,
         UNMASK_RESPONSES},
        {"/v1/embeddings", "embeddings", "/embeddings", HTTP_POST, SHAPE_EMBEDDINGS, AI_PROTOCOL_OPENAI,
         AI_USE_EMBEDDING, UNMASK_CHAT},
        {"/v1/audio/transcriptions", "audio", "/audio/transcriptions", HTTP_POST, SHAPE_FORM, AI_PROTOCOL_OPENAI,
         AI_USE_AUDIO, UNMASK_RESPONSES},
        {"/v1/messages", "messages", "/messages", HTTP_POST, SHAPE_MESSAGES, AI_PROTOCOL_ANTHROPIC, AI_USE_CHAT,
         UNMASK_MESSAGES},
        {"/v1/messages/count_tokens", "count-tokens", "/messages/count_tokens", HTTP_POST, SHAPE_MESSAGES,
         AI_PROTOCOL_ANTHROPIC, AI_USE_CHAT, UNMASK_MESSAGES},
};
const size_t endpoint_count = ARRAY_SIZE(endpoints);

static const struct keep_actor gate_actor = {.program = {"gate", 4}};

void request_free(struct request *q)
{
	struct gate *g = q->gate;
	if (q->previous)
		q->previous->next = q->next;
	else
		g->first = q->next;
	if (q->next)
		q->next->previous = q->previous;
	g->open--;
	g->bodies_bytes -= q->counted_bytes;
	if (q->pause_timer)
		event_free(q->pause_timer);
	unmask_free(q->unmask);
	sse_done(&q->sse);
	buf_wipe_done(&q->answer);
	buf_wipe_done(&q->out);
	buf_wipe_done(&q->body);
	book_release(q->book);
	arena_free_wiped(q->arena);
	free(q);
}

/* While an answer of the keeper is under way it still points here. */
void request_done(struct request *q)
{
	q->is_finished = true;
	if (q->holds == 0)
		request_free(q);
}

/* True when the request ended while the keeper was asked: then it is gone now. */
static bool came_too_late(struct request *q)
{
	q->holds--;
	if (!q->is_finished)
		return false;
	if (q->holds == 0)
		request_free(q);
	return true;
}

/* ---- deciding ---- */

static uint32_t granted_of(const struct request *q, enum policy_destination where)
{
	if (q->caller.granted_until_us > 0 && q->caller.granted_until_us <= clock_now_us())
		return 0;
	uint64_t granted = where == POLICY_LOCAL        ? q->caller.granted_local
	                   : where == POLICY_CONTRACTED ? q->caller.granted_contracted
	                                                : q->caller.granted_other;
	return (uint32_t) granted;
}

bool request_is_approved(const struct request *q, const struct policy_matrix *m, enum leak_kind kind,
                         enum leak_confidence confidence, struct str value)
{
	struct policy_mark mark;

	if (q->caller.marks.n == 0 || q->caller.granted_until_us <= clock_now_us() ||
	    policy_decide(m, kind, confidence) != POLICY_STOP || !(m->approvable & POLICY_KIND_BIT(kind)))
		return false;
	policy_mark_make(q->caller.mark_key, m->destination, kind, value, &mark);
	return policy_marks_have(q->caller.marks, &mark);
}

/* Which spans hold values that were approved one by one; NULL none. */
static uint8_t *find_approved(struct request *q)
{
	const struct leak_spans *spans = &q->inspection.spans;
	uint8_t *approved = q->caller.marks.n > 0 ? ARENA_ARRAY(q->arena, uint8_t, spans->n + 1) : NULL;

	q->approved_kinds = 0;
	for (size_t i = 0; approved && i < spans->n; i++) {
		const struct leak_span *s = &spans->at[i];
		approved[i] = request_is_approved(q, &q->matrix, s->kind, s->confidence,
		                                  str_slice(q->inspection.text, s->start, s->end));
		if (approved[i])
			q->approved_kinds |= POLICY_KIND_BIT(s->kind);
	}
	return approved;
}

static enum policy_destination destination_of(const struct request *q)
{
	return (enum policy_destination) q->choices[q->choice].service->row->destination;
}

uint32_t request_hidden_kinds(const struct request *q)
{
	struct str rest = q->is_local ? http_field(q->message, "sonae-hide") : (struct str){NULL, 0}, word;
	uint32_t kinds = 0;
	enum leak_kind kind;
	while (rest.n > 0 && str_split(&rest, ',', &word))
		if (leak_kind_from_word(str_trim(word), &kind) >= 0)
			kinds |= POLICY_KIND_BIT(kind);
	return kinds;
}

static int decide(struct request *q)
{
	const struct policy_asker asker = {(uint32_t) q->caller.role, q->caller.department};
	enum policy_destination where = destination_of(q);
	policy_matrix_make(book_rules(q->book), &asker, where, granted_of(q, where), &q->matrix);
	policy_matrix_hide(&q->matrix, request_hidden_kinds(q));
	return inspect_decide(&q->inspection, &q->matrix, find_approved(q), q->arena, &q->decision);
}

static bool takes_media(const struct request *q)
{
	return !q->inspection.has_media || q->choices[q->choice].service->row->images;
}

/* ---- admission ---- */

static void start_over(struct request *q);

/* Nothing leaves: the keeper did not say that it is on disk. */
static void refuse_unrecorded(struct request *q, int r)
{
	log_event(LOG_LEVEL_WARNING, "gate.not-recorded", LOG_TEXT("why", err_word(r)));
	request_refuse(q, 503, "ledger", none);
}

static void refuse_outcome(struct request *q, const struct keep_ai_admit_out *out)
{
	int64_t left_us = out->until_us - clock_now_us();
	switch ((enum ai_outcome) out->outcome) {
	case AI_REFUSED_KEY:
		request_refuse(q, 401, "key", none);
		return;
	case AI_REFUSED_MODEL:
		request_refuse(q, 403, "model-not-yours", STR("model"));
		return;
	case AI_REFUSED_SERVICE:
		request_refuse(q, 404, "no-model", STR("model"));
		return;
	case AI_REFUSED_REQUESTS:
	case AI_REFUSED_TOKENS:
		snprintf(q->retry_after, sizeof(q->retry_after), "%lld",
		         left_us > 0 ? (long long) (left_us / CLOCK_SECOND_US + 1) : 1LL);
		request_refuse(q, 429, out->outcome == AI_REFUSED_REQUESTS ? "requests" : "tokens-per-minute", none);
		return;
	case AI_REFUSED_BUDGET:
		request_refuse(q, 402, "budget", out->limit);
		return;
	case AI_ADMITTED:
	case AI_STALE:
		break;
	}
	refuse_unrecorded(q, ERR_CONFLICT);
}

static bool is_stop(const struct request *q)
{
	return q->decision.policy.worst == POLICY_STOP || q->decision.policy.is_unreadable;
}

static void admitted(void *user, int r, const void *answer, struct arena **arena)
{
	struct request *q = user;
	const struct keep_ai_admit_out *out = answer;
	if (r >= 0 && out->outcome == AI_ADMITTED && !is_stop(q)) {
		q->is_admitted = true;
		q->admitted = *out;
		q->admitted.limit = none;
		q->admitted_service = q->choices[q->choice].service->row->id;
		q->admitted_us = clock_now_us();
		if (q->is_finished)
			settle(q, "cut");
	}
	if (came_too_late(q))
		return;
	if (r < 0) {
		refuse_unrecorded(q, r);
		return;
	}
	if (out->outcome == AI_STALE && ++q->stale <= STALE_MAX) {
		book_forget_callers(q->gate->keeper);
		start_over(q);
		return;
	}
	if (out->outcome != AI_ADMITTED)
		refuse_outcome(q, out);
	else if (is_stop(q))
		request_refuse_policy(q);
	else if (body_make(q) < 0) {
		settle(q, "refused");
		request_refuse(q, 413, "too-large", none);
	} else
		forward_start(q);
}

static size_t list_counts(const struct request *q, struct keep_ai_count *ret, size_t max)
{
	size_t n = 0;
	for (unsigned k = 0; k < LEAK_KIND_COUNT; k++)
		for (unsigned a = 0; a < POLICY_ACTION_COUNT && n < max; a++)
			if (q->decision.counts[k][a] > 0)
				ret[n++] = (struct keep_ai_count){k, a, q->decision.counts[k][a]};
	return n;
}

static void count_decision(struct request *q)
{
	struct gate_figures *f = &q->gate->figures;
	f->stopped += is_stop(q);
	f->masked += !is_stop(q) && q->decision.policy.kinds[POLICY_MASK] != 0;
	f->warned += !is_stop(q) && q->decision.policy.kinds[POLICY_WARN] != 0;
}

void request_admit(struct request *q)
{
	struct keep_ai_count counts[EVENT_COUNTS_MAX];
	if (!takes_media(q)) {
		request_refuse(q, 400, "media", none);
		return;
	}
	if (decide(q) < 0) {
		request_refuse(q, 413, "too-large", none);
		return;
	}
	count_decision(q);
	enum policy_action worst = is_stop(q) ? POLICY_STOP : q->decision.policy.worst;
	struct keep_ai_admit_in in = {
	        .version = book_version(q->book),
	        .key = q->caller.key,
	        .person = q->caller.person,
	        .service = q->choices[q->choice].service->row->id,
	        .model = q->model,
	        .shape = str_of(q->endpoint->word),
	        .decision = str_of(policy_action_word(worst)),
	        .destination = destination_of(q),
	        .granted = (granted_of(q, destination_of(q)) & q->matrix.approvable) | q->approved_kinds,
	        .tokens_in = q->inspection.tokens,
	        .tokens_out = q->tokens_out_max,
	};
	in.counts.at = counts;
	in.counts.n = list_counts(q, counts, ARRAY_SIZE(counts));
	q->holds++;
	int r = LINE_ASK(q->gate->line, ai_admit, &gate_actor, &in, admitted, q);
	if (r < 0) {
		q->holds--;
		refuse_unrecorded(q, r);
	}
}

/* ---- who and where ---- */

/* Others are tried only where the same may be said as at the first: the same kind of place, or the house itself. */
static void choose(struct request *q)
{
	struct book_choice all[CHOICES_MAX];
	size_t n = book_choose(q->book, q->model, q->endpoint->protocol, q->endpoint->use, all, CHOICES_MAX);
	q->choice_count = q->choice = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t where = all[i].service->row->destination, first = all[0].service->row->destination;
		if (where == first || where == POLICY_LOCAL)
			q->choices[q->choice_count++] = all[i];
	}
	while (q->choice + 1 < q->choice_count &&
	       !book_may_try(q->gate->keeper, q->choices[q->choice].service->row->id, clock_monotonic_us()))
		q->choice++;
}

static bool may_use_model(const struct request *q)
{
	struct str list = q->caller.models, one;
	if (list.n == 0)
		return true;
	while (str_split(&list, ',', &one))
		if (str_eq(str_trim(one), q->model))
			return true;
	return false;
}

static void work_on(struct request *q)
{
	if (!q->endpoint) {
		if (str_eq_c(q->message->path, "/inspect"))
			answer_inspect(q);
		else if (str_eq_c(q->message->path, "/metrics"))
			answer_metrics(q);
		else
			answer_models(q);
		return;
	}
	if (body_read(q) < 0)
		return;
	if (!may_use_model(q)) {
		request_refuse(q, 403, "model-not-yours", STR("model"));
		return;
	}
	choose(q);
	if (q->choice_count == 0 && q->stale++ == 0)
		start_over(q); /* it may be registered since */
	else if (q->choice_count == 0)
		request_refuse(q, 404, "no-model", STR("model"));
	else
		request_admit(q);
}

static void caller_found(void *user, int r, const struct keep_ai_caller *caller)
{
	struct request *q = user;
	if (r >= 0) {
		q->caller = *caller;
		q->caller.name = none;
		q->caller.department = arena_dup(q->arena, caller->department);
		q->caller.models = arena_dup(q->arena, caller->models);
		q->caller.marks = arena_dup(q->arena, caller->marks);
		q->caller.mark_key = arena_dup(q->arena, caller->mark_key);
	}
	if (came_too_late(q))
		return;
	if (r == ERR_NOT_FOUND || r == ERR_INVALID)
		request_refuse(q, 401, "key", none);
	else if (r < 0)
		refuse_unrecorded(q, r);
	else if (q->caller.expires_us > 0 && q->caller.expires_us <= clock_now_us())
		request_refuse(q, 401, "key", none);
	else
		work_on(q);
}

static void find_caller(struct request *q)
{
	q->holds++;
	book_find_caller(q->gate->keeper, q->person ? NULL : &q->key_hash, q->person, caller_found, q);
}

static void wait_for_book(struct request *q, int ms);

/* The version that the keeper refused may be loading: the request waits for a moment. */
static void on_fresh(evutil_socket_t fd, short what, void *context)
{
	struct request *q = context;
	event_free(q->pause_timer);
	q->pause_timer = NULL;
	book_release(q->book);
	q->book = book_hold(q->gate->keeper);
	if (q->book)
		find_caller(q);
	else if (++q->waits <= WAITS_MAX)
		wait_for_book(q, WAIT_MS);
	else
		request_refuse(q, 503, "ledger", none);
}

static void wait_for_book(struct request *q, int ms)
{
	const struct timeval pause = {.tv_usec = 1000 * (long) ms};
	q->pause_timer = event_new(q->gate->base, -1, 0, on_fresh, q);
	CHECK(q->pause_timer && event_add(q->pause_timer, &pause) == 0);
}

static void start_over(struct request *q)
{
	book_reload(q->gate->keeper);
	if (q->pause_timer)
		event_free(q->pause_timer);
	wait_for_book(q, RELOAD_PAUSE_MS * (int) q->stale);
}

/* ---- arriving ---- */

static const struct endpoint *find_endpoint(struct str path)
{
	for (size_t i = 0; i < endpoint_count; i++)
		if (str_eq_c(path, endpoints[i].path))
			return &endpoints[i];
	return NULL;
}

static struct str key_text(const struct http_message *m)
{
	struct str bearer = http_field(m, "Authorization"), key = http_field(m, "x-api-key");
	if (str_starts_with_icase(bearer, STR("Bearer ")))
		return str_trim(str_slice(bearer, 7, bearer.n));
	return key.n > 0 ? key : http_field(m, "api-key");
}

/* 0 when it is known who asks or has to be looked up; else refused. */
static int read_asker(struct request *q)
{
	if (q->is_local) {
		if (str_parse_u64(http_field(q->message, "sonae-person"), INT64_MAX, &q->person) >= 0 && q->person > 0)
			return 0;
	} else {
		struct str key = key_text(q->message);
		q->key_hash = ledger_hash_of(key);
		if (key.n > 0)
			return 0;
	}
	request_refuse(q, 401, "key", none);
	return ERR_DENIED;
}

static bool is_get_path(struct str path)
{
	return str_eq_c(path, "/v1/models") || str_starts_with(path, STR("/v1/models/"));
}

static int check_path(struct request *q)
{
	const struct http_message *m = q->message;
	bool is_inspect = q->is_local && str_eq_c(m->path, "/inspect");
	if (!q->endpoint && !is_inspect && !is_get_path(m->path)) {
		request_refuse(q, 404, "no-endpoint", none);
		return ERR_NOT_FOUND;
	}
	if (m->method != (q->endpoint || is_inspect ? HTTP_POST : HTTP_GET)) {
		request_refuse(q, 405, "method", none);
		return ERR_INVALID;
	}
	if (http_has_field(m, "Content-Encoding")) {
		request_refuse(q, 415, "coding", none);
		return ERR_INVALID;
	}
	return 0;
}

static void on_gone(void *context)
{
	struct request *q = context;
	forward_cancel(q);
	settle(q, "cut");
	http_exchange_end(q->x, false);
	q->x = NULL;
	request_done(q);
}

static void on_drained(void *context)
{
	struct request *q = context;
	if (q->call)
		http_call_pause(q->call, false);
}

static bool is_loopback(struct str remote)
{
	return str_starts_with(remote, STR("127.")) || str_eq_c(remote, "::1");
}

static struct request *request_new(struct gate_door *door, struct http_exchange *x)
{
	struct gate *g = door->gate;
	struct request *q = calloc(1, sizeof(*q));
	CHECK(q);
	q->gate = g;
	q->x = x;
	q->message = http_exchange_message(x);
	q->is_local = door->is_local;
	q->endpoint = find_endpoint(q->message->path);
	struct str wish = http_field(q->message, "Accept-Language");
	q->language = wish.n > 0 ? language_negotiate(wish) : LANGUAGE_EN;
	q->arena = arena_new(REQUEST_ARENA_BASE_BYTES + q->message->body.n * REQUEST_ARENA_PER_BYTE);
	q->counted_bytes = q->message->body.n * 4;
	q->out = buf_make(UNMASK_OUT_MAX_BYTES);
	q->next = g->first;
	if (g->first)
		g->first->previous = q;
	g->first = q;
	g->open++;
	g->bodies_bytes += q->counted_bytes;
	g->figures.requests++;
	g->figures.bytes_in += q->message->body.n;
	return q;
}

static void on_request(void *context, struct http_exchange *x)
{
	struct gate_door *door = context;
	struct request *q = request_new(door, x);
	const struct http_watch watch = {q, on_gone, on_drained};

	http_exchange_watch(x, &watch);
	if (str_eq_c(q->message->path, "/metrics") && is_loopback(http_exchange_remote(x)) && !door->is_local) {
		answer_metrics(q);
		return;
	}
	if (check_path(q) < 0 || read_asker(q) < 0)
		return;
	q->book = book_hold(q->gate->keeper);
	if (!q->book) /* the process has only just begun */
		wait_for_book(q, WAIT_MS);
	else if (q->gate->bodies_bytes > GATE_BODIES_MAX_BYTES)
		request_refuse(q, 503, "busy", none);
	else
		find_caller(q);
}

/* Refused while it was being read. */
static void on_refused(void *context, struct http_exchange *x, int status, const char *reason)
{
	struct request *q = request_new(context, x);
	request_refuse(q, status, status == 413 ? "too-large" : "not-http", none);
}

static size_t body_max(void *context, const struct http_message *head)
{
	return GATE_BODY_MAX_BYTES;
}

void gate_attach(struct gate *g, bool is_local, struct http_server_options *options)
{
	struct gate_door *door = &g->doors[is_local];
	*door = (struct gate_door){g, is_local};
	options->context = door;
	options->body_max = body_max;
	options->request = on_request;
	options->refused = on_refused;
}
