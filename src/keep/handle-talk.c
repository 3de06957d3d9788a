/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conversations, to-dos and work templates. What a person wrote is sealed under a key of theirs and under its own
 * place; others read it only through an opening: a reason, a second manager, an event, and the person is told. */
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/keeper.h"
#include "store/role.h"
#include "store/talk.h"

enum {
	TITLE_MAX_BYTES = 200,
	TEMPLATE_ID_MAX_BYTES = 40,
	MODEL_MAX_BYTES = 200,
	TURN_MAX_BYTES = 400 * 1024,
	TALKS_LISTED_MAX = 200,
	TASK_MAX_BYTES = 2000,
	OWNER_MAX_BYTES = 120,
	DAY_BYTES = 10,
	YAML_MAX_BYTES = 64 * 1024,
	REASON_LEAST_BYTES = 5,
	TODO_SHOWN_DAYS = 14,
};
enum opening_state { OPENING_ASKED, OPENING_OPEN, OPENING_REFUSED };

/* ---- sealing ---- */

static struct seal_key key_of(struct keeper *k, uint64_t person)
{
	struct seal_key key;
	seal_key_derive(&k->seal_key, arena_printf(k->arena, "talks of %llu", (unsigned long long) person), &key);
	return key;
}

static int seal_text(struct keeper *k, uint64_t person, const char *label, struct str plain, struct str *ret)
{
	struct seal_key key = key_of(k, person);
	int r = seal_bytes(&key, str_of(label), plain, k->arena, ret);
	seal_key_wipe(&key);
	return r;
}

static int open_text(struct keeper *k, uint64_t person, const char *label, struct str *text)
{
	struct seal_key key = key_of(k, person);
	int r = seal_open(&key, str_of(label), *text, k->arena, text);
	seal_key_wipe(&key);
	return r;
}

static int open_titles(struct keeper *k, struct keep_talk_list *talks)
{
	int r = 0;
	for (size_t i = 0; r >= 0 && i < talks->n; i++)
		r = open_text(k, talks->at[i].person, "title", &talks->at[i].title);
	return r;
}

static int open_turns(struct keeper *k, uint64_t person, struct keep_turn_list *turns)
{
	int r = 0;
	for (size_t i = 0; r >= 0 && i < turns->n; i++)
		r = open_text(k, person, "turn", &turns->at[i].text);
	return r;
}

/* ---- one's own ---- */

