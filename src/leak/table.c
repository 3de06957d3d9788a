/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table is a stretch of lines with the same separator at least as often as in its first line, which is the heading:
 * it holds a known label,
 * no digits and nothing that sets a value (: =). Lines are looked at once per window, and only when somebody asks. */
#include "leak/table.h"

#include "leak/data.h"

_Static_assert(LEAK_GROUP_COUNT <= 32, "groups are bits of 32");

enum {
	HEADING_DIGITS_MAX = 2, /* 電話1 */
	PAIR_MAX_BYTES = 60,    /* of a heading with two columns */
};

struct line {
	size_t start, end;
	size_t counts[3]; /* of each separator */
};

static const char separators[] = "\t|,";

static size_t count_bytes(const char *p, size_t n, char c)
{
	size_t count = 0;
	for (const char *end = p + n; (p = memchr(p, c, (size_t) (end - p))); p++)
		count++;
	return count;
}

static struct line read_line(struct str s, size_t start)
{
	struct line l = {.start = start};
	const char *newline = memchr(s.p + start, '\n', s.n - start);
	l.end = newline ? (size_t) (newline - s.p) : s.n;
	for (size_t i = 0; i < ARRAY_SIZE(l.counts); i++)
		l.counts[i] = count_bytes(s.p + start, l.end - start, separators[i]);
	return l;
}

/* Which separator makes columns of this line; -1 none. */
static int separator_of(const struct line *l)
{
	if (l->counts[0] >= 1)
		return 0;
	if (l->counts[1] >= 1)
		return 1;
	return l->counts[2] >= 1 ? 2 : -1;
}

/* Walks to place and counts the columns on the way; words come nearly in order, so that all steps together are linear.
 */
static void walk_to(struct str s, size_t place, char separator, size_t *at, size_t *column)
{
	while (*at < place)
		*column += s.p[(*at)++] == separator;
	while (*at > place)
		*column -= s.p[--*at] == separator;
}

/* The labels of a heading by column; false when it is none. */
static bool read_heading(const struct leak_state *st, const struct line *l, struct leak_table *t)
{
	bool any = false;
	size_t digits = 0, columns = 0, at = l->start, column = 0;
	for (size_t i = l->start; i < l->end; i++) {
		digits = ascii_is_digit(st->text.p[i]) ? digits + 1 : 0;
		if (digits > HEADING_DIGITS_MAX || st->text.p[i] == ':' || st->text.p[i] == '=')
			return false;
	}
	for (size_t i = leak_word_from(st, l->start); i < st->words.n && st->words.at[i].end <= l->end; i++) {
		const struct leak_word *w = &st->words.at[i];
		walk_to(st->text, w->start < l->start ? l->start : w->start, t->separator, &at, &column);
		if (column < LEAK_TABLE_COLUMNS_MAX) {
			columns += t->groups[column] == 0;
			t->groups[column] |= 1u << w->group;
			any = true;
		}
	}
	/* One comma alone is mostly a sentence. */
	return any &&
	       (t->separator != ',' || t->separators > 1 || (columns == 2 && l->end - l->start <= PAIR_MAX_BYTES));
}

/* The table that begins at this line, or goes on from the window before; *ret_next: the line behind it. */
static bool read_table(struct leak_state *st, const struct line *first, const struct leak_table *before,
                       struct leak_table *ret, size_t *ret_next)
{
	int separator = separator_of(first);
	*ret_next = first->end + 1;
	if (separator < 0)
		return false;
	*ret = (struct leak_table){
	        .separators =
	                (uint16_t) (first->counts[separator] < UINT16_MAX ? first->counts[separator] : UINT16_MAX),
	        .separator = separators[separator],
	        .start = (uint32_t) (first->end < st->text.n ? first->end + 1 : first->end)};
	bool known = read_heading(st, first, ret);
	if (!known && before && before->separator == ret->separator && first->counts[separator] >= before->separators) {
		*ret = *before;
		ret->start = (uint32_t) first->start;
		known = true;
	}
	if (!known)
		return false;
	size_t at = *ret_next;
	for (size_t rows = 0; at < st->text.n; rows++) {
		struct line l = read_line(st->text, at);
		if (l.counts[separator] < ret->separators)
			break;
		at = l.end + 1;
	}
	ret->end = (uint32_t) (at < st->text.n ? at : st->text.n);
	*ret_next = at;
	return ret->end > ret->start;
}

