/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Labels (氏名:, 担当 , "name":, 【宛名】) and headings of tables (氏名,電話 / | 氏名 | 電話 |) say where names stand.
 * What fills such a place is a name when the dictionary knows it, and for labels that can mean nothing else also when
 * it only has the shape of one. */
#include "leak/person-find.h"

enum column_kind { COLUMN_OTHER, COLUMN_NAME, COLUMN_NAME_STRICT, COLUMN_READING };

enum { LABEL_BACK_MAX = 14, VALUE_CHARS_MAX = 40, CELL_CHARS_MAX = 60, UNKNOWN_HAN_MAX = 6, UNKNOWN_KANA_MAX = 20 };

static bool is_quote(uint32_t c)
{
	return c == '"' || c == '\'' || c == '`' || c == 0x201C || c == 0x201D || c == '*';
}

static bool is_closing(uint32_t c)
{
	return c == ')' || c == ']' || c == 0x3011 || c == 0x300D || c == 0x300F || c == 0x3015 || c == '>' ||
	       c == 0x300B;
}

static bool is_opening(uint32_t c)
{
	return c == '(' || c == '[' || c == 0x3010 || c == 0x300C || c == 0x300E || c == 0x3014 || c == '<' ||
	       c == 0x300A;
}

/* Labels that mean a person and nothing else end in such a character, or are these words. */
static bool is_strict_label(const struct leak_line *line, size_t start, size_t end)
{
	static const char *const clear[] = {"名", "者", "人", "前", "様", "ナ", "な"};
	for (size_t i = 0; i < sizeof(clear) / sizeof(clear[0]); i++) {
		if (end - start >= 2 && line_starts_with(line, end - 1, clear[i]))
			return false;
	}
	return true;
}

static bool is_kana_label(const struct leak_line *line, size_t start, size_t end)
{
	static const char *const words[] = {"フリガナ", "ふりがな", "カナ", "かな", "ヨミ", "よみ", "読み", "kana"};
	for (size_t i = start; i < end; i++) {
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			if (line_starts_with(line, i, words[k]))
				return true;
		}
	}
	return false;
}

/* The label that ends before i: brackets and quotes behind it are passed over, (漢字) too. */
static bool label_before(const struct leak_line *line, size_t i, size_t *ret_start, size_t *ret_end)
{
	size_t end = i;
	while (end > 0 && (line->kind[end - 1] == CHAR_SPACE || is_quote(line->c[end - 1])))
		end--;
	if (end > 0 && is_closing(line->c[end - 1])) {
		size_t open = end - 1;
		while (open > 0 && end - open < LABEL_BACK_MAX && !is_opening(line->c[open - 1]))
			open--;
		if (open == 0 || !is_opening(line->c[open - 1]))
			return false;
		/* 【氏名】 or 氏名(漢字) */
		if (line_roles(line, open, end - 1 - open) & NAMES_BIT(LABEL)) {
			*ret_start = open;
			*ret_end = end - 1;
			return true;
		}
		end = open - 1;
		while (end > 0 && line->kind[end - 1] == CHAR_SPACE)
			end--;
	}
	for (size_t n = NAMES_WORD_MAX; n > 0; n--) {
		if (n > end || !(line_roles(line, end - n, n) & NAMES_BIT(LABEL)))
			continue;
		/* "name" inside "filename" is none; 氏名 inside 申込者氏名 is one. */
		if (line_kind(line, end - n) == CHAR_LATIN && end > n &&
		    (line_kind(line, end - n - 1) == CHAR_LATIN || line_char(line, end - n - 1) == '_' ||
		     line_char(line, end - n - 1) == '-' || line_char(line, end - n - 1) == '.'))
			return false;
		*ret_start = end - n;
		*ret_end = end;
		return true;
	}
	return false;
}

static bool ends_value(const struct leak_line *line, size_t i)
{
	uint32_t c = line_char(line, i);
	return c == ',' || c == '\t' || c == ';' || c == '|' || c == 0x3002 || c == '}' || c == '{';
}

/* Behind 、: a short word of kanji up to the next mark. */
static bool another_name(const struct leak_line *line, size_t i)
{
	size_t at = line_skip_spaces(line, i), start = at;
	while (at < line->n && at - start < 8 && (line->kind[at] == CHAR_HAN || line->kind[at] == CHAR_SPACE))
		at++;
	uint32_t c = line_char(line, at);
	return at > start && (at >= line->n || c == 0x3001 || c == '(' || c == ',' || c == ')' ||
	                      line_kind(line, at) == CHAR_HIRAGANA);
}

