/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * もしも, once it has begun: the clock, who does what, first steps, businesses, deadlines, what was done when. Open to
 * people of the company and to whoever came in with the code of the paper. Works without scripts; every button is a
 * form, every press an entry that is on disk before the page comes back. */
#include "web/pages/incident-rows.h"

#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "web/facts.h"
#include "web/pages/emergency-rows.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"

enum { HASH_HEX_BYTES = 2 * LEDGER_HASH_BYTES, TIMELINE_ROWS = 100, SHOWN_MAX_BYTES = 256 * 1024 };

/* ---- beginning and coming in ---- */

/* "2026-11-23T08:12", local; empty is 0. A day or hour that the calendar does not have is none. */
static int read_moment(struct str text, int64_t *ret_us)
{
	char copy[sizeof("2026-11-23T08:12:00")] = "", again[sizeof(copy)];
	struct tm at = {0};
	*ret_us = 0;
	if (text.n == 0)
		return 0;
	if (text.n >= sizeof(copy))
		return ERR_INVALID;
	snprintf(copy, sizeof(copy), "%.*s", STR_ARG(text));
	bool has_seconds = text.n == sizeof(copy) - 1; /* some browsers send them */
	const char *rest = strptime(copy, has_seconds ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%dT%H:%M", &at);
	at.tm_isdst = -1;
	if (!rest || *rest)
		return ERR_INVALID;
	*ret_us = (int64_t) mktime(&at) * CLOCK_SECOND_US;
	strftime(again, sizeof(again), has_seconds ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%dT%H:%M", &at);
	return *ret_us > 0 && str_eq_c(text, again) ? 0 : ERR_INVALID;
}

static int go_to(struct page *p, uint64_t id, const char *anchor)
{
	return page_redirect_str(p, arena_printf(p->arena, "/119/incident/%llu%s", (unsigned long long) id, anchor));
}

static int put_state(struct page *p)
{
	page_put(p, "needs_code", json_boolean(p->person.id == 0));
	return emergency_put_running(p);
}

int incident_start_page(struct page *p)
{
	bool is_asked = p->method == HTTP_GET;
	struct keep_incident_start_in in = {.code = page_field(p, "code"),
	                                    .kind = is_asked ? page_query(p, "kind") : page_field(p, "kind"),
	                                    .is_drill = page_has_field(p, "drill")};
	struct keep_incident_start_out out;
	page_put_str(p, "kind", in.kind);
	page_put_str(p, "when", page_field(p, "when"));
	page_put(p, "is_drill", json_boolean(in.is_drill));
	page_put(p, "label", rows_text(p, "emergency.", in.kind, ""));
	if (!emergency_is_kind(in.kind))
		return ERR_NOT_FOUND;
	int r = put_state(p);
	if (r < 0 || is_asked)
		return r;
	r = read_moment(page_field(p, "when"), &in.known_us);
	if (r >= 0)
		r = keep_incident_start(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_DENIED)
		return page_problem(p, p->person.id ? "incident.problem.reader" : "incident.problem.code", "code");
	if (r == ERR_BUSY)
		return page_problem(p, "incident.problem.wait", "code");
	if (r == ERR_INVALID)
		return page_problem(p, "incident.problem.when", "when");
	if (r == ERR_TOO_LARGE)
		return page_problem(p, in.is_drill ? "incident.problem.many-drills" : "incident.problem.many", "");
	if (r < 0)
		return r;
	if (out.pass.n > 0)
		page_set_pass(p, out.pass);
	return go_to(p, out.id, "");
}

/* The way back in: the newest for people of the company, the code for the others. */
int incident_now_page(struct page *p)
{
	struct keep_incident_enter_in in = {.code = page_field(p, "code")};
	struct keep_incident_enter_out out;
	struct keep_incident_list_out list = {0};
	int r = put_state(p);
	if (r >= 0 && p->person.id)
		r = keep_incident_list(p->keep, &p->actor, &(struct keep_incident_list_in){0}, p->arena, &list);
	for (int drills = 0; r >= 0 && drills <= 1; drills++) /* a real one before a drill */
		for (size_t i = 0; i < list.incidents.n; i++)
			if (list.incidents.at[i].closed_us == 0 && list.incidents.at[i].is_drill == (drills == 1))
				return go_to(p, list.incidents.at[i].id, "");
	if (r < 0 || p->method == HTTP_GET)
		return r;
	r = keep_incident_enter(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_DENIED || r == ERR_BUSY || r == ERR_NOT_FOUND)
		return page_problem(p,
		                    r == ERR_BUSY     ? "incident.problem.wait"
		                    : r == ERR_DENIED ? "incident.problem.code"
		                                      : "incident.problem.none",
		                    "code");
	if (r < 0)
		return r;
	page_set_pass(p, out.pass);
	return go_to(p, out.id, "");
}

int incidents_page(struct page *p)
{
	struct keep_incident_list_out out;
	json_t *list = json_array();
	page_put(p, "incidents", list);
	int r = keep_incident_list(p->keep, &p->actor, &(struct keep_incident_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.incidents.n; i++)
		json_array_append_new(list, incident_head(p, &out.incidents.at[i]));
	return r;
}

/* ---- the board ---- */

static json_t *steps_json(struct page *p, const struct incident_view *v)
{
	const struct facts *facts = page_facts(p);
	json_t *list = json_array();
	const struct fact *fact;
	bool is_next = true;
	for (size_t at = 0; (fact = fact_next(facts, FACT_STEP, &at));) {
		if (!incident_is_step(fact, v))
			continue;
		const struct keep_incident_entry *e = incident_last(v, INCIDENT_STEP, fact->id);
		bool is_done = e && e->value;
		int64_t took = is_done ? (e->at_us - v->incident.known_us) / (60 * CLOCK_SECOND_US) : 0;
		json_t *j = json_object();
		json_object_set_new(j, "id", page_json_str(fact->id));
		json_object_set_new(j, "text", page_json_str(fact->text[p->language]));
		json_object_set_new(j, "is_unverified", json_boolean(!fact->verified));
		json_object_set_new(j, "is_next", json_boolean(is_next && !is_done));
		is_next = is_next && is_done;
		json_object_set_new(j, "done", is_done ? page_json_time(e->at_us) : json_null());
		json_object_set_new(j, "took",
		                    page_json_str(is_done ? incident_span(p, took > 0 ? took : 0) : STR("")));
		json_array_append_new(list, j);
	}
	return list;
}

/* The form that was refused has in it what was typed, else what is kept. */
static struct str typed_or(const struct page *p, const char *name, struct str kept)
{
	return p->method == HTTP_POST && page_has_field(p, name) ? page_field(p, name) : kept;
}

static json_t *named_json(const struct page *p, const struct incident_view *v, const char *kind,
                          const char *const *names)
{
	json_t *list = json_array();
	for (size_t i = 0; names[i]; i++) {
		const struct keep_incident_entry *e = incident_last(v, kind, str_of(names[i]));
		struct str before = arena_printf(p->arena, "incident.%s.", kind);
		json_t *j = json_object();
		json_object_set_new(j, "name", json_string(names[i]));
		json_object_set_new(j, "label", rows_text(p, arena_cstr(p->arena, before), str_of(names[i]), ""));
		json_object_set_new(j, "hint", rows_text(p, arena_cstr(p->arena, before), str_of(names[i]), ".hint"));
		json_object_set_new(j, "text", page_json_str(typed_or(p, names[i], e ? e->text : STR(""))));
		json_object_set_new(j, "at", e ? page_json_time(e->at_us) : json_null());
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *questions_json(const struct page *p, const struct incident_view *v)
{
	const enum plan_answer answers[] = {v->leak.personal, v->leak.sensitive, v->leak.property, v->leak.malice,
	                                    v->leak.many};
	json_t *list = json_array();
	for (size_t i = 0; incident_questions[i]; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "name", json_string(incident_questions[i]));
		json_object_set_new(j, "label", rows_text(p, "incident.answer.", str_of(incident_questions[i]), ""));
		json_object_set_new(j, "unknown", json_boolean(answers[i] == PLAN_UNKNOWN));
		json_object_set_new(j, "yes", json_boolean(answers[i] == PLAN_YES));
		json_object_set_new(j, "no", json_boolean(answers[i] == PLAN_NO));
		json_array_append_new(list, j);
	}
	return list;
}

static bool is_task_done(const struct incident_view *v, uint64_t number)
{
	for (size_t i = 0; i < v->entries.n; i++)
		if (str_eq_c(v->entries.at[i].kind, INCIDENT_TASK_DONE) && v->entries.at[i].value == number)
			return true;
	return false;
}

static json_t *listed_json(const struct incident_view *v, const struct keep_incident_entry *e)
{
	json_t *j = json_object();
	json_object_set_new(j, "number", json_integer((json_int_t) e->number));
	json_object_set_new(j, "name", page_json_str(e->name));
	json_object_set_new(j, "text", page_json_str(e->text));
	json_object_set_new(j, "digest", page_json_str(e->digest));
	json_object_set_new(j, "bytes", json_integer((json_int_t) e->value));
	json_object_set_new(j, "at", page_json_time(e->at_us));
	json_object_set_new(j, "by", page_json_str(e->made_by_name));
	json_object_set_new(j, "is_done", json_boolean(is_task_done(v, e->number)));
	return j;
}

/* Marks the newest of a kind, as long as there is room for them. */
static void mark_shown(const struct incident_view *v, const char *kind, bool is_done, size_t *room, bool *shown)
{
	for (size_t i = v->entries.n; i > 0; i--) {
		const struct keep_incident_entry *e = &v->entries.at[i - 1];
		if (!str_eq_c(e->kind, kind) || is_task_done(v, e->number) != is_done)
			continue;
		if (e->text.n + e->name.n > *room)
			return;
		*room -= e->text.n + e->name.n;
		shown[i - 1] = true;
	}
}

/* What is open first, then the newest; the others stand on the timeline, and their number here. */
static void put_list(struct page *p, const struct incident_view *v, const char *name, const char *kind)
{
	bool *shown = arena_alloc(p->arena, v->entries.n + 1);
	size_t room = SHOWN_MAX_BYTES, left = 0;
	json_t *list = json_array();
	if (shown) {
		mark_shown(v, kind, false, &room, shown);
		mark_shown(v, kind, true, &room, shown);
	}
	for (size_t i = 0; i < v->entries.n; i++) {
		if (!str_eq_c(v->entries.at[i].kind, kind))
			continue;
		if (shown && shown[i])
			json_array_append_new(list, listed_json(v, &v->entries.at[i]));
		else
			left++;
	}
	page_put(p, name, list);
	page_put(p, arena_cstr(p->arena, arena_printf(p->arena, "%s_left", name)), json_integer((json_int_t) left));
}

/* Whom to call: the company's own first. */
static json_t *phones_json(struct page *p, const struct incident_view *v)
{
	const struct register_kind *kind = register_find(STR("partners"));
	size_t relation = 0;
	struct register_items list = {0};
	json_t *phones = json_array();
	(void) register_sort(p, kind, &v->items, &list);
	(void) register_field_find(kind, STR("relation"), &relation);
	for (size_t i = 0; i < list.n; i++) {
		struct str day = register_value(kind, &list.at[i], "phone");
		struct str night = register_value(kind, &list.at[i], "phone-night");
		struct str numbers[] = {day, night};
		for (size_t k = 0; k < ARRAY_SIZE(numbers); k++) {
			if (numbers[k].n == 0)
				continue;
			json_t *j = json_object();
			json_object_set_new(j, "name", page_json_str(register_value(kind, &list.at[i], "name")));
			json_object_set_new(j, "person", page_json_str(register_value(kind, &list.at[i], "person")));
			json_object_set_new(j, "relation",
			                    page_json_str(register_shown(&kind->fields[relation],
			                                                 list.at[i].value[relation], p->language)));
			json_object_set_new(j, "duty", page_json_str(register_value(kind, &list.at[i], "duty")));
			json_object_set_new(j, "shown", page_json_str(numbers[k]));
			if (!v->incident.is_drill)
				json_object_set_new(j, "tel", page_json_str(emergency_tel(p, numbers[k])));
			json_object_set_new(j, "night", json_boolean(k == 1));
			json_array_append_new(phones, j);
		}
	}
	return phones;
}

/* The newest, oldest of them first; earlier ones are a link away, and all are in the file. */
static void put_timeline(struct page *p, const struct incident_view *v)
{
	json_t *all = incident_timeline(p, v), *shown = json_array();
	size_t n = json_array_size(all);
	uint64_t end;
	if (str_parse_u64(page_query(p, "until"), n, &end) < 0)
		end = n;
	size_t from = (size_t) end, room = SHOWN_MAX_BYTES;
	while (from > 0 && end - from < TIMELINE_ROWS) {
		size_t bytes = json_string_length(json_object_get(json_array_get(all, from - 1), "text"));
		if (bytes > room)
			break;
		room -= bytes;
		from--;
	}
	for (size_t i = from; i < end; i++)
		json_array_append(shown, json_array_get(all, i));
	json_decref(all);
	page_put(p, "timeline", shown);
	page_put(p, "earlier", json_integer((json_int_t) from));
	page_put(p, "is_newest", json_boolean(end == n));
}

/* Shown, but not to be tapped: in a drill nobody calls the police. */
static json_t *drill_phones(const struct page *p, const char *const *words)
{
	json_t *list = emergency_phones(p, words), *row;
	size_t i;
	json_array_foreach(list, i, row)
	{
		json_object_del(row, "tel");
	}
	return list;
}

static int show(struct page *p, const struct incident_view *v)
{
	static const char *const publics[EMERGENCY_PHONES_MAX] = {"police", "station", "ipa", NULL};
	page_put(p, "incident", incident_head(p, &v->incident));
	page_put(p, "is_open", json_boolean(v->incident.closed_us == 0 && p->person.role != ROLE_EXPERT));
	page_put(p, "may_close", json_boolean(page_may(p, WHO_PATROL) && v->incident.closed_us == 0));
	page_put(p, "steps", steps_json(p, v));
	page_put(p, "roles", named_json(p, v, INCIDENT_ROLE, incident_roles));
	page_put(p, "details", named_json(p, v, INCIDENT_DETAIL, incident_details));
	page_put(p, "decisions", named_json(p, v, INCIDENT_DECISION, incident_decisions));
	page_put(p, "questions", questions_json(p, v));
	put_list(p, v, "tasks", INCIDENT_TASK);
	put_list(p, v, "lessons", INCIDENT_LESSON);
	put_list(p, v, "evidence", INCIDENT_EVIDENCE);
	page_put(p, "businesses", incident_businesses(p, v));
	put_timeline(p, v);
	page_put(p, "own_phones", phones_json(p, v));
	page_put(p, "phones", v->incident.is_drill ? drill_phones(p, publics) : emergency_phones(p, publics));
	page_put(p, "deadlines", incident_deadlines(p, v));
	page_put(p, "no_duty", json_boolean(leak_duty_of(&v->leak) == LEAK_NO_DUTY));
	json_t *label = rows_text(p, "emergency.", v->incident.kind, "");
	page_set_title(p, arena_dup(p->arena, str_of(json_string_value(label))));
	json_decref(label);
	return 0;
}

/* ---- writing ---- */

struct writing {
	uint64_t incident;
	struct keep_incident_entry_list entries;
};

static struct keep_incident_entry *add(struct page *p, struct writing *w, const char *kind, struct str name,
                                       struct str text, uint64_t value)
{
	struct keep_incident_entry *e = ARENA_PUSH(p->arena, &w->entries);
	if (e)
		*e = (struct keep_incident_entry){.incident = w->incident,
		                                  .kind = str_of(kind),
		                                  .name = name,
		                                  .text = text,
		                                  .digest = STR(""),
		                                  .value = value};
	return e;
}

/* Fields of a form that are named after what they say: those that changed become entries. */
static void add_changed(struct page *p, const struct incident_view *v, struct writing *w, const char *kind,
                        const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		const struct keep_incident_entry *e = incident_last(v, kind, str_of(names[i]));
		struct str text = str_trim(page_field(p, names[i]));
		if (page_has_field(p, names[i]) && !str_eq(text, e ? e->text : STR("")))
			add(p, w, kind, str_of(names[i]), text, 0);
	}
}

static void add_answers(struct page *p, const struct incident_view *v, struct writing *w)
{
	const enum plan_answer now[] = {v->leak.personal, v->leak.sensitive, v->leak.property, v->leak.malice,
	                                v->leak.many};
	for (size_t i = 0; incident_questions[i]; i++) {
		struct str text = page_field(p, incident_questions[i]);
		enum plan_answer answer = str_eq_c(text, "yes")  ? PLAN_YES
		                          : str_eq_c(text, "no") ? PLAN_NO
		                                                 : PLAN_UNKNOWN;
		if (text.n > 0 && answer != now[i])
			add(p, w, INCIDENT_ANSWER, str_of(incident_questions[i]), STR(""), answer);
	}
}

static void add_step(struct page *p, const struct incident_view *v, struct writing *w)
{
	struct str id = page_field(p, "step");
	const struct fact *fact = fact_find(page_facts(p), id);
	const struct keep_incident_entry *e = incident_last(v, INCIDENT_STEP, id);
	if (fact && incident_is_step(fact, v))
		add(p, w, INCIDENT_STEP, id, STR(""), !(e && e->value));
}

static void add_business(struct page *p, const struct incident_view *v, struct writing *w)
{
	const struct register_kind *kind = register_find(STR("businesses"));
	uint64_t id = 0, state = 0;
	struct register_items list = {0};
	(void) register_sort(p, kind, &v->items, &list);
	if (str_parse_u64(page_field(p, "business"), INT64_MAX, &id) < 0 ||
	    str_parse_u64(page_field(p, "state"), BUSINESS_STATE_COUNT - 1, &state) < 0)
		return;
	for (size_t i = 0; i < list.n; i++)
		if (list.at[i].id == id)
			add(p, w, INCIDENT_BUSINESS, page_field(p, "business"),
			    register_value(kind, &list.at[i], "name"), state);
}

static void add_sent(struct page *p, const struct incident_view *v, struct writing *w)
{
	(void) v;
	for (int i = 0; i < DEADLINE_COUNT; i++)
		if (str_eq_c(page_field(p, "sent"), deadline_word((enum deadline_name) i)))
			add(p, w, INCIDENT_SENT, page_field(p, "sent"), STR(""), 1);
}

static struct str hash_hex(const struct page *p, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	struct ledger_hash hash = ledger_hash_of(bytes);
	char *hex = arena_alloc(p->arena, HASH_HEX_BYTES);
	for (size_t i = 0; hex && i < LEDGER_HASH_BYTES; i++) {
		hex[2 * i] = digits[hash.bytes[i] >> 4];
		hex[2 * i + 1] = digits[hash.bytes[i] & 15];
	}
	return hex ? str_make(hex, HASH_HEX_BYTES) : STR("");
}

/* The file itself is not kept: it stays where it is, and the hash says that it is the same. */
static void add_evidence(struct page *p, const struct incident_view *v, struct writing *w)
{
	(void) v;
	const struct page_upload *file = page_upload(p, "file");
	struct str name = str_trim(page_field(p, "name"));
	if (!file && name.n == 0)
		return;
	struct keep_incident_entry *e = add(p, w, INCIDENT_EVIDENCE, name.n ? name : file->name,
	                                    str_trim(page_field(p, "place")), file ? file->bytes.n : 0);
	if (e && file)
		e->digest = hash_hex(p, file->bytes);
}

static void add_words(struct page *p, struct writing *w, const char *kind)
{
	struct str text = str_trim(page_field(p, "text"));
	if (text.n > 0)
		add(p, w, kind, STR(""), text, 0);
}

static void add_roles(struct page *p, const struct incident_view *v, struct writing *w)
{
	add_changed(p, v, w, INCIDENT_ROLE, incident_roles);
}

static void add_details(struct page *p, const struct incident_view *v, struct writing *w)
{
	add_changed(p, v, w, INCIDENT_DETAIL, incident_details);
}

static void add_decisions(struct page *p, const struct incident_view *v, struct writing *w)
{
	add_changed(p, v, w, INCIDENT_DECISION, incident_decisions);
}

static void add_note(struct page *p, const struct incident_view *v, struct writing *w)
{
	(void) v;
	add_words(p, w, INCIDENT_NOTE);
}

static void add_task(struct page *p, const struct incident_view *v, struct writing *w)
{
	(void) v;
	add_words(p, w, INCIDENT_TASK);
}

static void add_lesson(struct page *p, const struct incident_view *v, struct writing *w)
{
	(void) v;
	add_words(p, w, INCIDENT_LESSON);
}

static void add_task_done(struct page *p, const struct incident_view *v, struct writing *w)
{
	uint64_t number = 0;
	if (str_parse_u64(page_field(p, "number"), INT64_MAX, &number) < 0 || is_task_done(v, number))
		return;
	for (size_t i = 0; i < v->entries.n; i++)
		if (v->entries.at[i].number == number && str_eq_c(v->entries.at[i].kind, INCIDENT_TASK))
			add(p, w, INCIDENT_TASK_DONE, STR(""), v->entries.at[i].text, number);
}

/* what: the field of every form of the board; anchor: where the page goes back to. */
static const struct {
	const char *what, *anchor;
	void (*add)(struct page *p, const struct incident_view *v, struct writing *w);
} forms[] = {
        {"step", "#steps", add_step},
        {"roles", "#roles", add_roles},
        {"details", "#details", add_details},
        {"decisions", "#decisions", add_decisions},
        {"answers", "#deadlines", add_answers},
        {"sent", "#deadlines", add_sent},
        {"business", "#businesses", add_business},
        {"task", "#tasks", add_task},
        {"task-done", "#tasks", add_task_done},
        {"note", "#timeline", add_note},
        {"lesson", "#lessons", add_lesson},
        {"evidence", "#evidence", add_evidence},
};

static int collect(struct page *p, const struct incident_view *v, struct writing *w, const char **ret_anchor)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (str_eq_c(page_field(p, "what"), forms[i].what)) {
			forms[i].add(p, v, w);
			*ret_anchor = forms[i].anchor;
			return 0;
		}
	return ERR_INVALID;
}

/* Not to be read, or neither before now nor near the incident. */
static bool is_wrong_time(const struct page *p, const struct incident_view *v)
{
	int64_t when_us;
	if (read_moment(page_field(p, "when"), &when_us) < 0)
		return true;
	return when_us && (when_us > p->now_us + KEEP_NOTED_LATER_S * CLOCK_SECOND_US ||
	                   when_us < v->incident.known_us - KEEP_KNOWN_EARLIER_DAYS * CLOCK_DAY_US);
}

/* What was typed is in the form again, beside the sentence. */
static int refuse(struct page *p, const struct incident_view *v, int why)
{
	static const char *const kept[] = {"text", "when", "name", "place", NULL};
	rows_keep_fields(p, kept);
	page_put(p, "refused", rows_flag(page_field(p, "what")));
	page_problem(p,
	             why == ERR_TOO_LARGE  ? "incident.problem.full"
	             : why == ERR_CONFLICT ? "incident.problem.closed"
	             : is_wrong_time(p, v) ? "incident.problem.noted-when"
	                                   : "incident.problem.form",
	             "");
	return show(p, v);
}

static int write_down(struct page *p, const struct incident_view *v)
{
	struct writing w = {.incident = v->incident.id};
	struct keep_incident_add_out out;
	const char *anchor = "";
	int64_t when_us = 0;
	int r = collect(p, v, &w, &anchor);
	if (r >= 0)
		r = read_moment(page_field(p, "when"), &when_us);
	if (r < 0)
		return refuse(p, v, r);
	for (size_t i = 0; i < w.entries.n; i++)
		w.entries.at[i].at_us = when_us;
	struct keep_incident_add_in in = {.pass = page_pass(p), .entries = w.entries};
	r = w.entries.n == 0 ? 0 : keep_incident_add(p->keep, &p->actor, &in, p->arena, &out);
	bool is_refused = r == ERR_INVALID || r == ERR_TOO_LARGE || r == ERR_CONFLICT;
	return is_refused ? refuse(p, v, r) : r < 0 ? r : go_to(p, v->incident.id, anchor);
}

static int load(struct page *p, struct incident_view *v)
{
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	return r < 0 ? r : incident_load(p, id, v);
}

int incident_page(struct page *p)
{
	struct incident_view v;
	int r = load(p, &v);
	if (r == ERR_DENIED && p->person.id == 0)
		return page_redirect(p, "/119/now");
	if (r < 0)
		return r;
	return p->method == HTTP_GET ? show(p, &v) : write_down(p, &v);
}

/* The first line, as far as it fits a line of the register. */
static struct str first_line(struct str text)
{
	struct str line = str_trim(str_slice(text, 0, str_find_char(text, '\n', 0)));
	if (line.n <= REGISTER_LINE_MAX_BYTES)
		return line;
	size_t n = REGISTER_LINE_MAX_BYTES;
	while (n > 0 && ((unsigned char) line.p[n] & 0xC0) == 0x80) /* not within a character */
		n--;
	return str_slice(line, 0, n);
}

static int add_open_task(struct page *p, const struct incident_view *v, struct str task, struct str due,
                         struct keep_item_list *rows)
{
	const struct register_kind *kind = register_find(STR("tasks"));
	struct register_item item = {0};
	size_t at;
	(void) register_field_find(kind, STR("task"), &at);
	item.value[at] = first_line(task);
	(void) register_field_find(kind, STR("due"), &at);
	item.value[at] = due;
	(void) register_field_find(kind, STR("task-state"), &at);
	item.value[at] = STR("open");
	(void) register_field_find(kind, STR("from"), &at);
	item.value[at] = arena_printf(p->arena, "%s %llu", i18n_text(p->language, "incident.number"),
	                              (unsigned long long) v->incident.id);
	struct keep_item *row = ARENA_PUSH(p->arena, rows);
	if (!row)
		return ERR_TOO_LARGE;
	*row = register_row(p, kind, &item);
	return 0;
}

/* A report that is due after the end is not forgotten with it. */
static int add_deadlines(struct page *p, const struct incident_view *v, struct keep_item_list *rows)
{
	json_t *list = incident_deadlines(p, v), *row;
	size_t i;
	int r = 0;
	json_array_foreach(list, i, row)
	{
		const char *due = json_string_value(json_object_get(row, "due_day"));
		bool is_open = due && json_is_null(json_object_get(row, "sent")) &&
		               !json_is_true(json_object_get(row, "no_duty"));
		if (r >= 0 && is_open)
			r = add_open_task(p, v, str_of(json_string_value(json_object_get(row, "label"))),
			                  arena_dup(p->arena, str_of(due)), rows);
	}
	json_decref(list);
	return r;
}

/* Lessons become tasks of the register: nothing that was learned is left in a drawer. */
static int keep_tasks(struct page *p, const struct incident_view *v, struct str due)
{
	struct keep_item_list rows = {0};
	struct keep_item_save_out out;
	int r = v->incident.is_drill ? 0 : add_deadlines(p, v, &rows);
	for (size_t i = 0; r >= 0 && i < v->entries.n; i++) {
		const struct keep_incident_entry *e = &v->entries.at[i];
		if (str_eq_c(e->kind, INCIDENT_LESSON) && e->text.n > 0)
			r = add_open_task(p, v, e->text, due, &rows);
	}
	struct keep_item_save_in in = {.items = rows};
	return r < 0 || rows.n == 0 ? r : keep_item_save(p->keep, &p->actor, &in, p->arena, &out);
}

int incident_close_page(struct page *p)
{
	struct incident_view v;
	struct keep_incident_close_out out;
	enum { LESSON_DAYS = 30 };
	char due[CLOCK_TEXT_BYTES];
	int r = load(p, &v);
	if (r >= 0 && v.incident.closed_us == 0) {
		clock_format_local(p->now_us + LESSON_DAYS * CLOCK_DAY_US, due);
		r = keep_tasks(p, &v, arena_dup(p->arena, str_make(due, strlen("2026-01-31"))));
	}
	if (r >= 0)
		r = keep_incident_close(p->keep, &p->actor, &(struct keep_incident_close_in){.id = v.incident.id},
		                        p->arena, &out);
	return r < 0 ? r : go_to(p, v.incident.id, "");
}