/* The table whose heading may be this line; *ret_next: where to go on. */
static void try_line(struct leak_state *st, struct leak_table_list *list, size_t start, const struct leak_table *before,
                     size_t *ret_next)
{
	struct leak_table t;
	struct line l = read_line(st->text, start);
	if (!read_table(st, &l, before, &t, ret_next))
		return;
	struct leak_table *slot = leak_list_push(&list->tables, sizeof(*slot), LEAK_TABLES_MAX);
	if (slot)
		*slot = t;
	list->goes_on = t.end == st->text.n;
	list->last = t;
}

/* Only a line with a known word can be a heading, so the other lines are not looked at. */
static void find_tables(struct leak_state *st, struct leak_table_list *list)
{
	size_t next = 0;
	bool goes_on = list->goes_on && st->from > 0;
	list->known = true;
	list->tables.n = 0;
	list->goes_on = false;
	if (goes_on) { /* the window begins amid a line */
		const char *newline = memchr(st->text.p, '\n', st->text.n);
		next = newline ? (size_t) (newline - st->text.p) + 1 : st->text.n;
		if (next < st->from)
			try_line(st, list, next, &list->last, &next);
	}
	for (size_t i = 0; i < st->words.n; i++) {
		size_t start = st->words.at[i].start;
		if (start < next)
			continue;
		const char *newline = memrchr(st->text.p + next, '\n', start - next);
		try_line(st, list, newline ? (size_t) (newline - st->text.p) + 1 : next, NULL, &next);
	}
}

const struct leak_table *leak_tables(struct leak_state *st, size_t *ret_n)
{
	struct leak_table_list *list = leak_table_list(st);
	if (!list->known)
		find_tables(st, list);
	*ret_n = list->tables.n;
	return list->tables.at;
}

static const struct leak_table *table_at(struct leak_state *st, size_t place)
{
	size_t n, low = 0;
	const struct leak_table *t = leak_tables(st, &n);
	for (size_t high = n; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (t[middle].end <= place)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && place >= t[low].start ? &t[low] : NULL;
}

uint32_t leak_table_groups(struct leak_state *st, size_t place, bool *ret_inside)
{
	const struct leak_table *t = table_at(st, place);
	*ret_inside = t != NULL;
	if (!t)
		return 0;
	size_t line = place;
	while (line > t->start && place - line < LEAK_OVERLAP_BYTES && st->text.p[line - 1] != '\n')
		line--;
	size_t column = 0;
	walk_to(st->text, place, t->separator, &line, &column);
	return column < LEAK_TABLE_COLUMNS_MAX ? t->groups[column] : 0;
}

static bool is_padding(char c)
{
	return c == ' ' || c == '"' || c == '\'' || c == '\r';
}

static void show_cell(struct leak_state *st, size_t start, size_t end,
                      void (*each)(struct leak_state *st, size_t start, size_t end))
{
	while (start < end && is_padding(st->text.p[start]))
		start++;
	while (end > start && is_padding(st->text.p[end - 1]))
		end--;
	if (start < end)
		each(st, start, end);
}

static void show_row(struct leak_state *st, const struct leak_table *t, size_t start, size_t end, uint32_t bit,
                     void (*each)(struct leak_state *st, size_t start, size_t end))
{
	size_t column = 0, cell = start;
	for (size_t i = start; i <= end && column < LEAK_TABLE_COLUMNS_MAX; i++)
		if (i == end || st->text.p[i] == t->separator) {
			if (t->groups[column] & bit)
				show_cell(st, cell, i, each);
			cell = i + 1;
			column++;
		}
}

void leak_table_cells(struct leak_state *st, enum leak_group group,
                      void (*each)(struct leak_state *st, size_t start, size_t end))
{
	size_t n;
	const struct leak_table *tables = leak_tables(st, &n);
	uint32_t bit = 1u << group;
	for (size_t i = 0; i < n; i++) {
		bool has = false;
		for (size_t column = 0; column < LEAK_TABLE_COLUMNS_MAX && !has; column++)
			has = tables[i].groups[column] & bit;
		for (size_t at = tables[i].start; has && at < tables[i].end;) {
			struct line l = read_line(st->text, at);
			show_row(st, &tables[i], l.start, l.end, bit, each);
			at = l.end + 1;
		}
	}
}
