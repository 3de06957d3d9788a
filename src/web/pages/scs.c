/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SCS star 3 as a self-check: 26 requirements and their criteria, each met, not met or not looked at, with evidence,
 * owner and day. It is no examination and decides nothing: no half points, and what was not looked at stays so. */
#include "base/buf.h"
#include "base/err.h"
#include "plan/calendar.h"
#include "web/pages/diagnosis-rows.h"
#include "web/pages/rules-rows.h"
#include "web/pages/scs-due.h"
#include "web/pages/scs-proof.h"

enum { CSV_MAX_BYTES = 1024 * 1024, CRITERIA_MAX = 40, NOTE_MAX_BYTES = 4000, SCS_STATES = 3, SCS_MET = 1 };
#define REQUIREMENTS "scs-3"
static const char *const state_words[SCS_STATES] = {"open", "met", "not-met"};

struct scs {
	struct diagnosis d;
	struct keep_scs_list_out states;
	struct str answers; /* of the last closed diagnosis */
	struct scs_proofs proofs;
};

static int load(struct page *p, struct scs *ret)
{
	int r = diagnosis_load(p, &ret->d);
	if (r >= 0)
		r = keep_scs_list(p->keep, &p->actor, &(struct keep_scs_list_in){0}, p->arena, &ret->states);
	if (r >= 0)
		r = scs_proofs_load(p, &ret->proofs);
	ret->answers = STR("");
	const struct keep_diagnosis *last = r >= 0 ? diagnosis_closed_before(&ret->d, 0) : NULL;
	return last ? diagnosis_get_sum(p, last->id, &ret->answers) : r;
}

static struct str number_of(const struct fact *requirement)
{
	const struct fact_value *value = fact_value(requirement, "no");
	return value ? value->text : STR("");
}

static const struct keep_scs_state *state_of(const struct scs *m, struct str criterion)
{
	for (size_t i = 0; i < m->states.states.n; i++)
		if (str_eq(m->states.states.at[i].criterion, criterion))
			return &m->states.states.at[i];
	return NULL;
}

/* The next criterion of a requirement at or after *at. */
static const struct fact *next_criterion(const struct page *p, const struct scs *m, struct str number, size_t *at)
{
	struct str group = arena_printf(p->arena, REQUIREMENTS "-%.*s", STR_ARG(number));
	const struct fact *fact;
	while ((fact = fact_next(m->d.facts, FACT_CRITERION, at)))
		if (str_eq(fact->group, group))
			return fact;
	return NULL;
}

static const struct fact *next_requirement(const struct scs *m, size_t *at)
{
	const struct fact *fact;
	while ((fact = fact_next(m->d.facts, FACT_CRITERION, at)))
		if (str_eq_c(fact->group, REQUIREMENTS))
			return fact;
	return NULL;
}

/* ---- sums ---- */

struct sums {
	size_t by[SCS_STATES], all;
};

static struct sums count_of(const struct page *p, const struct scs *m, struct str number)
{
	struct sums sums = {0};
	const struct fact *criterion;
	for (size_t at = 0; (criterion = next_criterion(p, m, number, &at));) {
		const struct keep_scs_state *state = state_of(m, criterion->id);
		sums.by[state && state->state < SCS_STATES ? state->state : 0]++;
		sums.all++;
	}
	return sums;
}

static void add(struct sums *to, const struct sums *more)
{
	for (size_t i = 0; i < SCS_STATES; i++)
		to->by[i] += more->by[i];
	to->all += more->all;
}

static void put_sums(json_t *j, const struct sums *sums)
{
	json_object_set_new(j, "open", json_integer((json_int_t) sums->by[0]));
	json_object_set_new(j, "met", json_integer((json_int_t) sums->by[1]));
	json_object_set_new(j, "not_met", json_integer((json_int_t) sums->by[2]));
	json_object_set_new(j, "all", json_integer((json_int_t) sums->all));
	json_object_set_new(j, "is_whole", json_boolean(sums->by[1] == sums->all));
}

