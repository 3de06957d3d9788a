/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The region's loan: whether a wish fits the scheme, what of the guarantee fee is subsidised, which papers are wanted,
 * and how it would be paid back, with a table of months. Never a promise: bank and guarantee corporation decide. */
#include "base/buf.h"
#include "base/err.h"
#include "plan/loan.h"
#include "web/pages/help-rows.h"
#include "web/pages/rules-rows.h"

enum {
	CSV_MAX_BYTES = 256 * 1024,
	MAN_YEN = 10000, /* amounts are typed in 万円 */
	YEAR_MONTHS = 12,
	RATE_DECIMALS = 3,
	PLOT_WIDTH = 600,
	PLOT_HEIGHT = 160,
	PLOT_GAP_TENTHS = 3,
	PLOT_POINTS_MAX_BYTES = 32 * LOAN_MONTHS_MAX,
};

/* "2.1" as 2100; at most three digits behind the point. */
static int parse_rate(struct str text, int64_t *ret_milli)
{
	size_t point = str_find_char(text, '.', 0);
	struct str whole = str_slice(text, 0, point), part = STR("");
	uint64_t number, milli = 0;
	if (point != STR_NOT_FOUND)
		part = str_slice(text, point + 1, text.n);
	if (part.n > RATE_DECIMALS || str_parse_u64(whole, LOAN_RATE_MAX_MILLI / 1000, &number) < 0)
		return ERR_INVALID;
	if (part.n > 0 && str_parse_u64(part, 999, &milli) < 0)
		return ERR_INVALID;
	for (size_t i = part.n; i < RATE_DECIMALS; i++)
		milli *= 10;
	*ret_milli = (int64_t) (number * 1000 + milli);
	return 0;
}

/* ---- what was typed ---- */

static int read_number(struct page *p, const char *name, uint64_t max, uint64_t *ret)
{
	int r = rules_parse_number(page_query(p, name), max, ret);
	if (r < 0)
		page_problem(p, "help.problem.number", name);
	return r;
}

/* ERR_INVALID: the problem stands on the page. */
static int read_wish(struct page *p, const struct loan_scheme *s, struct loan_wish *ret)
{
	uint64_t number = 0, man = 0, years = 0, grace = 0;
	struct str rate = str_trim(page_query(p, "rate"));
	*ret = (struct loan_wish){.rate_milli = s->rate_max_milli};
	int r = read_number(p, "case", LOAN_CASE_MAX, &number);
	if (r >= 0)
		r = read_number(p, "amount", LOAN_MAX_YEN / MAN_YEN, &man);
	if (r >= 0)
		r = read_number(p, "years", LOAN_YEARS_MAX, &years);
	if (r >= 0)
		r = read_number(p, "grace", LOAN_MONTHS_MAX, &grace);
	if (r >= 0 && rate.n > 0 && parse_rate(rate, &ret->rate_milli) < 0) {
		page_problem(p, "help.problem.rate", "rate");
		r = ERR_INVALID;
	}
	if (r < 0)
		return r;
	ret->case_number = (int) number;
	ret->use = str_eq_c(page_query(p, "use"), "equipment") ? LOAN_EQUIPMENT : LOAN_WORKING;
	ret->is_association = page_query(p, "association").n > 0;
	ret->has_declared = page_query(p, "declared").n > 0;
	ret->amount_yen = (int64_t) man * MAN_YEN;
	ret->months = (int) years * YEAR_MONTHS;
	ret->grace_months = (int) grace;
	return 0;
}

static void put_form(struct page *p, const struct loan_scheme *s)
{
	static const char *const kept[] = {"amount", "years", "grace", "rate"};
	json_t *form = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		json_object_set_new(form, kept[i], page_json_str(page_query(p, kept[i])));
	if (page_query(p, "rate").n == 0)
		json_object_set_new(form, "rate", help_percent(p, s->rate_max_milli, 1));
	json_object_set_new(form, "equipment", json_boolean(str_eq_c(page_query(p, "use"), "equipment")));
	json_object_set_new(form, "association", json_boolean(page_query(p, "association").n > 0));
	/* until something is asked, what the register of declarations says */
	bool knows = page_query(p, "case").n == 0 && help_declared_on(p, "carbon").n > 0;
	json_object_set_new(form, "declared", json_boolean(knows || page_query(p, "declared").n > 0));
	page_put(p, "form", form);
}

