/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A set of texts with an optional number each: open addressing over memory of the caller's arena. Keys are kept as
 * views, so they must outlive the set. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define SET_NONE UINT32_MAX

struct set_slot {
	struct str key;
	uint32_t value;
};

struct set {
	struct set_slot *slots; /* a power of two of them */
	size_t size, n;
};

/* Adds or finds; *ret_value is where the value stands (SET_NONE when new). ERR_TOO_LARGE when the arena is full. */
int set_put(struct set *s, struct arena *a, struct str key, uint32_t **ret_value);
/* SET_NONE when it is not there. */
uint32_t set_get(const struct set *s, struct str key);
bool set_has(const struct set *s, struct str key);
