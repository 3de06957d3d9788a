/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/ai-rows.h"

#include "base/clock.h"
#include "base/err.h"
#include "leak/leak.h"
#include "policy/policy.h"
#include "store/ai.h"
#include "web/pages/rows.h"
#include "web/template.h"
#include "work/checkable.h"

enum { MICROYEN = 1000000, SPANS_SHOWN_MAX = 2000, KEY_MAX_BYTES = 96 };

json_t *ai_talk(const struct page *p, const struct keep_talk *talk)
{
	json_t *j = json_object();
	(void) p;
	json_object_set_new(j, "id", json_integer((json_int_t) talk->id));
	json_object_set_new(j, "title", page_json_str(talk->title));
	json_object_set_new(j, "template", page_json_str(talk->template_id));
	json_object_set_new(j, "model", page_json_str(talk->model));
	json_object_set_new(j, "used", page_json_time(talk->used_us));
	return j;
}

json_t *ai_turn(const struct page *p, const struct keep_turn *turn)
{
	json_t *j = json_object();
	(void) p;
	json_object_set_new(j, "number", json_integer((json_int_t) turn->number));
	json_object_set_new(j, "by_model", json_boolean(turn->speaker != AI_PERSON));
	json_object_set_new(j, "is_second", json_boolean(turn->speaker == AI_SECOND));
	json_object_set_new(j, "model", page_json_str(turn->model));
	json_object_set_new(j, "text", page_json_str(turn->text));
	json_object_set_new(j, "when", page_json_time(turn->created_us));
	return j;
}

json_t *ai_todo(const struct page *p, const struct keep_todo *todo)
{
	char today[CLOCK_TEXT_BYTES];
	json_t *j = json_object();
	clock_format_local(p->now_us, today);
	json_object_set_new(j, "id", json_integer((json_int_t) todo->id));
	json_object_set_new(j, "owner", page_json_str(todo->owner));
	json_object_set_new(j, "due", page_json_str(todo->due));
	json_object_set_new(j, "task", page_json_str(todo->task));
	if (todo->person == p->person.id && todo->given_by != p->person.id)
		json_object_set_new(j, "given_by", page_json_str(todo->given_by_name));
	json_object_set_new(j, "done", json_boolean(todo->done_us > 0));
	json_object_set_new(j, "late",
	                    json_boolean(todo->done_us == 0 && todo->due.n > 0 &&
	                                 str_cmp(todo->due, str_make(today, todo->due.n)) < 0));
	return j;
}

json_t *ai_template(const struct page *p, const struct work_template *t)
{
	struct str department = str_of(work_department_word(t->department));
	json_t *j = json_object();
	json_object_set_new(j, "id", page_json_str(t->id));
	json_object_set_new(j, "name", page_json_str(work_text_in(&t->name, p->language)));
	json_object_set_new(j, "purpose", page_json_str(work_text_in(&t->purpose, p->language)));
	json_object_set_new(j, "department", page_json_str(department));
	json_object_set_new(j, "department_label", rows_text(p, "work.department.", department, ""));
	json_object_set_new(j, "coming", json_boolean(t->coming));
	json_object_set_new(j, "local_only", json_boolean(t->local_only));
	json_object_set_new(j, "own", json_boolean(t->own));
	return j;
}

static const struct keep_ai_service *find_service(const struct keep_ai_service_list *services, uint64_t id)
{
	for (size_t i = 0; i < services->n; i++)
		if (services->at[i].id == id && services->at[i].active)
			return &services->at[i];
	return NULL;
}

static const char *destination_word(uint64_t destination)
{
	static const char *const words[] = {"local", "contracted", "other"};
	return words[destination < POLICY_DESTINATION_COUNT ? destination : POLICY_OTHER];
}

static json_t *model_json(const struct page *p, const struct keep_ai_model *m, const struct keep_ai_service *s,
                          bool is_selected)
{
	struct str destination = str_of(destination_word(s->destination));
	json_t *j = json_object();
	json_object_set_new(j, "name", page_json_str(m->name));
	json_object_set_new(j, "service", json_integer((json_int_t) s->id));
	json_object_set_new(j, "service_name", page_json_str(s->name));
	json_object_set_new(j, "destination", page_json_str(destination));
	json_object_set_new(j, "destination_label", rows_text(p, "ai.destination.", destination, ""));
	json_object_set_new(j, "selected", json_boolean(is_selected));
	return j;
}

static bool is_chat(const struct keep_ai_model *m)
{
	return m->uses == 0 || m->uses & AI_USE_CHAT;
}