/* The same wish for the file. */
static struct str csv_path(const struct page *p, const struct loan_wish *wish)
{
	json_t *rate = help_percent(p, wish->rate_milli, 1);
	struct str path = arena_printf(
	        p->arena, "/prepare/help/loan.csv?case=%d&use=%s&amount=%lld&years=%d&grace=%d&rate=%s%s%s",
	        wish->case_number, wish->use == LOAN_EQUIPMENT ? "equipment" : "working",
	        (long long) (wish->amount_yen / MAN_YEN), wish->months / YEAR_MONTHS, wish->grace_months,
	        json_string_value(rate), wish->is_association ? "&association=1" : "",
	        wish->has_declared ? "&declared=1" : "");
	json_decref(rate);
	return path;
}

static json_t *case_row(const struct page *p, const struct loan_case *c, int chosen)
{
	json_t *row = help_fact(p, c->fact);
	json_object_set_new(row, "number", json_integer(c->number));
	json_object_set_new(row, "working_years", json_integer(c->years[LOAN_WORKING]));
	json_object_set_new(row, "equipment_years", json_integer(c->years[LOAN_EQUIPMENT]));
	json_object_set_new(row, "grace_months", json_integer(c->grace_months));
	json_object_set_new(row, "selected", json_boolean(c->number == chosen));
	return row;
}

/* ---- the answer ---- */

static void put_misfits(struct page *p, const struct loan_scheme *s, const struct loan_wish *wish, unsigned misfit)
{
	static const struct {
		enum loan_misfit bit;
		const char *key;
	} all[] = {
	        {LOAN_NO_CASE, "help.loan.misfit.case"},     {LOAN_NO_AMOUNT, "help.loan.misfit.amount"},
	        {LOAN_OVER_LIMIT, "help.loan.misfit.limit"}, {LOAN_TOO_LONG, "help.loan.misfit.long"},
	        {LOAN_NO_TIME, "help.loan.misfit.time"},     {LOAN_GRACE_TOO_LONG, "help.loan.misfit.grace"},
	        {LOAN_RATE_OVER, "help.loan.misfit.rate"},
	};
	const struct loan_case *c = loan_find_case(s, wish->case_number);
	json_t *yen = help_yen(p, wish->is_association ? s->association_limit_yen : s->limit_yen),
	       *percent = help_percent(p, s->rate_max_milli, 1), *list = json_array();
	const struct i18n_fact facts[] = {
	        {"yen", str_of(json_string_value(yen))},
	        {"percent", str_of(json_string_value(percent))},
	        {"years", arena_printf(p->arena, "%d", c ? c->years[wish->use] : 0)},
	        {"months", arena_printf(p->arena, "%d", c ? c->grace_months : 0)},
	};
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (misfit & all[i].bit)
			json_array_append_new(list, help_text(p, all[i].key, facts, ARRAY_SIZE(facts)));
	page_put(p, "misfits", list);
	json_decref(yen);
	json_decref(percent);
}

static json_t *money_row(const struct page *p, int64_t number, int64_t principal, int64_t interest, int64_t balance)
{
	json_t *row = json_object();
	json_object_set_new(row, "number", json_integer(number));
	json_object_set_new(row, "principal", help_yen(p, principal));
	json_object_set_new(row, "interest", help_yen(p, interest));
	json_object_set_new(row, "payment", help_yen(p, principal + interest));
	json_object_set_new(row, "balance", help_yen(p, balance));
	return row;
}

struct year {
	int64_t principal, interest, balance;
};

/* Years from the beginning of the loan, the last one may be short. */
static size_t sum_years(const struct loan_plan *plan, struct year years[static LOAN_YEARS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < plan->n; i++) {
		n = i / YEAR_MONTHS;
		years[n].principal += plan->at[i].principal_yen;
		years[n].interest += plan->at[i].interest_yen;
		years[n].balance = plan->at[i].balance_yen;
	}
	return n + 1;
}

