/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Desks, visits of experts and the loan, with the facts that are shipped: each number stands here as the papers of the
 * seminar of 2025-12-11 name it, and the computing has to come to it from the facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/err.h"
#include "plan/desk.h"
#include "plan/loan.h"
#include "plan/visit.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, DATES_MAX = 30 };

static struct arena *arena;
static struct facts facts;
static const struct holidays *holidays;

static int load(void **state)
{
	struct rules_complaint complaint = {0};
	char path[256];
	(void) state;
	arena = arena_new(ARENA_BYTES);
	snprintf(path, sizeof(path), "%s/facts", getenv("SONAE_SOURCE"));
	if (facts_load_folder(path, arena, &facts, &complaint) < 0)
		return -1;
	return holidays_new(&facts, arena, &holidays);
}

static int unload(void **state)
{
	(void) state;
	arena_free(arena);
	return 0;
}

static int32_t day(const char *text)
{
	int32_t ret;
	if (calendar_parse(str_of(text), &ret) < 0)
		fail_msg("%s is no day", text);
	return ret;
}

static void assert_day(int32_t got, const char *want)
{
	char text[CALENDAR_TEXT_BYTES];
	calendar_format(got, text);
	assert_string_equal(text, want);
}

/* ---- desks ---- */

static void the_next_day_of_each_topic(void **state)
{
	static const struct {
		const char *topic, *from, *want;
	} cases[] = {
	        /* 2026-11-23 is a Monday and a holiday */
	        {"management", "2026-11-21", "2026-11-24 2026-11-25 2026-11-26"},
	        {"it", "2026-11-24", "2026-11-24 2026-12-01 2026-12-08"},
	        {"law", "2026-12-23", "2027-01-05 2027-01-12 2027-01-19"}, /* 12-29 is closed */
	        {"succession", "2026-12-25", "2027-01-07 2027-01-14 2027-01-21"},
	        {"tax", "2026-09-17", "2026-09-30 2026-10-07 2026-10-14"}, /* 09-23: 秋分の日 */
	        {"labour", "2026-11-24", "2026-11-25 2026-12-09 2026-12-23"},
	        {"labour", "2024-02-20", "2024-02-28 2024-03-13 2024-03-27"}, /* a leap year */
	        {"ip", "2026-11-24", "2026-12-14 2027-02-08 2027-03-08"},     /* 2027-01-11: 成人の日 */
	        {"ip", "2026-10-01", "2026-11-09 2026-12-14 2027-02-08"},     /* 2026-10-12: スポーツの日 */
	        {"ip", "2026-12-14", "2026-12-14 2027-02-08 2027-03-08"},
	        {"ip", "2026-12-15", "2027-02-08 2027-03-08 2027-04-12"},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct desk_topic topic;
		struct desk_date dates[DATES_MAX];
		size_t n = 0;
		char got[200] = "";
		const struct fact *fact = fact_find(&facts, arena_printf(arena, "idec.topic.%s", cases[i].topic));
		assert_non_null(fact);
		assert_int_equal(desk_topic_read(fact, &topic), 0);
		assert_int_equal(desk_dates(&topic, holidays, day(cases[i].from), day(cases[i].from) + 300, 3, dates,
		                            DATES_MAX, &n),
		                 0);
		for (size_t k = 0; k < n; k++) {
			char text[CALENDAR_TEXT_BYTES];
			size_t used = strlen(got);
			calendar_format(dates[k].day, text);
			if (dates[k].closed == CLOSED_NOT)
				snprintf(got + used, sizeof(got) - used, "%s%s", used ? " " : "", text);
		}
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s from %s: %s", cases[i].topic, cases[i].from, got);
	}
}

