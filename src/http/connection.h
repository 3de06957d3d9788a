/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the server share: a connection and its current exchange. */
#pragma once

#include <event2/bufferevent.h>
#include <event2/event.h>

#include "base/buf.h"
#include "base/check.h"
#include "http/parser.h"
#include "http/pull.h"
#include "http/server.h"

enum { REMOTE_MAX_BYTES = 64, ANSWER_HEAD_MAX_BYTES = 32 * 1024 };

enum connection_phase {
	PHASE_IDLE,
	PHASE_HEAD,
	PHASE_BODY,
	PHASE_ANSWERING, /* the request is with the handler */
	PHASE_FLUSHING,  /* the last answer is on its way, then the end */
	PHASE_LINGERING, /* refused: what still comes is thrown away */
	PHASE_GONE,      /* the other side left while the handler has the request */
};

/* One connection; as long as it answers one request at a time it is the exchange too. */
struct http_exchange {
	struct http_server *server;
	struct http_exchange *previous, *next;
	struct bufferevent *stream; /* NULL: gone */
	struct pull pull;
	struct http_parser *parser;
	enum connection_phase phase;
	int64_t phase_since_us;
	int64_t moved_us; /* last time that bytes of an answer were taken */
	size_t output_left;
	bool in_loop; /* the reading loop is on the stack */
	bool ends;    /* no further request */
	bool refusing;
	uint64_t body_bytes;
	struct http_watch watch; /* of the current exchange */
	bool is_chunked, without_body;
	char remote[REMOTE_MAX_BYTES];
};

struct http_server {
	struct event_base *base;
	struct http_server_options options;
	struct http_exchange *first;
	size_t count;
	struct event *tick;
	struct evconnlistener **listeners;
	size_t listener_count;
	bool stopping;
	int64_t stop_at_us;
};

/* Takes over fd. */
void connection_open(struct http_server *s, int fd, struct str remote);
void connection_close(struct http_exchange *x); /* keeps x while a handler has the request */
void connection_free(struct http_exchange *x);
void connection_finish(struct http_exchange *x,
                       bool keep_alive); /* the answer is written: the next request, or the end */
void connection_drop_gone(struct http_exchange *x);
/* Between two requests with nothing left to send. */
bool connection_is_quiet(const struct http_exchange *x);
/* Ends it when it is over its time. */
void connection_tick(struct http_exchange *x, int64_t now_us);
enum answer_framing { ANSWER_SIZED, ANSWER_CHUNKED, ANSWER_TO_END };
void answer_write_head(struct buf *b, const struct http_answer *answer, enum answer_framing framing, bool keep_alive);
