/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A question on its way: what is in it is looked at first and shown; once the person agreed it goes to the gate, which
 * looks again and masks. Whatever goes wrong, the typed text comes back with the page. */
#include "web/pages/ai-ask.h"

#include "base/err.h"
#include "leak/leak.h"
#include "web/pages/rows.h"

enum { TITLE_CHARS_MAX_BYTES = 90, HISTORY_MAX_BYTES = 256 * 1024, REASON_MAX_BYTES = 500, HIDE_MAX_BYTES = 1000 };

struct asking {
	uint64_t talk;
	struct str text, model, template_id, hide,
	        shown; /* shown: what the person typed, where a template made the text */
	bool only_local, agreed, wants_stream;
	struct buf answer; /* of a stream */
	/* The page again, when nothing was sent; of a second opinion the one beside the first. */
	int (*show)(struct page *p);
};

/* ---- the form again ---- */

static int put_form(struct page *p, const struct asking *a)
{
	if (a->show)
		return a->show(p);
	page_put_str(p, "text", a->shown.p ? a->shown : a->text);
	page_put_str(p, "template", a->template_id);
	page_put(p, "talk", json_integer((json_int_t) a->talk));
	return ai_put_models(p, a->model, a->only_local);
}

static int show_trouble(struct page *p, const struct asking *a, const struct ask_answer *answer)
{
	ai_put_trouble(p, answer);
	page_set_status(p, answer->r < 0 || answer->status >= 500 ? 503 : 422);
	return put_form(p, a);
}

/* ---- the answer ---- */

static struct str title_of(struct str text)
{
	struct str rest = str_trim(text), line;
	if (!str_next_line(&rest, &line))
		return STR("");
	size_t n = line.n < TITLE_CHARS_MAX_BYTES ? line.n : TITLE_CHARS_MAX_BYTES;
	while (n < line.n && n > 0 && ((unsigned char) line.p[n] & 0xC0) == 0x80)
		n--;
	return str_slice(line, 0, n);
}

static int add_turn(struct page *p, const struct asking *a, uint64_t speaker, struct str text)
{
	const struct keep_turn_add_in in = {
	        .talk = a->talk, .speaker = speaker, .text = text, .model = speaker ? a->model : STR("")};
	struct keep_turn_add_out out;
	return keep_turn_add(p->keep, &p->actor, &in, p->arena, &out);
}

static int note_use(struct page *p, const struct asking *a)
{
	struct keep_work_note_out out;
	char name[64] = "use.talk";
	if (a->template_id.n > 0) {
		snprintf(name, sizeof(name), "use.%.*s", STR_ARG(a->template_id));
		for (char *c = name; *c; c++)
			*c = ascii_lower(*c);
	}
	return keep_work_note(p->keep, &p->actor, &(struct keep_work_note_in){.name = str_of(name), .value = 1},
	                      p->arena, &out);
}

static int keep_answer(struct page *p, struct asking *a, struct str text)
{
	int r = add_turn(p, a, a->show ? AI_SECOND : AI_MODEL, text);
	if (r >= 0)
		r = note_use(p, a);
	const char *where = a->show ? "/second" : "#last";
	return r < 0 ? r
	             : page_redirect_str(
	                       p, arena_printf(p->arena, "/ai/talks/%llu%s", (unsigned long long) a->talk, where));
}

static int on_answer(struct page *p, const struct ask_answer *answer)
{
	struct asking *a = page_context(p);
	struct str text;
	if (answer->r < 0 || answer->status != 200)
		return show_trouble(p, a, answer);
	int r = ai_read_answer(p, answer->body, &text);
	return r < 0 ? show_trouble(p, a, &(struct ask_answer){.r = 0, .status = 502}) : keep_answer(p, a, text);
}

/* ---- sending ---- */

