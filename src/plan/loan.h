/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A loan scheme of a region from its facts (loan.terms, loan.guarantee, loan.guarantee.after, loan.case.*,
 * loan.paper.*): who may ask for how much and how long, what of the guarantee fee is subsidised, which papers are
 * wanted, and how it is paid back. Rates are thousandths of a percent (2.1% = 2100), money is whole yen. Whether the
 * loan is given, the bank and the guarantee corporation decide. */
#pragma once

#include "fact/fact.h"

enum loan_use { LOAN_WORKING, LOAN_EQUIPMENT, LOAN_USE_COUNT };

enum {
	LOAN_CASES_MAX = 20,
	LOAN_CASE_MAX = 99, /* its number */
	LOAN_PAPERS_MAX = 20,
	LOAN_YEARS_MAX = 50,
	LOAN_MONTHS_MAX = 12 * LOAN_YEARS_MAX,
	LOAN_RATE_MAX_MILLI = 20000, /* 20% */
};
#define LOAN_MAX_YEN 1000000000000LL

struct loan_case {
	const struct fact *fact;
	int number;
	int years[LOAN_USE_COUNT]; /* at most */
	int grace_months;          /* at most: interest only at the beginning */
};

struct loan_scheme {
	const struct fact *terms, *guarantee, *after;
	struct loan_case cases[LOAN_CASES_MAX];
	size_t case_count;
	int64_t limit_yen, association_limit_yen, rate_max_milli;
	int64_t subsidy_milli[LOAN_USE_COUNT], cap_yen[LOAN_USE_COUNT], declaration_milli, total_max_milli;
	int64_t fee_from_milli[LOAN_USE_COUNT], fee_to_milli[LOAN_USE_COUNT]; /* of the guarantee, after the subsidy */
};

/* ERR_NOT_FOUND: a fact or value is not there; ERR_INVALID, ERR_TOO_LARGE. */
int loan_scheme_read(const struct facts *facts, struct loan_scheme *ret);
const struct loan_case *loan_find_case(const struct loan_scheme *scheme, int number); /* NULL: none */

struct loan_wish {
	int case_number;
	enum loan_use use;
	bool is_association, has_declared; /* has_declared: 脱炭素取組宣言 */
	int64_t amount_yen;
	int months, grace_months; /* grace is part of months */
	int64_t rate_milli;
};

/* What of a wish the scheme does not have; 0: it fits. */
enum loan_misfit {
	LOAN_NO_CASE = 1 << 0,
	LOAN_NO_AMOUNT = 1 << 1,
	LOAN_OVER_LIMIT = 1 << 2,
	LOAN_TOO_LONG = 1 << 3,
	LOAN_NO_TIME = 1 << 4, /* no month to pay back in */
	LOAN_GRACE_TOO_LONG = 1 << 5,
	LOAN_RATE_OVER = 1 << 6,
};
unsigned loan_check(const struct loan_scheme *scheme, const struct loan_wish *wish);

struct loan_subsidy {
	int64_t rate_milli;   /* of the guarantee fee's rate */
	int64_t base_yen;     /* the part of the loan that it is for */
	int64_t beyond_yen;   /* the rest, over the cap */
	int64_t year_max_yen; /* in one year at most: base at the full rate, rounded down */
};
void loan_subsidise(const struct loan_scheme *scheme, const struct loan_wish *wish, struct loan_subsidy *ret);

/* The facts of the papers for a case, with has_declared those for the declaration. ERR_TOO_LARGE. */
struct loan_papers {
	const struct fact *at[LOAN_PAPERS_MAX];
	size_t n;
};
int loan_find_papers(const struct facts *facts, const struct loan_case *c, bool has_declared, struct loan_papers *ret);

struct loan_payment {
	int month; /* from 1 */
	int64_t principal_yen, interest_yen, balance_yen;
};
struct loan_plan {
	struct loan_payment *at;
	size_t n;
	int64_t principal_yen, interest_yen; /* sums; the first is exactly the amount */
};

/* Equal principal each month after the grace, a month's interest being a twelfth of a year's on what is still owed.
 * Interest and the monthly principal are rounded down to whole yen; the last month takes what the rounding left of the
 * principal. ERR_INVALID: numbers outside the limits above, or no month to pay back in. */
int loan_pay_back(int64_t amount_yen, int months, int grace_months, int64_t rate_milli, struct arena *a,
                  struct loan_plan *ret);
