/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the gate itself says: errors in the shape that the client's library expects, the models, the figures, and what
 * was found (never the value). */
#include "gate/inside.h"
#include "http/form.h"

static enum unmask_protocol protocol_of(const struct request *q)
{
	if (q->endpoint)
		return q->endpoint->unmask;
	return http_has_field(q->message, "anthropic-version") ? UNMASK_MESSAGES : UNMASK_CHAT;
}

static const char *anthropic_type(int status)
{
	switch (status) {
	case 401:
		return "authentication_error";
	case 402:
		return "billing_error";
	case 403:
		return "permission_error";
	case 404:
		return "not_found_error";
	case 413:
		return "request_too_large";
	case 429:
		return "rate_limit_error";
	case 504:
		return "timeout_error";
	case 503:
	case 529:
		return "overloaded_error";
	default:
		return status < 500 ? "invalid_request_error" : "api_error";
	}
}

static const char *openai_type(int status)
{
	if (status == 401)
		return "authentication_error";
	if (status == 402)
		return "insufficient_quota";
	if (status == 403)
		return "permission_error";
	if (status == 429)
		return "rate_limit_error";
	return status < 500 ? "invalid_request_error" : "server_error";
}

static void add_string(struct buf *b, struct str text)
{
	buf_add_char(b, '"');
	json_escape(b, text);
	buf_add_char(b, '"');
}

