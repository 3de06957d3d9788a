/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 予算: limits in yen by month and year beside what was spent, departments, and dated prices. */
#include "base/err.h"
#include "store/ai.h"
#include "web/pages/rules-rows.h"

enum { CSV_MAX_BYTES = 1024 * 1024, PERCENT = 100 };

static struct str scope_word(uint64_t scope)
{
	static const char *const words[AI_SCOPE_COUNT] = {"company", "department", "person", "key"};
	return str_of(words[scope < AI_SCOPE_COUNT ? scope : AI_SCOPE_KEY]);
}

static struct str key_name(const struct keep_ai_key_list *keys, uint64_t id)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (keys->at[i].id == id)
			return keys->at[i].name;
	}
	return STR("");
}

struct names {
	struct keep_person_list people;
	struct keep_ai_key_list keys;
};

static struct str whose(const struct names *names, uint64_t scope, uint64_t id, struct str name)
{
	return scope == AI_SCOPE_PERSON ? rules_person_name(&names->people, id)
	       : scope == AI_SCOPE_KEY  ? key_name(&names->keys, id)
	                                : name;
}

/* {spent, limit, percent, over}: percent for <meter>. */
static json_t *amount_json(struct page *p, uint64_t spent, uint64_t limit)
{
	json_t *j = json_object();
	uint64_t percent = limit > 0 ? spent / (limit / PERCENT + 1) : 0;
	json_object_set_new(j, "spent", rules_yen(p, spent));
	json_object_set_new(j, "limit", limit > 0 ? rules_yen(p, limit) : json_null());
	json_object_set_new(j, "limit_yen", json_integer((json_int_t) (limit / AI_MICROYEN)));
	json_object_set_new(j, "percent", json_integer((json_int_t) (percent > PERCENT ? PERCENT : percent)));
	json_object_set_new(j, "nearly", json_boolean(limit > 0 && spent >= limit / PERCENT * 80));
	return j;
}

static json_t *meter_json(struct page *p, const struct names *names, const struct keep_ai_meter *m)
{
	json_t *j = json_object();
	json_object_set_new(j, "scope", page_json_str(scope_word(m->scope)));
	json_object_set_new(j, "scope_label", rows_text(p, "rules.budget.scope.", scope_word(m->scope), ""));
	json_object_set_new(j, "id", json_integer((json_int_t) m->id));
	json_object_set_new(j, "whose", page_json_str(whose(names, m->scope, m->id, m->name)));
	json_object_set_new(j, "month", amount_json(p, m->spent_month, m->month_microyen));
	json_object_set_new(j, "year", amount_json(p, m->spent_year, m->year_microyen));
	json_object_set_new(j, "requests", json_integer((json_int_t) m->requests_month));
	return j;
}

static json_t *price_json(const struct page *p, const struct keep_ai_price *price)
{
	json_t *j = json_object();
	json_object_set_new(j, "model", page_json_str(price->model));
	json_object_set_new(j, "currency", page_json_str(price->currency));
	json_object_set_new(j, "price_in", json_real(price->price_in));
	json_object_set_new(j, "price_out", json_real(price->price_out));
	json_object_set_new(j, "source", page_json_str(price->source));
	json_object_set_new(j, "checked", page_json_time(price->checked_us));
	json_object_set_new(j, "until", page_json_time(price->until_us));
	json_object_set_new(j, "is_old", json_boolean(price->until_us > 0 && price->until_us < p->now_us));
	json_object_set_new(j, "own", json_boolean(price->own));
	return j;
}

