/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rules/expand.h"

enum { EXPAND_DEPTH_MAX = 8 };

struct texts {
	struct str *at;
	size_t n, cap;
};

struct expander {
	struct str s;
	size_t at;
	struct arena *arena;
	bool failed;
};

static void fail(struct expander *e)
{
	e->failed = true;
	e->at = e->s.n;
}

static bool has(const struct expander *e, char c)
{
	return e->at < e->s.n && e->s.p[e->at] == c;
}

static void add(struct expander *e, struct texts *list, struct str text)
{
	if (e->failed)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], text))
			return;
	struct str *slot = list->n < EXPAND_TEXTS_MAX ? ARENA_PUSH(e->arena, list) : NULL;
	if (slot)
		*slot = text;
	else
		fail(e);
}

/* Every text of a followed by every text of b. */
static struct texts joined(struct expander *e, const struct texts *a, const struct texts *b)
{
	struct texts all = {0};
	for (size_t i = 0; i < a->n && !e->failed; i++)
		for (size_t k = 0; k < b->n && !e->failed; k++)
			add(e, &all, arena_printf(e->arena, "%.*s%.*s", STR_ARG(a->at[i]), STR_ARG(b->at[k])));
	return all;
}

/* One character, in UTF-8. */
static struct str take_char(struct expander *e)
{
	size_t from = e->at++;
	while (e->at < e->s.n && ((unsigned char) e->s.p[e->at] & 0xC0) == 0x80)
		e->at++;
	return str_slice(e->s, from, e->at);
}

static struct str take_escaped(struct expander *e)
{
	e->at++;
	if (e->at >= e->s.n || (unsigned char) e->s.p[e->at] >= 0x80 || ascii_is_alnum(e->s.p[e->at])) {
		fail(e);
		return STR("");
	}
	return take_char(e);
}

static void add_range(struct expander *e, struct texts *list, struct str first, struct str last)
{
	if (first.n != 1 || last.n != 1 || (unsigned char) first.p[0] > (unsigned char) last.p[0]) {
		fail(e);
		return;
	}
	for (int c = (unsigned char) first.p[0]; c <= (unsigned char) last.p[0]; c++)
		add(e, list, arena_printf(e->arena, "%c", c));
}

static struct texts read_class(struct expander *e)
{
	struct texts all = {0};
	e->at++;
	if (has(e, '^') || has(e, ']'))
		fail(e);
	while (!e->failed && e->at < e->s.n && !has(e, ']')) {
		if (has(e, '[')) {
			fail(e);
			break;
		}
		struct str c = has(e, '\\') ? take_escaped(e) : take_char(e);
		if (has(e, '-') && e->at + 1 < e->s.n && e->s.p[e->at + 1] != ']') {
			e->at++;
			add_range(e, &all, c, has(e, '\\') ? take_escaped(e) : take_char(e));
		} else {
			add(e, &all, c);
		}
	}
	if (!has(e, ']'))
		fail(e);
	e->at++;
	return all;
}

static struct texts read_choice(struct expander *e, int depth);

static struct texts read_item(struct expander *e, int depth)
{
	static const char signs[] = "*+{}^$.?)|]";
	struct texts item = {0};

	if (has(e, '(')) {
		e->at++;
		if (has(e, '?')) {
			fail(e);
			return item;
		}
		item = read_choice(e, depth + 1);
		if (!has(e, ')'))
			fail(e);
		e->at++;
	} else if (has(e, '[')) {
		item = read_class(e);
	} else if (has(e, '\\')) {
		add(e, &item, take_escaped(e));
	} else if (memchr(signs, e->s.p[e->at], sizeof(signs) - 1)) {
		fail(e);
	} else {
		add(e, &item, take_char(e));
	}
	if (!e->failed && has(e, '?')) {
		e->at++;
		add(e, &item, STR(""));
	}
	return item;
}

static struct texts read_choice(struct expander *e, int depth)
{
	struct texts all = {0};
	if (depth > EXPAND_DEPTH_MAX)
		fail(e);
	while (!e->failed) {
		struct texts run = {0};
		add(e, &run, STR(""));
		while (!e->failed && e->at < e->s.n && !has(e, '|') && !has(e, ')')) {
			struct texts item = read_item(e, depth);
			run = joined(e, &run, &item);
		}
		for (size_t i = 0; i < run.n && !e->failed; i++)
			add(e, &all, run.at[i]);
		if (!has(e, '|'))
			break;
		e->at++;
	}
	return all;
}

/* \b before or behind "a|b" would be of one of them only. */
static bool has_open_choice(struct str s)
{
	int depth = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(' || s.p[i] == '[')
			depth++;
		else if (s.p[i] == ')' || s.p[i] == ']')
			depth--;
		else if (s.p[i] == '|' && depth == 0)
			return true;
	}
	return false;
}

bool expand_expression(struct str expression, struct arena *a, struct expansion *ret)
{
	static const struct str edge = {"\\b", 2};
	struct expander e = {.s = expression, .arena = a};

	*ret = (struct expansion){0};
	if (str_starts_with(e.s, edge)) {
		ret->edge_start = true;
		e.s = str_slice(e.s, edge.n, e.s.n);
	}
	if (str_ends_with(e.s, edge) && !str_ends_with(e.s, STR("\\\\b"))) {
		ret->edge_end = true;
		e.s = str_slice(e.s, 0, e.s.n - edge.n);
	}
	if ((ret->edge_start || ret->edge_end) && has_open_choice(e.s))
		return false;
	struct texts all = read_choice(&e, 0);
	if (e.failed || e.at != e.s.n)
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (all.at[i].n == 0)
			return false;
	ret->texts.at = all.at;
	ret->texts.n = all.n;
	ret->texts.cap = all.cap;
	return all.n > 0;
}

static bool is_word(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

bool expand_is_edge(struct str text, size_t at)
{
	bool before = at > 0 && is_word(text.p[at - 1]), after = at < text.n && is_word(text.p[at]);
	return before != after;
}
