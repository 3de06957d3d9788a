/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/str.h"

#include <string.h>

#include "base/err.h"

enum { SHORT_NEEDLE_BYTES = 4 };

static bool equal_icase(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

bool str_eq_icase(struct str a, struct str b)
{
	return a.n == b.n && equal_icase(a.p, b.p, a.n);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	if (order)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts_with(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends_with(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

bool str_starts_with_icase(struct str s, struct str prefix)
{
	return s.n >= prefix.n && equal_icase(s.p, prefix.p, prefix.n);
}

bool str_ends_with_icase(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq_icase(str_slice(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	if (from > s.n || needle.n > s.n - from)
		return STR_NOT_FOUND;
	if (needle.n == 0)
		return from;
	if (needle.n > SHORT_NEEDLE_BYTES) {
		const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
		return hit ? (size_t) (hit - s.p) : STR_NOT_FOUND;
	}
	/* memchr looks at many bytes at once, memmem at one. */
	for (const char *last = s.p + s.n - needle.n, *p = s.p + from; p <= last; p++) {
		p = memchr(p, needle.p[0], (size_t) (last - p) + 1);
		if (!p)
			break;
		if (memcmp(p, needle.p, needle.n) == 0)
			return (size_t) (p - s.p);
	}
	return STR_NOT_FOUND;
}

size_t str_find_icase(struct str s, struct str needle, size_t from)
{
	if (needle.n > s.n)
		return STR_NOT_FOUND;
	for (size_t i = from; i <= s.n - needle.n; i++)
		if (equal_icase(s.p + i, needle.p, needle.n))
			return i;
	return STR_NOT_FOUND;
}

size_t str_find_char(struct str s, char c, size_t from)
{
	if (from >= s.n)
		return STR_NOT_FOUND;
	const char *hit = memchr(s.p + from, c, s.n - from);
	return hit ? (size_t) (hit - s.p) : STR_NOT_FOUND;
}

size_t str_rfind_char(struct str s, char c)
{
	const char *hit = s.n ? memrchr(s.p, c, s.n) : NULL;
	return hit ? (size_t) (hit - s.p) : STR_NOT_FOUND;
}

bool str_contains(struct str s, struct str needle)
{
	return str_find(s, needle, 0) != STR_NOT_FOUND;
}

struct str str_trim(struct str s)
{
	while (s.n && ascii_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_split(struct str *rest, char separator, struct str *ret)
{
	if (!rest->p)
		return false;
	size_t at = str_find_char(*rest, separator, 0);
	if (at == STR_NOT_FOUND) {
		*ret = *rest;
		*rest = (struct str){NULL, 0};
	} else {
		*ret = str_slice(*rest, 0, at);
		*rest = str_slice(*rest, at + 1, rest->n);
	}
	return true;
}

bool str_next_line(struct str *rest, struct str *ret)
{
	if (rest->n == 0)
		return false;
	if (!str_split(rest, '\n', ret))
		return false;
	if (ret->n && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

int str_parse_u64(struct str s, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (s.n == 0)
		return ERR_INVALID;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			return ERR_INVALID;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t) (s.p[i] - '0'), &value))
			return ERR_TOO_LARGE;
	}
	if (value > max)
		return ERR_TOO_LARGE;
	*ret = value;
	return 0;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = 1469598103934665603ULL;
	for (size_t i = 0; i < s.n; i++) {
		h ^= (unsigned char) s.p[i];
		h *= 1099511628211ULL;
	}
	return h;
}