/* ---- the list ---- */

static json_t *fact_json(const struct page *p, const struct scs *m, const struct fact *fact)
{
	json_t *j = json_object();
	json_object_set_new(j, "number", page_json_str(number_of(fact)));
	json_object_set_new(j, "text", page_json_str(fact->text[p->language]));
	json_object_set_new(j, "source", page_json_str(fact->source));
	json_object_set_new(j, "is_expired", json_boolean(fact_is_expired(fact, m->d.today)));
	json_object_set_new(j, "is_unverified", json_boolean(!fact->verified));
	return j;
}

static json_t *group_json(const struct page *p, const struct scs *m, const char *group)
{
	json_t *list = json_array();
	for (size_t i = 0; i < m->d.facts->n; i++)
		if (str_eq_c(m->d.facts->at[i].group, group))
			json_array_append_new(list, fact_json(p, m, &m->d.facts->at[i]));
	return list;
}

static json_t *class_json(const struct page *p, const struct scs *m, char digit, struct sums *total)
{
	json_t *rows = json_array(), *j = json_object();
	struct sums sums = {0};
	const struct fact *requirement;
	for (size_t at = 0; (requirement = next_requirement(m, &at));) {
		struct str number = number_of(requirement);
		if (number.n == 0 || number.p[0] != digit)
			continue;
		struct sums own = count_of(p, m, number);
		json_t *row = fact_json(p, m, requirement);
		put_sums(row, &own);
		json_array_append_new(rows, row);
		add(&sums, &own);
	}
	json_object_set_new(j, "label", rows_text(p, "scs.class.", str_make(&digit, 1), ""));
	json_object_set_new(j, "requirements", rows);
	put_sums(j, &sums);
	add(total, &sums);
	return j;
}

/* Criteria that have a day which is over, and are not met. */
static size_t count_late(const struct scs *m)
{
	size_t late = 0;
	for (size_t i = 0; i < m->states.states.n; i++) {
		const struct keep_scs_state *s = &m->states.states.at[i];
		late += s->due.n > 0 && s->state != 1 && str_cmp(s->due, m->d.today) < 0;
	}
	return late;
}

int scs_page(struct page *p)
{
	struct scs m;
	struct sums total = {0};
	json_t *classes = json_array(), *all = json_object();
	page_put(p, "classes", classes);
	page_put(p, "total", all);
	int r = load(p, &m);
	if (r < 0)
		return r;
	size_t requirements = 0;
	for (size_t at = 0; next_requirement(&m, &at);)
		requirements++;
	for (const char *digit = "1234567"; *digit; digit++)
		json_array_append_new(classes, class_json(p, &m, *digit, &total));
	put_sums(all, &total);
	json_object_set_new(all, "requirements", json_integer((json_int_t) requirements));
	page_put(p, "later", group_json(p, &m, "scs-4-only"));
	page_put(p, "scheme", group_json(p, &m, "scs-scheme"));
	page_put(p, "late", json_integer((json_int_t) count_late(&m)));
	return 0;
}

/* ---- one requirement ---- */

static struct str field_of(const struct page *p, const char *what, size_t i)
{
	char name[24];
	snprintf(name, sizeof(name), "%s%zu", what, i + 1);
	return str_trim(page_field(p, name));
}

/* As it is kept, or as it was typed when the form comes back. */
static struct keep_scs_state shown_of(const struct page *p, const struct scs *m, const struct fact *criterion, size_t i)
{
	const struct keep_scs_state *kept = state_of(m, criterion->id);
	struct keep_scs_state row = kept ? *kept : (struct keep_scs_state){.criterion = criterion->id};
	if (p->method == HTTP_GET)
		return row;
	struct str state = field_of(p, "state", i);
	row.state = 0;
	for (size_t k = 0; k < SCS_STATES; k++)
		row.state = str_eq_c(state, state_words[k]) ? k : row.state;
	row.note = field_of(p, "note", i);
	row.owner = field_of(p, "owner", i);
	row.due = field_of(p, "due", i);
	return row;
}

