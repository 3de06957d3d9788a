/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/incident-rows.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"
#include "plan/calendar.h"
#include "web/facts.h"
#include "web/pages/incident-sample.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"

enum { TEXT_MAX_BYTES = 20 * 1024, MINUTES_PER_HOUR = 60, DAY_BYTES = 10 };

const char *const incident_roles[] = {"leader", "caller", "writer", "deputy", NULL};
const char *const incident_questions[] = {"personal", "sensitive", "property", "malice", "many", NULL};
const char *const incident_details[] = {"overview", "items",      "persons", "cause", "harm",
                                        "response", "disclosure", "prevent", "other", NULL};
const char *const incident_decisions[] = {"publish", "experts", "businesses", NULL};

/* ---- what counts ---- */

const struct keep_incident_entry *incident_last(const struct incident_view *v, const char *kind, struct str name)
{
	for (size_t i = v->entries.n; i > 0; i--) {
		const struct keep_incident_entry *e = &v->entries.at[i - 1];
		if (str_eq_c(e->kind, kind) && str_eq(e->name, name))
			return e;
	}
	return NULL;
}

/* Kinds in which somebody means harm, until a person says otherwise. */
static bool is_malice(struct str kind)
{
	static const char *const words[] = {"ransomware", "stolen", "credentials", "transfer", "voice", "targeted"};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_c(kind, words[i]))
			return true;
	return false;
}

static enum plan_answer answer(const struct incident_view *v, const char *name)
{
	const struct keep_incident_entry *e = incident_last(v, INCIDENT_ANSWER, str_of(name));
	if (!e && strcmp(name, "malice") == 0 && is_malice(v->incident.kind))
		return PLAN_YES;
	return e && e->value <= PLAN_NO ? (enum plan_answer) e->value : PLAN_UNKNOWN;
}

