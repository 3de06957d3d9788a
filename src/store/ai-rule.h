/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the company decided itself: rules, approvals, the fields of its guideline, the weekly patrol, declarations. */
#pragma once

#include "base/arena.h"
#include "store/ai.h"
#include "store/rows.h"
#include "store/store.h"

/* One rule per kind, destination, roles and department: a newer one takes its place. */
int ai_rule_set(struct store *s, const struct keep_ai_rule *row) MUST_CHECK;
int ai_rule_delete(struct store *s, const struct keep_ai_rule *row) MUST_CHECK; /* 1, or 0 when there was none */
int ai_rule_list_all(struct store *s, struct arena *a, struct keep_ai_rule_list *ret) MUST_CHECK;

int ai_approval_insert(struct store *s, const struct keep_ai_approval *row, uint64_t *ret_id) MUST_CHECK;
int ai_approval_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_approval *ret) MUST_CHECK;
/* state, who, when, until, note, marks */
int ai_approval_decide(struct store *s, const struct keep_ai_approval *row) MUST_CHECK;
/* person 0: of all; the waiting ones first, newest first. */
int ai_approval_list_of(struct store *s, uint64_t person, struct arena *a,
                        struct keep_ai_approval_list *ret) MUST_CHECK;
/* Approved and alive. */
int ai_approval_list_living(struct store *s, uint64_t person, int64_t now_us, struct arena *a,
                            struct keep_ai_approval_list *ret) MUST_CHECK;
int ai_approval_count_waiting(struct store *s, uint64_t *ret) MUST_CHECK;

int ai_field_set(struct store *s, const struct keep_ai_field *row) MUST_CHECK;
int ai_field_list_all(struct store *s, struct arena *a, struct keep_ai_field_list *ret) MUST_CHECK;

int ai_patrol_set(struct store *s, uint64_t week, const struct keep_ai_patrol *row) MUST_CHECK;
int ai_patrol_list_week(struct store *s, uint64_t week, struct arena *a, struct keep_ai_patrol_list *ret) MUST_CHECK;
int ai_patrol_last_week(struct store *s, uint64_t before, uint64_t *ret_week) MUST_CHECK; /* 0: never */

int ai_declaration_insert(struct store *s, const struct keep_ai_declaration *row, uint64_t *ret_id) MUST_CHECK;
int ai_declaration_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_declaration *ret) MUST_CHECK;
int ai_declaration_answer(struct store *s, const struct keep_ai_declaration *row) MUST_CHECK;
int ai_declaration_list_of(struct store *s, uint64_t person, struct arena *a,
                           struct keep_ai_declaration_list *ret) MUST_CHECK;
int ai_declaration_count_open(struct store *s, uint64_t *ret) MUST_CHECK;
