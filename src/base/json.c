/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <stdint.h>
#include <stdio.h>

enum { REAL_MAX_BYTES = 32 };

/* Length of the valid UTF-8 sequence of two to four bytes at i (Unicode 15, table 3-7), 0 when there is none. */
static size_t sequence_length(struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *) s.p + i;
	size_t left = s.n - i;
	unsigned char low = 0x80, high = 0xBF;
	size_t n = p[0] >= 0xC2 && p[0] <= 0xDF   ? 2
	           : p[0] >= 0xE0 && p[0] <= 0xEF ? 3
	           : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
	                                          : 0;

	if (n == 0 || n > left)
		return 0;
	low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : low;
	high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : high;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t k = 2; k < n; k++)
		if ((p[k] & 0xC0) != 0x80)
			return 0;
	return n;
}

static int add_escaped(struct buf *b, unsigned char c)
{
	static const char letters[] = "btnvfr";
	if (c == '"' || c == '\\')
		return buf_add(b, (const char[]){'\\', (char) c}, 2);
	if (c >= '\b' && c <= '\r' && c != '\v')
		return buf_add(b, (const char[]){'\\', letters[c - '\b']}, 2);
	return buf_printf(b, "\\u%04X", c);
}

/* Whether the byte stands for itself. */
static inline bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

int json_add_str(struct buf *b, struct str s)
{
	size_t begin = b->n, from = 0, i = 0;

	(void) buf_reserve(b, s.n + 2);
	(void) buf_add_char(b, '"');
	while (i < s.n) {
		unsigned char c = (unsigned char) s.p[i];
		if (is_plain(c)) {
			i++;
			continue;
		}
		size_t n = c >= 0x80 ? sequence_length(s, i) : 0;
		if (n == 0 && c >= 0x80) {
			if (!buf_failed(b))
				b->n = begin;
			return buf_add(b, "\"\"", 2);
		}
		if (n == 0) {
			(void) buf_add(b, s.p + from, i - from);
			(void) add_escaped(b, c);
			from = i + 1;
		}
		i += n > 0 ? n : 1;
	}
	(void) buf_add(b, s.p ? s.p + from : "", i - from);
	return buf_add_char(b, '"');
}

int json_add_real(struct buf *b, double value)
{
	char text[REAL_MAX_BYTES];
	int n = snprintf(text, sizeof(text), "%.6g", value);
	CHECK(n > 0 && (size_t) n < sizeof(text));
	struct str s = str_make(text, (size_t) n);
	int r = buf_add_str(b, s);
	bool has_point = str_find_char(s, '.', 0) != STR_NOT_FOUND || str_find_char(s, 'e', 0) != STR_NOT_FOUND;
	return r < 0 || has_point ? r : buf_add(b, ".0", 2);
}
