/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A view of bytes that somebody else owns: passed by value, not NUL-terminated, may hold NUL. p may be NULL when n is
 * 0. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

/* A literal as a view. */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int) (s).n, (s).p
#define STR_NOT_FOUND ((size_t) -1)

/* These and the letters below stand here because readers and judges call them for every byte or name. */
static inline struct str str_of(const char *c) /* NULL gives the empty view */
{
	return c ? (struct str){c, strlen(c)} : (struct str){NULL, 0};
}
static inline struct str str_make(const void *p, size_t n)
{
	return (struct str){p, n};
}
static inline bool str_is_empty(struct str s)
{
	return s.n == 0;
}
static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool str_eq_c(struct str a, const char *b)
{
	return str_eq(a, str_of(b));
}
bool str_eq_icase(struct str a, struct str b); /* ASCII letters only */
int str_cmp(struct str a, struct str b);       /* byte order, for qsort/bsearch */
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);
bool str_starts_with_icase(struct str s, struct str prefix);
bool str_ends_with_icase(struct str s, struct str suffix);
/* First place of needle in s at or after from, else STR_NOT_FOUND. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_icase(struct str s, struct str needle, size_t from);
size_t str_find_char(struct str s, char c, size_t from);
size_t str_rfind_char(struct str s, char c);
bool str_contains(struct str s, struct str needle);
/* Bytes [from, to), clamped to s. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){s.p ? s.p + from : NULL, to - from};
}
struct str str_trim(struct str s); /* ASCII white space at both ends */
/* Cuts the text before the next separator off *rest into *ret; false when *rest is used up. */
bool str_split(struct str *rest, char separator, struct str *ret);
/* Like str_split for lines: accepts LF and CRLF, the line end is not part of *ret. */
bool str_next_line(struct str *rest, struct str *ret);
/* Decimal digits only, whole string; < 0 (ERR_INVALID, ERR_TOO_LARGE) otherwise. */
int str_parse_u64(struct str s, uint64_t max, uint64_t *ret);
uint64_t str_hash(struct str s); /* FNV-1a; for tables of trusted keys */

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}
static inline bool ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}
