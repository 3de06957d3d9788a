/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is worth a second look in a list of payments. Each row is told at most once for each reason. */
#include <stdlib.h>

#include "base/err.h"
#include "rules/set.h"
#include "work/amount.h"
#include "work/columns.h"
#include "work/computations.h"

enum {
	FOUND_MAX = 200,
	PAYMENTS_USUAL = 3,  /* payments of a payee before one can be unusual */
	UNUSUAL_FACTOR = 3,  /* so many times the payee's median, up or down */
	NEW_AFTER_ROWS = 10, /* the first rows of a list are all new */
};

struct payment {
	struct str payee, account;
	int64_t amount, day;
	bool has_day;
	size_t row;
};

struct payments {
	struct payment *at;
	size_t n, cap;
};

static const char *const payee_words[] = {"支払先", "取引先", "相手", "会社", "payee", "supplier", "vendor", "name"};
static const char *const account_words[] = {"口座", "振込先", "account", "iban"};
static const char *const amount_words[] = {"金額", "支払額", "振込額", "amount", "total"};

static size_t any_column(const struct columns *c, const char *const *words, size_t count)
{
	for (int kind = COLUMN_TEXT; kind <= COLUMN_DAY; kind++) {
		size_t found = columns_find(c, (enum column_kind) kind, words, count);
		if (found != SIZE_MAX)
			return found;
	}
	return SIZE_MAX;
}

static int read_payments(struct computing *c, const struct columns *cols, struct payments *ret)
{
	size_t payee = any_column(cols, payee_words, ARRAY_SIZE(payee_words));
	size_t account = any_column(cols, account_words, ARRAY_SIZE(account_words));
	size_t amount = columns_find(cols, COLUMN_AMOUNT, amount_words, ARRAY_SIZE(amount_words));
	size_t day = columns_find(cols, COLUMN_DAY, NULL, 0);
	if (payee == SIZE_MAX || amount == SIZE_MAX) {
		c->problem = "work.compute.no-columns";
		return ERR_INVALID;
	}
	for (size_t row = cols->first_row; row < cols->table.n; row++) {
		struct payment p = {.row = row + 1, .payee = csv_field(&cols->table, row, payee)};
		if (p.payee.n == 0 || !work_parse_amount(csv_field(&cols->table, row, amount), &p.amount))
			continue;
		p.account = account == SIZE_MAX ? STR("") : csv_field(&cols->table, row, account);
		p.has_day = day != SIZE_MAX && work_parse_day(csv_field(&cols->table, row, day), &p.day);
		struct payment *slot = ARENA_PUSH(c->arena, ret);
		if (!slot)
			return ERR_TOO_LARGE;
		*slot = p;
	}
	return 0;
}

/* By payee, then as in the table. */
static int by_payee(const void *a, const void *b)
{
	const struct payment *x = a, *y = b;
	int order = str_cmp(x->payee, y->payee);
	return order ? order : x->row < y->row ? -1 : x->row > y->row;
}

static void tell(struct computing *c, const char *key, const struct payment *p, size_t other_row, size_t *found)
{
	if ((*found)++ >= FOUND_MAX)
		return;
	COMPUTING_LINE(c, key, {"row", computing_count(c, p->row)}, {"payee", p->payee},
	               {"amount", computing_amount(c, p->amount)}, {"other", computing_count(c, other_row)});
}

/* The same amount to the same payee, within a week where days are known. */
static void find_duplicates(struct computing *c, const struct payment *of, size_t n, size_t *found)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k-- > 0 && i - k <= 50;) {
			bool near = !of[i].has_day || !of[k].has_day || llabs(of[i].day - of[k].day) <= 7;
			if (of[i].amount == of[k].amount && near) {
				tell(c, "work.compute.payments.twice", &of[i], of[k].row, found);
				break;
			}
		}
}

static void find_changed_accounts(struct computing *c, const struct payment *of, size_t n, size_t *found)
{
	for (size_t i = 1; i < n; i++)
		if (of[i].account.n > 0 && of[i - 1].account.n > 0 && !str_eq(of[i].account, of[i - 1].account))
			tell(c, "work.compute.payments.account", &of[i], of[i - 1].row, found);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;
	return x < y ? -1 : x > y;
}

static void find_unusual(struct computing *c, const struct payment *of, size_t n, size_t *found)
{
	int64_t *amounts = ARENA_ARRAY(c->arena, int64_t, n);
	if (!amounts || n <= PAYMENTS_USUAL)
		return;
	for (size_t i = 0; i < n; i++)
		amounts[i] = of[i].amount;
	qsort(amounts, n, sizeof(amounts[0]), by_size);
	int64_t median = amounts[n / 2];
	for (size_t i = 0; i < n && median > 0; i++)
		if (of[i].amount / UNUSUAL_FACTOR > median || of[i].amount < median / UNUSUAL_FACTOR)
			tell(c, "work.compute.payments.unusual", &of[i], 0, found);
}

/* The same account under two names. */
static int find_shared_accounts(struct computing *c, const struct payments *all, size_t *found)
{
	struct set index = {0};
	for (size_t i = 0; i < all->n; i++) {
		uint32_t *first;
		if (all->at[i].account.n == 0)
			continue;
		if (set_put(&index, c->arena, all->at[i].account, &first) < 0)
			return ERR_TOO_LARGE;
		if (*first == SET_NONE)
			*first = (uint32_t) i;
		else if (!str_eq(all->at[*first].payee, all->at[i].payee))
			tell(c, "work.compute.payments.shared", &all->at[i], all->at[*first].row, found);
	}
	return 0;
}

int compute_payments(struct computing *c, struct str csv)
{
	struct columns cols;
	struct payments all = {0};
	size_t found = 0;
	int r = columns_read(csv, c->arena, &cols);
	if (r >= 0)
		r = read_payments(c, &cols, &all);
	if (r < 0)
		return r;
	COMPUTING_LINE(c, "work.compute.rows", {"count", computing_count(c, all.n)});
	qsort(all.at, all.n, sizeof(all.at[0]), by_payee);
	for (size_t from = 0, to; from < all.n; from = to) {
		for (to = from + 1; to < all.n && str_eq(all.at[to].payee, all.at[from].payee);)
			to++;
		find_duplicates(c, all.at + from, to - from, &found);
		find_changed_accounts(c, all.at + from, to - from, &found);
		find_unusual(c, all.at + from, to - from, &found);
		if (to - from == 1 && all.n > NEW_AFTER_ROWS && all.at[from].row > NEW_AFTER_ROWS)
			tell(c, "work.compute.payments.new", &all.at[from], 0, &found);
	}
	r = find_shared_accounts(c, &all, &found);
	COMPUTING_LINE(c, "work.compute.payments.found", {"count", computing_count(c, found)});
	return r;
}
