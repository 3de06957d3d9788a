/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the columns of a table hold. Inside src/work only. */
#pragma once

#include "text/csv-table.h"
#include "work/computing.h"

enum column_kind { COLUMN_TEXT, COLUMN_AMOUNT, COLUMN_DAY };

struct column {
	struct str name;
	enum column_kind kind;
};

struct columns {
	struct csv_table table;
	size_t first_row; /* 1 when the first line names the columns */
	struct column *at;
	size_t n;
};

/* Parses the CSV and tells the columns. ERR_INVALID: no table; ERR_TOO_LARGE. */
int columns_read(struct str csv, struct arena *a, struct columns *ret);
/* The first column of a kind; of text one whose name holds one of the words first. SIZE_MAX: none. */
size_t columns_find(const struct columns *c, enum column_kind kind, const char *const *words, size_t count);
/* Month as a number that counts on, and back to its year and month. */
int64_t month_of_day(int64_t days);
void month_split(int64_t month, int *ret_year, int *ret_month);
