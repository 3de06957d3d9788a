/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/route.h"

#include "base/err.h"
#include "http/form.h"
#include "web/clean.h"

static bool match_piece(struct str pattern, struct str piece, struct route *found)
{
	if (pattern.n == 0 || pattern.p[0] != ':')
		return str_eq(pattern, piece);
	if (piece.n == 0)
		return false;
	CHECK(found->value_count < PAGE_PARAMETERS_MAX);
	found->values[found->value_count++] = piece;
	return true;
}

static bool match_path(struct str pattern, struct str path, struct route *found)
{
	struct str want, have;
	for (;;) {
		bool more = str_split(&pattern, '/', &want);
		if (more != str_split(&path, '/', &have))
			return false;
		if (!more)
			return true;
		if (!match_piece(want, have, found))
			return false;
	}
}

struct route route_find(const struct page_entry *table, enum http_method method, struct str path)
{
	struct route best = {0};
	unsigned methods = 0;
	for (const struct page_entry *e = table; e->path; e++) {
		struct route found = {.entry = e};
		if (!match_path(str_of(e->path), path, &found))
			continue;
		methods |= e->methods;
		bool fits = e->methods & 1u << method;
		bool best_fits = best.entry && best.entry->methods & 1u << method;
		if (!best.entry || fits > best_fits || (fits == best_fits && found.value_count < best.value_count))
			best = found;
	}
	best.methods = methods;
	return best;
}

struct str route_value(const struct route *route, const char *name)
{
	struct str pattern = str_of(route->entry ? route->entry->path : NULL), piece;
	for (size_t i = 0; str_split(&pattern, '/', &piece);) {
		if (piece.n == 0 || piece.p[0] != ':')
			continue;
		if (str_eq_c(str_slice(piece, 1, piece.n), name))
			return route->values[i];
		i++;
	}
	return (struct str){NULL, 0};
}

int route_decode_path(struct str raw, struct arena *a, struct str *ret)
{
	struct str path;
	if (str_find_icase(raw, STR("%2f"), 0) != STR_NOT_FOUND)
		return ERR_INVALID;
	int r = percent_decode(raw, false, a, &path);
	if (r < 0)
		return r;
	for (size_t i = 0; i < path.n; i++)
		if ((unsigned char) path.p[i] < 0x20 || path.p[i] == 0x7f)
			return ERR_INVALID;
	if (clean_utf8(path, a).p != path.p)
		return ERR_INVALID;
	*ret = path;
	return 0;
}