static void a_closed_day_is_told_with_its_reason(void **state)
{
	struct desk_topic topic;
	struct desk_date dates[DATES_MAX];
	size_t n = 0;
	(void) state;
	assert_int_equal(desk_topic_read(fact_find(&facts, STR("idec.topic.ip")), &topic), 0);
	assert_int_equal(topic.length_minutes, 45);
	assert_true(str_eq_c(topic.starts, "13:30 14:30 15:30"));
	assert_int_equal(desk_dates(&topic, holidays, day("2026-10-01"), day("2026-11-30"), 3, dates, DATES_MAX, &n),
	                 0);
	assert_int_equal(n, 2);
	assert_day(dates[0].day, "2026-10-12");
	assert_int_equal(dates[0].closed, CLOSED_HOLIDAY);
	assert_int_equal(dates[1].closed, CLOSED_NOT);
	assert_int_equal(
	        desk_dates(&topic, holidays, day("2099-12-01"), day("2099-12-31") + 30, 9, dates, DATES_MAX, &n),
	        ERR_UNSUPPORTED);
	assert_int_equal(desk_topic_read(fact_find(&facts, STR("idec.rules")), &topic), ERR_NOT_FOUND);
}

static void management_is_booked_up_to_the_end_of_next_month(void **state)
{
	static const struct {
		const char *today, *want;
	} cases[] = {{"2026-11-23", "2026-12-31"},
	             {"2026-12-01", "2027-01-31"},
	             {"2026-01-31", "2026-02-28"},
	             {"2024-01-31", "2024-02-29"},
	             {"2026-03-31", "2026-04-30"}};
	int32_t last;
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(
		        desk_last_bookable(fact_find(&facts, STR("idec.topic.management")), day(cases[i].today), &last),
		        0);
		assert_day(last, cases[i].want);
	}
	assert_int_equal(desk_last_bookable(fact_find(&facts, STR("kip.bcp")), 0, &last), ERR_NOT_FOUND);
}

/* ---- visits ---- */

static void each_visit_has_its_fee(void **state)
{
	static const struct {
		bool is_exempt;
		int64_t fee[11];
	} cases[] = {
	        {false, {0, 0, 0, 0, 12520, 12520, 12520, 12520, 12520, 12520, 0}},
	        {true, {0, 0, 0, 0, 0, 0, 0, 12520, 12520, 12520, 0}},
	};
	struct visit_rules rules;
	struct visit visit;
	(void) state;
	assert_int_equal(visit_rules_read(&facts, &rules), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (int used = 0; used <= 10; used++) {
			assert_int_equal(visit_next(&rules, used, cases[i].is_exempt, &visit), 0);
			assert_int_equal(visit.number, used + 1);
			assert_int_equal(visit.fee_yen, cases[i].fee[used]);
			assert_int_equal(visit.is_over, used == 10);
			assert_int_equal(visit.is_free, used < (cases[i].is_exempt ? 7 : 4));
			assert_int_equal(visit.left_times, used < 10 ? 9 - used : 0);
		}
	assert_int_equal(visit_next(&rules, -1, false, &visit), ERR_INVALID);
}

static void a_new_fiscal_year_begins_at_none(void **state)
{
	static const struct {
		const char *today, *day;
		int used, want;
	} cases[] = {{"2026-03-31", "2026-04-01", 9, 0}, {"2026-03-30", "2026-03-31", 9, 9},
	             {"2026-04-01", "2026-04-01", 2, 2}, {"2026-12-28", "2027-03-31", 5, 5},
	             {"2026-12-28", "2027-04-01", 5, 0}, {"2028-02-29", "2028-03-31", 4, 4}};
	int got;
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(visit_used_on(cases[i].used, day(cases[i].today), day(cases[i].day), &got), 0);
		assert_int_equal(got, cases[i].want);
	}
	assert_int_equal(visit_used_on(1, day("2026-04-01"), day("2026-03-31"), &got), ERR_INVALID);
}

