/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 備える: the steps in the order in which a newcomer needs them, what is done marked by what is kept, the next one
 * first; below it every part. */
#include "base/err.h"
#include "plan/register.h"
#include "web/facts.h"
#include "web/pages/help-own.h"

struct state {
	struct page *p;
	struct help_own own;
	struct keep_item_count_list counts;
	bool has_diagnosis, has_scs, has_code, has_drill;
};

/* ---- what is done ---- */

static uint64_t count_of(const struct state *s, const char *word)
{
	for (size_t i = 0; i < s->counts.n; i++)
		if (str_eq_c(s->counts.at[i].register_word, word))
			return s->counts.at[i].items;
	return 0;
}

static bool has(const struct state *s, const char *word)
{
	struct str when;
	return help_own_has(&s->own, str_of(word), &when) == HELP_HAS;
}

static bool has_approved(const struct state *s, const char *paper)
{
	for (size_t i = 0; i < s->own.papers.n; i++)
		if (str_eq_c(s->own.papers.at[i].paper, paper) && s->own.papers.at[i].approved_us > 0)
			return true;
	return false;
}

static int has_record(struct page *p, const char *kind, bool *ret)
{
	struct keep_ledger_list_in in = {.limit = 1, .kind = str_of(kind)};
	struct keep_ledger_list_out out;
	int r = keep_ledger_list(p->keep, &p->actor, &in, p->arena, &out);
	*ret = r >= 0 && out.records.n > 0;
	return r;
}

static int load(struct page *p, struct state *s)
{
	struct keep_diagnosis_list_out rounds;
	struct keep_scs_list_out scs;
	struct keep_incident_list_out incidents;
	*s = (struct state){.p = p};
	int r = help_own_load(p, &s->own);
	if (r >= 0)
		r = keep_diagnosis_list(p->keep, &p->actor, &(struct keep_diagnosis_list_in){0}, p->arena, &rounds);
	for (size_t i = 0; r >= 0 && i < rounds.rounds.n; i++)
		s->has_diagnosis |= rounds.rounds.at[i].closed_us > 0;
	if (r >= 0)
		r = keep_scs_list(p->keep, &p->actor, &(struct keep_scs_list_in){0}, p->arena, &scs);
	if (r >= 0)
		r = keep_incident_list(p->keep, &p->actor, &(struct keep_incident_list_in){0}, p->arena, &incidents);
	if (r < 0)
		return r;
	for (size_t i = 0; i < scs.states.n; i++)
		s->has_scs |= scs.states.at[i].state > 0;
	for (size_t i = 0; i < incidents.incidents.n; i++)
		s->has_drill |= incidents.incidents.at[i].is_drill && incidents.incidents.at[i].closed_us > 0;
	return has_record(p, "incident.code", &s->has_code);
}

static void add(const struct state *s, json_t *steps, const char *name, const char *path, bool is_done)
{
	json_t *next = json_object_get(s->p->model, "next"), *j = json_object();
	json_object_set_new(j, "text", rows_text(s->p, "prepare.step.", str_of(name), ""));
	json_object_set_new(j, "why", rows_text(s->p, "prepare.step.", str_of(name), ".why"));
	json_object_set_new(j, "path", json_string(path));
	json_object_set_new(j, "is_done", json_boolean(is_done));
	bool is_next = !is_done && json_is_null(next);
	json_object_set_new(j, "is_next", json_boolean(is_next));
	if (is_next)
		json_object_set(s->p->model, "next", j);
	json_array_append_new(steps, j);
}

static int put_steps(struct page *p, const struct keep_item_count_list *counts)
{
	struct state s;
	json_t *steps = json_array(), *one;
	json_int_t done = 0;
	size_t i;
	page_put(p, "steps", steps);
	page_put(p, "next", json_null());
	int r = load(p, &s);
	if (r < 0)
		return r;
	s.counts = *counts;
	if (page_may(p, WHO_MANAGER))
		add(&s, steps, "kit", "/prepare/kit", s.has_code);
	add(&s, steps, "partners", "/prepare/registers/partners", count_of(&s, "partners") > 0);
	add(&s, steps, "diagnosis", "/prepare/diagnosis", s.has_diagnosis);
	add(&s, steps, "businesses", "/prepare/registers/businesses", count_of(&s, "businesses") > 0);
	add(&s, steps, "procedure", "/prepare/papers/procedure", has_approved(&s, "procedure"));
	add(&s, steps, "drill", "/prepare/incidents", s.has_drill);
	add(&s, steps, "policy", "/prepare/papers/policy", has_approved(&s, "policy"));
	add(&s, steps, "declaration", "/prepare/security-action", has(&s, "declaration"));
	add(&s, steps, "devices", "/prepare/registers/devices", count_of(&s, "devices") > 0);
	add(&s, steps, "assets", "/prepare/registers/assets", count_of(&s, "assets") > 0);
	add(&s, steps, "bcp", "/prepare/papers/bcp", has_approved(&s, "bcp"));
	add(&s, steps, "company", "/prepare/registers/company", count_of(&s, "company") > 0);
	add(&s, steps, "jigyokei", "/prepare/jigyokei", has(&s, "jigyokei"));
	add(&s, steps, "scs", "/prepare/scs", s.has_scs);
	json_array_foreach(steps, i, one)
	{
		done += json_is_true(json_object_get(one, "is_done"));
	}
	page_put(p, "steps_done", json_integer(done));
	page_put(p, "steps_all", json_integer((json_int_t) json_array_size(steps)));
	return 0;
}

/* ---- the page ---- */

static json_t *register_json(const struct page *p, const struct register_kind *kind,
                             const struct keep_item_count_list *counts)
{
	json_t *j = json_object();
	json_object_set_new(j, "word", json_string(kind->word));
	json_object_set_new(j, "label", rows_text(p, "register.", str_of(kind->word), ""));
	json_object_set_new(j, "count", json_integer(0));
	json_object_set_new(j, "late", json_integer(0));
	for (size_t i = 0; i < counts->n; i++) {
		if (!str_eq_c(counts->at[i].register_word, kind->word))
			continue;
		json_object_set_new(j, "count", json_integer((json_int_t) counts->at[i].items));
		json_object_set_new(j, "late", json_integer((json_int_t) counts->at[i].late));
	}
	return j;
}

int prepare_page(struct page *p)
{
	struct keep_item_counts_in in = {.today = page_today(p)};
	struct keep_item_counts_out out;
	json_t *list = json_array();
	bool may_look = page_may(p, WHO_PATROL | 1u << ROLE_EXPERT);
	page_put(p, "registers", list);
	page_put(p, "may_look", json_boolean(may_look));
	if (!may_look)
		return 0;
	int r = keep_item_counts(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < register_count(); i++)
		json_array_append_new(list, register_json(p, register_at(i), &out.counts));
	return r < 0 ? r : put_steps(p, &out.counts);
}
