/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the pages of 診る share: the questions, the rounds, and what is proven. Every json_t is a new reference. */
#pragma once

#include "keep/evidence.h"
#include "plan/score.h"
#include "web/facts.h"
#include "web/pages/rows.h"

struct diagnosis {
	const struct facts *facts;
	struct score_set set;
	struct keep_diagnosis_list_out rounds; /* newest first */
	struct keep_evidence_list_out proofs;
	struct str today;
};

/* Loads all of it and puts what every page shows: where the questions are from, and whether they still hold. */
int diagnosis_load(struct page *p, struct diagnosis *ret) MUST_CHECK;
/* NULL: none runs. */
const struct keep_diagnosis *diagnosis_running(const struct diagnosis *d);
/* The newest closed round with a smaller id (0: of all); NULL: none. */
const struct keep_diagnosis *diagnosis_closed_before(const struct diagnosis *d, uint64_t id);
/* What was summed up in a round; empty when nothing was. */
int diagnosis_get_sum(struct page *p, uint64_t round, struct str *ret) MUST_CHECK;

/* The letter of a question; SCORE_NONE where there is none. */
char diagnosis_letter(struct str answers, size_t question);
/* Of the form's fields q1, q2 ...: a letter for each of n questions. */
struct str diagnosis_read_form(const struct page *p, size_t n);
/* Text of an answer's letter, "" for none. */
struct str diagnosis_answer_text(const struct page *p, const struct diagnosis *d, char letter);
/* {no, text, part, part_starts, choices: [{letter, label, checked}], see: [{number, label}]} */
json_t *diagnosis_question(const struct page *p, const struct diagnosis *d, size_t question, char letter);

/* {id, title, text, is_proven, is_old} of one row; NULL: evidence.def has none of its id. */
json_t *diagnosis_proof(const struct page *p, const struct keep_evidence *row, enum evidence_state *ret_state);
/* Rows of evidence.def for an item (0: none) or a requirement ("": none), as diagnosis_proof().
 * *ret_best: the best of them; false when there is no row. */
bool diagnosis_proofs(struct page *p, const struct diagnosis *d, uint64_t item, struct str requirement, json_t *list,
                      enum evidence_state *ret_best);
/* Members "proofs", "mark" (text or null), "mark_word" of one answer. */
enum evidence_mark diagnosis_put_proofs(struct page *p, const struct diagnosis *d, size_t question, char letter,
                                        json_t *row);
/* Member "plot" {points, dots: [{x, y, score, day}]} and "rounds" of the closed ones, newest first. */
void diagnosis_put_history(struct page *p, const struct diagnosis *d);

/* A catalogue text that is filled. */
struct str diagnosis_text(const struct page *p, const char *key, const struct i18n_fact *facts, size_t n);
struct str diagnosis_number(const struct page *p, int64_t number);
/* "2026-11-22" of a time, in the zone of the machine; "" for 0. */
struct str diagnosis_day(const struct page *p, int64_t when_us);
