/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Header fields (RFC 5322): finding them, RFC 2047 words, RFC 2045/2231 parameters, addresses. As broken as they come.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum {
	FIELD_VALUE_MAX_BYTES = 32 * 1024, /* longer bodies are cut */
	FIELDS_MAX = 1000,
};

/* A field as it stands in the message: value holds the folds. */
struct field {
	struct str name, value;
};

/* Cuts the next field off *rest. false at the end of the header: *rest then begins with the body (the empty line gone),
 * and *ret_broken says whether a line that is no field ended it. */
bool field_next(struct str *rest, struct field *ret, bool *ret_broken);
/* True when a line of text could be the start of a field ("Name: ..."), with the length of its name. */
bool field_is_start(struct str line, size_t *ret_name_length);
/* Without folds: line ends go, the blank that begins the next line stays. In a when it had folds. */
struct str field_unfold(struct str value, struct arena *a);

struct field_text {
	struct str text; /* UTF-8, one line */
	bool broken, wrong, foreign;
};
/* Decodes RFC 2047 words anywhere, also inside quotes, also cut in the middle of a character; raw 8-bit and raw
 * ISO-2022-JP by detection, with hint (may be empty) as the charset of the message. */
int field_decode(struct str value, struct str hint, struct arena *a, struct field_text *ret);

/* "text/plain; charset=utf-8": the value before the first ";" in lower case. */
struct str field_media_type(struct str value, struct arena *a);
/* A parameter, decoded: RFC 2231 (continued, with charset), RFC 2047 inside, raw 8-bit. Empty when it is not there. */
int field_parameter(struct str value, struct str name, struct str hint, struct arena *a, struct str *ret);

struct field_address {
	struct str name, address;
	uint32_t start, end; /* in text */
};
struct field_addresses {
	struct str text; /* the field as people see it: "name <address>, ..." */
	bool broken, wrong, foreign;
	struct field_address *at;
	size_t n, cap;
};
enum { FIELD_ADDRESSES_MAX = 100 };
/* An address field; more than FIELD_ADDRESSES_MAX are left out. */
int field_parse_addresses(struct str value, struct str hint, struct arena *a, struct field_addresses *ret);
/* One mailbox that stands in text already decoded: "name <a@b>", "a@b", "name [mailto:a@b]", "name (a@b)". */
void field_split_mailbox(struct str text, struct arena *a, struct str *ret_name, struct str *ret_address);

/* Offset of an RFC 5322 date in minutes, INT32_MIN when there is none. */
int32_t field_zone_minutes(struct str value);