static void write_error(struct request *q, int status, const char *word, struct str message, struct str param,
                        struct str more, struct buf *b)
{
	if (protocol_of(q) == UNMASK_MESSAGES) {
		buf_printf(b, "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":", anthropic_type(status));
		add_string(b, message);
		buf_printf(b, ",\"code\":\"%s\"%.*s}}", word, STR_ARG(more));
		return;
	}
	buf_add_c(b, "{\"error\":{\"message\":");
	add_string(b, message);
	buf_printf(b, ",\"type\":\"%s\",\"param\":", openai_type(status));
	if (param.n > 0)
		add_string(b, param);
	else
		buf_add_c(b, "null");
	buf_printf(b, ",\"code\":\"%s\"%.*s}}", word, STR_ARG(more));
}

static struct str message_of(struct request *q, const char *word, struct str param, struct buf *b)
{
	char key[80];
	const struct i18n_fact facts[] = {{"place", param}, {"model", q->model}};
	snprintf(key, sizeof(key), "gate.error.%s", word);
	i18n_format(b, q->language, str_of(key), facts, ARRAY_SIZE(facts));
	return buf_str(b);
}

/* Clients try again what may go better the next time, and nothing else. */
static bool is_worth_trying_again(int status)
{
	return status == 429 || status == 503 || status == 502 || status == 504 || status == 529;
}

static void send_error(struct request *q, int status, struct str body)
{
	struct http_answer answer = {.status = status, .body = body};
	http_answer_add(&answer, "Content-Type", STR("application/json"));
	http_answer_add(&answer, "Cache-Control", STR("no-store"));
	http_answer_add(&answer, "x-should-retry", is_worth_trying_again(status) ? STR("true") : STR("false"));
	if (status == 401)
		http_answer_add(&answer, "WWW-Authenticate", STR("Bearer"));
	if (q->retry_after[0] && is_worth_trying_again(status))
		http_answer_add(&answer, "Retry-After", str_of(q->retry_after));
	if (status >= 500)
		q->gate->figures.failed++;
	else
		q->gate->figures.refused++;
	http_exchange_answer(q->x, &answer);
	q->x = NULL;
	request_done(q);
}

void request_refuse(struct request *q, int status, const char *word, struct str param)
{
	CLEANUP(buf_done) struct buf body = buf_make(MESSAGE_MAX_BYTES * 8), message = buf_make(MESSAGE_MAX_BYTES);
	write_error(q, status, word, message_of(q, word, param, &message), param, (struct str){"", 0}, &body);
	send_error(q, status, buf_str(&body));
}

void write_stream_error(struct request *q, const char *word, struct buf *b)
{
	CLEANUP(buf_done) struct buf body = buf_make(MESSAGE_MAX_BYTES * 8), message = buf_make(MESSAGE_MAX_BYTES);
	struct str text = message_of(q, word, (struct str){NULL, 0}, &message);
	if (protocol_of(q) == UNMASK_RESPONSES) {
		buf_printf(&body, "{\"type\":\"error\",\"code\":\"%s\",\"message\":", word);
		add_string(&body, text);
		buf_add_c(&body, ",\"param\":null,\"sequence_number\":0}");
	} else {
		write_error(q, 502, word, text, (struct str){NULL, 0}, (struct str){"", 0}, &body);
	}
	sse_write(b, protocol_of(q) == UNMASK_CHAT ? (struct str){"", 0} : STR("event: error\n"), buf_str(&body), true);
}

/* "マイナンバー（messages[2].content）、…" */
static void list_parts(struct request *q, struct buf *b)
{
	const struct inspect_decision *d = &q->decision;
	for (size_t i = 0; i < d->stopped_count; i++) {
		char key[80];
		snprintf(key, sizeof(key), "leak.kind.%s", leak_kind_word(d->stopped[i].kind));
		buf_printf(b, "%s%s (%.*s)", i > 0 ? ", " : "", i18n_text(q->language, key),
		           STR_ARG(d->stopped[i].place));
	}
}

static void list_findings(const struct inspect_decision *d, struct buf *b)
{
	buf_add_c(b, ",\"findings\":[");
	for (size_t i = 0; i < d->stopped_count; i++) {
		buf_printf(b, "%s{\"kind\":\"%s\",\"place\":", i > 0 ? "," : "", leak_kind_word(d->stopped[i].kind));
		add_string(b, d->stopped[i].place);
		buf_add_char(b, '}');
	}
	buf_printf(b, "],\"approval_helps\":%s", d->policy.approval_helps ? "true" : "false");
}

void request_refuse_policy(struct request *q)
{
	CLEANUP(buf_done) struct buf body = buf_make(MESSAGE_MAX_BYTES * 16), message = buf_make(MESSAGE_MAX_BYTES * 4);
	CLEANUP(buf_done) struct buf parts = buf_make(MESSAGE_MAX_BYTES * 2), more = buf_make(MESSAGE_MAX_BYTES * 2);
	const struct inspect_decision *d = &q->decision;
	list_parts(q, &parts);
	list_findings(d, &more);
	const struct i18n_fact facts[] = {{"parts", buf_str(&parts)}};
	i18n_format(&message, q->language, STR("gate.error.policy"), facts, ARRAY_SIZE(facts));
	struct str param = d->stopped_count > 0 ? d->stopped[0].place : (struct str){NULL, 0};
	write_error(q, 422, "policy", buf_str(&message), param, buf_str(&more), &body);
	send_error(q, 422, buf_str(&body));
}

void request_answer_json(struct request *q, int status, struct str body)
{
	struct http_answer answer = {.status = status, .body = body};
	http_answer_add(&answer, "Content-Type", STR("application/json"));
	http_answer_add(&answer, "Cache-Control", STR("no-store"));
	http_exchange_answer(q->x, &answer);
	q->x = NULL;
	request_done(q);
}

/* ---- models ---- */

static bool may_use(const struct request *q, struct str model)
{
	struct str list = q->caller.models, one;
	if (list.n == 0)
		return true;
	while (str_split(&list, ',', &one))
		if (str_eq(str_trim(one), model))
			return true;
	return false;
}

/* The same model of several services counts once. */
static bool is_listed(const struct book *b, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(book_model_at(b, k)->name, book_model_at(b, i)->name))
			return true;
	return false;
}

static void add_model(struct request *q, const struct keep_ai_model *m, struct buf *b)
{
	bool is_anthropic = protocol_of(q) == UNMASK_MESSAGES;
	buf_add_c(b, is_anthropic ? "{\"type\":\"model\",\"id\":" : "{\"object\":\"model\",\"id\":");
	add_string(b, m->name);
	if (is_anthropic) {
		buf_add_c(b, ",\"display_name\":");
		add_string(b, m->name);
		buf_add_c(b, ",\"created_at\":\"1970-01-01T00:00:00Z\"}");
	} else {
		buf_add_c(b, ",\"created\":0,\"owned_by\":\"sonae\"}");
	}
}

