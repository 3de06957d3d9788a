/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names of Latin letters: two capitalised words one of which is a surname and the other a given name (Taro Yamada,
 * YAMADA Taro), a word after Mr. or before -san, and what stands at a label. */
#include "leak/person-find.h"

enum { WORD_MIN = 2, WORD_MAX = 12, PAIR_LETTERS_MIN = 6 };

struct latin_word {
	size_t start, end;
	uint64_t roles;
	bool capital, all_capital;
};

static bool is_upper(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool word_at(const struct leak_line *line, size_t i, struct latin_word *ret)
{
	size_t end = i;
	unsigned upper = 0;
	while (end < line->n && (line->kind[end] == CHAR_LATIN)) {
		upper += is_upper(line->c[end]);
		end++;
	}
	if (end == i)
		return false;
	*ret = (struct latin_word){i, end, end - i <= WORD_MAX ? line_roles(line, i, end - i) : 0,
	                           is_upper(line->c[i]) && upper == 1, upper == end - i};
	return true;
}

static bool is_glued(uint32_t c)
{
	return c == '_' || c == '@' || c == '/' || c == '\\' || c == '-' || c == '.' || c == '$' || c == '#' ||
	       c == '%' || c == '(';
}

static bool makes_pair(const struct latin_word *a, const struct latin_word *b, bool zone)
{
	const uint64_t surname = NAMES_BIT(SURNAME_LATIN), given = NAMES_BIT(GIVEN_LATIN), english = NAMES_BIT(ENGLISH);
	bool cased =
	        (a->capital || a->all_capital) && (b->capital || b->all_capital) && (a->capital || b->capital || zone);
	if (!cased && !zone)
		return false;
	size_t letters = a->end - a->start + b->end - b->start;
	if (letters < PAIR_LETTERS_MIN || a->end - a->start < WORD_MIN || b->end - b->start < WORD_MIN)
		return false;
	if ((a->roles & surname && b->roles & given) || (a->roles & given && b->roles & surname))
		return true;
	if (a->roles & english && b->roles & english)
		return true;
	if ((a->roles & english && b->roles & surname) || (a->roles & surname && b->roles & english))
		return a->capital && b->capital;
	return zone && cased && (a->roles | b->roles) & (surname | given | english);
}

static bool courtesy_before(const struct leak_line *line, size_t i)
{
	static const char *const words[] = {"Mr. ", "Mr.",  "Mr ",   "Ms. ", "Ms.", "Ms ",   "Mrs. ",
	                                    "Mrs.", "Mrs ", "Dear ", "Dr. ", "Hi ", "Hello "};
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		size_t n = strlen(words[k]);
		if (i >= n && line_starts_with(line, i - n, words[k]) &&
		    (i == n || line_kind(line, i - n - 1) != CHAR_LATIN))
			return true;
	}
	return false;
}

static size_t courtesy_after(const struct leak_line *line, size_t i)
{
	static const char *const words[] = {"-san", "-sama", " san", "-sensei", "さん",
	                                    "様",   "氏",    "-kun", " 様",     " さん"};
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		if (line_starts_with(line, i, words[k]))
			return true;
	}
	return false;
}

static size_t find_at(struct leak_line *line, const struct latin_word *a)
{
	const uint64_t any = NAMES_BIT(SURNAME_LATIN) | NAMES_BIT(GIVEN_LATIN) | NAMES_BIT(ENGLISH);
	if (a->start > 0 && (is_glued(line->c[a->start - 1]) || line->kind[a->start - 1] == CHAR_DIGIT))
		if (!(line->c[a->start - 1] == '(' || line->c[a->start - 1] == '/'))
			return a->end;
	size_t at = a->end;
	if (line_char(line, at) == '.' && a->end - a->start == 1)
		at++;
	if (line_char(line, at) == ',')
		at++;
	size_t space = line_skip_spaces(line, at);
	struct latin_word b = {0};
	bool spaced = space > at && space <= at + 2 && line_char(line, at) != '\t';
	if (spaced && word_at(line, space, &b)) {
		const struct line_zone *zone = line_zone_at(line, a->start, b.end);
		uint32_t after = line_char(line, b.end);
		bool glued = after == '_' || after == '@' || after == '/' || after == '\\' ||
		             line_kind(line, b.end) == CHAR_DIGIT;
		/* A middle initial: Taro K. Yamada. */
		struct latin_word c = {0};
		if (b.end - b.start == 1 && line_char(line, b.end) == '.' &&
		    word_at(line, line_skip_spaces(line, b.end + 1), &c) && makes_pair(a, &c, zone)) {
			line_add_person(line, a->start, c.end, zone ? LEAK_HIGH : LEAK_MEDIUM, "name-latin");
			return c.end;
		}
		if (!glued && line_char(line, a->end) != ',' && makes_pair(a, &b, zone)) {
			line_add_person(line, a->start, b.end, zone ? LEAK_HIGH : LEAK_MEDIUM, "name-latin");
			return b.end;
		}
		if (a->end - a->start == 1 && line_char(line, a->end) == '.' && is_upper(line->c[a->start]) &&
		    b.capital && b.roles & (NAMES_BIT(SURNAME_LATIN) | NAMES_BIT(ENGLISH)) && b.end - b.start >= 4 &&
		    !glued) {
			line_add_person(line, a->start, b.end, LEAK_MEDIUM, "name-latin");
			return b.end;
		}
		if (line_char(line, a->end) == ',' && zone && makes_pair(a, &b, true)) {
			line_add_person(line, a->start, b.end, LEAK_MEDIUM, "name-latin");
			return b.end;
		}
	}
	if ((a->capital || a->all_capital) && a->roles & any && a->end - a->start >= 3 &&
	    (courtesy_before(line, a->start) || courtesy_after(line, a->end)))
		line_add_person(line, a->start, a->end, LEAK_MEDIUM, "name-latin");
	return a->end;
}

void person_find_latin(struct leak_line *line)
{
	struct latin_word word;
	for (size_t i = 0; i < line->n;) {
		if (line->kind[i] != CHAR_LATIN || !word_at(line, i, &word)) {
			i++;
			continue;
		}
		/* Words of code are small; a zone may hold small letters too. */
		if (!word.capital && !word.all_capital && line->zones == 0) {
			i = word.end;
			continue;
		}
		i = find_at(line, &word);
	}
}