static void add_message(json_t *messages, const char *role, struct str text)
{
	json_t *m = json_object();
	json_object_set_new(m, "role", json_string(role));
	json_object_set_new(m, "content", page_json_str(text));
	json_array_append_new(messages, m);
}

/* The talk so far, as much of its end as fits; for a second opinion what stood before its question. Other second
 * opinions are no part of it. */
static int add_history(struct page *p, const struct asking *a, json_t *messages)
{
	struct keep_talk_get_out out;
	size_t bytes = a->text.n, from, end;
	int r = keep_talk_get(p->keep, &p->actor, &(struct keep_talk_get_in){.id = a->talk}, p->arena, &out);
	if (r < 0)
		return r;
	for (end = out.turns.n; a->show && end > 0 && out.turns.at[end - 1].speaker != AI_PERSON;)
		end--;
	end -= a->show && end > 0;
	for (from = end; from > 0 && bytes + out.turns.at[from - 1].text.n < HISTORY_MAX_BYTES; from--)
		bytes += out.turns.at[from - 1].text.n;
	for (size_t i = from; i < end; i++)
		if (out.turns.at[i].speaker != AI_SECOND)
			add_message(messages, out.turns.at[i].speaker == AI_MODEL ? "assistant" : "user",
			            out.turns.at[i].text);
	return 0;
}

static int begin_talk(struct page *p, struct asking *a)
{
	struct keep_talk_new_out out;
	if (a->talk != 0)
		return 0;
	int r = keep_talk_new(p->keep, &p->actor,
	                      &(struct keep_talk_new_in){.title = title_of(a->shown.p ? a->shown : a->text),
	                                                 .template_id = a->template_id,
	                                                 .model = a->model},
	                      p->arena, &out);
	if (r >= 0)
		a->talk = out.id;
	return r;
}

static int on_piece(struct page *p, int status, struct str bytes);
static int on_stream_end(struct page *p, const struct ask_answer *answer);

static int send(struct page *p, struct asking *a)
{
	json_t *messages = json_array(), *body = json_object();
	int r = begin_talk(p, a);
	if (r >= 0)
		r = add_history(p, a, messages);
	add_message(messages, "user", a->text);
	json_object_set_new(body, "model", page_json_str(a->model));
	json_object_set_new(body, "messages", messages);
	if (a->wants_stream)
		json_object_set_new(body, "stream", json_true());
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	if (r >= 0 && !a->show)
		r = add_turn(p, a, AI_PERSON, a->text);
	if (r >= 0)
		r = page_ask(p, &(struct ask_question){.path = "/v1/chat/completions",
		                                       .body = str_of(text),
		                                       .talk = a->talk,
		                                       .hide = a->hide,
		                                       .only_local = a->only_local,
		                                       .piece = a->wants_stream ? on_piece : NULL,
		                                       .done = a->wants_stream ? on_stream_end : on_answer});
	free(text);
	return r;
}

/* ---- streams: server-sent events of the gate go on to the browser as they are, and their text is kept ---- */

static int on_piece(struct page *p, int status, struct str bytes)
{
	struct asking *a = page_context(p);
	if (status != 200)
		return 0;
	if (!page_has_begun_pieces(p)) {
		page_begin_pieces(p, "text/event-stream");
		page_add_piece(p, arena_printf(p->arena, "event: talk\ndata: {\"id\":%llu}\n\n",
		                               (unsigned long long) a->talk));
	}
	page_add_piece(p, bytes);
	buf_add_str(&a->answer, bytes);
	return page_is_gone(p) ? ERR_CLOSED : 0;
}

/* The text of the events that came. */
static struct str collect(struct page *p, struct str events)
{
	struct buf text = buf_make(ASK_ANSWER_MAX_BYTES);
	struct str line;
	while (str_next_line(&events, &line)) {
		if (!str_starts_with(line, STR("data:")))
			continue;
		struct str data = str_trim(str_slice(line, 5, line.n));
		json_t *j = json_loadb(data.p, data.n, 0, NULL);
		json_t *delta = json_object_get(json_array_get(json_object_get(j, "choices"), 0), "delta");
		json_t *content = json_object_get(delta, "content");
		if (json_is_string(content))
			buf_add(&text, json_string_value(content), json_string_length(content));
		json_decref(j);
	}
	struct str all = arena_dup(p->arena, buf_str(&text));
	buf_done(&text);
	return all;
}

