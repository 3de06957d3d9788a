/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A growing byte buffer with a maximum that is set at birth. The first append that would pass the maximum fails
 * with ERR_TOO_LARGE and marks the buffer; later appends fail too, so a run of appends may be checked once by
 * buf_failed(). */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/check.h"
#include "base/cleanup.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool failed;
};

/* An empty buffer that may grow to max_bytes. Nothing is allocated yet. */
struct buf buf_make(size_t max_bytes);
void buf_done(struct buf *b);      /* frees; the buffer is empty and usable again */
void buf_wipe_done(struct buf *b); /* overwrites, then frees: for secrets */

int buf_add_grown(struct buf *b, const void *p, size_t n); /* what buf_add() does when it has to grow */
static inline int buf_add(struct buf *b, const void *p, size_t n)
{
	size_t most = b->cap < b->max ? b->cap : b->max;
	if (b->failed || n == 0 || b->n >= most || n >= most - b->n)
		return buf_add_grown(b, p, n);
	memcpy(b->p + b->n, p, n);
	b->n += n;
	return 0;
}
int buf_add_str(struct buf *b, struct str s);
int buf_add_c(struct buf *b, const char *text);
int buf_add_char(struct buf *b, char c);
int buf_add_u64(struct buf *b, unsigned long long value); /* decimal */
int buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
int buf_vprintf(struct buf *b, const char *format, va_list ap) PRINTF_LIKE(2, 0);
/* Room for n more bytes at b->p + b->n; the caller adds to b->n what it wrote. */
int buf_reserve(struct buf *b, size_t n);
void buf_consume(struct buf *b, size_t n); /* drops n bytes from the front */
void buf_clear(struct buf *b);             /* keeps the memory */
bool buf_failed(const struct buf *b);
struct str buf_str(const struct buf *b);
/* NUL-terminated text; the NUL is not counted in n. NULL when the buffer failed. */
const char *buf_cstr(struct buf *b);
