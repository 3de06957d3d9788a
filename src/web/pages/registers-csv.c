/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 台帳 as CSV: out for Excel, and in after a look: every line is checked, all come in or none. A line with a number
 * changes that entry; one without changes the entry that it fits by name, or is new. Columns that the file does not
 * have keep what is stored. */
#include "base/buf.h"
#include "base/err.h"
#include "text/csv-table.h"
#include "web/pages/register-merge.h"
#include "web/pages/rows.h"

enum {
	CSV_MAX_BYTES = 8 * 1024 * 1024,
	IMPORT_ROWS_MAX = 1000,
	IMPORT_MAX_BYTES = 2 * 1024 * 1024,
	IMPORT_SHOWN_MAX = 200,
	SHOWN_MAX_BYTES = 60,
	NO_FIELD = -1,
	ID_FIELD = -2
};

static int find_kind(const struct page *p, const struct register_kind **ret)
{
	*ret = register_find(page_parameter(p, "register"));
	return *ret ? 0 : ERR_NOT_FOUND;
}

/* ---- out ---- */

int register_csv_page(struct page *p)
{
	const struct register_kind *kind;
	struct register_items list;
	int r = find_kind(p, &kind);
	if (r >= 0)
		r = register_list(p, kind, &list);
	if (r < 0)
		return r;
	CLEANUP(buf_done) struct buf b = buf_make(CSV_MAX_BYTES);
	buf_add_c(&b, ROWS_CSV_BOM);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "registers.number")), false);
	for (size_t i = 0; i < kind->n; i++)
		rows_csv_cell(&b, register_label(p, &kind->fields[i], p->language), i + 1 == kind->n);
	for (size_t k = 0; k < list.n; k++) {
		rows_csv_cell(&b, arena_printf(p->arena, "%llu", (unsigned long long) list.at[k].id), false);
		for (size_t i = 0; i < kind->n; i++)
			rows_csv_cell(&b, register_shown(&kind->fields[i], list.at[k].value[i], p->language),
			              i + 1 == kind->n);
	}
	char name[64];
	snprintf(name, sizeof(name), "%s.csv", kind->word);
	return buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", name, buf_str(&b));
}

/* ---- in ---- */

struct import {
	const struct register_kind *kind;
	int field[CSV_COLUMNS_MAX]; /* of each column; NO_FIELD: an empty heading */
	size_t columns;
	struct register_columns has;
	struct register_items now, lines; /* kept; read so far, as they stand in the file */
	size_t line_of[IMPORT_ROWS_MAX];
	bool *taken; /* of now */
	struct keep_item_list rows;
	json_t *shown;
	uint64_t added, changed, merged, same, twice, empty;
};

static bool is_label(const struct page *p, const struct register_field *field, struct str text)
{
	return str_eq_c(text, field->name) || str_eq(text, register_label(p, field, LANGUAGE_JA)) ||
	       str_eq_icase(text, register_label(p, field, LANGUAGE_EN));
}

static bool is_number_heading(struct str text)
{
	return str_eq_c(text, "id") || str_eq_c(text, i18n_text(LANGUAGE_JA, "registers.number")) ||
	       str_eq_icase(text, str_of(i18n_text(LANGUAGE_EN, "registers.number")));
}

static int complain(struct page *p, const char *key, size_t line, struct str what)
{
	page_put(p, "bad_line", json_integer((json_int_t) line));
	page_put_str(p, "bad_what", what);
	page_problem(p, key, "file");
	return ERR_INVALID;
}

