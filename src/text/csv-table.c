/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/csv-table.h"

#include <csv.h>
#include <string.h>
#include <unicode/ucnv.h>

#include "base/err.h"
#include "text/fold.h"

struct reading {
	struct arena *arena;
	struct csv_row row;
	csv_take *take;
	void *context;
	size_t line; /* of the piece that is parsed */
	bool is_inside;
	int error;
};

static void take_field(void *field, size_t n, void *context)
{
	struct reading *r = context;
	struct str *slot = r->error == 0 && n <= CSV_FIELD_MAX_BYTES && r->row.n < CSV_COLUMNS_MAX
	                           ? ARENA_PUSH(r->arena, &r->row)
	                           : NULL;
	if (slot)
		*slot = arena_dup(r->arena, str_trim(str_make(field, n)));
	else
		r->error = ERR_TOO_LARGE;
}

static void take_row(int terminator, void *context)
{
	struct reading *r = context;
	(void) terminator;
	if (r->error == 0)
		r->error = r->take(r->context, &r->row);
	if (r->error == 0) { /* else the line stays that of the bad row */
		r->row.n = 0;
		r->is_inside = false;
	}
}

static unsigned char choose_delimiter(struct str bytes)
{
	static const char candidates[] = {',', '\t', ';'};
	struct str rest = bytes, line = {NULL, 0};
	size_t most = 0;
	char best = ',';
	str_next_line(&rest, &line);
	for (size_t i = 0; i < sizeof(candidates); i++) {
		size_t count = 0;
		for (size_t at = 0; (at = str_find_char(line, candidates[i], at)) != STR_NOT_FOUND; at++)
			count++;
		if (count > most) {
			most = count;
			best = candidates[i];
		}
	}
	return (unsigned char) best;
}

static bool is_utf8(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		size_t before = at;
		if (text_next(s, &at) == UINT32_C(0xFFFD) &&
		    !str_starts_with(str_slice(s, before, s.n), STR("\xEF\xBF\xBD")))
			return false;
	}
	return true;
}

/* What Excel in Japanese writes as plain "CSV". */
static int from_windows_31j(struct str bytes, struct arena *a, struct str *ret)
{
	UErrorCode error = U_ZERO_ERROR;
	size_t most = bytes.n * 3 + 1; /* two bytes there are at most three here */
	UConverter *from = ucnv_open("windows-31j", &error), *to = ucnv_open("UTF-8", &error);
	char *start = U_SUCCESS(error) && most < INT32_MAX ? arena_alloc(a, most) : NULL, *at = start;
	const char *source = bytes.p;
	UChar pivot[1024], *pivot_from = pivot, *pivot_to = pivot;
	if (start) {
		ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
		ucnv_convertEx(to, from, &at, start + most, &source, bytes.p + bytes.n, pivot, &pivot_from, &pivot_to,
		               pivot + ARRAY_SIZE(pivot), true, true, &error);
		*ret = str_make(start, (size_t) (at - start));
	}
	ucnv_close(from);
	ucnv_close(to);
	return !start ? ERR_TOO_LARGE : U_FAILURE(error) ? ERR_INVALID : 0;
}

int csv_decode(struct str bytes, struct arena *a, struct str *ret)
{
	if (str_starts_with(bytes, STR("\xEF\xBB\xBF")))
		bytes = str_slice(bytes, 3, bytes.n);
	*ret = bytes;
	return is_utf8(bytes) ? 0 : from_windows_31j(bytes, a, ret);
}

/* Line by line, so that each row knows where it begins: a field may hold line ends, and empty lines are no rows. */
static void parse_lines(struct csv_parser *parser, struct str bytes, struct reading *r)
{
	while (bytes.n > 0 && r->error == 0) {
		size_t end = str_find_char(bytes, '\n', 0);
		struct str piece = str_slice(bytes, 0, end == STR_NOT_FOUND ? bytes.n : end + 1);
		bytes = str_slice(bytes, piece.n, bytes.n);
		r->line++;
		if (!r->is_inside)
			r->row.line = r->line;
		r->is_inside |= str_trim(piece).n > 0;
		if (csv_parse(parser, piece.p, piece.n, take_field, take_row, r) != piece.n)
			r->error = ERR_TOO_LARGE;
	}
}

int csv_each(struct str text, struct arena *a, csv_take *take, void *context, size_t *ret_line)
{
	struct reading r = {.arena = a, .take = take, .context = context};
	struct csv_parser parser;

	CHECK(csv_init(&parser, 0) == 0);
	csv_set_delim(&parser, choose_delimiter(text));
	parse_lines(&parser, text, &r);
	/* A line end closes the last row, unless a quote is open. */
	if (r.error == 0 && r.is_inside)
		csv_parse(&parser, "\n", 1, take_field, take_row, &r);
	if (r.error == 0 && r.is_inside)
		r.error = ERR_INVALID;
	csv_free(&parser);
	if (r.error != 0 && ret_line)
		*ret_line = r.row.line;
	return r.error;
}

struct gathering {
	struct arena *arena;
	struct csv_table table;
	size_t rows_max;
};

static int gather(void *context, const struct csv_row *row)
{
	struct gathering *g = context;
	struct csv_row *slot = g->table.n < g->rows_max ? ARENA_PUSH(g->arena, &g->table) : NULL;
	struct str *at = slot ? arena_alloc_array(g->arena, row->n, sizeof(*at)) : NULL;
	if (!at)
		return ERR_TOO_LARGE;
	memcpy(at, row->at, row->n * sizeof(*at));
	*slot = (struct csv_row){.at = at, .n = row->n, .cap = row->n, .line = row->line};
	return 0;
}

int csv_read(struct str bytes, size_t rows_max, struct arena *a, struct csv_table *ret, size_t *ret_line)
{
	struct gathering g = {.arena = a, .rows_max = rows_max};
	struct str text;

	if (ret_line)
		*ret_line = 0;
	int r = csv_decode(bytes, a, &text);
	if (r >= 0)
		r = csv_each(text, a, gather, &g, ret_line);
	if (r >= 0)
		*ret = g.table;
	return r;
}

struct str csv_field(const struct csv_table *t, size_t row, size_t column)
{
	return row < t->n && column < t->at[row].n ? t->at[row].at[column] : (struct str){NULL, 0};
}

bool csv_is_blank(const struct csv_table *t, size_t row)
{
	for (size_t i = 0; row < t->n && i < t->at[row].n; i++)
		if (t->at[row].at[i].n > 0)
			return false;
	return true;
}