static void zone_after(struct leak_line *line, size_t at, bool strict, bool kana, bool list)
{
	while (at < line->n && (line->kind[at] == CHAR_SPACE || is_quote(line->c[at]) || is_opening(line->c[at])))
		at++;
	size_t end = at;
	while (end < line->n && end - at < VALUE_CHARS_MAX && !ends_value(line, end) &&
	       !(is_quote(line->c[end]) && end > at) && !(is_closing(line->c[end]) && !list)) {
		/* Two spaces end a value, unless a form pads its names. */
		if (line->kind[end] == CHAR_SPACE && line_kind(line, end + 1) == CHAR_SPACE && !list)
			break;
		if (line->c[end] == 0x3001 && !list && !another_name(line, end + 1))
			break;
		end++;
	}
	while (end > at && line->kind[end - 1] == CHAR_SPACE)
		end--;
	line_add_zone(line, at, end, strict, kana, list);
}

static bool is_separator(const struct leak_line *line, size_t i)
{
	uint32_t c = line->c[i];
	return c == ':' || c == '=' || c == '\t' || c == '|' || c == 0x3011 || c == ']' || c == 0x2192 || c == '>' ||
	       c == 0x2026 || c == 0xFF1A || (c == ',' && i > 0 && is_quote(line->c[i - 1]));
}

/* 作成日 2026/4/1 作成者 成瀬: inside a line only for names that the dictionary knows. */
static void labels_inside(struct leak_line *line)
{
	for (size_t i = 1; i < line->n; i++) {
		if (line->kind[i] < CHAR_HAN || !(line->any[i] & NAMES_BIT(LABEL)) || line->kind[i - 1] >= CHAR_LATIN)
			continue;
		size_t n = line_longest(line, i, NAMES_BIT(LABEL), NULL);
		if (n >= 2 && line_kind(line, i + n) == CHAR_SPACE && line_kind(line, i + n + 1) == CHAR_HAN)
			zone_after(line, i + n, true, false, false);
	}
}

/* At the beginning of a line a space alone may stand behind a label. */
static void label_by_space(struct leak_line *line)
{
	size_t at = 0;
	while (at < line->n && (line->kind[at] == CHAR_SPACE || line->kind[at] == CHAR_OTHER) && at < 6)
		at++;
	size_t n = line_longest(line, at, NAMES_BIT(LABEL), NULL);
	if (n >= 2 && line_kind(line, at + n) == CHAR_SPACE && line_kind(line, at) != CHAR_LATIN)
		zone_after(line, at + n, is_strict_label(line, at, at + n), is_kana_label(line, at, at + n), false);
}

static void mark_inline(struct leak_line *line)
{
	for (size_t i = 1; i < line->n && line->zones < LINE_ZONES_MAX; i++) {
		if (!is_separator(line, i))
			continue;
		size_t start = 0, end = 0, till = i + (is_closing(line->c[i]) ? 1 : 0);
		if (!label_before(line, till, &start, &end))
			continue;
		bool list = line_roles(line, start, end - start) & NAMES_BIT(LABEL_LIST);
		size_t at = i + 1;
		while (at < line->n && (line->c[at] == ':' || line->c[at] == '='))
			at++;
		zone_after(line, at, is_strict_label(line, start, end), is_kana_label(line, start, end), list);
	}
	label_by_space(line);
	labels_inside(line);
}

struct cell {
	size_t start, end;
};

/* The next cell from *at; false at the end of the line. Quotes and spaces around it are left out. */
static bool next_cell(const struct leak_line *line, char delimiter, size_t *at, struct cell *ret)
{
	if (*at > line->n)
		return false;
	size_t start = *at, i = start;
	bool quoted = line_char(line, line_skip_spaces(line, start)) == '"' && delimiter == ',';
	if (quoted) {
		i = line_skip_spaces(line, start) + 1;
		while (i < line->n && line->c[i] != '"')
			i++;
	}
	while (i < line->n && line->c[i] != (unsigned char) delimiter)
		i++;
	*at = i + 1;
	while (start < i && (line->kind[start] == CHAR_SPACE || is_quote(line->c[start])))
		start++;
	while (i > start && (line->kind[i - 1] == CHAR_SPACE || is_quote(line->c[i - 1])))
		i--;
	*ret = (struct cell){start, i};
	return true;
}

