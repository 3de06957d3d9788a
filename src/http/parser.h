/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages out of bytes that come in pieces. */
#pragma once

#include "base/check.h"
#include "http/message.h"

enum http_side { HTTP_REQUEST, HTTP_RESPONSE };

struct http_parser;

/* A parser for one message after another on one connection. Bodies over body_max_bytes are refused with 413. */
struct http_parser *http_parser_new(enum http_side side, size_t body_max_bytes);
void http_parser_free(struct http_parser *p); /* takes NULL */
CLEANUP_DEFINE(struct http_parser *, http_parser_freep, http_parser_free)

enum http_progress {
	HTTP_NEEDS_MORE,
	HTTP_HEAD_DONE, /* once per message, before its body: the limit may be changed, 100-continue sent */
	HTTP_DONE,      /* http_parser_message() is whole; http_parser_next() starts over */
};
/* Takes bytes from the front of input and advances *ret_used by what it used. Returns an enum http_progress, or a
 * negative code (ERR_INVALID, ERR_TOO_LARGE, ERR_UNSUPPORTED): then http_parser_status() is the answer to give
 * (400, 413, 414, 431, 501, 505) and the connection must be closed. */
int http_parser_feed(struct http_parser *p, struct str input, size_t *ret_used);
int http_parser_status(const struct http_parser *p);
const char *http_parser_reason(const struct http_parser *p); /* English, what was wrong; for tests and logs */
void http_parser_set_body_max(struct http_parser *p, size_t bytes);
/* No response to a HEAD request has a body; call before its head is read. */
void http_parser_expect_no_body(struct http_parser *p);
/* For bodies that are used as they come: what is there of the body so far, which the parser forgets; the view holds
 * until the next call of feed. Then message()->body holds only the rest, and body_max bounds what waits, not what came.
 */
struct str http_parser_take_body(struct http_parser *p);
/* The connection ended: HTTP_DONE for a response whose body ends so, else ERR_CLOSED. */
int http_parser_end(struct http_parser *p);
/* Views hold until http_parser_next() or free. */
const struct http_message *http_parser_message(const struct http_parser *p);
void http_parser_next(struct http_parser *p);
bool http_parser_is_idle(const struct http_parser *p); /* between two messages */
