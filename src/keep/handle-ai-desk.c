/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Declarations without blame, the weekly look of ten minutes, and what use comes to: for people their own, for the
 * company sums. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/ai-state.h"

enum {
	MONTHS_SHOWN = 6,
	KEY_SOON_DAYS = 14,
	DECLARATIONS_OPEN_MAX = 500,
	BUDGET_SOON_PERCENT = 80,
};

/* ---- declarations ---- */

int handle_ai_declare(struct keeper *k, const struct keep_ai_declare_in *in, struct keep_ai_declare_out *out)
{
	struct keep_ai_declaration row = {.wish = in->wish,
	                                  .person = in->unnamed ? 0 : k->person.id,
	                                  .service = in->service,
	                                  .purpose = in->purpose,
	                                  .created_us = k->now_us};
	struct event e = event_make(in->wish ? "ai.wished" : "ai.declared", k->now_us);
	struct keep_person person = k->person;
	uint64_t open = 0;

	if (!ai_is_member(k))
		return ERR_DENIED;
	if (in->wish > 1 || check_line(in->service, 1, AI_NAME_MAX_BYTES) < 0 ||
	    check_words(in->purpose, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = ai_declaration_count_open(k->store, &open);
	if (r >= 0 && open >= DECLARATIONS_OPEN_MAX)
		r = ERR_TOO_LARGE;
	if (r >= 0)
		r = ai_declaration_insert(k->store, &row, &out->id);
	if (r < 0)
		return r;
	event_add_number(&e, "declaration", (int64_t) out->id);
	/* Who did not want to be named is not named by the ledger either. */
	if (in->unnamed)
		k->person = (struct keep_person){0};
	r = keeper_record(k, &e);
	k->person = person;
	return r;
}

int handle_ai_declaration_list(struct keeper *k, const struct keep_ai_declaration_list_in *in,
                               struct keep_ai_declaration_list_out *out)
{
	if (in->all ? !ai_is_patrol(k) : k->person.id == 0)
		return ERR_DENIED;
	return ai_declaration_list_of(k->store, in->all ? 0 : k->person.id, k->arena, &out->declarations);
}

int handle_ai_declaration_answer(struct keeper *k, const struct keep_ai_declaration_answer_in *in,
                                 struct keep_ai_declaration_answer_out *out)
{
	struct keep_ai_declaration row;

	if (check_words(in->note, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = ai_declaration_find(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	row.note = in->note;
	row.answered_by = k->person.id;
	row.answered_us = k->now_us;
	r = ai_declaration_answer(k->store, &row);
	out->done = r >= 0;
	return r < 0 ? r : ai_record(k, "ai.declaration-answered", STR(""), "declaration", in->id);
}

/* ---- patrol ---- */

static const char *const patrol_items[] = {"approvals", "training", "declarations", "suggestions",
                                           "keys",      "budget",   "prices",       "stops"};

static int push(struct keeper *k, struct keep_ai_sum_list *list, const char *name, uint64_t value)
{
	struct keep_ai_sum *row = ARENA_PUSH(k->arena, list);
	if (!row)
		return ERR_TOO_LARGE;
	*row = (struct keep_ai_sum){.name = str_of(name), .value = value};
	return 0;
}

static int count_training(struct keeper *k, uint64_t *ret)
{
	struct keep_ai_service_list services = {0};

	int r = ai_services(k, &services);
	*ret = 0;
	for (size_t i = 0; r >= 0 && i < services.n; i++) {
		const struct keep_ai_service *s = &services.at[i];
		*ret += s->active && s->declared == POLICY_CONTRACTED && s->destination == POLICY_OTHER;
	}
	return r;
}

static int count_keys(struct keeper *k, uint64_t *ret)
{
	struct keep_ai_key_list keys = {0};

	int r = ai_key_list_of(k->store, 0, k->arena, &keys);
	*ret = 0;
	for (size_t i = 0; r >= 0 && i < keys.n; i++) {
		const struct keep_ai_key *key = &keys.at[i];
		*ret += key->revoked_us == 0 && key->expires_us > k->now_us &&
		        key->expires_us < k->now_us + KEY_SOON_DAYS * CLOCK_DAY_US;
	}
	return r;
}

static bool is_nearly_spent(uint64_t spent, uint64_t limit)
{
	return limit > 0 && spent >= limit / 100 * BUDGET_SOON_PERCENT;
}

static int count_budgets(struct keeper *k, uint64_t *ret)
{
	struct keep_ai_budget_list_out list = {0};

	int r = handle_ai_budget_list(k, &(struct keep_ai_budget_list_in){0}, &list);
	*ret = 0;
	for (size_t i = 0; r >= 0 && i < list.meters.n; i++) {
		const struct keep_ai_meter *m = &list.meters.at[i];
		*ret += is_nearly_spent(m->spent_month, m->month_microyen) ||
		        is_nearly_spent(m->spent_year, m->year_microyen);
	}
	return r;
}

static int count_prices(struct keeper *k, uint64_t *ret)
{
	struct keep_ai_exchange_list rates = {0};
	struct keep_ai_price_list own = {0};

	int r = ai_exchanges(k, &rates);
	if (r >= 0)
		r = ai_price_list_own(k->store, k->arena, &own);
	*ret = 0;
	for (size_t i = 0; r >= 0 && i < rates.n; i++)
		*ret += rates.at[i].until_us > 0 && rates.at[i].until_us < k->now_us;
	for (size_t i = 0; r >= 0 && i < own.n; i++)
		*ret += own.at[i].until_us > 0 && own.at[i].until_us < k->now_us;
	return r;
}

static int count_stops(struct keeper *k, uint64_t *ret)
{
	struct keep_ai_sum_list sums = {0};

	int r = ai_state_flush(k);
	if (r >= 0)
		r = ai_sum_list(k->store, 0, ai_month(k->now_us), 1, k->arena, &sums);
	*ret = 0;
	for (size_t i = 0; r >= 0 && i < sums.n; i++) {
		if (str_eq(sums.at[i].name, STR("request.stop")))
			*ret += sums.at[i].value;
	}
	return r;
}

static int count_suggestions(struct keeper *k, uint64_t *ret)
{
	struct keep_ai_mark_list marks = {0};
	int r = ai_mark_list_open(k->store, AI_MARKS_FOR_SUGGESTION, k->arena, &marks);
	*ret = marks.n;
	return r;
}

static int count_approvals(struct keeper *k, uint64_t *ret)
{
	return ai_approval_count_waiting(k->store, ret);
}

static int count_declarations(struct keeper *k, uint64_t *ret)
{
	return ai_declaration_count_open(k->store, ret);
}

static int count_all(struct keeper *k, struct keep_ai_sum_list *ret)
{
	/* In the order of patrol_items. */
	static int (*const counters[])(struct keeper *, uint64_t *) = {
	        count_approvals, count_training, count_declarations, count_suggestions,
	        count_keys,      count_budgets,  count_prices,       count_stops};
	int r = 0;

	_Static_assert(ARRAY_SIZE(counters) == ARRAY_SIZE(patrol_items), "one counter for each item");
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(counters); i++) {
		uint64_t n = 0;
		r = counters[i](k, &n);
		if (r >= 0)
			r = push(k, ret, patrol_items[i], n);
	}
	return r;
}

int handle_ai_patrol_list(struct keeper *k, const struct keep_ai_patrol_list_in *in,
                          struct keep_ai_patrol_list_out *out)
{
	uint64_t this_week = ai_week(k->now_us);

	out->week = in->week ? in->week : this_week;
	out->due_us = out->week == this_week ? ai_week_friday_us(k->now_us) : 0;
	int r = ai_patrol_last_week(k->store, out->week, &out->last);
	if (r >= 0 && out->week == this_week)
		r = count_all(k, &out->state);
	return r < 0 ? r : ai_patrol_list_week(k->store, out->week, k->arena, &out->done);
}

int handle_ai_patrol_done(struct keeper *k, const struct keep_ai_patrol_done_in *in,
                          struct keep_ai_patrol_done_out *out)
{
	struct keep_ai_patrol row = {.item = in->item, .done_us = k->now_us, .done_by = k->person.id, .note = in->note};
	uint64_t week = ai_week(k->now_us);
	bool is_known = false;

	for (size_t i = 0; i < ARRAY_SIZE(patrol_items); i++)
		is_known |= str_eq_c(in->item, patrol_items[i]);
	if (!is_known || check_line(in->note, 0, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = ai_patrol_set(k->store, week, &row);
	out->done = r >= 0;
	return r < 0 ? r : ai_record(k, "ai.patrol-done", in->item, "week", week);
}

/* ---- use ---- */

static uint64_t months_before(uint64_t month, unsigned n)
{
	uint64_t index = month / 100 * 12 + month % 100 - 1 - n;
	return index / 12 * 100 + index % 12 + 1;
}

int handle_ai_use_list(struct keeper *k, const struct keep_ai_use_list_in *in, struct keep_ai_use_list_out *out)
{
	uint64_t from = months_before(ai_month(k->now_us), MONTHS_SHOWN - 1);

	if (!in->company && k->person.id == 0)
		return ERR_DENIED;
	int r = ai_state_flush(k);
	if (r >= 0)
		r = ai_sum_list(k->store, in->company ? 0 : k->person.id, from, KEEPER_PEOPLE_LEAST, k->arena,
		                &out->sums);
	if (r < 0)
		return r;
	enum ai_scope scope = in->company ? AI_SCOPE_COMPANY : AI_SCOPE_PERSON;
	return ai_spend_list_of(k->store, scope, in->company ? 0 : k->person.id, STR(""), k->arena, &out->months);
}

int handle_ai_metrics(struct keeper *k, const struct keep_ai_metrics_in *in, struct keep_ai_metrics_out *out)
{
	struct keep_ai_spend all;

	(void) in;
	int r = ai_state_flush(k);
	if (r >= 0)
		r = ai_sum_totals(k->store, k->arena, &out->figures);
	if (r >= 0)
		r = ai_spend_get(k->store, AI_SCOPE_COMPANY, 0, STR(""), 0, UINT32_MAX, &all);
	if (r >= 0)
		r = push(k, &out->figures, "requests", all.requests);
	if (r >= 0)
		r = push(k, &out->figures, "tokens-in", all.tokens_in);
	if (r >= 0)
		r = push(k, &out->figures, "tokens-out", all.tokens_out);
	return r < 0 ? r : push(k, &out->figures, "microyen", all.microyen);
}
