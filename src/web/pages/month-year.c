/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/month-year.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/diagnosis-rows.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"

enum { SCS_MET = 1, SHOWN_MAX = 3, DRILL_DAYS = 365, SENTENCE_MAX_BYTES = 1024 };

void month_add_decision(struct page *p, json_t *decisions, const char *name, uint64_t count, const char *path)
{
	if (count == 0)
		return;
	const struct i18n_fact facts[] = {{"count", arena_printf(p->arena, "%llu", (unsigned long long) count)}};
	CLEANUP(buf_done) struct buf b = buf_make(SENTENCE_MAX_BYTES);
	if (i18n_format(&b, p->language, arena_printf(p->arena, "month.decide.%s", name), facts, 1) >= 0)
		json_array_append_new(decisions,
		                      json_pack("{s:o, s:s}", "text", page_json_str(buf_str(&b)), "path", path));
}

/* ---- score, and declared against proven ---- */

static int put_score(struct page *p, json_t *decisions)
{
	struct diagnosis d;
	struct str answers;
	json_t *marked = json_array();
	json_int_t count = 0;
	page_put(p, "marked", marked);
	int r = diagnosis_load(p, &d);
	const struct keep_diagnosis *last = r < 0 ? NULL : diagnosis_closed_before(&d, 0);
	if (r < 0)
		return r;
	if (!last) {
		month_add_decision(p, decisions, "diagnosis", 1, "/prepare/diagnosis");
		return 0;
	}
	const struct keep_diagnosis *before = diagnosis_closed_before(&d, last->id);
	const struct fact *band = score_band(d.facts, last->score);
	r = diagnosis_get_sum(p, last->id, &answers);
	for (size_t i = 0; r >= 0 && i < d.set.n; i++) {
		char letter = diagnosis_letter(answers, i);
		json_t *j = diagnosis_question(p, &d, i, letter);
		bool fits = diagnosis_put_proofs(p, &d, i, letter, j) == EVIDENCE_FITS;
		count += !fits;
		if (!fits && json_array_size(marked) < SHOWN_MAX)
			json_array_append(marked, j);
		json_decref(j);
	}
	page_put(p, "marked_count", json_integer(count));
	page_put(p, "score",
	         json_pack("{s:I, s:I, s:o, s:o, s:o, s:I}", "points", (json_int_t) last->score, "most",
	                   (json_int_t) last->most, "day", page_json_str(diagnosis_day(p, last->closed_us)), "band",
	                   band ? page_json_str(band->text[p->language]) : json_null(), "change",
	                   before ? page_json_str(
	                                    arena_printf(p->arena, "%+lld", (long long) (last->score - before->score)))
	                          : json_null(),
	                   "id", (json_int_t) last->id));
	diagnosis_put_history(p, &d);
	month_add_decision(p, decisions, "marked", (uint64_t) count, "/prepare/diagnosis");
	return r;
}

/* ---- overdue: registers and tasks, and criteria of SCS ---- */

static void add_overdue(json_t *list, struct str due, struct str what, struct str owner)
{
	if (json_array_size(list) >= SHOWN_MAX)
		return;
	json_t *j = json_object();
	json_object_set_new(j, "due", page_json_str(due));
	json_object_set_new(j, "what", page_json_str(what));
	json_object_set_new(j, "owner", page_json_str(owner));
	json_array_append_new(list, j);
}

static int put_overdue(struct page *p, json_t *decisions)
{
	struct keep_item_due_in in = {.until = page_today(p)};
	struct keep_item_due_out out;
	struct keep_scs_list_out scs;
	json_t *list = json_array();
	uint64_t count = 0;
	page_put(p, "overdue", list);
	int r = keep_item_due(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.items.n; i++) {
		const struct register_kind *kind = register_find(out.items.at[i].register_word);
		struct register_item item;
		if (!kind || str_cmp(out.items.at[i].due, in.until) >= 0)
			continue;
		register_read(p, kind, &out.items.at[i], &item);
		count++;
		add_overdue(list, item.due, register_title(p, kind, &item), register_value(kind, &item, "owner"));
	}
	if (r >= 0)
		r = keep_scs_list(p->keep, &p->actor, &(struct keep_scs_list_in){0}, p->arena, &scs);
	for (size_t i = 0; r >= 0 && i < scs.states.n; i++) {
		const struct keep_scs_state *s = &scs.states.at[i];
		if (s->due.n == 0 || s->state == SCS_MET || str_cmp(s->due, in.until) >= 0)
			continue;
		count++;
		add_overdue(list, s->due, arena_printf(p->arena, "SCS %.*s", STR_ARG(s->criterion)), s->owner);
	}
	page_put(p, "overdue_count", json_integer((json_int_t) count));
	month_add_decision(p, decisions, "overdue", count, "/prepare/due");
	return r;
}

/* ---- incidents, drills, papers ---- */

static int put_incidents(struct page *p, json_t *decisions)
{
	struct keep_incident_list_out out;
	const struct keep_incident *drill = NULL;
	uint64_t running = 0;
	int r = keep_incident_list(p->keep, &p->actor, &(struct keep_incident_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.incidents.n; i++) {
		const struct keep_incident *row = &out.incidents.at[i];
		running += !row->is_drill && row->closed_us == 0;
		if (!drill && row->is_drill && row->closed_us)
			drill = row;
	}
	page_put(p, "running", json_integer((json_int_t) running));
	if (drill)
		page_put(p, "drill",
		         json_pack("{s:o, s:I}", "when", page_json_time(drill->started_us), "minutes",
		                   (json_int_t) ((drill->closed_us - drill->started_us) / (60 * CLOCK_SECOND_US))));
	bool is_long_ago = !drill || drill->started_us < p->now_us - DRILL_DAYS * CLOCK_DAY_US;
	month_add_decision(p, decisions, "running", running, "/119/now");
	month_add_decision(p, decisions, "drill", is_long_ago, "/prepare/incidents");
	return r;
}

static int put_papers(struct page *p, json_t *decisions)
{
	struct keep_paper_list_out out;
	uint64_t waiting = 0;
	int r = keep_paper_list(p->keep, &p->actor, &(struct keep_paper_list_in){.paper = STR("")}, p->arena, &out);
	/* The first of each paper is its newest. */
	for (size_t i = 0; r >= 0 && i < out.versions.n; i++)
		waiting += out.versions.at[i].approved_us == 0 &&
		           (i == 0 || !str_eq(out.versions.at[i].paper, out.versions.at[i - 1].paper));
	month_add_decision(p, decisions, "papers", waiting, "/prepare/papers");
	return r;
}

int month_put_year(struct page *p, json_t *decisions)
{
	int r = put_incidents(p, decisions);
	if (r >= 0)
		r = put_score(p, decisions);
	if (r >= 0)
		r = put_overdue(p, decisions);
	return r < 0 ? r : put_papers(p, decisions);
}
