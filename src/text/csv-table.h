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

/* The text of a file as UTF-8 without a byte-order mark: bytes itself, or converted into a. ERR_INVALID: neither UTF-8
 * nor Windows-31J; ERR_TOO_LARGE. */
int csv_decode(struct str bytes, struct arena *a, struct str *ret);

/* Row by row; empty lines are left out. row->at holds for the call alone, the fields as long as a; what take returns,
 * if not 0, ends it and is returned. ERR_INVALID: a quote that nothing closes; ERR_TOO_LARGE: more columns or bytes in
 * a field than allowed, or a is full. *ret_line, which may be NULL, is then the line where the row begins. */
typedef int csv_take(void *context, const struct csv_row *row);
int csv_each(struct str text, struct arena *a, csv_take *take, void *context, size_t *ret_line);

/* Decoded, and all rows into a. Errors of both, and ERR_TOO_LARGE of more than rows_max; *ret_line (may be NULL) is 0
 * where bytes could not be decoded. */
int csv_read(struct str bytes, size_t rows_max, struct arena *a, struct csv_table *ret, size_t *ret_line);
/* Nothing stands in any of its fields: a line of only commas. */
bool csv_is_blank(const struct csv_table *t, size_t row);
/* The field of a row; empty where the row is shorter. */
struct str csv_field(const struct csv_table *t, size_t row, size_t column);