int ai_model_is_local(struct page *p, struct str model, bool *ret)
{
	struct keep_ai_service_list_out out;
	bool is_there = false, is_local = true;
	int r = keep_ai_service_list(p->keep, &p->actor, &(struct keep_ai_service_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.models.n; i++) {
		const struct keep_ai_service *s = find_service(&out.services, out.models.at[i].service);
		if (!s || !str_eq(out.models.at[i].name, model))
			continue;
		is_there = true;
		is_local &= s->destination == POLICY_LOCAL;
	}
	if (r >= 0)
		*ret = is_there && is_local;
	return r;
}

int ai_put_models(struct page *p, struct str selected, bool only_local)
{
	struct keep_ai_service_list_out out;
	json_t *list = json_array();
	page_put(p, "models", list);
	int r = keep_ai_service_list(p->keep, &p->actor, &(struct keep_ai_service_list_in){0}, p->arena, &out);
	if (r < 0)
		return r;
	for (size_t i = 0; i < out.models.n; i++) {
		const struct keep_ai_model *m = &out.models.at[i];
		const struct keep_ai_service *s = find_service(&out.services, m->service);
		if (s && is_chat(m) && (!only_local || s->destination == POLICY_LOCAL))
			json_array_append_new(list, model_json(p, m, s, str_eq(m->name, selected)));
	}
	page_put(p, "has_models", json_boolean(json_array_size(list) > 0));
	return 0;
}

int ai_put_talks(struct page *p, uint64_t limit)
{
	struct keep_talk_list_out out;
	json_t *list = json_array();
	page_put(p, "talks", list);
	int r = keep_talk_list(p->keep, &p->actor, &(struct keep_talk_list_in){.limit = limit}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.talks.n; i++)
		json_array_append_new(list, ai_talk(p, &out.talks.at[i]));
	return r;
}

/* ---- findings ---- */

static const char *member_text(json_t *j, const char *name)
{
	const char *text = json_string_value(json_object_get(j, name));
	return text ? text : "";
}

static json_t *kind_json(const struct page *p, json_t *kind)
{
	struct str word = str_of(member_text(kind, "kind")), action = str_of(member_text(kind, "action"));
	json_t *j = json_object();
	json_object_set_new(j, "kind", page_json_str(word));
	json_object_set_new(j, "label", rows_text(p, "leak.kind.", word, ""));
	json_object_set_new(j, "count", json_integer(json_integer_value(json_object_get(kind, "count"))));
	json_object_set_new(j, "action", page_json_str(action));
	json_object_set_new(j, "action_label", rows_text(p, "ai.action.", action, ""));
	return j;
}

/* The text with what was found marked; the spans come from the gate, sorted, and are checked again. */
static json_t *marked_text(const struct page *p, json_t *spans, struct str text)
{
	struct buf b = buf_make(AI_TEXT_MAX_BYTES * 8);
	size_t at = 0, i;
	json_t *span;
	json_array_foreach(spans, i, span)
	{
		json_int_t from = json_integer_value(json_object_get(span, "start"));
		json_int_t to = json_integer_value(json_object_get(span, "end"));
		const char *action = member_text(span, "action");
		if (i >= SPANS_SHOWN_MAX || from < (json_int_t) at || to <= from || (size_t) to > text.n ||
		    strcmp(action, "allow") == 0)
			continue;
		struct str kind = str_of(member_text(span, "kind"));
		json_t *label = rows_text(p, "leak.kind.", kind, "");
		template_escape(&b, str_slice(text, at, (size_t) from));
		buf_printf(&b, "<mark class=\"found %s\" title=\"", strcmp(action, "stop") == 0 ? "stop" : "mask");
		template_escape(&b, str_of(json_string_value(label)));
		buf_add_c(&b, "\">");
		template_escape(&b, str_slice(text, (size_t) from, (size_t) to));
		buf_add_c(&b, "</mark>");
		json_decref(label);
		at = (size_t) to;
	}
	template_escape(&b, str_slice(text, at, text.n));
	json_t *fragment = template_fragment(buf_str(&b));
	buf_done(&b);
	return fragment;
}

/* ---- what the gate found, by what would happen at one destination ---- */

static int severity(const char *action)
{
	static const char *const words[] = {"allow", "warn", "mask", "stop"};
	for (int i = 0; i < (int) ARRAY_SIZE(words); i++)
		if (strcmp(action, words[i]) == 0)
			return i;
	return (int) ARRAY_SIZE(words) - 1; /* a word of another version: held back */
}

static json_t *find_kind(json_t *kinds, const char *kind)
{
	json_t *j;
	size_t i;
	json_array_foreach(kinds, i, j) if (strcmp(member_text(j, "kind"), kind) == 0) return j;
	j = json_object();
	json_object_set_new(j, "kind", json_string(kind));
	json_object_set_new(j, "count", json_integer(0));
	json_object_set_new(j, "action", json_string("allow"));
	json_array_append_new(kinds, j);
	return j;
}

static void count_kind(json_t *kinds, json_t *span, const char *action)
{
	json_t *kind = find_kind(kinds, member_text(span, "kind"));
	json_int_t count = json_integer_value(json_object_get(kind, "count"));
	json_object_set_new(kind, "count", json_integer(count + (severity(action) > 0)));
	if (severity(action) > severity(member_text(kind, "action")))
		json_object_set_new(kind, "action", json_string(action));
	if (json_is_true(json_object_get(span, "hard")))
		json_object_set_new(kind, "hard", json_true());
}

json_t *ai_read_inspected(struct str body)
{
	json_t *answer = json_loadb(body.p ? body.p : "", body.n, 0, NULL),
	       *spans = json_object_get(answer, "findings");
	json_t *j = json_object(), *kinds = json_array(), *span;
	const char *destination = member_text(answer, "destination"), *worst = "allow";
	bool is_hard = false;
	size_t i;
	if (!json_is_array(spans)) {
		json_decref(answer);
		json_decref(j);
		json_decref(kinds);
		return NULL;
	}
	destination = *destination ? destination : destination_word(POLICY_OTHER);
	json_array_foreach(spans, i, span)
	{
		const char *action = member_text(json_object_get(span, "actions"), destination);
		action = *action ? action : "stop";
		worst = severity(action) > severity(worst) ? action : worst;
		is_hard |= strcmp(action, "stop") == 0 && json_is_true(json_object_get(span, "hard"));
		json_object_set_new(span, "action", json_string(action));
		count_kind(kinds, span, action);
	}
	bool is_cut = json_is_true(json_object_get(answer, "cut"));
	json_object_set_new(j, "worst", json_string(is_cut ? "stop" : worst));
	json_object_set_new(j, "approval_helps", json_boolean(strcmp(worst, "stop") == 0 && !is_hard && !is_cut));
	json_object_set_new(j, "destination", json_string(destination));
	json_object_set(j, "service", json_object_get(answer, "service"));
	json_object_set(j, "tokens", json_object_get(answer, "tokens"));
	json_object_set(j, "spans", spans);
	json_object_set_new(j, "kinds", kinds);
	json_decref(answer);
	return j;
}

/* The expected cost: as much again comes back as is sent. */
static void put_yen(struct page *p, json_t *inspected, struct str model, json_t *j)
{
	struct keep_ai_quote_out out;
	uint64_t tokens = (uint64_t) json_integer_value(json_object_get(inspected, "tokens"));
	const struct keep_ai_quote_in in = {
	        .service = (uint64_t) json_integer_value(json_object_get(inspected, "service")),
	        .model = model,
	        .tokens_in = tokens,
	        .tokens_out = tokens};
	if (in.service == 0 || keep_ai_quote(p->keep, &p->actor, &in, p->arena, &out) < 0 || !out.known)
		return;
	json_object_set_new(j, "yen", json_real((double) out.microyen / MICROYEN));
}

/* Each place that would be masked or stopped and may be called a mistake. */
static json_t *mistakable(const struct page *p, json_t *spans, struct str text)
{
	json_t *list = json_array(), *span;
	size_t i;
	json_array_foreach(spans, i, span)
	{
		json_int_t from = json_integer_value(json_object_get(span, "start"));
		json_int_t to = json_integer_value(json_object_get(span, "end"));
		if (i >= SPANS_SHOWN_MAX || from < 0 || to <= from || (size_t) to > text.n ||
		    severity(member_text(span, "action")) == 0 || json_is_true(json_object_get(span, "hard")))
			continue;
		json_t *j = json_object();
		json_object_set_new(j, "number", json_integer((json_int_t) i));
		json_object_set_new(j, "label", rows_text(p, "leak.kind.", str_of(member_text(span, "kind")), ""));
		json_object_set_new(j, "text", page_json_str(str_slice(text, (size_t) from, (size_t) to)));
		json_array_append_new(list, j);
	}
	return list;
}

json_t *ai_findings(struct page *p, json_t *inspected, struct str text, struct str model)
{
	json_t *j = json_object(), *kinds = json_array(), *kind;
	const char *worst = member_text(inspected, "worst");
	bool is_hard = false;
	size_t i;
	json_array_foreach(json_object_get(inspected, "kinds"), i, kind)
	{
		if (strcmp(member_text(kind, "action"), "allow") == 0)
			continue;
		is_hard |= json_is_true(json_object_get(kind, "hard"));
		json_array_append_new(kinds, kind_json(p, kind));
	}
	json_object_set_new(j, "worst", json_string(worst));
	json_object_set_new(j, "is", rows_flag(str_of(worst)));
	json_object_set_new(j, "kinds", kinds);
	json_object_set_new(j, "hard", json_boolean(is_hard));
	json_object_set(j, "approval_helps", json_object_get(inspected, "approval_helps"));
	json_object_set_new(j, "destination", json_string(member_text(inspected, "destination")));
	put_yen(p, inspected, model, j);
	json_object_set_new(j, "mistakable", mistakable(p, json_object_get(inspected, "spans"), text));
	json_object_set_new(j, "marked", marked_text(p, json_object_get(inspected, "spans"), text));
	return j;
}

/* ---- claims and checks ---- */

json_t *ai_claims(struct page *p, struct str text)
{
	struct checkables claims = {0};
	json_t *list = json_array();
	if (checkables_find(text, p->arena, &claims) < 0)
		return list;
	for (size_t i = 0; i < claims.n; i++) {
		struct str word = str_of(checkable_kind_word(claims.at[i].kind));
		json_t *j = json_object();
		json_object_set_new(j, "number", json_integer((json_int_t) i));
		json_object_set_new(j, "kind", page_json_str(word));
		json_object_set_new(j, "label", rows_text(p, "work.claim.", word, ""));
		json_object_set_new(j, "text", page_json_str(str_slice(text, claims.at[i].start, claims.at[i].end)));
		json_array_append_new(list, j);
	}
	return list;
}

json_t *ai_checks(const struct page *p, const struct work_template *t, size_t *ret_n)
{
	uint32_t checks = t ? t->checks : 1u << WORK_CHECK_SOURCES | 1u << WORK_CHECK_PERSON_DECIDES;
	json_t *list = json_array();
	for (size_t i = 0; i < WORK_CHECK_COUNT; i++) {
		if (!(checks & 1u << i))
			continue;
		struct str word = str_of(work_check_word((enum work_check) i));
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "text", rows_text(p, "work.check.", word, ""));
		json_array_append_new(list, j);
	}
	*ret_n = json_array_size(list);
	return list;
}

