/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names of katakana (readings, foreign names) and hiragana. Katakana words are everywhere in business texts, so one
 * alone counts only with an honorific, a label or beside the kanji it reads. */
#include "leak/person-find.h"

enum { PART_MIN = 2, PART_MAX = 8 };

static bool is_kana(enum char_kind kind)
{
	return kind == CHAR_KATAKANA || kind == CHAR_HIRAGANA;
}

static size_t kana_run(const struct leak_line *line, size_t at)
{
	enum char_kind kind = line_kind(line, at);
	size_t i = at;
	while (i < line->n && line_kind(line, i) == kind)
		i++;
	return i - at;
}

/* surname+given without a space: ヤマダタロウ. */
static bool splits(const struct leak_line *line, size_t at, size_t n)
{
	for (size_t k = PART_MIN; k + PART_MIN <= n; k++) {
		if (k <= PART_MAX && n - k <= PART_MAX && line_roles_kana(line, at, k) & NAMES_BIT(SURNAME_KANA) &&
		    line_roles_kana(line, at + k, n - k) & NAMES_BIT(GIVEN_KANA))
			return true;
	}
	return false;
}

static bool has_honorific(const struct leak_line *line, size_t end)
{
	size_t at = line_skip_spaces(line, end);
	if (at > end + 1)
		return false;
	size_t n = line_longest(line, at, NAMES_BIT(HONORIFIC), NULL);
	return n && line_kind(line, at + n) != CHAR_HAN;
}

static bool has_title(const struct leak_line *line, size_t end)
{
	return line_longest(line, end, NAMES_BIT(HONORIFIC) | NAMES_BIT(TITLE), NULL) > 0;
}

/* (ヤマダ タロウ) right behind a person of kanji. */
static void readings_in_brackets(struct leak_line *line)
{
	size_t persons = line->persons;
	for (size_t i = 0; i < persons; i++) {
		size_t at = line_skip_spaces(line, line->person[i].end);
		size_t honorific = line_longest(line, at, NAMES_BIT(HONORIFIC), NULL);
		at = line_skip_spaces(line, at + honorific);
		uint32_t c = line_char(line, at);
		if ((c != '(' && c != 0x3014 && c != '[' && c != 0x3010 && c != '/' && c != 0x300A) ||
		    !is_kana(line_kind(line, at + 1)))
			continue;
		size_t start = line_skip_spaces(line, at + 1), end = start + kana_run(line, start);
		if (line_kind(line, end) == CHAR_SPACE && is_kana(line_kind(line, end + 1)))
			end = end + 1 + kana_run(line, end + 1);
		c = line_char(line, end);
		bool known =
		        line_roles_kana(line, start, end - start) & (NAMES_BIT(SURNAME_KANA) | NAMES_BIT(GIVEN_KANA)) ||
		        splits(line, start, end - start);
		bool spaced = end > start + kana_run(line, start);
		if ((c == ')' || c == 0x3015 || c == ']' || c == 0x3011 || c == ',' || c == 0x3001 || c == 0x300B ||
		     end == line->n) &&
		    (known || spaced))
			line_add_person(line, start, end, LEAK_HIGH, "name-reading");
	}
}

static uint64_t part_roles(const struct leak_line *line, size_t at, size_t n)
{
	return n >= PART_MIN ? line_roles_kana(line, at, n) : 0;
}

/* A word of kana at i: joined by a space or a dot to a second one, or alone. */
static size_t find_at(struct leak_line *line, size_t i)
{
	enum char_kind kind = line_kind(line, i);
	size_t n = kana_run(line, i), end = i + n;
	uint64_t first = part_roles(line, i, n);
	const struct line_zone *zone = line_zone_at(line, i, end);
	const uint64_t japanese = NAMES_BIT(SURNAME_KANA), foreign = NAMES_BIT(FOREIGN_KANA);
	bool space = line_kind(line, end) == CHAR_SPACE && line_char(line, end) != '\t';
	bool dot = line_char(line, end) == 0x30FB || line_char(line, end) == '=' || line_char(line, end) == 0xB7;
	size_t second_n = (space || dot) && line_kind(line, end + 1) == kind ? kana_run(line, end + 1) : 0;
	uint64_t second = part_roles(line, end + 1, second_n);
	size_t both = end + 1 + second_n;
	if (space && first & japanese && second & NAMES_BIT(GIVEN_KANA) &&
	    (kind == CHAR_KATAKANA || zone || has_honorific(line, both))) {
		line_add_person(line, i, both, LEAK_HIGH, "name-reading");
		return both;
	}
	bool strange = dot && ((first & foreign && !(second & NAMES_BIT(COMMON))) ||
	                       (second & foreign && !(first & NAMES_BIT(COMMON))) || (first & second & foreign));
	bool asked = (zone || has_honorific(line, both)) && (first | second) & (foreign | japanese);
	if (kind == CHAR_KATAKANA && second_n >= PART_MIN && (strange || asked)) {
		/* A third part: ヨハン・セバスティアン・バッハ. */
		while (line_char(line, both) == 0x30FB && line_kind(line, both + 1) == kind)
			both = both + 1 + kana_run(line, both + 1);
		/* イラン・イスラム共和国 */
		if (line_kind(line, both) == CHAR_HAN && !zone && !has_title(line, both))
			return both;
		line_add_person(line, i, both, LEAK_MEDIUM, "name-foreign");
		return both;
	}
	bool known = first & (japanese | foreign) || splits(line, i, n);
	if (kind == CHAR_KATAKANA && n >= PART_MIN && known &&
	    (has_honorific(line, end) || (zone && zone->start == i && zone->end == end && splits(line, i, n)))) {
		line_add_person(line, i, end, LEAK_MEDIUM, "name-honorific");
		return end;
	}
	return end;
}

void person_find_kana(struct leak_line *line)
{
	readings_in_brackets(line);
	for (size_t i = 0; i < line->n;) {
		enum char_kind kind = line_kind(line, i);
		if (kind == CHAR_KATAKANA || (kind == CHAR_HIRAGANA && line->zones > 0))
			i = find_at(line, i);
		else
			i++;
	}
}