/* A bar for each year: principal below, interest above it. Places are tenths of a unit. */
static json_t *bar(const struct page *p, size_t i, size_t n, const struct year *year, int64_t most)
{
	long long width = PLOT_WIDTH * 10 / (long long) n, gap = width * PLOT_GAP_TENTHS / 10;
	long long all = (long long) ((year->principal + year->interest) * PLOT_HEIGHT * 10 / most);
	long long interest = (long long) (year->interest * PLOT_HEIGHT * 10 / most);
	const struct {
		const char *name;
		long long tenths;
	} places[] = {{"x", (long long) i * width + gap / 2},
	              {"width", width - gap},
	              {"top", PLOT_HEIGHT * 10 - all},
	              {"interest_height", interest},
	              {"principal_top", PLOT_HEIGHT * 10 - all + interest},
	              {"principal_height", all - interest},
	              {"middle", (long long) i * width + width / 2}};
	json_t *row = json_object();
	for (size_t k = 0; k < ARRAY_SIZE(places); k++)
		json_object_set_new(row, places[k].name,
		                    page_json_str(arena_printf(p->arena, "%lld.%lld", places[k].tenths / 10,
		                                               places[k].tenths % 10)));
	return row;
}

static void put_years(struct page *p, const struct loan_plan *plan)
{
	struct year years[LOAN_YEARS_MAX] = {0};
	size_t n = sum_years(plan, years);
	json_t *list = json_array(), *bars = json_array();
	int64_t most = 1;
	for (size_t i = 0; i < n; i++)
		if (years[i].principal + years[i].interest > most)
			most = years[i].principal + years[i].interest;
	for (size_t i = 0; i < n; i++) {
		json_t *one = bar(p, i, n, &years[i], most);
		json_object_set_new(one, "number", json_integer((json_int_t) i + 1));
		json_array_append_new(bars, one);
		json_array_append_new(
		        list, money_row(p, (int64_t) i + 1, years[i].principal, years[i].interest, years[i].balance));
	}
	page_put(p, "years", list);
	page_put(p, "bars", bars);
	page_put(p, "most", help_yen(p, most));
}

/* What is owed at the end of each month, from the whole amount down to nothing, as the points of a line. */
static int put_owed(struct page *p, const struct loan_wish *wish, const struct loan_plan *plan)
{
	struct buf b = buf_make(PLOT_POINTS_MAX_BYTES);
	buf_add_c(&b, "0,0");
	for (size_t i = 0; i < plan->n; i++) {
		long long x = (long long) (i + 1) * PLOT_WIDTH * 10 / (long long) plan->n;
		long long y =
		        PLOT_HEIGHT * 10 - (long long) (plan->at[i].balance_yen * PLOT_HEIGHT * 10 / wish->amount_yen);
		buf_printf(&b, " %lld.%lld,%lld.%lld", x / 10, x % 10, y / 10, y % 10);
	}
	int r = buf_failed(&b) ? ERR_TOO_LARGE : 0;
	if (r >= 0)
		page_put_str(p, "owed", buf_str(&b));
	buf_done(&b);
	return r;
}

static void put_plan(struct page *p, const struct loan_wish *wish, const struct loan_plan *plan)
{
	json_t *months = json_array(), *sum = money_row(p, 0, plan->principal_yen, plan->interest_yen, 0);
	const struct loan_payment *first = &plan->at[wish->grace_months];
	for (size_t i = 0; i < plan->n; i++) {
		const struct loan_payment *one = &plan->at[i];
		json_array_append_new(
		        months, money_row(p, one->month, one->principal_yen, one->interest_yen, one->balance_yen));
	}
	page_put(p, "months", months);
	page_put(p, "sum", sum);
	page_put(p, "first", money_row(p, first->month, first->principal_yen, first->interest_yen, first->balance_yen));
	if (wish->grace_months > 0)
		page_put(p, "in_grace", money_row(p, 1, 0, plan->at[0].interest_yen, plan->at[0].balance_yen));
	put_years(p, plan);
}

static void put_subsidy(struct page *p, const struct loan_scheme *s, const struct loan_wish *wish)
{
	struct loan_subsidy subsidy;
	json_t *row = json_object();
	loan_subsidise(s, wish, &subsidy);
	json_object_set_new(row, "percent", help_percent(p, subsidy.rate_milli, 1));
	json_object_set_new(row, "base", help_yen(p, subsidy.base_yen));
	json_object_set_new(row, "has_rest", json_boolean(subsidy.beyond_yen > 0));
	json_object_set_new(row, "rest", help_yen(p, subsidy.beyond_yen));
	json_object_set_new(row, "year_max", help_yen(p, subsidy.year_max_yen));
	json_object_set_new(row, "fee_from", help_percent(p, s->fee_from_milli[wish->use], 2));
	json_object_set_new(row, "fee_to", help_percent(p, s->fee_to_milli[wish->use], 2));
	page_put(p, "subsidy", row);
}