static json_t *criterion_json(struct page *p, const struct scs *m, const struct fact *criterion, size_t i)
{
	const struct keep_scs_state *kept = state_of(m, criterion->id);
	struct keep_scs_state row = shown_of(p, m, criterion, i);
	json_t *j = fact_json(p, m, criterion), *choices = json_array();
	for (size_t k = 0; k < SCS_STATES; k++) {
		json_t *choice = json_object();
		json_object_set_new(choice, "word", json_string(state_words[k]));
		json_object_set_new(choice, "label", rows_text(p, "scs.state.", str_of(state_words[k]), ""));
		json_object_set_new(choice, "checked", json_boolean(k == row.state));
		json_array_append_new(choices, choice);
	}
	json_object_set_new(j, "i", json_integer((json_int_t) i + 1));
	json_object_set_new(j, "choices", choices);
	json_object_set_new(j, "note", page_json_str(row.note));
	json_object_set_new(j, "proof", scs_proof_json(p, &m->proofs, row.proof));
	json_object_set_new(j, "proofs", scs_proof_choices(p, &m->proofs, row.proof));
	json_object_set_new(j, "owner", page_json_str(row.owner));
	json_object_set_new(j, "due", page_json_str(row.due));
	json_object_set_new(j, "is_late",
	                    json_boolean(row.due.n > 0 && row.state != 1 && str_cmp(row.due, m->d.today) < 0));
	json_object_set_new(j, "by", page_json_str(kept ? kept->changed_by_name : STR("")));
	json_object_set_new(j, "changed", page_json_time(kept ? kept->changed_us : 0));
	json_object_set_new(j, "other_version",
	                    kept && !str_eq(kept->version, criterion->source) ? page_json_str(kept->version)
	                                                                      : json_null());
	return j;
}

/* Questions of the self-diagnosis that lead here, with what was answered last: hints, no more. */
static json_t *hints_of(const struct page *p, const struct scs *m, const struct fact *requirement)
{
	json_t *list = json_array();
	for (size_t i = 0; i < m->d.set.n; i++) {
		const struct fact *question = m->d.set.questions[i];
		for (size_t k = 0; k < question->see.n; k++) {
			if (!str_eq(question->see.at[k], requirement->id))
				continue;
			json_t *j = json_object();
			json_object_set_new(j, "no", json_integer((json_int_t) i + 1));
			json_object_set_new(j, "text", page_json_str(question->text[p->language]));
			json_object_set_new(
			        j, "answer",
			        page_json_str(diagnosis_answer_text(p, &m->d, diagnosis_letter(m->answers, i))));
			json_array_append_new(list, j);
		}
	}
	return list;
}

static int put_history(struct page *p, const struct scs *m, const struct fact *requirement)
{
	struct keep_scs_history_in in = {arena_printf(p->arena, "%.*s.", STR_ARG(requirement->id))};
	struct keep_scs_history_out out;
	json_t *list = json_array();
	page_put(p, "history", list);
	int r = keep_scs_history(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.changes.n; i++) {
		const struct keep_scs_state *row = &out.changes.at[i];
		const struct fact *criterion = fact_find(m->d.facts, row->criterion);
		const char *word = state_words[row->state < SCS_STATES ? row->state : 0];
		json_t *j = json_object();
		json_object_set_new(j, "text",
		                    page_json_str(criterion ? criterion->text[p->language] : row->criterion));
		json_object_set_new(j, "state", rows_text(p, "scs.state.", str_of(word), ""));
		json_object_set_new(j, "note", page_json_str(row->note));
		json_object_set_new(j, "proof", page_json_str(scs_proof_text(p, &m->proofs, row->proof)));
		json_object_set_new(j, "by", page_json_str(row->changed_by_name));
		json_object_set_new(j, "changed", page_json_time(row->changed_us));
		json_object_set_new(j, "version", page_json_str(row->version));
		json_array_append_new(list, j);
	}
	return r;
}