static int put_prices(struct page *p)
{
	struct keep_ai_price_list_out out;
	json_t *prices = json_array(), *rates = json_array();

	page_put(p, "prices", prices);
	page_put(p, "rates", rates);
	int r = keep_ai_price_list(p->keep, &p->actor, &(struct keep_ai_price_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.prices.n; i++)
		json_array_append_new(prices, price_json(p, &out.prices.at[i]));
	for (size_t i = 0; r >= 0 && i < out.rates.n; i++) {
		const struct keep_ai_exchange *rate = &out.rates.at[i];
		json_t *j = json_object();
		json_object_set_new(j, "currency", page_json_str(rate->currency));
		json_object_set_new(j, "yen", json_real(rate->yen));
		json_object_set_new(j, "source", page_json_str(rate->source));
		json_object_set_new(j, "checked", page_json_time(rate->checked_us));
		json_object_set_new(j, "until", page_json_time(rate->until_us));
		json_object_set_new(j, "is_old", json_boolean(rate->until_us > 0 && rate->until_us < p->now_us));
		json_object_set_new(j, "own", json_boolean(rate->own));
		json_array_append_new(rates, j);
	}
	return r;
}

static int get_names(struct page *p, struct names *ret)
{
	struct keep_ai_key_list_out keys;
	int r = rules_put_people(p, &ret->people);
	if (r >= 0)
		r = keep_ai_key_list(p->keep, &p->actor, &(struct keep_ai_key_list_in){.all = true}, p->arena, &keys);
	if (r >= 0)
		ret->keys = keys.keys;
	return r;
}

static int get_budgets(struct page *p, struct keep_ai_budget_list_out *ret)
{
	return keep_ai_budget_list(p->keep, &p->actor, &(struct keep_ai_budget_list_in){0}, p->arena, ret);
}

static int show(struct page *p)
{
	static const char *const kept[] = {"scope",    "whose",     "month",  "year", "model",
	                                   "price_in", "price_out", "source", "yen",  NULL};
	struct keep_ai_budget_list_out out;
	struct names names;
	json_t *meters = json_array(), *keys = json_array();

	rows_keep_fields(p, kept);
	page_put(p, "meters", meters);
	page_put(p, "keys", keys);
	rules_put_done(p);
	int r = get_names(p, &names);
	if (r >= 0)
		r = get_budgets(p, &out);
	if (r < 0)
		return r;
	for (size_t i = 0; i < out.meters.n; i++)
		json_array_append_new(meters, meter_json(p, &names, &out.meters.at[i]));
	for (size_t i = 0; i < out.budgets.n; i++) {
		if (out.budgets.at[i].scope == AI_SCOPE_PERSON && out.budgets.at[i].id == 0)
			page_put(p, "everybody",
			         json_pack("{s:o, s:o}", "month", rules_yen(p, out.budgets.at[i].month_microyen),
			                   "year", rules_yen(p, out.budgets.at[i].year_microyen)));
	}
	for (size_t i = 0; i < names.keys.n; i++) {
		if (names.keys.at[i].revoked_us == 0)
			json_array_append_new(keys, json_pack("{s:I, s:o}", "id", (json_int_t) names.keys.at[i].id,
			                                      "name", page_json_str(names.keys.at[i].name)));
	}
	page_put(p, "this_month", rules_month(p, out.month));
	page_put(p, "year_from", rules_month(p, out.year_from));
	return put_prices(p);
}

/* "company", "everybody", "department" with its name, "person:7", "key:3". */
static int read_whose(const struct page *p, struct keep_ai_budget *ret)
{
	struct str whose = page_field(p, "whose"), kind, rest = whose;

	if (str_eq_c(whose, "company"))
		return 0;
	if (str_eq_c(whose, "everybody")) {
		ret->scope = AI_SCOPE_PERSON;
		return 0;
	}
	if (str_eq_c(whose, "department")) {
		ret->scope = AI_SCOPE_DEPARTMENT;
		ret->name = str_trim(page_field(p, "department"));
		return ret->name.n > 0 ? 0 : ERR_INVALID;
	}
	if (!str_split(&rest, ':', &kind))
		return ERR_INVALID;
	ret->scope = str_eq_c(kind, "key") ? AI_SCOPE_KEY : AI_SCOPE_PERSON;
	return str_parse_u64(rest, UINT32_MAX, &ret->id) < 0 || ret->id == 0 ? ERR_INVALID : 0;
}

static int finish(struct page *p, int r)
{
	if (r < 0) {
		r = rules_problem(p, r, "rules.budget.problem", "");
		return r < 0 ? r : show(p);
	}
	return page_redirect(p, "/rules/budget?done=1");
}

int rules_budget_page(struct page *p)
{
	struct keep_ai_budget row = {0};
	struct keep_ai_budget_set_in in = {.budgets = {.at = &row, .n = 1}};
	struct keep_ai_budget_set_out out;

	if (p->method == HTTP_GET)
		return show(p);
	if (!page_may(p, WHO_MANAGER))
		return ERR_DENIED;
	int r = read_whose(p, &row);
	if (r >= 0)
		r = rules_parse_yen(page_field(p, "month"), &row.month_microyen);
	if (r >= 0)
		r = rules_parse_yen(page_field(p, "year"), &row.year_microyen);
	if (r >= 0)
		r = keep_ai_budget_set(p->keep, &p->actor, &in, p->arena, &out);
	return finish(p, r);
}

int rules_department_page(struct page *p)
{
	struct keep_ai_member_set_in in = {.department = str_trim(page_field(p, "department"))};
	struct keep_ai_member_set_out out;
	int r = str_parse_u64(page_field(p, "person"), UINT32_MAX, &in.person);
	if (r >= 0)
		r = keep_ai_member_set(p->keep, &p->actor, &in, p->arena, &out);
	return finish(p, r);
}

/* "2.50"; nothing else is a price. */
static int parse_price(struct page *p, struct str text, double *ret)
{
	char *copy = arena_cstr(p->arena, str_trim(text)), *end;

	if (!copy || copy[0] == '\0')
		return ERR_INVALID;
	for (const char *c = copy; *c; c++) {
		if (!ascii_is_digit(*c) && *c != '.')
			return ERR_INVALID;
	}
	double value = strtod(copy, &end);
	if (*end != '\0')
		return ERR_INVALID;
	*ret = value;
	return 0;
}

int rules_price_page(struct page *p)
{
	struct keep_ai_price row = {.model = str_trim(page_field(p, "model")),
	                            .currency = page_field(p, "currency"),
	                            .source = str_trim(page_field(p, "source"))};
	struct keep_ai_price_set_in in = {.prices = {.at = &row, .n = 1}, .remove = page_has_field(p, "remove")};
	struct keep_ai_price_set_out out;

	int r = in.remove ? 0 : parse_price(p, page_field(p, "price_in"), &row.price_in);
	if (r >= 0 && !in.remove)
		r = parse_price(p, page_field(p, "price_out"), &row.price_out);
	if (r >= 0)
		r = rows_day(p, page_field(p, "until"), &row.until_us);
	if (r >= 0)
		r = keep_ai_price_set(p->keep, &p->actor, &in, p->arena, &out);
	return finish(p, r);
}

int rules_rate_page(struct page *p)
{
	struct keep_ai_exchange row = {.currency = STR("USD"), .source = str_trim(page_field(p, "source"))};
	struct keep_ai_exchange_set_in in = {.rates = {.at = &row, .n = 1}};
	struct keep_ai_exchange_set_out out;

	int r = parse_price(p, page_field(p, "yen"), &row.yen);
	if (r >= 0)
		r = rows_day(p, page_field(p, "until"), &row.until_us);
	if (r >= 0)
		r = keep_ai_exchange_set(p->keep, &p->actor, &in, p->arena, &out);
	return finish(p, r);
}

static void yen_cell(struct page *p, struct buf *b, uint64_t microyen, bool last)
{
	rows_csv_cell(b, arena_printf(p->arena, "%.2f", (double) microyen / (double) AI_MICROYEN), last);
}

int rules_budget_csv_page(struct page *p)
{
	static const char *const heads[] = {"rules.budget.whose", "rules.budget.month.spent",
	                                    "rules.budget.month.limit", "rules.budget.year.spent",
	                                    "rules.budget.year.limit"};
	struct keep_ai_budget_list_out out;
	struct names names;
	struct buf b = buf_make(CSV_MAX_BYTES);

	int r = get_names(p, &names);
	if (r >= 0)
		r = get_budgets(p, &out);
	if (r < 0)
		return r;
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, heads[i])), i + 1 == ARRAY_SIZE(heads));
	for (size_t i = 0; i < out.meters.n; i++) {
		const struct keep_ai_meter *m = &out.meters.at[i];
		struct str name = whose(&names, m->scope, m->id, m->name);
		rows_csv_cell(&b, name.n > 0 ? name : scope_word(m->scope), false);
		yen_cell(p, &b, m->spent_month, false);
		yen_cell(p, &b, m->month_microyen, false);
		yen_cell(p, &b, m->spent_year, false);
		yen_cell(p, &b, m->year_microyen, true);
	}
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "budget.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
