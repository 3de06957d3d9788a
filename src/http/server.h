/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An HTTP/1.1 server on a libevent loop: reads requests strictly, keeps connections alive, answers in the order of the
 * questions, and never waits for a slow peer. The answer may be given later: an exchange stays valid until it is
 * answered, even when the other side has gone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "http/message.h"

struct event_base;
struct http_server;
struct http_exchange;
struct ssl_ctx_st;

enum {
	HTTP_IDLE_MAX_MS = 60 * 1000,   /* between two requests */
	HTTP_HEAD_MAX_MS = 10 * 1000,   /* from a request's first byte to the end of its head */
	HTTP_BODY_GRACE_MS = 20 * 1000, /* for a body, plus a second for each HTTP_BODY_LEAST_RATE bytes that came */
	HTTP_BODY_LEAST_RATE = 4 * 1024,
	HTTP_WRITE_MAX_MS = 60 * 1000,  /* without a byte of the answer being taken */
	HTTP_LINGER_MAX_MS = 20 * 1000, /* reading on after a refusal, so that the other side sees the answer */
	HTTP_ANSWER_FIELDS_MAX = 24,
};

struct http_answer {
	int status;
	struct http_field fields[HTTP_ANSWER_FIELDS_MAX]; /* without Content-Length, Connection and Date */
	size_t field_count;
	struct str body;
	bool body_is_static; /* the bytes outlive the server: they are not copied */
	bool close;          /* the connection ends after this answer */
};

/* Appends a field. A value that holds CR, LF or NUL is left out. */
void http_answer_add(struct http_answer *answer, const char *name, struct str value);
const char *http_status_text(int status);

struct http_server_options {
	size_t connections_max; /* all together */
	size_t connections_per_address_max;
	struct ssl_ctx_st *tls; /* NULL: plain; lives longer than the server */
	void *context;
	/* The head is read: gives how large the body may be. */
	size_t (*body_max)(void *context, const struct http_message *head);
	/* A whole request; answered with http_exchange_answer() now or later. */
	void (*request)(void *context, struct http_exchange *x);
	/* A request that was refused while being read (400, 413, 431 ...): answered now. The message may be empty. */
	void (*refused)(void *context, struct http_exchange *x, int status, const char *reason);
	/* After http_server_stop(): the last connection has ended, or the grace is over. */
	void (*stopped)(void *stopped_context);
	void *stopped_context;
};

struct http_server *http_server_new(struct event_base *base, const struct http_server_options *options);
void http_server_free(struct http_server *s); /* takes NULL; ends all connections, no callback comes after it */
/* fd: a bound, listening socket, owned by the server from now on. ERR_SYSTEM. */
int http_server_listen(struct http_server *s, int fd);
/* No new connections; those between requests end, the others after their answer, at the latest after grace_ms. */
void http_server_stop(struct http_server *s, int grace_ms);
size_t http_server_connections(const struct http_server *s);

const struct http_message *http_exchange_message(const struct http_exchange *x);
struct str http_exchange_remote(const struct http_exchange *x); /* "192.0.2.7", "::1" */
bool http_exchange_is_tls(const struct http_exchange *x);
/* Sends the answer; x and its message are gone afterwards. */
void http_exchange_answer(struct http_exchange *x, const struct http_answer *answer);

/* ---- answers in pieces ---- */
struct http_watch {
	void *context;
	void (*gone)(void *context);    /* the other side left: x must still be ended, with http_exchange_end() */
	void (*drained)(void *context); /* everything written was taken by the kernel */
};
/* Optional, while a request is being worked on. With a watch, an end of the other side's sending counts as leaving: a
 * client that cannot hear any more and one that only half closed look the same, and work for nobody costs money. */
void http_exchange_watch(struct http_exchange *x, const struct http_watch *watch);
/* Sends the head of an answer whose body comes in pieces (answer->body is not used): chunked, or up to the end of the
 * connection for HTTP/1.0. */
void http_exchange_begin(struct http_exchange *x, const struct http_answer *answer);
/* Bytes that wait in this process to be taken by the other side, after adding piece. The caller stops its source while
 * that is much. 0 when the other side is gone. */
size_t http_exchange_write(struct http_exchange *x, struct str piece);
bool http_exchange_is_gone(const struct http_exchange *x);
/* x is gone afterwards. is_whole false: the answer was cut off; the connection ends so that the other side sees it. */
void http_exchange_end(struct http_exchange *x, bool is_whole);

/* A context for TLS 1.2 and 1.3 from PEM files. ERR_NOT_FOUND: neither file is there; ERR_SYSTEM: one cannot be read;
 * ERR_CRYPTO: they are no pair. */
int http_tls_new(const char *certificate_path, const char *key_path, struct ssl_ctx_st **ret);
void http_tls_free(struct ssl_ctx_st *tls); /* takes NULL */
