/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "post/round.h"

#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "plan/calendar.h"
#include "plan/register.h"
#include "plan/remind.h"
#include "store/person.h"
#include "store/role.h"

enum { STATE_MET = 1 }; /* of a criterion: rows.def */
enum { PARTS_MAX = 24, FACTS_MAX_BYTES = 30 * 1024, DAY_BYTES = 10 };

struct part {
	struct str word;
	unsigned late, soon;
};

struct title {
	struct str day, text;
};

struct digest {
	bool fires; /* something of it is to be told today */
	struct part parts[PARTS_MAX];
	size_t part_count;
	struct title titles[ROUND_TITLES_MAX];
	size_t title_count;
};

struct round {
	const struct keep_mail_round_out *in;
	struct arena *arena;
	int32_t today, last;
	struct digest *digests; /* one for each person */
	bool *told;             /* of the thing at hand */
};

/* ---- whom ---- */

static bool tell_role(struct round *d, enum person_role role)
{
	bool any = false;
	for (size_t i = 0; i < d->in->people.n; i++)
		if (d->in->people.at[i].role == (uint64_t) role)
			any = d->told[i] = true;
	return any;
}

static void tell_managers(struct round *d)
{
	if (!tell_role(d, ROLE_OPERATOR))
		(void) tell_role(d, ROLE_PRESIDENT);
}

static bool tell_person(struct round *d, uint64_t id)
{
	for (size_t i = 0; i < d->in->people.n; i++)
		if (d->in->people.at[i].id == id)
			return d->told[i] = true;
	return false;
}

static bool tell_owner(struct round *d, struct str owner)
{
	bool any = false;
	owner = str_trim(owner);
	for (size_t i = 0; owner.n > 0 && i < d->in->people.n; i++)
		if (person_is_called(&d->in->people.at[i], owner))
			any = d->told[i] = true;
	return any;
}

/* ---- what ---- */

static struct part *part_of(struct digest *g, struct str word)
{
	for (size_t i = 0; i < g->part_count; i++)
		if (str_eq(g->parts[i].word, word))
			return &g->parts[i];
	CHECK(g->part_count < PARTS_MAX);
	g->parts[g->part_count] = (struct part){.word = word};
	return &g->parts[g->part_count++];
}

/* To everybody who was told, and forgets whom. */
static void note(struct round *d, struct str word, int32_t due, struct str day, struct str title)
{
	bool fires = remind_on(due, d->last, d->today, (int32_t) d->in->days_before) != REMIND_NOT;
	for (size_t i = 0; i < d->in->people.n; i++) {
		struct digest *g = &d->digests[i];
		if (!d->told[i])
			continue;
		d->told[i] = false;
		struct part *part = part_of(g, word);
		g->fires = g->fires || fires;
		*(due < d->today ? &part->late : &part->soon) += 1;
		if (title.n > 0 && g->title_count < ROUND_TITLES_MAX)
			g->titles[g->title_count++] = (struct title){day, title};
	}
}

/* Cut between characters, without what would end the line of a fact. */
static struct str clean_title(struct round *d, const char *text)
{
	struct str s = arena_dup(d->arena, str_of(text));
	if (s.n > ROUND_TITLE_MAX_BYTES)
		for (s.n = ROUND_TITLE_MAX_BYTES; s.n > 0 && ((unsigned char) s.p[s.n] & 0xC0) == 0x80;)
			s.n--;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char) s.p[i] < ' ')
			return STR("");
	return s;
}

static void note_item(struct round *d, const struct keep_item *item)
{
	const struct register_kind *kind = register_find(item->register_word);
	int32_t due;
	if (!kind || calendar_parse(item->due, &due) < 0)
		return;
	json_t *body = json_loadb(item->body.p, item->body.n, 0, NULL);
	const char *owner = json_string_value(json_object_get(body, "owner"));
	const char *title = json_string_value(json_object_get(body, kind->title));
	if (!tell_owner(d, str_of(owner)))
		tell_managers(d);
	if (due < d->today)
		(void) tell_role(d, ROLE_PRESIDENT);
	note(d, str_of(kind->word), due, item->due, d->in->titles ? clean_title(d, title ? title : "") : STR(""));
	json_decref(body);
}

static void note_todos(struct round *d)
{
	for (size_t i = 0; i < d->in->todos.n; i++) {
		const struct keep_todo *todo = &d->in->todos.at[i];
		int32_t due;
		if (calendar_parse(todo->due, &due) >= 0 && tell_person(d, todo->person))
			note(d, STR("todos"), due, todo->due, STR(""));
	}
}

/* The newest approved version of each paper counts; the list is by paper, newest first. */
static void note_papers(struct round *d)
{
	const struct keep_paper_version_list *list = &d->in->papers;
	for (size_t i = 0; i < list->n; i++) {
		const struct keep_paper_version *v = &list->at[i];
		int32_t due;
		if ((i > 0 && str_eq(list->at[i - 1].paper, v->paper)) || calendar_parse(v->review_on, &due) < 0 ||
		    due > d->today + (int32_t) d->in->days_before)
			continue;
		if (!tell_person(d, v->made_by))
			tell_managers(d);
		note(d, STR("papers"), due, v->review_on, STR(""));
	}
}

