/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/ai-money.h"

#include "base/err.h"
#include "store/query.h"

/* ---- budgets ---- */

static int delete_budget(struct store *s, const struct keep_ai_budget *row)
{
	struct query q = query_start(s, "DELETE FROM ai_budget WHERE scope = ?1 AND id = ?2 AND name = ?3");
	query_bind_u64(&q, row->scope);
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->name);
	return query_run(&q);
}

int ai_budget_set(struct store *s, const struct keep_ai_budget *row)
{
	if (row->month_microyen == 0 && row->year_microyen == 0)
		return delete_budget(s, row);
	struct query q = query_start(
	        s, "INSERT OR REPLACE INTO ai_budget (scope, id, name, month_microyen, year_microyen, changed_us, "
	           "changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	query_bind_u64(&q, row->scope);
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->name);
	query_bind_u64(&q, row->month_microyen);
	query_bind_u64(&q, row->year_microyen);
	query_bind_i64(&q, row->changed_us);
	query_bind_u64(&q, row->changed_by);
	return query_run(&q);
}

int ai_budget_list_all(struct store *s, struct arena *a, struct keep_ai_budget_list *ret)
{
	struct query q = query_start(s, "SELECT scope, id, name, month_microyen, year_microyen, changed_us, changed_by "
	                                "FROM ai_budget ORDER BY scope, name, id LIMIT 500");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_budget *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_budget){.scope = query_u64(&q, 0),
		                               .id = query_u64(&q, 1),
		                               .name = query_bytes(&q, 2, a),
		                               .month_microyen = query_u64(&q, 3),
		                               .year_microyen = query_u64(&q, 4),
		                               .changed_us = query_i64(&q, 5),
		                               .changed_by = query_u64(&q, 6)};
	}
	return query_end(&q, r);
}

/* ---- spending ---- */

int ai_spend_get(struct store *s, enum ai_scope scope, uint64_t id, struct str name, uint64_t from, uint64_t to,
                 struct keep_ai_spend *ret)
{
	struct query q = query_start(
	        s, "SELECT coalesce(sum(requests), 0), coalesce(sum(tokens_in), 0), coalesce(sum(tokens_out), 0), "
	           "coalesce(sum(microyen), 0) FROM ai_spend "
	           "WHERE scope = ?1 AND id = ?2 AND name = ?3 AND month BETWEEN ?4 AND ?5");
	struct keep_ai_spend row = {.scope = scope, .id = id, .name = name, .month = to};

	query_bind_u64(&q, scope);
	query_bind_u64(&q, id);
	query_bind_text(&q, name);
	query_bind_u64(&q, from);
	query_bind_u64(&q, to);
	int r = query_step(&q);
	if (r > 0) {
		row.requests = query_u64(&q, 0);
		row.tokens_in = query_u64(&q, 1);
		row.tokens_out = query_u64(&q, 2);
		row.microyen = query_u64(&q, 3);
	}
	r = query_end(&q, r);
	if (r < 0)
		return r;
	*ret = row;
	return 0;
}

int ai_spend_add(struct store *s, const struct keep_ai_spend *row, int64_t microyen)
{
	struct query q = query_start(
	        s, "INSERT INTO ai_spend (scope, id, name, month, requests, tokens_in, tokens_out, microyen) "
	           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, max(0, ?8)) ON CONFLICT (scope, id, name, month) DO UPDATE SET "
	           "requests = requests + ?5, tokens_in = tokens_in + ?6, tokens_out = tokens_out + ?7, "
	           "microyen = max(0, microyen + ?8)");
	query_bind_u64(&q, row->scope);
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->name);
	query_bind_u64(&q, row->month);
	query_bind_u64(&q, row->requests);
	query_bind_u64(&q, row->tokens_in);
	query_bind_u64(&q, row->tokens_out);
	query_bind_i64(&q, microyen);
	return query_run(&q);
}

static int list_spend(struct query *q, struct arena *a, struct keep_ai_spend_list *ret)
{
	int r;

	while ((r = query_step(q)) > 0) {
		struct keep_ai_spend *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = (struct keep_ai_spend){.scope = query_u64(q, 0),
		                              .id = query_u64(q, 1),
		                              .name = query_bytes(q, 2, a),
		                              .month = query_u64(q, 3),
		                              .requests = query_u64(q, 4),
		                              .tokens_in = query_u64(q, 5),
		                              .tokens_out = query_u64(q, 6),
		                              .microyen = query_u64(q, 7)};
	}
	return query_end(q, r);
}

int ai_spend_list_month(struct store *s, uint64_t month, struct arena *a, struct keep_ai_spend_list *ret)
{
	struct query q = query_start(s, "SELECT scope, id, name, month, requests, tokens_in, tokens_out, microyen "
	                                "FROM ai_spend WHERE month = ?1 ORDER BY scope, microyen DESC LIMIT 500");
	query_bind_u64(&q, month);
	return list_spend(&q, a, ret);
}

int ai_spend_list_of(struct store *s, enum ai_scope scope, uint64_t id, struct str name, struct arena *a,
                     struct keep_ai_spend_list *ret)
{
	struct query q =
	        query_start(s, "SELECT scope, id, name, month, requests, tokens_in, tokens_out, microyen FROM ai_spend "
	                       "WHERE scope = ?1 AND id = ?2 AND name = ?3 ORDER BY month DESC LIMIT 36");
	query_bind_u64(&q, scope);
	query_bind_u64(&q, id);
	query_bind_text(&q, name);
	return list_spend(&q, a, ret);
}

