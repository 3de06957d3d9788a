/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/loan.h"

#include "base/err.h"
#include "plan/value.h"

enum { GRACE_MAX_MONTHS = 120, MONTHS_OF_YEAR = 12, WHOLE_MILLI = 100 * 1000 };

/* ---- the scheme ---- */

static int read_yen(const struct fact *fact, const char *name, int64_t *ret)
{
	return value_whole(fact, name, 0, LOAN_MAX_YEN, ret);
}

static int read_case(const struct fact *fact, struct loan_case *ret)
{
	int64_t number, working, equipment, grace;
	int r = value_whole(fact, "case", 1, LOAN_CASE_MAX, &number);
	if (r >= 0)
		r = value_whole(fact, "working_years", 1, LOAN_YEARS_MAX, &working);
	if (r >= 0)
		r = value_whole(fact, "equipment_years", 1, LOAN_YEARS_MAX, &equipment);
	if (r >= 0)
		r = value_whole(fact, "grace_months", 0, GRACE_MAX_MONTHS, &grace);
	if (r < 0)
		return r;
	*ret = (struct loan_case){.fact = fact,
	                          .number = (int) number,
	                          .years = {[LOAN_WORKING] = (int) working, [LOAN_EQUIPMENT] = (int) equipment},
	                          .grace_months = (int) grace};
	return 0;
}

static int read_cases(const struct facts *facts, struct loan_scheme *s)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *fact = &facts->at[i];
		if (!str_eq_c(fact->group, "loan-case") || !str_eq(fact->region, s->terms->region))
			continue;
		if (s->case_count == LOAN_CASES_MAX)
			return ERR_TOO_LARGE;
		int r = read_case(fact, &s->cases[s->case_count++]);
		if (r < 0)
			return r;
	}
	return s->case_count ? 0 : ERR_NOT_FOUND;
}

static int read_terms(const struct fact *fact, struct loan_scheme *s)
{
	int r = read_yen(fact, "limit_yen", &s->limit_yen);
	if (r >= 0)
		r = read_yen(fact, "association-limit_yen", &s->association_limit_yen);
	return r < 0 ? r : value_percent(fact, "rate-max_percent", &s->rate_max_milli);
}

static int read_guarantee(const struct fact *fact, struct loan_scheme *s)
{
	int r = value_percent(fact, "working_percent", &s->subsidy_milli[LOAN_WORKING]);
	if (r >= 0)
		r = read_yen(fact, "working-cap_yen", &s->cap_yen[LOAN_WORKING]);
	if (r >= 0)
		r = value_percent(fact, "equipment_percent", &s->subsidy_milli[LOAN_EQUIPMENT]);
	if (r >= 0)
		r = read_yen(fact, "equipment-cap_yen", &s->cap_yen[LOAN_EQUIPMENT]);
	if (r >= 0)
		r = value_percent(fact, "declaration_percent", &s->declaration_milli);
	return r < 0 ? r : value_percent(fact, "total-max_percent", &s->total_max_milli);
}

static int read_after(const struct fact *fact, struct loan_scheme *s)
{
	int r = value_percent(fact, "working-from_percent", &s->fee_from_milli[LOAN_WORKING]);
	if (r >= 0)
		r = value_percent(fact, "working-to_percent", &s->fee_to_milli[LOAN_WORKING]);
	if (r >= 0)
		r = value_percent(fact, "equipment-from_percent", &s->fee_from_milli[LOAN_EQUIPMENT]);
	return r < 0 ? r : value_percent(fact, "equipment-to_percent", &s->fee_to_milli[LOAN_EQUIPMENT]);
}

int loan_scheme_read(const struct facts *facts, struct loan_scheme *ret)
{
	struct loan_scheme s = {.terms = fact_find(facts, STR("loan.terms")),
	                        .guarantee = fact_find(facts, STR("loan.guarantee")),
	                        .after = fact_find(facts, STR("loan.guarantee.after"))};
	if (!s.terms || !s.guarantee || !s.after)
		return ERR_NOT_FOUND;
	int r = read_terms(s.terms, &s);
	if (r >= 0)
		r = read_guarantee(s.guarantee, &s);
	if (r >= 0)
		r = read_after(s.after, &s);
	if (r >= 0)
		r = read_cases(facts, &s);
	if (r >= 0)
		*ret = s;
	return r;
}

