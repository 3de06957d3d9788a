/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/calls.h"

#include <string.h>

#include "base/err.h"

enum { ROW_LEAST_WIRE_BYTES = 1 };

#define NUMBER(name) "n"
#define TIME(name) "t"
#define FLAG(name) "f"
#define REAL(name) "r"
#define TEXT(name) "s"
#define BYTES(name) "b"
#define LIST(row, name) "[" #row "]"

const struct keep_call_entry keep_call_table[KEEP_CALL_COUNT] = {
#define CALL(name, who, work, in, out)                                                                                 \
	{#name, who, work, "" in, "" out, sizeof(struct keep_##name##_in), sizeof(struct keep_##name##_out)},
#include "keep/messages.def"
#undef CALL
};

static const struct {
	const char *name, *signature;
} rows[] = {
#define ROW(name, ...) {#name, "" __VA_ARGS__},
#include "store/rows.def"
#undef ROW
};

#include "store/fields-end.h"

/* Any list: all of them have this shape. */
struct list {
	void *at;
	size_t n, cap;
};

/* Signatures are constants, so that a name is found by its address the next time. */
enum { FOUND_ROWS = 256 };
static _Thread_local struct found_row {
	const char *name, *signature;
} found[FOUND_ROWS];

/* The signature of the row named at "[name]"; *signature moves behind the bracket. */
static const char *take_row(const char **signature)
{
	const char *name = *signature + 1, *end = strchr(name, ']');
	CHECK(end);
	*signature = end + 1;
	struct found_row *known = &found[((uintptr_t) name >> 2) % FOUND_ROWS];
	if (known->name == name)
		return known->signature;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (str_eq_c(str_make(name, (size_t) (end - name)), rows[i].name)) {
			*known = (struct found_row){name, rows[i].signature};
			return rows[i].signature;
		}
	}
	CHECK(!"every row is in the table");
	return NULL;
}

static size_t field_size(char letter)
{
	switch (letter) {
	case 's':
	case 'b':
		return sizeof(struct str);
	case '[':
		return sizeof(struct list);
	default:
		return 8;
	}
}

size_t codec_size(const char *signature)
{
	size_t size = 0;
	while (*signature) {
		size += field_size(*signature);
		if (*signature == '[')
			take_row(&signature);
		else
			signature++;
	}
	return size;
}

/* ---- writing ---- */

static int put_list(struct buf *b, const char *row, const struct list *list)
{
	size_t size = codec_size(row);
	int r = 0;

	if (list->n > KEEP_LIST_MAX_ROWS)
		return ERR_TOO_LARGE;
	wire_put_u32(b, (uint32_t) list->n);
	for (size_t i = 0; r >= 0 && i < list->n; i++)
		r = codec_put(b, row, (const char *) list->at + i * size);
	return r;
}

static int put_text(struct buf *b, char letter, const struct str *s)
{
	if (s->n > KEEP_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	if (letter == 'b')
		wire_put_bytes(b, *s);
	else
		wire_put_str(b, *s);
	return buf_failed(b) ? ERR_INVALID : 0;
}

static int put_field(struct buf *b, char letter, const void *field)
{
	switch (letter) {
	case 'n':
		wire_put_u64(b, *(const uint64_t *) field);
		return 0;
	case 't':
		wire_put_i64(b, *(const int64_t *) field);
		return 0;
	case 'f':
		wire_put_bool(b, *(const bool *) field);
		return 0;
	case 'r':
		wire_put_double(b, *(const double *) field);
		return 0;
	default:
		return put_text(b, letter, field);
	}
}

int codec_put(struct buf *b, const char *signature, const void *base)
{
	const char *field = base;
	int r = 0;

	while (r >= 0 && *signature) {
		char letter = *signature;
		if (letter == '[')
			r = put_list(b, take_row(&signature), (const struct list *) (const void *) field);
		else
			r = put_field(b, *signature++, field);
		field += field_size(letter);
	}
	return r < 0 ? r : buf_failed(b) ? ERR_TOO_LARGE : 0;
}

/* ---- reading ---- */

static int get_list(struct wire_reader *reader, const char *row, struct arena *a, struct list *list)
{
	size_t size = codec_size(row);
	uint32_t n = wire_get_count(reader, KEEP_LIST_MAX_ROWS, ROW_LEAST_WIRE_BYTES);
	int r = reader->error;

	if (r < 0)
		return r;
	list->at = arena_alloc_array(a, n, size);
	if (!list->at)
		return ERR_TOO_LARGE;
	for (uint32_t i = 0; r >= 0 && i < n; i++)
		r = codec_get(reader, row, a, (char *) list->at + i * size);
	list->n = list->cap = n;
	return r;
}

static int get_text(struct wire_reader *reader, char letter, struct arena *a, struct str *ret)
{
	struct str s =
	        letter == 'b' ? wire_get_bytes(reader, KEEP_TEXT_MAX_BYTES) : wire_get_str(reader, KEEP_TEXT_MAX_BYTES);
	*ret = arena_dup(a, s);
	return ret->p ? reader->error : ERR_TOO_LARGE;
}

static int get_field(struct wire_reader *reader, char letter, struct arena *a, void *field)
{
	switch (letter) {
	case 'n':
		*(uint64_t *) field = wire_get_u64(reader);
		return reader->error;
	case 't':
		*(int64_t *) field = wire_get_i64(reader);
		return reader->error;
	case 'f':
		*(bool *) field = wire_get_bool(reader);
		return reader->error;
	case 'r':
		*(double *) field = wire_get_double(reader);
		return reader->error;
	default:
		return get_text(reader, letter, a, field);
	}
}

int codec_get(struct wire_reader *reader, const char *signature, struct arena *a, void *base)
{
	char *field = base;
	int r = 0;

	while (r >= 0 && *signature) {
		char letter = *signature;
		if (letter == '[')
			r = get_list(reader, take_row(&signature), a, (struct list *) (void *) field);
		else
			r = get_field(reader, *signature++, a, field);
		field += field_size(letter);
	}
	return r;
}
