/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One line of folded text as characters with their kinds, so that the finders of names and addresses look around
 * without decoding again. For the files of this folder only. */
#pragma once

#include "leak/names.h"

enum {
	LINE_CHARS_MAX = 2048,  /* a longer line is looked at in pieces */
	LINE_PERSONS_MAX = 512, /* persons of one line; more are not reported */
	LINE_MATCHES_MAX = 6 * LINE_CHARS_MAX,
	LINE_ZONES_MAX = 256,
	LINE_BLOCKED_MAX = 128,
	LINE_ALONE_MAX = 256,
};

enum char_kind { CHAR_OTHER, CHAR_SPACE, CHAR_DIGIT, CHAR_LATIN, CHAR_HIRAGANA, CHAR_KATAKANA, CHAR_HAN };

/* A stretch that a label or the heading of a column says to be a name. */
struct line_zone {
	uint16_t start, end;
	bool strict; /* only names that the dictionary knows */
	bool kana;   /* a reading is asked for */
	bool list;   /* several names */
};

struct line_person {
	uint16_t start, end;
	enum leak_confidence confidence;
	const char *why;
};

struct leak_line {
	const struct leak_names *names;
	uint32_t c[LINE_CHARS_MAX + 2];
	uint32_t at[LINE_CHARS_MAX + 2]; /* offset in the folded text; at[n] is the end */
	uint8_t kind[LINE_CHARS_MAX + 2];
	/* The words of the dictionary: those that begin at i are match[first[i]] up to match[first[i + 1]], shorter
	 * first. Words of Latin letters only where such a word begins. any[i]: the roles of them all. */
	uint64_t any[LINE_CHARS_MAX + 2];
	uint16_t first[LINE_CHARS_MAX + 2];
	struct {
		uint64_t roles;
		uint8_t n;
	} match[LINE_MATCHES_MAX];
	size_t matches;
	size_t n;
	bool has_comma, has_tab, has_bar;
	bool has_unit; /* 丁目, 番地 */
	bool has_han, has_kana, has_katakana, has_latin, has_digit;
	struct line_zone zone[LINE_ZONES_MAX];
	size_t zones;
	struct line_person person[LINE_PERSONS_MAX];
	size_t persons;
	struct {
		uint16_t start, end;
	} blocked[LINE_BLOCKED_MAX]; /* addresses: no persons in them */
	size_t blocks;
	struct {
		uint16_t start, end;
		bool known;
	} alone[LINE_ALONE_MAX]; /* surnames that stand alone */
	size_t alones;
};

/* Decodes [at, ...) of text up to the end of the line or LINE_CHARS_MAX; gives the offset where the next line begins.
 */
size_t line_read(struct leak_line *line, struct str text, size_t at);
/* Kind of the character at i; CHAR_OTHER outside. */
static inline enum char_kind line_kind(const struct leak_line *line, size_t i)
{
	return i < line->n ? (enum char_kind) line->kind[i] : CHAR_OTHER;
}
static inline uint32_t line_char(const struct leak_line *line, size_t i)
{
	return i < line->n ? line->c[i] : 0;
}
/* Roles of exactly the n characters from i. */
uint64_t line_roles(const struct leak_line *line, size_t i, size_t n);
/* The same with hiragana read as katakana. */
uint64_t line_roles_kana(const struct leak_line *line, size_t i, size_t n);
/* Length of the longest word from i that has one of these roles; 0 none. *ret_roles may be NULL. */
size_t line_longest(const struct leak_line *line, size_t i, uint64_t any_of, uint64_t *ret_roles);
/* Length of the longest word that ends before i and has one of these roles; 0 none. */
size_t line_longest_before(const struct leak_line *line, size_t i, uint64_t any_of);
/* The longest name of a town from i; 0 none. */
size_t line_town(const struct leak_line *line, size_t i, uint64_t *ret_roles);
size_t line_skip_spaces(const struct leak_line *line, size_t i);
bool line_starts_with(const struct leak_line *line, size_t i, const char *utf8);
/* The zone that holds [start, end), else NULL. */
const struct line_zone *line_zone_at(const struct leak_line *line, size_t start, size_t end);
void line_add_zone(struct leak_line *line, size_t start, size_t end, bool strict, bool kana, bool list);
/* Whether [start, end) touches a person or address that is already there. */
bool line_is_taken(const struct leak_line *line, size_t start, size_t end);
void line_block(struct leak_line *line, size_t start, size_t end);
void line_add_person(struct leak_line *line, size_t start, size_t end, enum leak_confidence confidence,
                     const char *why);