static int put_papers(struct page *p, const struct loan_case *c, bool has_declared)
{
	struct loan_papers papers;
	json_t *list = json_array();
	page_put(p, "papers", list);
	int r = loan_find_papers(page_facts(p), c, has_declared, &papers);
	for (size_t i = 0; r >= 0 && i < papers.n; i++)
		json_array_append_new(list, help_fact(p, papers.at[i]));
	return r;
}

static int answer(struct page *p, const struct loan_scheme *s, const struct loan_wish *wish)
{
	struct loan_plan plan;
	const struct loan_case *c = loan_find_case(s, wish->case_number);
	unsigned misfit = loan_check(s, wish);
	put_misfits(p, s, wish, misfit);
	if (misfit || !c)
		return 0;
	int r = loan_pay_back(wish->amount_yen, wish->months, wish->grace_months, wish->rate_milli, p->arena, &plan);
	if (r < 0)
		return page_problem(p, "help.problem.number", "amount");
	page_put(p, "amount", help_yen(p, wish->amount_yen));
	page_put(p, "rate", help_percent(p, wish->rate_milli, 1));
	page_put_str(p, "csv_path", csv_path(p, wish));
	page_put(p, "is_equipment", json_boolean(wish->use == LOAN_EQUIPMENT));
	page_put(p, "time", json_pack("{s:i, s:i}", "years", wish->months / YEAR_MONTHS, "grace", wish->grace_months));
	page_put(p, "chosen", case_row(p, c, c->number));
	put_subsidy(p, s, wish);
	put_plan(p, wish, &plan);
	r = put_owed(p, wish, &plan);
	return r < 0 ? r : put_papers(p, c, wish->has_declared);
}

int help_loan_page(struct page *p)
{
	const struct fact *desk = help_desk(p, STR("loan"));
	struct loan_scheme s;
	struct loan_wish wish = {0};
	if (!desk || loan_scheme_read(page_facts(p), &s) < 0)
		return ERR_NOT_FOUND;
	bool is_asked = page_query(p, "amount").n > 0 || page_query(p, "case").n > 0;
	put_form(p, &s);
	page_put(p, "desk", help_fact(p, desk));
	page_put(p, "terms", help_fact(p, s.terms));
	page_put(p, "guarantee", help_fact(p, s.guarantee));
	page_put(p, "after", help_fact(p, s.after));
	page_put(p, "asked", json_boolean(is_asked));
	int r = read_wish(p, &s, &wish);
	json_t *cases = json_array();
	for (size_t i = 0; i < s.case_count; i++)
		json_array_append_new(cases, case_row(p, &s.cases[i], wish.case_number));
	page_put(p, "cases", cases);
	return r < 0 || !is_asked ? 0 : answer(p, &s, &wish);
}

/* ---- the table as a file ---- */

static void add_row(struct page *p, struct buf *b, const struct loan_payment *one)
{
	const int64_t cells[] = {one->month, one->principal_yen, one->interest_yen,
	                         one->principal_yen + one->interest_yen, one->balance_yen};
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		rows_csv_cell(b, arena_printf(p->arena, "%lld", (long long) cells[i]), i + 1 == ARRAY_SIZE(cells));
}

int help_loan_csv_page(struct page *p)
{
	static const char *const heads[] = {"help.loan.month", "help.loan.principal", "help.loan.interest",
	                                    "help.loan.payment", "help.loan.balance"};
	struct loan_scheme s;
	struct loan_wish wish;
	struct loan_plan plan;
	struct buf b = buf_make(CSV_MAX_BYTES);
	int r = loan_scheme_read(page_facts(p), &s);
	if (r >= 0 && (read_wish(p, &s, &wish) < 0 || loan_check(&s, &wish) != 0))
		r = ERR_INVALID;
	if (r >= 0)
		r = loan_pay_back(wish.amount_yen, wish.months, wish.grace_months, wish.rate_milli, p->arena, &plan);
	if (r < 0)
		return r;
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, heads[i])), i + 1 == ARRAY_SIZE(heads));
	for (size_t i = 0; i < plan.n; i++)
		add_row(p, &b, &plan.at[i]);
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "loan.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
