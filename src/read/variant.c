/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/variant.h"

enum { LINES_MAX = 40, LINE_MIN_BYTES = 12, LINE_MAX_BYTES = 90, SHOWN_MAX_BYTES = 64 * 1024 };

static struct str compact(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && i < s.n; i++) {
		bool wide_blank = str_starts_with(str_slice(s, i, i + 3), STR("　")) ||
		                  str_starts_with(str_slice(s, i, i + 3), STR("\u200b"));
		i += wide_blank ? 2 : 0;
		if (!wide_blank && (unsigned char) s.p[i] > ' ' && !strchr("*_>|[]()-=#", s.p[i]))
			p[n++] = s.p[i];
	}
	return str_make(p, n);
}

bool variant_differs(struct str plain, struct str shown, struct arena *a)
{
	struct str line, rest = plain;
	struct str in = compact(str_slice(shown, 0, SHOWN_MAX_BYTES), a);
	size_t all = 0, found = 0;
	for (int i = 0; i < LINES_MAX && str_next_line(&rest, &line);) {
		struct str c =
		        str_contains(line, STR("://")) ? (struct str){NULL, 0} : compact(str_slice(line, 0, 4096), a);
		if (c.n < LINE_MIN_BYTES)
			continue;
		c = str_slice(c, 0, LINE_MAX_BYTES);
		all++;
		found += str_contains(in, c);
		i++;
	}
	return all >= 2 && found * 2 < all;
}
