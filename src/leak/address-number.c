/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of an address behind the town, as people write it:
 *   number   = [direction] part *(joint part) [last]
 *   part     = 1*5digit / 1*5kanji-digit
 *   joint    = 丁目 / 番地 / 番 / 号 / 条 / 線 / "-" / の / ノ, some with の or a space behind them
 *   building = text with a word for buildings, floor and room */
#include "leak/address.h"

enum { PARTS_MAX = 8, DIGITS_MAX = 5, KANJI_DIGITS_MAX = 5, BUILDING_CHARS_MAX = 40, BUILDING_WORDS_MAX = 4 };

static bool is_kanji_digit(uint32_t c)
{
	return c == 0x4E00 || c == 0x4E8C || c == 0x4E09 || c == 0x56DB || c == 0x4E94 || c == 0x516D || c == 0x4E03 ||
	       c == 0x516B || c == 0x4E5D || c == 0x5341 || c == 0x767E || c == 0x3007;
}

static bool is_dash(uint32_t c)
{
	return c == '-' || c == 0x30FC || c == 0x2010 || c == 0x2013 || c == 0x2014 || c == 0x2212 || c == 0x2015;
}

static size_t part_end(const struct leak_line *line, size_t i)
{
	size_t at = i;
	while (line_kind(line, at) == CHAR_DIGIT)
		at++;
	if (at > i)
		return at - i <= DIGITS_MAX ? at : i;
	while (at < line->n && is_kanji_digit(line->c[at]))
		at++;
	return at - i <= KANJI_DIGITS_MAX ? at : i;
}

/* Longest first. */
static const char *const units[] = {"丁目", "番地", "番丁", "号室", "番", "号", "条", "線", "丁"};

static size_t unit_at(const struct leak_line *line, size_t i, const char **ret)
{
	for (size_t k = 0; k < sizeof(units) / sizeof(units[0]); k++) {
		if (line_starts_with(line, i, units[k])) {
			*ret = units[k];
			return strlen(units[k]) / 3;
		}
	}
	return 0;
}

static bool is_direction(uint32_t c)
{
	return c == 0x6771 || c == 0x897F || c == 0x5357 || c == 0x5317; /* 東西南北 */
}

struct number {
	size_t end;
	unsigned parts, dashes, units;
	unsigned plain_units; /* that only addresses have: 県道64号 has none */
	size_t first_digits, digits;
	bool kanji_only;
};

/* The joint between two parts: where the next part begins, or i. */
static size_t joint_end(const struct leak_line *line, size_t i, bool had_unit)
{
	uint32_t c = line_char(line, i);
	if (is_dash(c) || c == 0x306E || c == 0x30CE || c == 0x4E4B) /* - の ノ 之 */
		return part_end(line, i + 1) > i + 1 ? i + 1 : i;
	if (line_kind(line, i) == CHAR_SPACE && is_dash(line_char(line, i + 1)))
		i++;
	if (is_dash(line_char(line, i)) && line_kind(line, i + 1) == CHAR_SPACE && part_end(line, i + 2) > i + 2)
		return i + 2;
	return had_unit ? i : i;
}

/* 2丁目 3番 4号, 1丁目 2-3; but not 5号 500株. */
static bool goes_on_behind_space(const struct leak_line *line, size_t i, const char *unit)
{
	size_t end = part_end(line, i);
	const char *next = NULL;
	return end > i && strcmp(unit, "号") != 0 && strcmp(unit, "号室") != 0 &&
	       (unit_at(line, end, &next) || is_dash(line_char(line, end)));
}

