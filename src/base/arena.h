/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One arena per request, message or document: many allocations, one release, a byte cap at birth. Over the cap an
 * allocation gives NULL and the arena remembers it (the input was too large); real out-of-memory ends the process. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/check.h"
#include "base/cleanup.h"
#include "base/str.h"

struct arena;

struct arena *arena_new(size_t cap_bytes);
void arena_free(struct arena *a);       /* takes NULL */
void arena_free_wiped(struct arena *a); /* overwrites first: for secrets */
/* Forgets everything but keeps the first block: for loops over many documents. */
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type; NULL over the cap. n may be 0. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_alloc_array(struct arena *a, size_t count, size_t size);
#define ARENA_NEW(a, type) ((type *) arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *) arena_alloc_array((a), (count), sizeof(type)))
/* Copies; the copy is followed by a NUL. {NULL,0} over the cap. */
struct str arena_dup(struct arena *a, struct str s);
char *arena_cstr(struct arena *a, struct str s); /* NUL-terminated copy; NULL over the cap */
struct str arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
bool arena_is_full(const struct arena *a); /* an allocation was refused since birth or reset */
size_t arena_used(const struct arena *a);

CLEANUP_DEFINE(struct arena *, arena_freep, arena_free)

/* A typed list that grows in an arena: ARENA_PUSH gives a pointer to the new zeroed element, NULL over the cap.
 * LIST is any struct with members `T *at; size_t n; size_t cap;`. */
#define ARENA_PUSH(a, list)                                                                                            \
	((__typeof__((list)->at)) arena_list_push((a), (void **) (void *) &(list)->at, &(list)->n, &(list)->cap,       \
	                                          sizeof(*(list)->at)))
void *arena_list_push(struct arena *a, void **at, size_t *n, size_t *cap, size_t size);
