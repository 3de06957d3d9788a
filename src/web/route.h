/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a path to its line in the table of pages. */
#pragma once

#include "base/arena.h"
#include "web/page.h"

struct route {
	const struct page_entry *entry;         /* NULL: no such path */
	unsigned methods;                       /* of all lines with this path, for 405 */
	struct str values[PAGE_PARAMETERS_MAX]; /* of the ':' pieces, in order */
	size_t value_count;
};

/* A line whose method fits is preferred; lines with fixed pieces win over those with ':'. */
struct route route_find(const struct page_entry *table, enum http_method method, struct str path);
/* Value of :name; empty when the path has none. */
struct str route_value(const struct route *route, const char *name);
/* The path of a request, decoded: ERR_INVALID for escapes that are broken, hide '/', or give no UTF-8 or control
 * characters. */
int route_decode_path(struct str raw, struct arena *a, struct str *ret);
