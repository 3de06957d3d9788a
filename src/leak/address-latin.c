/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses of Latin letters in English order: 1-2-3 Marunouchi, Chiyoda-ku, Tokyo 100-0005, Japan; and in Japanese
 * order: Tokyo-to, Chiyoda-ku, Marunouchi 1-2-3. Seen by a part that ends in -ku, -shi, -gun, -cho ... */
#include "leak/address.h"

enum { PARTS_BACK_MAX = 80, PARTS_AHEAD_MAX = 60 };

static bool is_part_char(const struct leak_line *line, size_t i)
{
	enum char_kind kind = line_kind(line, i);
	uint32_t c = line_char(line, i);
	return kind == CHAR_LATIN || kind == CHAR_DIGIT || c == '-' || c == ',' || c == ' ' || c == '.' || c == '#' ||
	       c == '\'';
}

static bool suffix_at(const struct leak_line *line, size_t i)
{
	static const char *const suffixes[] = {"-ku",  "-shi",  "-gun",   "-city", "-Ku",
	                                       "-Shi", " City", "-machi", "-cho",  "-mura"};
	for (size_t k = 0; k < sizeof(suffixes) / sizeof(suffixes[0]); k++) {
		size_t n = strlen(suffixes[k]);
		if (line_starts_with(line, i, suffixes[k]) && line_kind(line, i + n) != CHAR_LATIN)
			return true;
	}
	return false;
}

/* Back to the number that begins it; a label's colon or a sentence ends the way. */
static size_t back(const struct leak_line *line, size_t i)
{
	size_t at = i, first = i;
	while (at > 0 && i - at < PARTS_BACK_MAX && is_part_char(line, at - 1)) {
		at--;
		if (line_kind(line, at) == CHAR_DIGIT)
			first = at;
	}
	while (first > at && first < i && line_kind(line, first - 1) == CHAR_DIGIT)
		first--;
	/* Room 501, ABC Building, 1-2-3 ...: words before the number belong to it when a comma joins them. */
	return first;
}

static size_t ahead(const struct leak_line *line, size_t i, bool *ret_known)
{
	size_t end = i, at = i;
	while (at < line->n && at - i < PARTS_AHEAD_MAX) {
		while (line_char(line, at) == ',' || line_kind(line, at) == CHAR_SPACE)
			at++;
		size_t n = line_longest(line, at, NAMES_BIT(ROMAN_PLACE), NULL);
		size_t word = at;
		while (line_kind(line, word) == CHAR_LATIN || line_kind(line, word) == CHAR_DIGIT ||
		       line_char(line, word) == '-')
			word++;
		bool postal = word == at + 8 && line_kind(line, at) == CHAR_DIGIT && line_char(line, at + 3) == '-';
		if (n && line_kind(line, at + n) != CHAR_LATIN)
			*ret_known = true;
		else if (!postal && !(word > at && suffix_at(line, word >= 3 ? word - 3 : 0)) &&
		         !(word > at && line_kind(line, at) == CHAR_DIGIT && line_char(line, at + 1) == '-'))
			break;
		if (!postal)
			end = word;
		at = word;
	}
	return end;
}

void address_find_latin(struct leak_state *st, struct leak_line *line)
{
	for (size_t i = 1; i < line->n; i++) {
		if (line_kind(line, i - 1) != CHAR_LATIN || !suffix_at(line, i))
			continue;
		bool known = false;
		size_t end = i + 1;
		while (line_kind(line, end) == CHAR_LATIN)
			end++;
		size_t start = back(line, i);
		end = ahead(line, end, &known);
		bool number = false;
		for (size_t k = start; k < end; k++)
			number = number || line_kind(line, k) == CHAR_DIGIT;
		if (start >= end || !number || !known || line_kind(line, start) != CHAR_DIGIT ||
		    line_is_taken(line, start, end))
			continue;
		leak_add(st, line->at[start], line->at[end], LEAK_ADDRESS, LEAK_MEDIUM, "address-latin");
		line_block(line, start, end);
		i = end;
	}
}
