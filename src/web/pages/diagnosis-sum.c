/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Summing up: who answered, where the answers differ, what is proven beside each; one person sets the sum and closes.
 */
#include "base/err.h"
#include "web/pages/diagnosis-rows.h"
#include "web/pages/rules-rows.h"

/* ---- who said what ---- */

static size_t count_letter(struct str answers, char letter)
{
	size_t n = 0;
	for (size_t i = 0; i < answers.n; i++)
		n += answers.p[i] == letter;
	return n;
}

static void put_people(struct page *p, const struct diagnosis *d, const struct keep_diagnosis_get_out *got)
{
	json_t *list = json_array();
	for (size_t i = 0; i < got->answers.n; i++) {
		const struct keep_diagnosis_answer *row = &got->answers.at[i];
		if (row->person == 0)
			continue;
		size_t answered = row->answers.n - count_letter(row->answers, SCORE_NONE);
		json_t *j = json_object();
		json_object_set_new(j, "site", page_json_str(row->site));
		json_object_set_new(j, "person", page_json_str(row->person_name));
		json_object_set_new(j, "answered", json_integer((json_int_t) answered));
		json_object_set_new(j, "unknown", json_integer((json_int_t) count_letter(row->answers, 'u')));
		json_object_set_new(j, "is_complete", json_boolean(answered >= d->set.n));
		json_object_set_new(j, "changed", page_json_time(row->changed_us));
		json_array_append_new(list, j);
	}
	page_put(p, "people", list);
}

/* [{label, who}] of the answers that were given to a question; *ret_letter: the one that all gave, else none. */
static json_t *votes_of(const struct page *p, const struct diagnosis *d, const struct keep_diagnosis_get_out *got,
                        size_t question, char *ret_letter)
{
	json_t *list = json_array();
	*ret_letter = SCORE_NONE;
	for (size_t k = 0; k < SCORE_ANSWER_COUNT; k++) {
		struct str who = STR("");
		for (size_t i = 0; i < got->answers.n; i++) {
			const struct keep_diagnosis_answer *row = &got->answers.at[i];
			if (row->person == 0 || diagnosis_letter(row->answers, question) != SCORE_LETTERS[k])
				continue;
			who = arena_printf(p->arena, "%.*s%s%.*s%s%.*s", STR_ARG(who), who.n ? ", " : "",
			                   STR_ARG(row->site), row->site.n ? " " : "", STR_ARG(row->person_name));
		}
		if (who.n == 0)
			continue;
		*ret_letter = json_array_size(list) == 0 ? SCORE_LETTERS[k] : SCORE_NONE;
		json_t *j = json_object();
		json_object_set_new(j, "label", page_json_str(d->set.answers[k]->text[p->language]));
		json_object_set_new(j, "who", page_json_str(who));
		json_array_append_new(list, j);
	}
	return list;
}

/* ---- the page ---- */

/* typed: what comes back with a sentence, else empty. */
static void put_questions(struct page *p, const struct diagnosis *d, const struct keep_diagnosis_get_out *got,
                          struct str sum, struct str typed, bool was_tried)
{
	json_t *list = json_array();
	size_t differ = 0, open = 0, marks = 0;
	for (size_t i = 0; i < d->set.n; i++) {
		char agreed, kept = diagnosis_letter(sum, i), letter = diagnosis_letter(typed.n > 0 ? typed : sum, i);
		json_t *votes = votes_of(p, d, got, i, &agreed);
		bool differs = json_array_size(votes) > 1;
		letter = letter == SCORE_NONE ? agreed : letter;
		json_t *j = diagnosis_question(p, d, i, letter);
		marks += diagnosis_put_proofs(p, d, i, letter, j) != EVIDENCE_FITS;
		json_object_set_new(j, "votes", votes);
		if (typed.n > 0 && kept != SCORE_NONE && kept != letter)
			json_object_set_new(j, "theirs", page_json_str(diagnosis_answer_text(p, d, kept)));
		json_object_set_new(j, "differs", json_boolean(differs));
		json_object_set_new(j, "missing", json_boolean(was_tried && letter == SCORE_NONE));
		json_array_append_new(list, j);
		differ += differs;
		open += letter == SCORE_NONE;
	}
	page_put(p, "questions", list);
	page_put(p, "differ", json_integer((json_int_t) differ));
	page_put(p, "open", json_integer((json_int_t) open));
	page_put(p, "marks", json_integer((json_int_t) marks));
	page_put(p, "count", json_integer((json_int_t) d->set.n));
}

static int show(struct page *p, const struct diagnosis *d, const struct keep_diagnosis *running, struct str typed,
                bool was_tried)
{
	struct keep_diagnosis_get_in in = {.id = running->id};
	struct keep_diagnosis_get_out got;
	int r = keep_diagnosis_get(p->keep, &p->actor, &in, p->arena, &got);
	if (r < 0)
		return r;
	bool has_sum = got.answers.n > 0 && got.answers.at[0].person == 0;
	struct str sum = has_sum ? got.answers.at[0].answers : STR("");
	put_people(p, d, &got);
	put_questions(p, d, &got, sum, typed, was_tried);
	page_put(p, "changed_us", json_integer(has_sum ? got.answers.at[0].changed_us : 0));
	page_put(p, "may_sum", json_boolean(page_may(p, WHO_PATROL)));
	rules_put_done(p);
	return 0;
}

static int close_round(struct page *p, const struct diagnosis *d, const struct keep_diagnosis *running)
{
	struct keep_diagnosis_close_in in = {.id = running->id,
	                                     .yes_points = d->set.points[0],
	                                     .partly_points = d->set.points[1],
	                                     .no_points = d->set.points[2],
	                                     .unknown_points = d->set.points[3]};
	struct keep_diagnosis_close_out out;
	int r = keep_diagnosis_close(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID) {
		page_problem(p, "diagnosis.sum.problem", "");
		return show(p, d, running, STR(""), true);
	}
	return r < 0 ? r
	             : page_redirect_str(p, arena_printf(p->arena, "/prepare/diagnosis/rounds/%llu",
	                                                 (unsigned long long) running->id));
}

int diagnosis_sum_page(struct page *p)
{
	struct diagnosis d;
	int r = diagnosis_load(p, &d);
	if (r < 0)
		return r;
	const struct keep_diagnosis *running = diagnosis_running(&d);
	if (!running)
		return page_redirect(p, "/prepare/diagnosis");
	if (p->method == HTTP_GET)
		return show(p, &d, running, STR(""), false);
	struct keep_diagnosis_sum_in in = {.id = running->id, .answers = diagnosis_read_form(p, running->questions)};
	struct keep_diagnosis_sum_out out;
	uint64_t changed_us = 0;
	(void) str_parse_u64(page_field(p, "changed_us"), INT64_MAX, &changed_us);
	in.changed_us = (int64_t) changed_us;
	r = keep_diagnosis_sum(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_CONFLICT) {
		page_problem(p, "diagnosis.sum.conflict", "");
		page_set_status(p, 409);
		return show(p, &d, running, in.answers, false);
	}
	if (r < 0)
		return r;
	return str_eq_c(page_field(p, "do"), "close") ? close_round(p, &d, running)
	                                              : page_redirect(p, "/prepare/diagnosis/sum?done=1");
}
