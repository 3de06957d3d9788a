/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Typed fields between processes. Each field is one type byte and its value, little-endian; the reader asks for the
 * type it expects and refuses any other, so two ends that disagree fail at once instead of reading nonsense.
 * Both ends are "sticky": after the first failure every call does nothing, and the result is asked once at the end.
 *
 *   writing: wire_put_u32(&b, n); wire_put_str(&b, name); if (buf_failed(&b)) ...
 *   reading: n = wire_get_u32(&r); name = wire_get_str(&r, NAME_MAX_BYTES); if ((e = wire_end(&r)) < 0) ... */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/str.h"

enum wire_type {
	WIRE_U8 = 1,
	WIRE_U16,
	WIRE_U32,
	WIRE_U64,
	WIRE_I64,
	WIRE_DOUBLE, /* IEEE 754 bits; never a NaN */
	WIRE_STR,    /* u32 length and valid UTF-8 */
	WIRE_BYTES,  /* u32 length and any bytes */
};

void wire_put_u8(struct buf *b, uint8_t value);
void wire_put_u16(struct buf *b, uint16_t value);
void wire_put_u32(struct buf *b, uint32_t value);
void wire_put_u64(struct buf *b, uint64_t value);
void wire_put_i64(struct buf *b, int64_t value);
void wire_put_bool(struct buf *b, bool value); /* a u8 that is 0 or 1 */
void wire_put_double(struct buf *b, double value);
void wire_put_str(struct buf *b, struct str text); /* text must be valid UTF-8: else the buffer is marked as failed */
void wire_put_bytes(struct buf *b, struct str bytes);

struct wire_reader {
	struct str rest; /* what is not read yet */
	int error;       /* 0, or the first ERR_INVALID or ERR_TOO_LARGE */
};

struct wire_reader wire_reader_make(struct str bytes);
/* Each gives 0 or the empty view after an error. Views point into the bytes that are read. */
uint8_t wire_get_u8(struct wire_reader *r);
uint16_t wire_get_u16(struct wire_reader *r);
uint32_t wire_get_u32(struct wire_reader *r);
uint64_t wire_get_u64(struct wire_reader *r);
int64_t wire_get_i64(struct wire_reader *r);
bool wire_get_bool(struct wire_reader *r);     /* another value than 0 and 1 is ERR_INVALID */
double wire_get_double(struct wire_reader *r); /* NaN is ERR_INVALID */
/* ERR_TOO_LARGE when longer than max_bytes; ERR_INVALID when it is not UTF-8. */
struct str wire_get_str(struct wire_reader *r, size_t max_bytes);
struct str wire_get_bytes(struct wire_reader *r, size_t max_bytes);
/* A u32 that counts elements of at least least_bytes each: over max is ERR_TOO_LARGE, more than the rest can hold is
 * ERR_INVALID, so that nobody allocates for elements that cannot come. */
uint32_t wire_get_count(struct wire_reader *r, uint32_t max, size_t least_bytes);
/* Marks the reader: for rules that only the caller knows. The first error stays. */
void wire_fail(struct wire_reader *r, int error);
bool wire_failed(const struct wire_reader *r);
/* 0 when everything was read and nothing failed; ERR_INVALID when bytes are left. */
int wire_end(const struct wire_reader *r) MUST_CHECK;
