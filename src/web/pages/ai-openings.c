/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading somebody's talks: asked for with a reason, opened by a second manager, told to the person. */
#include "base/err.h"
#include "web/pages/ai-rows.h"
#include "web/pages/rows.h"

enum { OPENING_ASKED, OPENING_OPEN };

static json_t *opening_json(const struct page *p, const struct keep_opening *o)
{
	static const char *const words[] = {"asked", "open", "refused"};
	struct str state = str_of(words[o->state < 3 ? o->state : 2]);
	bool is_one_of_two = o->asked_by == p->person.id || o->decided_by == p->person.id;
	json_t *j = json_object();
	json_object_set_new(j, "id", json_integer((json_int_t) o->id));
	json_object_set_new(j, "person", page_json_str(o->person_name));
	json_object_set_new(j, "by", page_json_str(o->asked_by_name));
	json_object_set_new(j, "with", page_json_str(o->decided_by_name));
	json_object_set_new(j, "reason", page_json_str(o->reason));
	json_object_set_new(j, "asked", page_json_time(o->asked_us));
	json_object_set_new(j, "state_label", rows_text(p, "ai.opening.", state, ""));
	json_object_set_new(
	        j, "may_decide",
	        json_boolean(o->state == OPENING_ASKED && o->asked_by != p->person.id && o->person != p->person.id));
	json_object_set_new(j, "may_read", json_boolean(o->state == OPENING_OPEN && is_one_of_two));
	return j;
}

static int show(struct page *p)
{
	struct keep_opening_list_out out;
	struct keep_person_list_out people;
	json_t *list = json_array(), *persons = json_array();
	page_put(p, "openings", list);
	page_put(p, "people", persons);
	int r = keep_opening_list(p->keep, &p->actor, &(struct keep_opening_list_in){0}, p->arena, &out);
	if (r >= 0)
		r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &people);
	for (size_t i = 0; r >= 0 && i < out.openings.n; i++)
		json_array_append_new(list, opening_json(p, &out.openings.at[i]));
	for (size_t i = 0; r >= 0 && i < people.people.n; i++)
		if (people.people.at[i].id != p->person.id)
			json_array_append_new(persons, rows_person(p, &people.people.at[i]));
	return r;
}

static int ask(struct page *p)
{
	struct keep_opening_ask_out out;
	uint64_t person = 0;
	int r = str_parse_u64(page_field(p, "person"), INT64_MAX, &person);
	if (r >= 0)
		r = keep_opening_ask(
		        p->keep, &p->actor,
		        &(struct keep_opening_ask_in){.person = person, .reason = str_trim(page_field(p, "reason"))},
		        p->arena, &out);
	if (r == ERR_INVALID) {
		page_problem(p, "ai.opening.reason-missing", "reason");
		return show(p);
	}
	return r < 0 ? r : page_redirect(p, "/ai/openings");
}

int ai_openings_page(struct page *p)
{
	return p->method == HTTP_POST ? ask(p) : show(p);
}

int ai_opening_decide_page(struct page *p)
{
	struct keep_opening_decide_out out;
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = keep_opening_decide(p->keep, &p->actor,
		                        &(struct keep_opening_decide_in){.id = id, .opens = page_has_field(p, "open")},
		                        p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/ai/openings");
}

/* The list of talks, or one of them (?talk=). */
int ai_opening_read_page(struct page *p)
{
	struct keep_opening_read_out out;
	struct keep_opening_read_in in = {0};
	json_t *talks = json_array(), *turns = json_array();
	page_put(p, "talks", talks);
	page_put(p, "turns", turns);
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0 && page_query(p, "talk").n > 0)
		r = str_parse_u64(page_query(p, "talk"), INT64_MAX, &in.talk);
	if (r >= 0)
		r = keep_opening_read(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r;
	page_put(p, "id", json_integer((json_int_t) in.id));
	for (size_t i = 0; i < out.talks.n; i++)
		json_array_append_new(talks, ai_talk(p, &out.talks.at[i]));
	for (size_t i = 0; i < out.turns.n; i++)
		json_array_append_new(turns, ai_turn(p, &out.turns.at[i]));
	return 0;
}
