/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/columns.h"

#include <time.h>

#include "base/err.h"
#include "work/amount.h"

static bool is_kind(struct str cell, enum column_kind kind)
{
	int64_t value;
	return kind == COLUMN_AMOUNT ? work_parse_amount(cell, &value) : work_parse_day(cell, &value);
}

/* Four of five cells that are not empty decide: tables have "-" and notes in them. */
static enum column_kind kind_of(const struct csv_table *t, size_t first_row, size_t column)
{
	static const enum column_kind kinds[] = {COLUMN_DAY, COLUMN_AMOUNT};
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		size_t filled = 0, fits = 0;
		for (size_t row = first_row; row < t->n; row++) {
			struct str cell = csv_field(t, row, column);
			filled += cell.n > 0;
			fits += cell.n > 0 && is_kind(cell, kinds[k]);
		}
		if (filled > 0 && fits * 5 >= filled * 4)
			return kinds[k];
	}
	return COLUMN_TEXT;
}

/* The first line names the columns when none of its cells is a number or day. */
static bool has_names(const struct csv_table *t)
{
	for (size_t i = 0; i < t->at[0].n; i++)
		if (is_kind(t->at[0].at[i], COLUMN_AMOUNT) || is_kind(t->at[0].at[i], COLUMN_DAY))
			return false;
	return true;
}

int columns_read(struct str csv, struct arena *a, struct columns *ret)
{
	struct columns c = {0};
	int r = csv_read(csv, WORK_ROWS_MAX, a, &c.table, NULL);
	if (r < 0)
		return r;
	if (c.table.n == 0)
		return ERR_INVALID;
	c.first_row = has_names(&c.table) ? 1 : 0;
	for (size_t row = 0; row < c.table.n; row++)
		c.n = c.table.at[row].n > c.n ? c.table.at[row].n : c.n;
	c.at = ARENA_ARRAY(a, struct column, c.n);
	if (!c.at)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < c.n; i++) {
		struct str name = c.first_row ? csv_field(&c.table, 0, i) : (struct str){NULL, 0};
		c.at[i].name = name.n > 0 ? name : arena_printf(a, "%zu", i + 1);
		c.at[i].kind = kind_of(&c.table, c.first_row, i);
	}
	*ret = c;
	return 0;
}

size_t columns_find(const struct columns *c, enum column_kind kind, const char *const *words, size_t count)
{
	for (size_t w = 0; w < count; w++)
		for (size_t i = 0; i < c->n; i++)
			if (c->at[i].kind == kind &&
			    str_find_icase(c->at[i].name, str_of(words[w]), 0) != STR_NOT_FOUND)
				return i;
	for (size_t i = 0; i < c->n && count == 0; i++)
		if (c->at[i].kind == kind)
			return i;
	return SIZE_MAX;
}

int64_t month_of_day(int64_t days)
{
	time_t when = (time_t) days * 86400;
	struct tm day;
	gmtime_r(&when, &day);
	return ((int64_t) day.tm_year + 1900) * 12 + day.tm_mon;
}

void month_split(int64_t month, int *ret_year, int *ret_month)
{
	*ret_year = (int) (month / 12);
	*ret_month = (int) (month % 12) + 1;
}