static void note_states(struct round *d)
{
	for (size_t i = 0; i < d->in->states.n; i++) {
		const struct keep_scs_state *s = &d->in->states.at[i];
		int32_t due;
		if (s->state == STATE_MET || calendar_parse(s->due, &due) < 0 ||
		    due > d->today + (int32_t) d->in->days_before)
			continue;
		if (!tell_owner(d, s->owner))
			tell_managers(d);
		if (due < d->today)
			(void) tell_role(d, ROLE_PRESIDENT);
		note(d, STR("scs"), due, s->due, STR(""));
	}
}

static void note_services(struct round *d)
{
	for (size_t i = 0; i < d->in->services.n; i++) {
		const struct keep_ai_service *s = &d->in->services.at[i];
		char day[CLOCK_TEXT_BYTES];
		int32_t due;
		if (!s->active || s->training_due_us == 0)
			continue;
		clock_format_local(s->training_due_us, day);
		if (calendar_parse(str_make(day, DAY_BYTES), &due) < 0 || due > d->today + (int32_t) d->in->days_before)
			continue;
		if (!tell_role(d, ROLE_OFFICER))
			tell_managers(d);
		note(d, STR("ai-services"), due, arena_dup(d->arena, str_make(day, DAY_BYTES)), STR(""));
	}
}

static void note_incidents(struct round *d)
{
	for (size_t i = 0; i < d->in->incidents.n; i++) {
		if (d->in->incidents.at[i].is_drill)
			continue;
		(void) tell_role(d, ROLE_PRESIDENT);
		(void) tell_role(d, ROLE_OPERATOR);
		(void) tell_role(d, ROLE_OFFICER);
		note(d, STR("incidents"), d->today, d->in->today, STR(""));
	}
}

/* ---- messages ---- */

static int push(struct round *d, struct keep_mail_new_list *ret, const char *kind, struct str of, uint64_t person,
                struct str facts)
{
	struct keep_mail_new *row = ARENA_PUSH(d->arena, ret);
	if (!row)
		return ERR_TOO_LARGE;
	*row = (struct keep_mail_new){
	        .once = arena_printf(d->arena, "%s %.*s %llu", kind, STR_ARG(of), (unsigned long long) person),
	        .kind = str_of(kind),
	        .person = person,
	        .facts = arena_dup(d->arena, facts)};
	return row->once.p && row->facts.p ? 0 : ERR_TOO_LARGE;
}

static int push_digest(struct round *d, size_t i, struct keep_mail_new_list *ret)
{
	CLEANUP(buf_wipe_done) struct buf b = buf_make(FACTS_MAX_BYTES);
	const struct digest *g = &d->digests[i];
	for (size_t k = 0; k < g->part_count; k++)
		buf_printf(&b, "part\t%.*s\t%u\t%u\n", STR_ARG(g->parts[k].word), g->parts[k].late, g->parts[k].soon);
	for (size_t k = 0; k < g->title_count; k++)
		buf_printf(&b, "title\t%.*s\t%.*s\n", STR_ARG(g->titles[k].day), STR_ARG(g->titles[k].text));
	return buf_failed(&b) ? ERR_TOO_LARGE
	                      : push(d, ret, "digest", d->in->today, d->in->people.at[i].id, buf_str(&b));
}

static int push_month(struct round *d, struct keep_mail_new_list *ret)
{
	struct str month = arena_printf(d->arena, "%llu", (unsigned long long) d->in->month);
	int r = 0;
	for (size_t i = 0; r >= 0 && d->in->month && i < d->in->people.n; i++)
		if (d->in->people.at[i].role == ROLE_PRESIDENT)
			r = push(d, ret, "month", month, d->in->people.at[i].id,
			         arena_printf(d->arena, "month\t%.*s\n", STR_ARG(month)));
	return r;
}

/* Once a month: a copy of the last checkpoint outside of the machine shows later that nothing was taken away before. */
static int push_checkpoint(struct round *d, struct keep_mail_new_list *ret)
{
	CLEANUP(buf_done) struct buf b = buf_make(FACTS_MAX_BYTES);
	struct str rest = d->in->checkpoint, line, month = str_slice(d->in->today, 0, 7);
	int r = 0;
	if (d->in->checkpoint.n == 0)
		return 0;
	while (str_next_line(&rest, &line))
		buf_printf(&b, "note\t%.*s\n", STR_ARG(line));
	if (buf_failed(&b))
		return ERR_TOO_LARGE;
	if (!tell_role(d, ROLE_OFFICER))
		tell_managers(d);
	for (size_t i = 0; i < d->in->people.n; i++) {
		if (r >= 0 && d->told[i])
			r = push(d, ret, "checkpoint", month, d->in->people.at[i].id, buf_str(&b));
		d->told[i] = false;
	}
	return r;
}

int round_make(const struct keep_mail_round_out *in, struct arena *a, struct keep_mail_new_list *ret)
{
	struct round d = {.in = in, .arena = a};
	int r = calendar_parse(in->today, &d.today);
	if (r < 0)
		return r;
	if (calendar_parse(in->last, &d.last) < 0)
		d.last = d.today - 1;
	d.digests = ARENA_ARRAY(a, struct digest, in->people.n);
	d.told = ARENA_ARRAY(a, bool, in->people.n);
	if (!d.digests || !d.told)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < in->items.n; i++)
		note_item(&d, &in->items.at[i]);
	note_todos(&d);
	note_papers(&d);
	note_states(&d);
	note_services(&d);
	note_incidents(&d);
	for (size_t i = 0; r >= 0 && i < in->people.n; i++)
		if (d.digests[i].fires)
			r = push_digest(&d, i, ret);
	if (r >= 0)
		r = push_month(&d, ret);
	return r < 0 ? r : push_checkpoint(&d, ret);
}