int incident_load(struct page *p, uint64_t id, struct incident_view *ret)
{
	struct keep_incident_get_in in = {.pass = page_pass(p), .id = id};
	struct keep_incident_get_out out;
	int r = keep_incident_get(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r;
	*ret = (struct incident_view){out.incidents.at[0], out.entries, out.items, out.records, {0}};
	ret->leak = (struct leak_case){answer(ret, "personal"), answer(ret, "sensitive"), answer(ret, "property"),
	                               answer(ret, "malice"), answer(ret, "many")};
	return ret->incident.is_drill ? incident_sample_items(p, &ret->items) : 0;
}

bool incident_is_step(const struct fact *fact, const struct incident_view *v)
{
	struct str before = STR("playbook-");
	return fact->kind == FACT_STEP && str_starts_with(fact->group, before) &&
	       str_eq(str_slice(fact->group, before.n, fact->group.n), v->incident.kind);
}

int64_t incident_now(const struct page *p, const struct incident_view *v)
{
	return v->incident.closed_us ? v->incident.closed_us : p->now_us;
}

struct str incident_span(const struct page *p, int64_t minutes)
{
	struct buf b = buf_make(256);
	int64_t hours = minutes / MINUTES_PER_HOUR;
	const struct i18n_fact facts[] = {
	        {"hours", arena_printf(p->arena, "%lld", (long long) hours)},
	        {"minutes", arena_printf(p->arena, "%lld", (long long) (minutes % MINUTES_PER_HOUR))},
	};
	const char *key = hours > 0 ? "incident.span.hours" : "incident.span.minutes";
	(void) i18n_format(&b, p->language, str_of(key), facts, ARRAY_SIZE(facts));
	struct str text = arena_dup(p->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

static int64_t minutes_between(int64_t from_us, int64_t to_us)
{
	return to_us > from_us ? (to_us - from_us) / (MINUTES_PER_HOUR * CLOCK_SECOND_US) : 0;
}

json_t *incident_head(const struct page *p, const struct keep_incident *incident)
{
	json_t *j = json_object();
	int64_t until_us = incident->closed_us ? incident->closed_us : p->now_us;
	int64_t minutes = minutes_between(incident->known_us, until_us);
	json_object_set_new(j, "id", json_integer((json_int_t) incident->id));
	json_object_set_new(j, "kind", page_json_str(incident->kind));
	json_object_set_new(j, "label", rows_text(p, "emergency.", incident->kind, ""));
	json_object_set_new(j, "is_drill", json_boolean(incident->is_drill));
	if (incident->is_drill)
		json_object_set_new(j, "story", page_json_str(incident_sample_story(p, incident->kind)));
	json_object_set_new(j, "known", page_json_time(incident->known_us));
	json_object_set_new(j, "started", page_json_time(incident->started_us));
	json_object_set_new(j, "started_by", page_json_str(incident->started_by_name));
	json_object_set_new(j, "closed", page_json_time(incident->closed_us));
	json_object_set_new(j, "minutes", json_integer((json_int_t) minutes));
	json_object_set_new(j, "span", page_json_str(incident_span(p, minutes)));
	json_object_set_new(j, "entries", json_integer((json_int_t) incident->entries));
	return j;
}

/* ---- deadlines ---- */

static int32_t local_day(int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	int32_t day = 0;
	clock_format_local(when_us, text);
	(void) calendar_parse(str_make(text, DAY_BYTES), &day);
	return day;
}

static struct str day_text(const struct page *p, int32_t day)
{
	char text[CALENDAR_TEXT_BYTES];
	calendar_format(day, text);
	return arena_dup(p->arena, str_of(text));
}

static void put_due(const struct page *p, const struct incident_view *v, const struct deadline *d, json_t *j)
{
	int64_t now_us = incident_now(p, v);
	bool is_late = false;
	if (d->is_unknown) {
		json_object_set_new(j, "is_unknown", json_true());
	} else if (d->due_us) {
		int64_t left = d->due_us - now_us;
		json_object_set_new(j, "due_at", page_json_time(d->due_us));
		json_object_set_new(j, "left", page_json_str(incident_span(p, minutes_between(now_us, d->due_us))));
		is_late = left < 0;
	} else if (d->due_day) {
		int32_t left = d->due_day - local_day(now_us);
		json_object_set_new(j, "due_day", page_json_str(day_text(p, d->due_day)));
		if (d->from_day != d->due_day)
			json_object_set_new(j, "from_day", page_json_str(day_text(p, d->from_day)));
		json_object_set_new(j, "left_days", json_sprintf("%d", left > 0 ? left : 0));
		is_late = left < 0;
	} else {
		json_object_set_new(j, "at_once", json_true());
	}
	json_object_set_new(j, "is_late", json_boolean(is_late));
}

json_t *incident_deadlines(struct page *p, const struct incident_view *v)
{
	struct deadline list[DEADLINE_COUNT];
	json_t *rows = json_array();
	deadline_list(page_facts(p), &v->leak, v->incident.known_us, local_day(v->incident.known_us), list);
	for (int i = 0; i < DEADLINE_COUNT; i++) {
		const char *word = deadline_word(list[i].name);
		const struct keep_incident_entry *sent = incident_last(v, INCIDENT_SENT, str_of(word));
		json_t *j = json_object();
		json_object_set_new(j, "word", json_string(word));
		json_object_set_new(j, "label", rows_text(p, "incident.deadline.", str_of(word), ""));
		json_object_set_new(j, "no_duty", json_boolean(list[i].duty == LEAK_NO_DUTY));
		json_object_set_new(j, "may_be_duty", json_boolean(list[i].duty == LEAK_MAY_BE_DUTY));
		put_due(p, v, &list[i], j);
		json_object_set_new(j, "sent", sent ? page_json_time(sent->at_us) : json_null());
		if (list[i].fact) {
			json_object_set_new(j, "basis", page_json_str(list[i].fact->text[p->language]));
			json_object_set_new(j, "source", page_json_str(list[i].fact->source));
			json_object_set_new(j, "is_expired",
			                    json_boolean(fact_is_expired(list[i].fact, page_today(p))));
			json_object_set_new(j, "is_unverified", json_boolean(!list[i].fact->verified));
		}
		json_array_append_new(rows, j);
	}
	return rows;
}

/* ---- businesses ---- */

json_t *incident_businesses(struct page *p, const struct incident_view *v)
{
	static const char *const states[BUSINESS_STATE_COUNT] = {"runs", "stopped", "by-hand", "back"};
	const struct register_kind *kind = register_find(STR("businesses"));
	struct register_items list;
	json_t *rows = json_array();
	if (register_sort(p, kind, &v->items, &list) < 0)
		return rows;
	for (size_t i = 0; i < list.n; i++) {
		char name[24];
		snprintf(name, sizeof(name), "%llu", (unsigned long long) list.at[i].id);
		const struct keep_incident_entry *e = incident_last(v, INCIDENT_BUSINESS, str_of(name));
		uint64_t state = e && e->value < BUSINESS_STATE_COUNT ? e->value : BUSINESS_RUNS, hours = 0;
		bool is_down = state == BUSINESS_STOPPED;
		/* Since when: the first "stopped" behind the last time that it ran. */
		int64_t since_us = e ? e->at_us : 0;
		(void) str_parse_u64(register_value(kind, &list.at[i], "tolerable-hours"), REGISTER_NUMBER_MAX, &hours);
		int64_t minutes = is_down ? minutes_between(since_us, incident_now(p, v)) : 0;
		json_t *j = json_object();
		json_object_set_new(j, "id", json_string(name));
		json_object_set_new(j, "rank", page_json_str(register_value(kind, &list.at[i], "rank")));
		json_object_set_new(j, "name", page_json_str(register_value(kind, &list.at[i], "name")));
		json_object_set_new(j, "by_hand", page_json_str(register_value(kind, &list.at[i], "by-hand")));
		json_object_set_new(j, "bring_back", page_json_str(register_value(kind, &list.at[i], "bring-back")));
		json_object_set_new(j, "hours", json_integer((json_int_t) hours));
		json_object_set_new(j, "state", rows_flag(str_of(states[state])));
		json_object_set_new(j, "state_label", rows_text(p, "incident.business.", str_of(states[state]), ""));
		json_object_set_new(j, "since", page_json_time(since_us));
		json_object_set_new(j, "down", page_json_str(is_down ? incident_span(p, minutes) : STR("")));
		json_object_set_new(j, "is_over",
		                    json_boolean(is_down && minutes > (int64_t) hours * MINUTES_PER_HOUR));
		json_array_append_new(rows, j);
	}
	return rows;
}

/* ---- the timeline ---- */

static struct str fact_text(const struct page *p, struct str id)
{
	const struct fact *fact = fact_find(page_facts(p), id);
	return fact ? fact->text[p->language] : id;
}

static struct str name_text(const struct page *p, const struct keep_incident_entry *e)
{
	char key[160];
	if (str_eq_c(e->kind, INCIDENT_STEP))
		return fact_text(p, e->name);
	if (str_eq_c(e->kind, INCIDENT_SENT))
		snprintf(key, sizeof(key), "incident.deadline.%.*s", STR_ARG(str_slice(e->name, 0, 60)));
	else
		snprintf(key, sizeof(key), "incident.%.*s.%.*s", STR_ARG(str_slice(e->kind, 0, 40)),
		         STR_ARG(str_slice(e->name, 0, 60)));
	const char *text = i18n_find(p->language, str_of(key));
	return text ? str_of(text) : e->name;
}

struct str incident_entry_text(const struct page *p, const struct keep_incident_entry *e)
{
	static const char *const answers[] = {"incident.unknown", "incident.yes", "incident.no"};
	static const char *const states[BUSINESS_STATE_COUNT] = {"incident.business.runs", "incident.business.stopped",
	                                                         "incident.business.by-hand", "incident.business.back"};
	struct buf b = buf_make(TEXT_MAX_BYTES);
	struct str value = STR("");
	if (str_eq_c(e->kind, INCIDENT_ANSWER) && e->value < ARRAY_SIZE(answers))
		value = str_of(i18n_text(p->language, answers[e->value]));
	if (str_eq_c(e->kind, INCIDENT_BUSINESS) && e->value < ARRAY_SIZE(states))
		value = str_of(i18n_text(p->language, states[e->value]));
	const struct i18n_fact facts[] = {{"name", name_text(p, e)}, {"text", e->text}, {"value", value}};
	struct str key = arena_printf(p->arena, "incident.entry.%.*s", STR_ARG(e->kind));
	if (!i18n_find(p->language, key))
		key = STR("incident.entry.note");
	struct str text = i18n_format(&b, p->language, key, facts, ARRAY_SIZE(facts)) < 0 ? e->text : buf_str(&b);
	text = arena_dup(p->arena, text);
	buf_done(&b);
	return text;
}

struct moment {
	int64_t at_us;
	size_t order;
	json_t *j;
};

static int compare_moments(const void *left, const void *right)
{
	const struct moment *a = left, *b = right;
	if (a->at_us != b->at_us)
		return a->at_us < b->at_us ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

static json_t *entry_json(const struct page *p, const struct keep_incident_entry *e)
{
	json_t *j = json_object();
	json_object_set_new(j, "number", json_integer((json_int_t) e->number));
	json_object_set_new(j, "kind", page_json_str(e->kind));
	json_object_set_new(j, "at", page_json_time(e->at_us));
	json_object_set_new(j, "made", page_json_time(e->made_us));
	json_object_set_new(j, "by", page_json_str(e->made_by_name));
	json_object_set_new(j, "by_paper", json_boolean(e->made_by == 0));
	json_object_set_new(j, "text", page_json_str(incident_entry_text(p, e)));
	json_object_set_new(j, "digest", page_json_str(e->digest));
	json_object_set_new(j, "is_ledger", json_false());
	return j;
}

static json_t *record_json(const struct page *p, const struct record *record)
{
	json_t *j = json_object();
	json_object_set_new(j, "number", json_integer((json_int_t) record->number));
	json_object_set_new(j, "kind", page_json_str(record->event.kind));
	json_object_set_new(j, "at", page_json_time(record->event.time_us));
	json_object_set_new(j, "text", rows_text(p, "event.", record->event.kind, ""));
	json_object_set_new(j, "is_ledger", json_true());
	return j;
}

json_t *incident_timeline(struct page *p, const struct incident_view *v)
{
	size_t n = 0, most = v->entries.n + v->records.n;
	struct moment *moments = arena_alloc(p->arena, (most + 1) * sizeof(*moments));
	json_t *list = json_array();
	if (!moments)
		return list;
	for (size_t i = 0; i < v->records.n; i++) {
		struct record record;
		if (record_decode(v->records.at[i].bytes, &record) < 0)
			continue;
		moments[n] = (struct moment){record.event.time_us, n, record_json(p, &record)};
		n++;
	}
	for (size_t i = 0; i < v->entries.n; i++) {
		moments[n] = (struct moment){v->entries.at[i].at_us, n, entry_json(p, &v->entries.at[i])};
		n++;
	}
	qsort(moments, n, sizeof(*moments), compare_moments);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, moments[i].j);
	return list;
}

struct str incident_detail(const struct page *p, const struct incident_view *v, const char *name)
{
	const struct keep_incident_entry *e = incident_last(v, INCIDENT_DETAIL, str_of(name));
	return e && e->text.n > 0 ? e->text : str_of(i18n_text(p->language, "incident.not-known"));
}