static void it_is_called_off_by_the_open_day_before(void **state)
{
	static const struct {
		const char *day, *want;
	} cases[] = {{"2026-11-26", "2026-11-25"}, {"2026-11-24", "2026-11-20"}, {"2026-11-30", "2026-11-27"},
	             {"2027-01-04", "2026-12-28"}, {"2026-05-07", "2026-05-01"}, {"2026-09-24", "2026-09-18"},
	             {"2026-04-01", "2026-03-31"}, {"2028-03-01", "2028-02-29"}};
	struct visit_rules rules;
	int32_t got;
	(void) state;
	assert_int_equal(visit_rules_read(&facts, &rules), 0);
	assert_true(str_eq_c(rules.cancel_at, "12:00"));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(visit_cancel_by(&rules, holidays, day(cases[i].day), &got), 0);
		assert_day(got, cases[i].want);
	}
}

/* ---- the loan ---- */

static void the_scheme_is_that_of_the_papers(void **state)
{
	static const struct {
		int working_years, equipment_years, grace_months;
		const char *papers;
	} cases[] = {
	        {10, 10, 12, "経営行動計画書|減少要件確認書"},
	        {10, 10, 12, "認定書"},
	        {10, 10, 12, "認定書"},
	        {10, 10, 12, "認定書"},
	        {5, 7, 12, "認定申請書|認定を受けた事業継続力強化計画"},
	        {15, 15, 36, "事業再生計画書"},
	        {10, 10, 12, "減少要件確認書"},
	        {10, 10, 12, "要件確認書"},
	};
	struct loan_scheme s;
	(void) state;
	assert_int_equal(loan_scheme_read(&facts, &s), 0);
	assert_int_equal(s.limit_yen, 280000000);
	assert_int_equal(s.association_limit_yen, 480000000);
	assert_int_equal(s.rate_max_milli, 2100);
	assert_int_equal(s.subsidy_milli[LOAN_WORKING], 500);
	assert_int_equal(s.cap_yen[LOAN_WORKING], 80000000);
	assert_int_equal(s.subsidy_milli[LOAN_EQUIPMENT], 100);
	assert_int_equal(s.cap_yen[LOAN_EQUIPMENT], 20000000);
	assert_int_equal(s.declaration_milli, 100);
	assert_int_equal(s.total_max_milli, 600);
	assert_int_equal(s.fee_from_milli[LOAN_WORKING], 0);
	assert_int_equal(s.fee_to_milli[LOAN_WORKING], 1400);
	assert_int_equal(s.fee_from_milli[LOAN_EQUIPMENT], 250);
	assert_int_equal(s.fee_to_milli[LOAN_EQUIPMENT], 1800);
	assert_int_equal(s.case_count, ARRAY_SIZE(cases));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct loan_case *c = loan_find_case(&s, (int) i + 1);
		struct str wanted = str_of(cases[i].papers), one;
		struct loan_papers papers;
		size_t n = 0;
		assert_non_null(c);
		assert_int_equal(c->years[LOAN_WORKING], cases[i].working_years);
		assert_int_equal(c->years[LOAN_EQUIPMENT], cases[i].equipment_years);
		assert_int_equal(c->grace_months, cases[i].grace_months);
		assert_int_equal(loan_find_papers(&facts, c, false, &papers), 0);
		while (str_split(&wanted, '|', &one)) {
			assert_true(n < papers.n);
			if (!str_contains(papers.at[n++]->text[LANGUAGE_JA], one))
				fail_msg("case %zu: paper %zu", i + 1, n);
		}
		assert_int_equal(papers.n, n);
		assert_int_equal(loan_find_papers(&facts, c, true, &papers), 0);
		assert_int_equal(papers.n, n + 1);
		/* of the fiscal year 令和7 */
		assert_true(fact_is_expired(c->fact, STR("2026-04-01")));
	}
	assert_null(loan_find_case(&s, 9));
}

