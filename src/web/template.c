/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The set of compiled templates and the check over all of them. */
#include "web/template-inside.h"

#include "base/err.h"

enum { TEMPLATES_ARENA_MAX_BYTES = 32 * 1024 * 1024 };

struct templates *templates_new(template_asset_fn *asset)
{
	struct templates *t = calloc(1, sizeof(*t));
	CHECK(t);
	t->arena = arena_new(TEMPLATES_ARENA_MAX_BYTES);
	t->asset = asset;
	return t;
}

void templates_free(struct templates *t)
{
	if (!t)
		return;
	arena_free(t->arena);
	free(t);
}

const struct template *templates_find(const struct templates *t, struct str name)
{
	for (size_t i = 0; i < t->list.n; i++)
		if (str_eq(t->list.at[i].name, name))
			return &t->list.at[i];
	return NULL;
}

const struct template *templates_find_partial(const struct templates *t, struct str name)
{
	for (size_t i = 0; i < t->list.n; i++) {
		struct str whole = t->list.at[i].name;
		if (str_starts_with(whole, name) && str_eq_c(str_slice(whole, name.n, whole.n), ".html"))
			return &t->list.at[i];
	}
	return NULL;
}

int templates_add(struct templates *t, struct str name, struct str source, struct template_complaint *ret_complaint)
{
	struct template fresh = {.name = name};
	*ret_complaint = (struct template_complaint){.text = "too large, too many, or there already"};
	snprintf(ret_complaint->file, sizeof(ret_complaint->file), "%.*s", STR_ARG(str_slice(name, 0, 60)));
	if (source.n > TEMPLATE_MAX_BYTES || t->list.n >= TEMPLATES_MAX || templates_find(t, name))
		return ERR_INVALID;
	int r = template_compile(t, &fresh, source, ret_complaint);
	if (r < 0)
		return r;
	struct template *place = ARENA_PUSH(t->arena, &t->list);
	CHECK(place);
	*place = fresh;
	return 0;
}

static const char *problem_of(const struct templates *t, const struct node *n)
{
	if (n->kind == NODE_PARTIAL && !templates_find_partial(t, n->text))
		return "there is no template of this name";
	if (n->kind == NODE_CATALOGUE && str_find_char(n->text, '[', 0) == STR_NOT_FOUND &&
	    !i18n_find(LANGUAGE_JA, n->text))
		return "there is no text with this key";
	if (n->kind != NODE_ASSET)
		return NULL;
	struct buf ignored = buf_make(4096);
	bool is_there = t->asset && t->asset(n->text, &ignored);
	buf_done(&ignored);
	return is_there ? NULL : "there is no asset of this name";
}

int templates_check(const struct templates *t, struct template_complaint *ret_complaint)
{
	for (size_t i = 0; i < t->list.n; i++) {
		const struct template *one = &t->list.at[i];
		for (size_t k = 0; k < one->nodes.n; k++) {
			const struct node *n = &one->nodes.at[k];
			const char *problem = problem_of(t, n);
			if (!problem)
				continue;
			*ret_complaint = (struct template_complaint){.line = n->line};
			snprintf(ret_complaint->file, sizeof(ret_complaint->file), "%.*s",
			         STR_ARG(str_slice(one->name, 0, 60)));
			snprintf(ret_complaint->text, sizeof(ret_complaint->text), "%s: %.*s", problem,
			         STR_ARG(str_slice(n->text, 0, 80)));
			return ERR_NOT_FOUND;
		}
	}
	return 0;
}
