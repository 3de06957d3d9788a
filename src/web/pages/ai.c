/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * AIを使う: a question, one's own talks and to-dos, and the work templates by department. */
#include "base/clock.h"
#include "web/pages/ai-rows.h"
#include "web/pages/rows.h"

enum { TALKS_SHOWN = 8, TODOS_SHOWN = 6, NOTES = 5 };

static json_t *find_department(const struct page *p, json_t *list, enum work_department department)
{
	struct str word = str_of(work_department_word(department));
	json_t *j;
	size_t i;
	json_array_foreach(list, i, j) if (str_eq_c(word, json_string_value(json_object_get(
	                                                          j, "word")))) return json_object_get(j, "templates");
	j = json_object();
	json_object_set_new(j, "word", page_json_str(word));
	json_object_set_new(j, "label", rows_text(p, "work.department.", word, ""));
	json_object_set_new(j, "templates", json_array());
	json_array_append_new(list, j);
	return json_object_get(j, "templates");
}

static int put_templates(struct page *p)
{
	struct work_templates all;
	json_t *list = json_array();
	page_put(p, "departments", list);
	int r = page_work(p, &all);
	for (size_t i = 0; r >= 0 && i < all.n; i++)
		json_array_append_new(find_department(p, list, all.at[i].department), ai_template(p, &all.at[i]));
	return r;
}

static int put_todos(struct page *p)
{
	struct keep_todo_list_out out;
	json_t *list = json_array();
	page_put(p, "todos", list);
	int r = keep_todo_list(p->keep, &p->actor, &(struct keep_todo_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.todos.n && json_array_size(list) < TODOS_SHOWN; i++)
		if (out.todos.at[i].done_us == 0)
			json_array_append_new(list, ai_todo(p, &out.todos.at[i]));
	return r;
}

/* Somebody read this person's talks: told until it was seen. */
static int put_openings(struct page *p)
{
	struct keep_opening_list_out out;
	json_t *list = json_array();
	page_put(p, "openings", list);
	int r = keep_opening_list(p->keep, &p->actor, &(struct keep_opening_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.openings.n; i++) {
		const struct keep_opening *o = &out.openings.at[i];
		if (o->person != p->person.id || o->state != 1 || o->seen_us != 0)
			continue;
		json_t *j = json_object();
		json_object_set_new(j, "by", page_json_str(o->asked_by_name));
		json_object_set_new(j, "with", page_json_str(o->decided_by_name));
		json_object_set_new(j, "reason", page_json_str(o->reason));
		json_object_set_new(j, "when", page_json_time(o->decided_us));
		json_array_append_new(list, j);
	}
	page_put(p, "opened", json_boolean(json_array_size(list) > 0));
	return r;
}

/* One of the five notes, another each day. */
static void put_note(struct page *p)
{
	char word[4];
	snprintf(word, sizeof(word), "%d", (int) (p->now_us / CLOCK_DAY_US % NOTES) + 1);
	page_put(p, "note", rows_text(p, "ai.note.", str_of(word), ""));
}

int ai_page(struct page *p)
{
	put_note(p);
	page_put_str(p, "text", page_query(p, "text"));
	int r = ai_put_models(p, page_query(p, "model"), false);
	if (r >= 0)
		r = ai_put_talks(p, TALKS_SHOWN);
	if (r >= 0)
		r = put_todos(p);
	if (r >= 0)
		r = put_openings(p);
	return r < 0 ? r : put_templates(p);
}

int ai_openings_seen_page(struct page *p)
{
	struct keep_opening_seen_out out;
	int r = keep_opening_seen(p->keep, &p->actor, &(struct keep_opening_seen_in){0}, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/ai");
}
