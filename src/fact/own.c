/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Facts that a company changed or added: laid over the shipped ones, and written as files of their own. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "fact/fact.h"

static struct fact *same_fact(const struct facts *facts, const struct fact *fact)
{
	for (size_t i = 0; i < facts->n; i++)
		if (str_eq(facts->at[i].id, fact->id) && str_eq(facts->at[i].region, fact->region))
			return &facts->at[i];
	return NULL;
}

int facts_overlay(const struct facts *base, const struct facts *own, struct arena *a, struct facts *ret)
{
	struct facts all = {0};
	if (base->n + own->n > FACTS_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < base->n; i++) {
		struct fact *slot = ARENA_PUSH(a, &all);
		if (!slot)
			return ERR_TOO_LARGE;
		*slot = base->at[i];
	}
	for (size_t i = 0; i < own->n; i++) {
		struct fact *slot = same_fact(&all, &own->at[i]);
		if (!slot)
			slot = ARENA_PUSH(a, &all);
		if (!slot)
			return ERR_TOO_LARGE;
		*slot = own->at[i];
	}
	*ret = all;
	return 0;
}

static void put(json_t *object, const char *name, struct str value)
{
	if (value.n > 0)
		json_object_set_new(object, name, json_stringn(value.p, value.n));
}

static json_t *json_of(const struct fact *fact)
{
	json_t *one = json_object(), *values = json_object(), *see = json_array();
	put(one, "id", fact->id);
	put(one, "kind", str_of(fact_kind_word(fact->kind)));
	put(one, "group", fact->group);
	put(one, "source", fact->source);
	put(one, "checked", fact->checked);
	put(one, "expires", fact->expires);
	put(one, "verified", str_of(fact->verified ? "true" : "false"));
	put(one, "ja", fact->text[LANGUAGE_JA]);
	put(one, "en", fact->text[LANGUAGE_EN]);
	for (size_t i = 0; i < fact->values.n; i++)
		json_object_setn_new(values, fact->values.at[i].name.p, fact->values.at[i].name.n,
		                     json_stringn(fact->values.at[i].text.p, fact->values.at[i].text.n));
	for (size_t i = 0; i < fact->see.n; i++)
		json_array_append_new(see, json_stringn(fact->see.at[i].p, fact->see.at[i].n));
	if (fact->values.n > 0)
		json_object_set(one, "values", values);
	if (fact->see.n > 0)
		json_object_set(one, "see", see);
	json_decref(values);
	json_decref(see);
	return one;
}

struct str fact_to_yaml(const struct fact *fact, struct arena *a)
{
	json_t *file = json_object();
	put(file, "region", fact->region);
	json_object_set_new(file, "facts", json_pack("[o]", json_of(fact)));
	char *text = json_dumps(file, JSON_INDENT(1));
	struct str copy = text ? arena_dup(a, str_of(text)) : STR("");
	free(text);
	json_decref(file);
	return copy;
}
