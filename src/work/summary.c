/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/amount.h"
#include "work/columns.h"
#include "work/computations.h"

#include <stdlib.h>

#include "base/err.h"
#include "rules/set.h"

enum { SHOWN_MAX = 20, NAME_SHOWN_MAX_BYTES = 60 };

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;
	return x < y ? -1 : x > y;
}

static void describe_column(struct computing *c, const struct columns *cols, size_t column)
{
	size_t n = 0, rows = cols->table.n - cols->first_row;
	int64_t sum = 0, *values = ARENA_ARRAY(c->arena, int64_t, rows);
	if (!values)
		return;
	for (size_t row = cols->first_row; row < cols->table.n; row++)
		if (work_parse_amount(csv_field(&cols->table, row, column), &values[n]) &&
		    !__builtin_add_overflow(sum, values[n], &sum))
			n++;
	if (n == 0)
		return;
	qsort(values, n, sizeof(values[0]), by_value);
	int64_t median = n % 2 ? values[n / 2] : values[n / 2 - 1] / 2 + values[n / 2] / 2;
	COMPUTING_LINE(c, "work.compute.column", {"name", cols->at[column].name}, {"count", computing_count(c, n)},
	               {"sum", computing_amount(c, sum)}, {"mean", computing_amount(c, sum / (int64_t) n)},
	               {"least", computing_amount(c, values[0])}, {"median", computing_amount(c, median)},
	               {"most", computing_amount(c, values[n - 1])});
}

struct group {
	struct str name;
	int64_t key; /* of a month */
	int64_t sum;
	size_t count;
};

struct groups {
	struct group *at;
	size_t n, cap;
};

static int larger_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	return x->sum < y->sum ? 1 : x->sum > y->sum ? -1 : str_cmp(x->name, y->name);
}

static int earlier_first(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	return x->key < y->key ? -1 : x->key > y->key;
}

static struct group *group_of(struct computing *c, struct groups *groups, struct set *index, struct str name)
{
	uint32_t *number;
	if (set_put(index, c->arena, name, &number) < 0)
		return NULL;
	if (*number == SET_NONE) {
		struct group *g = ARENA_PUSH(c->arena, groups);
		if (!g)
			return NULL;
		g->name = name;
		*number = (uint32_t) groups->n - 1;
	}
	return &groups->at[*number];
}

static int add_up(struct computing *c, const struct columns *cols, size_t by, size_t column, struct groups *groups)
{
	struct set index = {0};
	bool months = cols->at[by].kind == COLUMN_DAY;
	for (size_t row = cols->first_row; row < cols->table.n; row++) {
		struct str cell = csv_field(&cols->table, row, by);
		int64_t amount, day = 0;
		if (cell.n == 0 || !work_parse_amount(csv_field(&cols->table, row, column), &amount) ||
		    (months && !work_parse_day(cell, &day)))
			continue;
		int64_t month = months ? month_of_day(day) : 0;
		int year = 0, of_year = 0;
		if (months) {
			month_split(month, &year, &of_year);
			cell = arena_printf(c->arena, "%04d-%02d", year, of_year);
		}
		struct group *g = group_of(c, groups, &index, cell);
		if (!g)
			return ERR_TOO_LARGE;
		g->key = month;
		g->count += !__builtin_add_overflow(g->sum, amount, &g->sum);
	}
	return 0;
}

/* Never half a character. */
static struct str cut_name(struct str name)
{
	size_t n = name.n < NAME_SHOWN_MAX_BYTES ? name.n : NAME_SHOWN_MAX_BYTES;
	while (n < name.n && n > 0 && ((unsigned char) name.p[n] & 0xC0) == 0x80)
		n--;
	return str_slice(name, 0, n);
}

static void show_group(struct computing *c, const struct group *g)
{
	COMPUTING_LINE(c, "work.compute.group", {"name", cut_name(g->name)}, {"sum", computing_amount(c, g->sum)},
	               {"count", computing_count(c, g->count)});
}

static int describe_groups(struct computing *c, const struct columns *cols, size_t by, size_t column)
{
	struct groups groups = {0};
	bool months = cols->at[by].kind == COLUMN_DAY;
	int r = add_up(c, cols, by, column, &groups);
	if (r < 0 || groups.n < 2 || (!months && groups.n > WORK_GROUPS_MAX))
		return r;
	qsort(groups.at, groups.n, sizeof(groups.at[0]), months ? earlier_first : larger_first);
	COMPUTING_LINE(c, "work.compute.by", {"by", cols->at[by].name}, {"name", cols->at[column].name});
	size_t from = months && groups.n > 2 * SHOWN_MAX ? groups.n - 2 * SHOWN_MAX : 0;
	size_t to = months || groups.n <= SHOWN_MAX ? groups.n : SHOWN_MAX;
	struct group rest = {.name = str_of(i18n_text(c->language, "work.compute.other"))};
	for (size_t i = from; i < to; i++)
		show_group(c, &groups.at[i]);
	for (size_t i = to; i < groups.n; i++) {
		rest.sum += groups.at[i].sum;
		rest.count += groups.at[i].count;
	}
	if (rest.count > 0)
		show_group(c, &rest);
	return 0;
}

int compute_summary(struct computing *c, struct str csv)
{
	struct columns cols;
	int r = columns_read(csv, c->arena, &cols);
	if (r < 0)
		return r;
	size_t first = columns_find(&cols, COLUMN_AMOUNT, NULL, 0);
	if (first == SIZE_MAX) {
		c->problem = "work.compute.no-numbers";
		return ERR_INVALID;
	}
	COMPUTING_LINE(c, "work.compute.rows", {"count", computing_count(c, cols.table.n - cols.first_row)});
	for (size_t i = 0; i < cols.n; i++)
		if (cols.at[i].kind == COLUMN_AMOUNT)
			describe_column(c, &cols, i);
	for (size_t by = 0; r >= 0 && by < cols.n; by++)
		for (size_t i = 0; r >= 0 && i < cols.n; i++)
			if (cols.at[by].kind != COLUMN_AMOUNT && cols.at[i].kind == COLUMN_AMOUNT)
				r = describe_groups(c, &cols, by, i);
	return r;
}