static void read_number(const struct leak_line *line, size_t i, struct number *n)
{
	*n = (struct number){.end = i, .kanji_only = true};
	size_t at = i;
	while (n->parts < PARTS_MAX) {
		size_t start = at + (is_direction(line_char(line, at)) && part_end(line, at + 1) > at + 1 ? 1 : 0);
		size_t end = part_end(line, start);
		if (end == start)
			return;
		bool ascii = line_kind(line, start) == CHAR_DIGIT;
		if (ascii)
			n->kanji_only = false;
		n->digits += end - start;
		n->first_digits = n->parts ? n->first_digits : end - start;
		const char *unit = NULL;
		size_t unit_n = unit_at(line, end, &unit);
		/* 四条通: a street's name; 北1条: a number. */
		if (unit_n && strcmp(unit, "条") == 0 && start == at)
			return;
		/* 三番町 and 一号線 are names; a number of kanji needs its unit. */
		if (unit_n && line_kind(line, end + unit_n) == CHAR_HAN &&
		    !is_direction(line_char(line, end + unit_n)) && part_end(line, end + unit_n) == end + unit_n &&
		    strcmp(unit, "番") == 0 && line_starts_with(line, end + 1, "町"))
			return;
		n->parts++;
		n->end = end + unit_n;
		n->units += unit_n > 0;
		n->plain_units +=
		        unit_n > 0 && strcmp(unit, "号") != 0 && strcmp(unit, "線") != 0 && strcmp(unit, "号室") != 0;
		at = joint_end(line, n->end, unit_n > 0);
		if (at > n->end)
			n->dashes++;
		else if (unit_n == 0)
			return;
		else if (line_kind(line, at) == CHAR_SPACE && goes_on_behind_space(line, at + 1, unit))
			at++;
	}
}

static bool is_date_or_phone(const struct leak_line *line, size_t i, const struct number *n)
{
	if (n->units == 0 && line_char(line, i) == '0')
		return true;
	bool year = n->first_digits == 4 && (line_starts_with(line, i, "19") || line_starts_with(line, i, "20"));
	return n->units == 0 && year && n->parts == 3;
}

size_t address_number_end(const struct leak_line *line, size_t i, bool *ret_sure)
{
	struct number n;
	read_number(line, i, &n);
	*ret_sure = false;
	if (n.parts == 0 || is_date_or_phone(line, i, &n) || (n.kanji_only && n.units == 0 && n.dashes == 0))
		return i;
	if (n.units == 0 && line_longest(line, n.end, NAMES_BIT(COUNTER), NULL))
		return i;
	if (n.units == 0 &&
	    (line_char(line, n.end) == '/' || line_char(line, n.end) == '.' || line_char(line, n.end) == ':'))
		return i;
	*ret_sure = n.parts >= 2 || n.plain_units > 0;
	return n.end;
}

/* ---- building, floor, room ---- */

static bool is_floor_mark(uint32_t c)
{
	return c == 0x968E || c == 'F' || c == 'f' || c == 0x53F7 || c == 0x5BA4 || c == 0x68DF ||
	       c == 0x9928; /* 階号室棟館 */
}

/* Behind the word for the building: digits, letters, floor marks. */
static bool is_room(const struct leak_line *line, size_t i, size_t end)
{
	for (; i < end; i++) {
		enum char_kind kind = line_kind(line, i);
		uint32_t c = line->c[i];
		if (kind != CHAR_DIGIT && kind != CHAR_LATIN && !is_floor_mark(c) && c != '-' && c != '#' &&
		    c != 0x5730 && c != 0x4E0B && !is_direction(c) && !is_kanji_digit(c) && c != 0x5185 &&
		    c != 0x756A) /* 地下 内 番 */
			return false;
	}
	return true;
}

static size_t word_end(const struct leak_line *line, size_t i)
{
	size_t at = i;
	while (at < line->n && at < i + BUILDING_CHARS_MAX) {
		enum char_kind kind = line_kind(line, at);
		uint32_t c = line->c[at];
		if (kind == CHAR_SPACE ||
		    (kind == CHAR_OTHER && c != '-' && c != 0x30FB && c != '&' && c != '\'' && c != '#' && c != '.'))
			break;
		/* 6Fの, 502号へ: grammar begins. */
		if (kind == CHAR_HIRAGANA && at > i &&
		    (line->kind[at - 1] == CHAR_DIGIT || line->kind[at - 1] == CHAR_LATIN ||
		     is_floor_mark(line->c[at - 1])))
			break;
		at++;
	}
	return at;
}

