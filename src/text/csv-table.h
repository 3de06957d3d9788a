/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables as offices have them: comma, semicolon or tab (the one that the first line has most of), in UTF-8 with or
 * without a byte-order mark or in Windows-31J, as Excel in Japanese writes it, quoted fields with line ends inside (RFC
 * 4180). Parsed by libcsv. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum { CSV_FIELD_MAX_BYTES = 64 * 1024, CSV_COLUMNS_MAX = 500 };

struct csv_row {
	struct str *at;
	size_t n, cap;
	size_t line; /* of the file, from 1, on which the row begins */
};

struct csv_table {
	struct csv_row *at;
	size_t n, cap;
};

/* All rows into a. Empty lines are left out. ERR_TOO_LARGE: more rows, columns or bytes in a field than allowed, or a
 * is full; ERR_INVALID: bytes that are neither UTF-8 nor Windows-31J. */
int csv_read(struct str bytes, size_t rows_max, struct arena *a, struct csv_table *ret);
/* Nothing stands in any of its fields: a line of only commas. */
bool csv_is_blank(const struct csv_table *t, size_t row);
/* The field of a row; empty where the row is shorter. */
struct str csv_field(const struct csv_table *t, size_t row, size_t column);