/* ---- prices ---- */

int ai_price_set(struct store *s, const struct keep_ai_price *row, uint64_t by, int64_t now_us)
{
	struct query q = query_start(
	        s,
	        "INSERT OR REPLACE INTO ai_price (model, currency, price_in, price_out, source, checked_us, until_us, "
	        "changed_us, changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	query_bind_text(&q, row->model);
	query_bind_text(&q, row->currency);
	query_bind_double(&q, row->price_in);
	query_bind_double(&q, row->price_out);
	query_bind_text(&q, row->source);
	query_bind_i64(&q, row->checked_us);
	query_bind_i64(&q, row->until_us);
	query_bind_i64(&q, now_us);
	query_bind_u64(&q, by);
	return query_run(&q);
}

int ai_price_delete(struct store *s, struct str model)
{
	struct query q = query_start(s, "DELETE FROM ai_price WHERE model = ?1");
	query_bind_text(&q, model);
	return query_run(&q);
}

int ai_price_list_own(struct store *s, struct arena *a, struct keep_ai_price_list *ret)
{
	struct query q = query_start(s, "SELECT model, currency, price_in, price_out, source, checked_us, until_us "
	                                "FROM ai_price ORDER BY model LIMIT 300");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_price *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_price){.model = query_bytes(&q, 0, a),
		                              .currency = query_bytes(&q, 1, a),
		                              .price_in = query_double(&q, 2),
		                              .price_out = query_double(&q, 3),
		                              .source = query_bytes(&q, 4, a),
		                              .checked_us = query_i64(&q, 5),
		                              .until_us = query_i64(&q, 6),
		                              .own = true};
	}
	return query_end(&q, r);
}

int ai_exchange_set(struct store *s, const struct keep_ai_exchange *row, uint64_t by, int64_t now_us)
{
	struct query q = query_start(
	        s,
	        "INSERT OR REPLACE INTO ai_rate_of_exchange (currency, yen, source, checked_us, until_us, changed_us, "
	        "changed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	query_bind_text(&q, row->currency);
	query_bind_double(&q, row->yen);
	query_bind_text(&q, row->source);
	query_bind_i64(&q, row->checked_us);
	query_bind_i64(&q, row->until_us);
	query_bind_i64(&q, now_us);
	query_bind_u64(&q, by);
	return query_run(&q);
}

int ai_exchange_find(struct store *s, struct str currency, struct arena *a, struct keep_ai_exchange *ret)
{
	struct query q = query_start(
	        s, "SELECT currency, yen, source, checked_us, until_us FROM ai_rate_of_exchange WHERE currency = ?1");
	query_bind_text(&q, currency);
	int r = query_step(&q);
	if (r > 0)
		*ret = (struct keep_ai_exchange){.currency = query_bytes(&q, 0, a),
		                                 .yen = query_double(&q, 1),
		                                 .source = query_bytes(&q, 2, a),
		                                 .checked_us = query_i64(&q, 3),
		                                 .until_us = query_i64(&q, 4),
		                                 .own = true};
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

/* ---- sums ---- */

int ai_sum_add(struct store *s, uint64_t month, uint64_t person, struct str name, uint64_t n)
{
	struct query q = query_start(s, "INSERT INTO ai_sum (month, person, name, value) VALUES (?1, ?2, ?3, ?4) "
	                                "ON CONFLICT (month, person, name) DO UPDATE SET value = value + ?4");
	query_bind_u64(&q, month);
	query_bind_u64(&q, person);
	query_bind_text(&q, name);
	query_bind_u64(&q, n);
	return query_run(&q);
}

static int list_sums(struct query *q, struct arena *a, struct keep_ai_sum_list *ret)
{
	int r;

	while ((r = query_step(q)) > 0) {
		struct keep_ai_sum *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = (struct keep_ai_sum){
		        .month = query_u64(q, 0), .name = query_bytes(q, 1, a), .value = query_u64(q, 2)};
	}
	return query_end(q, r);
}

int ai_sum_list(struct store *s, uint64_t person, uint64_t from_month, uint64_t least_people, struct arena *a,
                struct keep_ai_sum_list *ret)
{
	if (person > 0) {
		struct query q =
		        query_start(s, "SELECT month, name, value FROM ai_sum WHERE person = ?1 AND month >= ?2 "
		                       "ORDER BY month DESC, name LIMIT 500");
		query_bind_u64(&q, person);
		query_bind_u64(&q, from_month);
		return list_sums(&q, a, ret);
	}
	struct query q = query_start(s, "SELECT month, name, sum(value) FROM ai_sum WHERE month >= ?1 "
	                                "GROUP BY month, name HAVING count(*) >= ?2 "
	                                "ORDER BY month DESC, name LIMIT 500");
	query_bind_u64(&q, from_month);
	query_bind_u64(&q, least_people);
	return list_sums(&q, a, ret);
}

int ai_sum_totals(struct store *s, struct arena *a, struct keep_ai_sum_list *ret)
{
	struct query q = query_start(s, "SELECT 0, name, sum(value) FROM ai_sum GROUP BY name ORDER BY name LIMIT 400");
	return list_sums(&q, a, ret);
}
