/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An HTTP/1.1 client on a libevent loop: keeps connections for the next call, verifies certificates, never waits, and
 * hands answers over as they come. Answers are read by the strict parser. Names are resolved by libevent's own
 * resolver, so a slow name server stops nobody else. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "http/message.h"

struct event_base;
struct http_client;
struct http_call;
struct ssl_ctx_st;

enum {
	HTTP_CLIENT_IDLE_EACH_MAX = 128,     /* kept connections to one place */
	HTTP_CLIENT_IDLE_MAX_MS = 25 * 1000, /* below the 60 to 75 s after which servers close */
	HTTP_CLIENT_READ_AHEAD_BYTES = 64 * 1024,
	HTTP_CLIENT_HOST_MAX_BYTES = 253, /* RFC 1035 */
	HTTP_CLIENT_HEAD_MAX_BYTES = 16 * 1024,
};

struct http_client_options {
	struct event_base *base;
	const char *ca_file;  /* additional certificates to trust, PEM; NULL none */
	bool only_local;      /* local sockets alone: no name server, no certificates; other places are refused */
	size_t idle_each_max; /* 0: HTTP_CLIENT_IDLE_EACH_MAX */
};

/* Reads the resolver's and the system's CA files now, so before a jail closes. ERR_CRYPTO: ca_file holds nothing of
 * use. */
int http_client_new(const struct http_client_options *options, struct http_client **ret);
void http_client_free(struct http_client *c); /* takes NULL; calls that are open end without a callback */

struct http_place {
	struct str host; /* name, IPv4 or IPv6 address without brackets; or the path of a local socket: "/..." */
	uint16_t port;
	bool tls;
};

struct http_request {
	struct http_place place;
	enum http_method method;
	struct str target;
	const struct http_field *fields; /* without Host, Content-Length, Connection */
	size_t field_count;
	struct str body;
};

struct http_call_limits {
	uint32_t connect_ms; /* name, connection and TLS */
	uint32_t first_ms;   /* from the start to the head of the answer */
	uint32_t idle_ms;    /* without a byte of the answer; not while paused */
	uint32_t total_ms;
};

struct http_call_end {
	int code; /* 0: the answer is whole; ERR_UNAVAILABLE: no connection; ERR_CRYPTO: TLS; ERR_TIMEOUT; ERR_CLOSED:
	           * ended before its time; ERR_INVALID: no HTTP; ERR_TOO_LARGE */
	bool connected; /* the other side could have seen something of the request */
	bool answered;  /* the head of an answer came */
};

struct http_call_handlers {
	void *context;
	void (*head)(void *context, const struct http_message *head); /* once; views for the call of it only */
	void (*body)(void *context, struct str piece);
	void (*end)(void *context, const struct http_call_end *end); /* last; the call is gone afterwards */
};

/* Nothing is called before this returns. request is copied. */
struct http_call *http_call_start(struct http_client *c, const struct http_request *request,
                                  const struct http_call_limits *limits, const struct http_call_handlers *handlers);
/* Ends it without a callback; allowed inside of its handlers. */
void http_call_cancel(struct http_call *call);
/* While paused nothing is read. */
void http_call_pause(struct http_call *call, bool paused);