int handle_talk_new(struct keeper *k, const struct keep_talk_new_in *in, struct keep_talk_new_out *out)
{
	struct keep_talk row = {.person = k->person.id,
	                        .template_id = in->template_id,
	                        .model = in->model,
	                        .created_us = k->now_us,
	                        .used_us = k->now_us};

	if (k->person.id == 0 || k->person.role == ROLE_EXPERT)
		return ERR_DENIED;
	if (check_line(in->title, 0, TITLE_MAX_BYTES) < 0 ||
	    check_line(in->template_id, 0, TEMPLATE_ID_MAX_BYTES) < 0 || check_line(in->model, 0, MODEL_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = seal_text(k, k->person.id, "title", in->title, &row.title);
	return r < 0 ? r : talk_insert(k->store, &row, &out->id);
}

int handle_talk_list(struct keeper *k, const struct keep_talk_list_in *in, struct keep_talk_list_out *out)
{
	uint64_t limit = in->limit && in->limit < TALKS_LISTED_MAX ? in->limit : TALKS_LISTED_MAX;
	int r = talk_list_of(k->store, k->person.id, in->before_us, limit, k->arena, &out->talks);
	return r < 0 ? r : open_titles(k, &out->talks);
}

static int read_talk(struct keeper *k, uint64_t id, uint64_t person, struct keep_talk_list *talks,
                     struct keep_turn_list *turns)
{
	struct keep_talk *row = ARENA_PUSH(k->arena, talks);
	if (!row)
		return ERR_TOO_LARGE;
	int r = talk_find(k->store, id, person, k->arena, row);
	if (r >= 0)
		r = turn_list_of(k->store, id, k->arena, turns);
	if (r >= 0)
		r = open_titles(k, talks);
	return r < 0 ? r : open_turns(k, person, turns);
}

int handle_talk_get(struct keeper *k, const struct keep_talk_get_in *in, struct keep_talk_get_out *out)
{
	return read_talk(k, in->id, k->person.id, &out->talks, &out->turns);
}

int handle_talk_rename(struct keeper *k, const struct keep_talk_rename_in *in, struct keep_talk_rename_out *out)
{
	struct keep_talk row;
	struct str sealed;

	if (check_line(in->title, 1, TITLE_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = talk_find(k->store, in->id, k->person.id, k->arena, &row);
	if (r >= 0)
		r = seal_text(k, k->person.id, "title", in->title, &sealed);
	if (r >= 0)
		r = talk_set_title(k->store, in->id, sealed);
	out->done = r >= 0;
	return r < 0 ? r : 0;
}

int handle_talk_delete(struct keeper *k, const struct keep_talk_delete_in *in, struct keep_talk_delete_out *out)
{
	struct keep_talk row;
	int r = talk_find(k->store, in->id, k->person.id, k->arena, &row);
	if (r >= 0)
		r = talk_delete(k->store, in->id);
	out->done = r >= 0;
	return r < 0 ? r : 0;
}

int handle_turn_add(struct keeper *k, const struct keep_turn_add_in *in, struct keep_turn_add_out *out)
{
	struct keep_turn row = {.speaker = in->speaker, .created_us = k->now_us, .model = in->model};
	struct keep_talk talk;

	if (in->speaker > 2 || check_line(in->model, 0, KEEP_NOTE_MAX_BYTES) < 0)
		return ERR_INVALID;
	if (in->text.n > TURN_MAX_BYTES)
		return ERR_TOO_LARGE;
	int r = talk_find(k->store, in->talk, k->person.id, k->arena, &talk);
	if (r >= 0)
		r = seal_text(k, k->person.id, "turn", in->text, &row.text);
	return r < 0 ? r : turn_insert(k->store, in->talk, &row, &out->number);
}

/* ---- openings ---- */

static int record_opening(struct keeper *k, const char *kind, uint64_t id, uint64_t person, struct str decision)
{
	struct event e = event_make(kind, k->now_us);
	e.decision = decision;
	event_add_number(&e, "opening", (int64_t) id);
	event_add_number(&e, "person", (int64_t) person);
	return keeper_record(k, &e);
}

int handle_opening_ask(struct keeper *k, const struct keep_opening_ask_in *in, struct keep_opening_ask_out *out)
{
	struct keep_opening row = {
	        .person = in->person, .asked_by = k->person.id, .reason = in->reason, .asked_us = k->now_us};
	struct keep_person person;

	if (k->person.id == 0 || in->person == k->person.id)
		return ERR_DENIED;
	if (check_line(in->reason, REASON_LEAST_BYTES, KEEP_NOTE_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = person_find(k->store, in->person, k->arena, &person);
	if (r >= 0)
		r = opening_insert(k->store, &row, &out->id);
	return r < 0 ? r : record_opening(k, "talk.opening-asked", out->id, in->person, STR(""));
}

int handle_opening_list(struct keeper *k, const struct keep_opening_list_in *in, struct keep_opening_list_out *out)
{
	(void) in;
	bool sees_all = k->person.id != 0 && keeper_is_manager(k);
	return opening_list_of(k->store, sees_all ? 0 : k->person.id, k->arena, &out->openings);
}

int handle_opening_decide(struct keeper *k, const struct keep_opening_decide_in *in,
                          struct keep_opening_decide_out *out)
{
	struct keep_opening row;

	int r = opening_find(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	if (k->person.id == 0 || row.asked_by == k->person.id || row.person == k->person.id)
		return ERR_DENIED;
	r = opening_decide(k->store, in->id, in->opens ? OPENING_OPEN : OPENING_REFUSED, k->person.id, k->now_us);
	out->done = r >= 0;
	return r < 0 ? r
	             : record_opening(k, "talk.opening-decided", in->id, row.person,
	                              in->opens ? STR("opened") : STR("refused"));
}

int handle_opening_read(struct keeper *k, const struct keep_opening_read_in *in, struct keep_opening_read_out *out)
{
	struct keep_opening row;

	int r = opening_find(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	bool is_one_of_two = k->person.id != 0 && (row.asked_by == k->person.id || row.decided_by == k->person.id);
	bool is_open = row.state == OPENING_OPEN && k->now_us - row.decided_us < CLOCK_DAY_US;
	if (!is_one_of_two || !is_open)
		return ERR_DENIED;
	if (in->talk == 0) {
		r = talk_list_of(k->store, row.person, 0, TALKS_LISTED_MAX, k->arena, &out->talks);
		return r < 0 ? r : open_titles(k, &out->talks);
	}
	r = read_talk(k, in->talk, row.person, &out->talks, &out->turns);
	return r < 0 ? r : record_opening(k, "talk.opened-read", in->id, row.person, STR(""));
}

int handle_opening_seen(struct keeper *k, const struct keep_opening_seen_in *in, struct keep_opening_seen_out *out)
{
	(void) in;
	int r = opening_set_seen(k->store, k->person.id, k->now_us);
	out->done = r >= 0;
	return r < 0 ? r : 0;
}

/* ---- to-dos ---- */

/* YYYY-MM-DD or empty; whether the day exists was seen by who calls. */
static bool is_due(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (i == 4 || i == 7 ? s.p[i] != '-' : !ascii_is_digit(s.p[i]))
			return false;
	return s.n == 0 || s.n == DAY_BYTES;
}

static struct str without_title_of_respect(struct str name)
{
	static const char *const titles[] = {"さん", "様", "氏", "くん", "ちゃん"};
	name = str_trim(name);
	for (size_t i = 0; i < ARRAY_SIZE(titles); i++)
		if (str_ends_with(name, str_of(titles[i])))
			return str_trim(str_slice(name, 0, name.n - strlen(titles[i])));
	return name;
}

/* The family name, where a blank follows it. */
static bool has_family_name(struct str name, struct str words)
{
	struct str rest = str_slice(name, words.n, name.n);
	return str_starts_with(name, words) && (str_starts_with(rest, STR(" ")) || str_starts_with(rest, STR("　")));
}

/* The colleague whom a to-do names: by name or login, else by a family name that only one has. 0: nobody, or several.
 */
static int find_owner(struct keeper *k, struct str owner, uint64_t *ret)
{
	struct str words = without_title_of_respect(owner);
	struct keep_person_list people = {0};
	uint64_t whole = 0, family = 0;
	size_t wholes = 0, families = 0;

	int r = words.n > 0 ? person_list_all(k->store, k->arena, &people) : 0;
	for (size_t i = 0; r >= 0 && i < people.n; i++) {
		const struct keep_person *p = &people.at[i];
		if (!keeper_person_is_active(k, p) || p->role == ROLE_EXPERT)
			continue;
		if (person_is_called(p, words)) {
			whole = p->id;
			wholes++;
		} else if (has_family_name(p->name, words)) {
			family = p->id;
			families++;
		}
	}
	*ret = wholes == 1 ? whole : wholes == 0 && families == 1 ? family : 0;
	return r;
}

int handle_todo_add(struct keeper *k, const struct keep_todo_add_in *in, struct keep_todo_add_out *out)
{
	struct keep_todo row = {.owner = in->owner, .due = in->due, .created_us = k->now_us, .given_by = k->person.id};

	if (k->person.id == 0)
		return ERR_DENIED;
	if (check_line(in->owner, 0, OWNER_MAX_BYTES) < 0 || check_line(in->task, 1, TASK_MAX_BYTES) < 0 ||
	    !is_due(in->due))
		return ERR_INVALID;
	int r = find_owner(k, in->owner, &row.person);
	if (row.person == 0)
		row.person = k->person.id;
	if (r >= 0)
		r = seal_text(k, row.person, "todo", in->task, &row.task);
	return r < 0 ? r : todo_insert(k->store, &row, &out->id);
}

int handle_todo_list(struct keeper *k, const struct keep_todo_list_in *in, struct keep_todo_list_out *out)
{
	(void) in;
	int r = todo_list_of(k->store, k->person.id, k->now_us - TODO_SHOWN_DAYS * CLOCK_DAY_US, k->arena, &out->todos);
	for (size_t i = 0; r >= 0 && i < out->todos.n; i++)
		r = open_text(k, out->todos.at[i].person, "todo", &out->todos.at[i].task);
	return r;
}

int handle_todo_done(struct keeper *k, const struct keep_todo_done_in *in, struct keep_todo_done_out *out)
{
	int r = todo_set_done(k->store, in->id, k->person.id, in->is_done ? k->now_us : 0);
	out->done = r >= 0;
	return r < 0 ? r : 0;
}

/* ---- templates ---- */

static int record_template(struct keeper *k, const char *kind, struct str id)
{
	return keeper_record_name(k, kind, id);
}

int handle_template_save(struct keeper *k, const struct keep_template_save_in *in, struct keep_template_save_out *out)
{
	struct keep_own_template row = {in->id, in->yaml, k->person.id, k->now_us};

	if (check_line(in->id, 1, TEMPLATE_ID_MAX_BYTES) < 0 || check_words(in->yaml, YAML_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = work_template_save(k->store, &row);
	out->done = r >= 0;
	return r < 0 ? r : record_template(k, "template.changed", in->id);
}

int handle_template_list(struct keeper *k, const struct keep_template_list_in *in, struct keep_template_list_out *out)
{
	(void) in;
	return work_template_list(k->store, k->arena, &out->templates);
}

int handle_template_delete(struct keeper *k, const struct keep_template_delete_in *in,
                           struct keep_template_delete_out *out)
{
	int r = work_template_delete(k->store, in->id);
	out->done = r >= 0;
	return r < 0 ? r : record_template(k, "template.deleted", in->id);
}

/* ---- sums ---- */

static uint64_t this_month(const struct keeper *k)
{
	time_t now = (time_t) (k->now_us / 1000000);
	struct tm local;
	localtime_r(&now, &local);
	return ((uint64_t) local.tm_year + 1900) * 100 + (uint64_t) local.tm_mon + 1;
}

int handle_work_note(struct keeper *k, const struct keep_work_note_in *in, struct keep_work_note_out *out)
{
	if (k->person.id == 0)
		return ERR_DENIED;
	if (!event_is_word(in->name) || in->value > 1000000)
		return ERR_INVALID;
	int r = work_sum_add(k->store, k->person.id, this_month(k), in->name, (int64_t) in->value);
	out->done = r >= 0;
	return r < 0 ? r : 0;
}

int handle_work_sums(struct keeper *k, const struct keep_work_sums_in *in, struct keep_work_sums_out *out)
{
	if (k->person.id == 0)
		return ERR_DENIED;
	return work_sum_list(k->store, k->person.id, in->since_month, 1, k->arena, &out->sums);
}

int handle_work_company_sums(struct keeper *k, const struct keep_work_company_sums_in *in,
                             struct keep_work_company_sums_out *out)
{
	return work_sum_list(k->store, 0, in->since_month, KEEPER_PEOPLE_LEAST, k->arena, &out->sums);
}

int handle_work_export(struct keeper *k, const struct keep_work_export_in *in, struct keep_work_export_out *out)
{
	struct event e = event_make("ai.exported", k->now_us);
	bool is_checked = in->ticked >= in->claims && in->checked >= in->checks;

	if (k->person.id == 0)
		return ERR_DENIED;
	e.decision = is_checked ? STR("checked") : STR("unchecked");
	if (in->template_id.n > 0)
		event_set_name(&e, in->template_id);
	event_add_number(&e, "claims", (int64_t) in->claims);
	event_add_number(&e, "ticked", (int64_t) in->ticked);
	event_add_number(&e, "checks", (int64_t) in->checks);
	event_add_number(&e, "checked", (int64_t) in->checked);
	event_add_number(&e, "public", in->is_public);
	event_add_number(&e, "decided", in->decided);
	int r = work_sum_add(k->store, k->person.id, this_month(k),
	                     is_checked ? STR("exported") : STR("exported-unchecked"), 1);
	if (r >= 0 && in->unchanged)
		r = work_sum_add(k->store, k->person.id, this_month(k), STR("copied-unchanged"), 1);
	out->done = r >= 0;
	return r < 0 ? r : keeper_record(k, &e);
}
