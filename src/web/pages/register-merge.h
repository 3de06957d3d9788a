/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which entry of a register a line of a table is about. */
#pragma once

#include "web/pages/register-rows.h"

/* The fields that a line has; the others say nothing and keep what is stored. */
struct register_columns {
	bool has[REGISTER_FIELDS_MAX];
};

/* Both have the same in every field of the kind's key; letters of ASCII in either case. */
bool register_has_same_key(const struct register_kind *kind, const struct register_item *a,
                           const struct register_item *b);
bool register_is_same(const struct register_kind *kind, const struct register_item *a, const struct register_item *b);
/* The entry of now that line (without a number) is about: the one whose key it fits, where an empty field fits any;
 * taken[i]: another line has it. Of several the one that the line differs least from. ERR_NOT_FOUND: none, it is new;
 * ERR_CONFLICT: it might be more than one. */
int register_match(const struct register_kind *kind, const struct register_items *now, const bool *taken,
                   const struct register_columns *columns, const struct register_item *line, size_t *ret);