const struct loan_case *loan_find_case(const struct loan_scheme *scheme, int number)
{
	for (size_t i = 0; i < scheme->case_count; i++)
		if (scheme->cases[i].number == number)
			return &scheme->cases[i];
	return NULL;
}

/* ---- a wish ---- */

unsigned loan_check(const struct loan_scheme *scheme, const struct loan_wish *wish)
{
	const struct loan_case *c = loan_find_case(scheme, wish->case_number);
	unsigned misfit = c ? 0 : LOAN_NO_CASE;
	misfit |= wish->amount_yen <= 0 ? LOAN_NO_AMOUNT : 0;
	misfit |= wish->amount_yen > (wish->is_association ? scheme->association_limit_yen : scheme->limit_yen)
	                  ? LOAN_OVER_LIMIT
	                  : 0;
	misfit |= wish->months <= wish->grace_months ? LOAN_NO_TIME : 0;
	misfit |= wish->rate_milli > scheme->rate_max_milli ? LOAN_RATE_OVER : 0;
	if (c) {
		misfit |= wish->months > c->years[wish->use] * MONTHS_OF_YEAR ? LOAN_TOO_LONG : 0;
		misfit |= wish->grace_months > c->grace_months ? LOAN_GRACE_TOO_LONG : 0;
	}
	return misfit;
}

void loan_subsidise(const struct loan_scheme *scheme, const struct loan_wish *wish, struct loan_subsidy *ret)
{
	int64_t cap = scheme->cap_yen[wish->use], amount = wish->amount_yen;
	int64_t rate = scheme->subsidy_milli[wish->use] + (wish->has_declared ? scheme->declaration_milli : 0);
	if (rate > scheme->total_max_milli)
		rate = scheme->total_max_milli;
	ret->rate_milli = rate;
	ret->base_yen = amount < cap ? amount : cap;
	ret->beyond_yen = amount - ret->base_yen;
	ret->year_max_yen = ret->base_yen * rate / WHOLE_MILLI;
}

static bool is_for_case(const struct fact *fact, int case_number)
{
	const struct fact_value *cases = fact_value(fact, "cases");
	struct str rest = cases ? cases->text : STR(""), word;
	while (value_next_word(&rest, &word)) {
		uint64_t number;
		if (str_parse_u64(word, LOAN_CASE_MAX, &number) >= 0 && (int) number == case_number)
			return true;
	}
	return false;
}

int loan_find_papers(const struct facts *facts, const struct loan_case *c, bool has_declared, struct loan_papers *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *fact = &facts->at[i];
		bool is_wanted = str_eq_c(fact->group, "loan-paper") && is_for_case(fact, c->number);
		is_wanted |= has_declared && str_eq_c(fact->id, "loan.declaration");
		if (!is_wanted || !str_eq(fact->region, c->fact->region))
			continue;
		if (ret->n == LOAN_PAPERS_MAX)
			return ERR_TOO_LARGE;
		ret->at[ret->n++] = fact;
	}
	return 0;
}

/* ---- paying back ---- */

int loan_pay_back(int64_t amount_yen, int months, int grace_months, int64_t rate_milli, struct arena *a,
                  struct loan_plan *ret)
{
	if (amount_yen <= 0 || amount_yen > LOAN_MAX_YEN || months < 1 || months > LOAN_MONTHS_MAX ||
	    grace_months < 0 || grace_months >= months || rate_milli < 0 || rate_milli > LOAN_RATE_MAX_MILLI)
		return ERR_INVALID;
	struct loan_plan plan = {.at = ARENA_ARRAY(a, struct loan_payment, (size_t) months), .n = (size_t) months};
	int64_t balance = amount_yen, each = amount_yen / (months - grace_months);
	if (!plan.at)
		return ERR_TOO_LARGE;
	for (int month = 1; month <= months; month++) {
		struct loan_payment *p = &plan.at[month - 1];
		p->month = month;
		p->interest_yen = balance * rate_milli / (WHOLE_MILLI * MONTHS_OF_YEAR);
		p->principal_yen = month <= grace_months ? 0 : month == months ? balance : each;
		balance -= p->principal_yen;
		p->balance_yen = balance;
		plan.principal_yen += p->principal_yen;
		plan.interest_yen += p->interest_yen;
	}
	*ret = plan;
	return 0;
}
