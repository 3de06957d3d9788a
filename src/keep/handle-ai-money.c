/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Budgets, prices, and what a request would cost. */
#include <math.h>

#include "base/err.h"
#include "keep/ai-state.h"

enum { BUDGET_ROWS_MAX = 100, BUDGETS_MAX = 400, OWN_PRICES_MAX = 200 };
#define PRICE_MAX 1e7
#define YEN_MAX (AI_MICROYEN * UINT64_C(1000000000)) /* a thousand million yen */

/* ---- budgets ---- */

static int add_meter(struct keeper *k, const struct keep_ai_budget *budget, uint64_t from, uint64_t to,
                     struct keep_ai_meter_list *ret)
{
	struct keep_ai_spend month, year;

	int r = ai_spend_get(k->store, (enum ai_scope) budget->scope, budget->id, budget->name, to, to, &month);
	if (r >= 0)
		r = ai_spend_get(k->store, (enum ai_scope) budget->scope, budget->id, budget->name, from, to, &year);
	if (r < 0)
		return r;
	struct keep_ai_meter *row = ARENA_PUSH(k->arena, ret);
	if (!row)
		return ERR_TOO_LARGE;
	*row = (struct keep_ai_meter){.scope = budget->scope,
	                              .id = budget->id,
	                              .name = budget->name,
	                              .month_microyen = budget->month_microyen,
	                              .year_microyen = budget->year_microyen,
	                              .spent_month = month.microyen,
	                              .spent_year = year.microyen,
	                              .requests_month = month.requests};
	return 0;
}

static bool has_company(const struct keep_ai_budget_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i].scope == AI_SCOPE_COMPANY)
			return true;
	}
	return false;
}

int handle_ai_budget_list(struct keeper *k, const struct keep_ai_budget_list_in *in,
                          struct keep_ai_budget_list_out *out)
{
	struct keep_ai_budget company = {.scope = AI_SCOPE_COMPANY};
	uint64_t begins = 0;

	(void) in;
	int r = keeper_setting_number(k, "ai.year-begins", &begins);
	/* What was counted and not yet written is written first, so that the page shows it. */
	if (r >= 0)
		r = ai_state_flush(k);
	if (r >= 0)
		r = ai_budget_list_all(k->store, k->arena, &out->budgets);
	if (r < 0)
		return r;
	out->month = ai_month(k->now_us);
	out->year_from = ai_year_from(out->month, begins);
	if (!has_company(&out->budgets))
		r = add_meter(k, &company, out->year_from, out->month, &out->meters);
	for (size_t i = 0; r >= 0 && i < out->budgets.n; i++) {
		bool is_everybodys = out->budgets.at[i].scope == AI_SCOPE_PERSON && out->budgets.at[i].id == 0;
		if (!is_everybodys)
			r = add_meter(k, &out->budgets.at[i], out->year_from, out->month, &out->meters);
	}
	return r;
}

/* Whose it is: exactly the parts of the scope are filled in. */
static int check_budget(struct keeper *k, const struct keep_ai_budget *b)
{
	struct keep_person person;
	struct keep_ai_key key;

	if (b->month_microyen > YEN_MAX || b->year_microyen > YEN_MAX ||
	    check_line(b->name, 0, AI_DEPARTMENT_MAX_BYTES) < 0)
		return ERR_INVALID;
	switch (b->scope) {
	case AI_SCOPE_COMPANY:
		return b->id == 0 && b->name.n == 0 ? 0 : ERR_INVALID;
	case AI_SCOPE_DEPARTMENT:
		return b->id == 0 && b->name.n > 0 ? 0 : ERR_INVALID;
	case AI_SCOPE_PERSON:
		if (b->name.n > 0)
			return ERR_INVALID;
		return b->id == 0 ? 0 : person_find(k->store, b->id, k->arena, &person);
	case AI_SCOPE_KEY:
		return b->name.n > 0 ? ERR_INVALID : ai_key_find(k->store, b->id, k->arena, &key);
	default:
		return ERR_INVALID;
	}
}

static int record_budget(struct keeper *k, const struct keep_ai_budget *b)
{
	static const char *const scopes[] = {"company", "department", "person", "key"};
	struct event e = event_make("ai.budget-changed", k->now_us);
	if (b->name.n > 0)
		event_set_name(&e, b->name);
	event_add_word(&e, "scope", str_of(scopes[b->scope]));
	event_add_number(&e, "id", (int64_t) b->id);
	event_add_number(&e, "month-microyen", (int64_t) b->month_microyen);
	event_add_number(&e, "year-microyen", (int64_t) b->year_microyen);
	return keeper_record(k, &e);
}

