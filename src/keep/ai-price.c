/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a token costs. Own prices before those that came with Sonae; the whole name of a model before the longest entry
 * that it begins with; the name at the provider before the name in the house. */
#include "keep/ai-price.h"

#include "base/err.h"
#include "keep/ai.h"

enum { PRICES_MAX = 450 };

static bool begins_with(struct str model, struct str entry)
{
	return model.n > entry.n && str_starts_with(model, entry) && memchr("-:@/", model.p[entry.n], 4);
}

static const struct keep_ai_price *find_price(const struct keep_ai_price_list *prices, struct str model)
{
	const struct keep_ai_price *best = NULL;

	for (size_t i = 0; i < prices->n; i++) {
		const struct keep_ai_price *price = &prices->at[i];
		if (str_eq(price->model, model))
			return price;
		if (begins_with(model, price->model) && (!best || price->model.n > best->model.n))
			best = price;
	}
	return best;
}

static const struct keep_ai_price *find_own(const struct keep_ai_price_list *prices, struct str model)
{
	for (size_t i = 0; i < prices->n; i++) {
		if (str_eq(prices->at[i].model, model))
			return &prices->at[i];
	}
	return NULL;
}

int ai_prices(struct keeper *k, struct keep_ai_price_list *ret)
{
	int r = ai_price_list_own(k->store, k->arena, ret);
	size_t own = ret->n;

	for (size_t i = 0; r >= 0 && i < ai_price_count && ret->n < PRICES_MAX; i++) {
		struct keep_ai_price_list mine = {.at = ret->at, .n = own};
		if (find_own(&mine, ai_price_table[i].model))
			continue;
		struct keep_ai_price *row = ARENA_PUSH(k->arena, ret);
		if (!row)
			return ERR_TOO_LARGE;
		*row = ai_price_table[i];
	}
	return r;
}

int ai_exchanges(struct keeper *k, struct keep_ai_exchange_list *ret)
{
	for (size_t i = 0; i < ai_exchange_count; i++) {
		struct keep_ai_exchange *row = ARENA_PUSH(k->arena, ret);
		if (!row)
			return ERR_TOO_LARGE;
		int r = ai_exchange_find(k->store, ai_exchange_table[i].currency, k->arena, row);
		if (r == ERR_NOT_FOUND)
			*row = ai_exchange_table[i];
		else if (r < 0)
			return r;
	}
	return 0;
}

static double yen_of(const struct keep_ai_exchange_list *rates, struct str currency)
{
	for (size_t i = 0; i < rates->n; i++) {
		if (str_eq(rates->at[i].currency, currency))
			return rates->at[i].yen;
	}
	return 1;
}

/* Yen per million tokens are microyen per token. */
static struct ai_cost cost_of(const struct keep_ai_price *price, const struct keep_ai_exchange_list *rates)
{
	double yen = yen_of(rates, price->currency);
	return (struct ai_cost){.in = price->price_in * yen, .out = price->price_out * yen, .known = true};
}

/* Budgets hold for what nobody knows the price of, too. */
static struct ai_cost dearest(const struct keep_ai_price_list *prices, const struct keep_ai_exchange_list *rates)
{
	struct ai_cost most = {0};
	for (size_t i = 0; i < prices->n; i++) {
		struct ai_cost cost = cost_of(&prices->at[i], rates);
		most.in = cost.in > most.in ? cost.in : most.in;
		most.out = cost.out > most.out ? cost.out : most.out;
	}
	return most;
}

int ai_cost_of(struct keeper *k, const struct keep_ai_service *service, struct str model, struct str upstream,
               struct ai_cost *ret)
{
	struct keep_ai_price_list prices = {0};
	struct keep_ai_exchange_list rates = {0};

	int r = ai_prices(k, &prices);
	if (r >= 0)
		r = ai_exchanges(k, &rates);
	if (r < 0)
		return r;
	const struct keep_ai_price *price = find_price(&prices, upstream);
	if (!price)
		price = find_price(&prices, model);
	bool is_local = service && service->declared == POLICY_LOCAL;
	if (is_local && !(price && price->own))
		*ret = (struct ai_cost){.known = true};
	else
		*ret = price ? cost_of(price, &rates) : dearest(&prices, &rates);
	return 0;
}

uint64_t ai_cost_total(const struct ai_cost *cost, uint64_t tokens_in, uint64_t tokens_out)
{
	double total = cost->in * (double) tokens_in + cost->out * (double) tokens_out + 0.5;
	return total < 9e18 ? (uint64_t) total : UINT64_C(9000000000000000000);
}
