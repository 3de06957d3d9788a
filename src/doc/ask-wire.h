/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the asking side and a reader say to each other, in frames:
 *   ASK_REQUEST  with the input as a memory file; body: u8 kind, str name, bool again
 *   ASK_DOCUMENT the answer (document-wire.c); the reader waits for another request if `again` was true
 *   ASK_LAST     the same, and the reader closes
 *   ASK_ERROR    u16 number of the error code; the reader closes
 *   ASK_CONNECT  to a private zygote only, with one end of a socket pair: be a listener's new connection */
#pragma once

#include "base/buf.h"
#include "base/check.h"
#include "doc/document.h"

enum ask_frame { ASK_REQUEST = 1, ASK_DOCUMENT, ASK_LAST, ASK_ERROR, ASK_CONNECT };

enum {
	ASK_INPUT_MAX_BYTES = 64 * 1024 * 1024,
	ASK_NAME_MAX_BYTES = 4096,
	ASK_REQUEST_MAX_BYTES = ASK_NAME_MAX_BYTES + 64,
	ASK_DOCUMENT_LIMIT_MS = 8000, /* a reader that works longer on one document is ended */
	ASK_IDLE_LIMIT_MS = 10000,    /* so is one that waits longer for its first request */
	ASK_BATCH_DOCUMENTS = 64,     /* of one person's batch that one private reader takes */
};

struct ask_request {
	enum input_kind kind; /* INPUT_AUTO is fine */
	struct str name;
	bool again; /* a further request may follow on this connection */
};

/* A name that is not UTF-8 goes with '?' for its bytes beyond ASCII; a longer one is cut at the front: the ending
 * counts. */
int ask_request_encode(const struct ask_request *request, struct buf *ret) MUST_CHECK;
int ask_request_decode(struct str body, struct ask_request *ret) MUST_CHECK;
int ask_error_encode(int code, struct buf *ret) MUST_CHECK;
/* The code that the body names; ERR_INVALID when it names none. Always < 0. */
int ask_error_decode(struct str body);
