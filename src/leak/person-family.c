/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Given names without a surname, told by a word of kinship before them: 長男 太郎, 妻・花子, 母の瑠璃. */
#include "leak/person-find.h"

enum { GIVEN_MAX = 4 };

static size_t given_end(const struct leak_line *line, size_t at, bool by_no)
{
	enum char_kind kind = line_kind(line, at);
	for (size_t n = GIVEN_MAX; n > 0; n--) {
		uint64_t roles = line_roles(line, at, n);
		bool kana = kind != CHAR_HAN && n >= 2 && line_roles_kana(line, at, n) & NAMES_BIT(GIVEN_KANA);
		bool unknown = n == 2 && !by_no && kind == CHAR_HAN && line_kind(line, at + 1) == CHAR_HAN &&
		               !line_longest(line, at,
		                             NAMES_BIT(COMMON) | NAMES_BIT(WORD) | NAMES_BIT(NOT_PERSON) |
		                                     NAMES_BIT(LABEL) | NAMES_BIT(SURNAME),
		                             NULL);
		if (!(roles & NAMES_BIT(GIVEN)) && !kana && !unknown)
			continue;
		/* 父の日, 娘の春: a word; 母の実家: goes on. */
		bool honorific = line_longest(line, at + n, NAMES_BIT(HONORIFIC), NULL) > 0;
		if (line_kind(line, at + n) == kind && !honorific)
			continue;
		bool is_word = roles & (NAMES_BIT(COMMON) | NAMES_BIT(WORD)) || (roles & NAMES_GIVEN_IS_WORD && n == 1);
		if ((by_no && (is_word || (kana && !honorific))) || (n == 1 && names_given_class(roles) < 2 && by_no))
			continue;
		return at + n;
	}
	return at;
}

void person_find_family(struct leak_line *line)
{
	for (size_t i = 0; i < line->n; i++) {
		if (line->kind[i] < CHAR_HIRAGANA || !(line->any[i] & NAMES_BIT(FAMILY)))
			continue;
		size_t n = line_longest(line, i, NAMES_BIT(FAMILY), NULL);
		if (!n || (i > 0 && line->kind[i - 1] == CHAR_HAN && !line_is_taken(line, i - 1, i)))
			continue;
		size_t at = i + n;
		uint32_t c = line_char(line, at);
		bool by_no = c == 0x306E;
		bool joined = by_no || c == 0x30FB || c == ':' || c == '(' || c == 0x3001 ||
		              line_kind(line, at) == CHAR_SPACE;
		at = joined ? line_skip_spaces(line, at + 1) : at;
		size_t end = given_end(line, at, by_no || !joined);
		if (!joined && end < at + 2)
			continue;
		if (end > at)
			line_add_person(line, at, end, LEAK_MEDIUM, "name-family");
	}
}