static void a_wish_is_held_against_the_scheme(void **state)
{
	static const struct {
		struct loan_wish wish;
		unsigned want;
	} cases[] = {
	        {{1, LOAN_WORKING, false, false, 280000000, 120, 12, 2100}, 0},
	        {{1, LOAN_WORKING, false, false, 280000001, 120, 12, 2100}, LOAN_OVER_LIMIT},
	        {{1, LOAN_WORKING, true, false, 480000000, 120, 12, 2100}, 0},
	        {{1, LOAN_WORKING, true, false, 480000001, 120, 12, 2100}, LOAN_OVER_LIMIT},
	        {{1, LOAN_WORKING, false, false, 1000, 121, 12, 2100}, LOAN_TOO_LONG},
	        {{5, LOAN_WORKING, false, false, 1000, 60, 12, 2100}, 0},
	        {{5, LOAN_WORKING, false, false, 1000, 61, 12, 2100}, LOAN_TOO_LONG},
	        {{5, LOAN_EQUIPMENT, false, false, 1000, 84, 12, 2100}, 0},
	        {{5, LOAN_EQUIPMENT, false, false, 1000, 85, 13, 2101},
	         LOAN_TOO_LONG | LOAN_GRACE_TOO_LONG | LOAN_RATE_OVER},
	        {{6, LOAN_EQUIPMENT, false, false, 1000, 180, 36, 0}, 0},
	        {{6, LOAN_WORKING, false, false, 1000, 180, 37, 0}, LOAN_GRACE_TOO_LONG},
	        {{6, LOAN_WORKING, false, false, 1000, 12, 12, 0}, LOAN_NO_TIME},
	        {{9, LOAN_WORKING, false, false, 0, 12, 0, 0}, LOAN_NO_CASE | LOAN_NO_AMOUNT},
	};
	struct loan_scheme s;
	(void) state;
	assert_int_equal(loan_scheme_read(&facts, &s), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (loan_check(&s, &cases[i].wish) != cases[i].want)
			fail_msg("case %zu gives %x", i, loan_check(&s, &cases[i].wish));
}

static void the_subsidy_has_its_caps(void **state)
{
	static const struct {
		enum loan_use use;
		bool has_declared;
		int64_t amount, rate, base, beyond, year;
	} cases[] = {
	        {LOAN_WORKING, false, 80000000, 500, 80000000, 0, 400000},
	        {LOAN_WORKING, true, 80000000, 600, 80000000, 0, 480000},
	        {LOAN_WORKING, false, 80000001, 500, 80000000, 1, 400000},
	        {LOAN_WORKING, true, 280000000, 600, 80000000, 200000000, 480000},
	        {LOAN_WORKING, false, 10000000, 500, 10000000, 0, 50000},
	        {LOAN_EQUIPMENT, false, 20000000, 100, 20000000, 0, 20000},
	        {LOAN_EQUIPMENT, true, 20000000, 200, 20000000, 0, 40000},
	        {LOAN_EQUIPMENT, true, 50000000, 200, 20000000, 30000000, 40000},
	        {LOAN_EQUIPMENT, false, 999, 100, 999, 0, 0},
	};
	struct loan_scheme s;
	(void) state;
	assert_int_equal(loan_scheme_read(&facts, &s), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct loan_wish wish = {
		        .use = cases[i].use, .has_declared = cases[i].has_declared, .amount_yen = cases[i].amount};
		struct loan_subsidy subsidy;
		loan_subsidise(&s, &wish, &subsidy);
		assert_int_equal(subsidy.rate_milli, cases[i].rate);
		assert_int_equal(subsidy.base_yen, cases[i].base);
		assert_int_equal(subsidy.beyond_yen, cases[i].beyond);
		assert_int_equal(subsidy.year_max_yen, cases[i].year);
	}
}

static void what_is_paid_back_adds_up(void **state)
{
	static const struct {
		int64_t amount;
		int months, grace;
		int64_t rate, interest, first_interest, each, last;
	} cases[] = {
	        /* 12 months of 21,000, then 437.5 yen for each of 48, 47 ... 1 times 250,000, rounded down: 514,488 */
	        {12000000, 60, 12, 2100, 766488, 21000, 250000, 250000},
	        {12000000, 60, 0, 0, 0, 0, 200000, 200000},
	        {10000000, 3, 0, 1200, 10000 + 6666 + 3333, 10000, 3333333, 3333334},
	        {10, 7, 0, 2100, 0, 0, 1, 4},
	        {1, 12, 6, 2100, 0, 0, 0, 1},
	        {280000000, 1, 0, 2100, 490000, 490000, 280000000, 280000000},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct loan_plan plan;
		assert_int_equal(
		        loan_pay_back(cases[i].amount, cases[i].months, cases[i].grace, cases[i].rate, a, &plan), 0);
		assert_int_equal(plan.n, cases[i].months);
		assert_int_equal(plan.principal_yen, cases[i].amount);
		assert_int_equal(plan.interest_yen, cases[i].interest);
		assert_int_equal(plan.at[0].interest_yen, cases[i].first_interest);
		assert_int_equal(plan.at[plan.n - 1].principal_yen, cases[i].last);
		assert_int_equal(plan.at[plan.n - 1].balance_yen, 0);
		for (size_t m = 0; m + 1 < plan.n; m++)
			assert_int_equal(plan.at[m].principal_yen, (int) m < cases[i].grace ? 0 : cases[i].each);
	}
}

/* Every length and grace of the scheme, with its limits: sums are exact, nothing is negative, the debt never grows. */
static void every_plan_of_the_scheme_adds_up(void **state)
{
	static const int64_t amounts[] = {1, 9999999, 80000000, 123456789, 280000000, 480000000, LOAN_MAX_YEN};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++)
		for (int months = 1; months <= 180; months += 7)
			for (int grace = 0; grace <= 36 && grace < months; grace += 12) {
				CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
				struct loan_plan plan;
				int64_t principal = 0, interest = 0, owed = amounts[i];
				assert_int_equal(loan_pay_back(amounts[i], months, grace, 2100, a, &plan), 0);
				for (size_t m = 0; m < plan.n; m++) {
					const struct loan_payment *p = &plan.at[m];
					principal += p->principal_yen;
					interest += p->interest_yen;
					assert_true(p->principal_yen >= 0 && p->interest_yen >= 0 &&
					            p->balance_yen <= owed);
					/* a twelfth of 2.1% of what is owed, less than a yen under it */
					assert_true(p->interest_yen * 1200000 <= owed * 2100 &&
					            (p->interest_yen + 1) * 1200000 > owed * 2100);
					owed = p->balance_yen;
				}
				assert_true(owed == 0 && principal == amounts[i] && principal == plan.principal_yen &&
				            interest == plan.interest_yen);
			}
}