static enum column_kind column_of(const struct leak_line *line, const struct cell *cell)
{
	size_t start = cell->start, end = cell->end;
	if (end > start + 2 && is_closing(line->c[end - 1])) {
		if (is_kana_label(line, start, end) && line_longest(line, start, NAMES_BIT(LABEL), NULL))
			return COLUMN_READING;
		while (end > start && !is_opening(line->c[end - 1]))
			end--;
		end = end > start ? end - 1 : cell->end;
	}
	if (end <= start || end - start > NAMES_WORD_MAX * 2)
		return COLUMN_OTHER;
	size_t n = end - start <= NAMES_WORD_MAX ? end - start : NAMES_WORD_MAX;
	/* 申込者氏名: the last words count. */
	for (; n >= 1; n--) {
		if (!(line_roles(line, end - n, n) & NAMES_BIT(LABEL)))
			continue;
		if (n < end - start && line_kind(line, end - n) == CHAR_LATIN)
			return COLUMN_OTHER;
		if (is_kana_label(line, start, end))
			return COLUMN_READING;
		return is_strict_label(line, end - n, end) ? COLUMN_NAME_STRICT : COLUMN_NAME;
	}
	return COLUMN_OTHER;
}

static bool has_delimiter(const struct leak_line *line, char delimiter)
{
	return delimiter == ',' ? line->has_comma : delimiter == '\t' ? line->has_tab : line->has_bar;
}

static bool read_heading(struct person_state *state, const struct leak_line *line, char delimiter)
{
	struct person_state next = {.delimiter = delimiter};
	struct cell cell;
	size_t at = 0, cells = 0, names = 0, empty = 0;
	while (cells < PERSON_COLUMNS_MAX && next_cell(line, delimiter, &at, &cell)) {
		if (cell.end - cell.start > 24)
			return false;
		for (size_t i = cell.start; i < cell.end; i++) {
			if (line->c[i] == ':' || (line->c[i] == '@') || line->c[i] == 0x3002)
				return false;
		}
		empty += cell.start == cell.end;
		next.column[cells] = (uint8_t) column_of(line, &cell);
		names += next.column[cells++] != COLUMN_OTHER;
	}
	if (names == 0 || cells - empty < 2)
		return false;
	*state = next;
	return true;
}

static bool mark_row(struct person_state *state, struct leak_line *line)
{
	struct cell cell;
	size_t at = 0, cells = 0;
	while (cells < PERSON_COLUMNS_MAX && next_cell(line, state->delimiter, &at, &cell)) {
		enum column_kind kind = (enum column_kind) state->column[cells++];
		if (kind != COLUMN_OTHER && cell.end - cell.start <= CELL_CHARS_MAX)
			line_add_zone(line, cell.start, cell.end, kind == COLUMN_NAME_STRICT, kind == COLUMN_READING,
			              false);
	}
	return cells >= 2;
}

/* A line that is a label and nothing else: its value stands below. */
static void look_for_lone_label(struct person_state *state, const struct leak_line *line)
{
	size_t at = 0, end = line->n;
	while (at < end && (line->kind[at] == CHAR_SPACE || line->kind[at] == CHAR_OTHER))
		at++;
	while (end > at && (line->kind[end - 1] == CHAR_SPACE || line->kind[end - 1] == CHAR_OTHER))
		end--;
	state->label_above =
	        end > at && end - at <= NAMES_WORD_MAX && (line_roles(line, at, end - at) & NAMES_BIT(LABEL));
	state->label_above_kana = state->label_above && is_kana_label(line, at, end);
}

void person_mark_zones(struct person_state *state, struct leak_line *line)
{
	static const char delimiters[] = {',', '\t', '|'};
	bool label_above = state->label_above, kana = state->label_above_kana;
	state->label_above = false;
	if (line_skip_spaces(line, 0) >= line->n) {
		state->delimiter = 0;
		state->label_above = label_above;
		return;
	}
	if (!line->has_kana && !line->has_latin && !state->delimiter)
		return;
	for (size_t i = 0; i < sizeof(delimiters); i++) {
		if (has_delimiter(line, delimiters[i]) && read_heading(state, line, delimiters[i]))
			return;
	}
	if (state->delimiter && mark_row(state, line))
		return;
	state->delimiter = 0;
	if (label_above)
		zone_after(line, 0, false, kana, false);
	mark_inline(line);
	look_for_lone_label(state, line);
}

/* Any ordinary word of two or more kanji inside. */
static bool holds_word(const struct leak_line *line, size_t start, size_t end)
{
	for (size_t i = start; i + 1 < end; i++) {
		size_t n = line_longest(line, i, NAMES_BIT(COMMON) | NAMES_BIT(WORD), NULL);
		if (n >= 2 && i + n <= end)
			return true;
	}
	return false;
}