/* The end of 5F, 3階, 201号室, B1F from i; bare digits only where they fill the word up to end. i: none. */
static size_t floor_end(const struct leak_line *line, size_t i, size_t end, bool bare)
{
	size_t at = i;
	if (line_char(line, at) == 'B' || line_char(line, at) == '#')
		at++;
	else if (line_starts_with(line, at, "地下"))
		at += 2;
	else if (line_kind(line, at) == CHAR_LATIN && line_char(line, at + 1) == '-')
		at += 2;
	size_t digits = at;
	while (line_kind(line, at) == CHAR_DIGIT)
		at++;
	size_t n = at - digits;
	if (n == 0 || n > 4)
		return i;
	if (at == end)
		return bare && n >= 2 ? end : i;
	if (!is_floor_mark(line->c[at]))
		return i;
	while (at < end &&
	       (is_floor_mark(line->c[at]) || (line_kind(line, at) == CHAR_DIGIT && is_floor_mark(line->c[at - 1]))))
		at++;
	return at;
}

/* The word from i is a building: where it ends, counted to what belongs to it; i: none. */
static size_t building_word(const struct leak_line *line, size_t i, size_t end)
{
	for (size_t k = i; k < end; k++) {
		size_t n = line_longest(line, k, NAMES_BIT(BUILDING), NULL);
		if (!n || k + n > end || (k == i && k + n == end && n < 2))
			continue;
		if (line_kind(line, k) == CHAR_LATIN && k > i && line_kind(line, k - 1) == CHAR_LATIN)
			continue;
		size_t rest = k + n;
		/* ビルディング: the word goes on in the same letters. */
		if (is_room(line, rest, end))
			return end;
		while (rest < end && line_kind(line, rest) == CHAR_KATAKANA &&
		       line_kind(line, rest - 1) == CHAR_KATAKANA)
			rest++;
		if (is_room(line, rest, end))
			return end;
	}
	/* メゾン青葉401, コーポ若草: the word for the building comes first. */
	size_t first = line_kind(line, i) == CHAR_KATAKANA ? line_longest(line, i, NAMES_BIT(BUILDING), NULL) : 0;
	if (first >= 2) {
		size_t name = i + first;
		while (name < end && name < i + first + 10 && line_kind(line, name) >= CHAR_LATIN)
			name++;
		if (is_room(line, name, end))
			return end;
	}
	size_t at = i;
	while (at < end && (line_kind(line, at) == CHAR_KATAKANA || line->c[at] == 0x30FB))
		at++;
	size_t floor = at >= i + 3 && at < end ? floor_end(line, at, end, true) : at;
	return floor > at ? floor : i;
}

size_t address_building_end(const struct leak_line *line, size_t i)
{
	size_t end = i;
	for (unsigned words = 0; words < BUILDING_WORDS_MAX; words++) {
		size_t at = line_skip_spaces(line, end);
		if (at > end + 2 || (at > end && line_char(line, end) == '\t'))
			return end;
		size_t stop = word_end(line, at);
		if (stop == at)
			return end;
		size_t next = floor_end(line, at, stop, words > 0);
		if (next == at)
			next = building_word(line, at, stop);
		/* サンシャイン ビル: the word for the building stands in the next word. */
		if (next == at && at > i && line_kind(line, stop) == CHAR_SPACE &&
		    line_kind(line, at) == CHAR_KATAKANA) {
			size_t second = word_end(line, stop + 1);
			next = second > stop + 1 && building_word(line, stop + 1, second) > stop + 1 ? second : at;
		}
		if (next == at)
			return end;
		end = next;
	}
	return end;
}
