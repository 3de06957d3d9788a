/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What forms send: application/x-www-form-urlencoded (WHATWG URL) and multipart/form-data (RFC 7578), read strictly;
 * also percent-encoding, media type parameters and cookies (RFC 6265). Bytes are not checked to be UTF-8. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
	FORM_PART_HEAD_MAX_BYTES = 4096,
	FORM_PART_FIELDS_MAX = 8,
	FORM_NAME_MAX_BYTES = 200,
	FORM_BOUNDARY_MAX_BYTES = 70,
};

struct form_field {
	struct str name;
	struct str value;     /* multipart: a view into the body */
	struct str file_name; /* multipart; empty: none or an empty one */
	struct str type;      /* multipart; empty: none */
	bool is_file;         /* the part names a file, even an empty name */
};

struct form {
	struct form_field *at;
	size_t n, cap;
};

/* Appends the fields to ret. ERR_INVALID: not well-formed; ERR_TOO_LARGE: more than fields_max, or the arena is full.
 */
int form_parse_urlencoded(struct str body, size_t fields_max, struct arena *a, struct form *ret);
int form_parse_multipart(struct str body, struct str boundary, size_t fields_max, struct arena *a, struct form *ret);

/* Media type without parameters, trimmed: "text/html" of "text/html; charset=utf-8". */
struct str media_type(struct str field);
/* Value of a parameter, quotes removed; empty when absent. Names are compared without case. A quoted value with a
 * backslash is given as written. */
struct str media_parameter(struct str field, const char *name);

/* "%41" to "A"; ERR_INVALID for a bad escape. plus_is_space for forms and queries. */
int percent_decode(struct str s, bool plus_is_space, struct arena *a, struct str *ret);
/* Appends s with everything but unreserved characters (RFC 3986 2.3) as %XX. */
int percent_encode(struct buf *b, struct str s);

/* Value of the first cookie of this name in a Cookie field; empty when absent. */
struct str cookie_value(struct str field, const char *name);