static void numbers_outside_the_limits_are_refused(void **state)
{
	static const struct {
		int64_t amount;
		int months, grace;
		int64_t rate;
	} cases[] = {{0, 12, 0, 1},
	             {-1, 12, 0, 1},
	             {LOAN_MAX_YEN + 1, 12, 0, 1},
	             {1, 0, 0, 1},
	             {1, LOAN_MONTHS_MAX + 1, 0, 1},
	             {1, 12, 12, 1},
	             {1, 12, -1, 1},
	             {1, 12, 0, -1},
	             {1, 12, 0, LOAN_RATE_MAX_MILLI + 1}};
	struct loan_plan plan;
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(
		        loan_pay_back(cases[i].amount, cases[i].months, cases[i].grace, cases[i].rate, arena, &plan),
		        ERR_INVALID);
	assert_int_equal(loan_pay_back(LOAN_MAX_YEN, LOAN_MONTHS_MAX, 0, LOAN_RATE_MAX_MILLI, arena, &plan), 0);
	assert_int_equal(plan.principal_yen, LOAN_MAX_YEN);
}

/* ---- what people may write into facts ---- */

static void load_text(struct arena *a, const char *text, struct facts *ret)
{
	struct rules_complaint complaint = {0};
	struct str yaml =
	        arena_printf(a,
	                     "defaults: {kind: amount, group: loan-case, source: s, checked: 2026-01-31, expires: "
	                     "2026-12-31, verified: true}\nfacts:\n%s\n",
	                     text);
	*ret = (struct facts){0};
	if (facts_load_text(yaml, "t", NULL, a, ret, &complaint) < 0)
		fail_msg("%s: %s", text, complaint.text);
}

