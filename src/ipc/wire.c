/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/wire.h"

#include <math.h>
#include <string.h>

#include "base/err.h"
#include "ipc/utf8.h"

static void put_number(struct buf *b, enum wire_type type, uint64_t value, size_t n)
{
	unsigned char field[1 + sizeof(value)];

	field[0] = (unsigned char) type;
	for (size_t i = 0; i < n; i++)
		field[1 + i] = (unsigned char) (value >> (8 * i));
	(void) buf_add(b, field, 1 + n);
}

void wire_put_u8(struct buf *b, uint8_t value)
{
	put_number(b, WIRE_U8, value, 1);
}

void wire_put_u16(struct buf *b, uint16_t value)
{
	put_number(b, WIRE_U16, value, 2);
}

void wire_put_u32(struct buf *b, uint32_t value)
{
	put_number(b, WIRE_U32, value, 4);
}

void wire_put_u64(struct buf *b, uint64_t value)
{
	put_number(b, WIRE_U64, value, 8);
}

void wire_put_i64(struct buf *b, int64_t value)
{
	put_number(b, WIRE_I64, (uint64_t) value, 8);
}

void wire_put_bool(struct buf *b, bool value)
{
	wire_put_u8(b, value ? 1 : 0);
}

void wire_put_double(struct buf *b, double value)
{
	uint64_t bits;

	if (isnan(value)) {
		b->failed = true;
		return;
	}
	memcpy(&bits, &value, sizeof(bits));
	put_number(b, WIRE_DOUBLE, bits, 8);
}

static void put_sized(struct buf *b, enum wire_type type, struct str s)
{
	if (s.n > UINT32_MAX) {
		b->failed = true;
		return;
	}
	put_number(b, type, s.n, 4);
	(void) buf_add_str(b, s);
}

void wire_put_str(struct buf *b, struct str text)
{
	if (!utf8_is_valid(text)) {
		b->failed = true;
		return;
	}
	put_sized(b, WIRE_STR, text);
}

void wire_put_bytes(struct buf *b, struct str bytes)
{
	put_sized(b, WIRE_BYTES, bytes);
}

struct wire_reader wire_reader_make(struct str bytes)
{
	return (struct wire_reader){.rest = bytes};
}

void wire_fail(struct wire_reader *r, int error)
{
	CHECK(error < 0);
	if (r->error == 0)
		r->error = error;
	r->rest = (struct str){NULL, 0};
}

bool wire_failed(const struct wire_reader *r)
{
	return r->error < 0;
}

static uint64_t get_number(struct wire_reader *r, enum wire_type type, size_t n)
{
	if (r->error < 0)
		return 0;
	if (r->rest.n < 1 + n || (unsigned char) r->rest.p[0] != (unsigned char) type) {
		wire_fail(r, ERR_INVALID);
		return 0;
	}
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value |= (uint64_t) (unsigned char) r->rest.p[1 + i] << (8 * i);
	r->rest.p += 1 + n;
	r->rest.n -= 1 + n;
	return value;
}

uint8_t wire_get_u8(struct wire_reader *r)
{
	return (uint8_t) get_number(r, WIRE_U8, 1);
}

uint16_t wire_get_u16(struct wire_reader *r)
{
	return (uint16_t) get_number(r, WIRE_U16, 2);
}

uint32_t wire_get_u32(struct wire_reader *r)
{
	return (uint32_t) get_number(r, WIRE_U32, 4);
}

uint64_t wire_get_u64(struct wire_reader *r)
{
	return get_number(r, WIRE_U64, 8);
}

int64_t wire_get_i64(struct wire_reader *r)
{
	return (int64_t) get_number(r, WIRE_I64, 8);
}

bool wire_get_bool(struct wire_reader *r)
{
	uint8_t value = wire_get_u8(r);
	if (value > 1)
		wire_fail(r, ERR_INVALID);
	return value == 1;
}

double wire_get_double(struct wire_reader *r)
{
	uint64_t bits = get_number(r, WIRE_DOUBLE, 8);
	double value;

	memcpy(&value, &bits, sizeof(value));
	if (isnan(value)) {
		wire_fail(r, ERR_INVALID);
		return 0;
	}
	return value;
}

static struct str get_sized(struct wire_reader *r, enum wire_type type, size_t max_bytes)
{
	uint64_t n = get_number(r, type, 4);

	if (n > max_bytes)
		wire_fail(r, ERR_TOO_LARGE);
	else if (n > r->rest.n)
		wire_fail(r, ERR_INVALID);
	if (r->error < 0)
		return (struct str){NULL, 0};
	struct str s = {r->rest.p, (size_t) n};
	r->rest.p += n;
	r->rest.n -= (size_t) n;
	return s;
}

struct str wire_get_str(struct wire_reader *r, size_t max_bytes)
{
	struct str s = get_sized(r, WIRE_STR, max_bytes);
	if (utf8_is_valid(s))
		return s;
	wire_fail(r, ERR_INVALID);
	return (struct str){NULL, 0};
}

struct str wire_get_bytes(struct wire_reader *r, size_t max_bytes)
{
	return get_sized(r, WIRE_BYTES, max_bytes);
}

uint32_t wire_get_count(struct wire_reader *r, uint32_t max, size_t least_bytes)
{
	uint32_t n = wire_get_u32(r);

	if (n > max)
		wire_fail(r, ERR_TOO_LARGE);
	else if (least_bytes > 0 && n > r->rest.n / least_bytes)
		wire_fail(r, ERR_INVALID);
	return r->error < 0 ? 0 : n;
}

int wire_end(const struct wire_reader *r)
{
	if (r->error < 0)
		return r->error;
	return r->rest.n == 0 ? 0 : ERR_INVALID;
}
