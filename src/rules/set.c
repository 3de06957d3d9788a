/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Open addressing with linear probing, at most half full. */
#include "rules/set.h"

#include "base/err.h"

enum { SET_FIRST_SIZE = 64 };

static struct set_slot *find_slot(const struct set *s, struct str key)
{
	size_t at = (size_t) str_hash(key) & (s->size - 1);
	while (s->slots[at].key.p && !str_eq(s->slots[at].key, key))
		at = (at + 1) & (s->size - 1);
	return &s->slots[at];
}

static int grow(struct set *s, struct arena *a)
{
	struct set bigger = {.size = s->size ? s->size * 2 : SET_FIRST_SIZE, .n = s->n};
	bigger.slots = ARENA_ARRAY(a, struct set_slot, bigger.size);
	if (!bigger.slots)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < s->size; i++) {
		if (s->slots[i].key.p)
			*find_slot(&bigger, s->slots[i].key) = s->slots[i];
	}
	*s = bigger;
	return 0;
}

int set_put(struct set *s, struct arena *a, struct str key, uint32_t **ret_value)
{
	if (s->n * 2 >= s->size) {
		int r = grow(s, a);
		if (r < 0)
			return r;
	}
	struct set_slot *slot = find_slot(s, key);
	if (!slot->key.p) {
		*slot = (struct set_slot){.key = key, .value = SET_NONE};
		s->n++;
	}
	*ret_value = &slot->value;
	return 0;
}

bool set_has(const struct set *s, struct str key)
{
	return s->size && find_slot(s, key)->key.p;
}

uint32_t set_get(const struct set *s, struct str key)
{
	return set_has(s, key) ? find_slot(s, key)->value : SET_NONE;
}
