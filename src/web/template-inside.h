/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The compiled form of a template: a flat list of nodes; a section's body lies behind it up to `end`. */
#pragma once

#include "base/arena.h"
#include "web/html-context.h"
#include "web/template.h"

enum node_kind {
	NODE_TEXT,
	NODE_VALUE,
	NODE_FRAGMENT,
	NODE_URL,
	NODE_ASSET,
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
	NODE_CATALOGUE,
};

enum { CATALOGUE_FACTS_MAX = 8, CATALOGUE_KEY_MAX_BYTES = 128, TEMPLATE_TEXT_MAX_BYTES = 256 * 1024 };

struct catalogue_fact {
	struct str name; /* placeholder in the text */
	struct str path;
};

struct node {
	enum node_kind kind;
	enum html_writing writing;
	struct str text; /* fixed text, path, name or key */
	unsigned line;
	size_t end; /* section: index behind its last inner node */
	const struct catalogue_fact *facts;
	size_t fact_count;
};

struct node_list {
	struct node *at;
	size_t n, cap;
};

struct template
{
	struct str name;
	struct node_list nodes;
};

struct templates {
	struct arena *arena;
	template_asset_fn *asset;
	struct {
		struct template *at;
		size_t n, cap;
	} list;
};

int template_compile(struct templates *t, struct template *into, struct str source,
                     struct template_complaint *ret_complaint);
/* NULL when there is none. partial: the name without ".html". */
const struct template *templates_find(const struct templates *t, struct str name);
const struct template *templates_find_partial(const struct templates *t, struct str name);
