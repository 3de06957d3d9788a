/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Conversations with models and to-dos, as sealed bytes: this folder cannot read them. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

int talk_insert(struct store *s, const struct keep_talk *row, uint64_t *ret_id) MUST_CHECK;
/* ERR_NOT_FOUND: not there or another person's. */
int talk_find(struct store *s, uint64_t id, uint64_t person, struct arena *a, struct keep_talk *ret) MUST_CHECK;
/* Newest use first, at most limit, used before before_us (0: all). */
int talk_list_of(struct store *s, uint64_t person, int64_t before_us, uint64_t limit, struct arena *a,
                 struct keep_talk_list *ret) MUST_CHECK;
int talk_set_title(struct store *s, uint64_t id, struct str sealed) MUST_CHECK;
int talk_delete(struct store *s, uint64_t id) MUST_CHECK;
/* Conversations that were used last before a time: number deleted. */
int talk_delete_before(struct store *s, int64_t before_us) MUST_CHECK;
/* Adds after the last turn and marks the conversation as used. */
int turn_insert(struct store *s, uint64_t talk, const struct keep_turn *row, uint64_t *ret_number) MUST_CHECK;
int turn_list_of(struct store *s, uint64_t talk, struct arena *a, struct keep_turn_list *ret) MUST_CHECK;

int opening_insert(struct store *s, const struct keep_opening *row, uint64_t *ret_id) MUST_CHECK;
int opening_find(struct store *s, uint64_t id, struct arena *a, struct keep_opening *ret) MUST_CHECK;
/* All, or (person not 0) those about one person; newest first. */
int opening_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_opening_list *ret) MUST_CHECK;
/* ERR_CONFLICT: it was decided already. */
int opening_decide(struct store *s, uint64_t id, uint64_t state, uint64_t by, int64_t now_us) MUST_CHECK;
int opening_set_seen(struct store *s, uint64_t person, int64_t now_us) MUST_CHECK;

int todo_insert(struct store *s, const struct keep_todo *row, uint64_t *ret_id) MUST_CHECK;
/* Those on a person's list and those that the person gave: open ones by due day first, then those done since since_us.
 */
int todo_list_of(struct store *s, uint64_t person, int64_t since_us, struct arena *a,
                 struct keep_todo_list *ret) MUST_CHECK;
/* Open ones of everybody with a day up to until, without the task; at most limit. */
int todo_list_due(struct store *s, struct str until, uint64_t limit, struct arena *a,
                  struct keep_todo_list *ret) MUST_CHECK;
/* ERR_NOT_FOUND: neither on the person's list nor given by that person. */
int todo_set_done(struct store *s, uint64_t id, uint64_t person, int64_t done_us) MUST_CHECK;

int work_template_save(struct store *s, const struct keep_own_template *row) MUST_CHECK;
int work_template_list(struct store *s, struct arena *a, struct keep_own_template_list *ret) MUST_CHECK;
int work_template_delete(struct store *s, struct str id) MUST_CHECK; /* ERR_NOT_FOUND */

int work_sum_add(struct store *s, uint64_t person, uint64_t month, struct str name, int64_t add) MUST_CHECK;
/* Of a person, or (0) of all together where at least least_people took part; since a month. */
int work_sum_list(struct store *s, uint64_t person, uint64_t since_month, uint64_t least_people, struct arena *a,
                  struct keep_work_sum_list *ret) MUST_CHECK;
