/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fact/fact.h"

#include "base/err.h"

const struct fact *fact_find(const struct facts *facts, struct str id)
{
	return fact_find_in(facts, STR(""), id);
}

const struct fact *fact_find_in(const struct facts *facts, struct str region, struct str id)
{
	const struct fact *best = NULL;
	for (size_t i = 0; i < facts->n; i++) {
		const struct fact *fact = &facts->at[i];
		if (!str_eq(fact->id, id))
			continue;
		if (str_eq(fact->region, region))
			return fact;
		if (str_is_empty(fact->region) || (str_is_empty(region) && !best))
			best = fact;
	}
	return best;
}

const struct fact *fact_next(const struct facts *facts, enum fact_kind kind, size_t *at)
{
	while (*at < facts->n) {
		const struct fact *fact = &facts->at[(*at)++];
		if (fact->kind == kind)
			return fact;
	}
	return NULL;
}

const struct fact_value *fact_value(const struct fact *fact, const char *name)
{
	for (size_t i = 0; i < fact->values.n; i++)
		if (str_eq_c(fact->values.at[i].name, name))
			return &fact->values.at[i];
	return NULL;
}

int fact_number(const struct fact *fact, const char *name, double *ret)
{
	const struct fact_value *value = fact_value(fact, name);
	if (!value || !value->is_number)
		return ERR_NOT_FOUND;
	*ret = value->number;
	return 0;
}

bool fact_is_expired(const struct fact *fact, struct str day)
{
	return str_cmp(day, fact->expires) > 0;
}

#define X(code, word) word,
static const char *const kind_words[] = {FACT_KIND_LIST(X)};
#undef X

const char *fact_kind_word(enum fact_kind kind)
{
	CHECK((size_t) kind < FACT_KIND_COUNT);
	return kind_words[kind];
}

int fact_kind_find(struct str word, enum fact_kind *ret)
{
	for (size_t i = 0; i < FACT_KIND_COUNT; i++)
		if (str_eq_c(word, kind_words[i])) {
			*ret = (enum fact_kind) i;
			return 0;
		}
	return ERR_NOT_FOUND;
}
