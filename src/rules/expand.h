/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Regular expressions that mean a short list of texts: "(log|sign) ?in" is "login", "log in", "signin", "sign in". The
 * engine finds texts many times faster than expressions whose starts it has to keep. */
#pragma once

#include "base/arena.h"
#include "rules/rules.h"

enum { EXPAND_TEXTS_MAX = 256 };

struct expansion {
	struct {
		struct str *at;
		size_t n, cap;
	} texts;                   /* each once, none empty */
	bool edge_start, edge_end; /* "\b" at its begin, at its end */
};

/* True when the expression is made of characters, escaped signs, (a|b), [abc], [a-c] and x? alone, with \b only at its
 * begin or end, and means at most EXPAND_TEXTS_MAX texts. */
bool expand_expression(struct str expression, struct arena *a, struct expansion *ret);
/* Whether the expansion of \b holds between byte at - 1 and byte at. */
bool expand_is_edge(struct str text, size_t at);
