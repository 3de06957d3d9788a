/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP/1.1 messages (RFC 9112), read strictly and piece by piece: what two readers could understand differently is
 * refused. The result never depends on how the bytes were cut. Used by the server and by clients. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define HTTP_METHOD_LIST(X)                                                                                            \
	X(HTTP_GET, "GET")                                                                                             \
	X(HTTP_HEAD, "HEAD")                                                                                           \
	X(HTTP_POST, "POST")                                                                                           \
	X(HTTP_PUT, "PUT")                                                                                             \
	X(HTTP_DELETE, "DELETE")                                                                                       \
	X(HTTP_PATCH, "PATCH")                                                                                         \
	X(HTTP_OPTIONS, "OPTIONS")

enum http_method {
#define X(code, word) code,
	HTTP_METHOD_LIST(X)
#undef X
	        HTTP_METHOD_COUNT,
};

enum {
	HTTP_LINE_MAX_BYTES = 8 * 1024,  /* request or status line */
	HTTP_HEAD_MAX_BYTES = 32 * 1024, /* all header fields with the first line */
	HTTP_FIELDS_MAX = 100,
	HTTP_CHUNK_LINE_MAX_BYTES = 256, /* size line with extensions */
	HTTP_TRAILER_MAX_BYTES = 4 * 1024,
};

struct http_field {
	struct str name; /* as written; compare with str_eq_icase */
	struct str value;
};

struct http_message {
	enum http_method method; /* request */
	struct str target;       /* as written: "/check?x=1" */
	struct str path;         /* part before '?', not decoded */
	struct str query;        /* part after '?', not decoded */
	struct str host;         /* of the Host field (or of an absolute target) */
	int status;              /* response */
	int minor;               /* 1, or 0 for HTTP/1.0 */
	struct http_field *fields;
	size_t field_count;
	bool keep_alive;
	bool expects_continue; /* Expect: 100-continue */
	struct str body;
};

/* First field of this name, else the empty view. */
struct str http_field(const struct http_message *m, const char *name);
bool http_has_field(const struct http_message *m, const char *name);
const char *http_method_word(enum http_method method);