static int read_heading(struct page *p, const struct csv_table *t, struct import *m)
{
	const struct register_kind *kind = m->kind;
	bool has_number = false;
	m->columns = t->at[0].n;
	for (size_t c = 0; c < m->columns; c++) {
		struct str text = str_trim(csv_field(t, 0, c));
		m->field[c] = is_number_heading(text) ? ID_FIELD : NO_FIELD;
		for (size_t i = 0; i < kind->n && m->field[c] == NO_FIELD; i++)
			if (is_label(p, &kind->fields[i], text))
				m->field[c] = (int) i;
		if (m->field[c] == NO_FIELD && text.n > 0)
			return complain(p, "registers.problem.column", t->at[0].line, text);
		bool *has = m->field[c] == ID_FIELD ? &has_number : m->field[c] >= 0 ? &m->has.has[m->field[c]] : NULL;
		if (has && *has)
			return complain(p, "registers.problem.column-twice", t->at[0].line, text);
		if (has)
			*has = true;
	}
	return 0;
}

/* The word of a choice by its label in either language. */
static struct str choice_word(const struct register_field *field, struct str text)
{
	struct str rest = str_of(field->choices ? field->choices : "");
	while (rest.n > 0) {
		size_t blank = str_find_char(rest, ' ', 0);
		struct str word = str_slice(rest, 0, blank);
		rest = blank == STR_NOT_FOUND ? STR("") : str_slice(rest, blank + 1, rest.n);
		if (str_eq(text, register_shown(field, word, LANGUAGE_JA)) ||
		    str_eq_icase(text, register_shown(field, word, LANGUAGE_EN)))
			return word;
	}
	return text;
}

/* Excel writes 2027/1/5 where it was given 2027-01-05. */
static struct str day_text(const struct page *p, struct str text)
{
	uint64_t year, month, day;
	size_t first = str_find_char(text, '/', 0);
	size_t second = first == STR_NOT_FOUND ? first : str_find_char(text, '/', first + 1);
	if (second == STR_NOT_FOUND || str_parse_u64(str_slice(text, 0, first), 9999, &year) < 0 ||
	    str_parse_u64(str_slice(text, first + 1, second), 12, &month) < 0 ||
	    str_parse_u64(str_slice(text, second + 1, text.n), 31, &day) < 0)
		return text;
	return arena_printf(p->arena, "%04u-%02u-%02u", (unsigned) year, (unsigned) month, (unsigned) day);
}

static int read_cell(struct page *p, const struct register_kind *kind, int at, struct str text, size_t line,
                     struct register_item *item)
{
	if (at == NO_FIELD)
		return 0;
	if (at == ID_FIELD)
		return text.n > 0 && (str_parse_u64(text, INT64_MAX, &item->id) < 0 || item->id == 0)
		               ? complain(p, "registers.problem.number", line, text)
		               : 0;
	const struct register_field *field = &kind->fields[at];
	text = field->kind == FIELD_CHOICE ? choice_word(field, text)
	       : field->kind == FIELD_DAY  ? day_text(p, text)
	                                   : text;
	item->value[at] = rows_csv_value(text);
	return 0;
}

/* ---- which entry a line is about ---- */

static int find_by_number(struct page *p, const struct import *m, size_t line, uint64_t id, size_t *ret)
{
	for (size_t i = 0; i < m->now.n; i++)
		if (m->now.at[i].id == id) {
			*ret = i;
			return m->taken[i] ? complain(p, "registers.problem.number-twice", line,
			                              arena_printf(p->arena, "%llu", (unsigned long long) id))
			                   : 0;
		}
	return complain(p, "registers.problem.number", line, arena_printf(p->arena, "%llu", (unsigned long long) id));
}

/* 1: the very same line came before; ERR_INVALID: the same thing came before, said otherwise. */
static int find_twice(struct page *p, const struct import *m, size_t line, const struct register_item *item)
{
	for (size_t i = 0; i < m->lines.n; i++) {
		const struct register_item *before = &m->lines.at[i];
		if (!register_has_same_key(m->kind, before, item) || (before->id && item->id))
			continue;
		if (register_is_same(m->kind, before, item) && before->id == item->id)
			return 1;
		return complain(p, "registers.problem.twice", line,
		                arena_printf(p->arena, "%.*s（%zu）",
		                             STR_ARG(register_value(m->kind, item, m->kind->title)), m->line_of[i]));
	}
	return 0;
}