static void values_that_make_no_sense_are_refused(void **state)
{
	static const char *const topics[] = {"days: holidays",      "days: 'mon xxx'",

	                                     "days: mon, weeks: 0", "days: mon, weeks: '2 6'",
	                                     "days: mon, weeks: x", "days: mon, length_minutes: 0"};
	static const char *const visits[] = {
	        "free_times: 4, fee_yen: -1, exempt-free_times: 7", "free_times: 4.5, fee_yen: 1, exempt-free_times: 7",
	        "free_times: 4, exempt-free_times: 7", "free_times: 4, fee_yen: free, exempt-free_times: 7"};
	static const char *const terms[] = {"limit_yen: -1, association-limit_yen: 1, rate-max_percent: 2",
	                                    "limit_yen: 1, rate-max_percent: 2",
	                                    "limit_yen: 1, association-limit_yen: 1, rate-max_percent: 101",
	                                    "limit_yen: 1e30, association-limit_yen: 1, rate-max_percent: 2"};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(topics); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct facts one;
		struct desk_topic topic;
		load_text(a, arena_cstr(a, arena_printf(a, "- {id: t, ja: a, en: a, values: {%s}}", topics[i])), &one);
		if (desk_topic_read(&one.at[0], &topic) != ERR_INVALID)
			fail_msg("%s", topics[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(visits); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct facts one;
		struct visit_rules rules;
		load_text(a,
		          arena_cstr(
		                  a,
		                  arena_printf(
		                          a,
		                          "- {id: expert.rules, ja: a, en: a, values: {year_times: 10}}\n"
		                          "- {id: expert.cancel, ja: a, en: a, values: {before_days: 1, at: '12:00'}}\n"
		                          "- {id: expert.fee, ja: a, en: a, values: {%s}}",
		                          visits[i])),
		          &one);
		if (visit_rules_read(&one, &rules) >= 0)
			fail_msg("%s", visits[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct facts all = {0}, own;
		struct loan_scheme s;
		load_text(a, arena_cstr(a, arena_printf(a, "- {id: loan.terms, ja: a, en: a, values: {%s}}", terms[i])),
		          &own);
		own.at[0].region = STR("yokohama");
		assert_int_equal(facts_overlay(&facts, &own, a, &all), 0);
		if (loan_scheme_read(&all, &s) >= 0)
			fail_msg("%s", terms[i]);
	}
	assert_int_equal(visit_rules_read(&(struct facts){0}, &(struct visit_rules){0}), ERR_NOT_FOUND);
	assert_int_equal(loan_scheme_read(&(struct facts){0}, &(struct loan_scheme){0}), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_next_day_of_each_topic),
	        cmocka_unit_test(a_closed_day_is_told_with_its_reason),
	        cmocka_unit_test(management_is_booked_up_to_the_end_of_next_month),
	        cmocka_unit_test(each_visit_has_its_fee),
	        cmocka_unit_test(a_new_fiscal_year_begins_at_none),
	        cmocka_unit_test(it_is_called_off_by_the_open_day_before),
	        cmocka_unit_test(the_scheme_is_that_of_the_papers),
	        cmocka_unit_test(a_wish_is_held_against_the_scheme),
	        cmocka_unit_test(the_subsidy_has_its_caps),
	        cmocka_unit_test(what_is_paid_back_adds_up),
	        cmocka_unit_test(every_plan_of_the_scheme_adds_up),
	        cmocka_unit_test(numbers_outside_the_limits_are_refused),
	        cmocka_unit_test(values_that_make_no_sense_are_refused),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