/* ---- answers ---- */

int ai_read_answer(struct page *p, struct str body, struct str *ret)
{
	json_t *answer = json_loadb(body.p ? body.p : "", body.n, 0, NULL);
	json_t *message = json_object_get(json_array_get(json_object_get(answer, "choices"), 0), "message");
	const char *text = json_string_value(json_object_get(message, "content"));
	int r = text ? 0 : ERR_INVALID;
	if (text)
		*ret = arena_dup(p->arena, str_make(text, json_string_length(json_object_get(message, "content"))));
	json_decref(answer);
	return r;
}

static const char *trouble_word(const struct ask_answer *answer)
{
	if (answer->r == ERR_TIMEOUT || answer->status == 504)
		return "slow";
	if (answer->r < 0)
		return "gate";
	switch (answer->status) {
	case 400:
	case 403:
	case 422:
		return "held";
	case 402:
		return "budget";
	case 404:
		return "model";
	case 413:
		return "large";
	case 429:
		return "often";
	case 503:
		return "ledger";
	default:
		return "service";
	}
}

void ai_put_trouble(struct page *p, const struct ask_answer *answer)
{
	struct str word = str_of(trouble_word(answer));
	json_t *j = json_object(), *body = json_loadb(answer->body.p ? answer->body.p : "", answer->body.n, 0, NULL);
	const char *said = json_string_value(json_object_get(json_object_get(body, "error"), "message"));
	json_object_set_new(j, "word", page_json_str(word));
	json_object_set_new(j, "text", rows_text(p, "ai.trouble.", word, ""));
	json_object_set_new(j, "next", rows_text(p, "ai.trouble.", word, ".next"));
	if (said)
		json_object_set_new(j, "said", json_string(said));
	page_put(p, "trouble", j);
	json_decref(body);
}
