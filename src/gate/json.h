/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON (RFC 8259) as the bytes that it is: a scan gives the place of every value, edits replace some strings, and every
 * other byte stays as it was: numbers, spaces, the order of keys, escapes. Strict, because what another reader could
 * understand differently would be a way around the inspection: no invalid UTF-8, no lone surrogates, no NUL, no two
 * keys of one name in an object, nothing after the value. Linear (n log n in the keys of one object). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
	JSON_DEPTH_MAX = 64,
	JSON_TEXT_MAX_BYTES = 256 * 1024 * 1024,
	JSON_TOKENS_MAX = 2 * 1024 * 1024,
};

enum json_type {
	JSON_IS_OBJECT,
	JSON_IS_ARRAY,
	JSON_IS_STRING,
	JSON_IS_NUMBER,
	JSON_IS_TRUE,
	JSON_IS_FALSE,
	JSON_IS_NULL
};

/* Values in the order of the text. The first child of a container is the token after it; an object's children are key,
 * value, key, value ... */
struct json_token {
	uint8_t type;     /* enum json_type */
	bool is_key;      /* a string that names a member */
	bool has_escapes; /* a string whose bytes are not its text */
	uint8_t depth;    /* 0: the whole */
	uint32_t start;   /* strings: behind the opening quote */
	uint32_t end;     /* strings: the closing quote */
	uint32_t next;    /* the token behind this one and all that it holds */
	uint32_t parent;  /* JSON_NONE: the whole */
};

#define JSON_NONE UINT32_MAX

struct json {
	struct str text;
	struct json_token *at; /* in the arena */
	uint32_t n;
};

/* ERR_INVALID, *ret_place (may be NULL) is the byte where; ERR_TOO_LARGE: deeper, longer or more values than the
 * limits, or the arena is full. */
int json_scan(struct str text, struct arena *a, struct json *ret, size_t *ret_place);
/* The value of a member, JSON_NONE when it is not there or object is none. */
uint32_t json_member(const struct json *j, uint32_t object, const char *name);
/* The text of a string: the bytes themselves, or decoded in the arena. {NULL, 0} with a full arena. */
struct str json_text(const struct json *j, uint32_t string, struct arena *a);
/* As json_text() for a member that is a string, else the empty view. */
struct str json_member_text(const struct json *j, uint32_t object, const char *name, struct arena *a);
/* A whole number that fits, else fallback. */
uint64_t json_member_number(const struct json *j, uint32_t object, const char *name, uint64_t fallback);
bool json_is(const struct json *j, uint32_t token, enum json_type type); /* JSON_NONE is nothing */

/* Decodes what stands between two quotes (checked before). Never longer than raw: room of raw.n bytes is enough. */
size_t json_decode(struct str raw, char *to);
/* Whether raw could stand between two quotes. */
bool json_is_string_body(struct str raw);
/* Where in raw the text's byte `offset` begins, going on from a place found before. Start with {0, 0}; offsets must not
 * go back. */
struct json_walk {
	size_t raw, text;
};
size_t json_walk_to(struct json_walk *w, struct str raw, size_t offset);
/* Adds text as it must stand between quotes. */
int json_escape(struct buf *b, struct str text);

/* Replaces bytes [start, end) of the text by `by`. */
struct json_edit {
	size_t start, end;
	struct str by;
};
/* edits in the order of their places, not overlapping. Failure marks the buffer. */
int json_apply(struct str text, const struct json_edit *edits, size_t n, struct buf *b);