static int on_stream_end(struct page *p, const struct ask_answer *answer)
{
	struct asking *a = page_context(p);
	struct str text = collect(p, buf_str(&a->answer));
	buf_done(&a->answer);
	if (!page_has_begun_pieces(p))
		return show_trouble(p, a, answer);
	/* What came before it was stopped or broke is kept too: the person has seen it. */
	int r = text.n > 0 ? add_turn(p, a, AI_MODEL, text) : 0;
	if (r >= 0)
		r = note_use(p, a);
	if (answer->r < 0 && answer->r != ERR_CLOSED)
		page_add_piece(p, STR("event: trouble\ndata: {\"word\":\"cut\"}\n\n"));
	return r;
}

/* ---- looking first ---- */

static uint32_t approvable_kinds(json_t *inspected)
{
	uint32_t kinds = 0;
	json_t *kind;
	size_t i;
	json_array_foreach(json_object_get(inspected, "kinds"), i, kind)
	{
		enum leak_kind code;
		const char *word = json_string_value(json_object_get(kind, "kind"));
		const char *action = json_string_value(json_object_get(kind, "action"));
		if (word && action && strcmp(action, "stop") == 0 && leak_kind_from_word(str_of(word), &code) >= 0)
			kinds |= (uint32_t) 1 << code;
	}
	return kinds;
}

/* The values that were stopped. Too many to name one by one: none, and the officer decides about the whole kinds. */
static int stopped_values(struct page *p, const struct asking *a, json_t *inspected, struct keep_ai_value_list *ret)
{
	json_t *span;
	size_t i;
	*ret = (struct keep_ai_value_list){0};
	json_array_foreach(json_object_get(inspected, "spans"), i, span)
	{
		enum leak_kind kind;
		const char *word = json_string_value(json_object_get(span, "kind"));
		const char *action = json_string_value(json_object_get(span, "action"));
		json_int_t from = json_integer_value(json_object_get(span, "start"));
		json_int_t to = json_integer_value(json_object_get(span, "end"));
		if (!word || !action || strcmp(action, "stop") != 0 || from < 0 || to <= from ||
		    (size_t) to > a->text.n || leak_kind_from_word(str_of(word), &kind) < 0)
			continue;
		struct keep_ai_value *row = ARENA_PUSH(p->arena, ret);
		if (!row)
			return ERR_TOO_LARGE;
		*row = (struct keep_ai_value){kind, str_slice(a->text, (size_t) from, (size_t) to)};
	}
	if (ret->n > AI_APPROVAL_VALUES_MAX)
		*ret = (struct keep_ai_value_list){0};
	return 0;
}