/* A department, a company, a state of things: ends in such a word or is one. */
static bool is_no_name(const struct leak_line *line, size_t start, size_t end)
{
	const uint64_t no = NAMES_BIT(NOT_PERSON) | NAMES_BIT(WORD) | NAMES_BIT(MUNICIPALITY) | NAMES_BIT(PREFECTURE) |
	                    NAMES_BIT(LABEL) | NAMES_BIT(TITLE) | NAMES_BIT(COMPANY_LEFT) | NAMES_BIT(SENSITIVE);
	if (line_roles(line, start, end - start) & no)
		return true;
	if (line_longest(line, start, NAMES_BIT(NOT_PERSON) | NAMES_BIT(COMPANY_LEFT), NULL))
		return true;
	return line_longest_before(line, end,
	                           NAMES_BIT(COMPANY_RIGHT) | NAMES_BIT(BEFORE) | NAMES_BIT(TITLE) |
	                                   NAMES_BIT(PLACE_RIGHT) | NAMES_BIT(NOT_PERSON)) > 0;
}

static size_t run(const struct leak_line *line, size_t at, size_t end, enum char_kind kind)
{
	while (at < end && line_kind(line, at) == kind)
		at++;
	return at;
}

static void take_unknown_han(struct leak_line *line, const struct line_zone *zone)
{
	size_t a = run(line, zone->start, zone->end, CHAR_HAN);
	size_t b = line_skip_spaces(line, a), end = a;
	if (b > a && b < zone->end)
		end = run(line, b, zone->end, CHAR_HAN);
	if (end == b && b < zone->end && b > a)
		end = run(line, b, zone->end, CHAR_HIRAGANA);
	if (end == b)
		end = a;
	/* An honorific behind it is not part of the name. */
	if (end < zone->end && !(line_longest(line, line_skip_spaces(line, end), NAMES_BIT(HONORIFIC), NULL)) &&
	    line_char(line, end) != '(' && line_kind(line, end) != CHAR_SPACE)
		return;
	size_t honorific = line_longest_before(line, end, NAMES_BIT(HONORIFIC));
	if (honorific && end - honorific > zone->start && end == a)
		end -= honorific;
	size_t length = end - zone->start;
	bool spaced = end > a;
	if (length < 2 || length > (size_t) UNKNOWN_HAN_MAX + spaced || (!spaced && length > 5))
		return;
	if (!spaced && (is_no_name(line, zone->start, end) || holds_word(line, zone->start, end)))
		return;
	if (spaced && (is_no_name(line, zone->start, a) || is_no_name(line, b, end) ||
	               holds_word(line, zone->start, a) || holds_word(line, b, end) || length < 4))
		return;
	line_add_person(line, zone->start, end, LEAK_MEDIUM, "name-label");
}

static void take_unknown_kana(struct leak_line *line, const struct line_zone *zone, enum char_kind kind)
{
	size_t end = zone->start, words = 0, letters = 0;
	while (end < zone->end && words < 4) {
		size_t next = run(line, end, zone->end, kind);
		if (next == end)
			break;
		letters += next - end;
		words++;
		end = next;
		uint32_t c = line_char(line, end);
		if (end + 1 < zone->end && (c == 0x30FB || line_kind(line, end) == CHAR_SPACE) &&
		    line_kind(line, end + 1) == kind)
			end++;
	}
	while (end > zone->start && line_kind(line, end - 1) != kind)
		end--;
	if (line_roles(line, zone->start, end - zone->start) & NAMES_BIT(LABEL))
		return;
	if (letters < 3 || letters > UNKNOWN_KANA_MAX || (words < 2 && !zone->kana))
		return;
	if (end < zone->end && !line_longest(line, line_skip_spaces(line, end), NAMES_BIT(HONORIFIC), NULL) &&
	    line_char(line, end) != '(' && line_kind(line, end) != CHAR_SPACE)
		return;
	line_add_person(line, zone->start, end, LEAK_MEDIUM, zone->kana ? "name-reading" : "name-label");
}

/* A column of given names: a cell that is one and nothing else. */
static bool take_given(struct leak_line *line, const struct line_zone *zone)
{
	size_t n = zone->end - zone->start;
	uint64_t roles = line_roles(line, zone->start, n);
	if (n < 2 || !(roles & (NAMES_BIT(GIVEN) | NAMES_BIT(SURNAME))) || roles & NAMES_BIT(COMMON))
		return false;
	line_add_person(line, zone->start, zone->end, LEAK_MEDIUM, "name-label");
	return true;
}

void person_find_unknown(struct leak_line *line)
{
	for (size_t i = 0; i < line->zones; i++) {
		const struct line_zone *zone = &line->zone[i];
		if (zone->list || line_is_taken(line, zone->start, zone->end))
			continue;
		enum char_kind kind = line_kind(line, zone->start);
		if (take_given(line, zone) || (zone->strict && !zone->kana))
			continue;
		if (kind == CHAR_HAN && !zone->kana)
			take_unknown_han(line, zone);
		else if (kind == CHAR_KATAKANA || (kind == CHAR_HIRAGANA && zone->kana))
			take_unknown_kana(line, zone, kind);
	}
}