static int show(struct page *p, const struct scs *m, const struct fact *requirement)
{
	json_t *criteria = json_array(), *proofs = json_array();
	enum evidence_state best;
	struct str number = number_of(requirement);
	const struct fact *criterion;
	size_t i = 0;
	for (size_t at = 0; (criterion = next_criterion(p, m, number, &at)); i++)
		json_array_append_new(criteria, criterion_json(p, m, criterion, i));
	(void) diagnosis_proofs(p, &m->d, 0, number, proofs, &best);
	page_put(p, "requirement", fact_json(p, m, requirement));
	page_put(p, "criteria", criteria);
	page_put(p, "proofs", proofs);
	page_put(p, "hints", hints_of(p, m, requirement));
	page_put(p, "may_change", json_boolean(page_may(p, WHO_PATROL)));
	rules_put_done(p);
	return put_history(p, m, requirement);
}

static bool is_changed(const struct scs *m, const struct keep_scs_state *row)
{
	static const struct keep_scs_state none;
	const struct keep_scs_state *kept = state_of(m, row->criterion);
	bool is_old = kept && !str_eq(kept->version, row->version);
	kept = kept ? kept : &none;
	return is_old || kept->state != row->state || !str_eq(kept->note, row->note) ||
	       !str_eq(kept->proof, row->proof) || !str_eq(kept->owner, row->owner) || !str_eq(kept->due, row->due);
}

static int save(struct page *p, const struct scs *m, const struct fact *requirement)
{
	struct keep_scs_save_in in = {0};
	struct keep_scs_save_out out;
	const struct fact *criterion;
	size_t i = 0;
	int32_t day;
	for (size_t at = 0; (criterion = next_criterion(p, m, number_of(requirement), &at)) && i < CRITERIA_MAX; i++) {
		struct keep_scs_state row = shown_of(p, m, criterion, i);
		row.criterion = criterion->id;
		row.version = criterion->source;
		int found = scs_proof_read(p, i + 1, row.proof, &row.proof);
		if (found == ERR_NOT_FOUND)
			return page_problem(p, "scs.problem.record", "");
		if (found < 0)
			return found;
		if (row.due.n > 0 && calendar_parse(row.due, &day) < 0)
			return page_problem(p, "scs.problem.due", "due");
		if (row.note.n > NOTE_MAX_BYTES)
			return page_problem(p, "scs.problem", "");
		if (!is_changed(m, &row))
			continue;
		struct keep_scs_state *to = ARENA_PUSH(p->arena, &in.states);
		if (!to)
			return ERR_TOO_LARGE;
		*to = row;
	}
	int r = in.states.n ? keep_scs_save(p->keep, &p->actor, &in, p->arena, &out) : 0;
	if (r == ERR_INVALID)
		return page_problem(p, "scs.problem", "");
	return r < 0 ? r
	             : page_redirect_str(
	                       p, arena_printf(p->arena, "/prepare/scs/%.*s?done=1", STR_ARG(number_of(requirement))));
}

int scs_requirement_page(struct page *p)
{
	struct scs m;
	const struct fact *requirement;
	size_t at = 0;
	int r = load(p, &m);
	if (r < 0)
		return r;
	while ((requirement = next_requirement(&m, &at)))
		if (str_eq(number_of(requirement), page_parameter(p, "number")))
			break;
	if (!requirement)
		return ERR_NOT_FOUND;
	if (p->method == HTTP_POST)
		r = save(p, &m, requirement);
	return r < 0 ? r : show(p, &m, requirement);
}

/* ---- among what is due ---- */

static void insert_by_day(json_t *list, json_t *row, struct str due)
{
	size_t at = 0;
	while (at < json_array_size(list) &&
	       str_cmp(str_of(json_string_value(json_object_get(json_array_get(list, at), "due"))), due) <= 0)
		at++;
	json_array_insert_new(list, at, row);
}