static int check_values(struct page *p, const struct import *m, size_t line, struct register_item *item)
{
	const struct register_kind *kind = m->kind;
	for (size_t i = 0; i < kind->n; i++)
		if (register_check(&kind->fields[i], item->value[i], p->arena, &item->value[i]) < 0)
			return complain(p, "registers.problem.cell", line,
			                arena_printf(p->arena, "%.*s 「%.*s」",
			                             STR_ARG(register_label(p, &kind->fields[i], p->language)),
			                             STR_ARG(str_slice(item->value[i], 0, SHOWN_MAX_BYTES))));
	return 0;
}

/* What the line does not speak of stays as it is. */
static void keep_other_columns(const struct import *m, const struct register_item *before, struct register_item *item)
{
	item->id = before->id;
	for (size_t i = 0; i < m->kind->n; i++)
		if (!m->has.has[i])
			item->value[i] = before->value[i];
}

static struct str difference(const struct page *p, const struct import *m, const struct register_item *before,
                             const struct register_item *item)
{
	struct str all = STR("");
	for (size_t i = 0; before && i < m->kind->n; i++) {
		const struct register_field *field = &m->kind->fields[i];
		if (str_eq(before->value[i], item->value[i]))
			continue;
		all = arena_printf(p->arena, "%.*s%s%.*s：%.*s → %.*s", STR_ARG(all), all.n ? "\n" : "",
		                   STR_ARG(register_label(p, field, p->language)),
		                   STR_ARG(register_shown(field, before->value[i], p->language)),
		                   STR_ARG(register_shown(field, item->value[i], p->language)));
	}
	return all;
}

static void show(const struct page *p, struct import *m, size_t line, const struct register_item *before,
                 const struct register_item *item, bool by_name)
{
	json_t *j = json_object();
	if (json_array_size(m->shown) >= IMPORT_SHOWN_MAX) {
		json_decref(j);
		return;
	}
	json_object_set_new(j, "line", json_integer((json_int_t) line));
	json_object_set_new(j, "title", page_json_str(register_value(m->kind, item, m->kind->title)));
	json_object_set_new(j, "is_new", json_boolean(!before));
	json_object_set_new(j, "by_name", json_boolean(by_name));
	json_object_set_new(j, "text", page_json_str(difference(p, m, before, item)));
	json_array_append_new(m->shown, j);
}

static int add_row(struct page *p, size_t line, struct register_item *item, struct import *m)
{
	const struct register_item *before = NULL;
	size_t at = 0;
	bool by_name = item->id == 0;
	struct register_item *slot = ARENA_PUSH(p->arena, &m->lines);
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = *item;
	m->line_of[m->lines.n - 1] = line;
	int r = by_name ? register_match(m->kind, &m->now, m->taken, &m->has, item, &at)
	                : find_by_number(p, m, line, item->id, &at);
	if (r == ERR_CONFLICT)
		return complain(p, "registers.problem.which", line, register_value(m->kind, item, m->kind->title));
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	if (r >= 0) {
		before = &m->now.at[at];
		m->taken[at] = true;
		keep_other_columns(m, before, item);
	}
	r = check_values(p, m, line, item);
	if (r < 0)
		return r;
	if (before && register_is_same(m->kind, before, item)) {
		m->same++;
		return 0;
	}
	m->changed += before != NULL;
	m->merged += before != NULL && by_name;
	m->added += before == NULL;
	show(p, m, line, before, item, before && by_name);
	struct keep_item *row = ARENA_PUSH(p->arena, &m->rows);
	if (!row)
		return ERR_TOO_LARGE;
	*row = register_row(p, m->kind, item);
	return 0;
}

