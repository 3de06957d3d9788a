/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the message parser share. */
#pragma once

#include "base/err.h"
#include "http/parser.h"

enum http_state {
	STATE_HEAD,
	STATE_BODY_START, /* the head is read, its body's framing is decided */
	STATE_SIZED,
	STATE_CHUNK_SIZE,
	STATE_CHUNK_DATA,
	STATE_CHUNK_END, /* the CRLF after a chunk */
	STATE_TRAILER,
	STATE_TO_END, /* response whose body ends with the connection */
	STATE_DONE,
	STATE_FAILED,
};

enum http_framing { FRAMING_NONE, FRAMING_SIZED, FRAMING_CHUNKED, FRAMING_TO_END };

struct http_parser {
	enum http_side side;
	enum http_state state;
	enum http_framing framing;
	size_t body_max;
	uint64_t left;     /* bytes of the body or chunk still to come */
	size_t line_start; /* of the head's last, unfinished line */
	bool skipped_empty_line;
	bool without_body;
	bool body_is_taken; /* the bytes of body were handed out: cleared with the next feed */
	bool takes_body;    /* somebody takes: lengths are not held against body_max */
	int status;
	const char *reason;
	struct buf head;
	struct buf line; /* chunk size or trailer line */
	size_t trailer_bytes;
	struct buf body;
	struct http_message message;
	struct http_field fields[HTTP_FIELDS_MAX];
};

/* Marks the parser as failed; returns code. */
int http_refuse(struct http_parser *p, int status, int code, const char *reason);
/* Reads p->head, whole, into p->message and p->framing. */
int http_parse_head(struct http_parser *p);
/* One "name: value" line without its end. */
int http_parse_field(struct http_parser *p, struct str line, struct http_field *ret);
bool http_is_token(struct str s);
