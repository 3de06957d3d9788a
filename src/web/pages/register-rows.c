/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/register-rows.h"

#include <stdlib.h>

#include "base/err.h"
#include "web/pages/rows.h"

enum { KEY_MAX_BYTES = 96 };

struct str register_value(const struct register_kind *kind, const struct register_item *item, const char *field)
{
	size_t at;
	return register_field_find(kind, str_of(field), &at) < 0 ? STR("") : item->value[at];
}

bool register_is_ended(const struct register_kind *kind, const struct register_item *item)
{
	return kind->ends && str_eq_c(register_value(kind, item, kind->ends), "done");
}

void register_read(const struct page *p, const struct register_kind *kind, const struct keep_item *row,
                   struct register_item *ret)
{
	json_t *body = json_loadb(row->body.p ? row->body.p : "", row->body.n, JSON_REJECT_DUPLICATES, NULL);
	*ret = (struct register_item){.id = row->id, .due = row->due};
	for (size_t i = 0; i < kind->n; i++) {
		const char *text = json_string_value(json_object_get(body, kind->fields[i].name));
		ret->value[i] = text ? arena_dup(p->arena, str_of(text)) : STR("");
	}
	json_decref(body);
}

struct keep_item register_row(const struct page *p, const struct register_kind *kind, const struct register_item *item)
{
	json_t *body = json_object();
	for (size_t i = 0; i < kind->n; i++)
		if (item->value[i].n > 0)
			json_object_set_new(body, kind->fields[i].name, page_json_str(item->value[i]));
	char *text = json_dumps(body, JSON_COMPACT);
	struct keep_item row = {
	        .id = item->id,
	        .register_word = str_of(kind->word),
	        .body = arena_dup(p->arena, str_of(text ? text : "")),
	        .due = kind->due && !register_is_ended(kind, item) ? register_value(kind, item, kind->due) : STR("")};
	free(text);
	json_decref(body);
	return row;
}

/* ---- order ---- */

struct place {
	uint64_t rank;
	struct str due;
	bool is_ended;
	uint64_t id;
	const struct register_item *item;
};

static int compare_days(struct str a, struct str b)
{
	if (a.n == 0 || b.n == 0)
		return (a.n == 0) - (b.n == 0); /* without a day: behind */
	return str_cmp(a, b);
}

static int compare(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	if (a->is_ended != b->is_ended)
		return a->is_ended - b->is_ended;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	int r = compare_days(a->due, b->due);
	return r ? r : (a->id > b->id) - (a->id < b->id);
}

static void sort(struct page *p, const struct register_kind *kind, struct register_items *list)
{
	struct place *places = arena_alloc(p->arena, (list->n + 1) * sizeof(*places));
	struct register_item *sorted = arena_alloc(p->arena, (list->n + 1) * sizeof(*sorted));
	if (!places || !sorted)
		return;
	for (size_t i = 0; i < list->n; i++) {
		const struct register_item *item = &list->at[i];
		places[i] = (struct place){0, item->due, register_is_ended(kind, item), item->id, item};
		(void) str_parse_u64(register_value(kind, item, "rank"), REGISTER_NUMBER_MAX, &places[i].rank);
	}
	qsort(places, list->n, sizeof(*places), compare);
	for (size_t i = 0; i < list->n; i++)
		sorted[i] = *places[i].item;
	list->at = sorted;
}

int register_sort(struct page *p, const struct register_kind *kind, const struct keep_item_list *rows,
                  struct register_items *ret)
{
	*ret = (struct register_items){0};
	for (size_t i = 0; i < rows->n; i++) {
		if (!str_eq_c(rows->at[i].register_word, kind->word))
			continue;
		struct register_item *item = ARENA_PUSH(p->arena, ret);
		if (!item)
			return ERR_TOO_LARGE;
		register_read(p, kind, &rows->at[i], item);
	}
	sort(p, kind, ret);
	return 0;
}

int register_list(struct page *p, const struct register_kind *kind, struct register_items *ret)
{
	struct keep_item_list_in in = {.register_word = str_of(kind->word)};
	struct keep_item_list_out out;
	int r = keep_item_list(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : register_sort(p, kind, &out.items, ret);
}

int register_get(struct page *p, const struct register_kind *kind, uint64_t id, struct register_item *ret)
{
	struct register_items list;
	int r = register_list(p, kind, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++)
		if (list.at[i].id == id) {
			*ret = list.at[i];
			return 0;
		}
	return r < 0 ? r : ERR_NOT_FOUND;
}

/* ---- words ---- */

struct str register_label(const struct page *p, const struct register_field *field, enum language language)
{
	char key[KEY_MAX_BYTES];
	(void) p;
	snprintf(key, sizeof(key), "register.field.%s", field->name);
	return str_of(i18n_text(language, key));
}

struct str register_shown(const struct register_field *field, struct str value, enum language language)
{
	char key[KEY_MAX_BYTES];
	if (field->kind != FIELD_CHOICE || value.n == 0 || !register_has_choice(field, value))
		return value;
	/* A word that means another thing in this field has a text of its own. */
	snprintf(key, sizeof(key), "register.choice.%s.%.*s", field->name, STR_ARG(value));
	const char *text = i18n_find(language, str_of(key));
	snprintf(key, sizeof(key), "register.choice.%.*s", STR_ARG(value));
	return text ? str_of(text) : str_of(i18n_text(language, key));
}

struct str register_title(const struct page *p, const struct register_kind *kind, const struct register_item *item)
{
	size_t at;
	return register_field_find(kind, str_of(kind->title), &at) < 0
	               ? STR("")
	               : register_shown(&kind->fields[at], item->value[at], p->language);
}
