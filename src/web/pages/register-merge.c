/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/register-merge.h"

#include "base/err.h"

bool register_has_same_key(const struct register_kind *kind, const struct register_item *a,
                           const struct register_item *b)
{
	struct str rest = str_of(kind->key), name;
	size_t at;
	while (str_split(&rest, ' ', &name))
		if (register_field_find(kind, name, &at) < 0 || !str_eq_icase(a->value[at], b->value[at]))
			return false;
	return true;
}

bool register_is_same(const struct register_kind *kind, const struct register_item *a, const struct register_item *b)
{
	for (size_t i = 0; i < kind->n; i++)
		if (!str_eq(a->value[i], b->value[i]))
			return false;
	return true;
}

static bool fits(const struct register_kind *kind, const struct register_columns *columns,
                 const struct register_item *line, const struct register_item *kept)
{
	struct str rest = str_of(kind->key), name;
	size_t at, n = 0;
	for (; str_split(&rest, ' ', &name); n++) {
		if (register_field_find(kind, name, &at) < 0)
			return false;
		bool says_nothing = !columns->has[at] || line->value[at].n == 0 || kept->value[at].n == 0;
		if ((n == 0 || !says_nothing) && !str_eq_icase(line->value[at], kept->value[at]))
			return false;
	}
	return true;
}

/* How many of the fields that the line has are as they are kept. */
static size_t count_equal(const struct register_kind *kind, const struct register_columns *columns,
                          const struct register_item *line, const struct register_item *kept)
{
	size_t n = 0;
	for (size_t i = 0; i < kind->n; i++)
		n += columns->has[i] && str_eq(line->value[i], kept->value[i]);
	return n;
}

int register_match(const struct register_kind *kind, const struct register_items *now, const bool *taken,
                   const struct register_columns *columns, const struct register_item *line, size_t *ret)
{
	size_t best = 0, best_equal = 0, found = 0;
	bool is_tie = false;
	for (size_t i = 0; i < now->n; i++) {
		if (taken[i] || !fits(kind, columns, line, &now->at[i]))
			continue;
		size_t equal = count_equal(kind, columns, line, &now->at[i]);
		if (found++ > 0 && equal <= best_equal) {
			/* Of two that are kept alike either will do. */
			is_tie |= equal == best_equal && !register_is_same(kind, &now->at[i], &now->at[best]);
			continue;
		}
		best = i;
		best_equal = equal;
		is_tie = false;
	}
	if (found == 0)
		return ERR_NOT_FOUND;
	*ret = best;
	return is_tie ? ERR_CONFLICT : 0;
}
