/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/flowed.h"

static size_t quote_depth(struct str line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == '>')
		n++;
	return n;
}

struct str flowed_join(struct str text, bool delete_space, struct arena *a)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0, depth = 0;
	bool open = false;
	struct str line, rest = text;
	while (p && str_next_line(&rest, &line)) {
		size_t quotes = quote_depth(line);
		struct str body = str_slice(line, quotes, line.n);
		bool signature = str_eq(body, STR("-- "));
		if (body.n > 0 && body.p[0] == ' ')
			body = str_slice(body, 1, body.n);
		bool joined = open && quotes == depth && !signature;
		if (n > 0 && !joined)
			p[n++] = '\n';
		struct str shown = joined ? body : quotes > 0 ? line : body;
		open = shown.n > 0 && shown.p[shown.n - 1] == ' ' && !signature;
		if (open && delete_space)
			shown.n--;
		memcpy(p + n, shown.p, shown.n);
		n += shown.n;
		depth = quotes;
	}
	return str_make(p, n);
}