void answer_models(struct request *q)
{
	static const char root[] = "/v1/models";
	struct str path = q->message->path;
	struct str wanted = path.n > sizeof(root) ? str_slice(path, sizeof(root), path.n) : (struct str){NULL, 0};
	CLEANUP(buf_done) struct buf b = buf_make(512 * 1024);
	size_t n = 0;
	if (wanted.n > 0 && percent_decode(wanted, false, q->arena, &wanted) < 0)
		wanted = STR("?");
	if (wanted.n == 0)
		buf_add_c(&b, "{\"object\":\"list\",\"has_more\":false,\"data\":[");
	const struct keep_ai_model *m;
	for (size_t i = 0; (m = book_model_at(q->book, i)); i++) {
		if (is_listed(q->book, i) || !may_use(q, m->name) || (wanted.n > 0 && !str_eq(wanted, m->name)))
			continue;
		if (n++ > 0)
			buf_add_char(&b, ',');
		add_model(q, m, &b);
	}
	if (wanted.n == 0)
		buf_add_c(&b, "]}");
	if (n == 0 && wanted.n > 0)
		request_refuse(q, 404, "no-model", (struct str){NULL, 0});
	else
		request_answer_json(q, 200, buf_str(&b));
}

/* ---- figures ---- */

static void add_figure(struct buf *b, const struct gate *g, const char *name, const char *help, uint64_t value,
                       bool gauge)
{
	buf_printf(b, "# HELP sonae_gate_%s %s\n# TYPE sonae_gate_%s %s\nsonae_gate_%s{process=\"%u\"} %llu\n", name,
	           help, name, gauge ? "gauge" : "counter", name, g->index, (unsigned long long) value);
}

void answer_metrics(struct request *q)
{
	const struct gate *g = q->gate;
	const struct gate_figures *f = &g->figures;
	CLEANUP(buf_done) struct buf b = buf_make(64 * 1024);
	add_figure(&b, g, "requests_total", "Requests that came in.", f->requests, false);
	add_figure(&b, g, "refused_total", "Requests answered with an error of the gate, status below 500.", f->refused,
	           false);
	add_figure(&b, g, "failed_total", "Requests answered with an error of the gate, status 500 and up.", f->failed,
	           false);
	add_figure(&b, g, "stopped_total", "Requests stopped by policy.", f->stopped, false);
	add_figure(&b, g, "masked_total", "Requests forwarded with tags.", f->masked, false);
	add_figure(&b, g, "warned_total", "Requests forwarded with a warning.", f->warned, false);
	add_figure(&b, g, "streams_total", "Answers that were streams.", f->streams, false);
	add_figure(&b, g, "cut_total", "Answers that a service cut off.", f->cut, false);
	add_figure(&b, g, "upstream_errors_total", "Tries at a service that failed.", f->upstream_errors, false);
	add_figure(&b, g, "retries_total", "Further tries at the same service.", f->retries, false);
	add_figure(&b, g, "failovers_total", "Tries at the next service.", f->failovers, false);
	add_figure(&b, g, "received_bytes_total", "Bytes of requests.", f->bytes_in, false);
	add_figure(&b, g, "answered_bytes_total", "Bytes of services' answers.", f->bytes_out, false);
	add_figure(&b, g, "open_requests", "Requests at work.", g->open, true);
	struct http_answer answer = {.status = 200, .body = buf_str(&b)};
	http_answer_add(&answer, "Content-Type", STR("text/plain; version=0.0.4; charset=utf-8"));
	http_exchange_answer(q->x, &answer);
	q->x = NULL;
	request_done(q);
}

/* ---- what was found ---- */

/* Browsers count in UTF-16. */
static size_t utf16_units(struct str s, size_t from, size_t to)
{
	size_t n = 0;
	for (size_t i = from; i < to; i++) {
		unsigned char c = (unsigned char) s.p[i];
		n += (c & 0xc0) != 0x80;
		n += c >= 0xf0;
	}
	return n;
}

static enum policy_action action_of(const struct request *q, const struct policy_matrix *m, const struct leak_span *s,
                                    struct str value)
{
	return request_is_approved(q, m, s->kind, s->confidence, value) ? POLICY_ALLOW
	                                                                : policy_decide(m, s->kind, s->confidence);
}