int handle_ai_budget_set(struct keeper *k, const struct keep_ai_budget_set_in *in, struct keep_ai_budget_set_out *out)
{
	struct keep_ai_budget_list all = {0};

	if (in->budgets.n > BUDGET_ROWS_MAX)
		return ERR_TOO_LARGE;
	int r = ai_budget_list_all(k->store, k->arena, &all);
	if (r >= 0 && all.n + in->budgets.n > BUDGETS_MAX)
		r = ERR_TOO_LARGE;
	for (size_t i = 0; r >= 0 && i < in->budgets.n; i++) {
		struct keep_ai_budget row = in->budgets.at[i];
		row.changed_us = k->now_us;
		row.changed_by = k->person.id;
		r = check_budget(k, &row);
		if (r >= 0)
			r = ai_budget_set(k->store, &row);
		if (r >= 0)
			r = record_budget(k, &row);
		out->changed++;
	}
	return r < 0 ? r : ai_changed(k);
}

/* ---- prices ---- */

int handle_ai_price_list(struct keeper *k, const struct keep_ai_price_list_in *in, struct keep_ai_price_list_out *out)
{
	(void) in;
	int r = ai_prices(k, &out->prices);
	return r < 0 ? r : ai_exchanges(k, &out->rates);
}

static bool is_amount(double value, double least)
{
	return isfinite(value) && value >= least && value <= PRICE_MAX;
}

static int check_price(struct keeper *k, const struct keep_ai_price *p)
{
	struct keep_ai_price_list own = {0};

	if (check_line(p->model, 1, AI_MODEL_NAME_MAX_BYTES) < 0 || check_line(p->source, 0, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	if (!str_eq(p->currency, STR("JPY")) && !str_eq(p->currency, STR("USD")))
		return ERR_INVALID;
	if (!is_amount(p->price_in, 0) || !is_amount(p->price_out, 0) || p->until_us < 0)
		return ERR_INVALID;
	int r = ai_price_list_own(k->store, k->arena, &own);
	return r < 0 ? r : own.n >= OWN_PRICES_MAX ? ERR_TOO_LARGE : 0;
}

int handle_ai_price_set(struct keeper *k, const struct keep_ai_price_set_in *in, struct keep_ai_price_set_out *out)
{
	if (in->prices.n != 1)
		return ERR_INVALID;
	struct keep_ai_price row = in->prices.at[0];
	row.checked_us = k->now_us;
	int r = in->remove ? check_line(row.model, 1, AI_MODEL_NAME_MAX_BYTES) : check_price(k, &row);
	if (r >= 0)
		r = in->remove ? ai_price_delete(k->store, row.model)
		               : ai_price_set(k->store, &row, k->person.id, k->now_us);
	if (r >= 0)
		r = keeper_record_name(k, "ai.price-changed", row.model);
	out->done = r >= 0;
	return r < 0 ? r : ai_changed(k);
}

int handle_ai_exchange_set(struct keeper *k, const struct keep_ai_exchange_set_in *in,
                           struct keep_ai_exchange_set_out *out)
{
	if (in->rates.n != 1)
		return ERR_INVALID;
	struct keep_ai_exchange row = in->rates.at[0];
	row.checked_us = k->now_us;
	if (!str_eq(row.currency, STR("USD")) || !is_amount(row.yen, 1e-6) || row.until_us < 0 ||
	    check_line(row.source, 0, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = ai_exchange_set(k->store, &row, k->person.id, k->now_us);
	if (r >= 0)
		r = keeper_record_name(k, "ai.price-changed", row.currency);
	out->done = r >= 0;
	return r < 0 ? r : ai_changed(k);
}

/* ---- a quote ---- */

int handle_ai_quote(struct keeper *k, const struct keep_ai_quote_in *in, struct keep_ai_quote_out *out)
{
	struct ai_place place = {0};
	uint64_t month;

	if (!ai_is_member(k))
		return ERR_DENIED;
	int r = ai_state_month(k, &month);
	if (r >= 0 && in->service > 0)
		r = ai_state_place(k, in->service, in->model, &place);
	if (r < 0)
		return r;
	out->known = place.model && place.cost.known;
	out->microyen = ai_cost_total(&place.cost, in->tokens_in, in->tokens_out);
	return ai_meters(k, k->person.id, 0, &out->meters);
}