int scs_add_due(struct page *p, struct str until, struct str soon, json_t *list, json_int_t *late)
{
	struct keep_scs_list_out out;
	int r = keep_scs_list(p->keep, &p->actor, &(struct keep_scs_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.states.n; i++) {
		const struct keep_scs_state *s = &out.states.at[i];
		const struct fact *criterion = fact_find(page_facts(p), s->criterion);
		if (s->due.n == 0 || s->state == SCS_MET || str_cmp(s->due, until) > 0)
			continue;
		bool is_late = str_cmp(s->due, page_today(p)) < 0;
		/* "scs.4-3-4.2" is of the requirement 4-3-4 */
		struct str number = str_slice(s->criterion, strlen("scs."), str_rfind_char(s->criterion, '.'));
		json_t *row = json_object();
		json_object_set_new(row, "due", page_json_str(s->due));
		json_object_set_new(row, "due_is",
		                    rows_flag(is_late                      ? STR("late")
		                              : str_cmp(s->due, soon) <= 0 ? STR("soon")
		                                                           : STR("later")));
		json_object_set_new(row, "title",
		                    page_json_str(criterion ? criterion->text[p->language] : s->criterion));
		json_object_set_new(row, "path",
		                    page_json_str(arena_printf(p->arena, "/prepare/scs/%.*s", STR_ARG(number))));
		json_object_set_new(row, "register_label", json_string("SCS"));
		json_object_set_new(row, "what", page_json_str(number));
		json_object_set_new(row, "owner", page_json_str(s->owner));
		*late += is_late;
		insert_by_day(list, row, s->due);
	}
	return r < 0 ? r : 0;
}

/* ---- CSV ---- */

static void add_criterion(struct page *p, struct buf *b, const struct scs *m, const struct fact *requirement,
                          const struct fact *criterion)
{
	static const struct keep_scs_state none;
	const struct keep_scs_state *row = state_of(m, criterion->id);
	row = row ? row : &none;
	struct str number = number_of(requirement);
	const char *words = state_words[row->state < SCS_STATES ? row->state : 0];
	json_t *label = rows_text(p, "scs.state.", str_of(words), "");
	json_t *class_label = rows_text(p, "scs.class.", str_slice(number, 0, 1), "");
	const struct str cells[] = {criterion->id,
	                            str_of(json_string_value(class_label)),
	                            requirement->text[p->language],
	                            criterion->text[p->language],
	                            str_of(json_string_value(label)),
	                            row->note,
	                            scs_proof_text(p, &m->proofs, row->proof),
	                            row->owner,
	                            row->due,
	                            row->version.n ? row->version : criterion->source,
	                            diagnosis_day(p, row->changed_us),
	                            row->changed_by_name,
	                            str_of(i18n_text(p->language, "scs.only"))};
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		rows_csv_cell(b, cells[i], i + 1 == ARRAY_SIZE(cells));
	json_decref(label);
	json_decref(class_label);
}

int scs_csv_page(struct page *p)
{
	static const char *const heads[] = {"scs.csv.id",    "scs.csv.class", "scs.csv.requirement", "scs.criterion",
	                                    "scs.csv.state", "scs.note",      "scs.proof",           "scs.owner",
	                                    "scs.due",       "scs.version",   "scs.changed",         "scs.by",
	                                    "scs.csv.nature"};
	struct scs m;
	const struct fact *requirement, *criterion;
	int r = load(p, &m);
	if (r < 0)
		return r;
	struct buf b = buf_make(CSV_MAX_BYTES);
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, heads[i])), i + 1 == ARRAY_SIZE(heads));
	for (size_t at = 0; (requirement = next_requirement(&m, &at));)
		for (size_t in = 0; (criterion = next_criterion(p, &m, number_of(requirement), &in));)
			add_criterion(p, &b, &m, requirement, criterion);
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "scs.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