static void add_finding(struct request *q, struct str text, const struct leak_span *s, size_t from16,
                        const struct policy_matrix *m, struct str tag, struct buf *b)
{
	buf_printf(b,
	           "{\"start\":%zu,\"end\":%zu,\"from16\":%zu,\"to16\":%zu,\"kind\":\"%s\",\"confidence\":\"%s\","
	           "\"why\":\"%s\","
	           "\"actions\":{",
	           s->start, s->end, from16, from16 + utf16_units(text, s->start, s->end), leak_kind_word(s->kind),
	           leak_confidence_word(s->confidence), s->why);
	for (unsigned d = 0; d < POLICY_DESTINATION_COUNT; d++)
		buf_printf(b, "%s\"%s\":\"%s\"", d > 0 ? "," : "", policy_destination_word((enum policy_destination) d),
		           policy_action_word(action_of(q, &m[d], s, str_slice(text, s->start, s->end))));
	buf_printf(b, "},\"hard\":%s,\"tag\":", policy_bar_of(s->kind) == POLICY_BAR_HARD ? "true" : "false");
	add_string(b, tag);
	buf_add_char(b, '}');
}

static void make_matrices(struct request *q, struct policy_matrix *ret)
{
	const struct policy_asker asker = {(uint32_t) q->caller.role, q->caller.department};
	const uint64_t granted[] = {q->caller.granted_local, q->caller.granted_contracted, q->caller.granted_other};
	for (unsigned d = 0; d < POLICY_DESTINATION_COUNT; d++) {
		policy_matrix_make(book_rules(q->book), &asker, (enum policy_destination) d, (uint32_t) granted[d],
		                   &ret[d]);
		policy_matrix_hide(&ret[d], request_hidden_kinds(q));
	}
}

/* Question: {"text": "...", "model": "..."}; answer: findings with places in bytes and in UTF-16 units, what policy
 * would do by destination, the tag that would stand there, and where the model would take it. */
void answer_inspect(struct request *q)
{
	struct json j;
	struct leak_spans spans;
	struct policy_matrix m[POLICY_DESTINATION_COUNT];
	const struct leak_house_words *words = book_words(q->book);
	if (json_scan(q->message->body, q->arena, &j, NULL) < 0) {
		request_refuse(q, 400, "not-json", (struct str){NULL, 0});
		return;
	}
	struct str text = json_member_text(&j, 0, "text", q->arena);
	int r = leak_scan(q->gate->rules, words, q->gate->scratch, text, q->arena, &spans);
	struct mask *mask = mask_new(q->arena, text);
	if (r < 0 || !mask) {
		request_refuse(q, 413, "too-large", (struct str){NULL, 0});
		return;
	}
	CLEANUP(buf_done) struct buf b = buf_make(GATE_ANSWER_MAX_BYTES);
	size_t at16 = 0, at = 0;
	make_matrices(q, m);
	q->model = json_member_text(&j, 0, "model", q->arena);
	buf_add_c(&b, "{\"findings\":[");
	for (size_t i = 0, n = 0; i < spans.n; i++) {
		const struct leak_span *s = &spans.at[i];
		struct str tag, value = str_slice(text, s->start, s->end);
		if (book_is_excepted(q->book, s->kind, value) || mask_tag(mask, s->kind, value, &tag) < 0)
			continue;
		at16 += utf16_units(text, at, s->start);
		at = s->start;
		if (n++ > 0)
			buf_add_char(&b, ',');
		add_finding(q, text, s, at16, m, tag, &b);
	}
	buf_printf(&b, "],\"cut\":%s,\"tokens\":%llu,\"destination\":", spans.cut ? "true" : "false",
	           (unsigned long long) inspect_tokens(text));
	size_t n = book_choose(q->book, q->model, AI_PROTOCOL_OPENAI, AI_USE_CHAT, q->choices, CHOICES_MAX);
	if (n == 0)
		n = book_choose(q->book, q->model, AI_PROTOCOL_ANTHROPIC, AI_USE_CHAT, q->choices, CHOICES_MAX);
	if (n > 0)
		buf_printf(&b, "\"%s\",\"service\":%llu}",
		           policy_destination_word((enum policy_destination) q->choices[0].service->row->destination),
		           (unsigned long long) q->choices[0].service->row->id);
	else
		buf_add_c(&b, "null,\"service\":null}");
	if (buf_failed(&b))
		request_refuse(q, 413, "too-large", (struct str){NULL, 0});
	else
		request_answer_json(q, 200, buf_str(&b));
}