static int read_row(struct page *p, const struct csv_table *t, size_t row, struct import *m)
{
	struct register_item item = {0};
	size_t line = t->at[row].line;
	int r = 0;
	if (csv_is_blank(t, row)) {
		m->empty++;
		return 0;
	}
	for (size_t c = 0; r >= 0 && c < m->columns; c++)
		r = read_cell(p, m->kind, m->field[c], str_trim(csv_field(t, row, c)), line, &item);
	if (r >= 0 && t->at[row].n > m->columns)
		r = complain(p, "registers.problem.cells", line, STR(""));
	/* Made fit where it can be, so that it compares with what is kept; what does not fit is said below. */
	for (size_t i = 0; r >= 0 && i < m->kind->n; i++)
		(void) register_check(&m->kind->fields[i], item.value[i], p->arena, &item.value[i]);
	if (r >= 0)
		r = find_twice(p, m, line, &item);
	if (r > 0)
		m->twice++;
	return r == 0 ? add_row(p, line, &item, m) : r;
}

static int read_file(struct page *p, struct str bytes, struct import *m)
{
	struct csv_table t = {0};
	size_t line = 0;
	int r = bytes.n > IMPORT_MAX_BYTES ? ERR_TOO_LARGE : csv_read(bytes, IMPORT_ROWS_MAX + 1, p->arena, &t, &line);
	if (r == ERR_INVALID && line > 0)
		return complain(p, "registers.problem.quote", line, STR(""));
	if (r == ERR_TOO_LARGE || r == ERR_INVALID) {
		page_problem(p, r == ERR_INVALID ? "registers.problem.utf8" : "registers.problem.large", "file");
		return ERR_INVALID;
	}
	if (r < 0)
		return r;
	if (t.n < 2)
		return complain(p, "registers.problem.no-lines", 1, STR(""));
	r = read_heading(p, &t, m);
	if (r >= 0)
		r = register_list(p, m->kind, &m->now);
	m->taken = r >= 0 ? arena_alloc_array(p->arena, m->now.n + 1, sizeof(*m->taken)) : NULL;
	if (r >= 0 && !m->taken)
		r = ERR_TOO_LARGE;
	for (size_t i = 1; r >= 0 && i < t.n; i++)
		r = read_row(p, &t, i, m);
	return r;
}

int register_import_page(struct page *p)
{
	const struct register_kind *kind;
	const struct page_upload *file = p->method == HTTP_POST ? page_upload(p, "file") : NULL;
	struct import *m = arena_alloc(p->arena, sizeof(*m));
	struct keep_item_save_out out;
	int r = m ? find_kind(p, &kind) : ERR_TOO_LARGE;
	if (r < 0)
		return r;
	*m = (struct import){.kind = kind, .shown = json_array()};
	page_put(p, "lines", m->shown);
	page_put_str(p, "register", str_of(kind->word));
	page_put(p, "register_label", rows_text(p, "register.", str_of(kind->word), ""));
	if (p->method == HTTP_GET)
		return 0;
	if (!file)
		return page_problem(p, "registers.problem.no-file", "file");
	r = read_file(p, file->bytes, m);
	if (r < 0)
		return r == ERR_INVALID ? 0 : r; /* the problem is on the page */
	bool takes = page_has_field(p, "take");
	struct keep_item_save_in in = {.items = m->rows};
	if (takes && m->rows.n > 0)
		r = keep_item_save(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_TOO_LARGE)
		return page_problem(p, "registers.problem.large", "file");
	if (r < 0)
		return r;
	page_put(p, "has_lines", json_boolean(m->rows.n > 0));
	page_put(p, "result",
	         json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "taken", (int) takes, "added",
	                   (json_int_t) m->added, "changed", (json_int_t) m->changed, "merged", (json_int_t) m->merged,
	                   "same", (json_int_t) m->same, "twice", (json_int_t) m->twice, "empty", (json_int_t) m->empty,
	                   "more", (json_int_t) (m->rows.n - json_array_size(m->shown))));
	return 0;
}
