/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the use of AI costs: budgets, what was spent, own prices and rates of exchange, and the sums of use by month. */
#pragma once

#include "base/arena.h"
#include "store/ai.h"
#include "store/rows.h"
#include "store/store.h"

int ai_budget_set(struct store *s, const struct keep_ai_budget *row) MUST_CHECK; /* both limits 0: the row goes */
int ai_budget_list_all(struct store *s, struct arena *a, struct keep_ai_budget_list *ret) MUST_CHECK;

/* What was spent by one in a span of months (year * 100 + month), both included; zeros when nothing was. */
int ai_spend_get(struct store *s, enum ai_scope scope, uint64_t id, struct str name, uint64_t from, uint64_t to,
                 struct keep_ai_spend *ret) MUST_CHECK;
/* Adds to the month of the row; microyen may be taken back: it is added as a signed number. */
int ai_spend_add(struct store *s, const struct keep_ai_spend *row, int64_t microyen) MUST_CHECK;
int ai_spend_list_month(struct store *s, uint64_t month, struct arena *a, struct keep_ai_spend_list *ret) MUST_CHECK;
/* One row per month, the newest first. */
int ai_spend_list_of(struct store *s, enum ai_scope scope, uint64_t id, struct str name, struct arena *a,
                     struct keep_ai_spend_list *ret) MUST_CHECK;

int ai_price_set(struct store *s, const struct keep_ai_price *row, uint64_t by, int64_t now_us) MUST_CHECK;
int ai_price_delete(struct store *s, struct str model) MUST_CHECK;
int ai_price_list_own(struct store *s, struct arena *a, struct keep_ai_price_list *ret) MUST_CHECK;
int ai_exchange_set(struct store *s, const struct keep_ai_exchange *row, uint64_t by, int64_t now_us) MUST_CHECK;
int ai_exchange_find(struct store *s, struct str currency, struct arena *a,
                     struct keep_ai_exchange *ret) MUST_CHECK; /* ERR_NOT_FOUND */

int ai_sum_add(struct store *s, uint64_t month, uint64_t person, struct str name, uint64_t n) MUST_CHECK;
/* person 0: over everybody, programs included, of what at least least_people had; by month, the newest first, then by
 * name. */
int ai_sum_list(struct store *s, uint64_t person, uint64_t from_month, uint64_t least_people, struct arena *a,
                struct keep_ai_sum_list *ret) MUST_CHECK;
/* Over everybody and all months. */
int ai_sum_totals(struct store *s, struct arena *a, struct keep_ai_sum_list *ret) MUST_CHECK;