/* 「責任者に頼む」 with one line of reason. */
static int ask_for_approval(struct page *p, const struct asking *a, json_t *inspected)
{
	struct keep_ai_approval_ask_out out;
	struct str reason = str_trim(page_field(p, "reason"));
	const char *destination = json_string_value(json_object_get(inspected, "destination"));
	if (reason.n == 0 || reason.n > REASON_MAX_BYTES) {
		page_problem(p, "ai.approval.reason-missing", "reason");
		return put_form(p, a);
	}
	struct keep_ai_approval_ask_in in = {
	        .kinds = approvable_kinds(inspected), .destination = str_of(destination), .reason = reason};
	int r = stopped_values(p, a, inspected, &in.values);
	if (r >= 0)
		r = keep_ai_approval_ask(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r;
	page_put(p, "approval_asked", json_integer((json_int_t) out.id));
	return put_form(p, a);
}

/* 「誤検知」: one of the places that were found, by its number. Nothing is sent; the text stays in the form. */
static int mark_mistaken(struct page *p, const struct asking *a, json_t *inspected)
{
	uint64_t number = 0;
	struct keep_ai_mark_out out;
	int r = str_parse_u64(page_field(p, "mistaken"), INT32_MAX, &number);
	json_t *span = r < 0 ? NULL : json_array_get(json_object_get(inspected, "spans"), (size_t) number);
	json_int_t from = json_integer_value(json_object_get(span, "start"));
	json_int_t to = json_integer_value(json_object_get(span, "end"));
	const char *kind = json_string_value(json_object_get(span, "kind"));
	if (!kind || from < 0 || to <= from || (size_t) to > a->text.n)
		return put_form(p, a);
	/* The same text marked again counts once. */
	struct ledger_hash hash = ledger_hash_of(a->text);
	struct str place = arena_printf(p->arena, "%02x%02x%02x%02x:%llu", hash.bytes[0], hash.bytes[1], hash.bytes[2],
	                                hash.bytes[3], (unsigned long long) from);
	const struct keep_ai_mark_in in = {str_of(kind), str_slice(a->text, (size_t) from, (size_t) to), place};
	r = keep_ai_mark(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_DENIED || r == ERR_INVALID)
		page_problem(p, "ai.mistaken.problem", "mistaken");
	else if (r < 0)
		return r;
	else
		page_put(p, "mistaken", json_integer((json_int_t) out.marks));
	return put_form(p, a);
}

static int on_inspected(struct page *p, const struct ask_answer *answer)
{
	struct asking *a = page_context(p);
	json_t *inspected = ai_read_inspected(answer->body);
	const char *worst = json_string_value(json_object_get(inspected, "worst"));
	int r;
	if (answer->r < 0 || answer->status != 200 || !worst) {
		r = show_trouble(p, a, answer);
	} else if (page_has_field(p, "mistaken")) {
		page_put(p, "findings", ai_findings(p, inspected, a->text, a->model));
		r = mark_mistaken(p, a, inspected);
	} else if (strcmp(worst, "allow") == 0 || (strcmp(worst, "stop") != 0 && a->agreed)) {
		r = send(p, a);
	} else {
		page_put(p, "findings", ai_findings(p, inspected, a->text, a->model));
		r = page_has_field(p, "approve") ? ask_for_approval(p, a, inspected) : put_form(p, a);
	}
	json_decref(inspected);
	return r;
}

static int inspect(struct page *p, const struct asking *a, int (*done)(struct page *p, const struct ask_answer *answer))
{
	json_t *body = json_object();
	json_object_set_new(body, "text", page_json_str(a->text));
	json_object_set_new(body, "model", page_json_str(a->model));
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	int r = page_ask(p, &(struct ask_question){.path = "/inspect",
	                                           .body = str_of(text),
	                                           .talk = a->talk,
	                                           .hide = a->hide,
	                                           .only_local = a->only_local,
	                                           .done = done});
	free(text);
	return r;
}

static struct asking *read_form(struct page *p)
{
	struct asking *a = ARENA_NEW(p->arena, struct asking);
	struct str talk = page_field(p, "talk");
	if (!a)
		return NULL;
	a->text = str_trim(page_field(p, "text"));
	a->model = page_field(p, "model");
	a->agreed = page_has_field(p, "agreed");
	a->wants_stream = page_has_field(p, "stream");
	a->answer = buf_make(ASK_ANSWER_MAX_BYTES * 4);
	if (talk.n > 0 && str_parse_u64(talk, INT64_MAX, &a->talk) < 0)
		a->talk = 0;
	page_set_context(p, a);
	return a;
}

static void take_rules(struct page *p, struct asking *a, const struct work_template *t)
{
	struct buf hide = buf_make(HIDE_MAX_BYTES);
	a->only_local = t->local_only;
	for (size_t i = 0; i < t->hide.n; i++)
		buf_printf(&hide, "%s%.*s", i ? "," : "", STR_ARG(t->hide.at[i]));
	a->hide = arena_dup(p->arena, buf_str(&hide));
	buf_done(&hide);
}

/* What holds for a template holds for the whole talk that began with it. */
static int take_rules_of_talk(struct page *p, struct asking *a)
{
	struct keep_talk_get_out out;
	struct work_templates all;
	if (a->talk == 0)
		return 0;
	int r = keep_talk_get(p->keep, &p->actor, &(struct keep_talk_get_in){.id = a->talk}, p->arena, &out);
	if (r >= 0)
		r = page_work(p, &all);
	const struct work_template *t = r < 0 ? NULL : work_find(&all, out.talks.at[0].template_id);
	if (t)
		take_rules(p, a, t);
	return r;
}

int ai_ask_page(struct page *p)
{
	struct asking *a = read_form(p);
	bool is_local = true;
	if (!a)
		return ERR_TOO_LARGE;
	int r = take_rules_of_talk(p, a);
	if (r >= 0 && a->only_local)
		r = ai_model_is_local(p, a->model, &is_local);
	if (r < 0)
		return r;
	const char *problem = a->text.n == 0                  ? "ai.ask.empty"
	                      : a->text.n > AI_TEXT_MAX_BYTES ? "ai.ask.too-long"
	                      : a->model.n == 0               ? "ai.ask.no-model"
	                      : !is_local                     ? "ai.ask.only-local"
	                                                      : NULL;
	if (problem) {
		page_problem(p, problem, "text");
		return put_form(p, a);
	}
	return inspect(p, a, on_inspected);
}

int ai_ask_with(struct page *p, const struct work_template *t, struct str prompt, struct str model, bool agreed)
{
	struct asking *a = read_form(p);
	if (!a)
		return ERR_TOO_LARGE;
	a->text = prompt;
	a->shown = work_text_in(&t->name, p->language);
	a->model = model;
	a->agreed = agreed;
	a->talk = 0;
	a->template_id = t->id;
	take_rules(p, a, t);
	return inspect(p, a, on_inspected);
}

int ai_ask_again(struct page *p, const struct work_template *t, uint64_t talk, struct str asked, struct str model,
                 int (*show)(struct page *p))
{
	struct asking *a = read_form(p);
	bool is_local = true;
	if (!a)
		return ERR_TOO_LARGE;
	a->text = asked;
	a->model = model;
	a->talk = talk;
	a->wants_stream = false;
	a->show = show;
	if (t)
		take_rules(p, a, t);
	int r = a->only_local ? ai_model_is_local(p, model, &is_local) : 0;
	if (r < 0)
		return r;
	if (model.n == 0 || !is_local) {
		page_problem(p, is_local ? "ai.ask.no-model" : "ai.ask.only-local", "model");
		return show(p);
	}
	return inspect(p, a, on_inspected);
}

/* ---- while somebody types: JSON for the page's script ---- */

static int on_typed(struct page *p, const struct ask_answer *answer)
{
	const struct asking *a = page_context(p);
	json_t *inspected = ai_read_inspected(answer->body);
	if (answer->r < 0 || answer->status != 200 || !inspected) {
		ai_put_trouble(p, answer);
		page_set_status(p, 503);
	} else {
		json_t *findings = ai_findings(p, inspected, a->text, a->model);
		json_object_set(findings, "spans", json_object_get(inspected, "spans"));
		page_put(p, "findings", findings);
	}
	json_decref(inspected);
	return 0;
}

int ai_inspect_page(struct page *p)
{
	const struct asking *a = read_form(p);
	if (!a)
		return ERR_TOO_LARGE;
	if (a->text.n > AI_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	return a->text.n == 0 ? 0 : inspect(p, a, on_typed);
}
