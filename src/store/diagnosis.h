/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rounds of the self-diagnosis with everybody's answers; the company's own look at the criteria of SCS; what was
 * declared to SECURITY ACTION.
 *
 * Answers of one person at one site are a text with one letter for each question in order: y yes, p partly, n no,
 * u unknown, - not answered yet. Person 0 is what was summed up. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

#define DIAGNOSIS_LETTERS "ypnu"
#define DIAGNOSIS_NONE '-'

int diagnosis_insert(struct store *s, const struct keep_diagnosis *row, uint64_t *ret_id) MUST_CHECK;
/* Newest first. */
int diagnosis_list_all(struct store *s, uint64_t limit, struct arena *a, struct keep_diagnosis_list *ret) MUST_CHECK;
int diagnosis_find(struct store *s, uint64_t id, struct arena *a, struct keep_diagnosis *ret) MUST_CHECK;
/* Counts and score of row count from now on. ERR_NOT_FOUND: no such round, or it is closed. */
int diagnosis_close(struct store *s, const struct keep_diagnosis *row) MUST_CHECK;
/* In the place of what this person said for this site before. */
int diagnosis_set_answers(struct store *s, uint64_t id, const struct keep_diagnosis_answer *row) MUST_CHECK;
/* By site, then person; the sum (person 0) first. person: only theirs and the sum; 0: everybody's. */
int diagnosis_list_answers(struct store *s, uint64_t id, uint64_t person, uint64_t limit, struct arena *a,
                           struct keep_diagnosis_answer_list *ret) MUST_CHECK;
/* ERR_NOT_FOUND. */
int diagnosis_find_answers(struct store *s, uint64_t id, uint64_t person, struct str site, struct arena *a,
                           struct keep_diagnosis_answer *ret) MUST_CHECK;
int diagnosis_count_answers(struct store *s, uint64_t id, uint64_t *ret) MUST_CHECK; /* sets, without the sum */

int scs_insert(struct store *s, const struct keep_scs_state *row) MUST_CHECK;
/* The last of each criterion, by criterion. */
int scs_list_current(struct store *s, uint64_t limit, struct arena *a, struct keep_scs_state_list *ret) MUST_CHECK;
/* Every change of the criteria whose id begins so, newest first. */
int scs_list_of(struct store *s, struct str beginning, uint64_t limit, struct arena *a,
                struct keep_scs_state_list *ret) MUST_CHECK;
int scs_count(struct store *s, uint64_t *ret) MUST_CHECK; /* all changes ever */

int declaration_insert(struct store *s, const struct keep_declaration *row) MUST_CHECK;
int declaration_list_all(struct store *s, uint64_t limit, struct arena *a,
                         struct keep_declaration_list *ret) MUST_CHECK; /* newest first */
