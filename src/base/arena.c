/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_BYTES = 16 * 1024, ARENA_ALIGN = 16 };

struct block {
	struct block *next;
	size_t size;
	size_t used, dirty; /* dirty: what was used before a reset and still lies there */
	                    /* The data begin aligned behind this header. */
};

struct arena {
	struct block *blocks; /* newest first */
	size_t cap;
	size_t used;
	bool full;
};

#define HEADER_BYTES ((sizeof(struct block) + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN)

struct arena *arena_new(size_t cap_bytes)
{
	CHECK(cap_bytes > 0);
	struct arena *a = calloc(1, sizeof(*a));
	CHECK(a);
	a->cap = cap_bytes;
	return a;
}

/* Blocks of the usual size that wait for the next arena of this thread: at a server's pace the allocator would cut and
 * join them over and over. Checked builds give every block back, so that use after release is seen. */
#if !SONAE_SANITIZED
enum { SPARE_MAX = 64 };
static _Thread_local struct block *spare;
static _Thread_local size_t spare_count;

static void block_free(struct block *b)
{
	if (b->size != ARENA_BLOCK_BYTES || spare_count >= SPARE_MAX) {
		free(b);
		return;
	}
	b->next = spare;
	spare = b;
	spare_count++;
}

static struct block *block_get(size_t size)
{
	struct block *b = size == ARENA_BLOCK_BYTES ? spare : NULL;
	if (!b)
		return malloc(HEADER_BYTES + size);
	spare = b->next;
	spare_count--;
	return b;
}
#else
static void block_free(struct block *b)
{
	free(b);
}

static struct block *block_get(size_t size)
{
	return malloc(HEADER_BYTES + size);
}
#endif

static void blocks_free(struct block *b)
{
	while (b) {
		struct block *next = b->next;
		block_free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	blocks_free(a->blocks);
	free(a);
}

void arena_free_wiped(struct arena *a)
{
	if (!a)
		return;
	for (struct block *b = a->blocks; b; b = b->next)
		explicit_bzero((char *) b + HEADER_BYTES, b->used > b->dirty ? b->used : b->dirty);
	arena_free(a);
}

void arena_reset(struct arena *a)
{
	struct block *first = a->blocks;
	while (first && first->next) {
		struct block *next = first->next;
		free(first);
		first = next;
	}
	if (first) {
		first->dirty = first->used > first->dirty ? first->used : first->dirty;
		first->used = 0;
	}
	a->blocks = first;
	a->used = 0;
	a->full = false;
}

static struct block *block_new(struct arena *a, size_t least)
{
	size_t size = least > ARENA_BLOCK_BYTES ? least : ARENA_BLOCK_BYTES;
	struct block *b = block_get(size);
	CHECK(b);
	*b = (struct block){.next = a->blocks, .size = size};
	a->blocks = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t rounded, total;

	if (size_add_overflows(n, ARENA_ALIGN - 1, &rounded))
		goto full;
	rounded = rounded / ARENA_ALIGN * ARENA_ALIGN;
	if (size_add_overflows(a->used, rounded, &total) || total > a->cap)
		goto full;
	struct block *b = a->blocks;
	if (!b || b->size - b->used < rounded)
		b = block_new(a, rounded);
	void *p = (char *) b + HEADER_BYTES + b->used;
	b->used += rounded;
	a->used = total;
	memset(p, 0, rounded);
	return p;
full:
	a->full = true;
	return NULL;
}

void *arena_alloc_array(struct arena *a, size_t count, size_t size)
{
	size_t n;
	if (size_mul_overflows(count, size, &n)) {
		a->full = true;
		return NULL;
	}
	return arena_alloc(a, n);
}

char *arena_cstr(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	if (p && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct str arena_dup(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);
	return p ? (struct str){p, s.n} : (struct str){NULL, 0};
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	CHECK(n >= 0);
	char *p = arena_alloc(a, (size_t) n + 1);
	if (!p)
		return (struct str){NULL, 0};
	va_start(ap, format);
	vsnprintf(p, (size_t) n + 1, format, ap);
	va_end(ap);
	return (struct str){p, (size_t) n};
}

bool arena_is_full(const struct arena *a)
{
	return a->full;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

void *arena_list_push(struct arena *a, void **at, size_t *n, size_t *cap, size_t size)
{
	if (*n == *cap) {
		size_t bigger = *cap ? *cap * 2 : 8;
		void *p = arena_alloc_array(a, bigger, size);
		if (!p)
			return NULL;
		if (*n)
			memcpy(p, *at, *n * size);
		*at = p;
		*cap = bigger;
	}
	void *slot = (char *) *at + *n * size;
	(*n)++;
	return slot;
}
