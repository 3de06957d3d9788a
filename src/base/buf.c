/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { BUF_FIRST_BYTES = 256 };

struct buf buf_make(size_t max_bytes)
{
	CHECK(max_bytes > 0);
	return (struct buf){.max = max_bytes};
}

void buf_done(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->n = b->cap = 0;
	b->failed = false;
}

void buf_wipe_done(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->cap);
	buf_done(b);
}

int buf_reserve(struct buf *b, size_t n)
{
	size_t want;

	if (b->failed)
		return ERR_TOO_LARGE;
	if (size_add_overflows(b->n, n, &want) || want > b->max) {
		b->failed = true;
		return ERR_TOO_LARGE;
	}
	/* One byte more than asked, so that buf_cstr() never has to grow. */
	if (want + 1 > b->cap) {
		size_t cap = b->cap ? b->cap : BUF_FIRST_BYTES;
		while (cap < want + 1)
			cap *= 2;
		char *p = realloc(b->p, cap);
		CHECK(p);
		b->p = p;
		b->cap = cap;
	}
	return 0;
}

int buf_add_grown(struct buf *b, const void *p, size_t n)
{
	int r = buf_reserve(b, n);
	if (r < 0)
		return r;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	return 0;
}

int buf_add_str(struct buf *b, struct str s)
{
	return buf_add(b, s.p, s.n);
}

int buf_add_c(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

int buf_add_char(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int buf_add_u64(struct buf *b, unsigned long long value)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char) ('0' + value % 10);
		value /= 10;
	} while (value > 0);
	return buf_add(b, digits + at, sizeof(digits) - at);
}

int buf_vprintf(struct buf *b, const char *format, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	CHECK(n >= 0);
	int r = buf_reserve(b, (size_t) n);
	if (r < 0)
		return r;
	vsnprintf(b->p + b->n, (size_t) n + 1, format, ap);
	b->n += (size_t) n;
	return 0;
}

int buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int r = buf_vprintf(b, format, ap);
	va_end(ap);
	return r;
}

void buf_consume(struct buf *b, size_t n)
{
	CHECK(n <= b->n);
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
}

bool buf_failed(const struct buf *b)
{
	return b->failed;
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

const char *buf_cstr(struct buf *b)
{
	if (b->failed || buf_reserve(b, 0) < 0)
		return NULL;
	b->p[b->n] = '\0';
	return b->p;
}
