/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection serves one call at a time and goes back to the pool when the answer was whole and nothing is left
 * over. A kept connection that the other side had closed already shows itself by ending before the first byte: then the
 * call begins once more on a new one. One timer for each call; it looks at the nearest limit when it fires. */
#include "http/client.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/err.h"
#include "http/parser.h"
#include "http/pull.h"
#include "http/push.h"

enum { TICK_MS = 1000 };

struct wire {
	struct http_client *client;
	struct wire *next; /* kept ones */
	char host[HTTP_CLIENT_HOST_MAX_BYTES + 1];
	uint16_t port;
	bool tls;
	struct bufferevent *stream;
	struct pull pull; /* once connected */
	struct http_parser *parser;
	struct http_call *call; /* NULL: kept for the next */
	int64_t kept_us;
	bool was_kept, connected;
};

struct http_client {
	struct event_base *base;
	struct evdns_base *dns;
	SSL_CTX *tls;
	struct wire *kept;
	size_t kept_count;
	struct http_call *first;
	struct event *tick;
	size_t idle_each_max;
};

struct http_call {
	struct http_client *client;
	struct http_call *previous, *next;
	struct wire *wire;
	struct http_call_handlers handlers;
	struct http_call_limits limits;
	struct http_call_end so_far;
	struct event *timer;
	int64_t started_us, heard_us;
	bool paused, got_byte, in_handler, is_cancelled;
	bool has_ended;   /* the other side did, while paused */
	struct buf bytes; /* the request, until an answer begins */
	char host[HTTP_CLIENT_HOST_MAX_BYTES + 1];
	uint16_t port;
	bool tls;
};

static void wire_free(struct wire *w)
{
	if (!w)
		return;
	pull_done(&w->pull);
	if (w->stream)
		bufferevent_free(w->stream);
	http_parser_free(w->parser);
	free(w);
}

static void call_free(struct http_call *call)
{
	if (call->previous)
		call->previous->next = call->next;
	else
		call->client->first = call->next;
	if (call->next)
		call->next->previous = call->previous;
	event_free(call->timer);
	/* A wire that was kept or freed is no longer the call's; the analyzer loses that across answer_is_whole(). */
	wire_free(call->wire);       /* NOLINT(clang-analyzer-unix.Malloc) */
	buf_wipe_done(&call->bytes); /* the provider's key is in it */
	free(call);
}

static void finish(struct http_call *call, int code)
{
	struct http_call_handlers handlers = call->handlers;
	struct http_call_end end = call->so_far;
	end.code = code;
	if (call->in_handler) {
		call->is_cancelled = true;
		return;
	}
	call_free(call);
	handlers.end(handlers.context, &end);
}

/* ---- the pool ---- */

static bool leads_to(const struct wire *w, const char *host, uint16_t port, bool tls)
{
	return w->port == port && w->tls == tls && strcmp(w->host, host) == 0;
}

static size_t count_kept(const struct http_client *c, const struct wire *like)
{
	size_t n = 0;
	for (const struct wire *w = c->kept; w; w = w->next)
		n += leads_to(w, like->host, like->port, like->tls);
	return n;
}

static void forget_kept(struct wire *w)
{
	for (struct wire **at = &w->client->kept; *at; at = &(*at)->next) {
		if (*at == w) {
			*at = w->next;
			w->client->kept_count--;
			break;
		}
	}
	wire_free(w);
}

static void keep_wire(struct wire *w)
{
	struct http_client *c = w->client;
	w->call = NULL;
	if (c->kept_count >= c->idle_each_max && count_kept(c, w) >= c->idle_each_max) {
		wire_free(w);
		return;
	}
	http_parser_next(w->parser);
	w->kept_us = clock_coarse_us();
	w->was_kept = true;
	w->next = c->kept;
	c->kept = w;
	c->kept_count++;
	pull_taken(&w->pull);
	pull_want(&w->pull, true);
}

static struct wire *take_kept(struct http_client *c, const struct http_call *call)
{
	for (struct wire **at = &c->kept; *at; at = &(*at)->next) {
		struct wire *w = *at;
		if (leads_to(w, call->host, call->port, call->tls)) {
			*at = w->next;
			w->next = NULL;
			c->kept_count--;
			return w;
		}
	}
	return NULL;
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	struct http_client *c = context;
	int64_t before_us = clock_monotonic_us() - HTTP_CLIENT_IDLE_MAX_MS * 1000LL;
	for (struct wire *w = c->kept, *next; w; w = next) {
		next = w->next;
		if (w->kept_us < before_us)
			forget_kept(w);
	}
}

/* ---- answers ---- */

static void start_wire(struct http_call *call);

/* Calls a handler; true: the call is over now. */
static bool handed_over(struct http_call *call, const struct http_message *head, struct str piece)
{
	call->in_handler = true;
	if (head)
		call->handlers.head(call->handlers.context, head);
	else
		call->handlers.body(call->handlers.context, piece);
	call->in_handler = false;
	if (!call->is_cancelled)
		return false;
	call_free(call); /* NOLINT(clang-analyzer-unix.Malloc): while in_handler is set nobody else frees it */
	return true;
}

static void answer_is_whole(struct http_call *call)
{
	struct wire *w = call->wire;
	bool is_clean = http_parser_message(w->parser)->keep_alive &&
	                evbuffer_get_length(bufferevent_get_output(w->stream)) == 0 &&
	                evbuffer_get_length(bufferevent_get_input(w->stream)) == 0;
	if (is_clean) {
		call->wire = NULL;
		keep_wire(w);
	}
	finish(call, 0);
}

static bool head_is_read(struct http_call *call)
{
	struct wire *w = call->wire;
	const struct http_message *m = http_parser_message(w->parser);
	if (m->status < 200)
		return false;
	call->so_far.answered = true;
	buf_wipe_done(&call->bytes);
	(void) http_parser_take_body(w->parser); /* from now on it is taken */
	http_parser_set_body_max(w->parser, HTTP_CLIENT_READ_AHEAD_BYTES * 4);
	return handed_over(call, m, (struct str){NULL, 0});
}

enum step { STEP_ON, STEP_WAIT, STEP_OVER };

/* STEP_OVER: the call is gone. */
static enum step read_step(struct http_call *call)
{
	struct wire *w = call->wire;
	struct evbuffer *input = bufferevent_get_input(w->stream);
	struct evbuffer_iovec piece = {NULL, 0};
	size_t used = 0;

	evbuffer_peek(input, -1, NULL, &piece, 1);
	int r = http_parser_feed(w->parser, str_make(piece.iov_base, piece.iov_len), &used);
	if (r == HTTP_HEAD_DONE) {
		evbuffer_drain(input, used);
		return head_is_read(call) ? STEP_OVER : STEP_ON;
	}
	if (r == HTTP_DONE && http_parser_message(w->parser)->status < 200) {
		evbuffer_drain(input, used);
		http_parser_next(w->parser);
		return evbuffer_get_length(input) > 0 ? STEP_ON : STEP_WAIT;
	}
	struct str body = call->so_far.answered ? http_parser_take_body(w->parser) : (struct str){NULL, 0};
	if (r >= 0 && body.n > 0 && handed_over(call, NULL, body))
		return STEP_OVER;
	evbuffer_drain(input, used);
	if (r < 0)
		finish(call, r);
	else if (r == HTTP_DONE)
		answer_is_whole(call);
	if (r < 0 || r == HTTP_DONE)
		return STEP_OVER;
	return evbuffer_get_length(input) > 0 && !call->paused ? STEP_ON : STEP_WAIT;
}

static void end_of_input(struct http_call *call)
{
	int code = ERR_CLOSED;
	if (call->so_far.answered && http_parser_end(call->wire->parser) == HTTP_DONE)
		code = 0;
	finish(call, code);
}

static void on_readable(struct bufferevent *stream, void *context)
{
	struct wire *w = context;
	struct http_call *call = w->call;
	if (!call) { /* nobody asked: what comes belongs to nothing */
		forget_kept(w);
		return;
	}
	if (call->in_handler || call->paused)
		return;
	call->got_byte = true;
	call->heard_us = clock_coarse_us();
	enum step step;
	while ((step = read_step(call)) == STEP_ON)
		;
	if (step == STEP_WAIT)
		pull_taken(&w->pull);
	if (step == STEP_WAIT && call->has_ended && !call->paused)
		end_of_input(call);
}

static void on_event(struct bufferevent *stream, short what, void *context);

static void on_connected(struct wire *w)
{
	const int on = 1;
	w->connected = true;
	pull_init(&w->pull, w->client->base, w->stream, HTTP_CLIENT_READ_AHEAD_BYTES, on_readable, on_event, w);
	pull_want(&w->pull, !w->call || !w->call->paused);
	if (w->call)
		w->call->so_far.connected = true;
	setsockopt(bufferevent_getfd(w->stream), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int failure_of(const struct http_call *call)
{
	if (!call->so_far.connected)
		return call->tls && bufferevent_get_openssl_error(call->wire->stream) ? ERR_CRYPTO : ERR_UNAVAILABLE;
	return ERR_CLOSED;
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
	struct wire *w = context;
	struct http_call *call = w->call;
	if (what & BEV_EVENT_CONNECTED) {
		on_connected(w);
		return;
	}
	if (!call) {
		forget_kept(w);
		return;
	}
	if (w->was_kept && !call->got_byte) {
		wire_free(w);
		call->wire = NULL;
		start_wire(call);
		return;
	}
	if (call->paused && (what & BEV_EVENT_EOF)) {
		call->has_ended = true;
		return;
	}
	if (call->so_far.connected && (what & BEV_EVENT_EOF))
		end_of_input(call);
	else
		finish(call, failure_of(call));
}

/* ---- limits ---- */

static int64_t nearest_end(const struct http_call *call)
{
	int64_t end = call->started_us + call->limits.total_ms * 1000LL, other = end;
	if (!call->so_far.connected)
		other = call->started_us + call->limits.connect_ms * 1000LL;
	else if (!call->so_far.answered)
		other = call->started_us + call->limits.first_ms * 1000LL;
	else if (!call->paused)
		other = call->heard_us + call->limits.idle_ms * 1000LL;
	return other < end ? other : end;
}

static void arm(struct http_call *call, int64_t now_us)
{
	int64_t left = nearest_end(call) - now_us, least = 1000;
	left = left < least ? least : left;
	/* A limit that moved closer is met late by at most this. */
	if (left > 500 * 1000)
		left = 500 * 1000;
	struct timeval t = {.tv_sec = left / CLOCK_SECOND_US, .tv_usec = left % CLOCK_SECOND_US};
	event_add(call->timer, &t);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
	struct http_call *call = context;
	int64_t now_us = clock_monotonic_us();
	if (now_us >= nearest_end(call))
		finish(call, ERR_TIMEOUT);
	else
		arm(call, now_us);
}

/* ---- connections ---- */

/* A path that is too long or has nobody behind it ends the call as any refused connection does. */
static void connect_local(struct bufferevent *stream, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strnlen(path, sizeof(address.sun_path) - 1);
	memcpy(address.sun_path, path, n);
	bufferevent_socket_connect(stream, (struct sockaddr *) &address, sizeof(address));
}

static struct bufferevent *open_tls(struct http_call *call)
{
	SSL *tls = SSL_new(call->client->tls);
	unsigned char address[sizeof(struct in6_addr)];
	CHECK(tls);
	bool is_address = evutil_inet_pton(AF_INET, call->host, address) == 1 ||
	                  evutil_inet_pton(AF_INET6, call->host, address) == 1;
	if (is_address)
		X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), call->host);
	else if (SSL_set_tlsext_host_name(tls, call->host) != 1 || SSL_set1_host(tls, call->host) != 1) {
		SSL_free(tls);
		return NULL;
	}
	struct bufferevent *stream = bufferevent_openssl_socket_new(call->client->base, -1, tls,
	                                                            BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
	if (!stream)
		SSL_free(tls);
	return stream;
}

static void start_wire(struct http_call *call)
{
	struct http_client *c = call->client;
	struct wire *w = call->got_byte || call->so_far.connected ? NULL : take_kept(c, call);
	call->so_far.connected = w != NULL;
	if (!w) {
		w = calloc(1, sizeof(*w));
		CHECK(w);
		w->client = c;
		memcpy(w->host, call->host, sizeof(w->host));
		w->port = call->port;
		w->tls = call->tls;
		w->parser = http_parser_new(HTTP_RESPONSE, HTTP_CLIENT_READ_AHEAD_BYTES);
		w->stream = call->tls ? open_tls(call) : bufferevent_socket_new(c->base, -1, BEV_OPT_CLOSE_ON_FREE);
		CHECK(w->stream);
		bufferevent_setcb(w->stream, on_readable, NULL, on_event, w);
		if (call->tls) /* a plain one is read by pull.c */
			bufferevent_setwatermark(w->stream, EV_READ, 0, HTTP_CLIENT_READ_AHEAD_BYTES);
	}
	w->call = call;
	call->wire = w;
	if (w->connected)
		push_init(w->stream);
	bufferevent_write(w->stream, call->bytes.p, call->bytes.n);
	if (w->connected) {
		pull_want(&w->pull, true);
		(void) push_output(w->stream);
		return;
	}
	if (call->host[0] == '/')
		connect_local(w->stream, call->host);
	else
		bufferevent_socket_connect_hostname(w->stream, c->dns, AF_UNSPEC, call->host, call->port);
	bufferevent_enable(w->stream, EV_READ | EV_WRITE);
}

static void write_request(struct http_call *call, const struct http_request *request)
{
	struct buf *b = &call->bytes;
	bool is_local = str_starts_with(request->place.host, STR("/"));
	struct str host = is_local ? STR("localhost") : request->place.host;
	bool is_v6 = str_find_char(host, ':', 0) != STR_NOT_FOUND;
	bool usual = is_local || request->place.port == (request->place.tls ? 443 : 80);
	*b = buf_make(request->body.n + HTTP_CLIENT_HEAD_MAX_BYTES);
	buf_reserve(b, request->body.n + 1024);
	buf_add_c(b, http_method_word(request->method));
	buf_add_char(b, ' ');
	buf_add_str(b, request->target);
	buf_add_c(b, is_v6 ? " HTTP/1.1\r\nHost: [" : " HTTP/1.1\r\nHost: ");
	buf_add_str(b, host);
	if (is_v6)
		buf_add_char(b, ']');
	if (!usual) {
		buf_add_char(b, ':');
		buf_add_u64(b, request->place.port);
	}
	for (size_t i = 0; i < request->field_count; i++) {
		buf_add_c(b, "\r\n");
		buf_add_str(b, request->fields[i].name);
		buf_add_c(b, ": ");
		buf_add_str(b, request->fields[i].value);
	}
	if (request->method != HTTP_GET || request->body.n > 0) {
		buf_add_c(b, "\r\nContent-Length: ");
		buf_add_u64(b, request->body.n);
	}
	buf_add_c(b, "\r\n\r\n");
	buf_add_str(b, request->body);
}

static void begin(evutil_socket_t fd, short what, void *context)
{
	struct http_call *call = context;
	event_assign(call->timer, call->client->base, -1, 0, on_timer, call);
	if (buf_failed(&call->bytes) || call->host[0] == '\0') {
		finish(call, ERR_TOO_LARGE);
		return;
	}
	arm(call, call->started_us);
	start_wire(call);
}

struct http_call *http_call_start(struct http_client *c, const struct http_request *request,
                                  const struct http_call_limits *limits, const struct http_call_handlers *handlers)
{
	struct http_call *call = calloc(1, sizeof(*call));
	CHECK(call && (c->dns || str_starts_with(request->place.host, STR("/"))));
	call->client = c;
	call->handlers = *handlers;
	call->limits = *limits;
	call->port = request->place.port;
	call->tls = request->place.tls;
	if (request->place.host.n > 0 && request->place.host.n < sizeof(call->host))
		memcpy(call->host, request->place.host.p, request->place.host.n);
	write_request(call, request);
	call->started_us = call->heard_us = clock_monotonic_us();
	/* A refused connection may be known at once: through the loop, so that the caller has its pointer first. */
	call->timer = event_new(c->base, -1, 0, begin, call);
	CHECK(call->timer);
	call->next = c->first;
	if (c->first)
		c->first->previous = call;
	c->first = call;
	event_active(call->timer, EV_TIMEOUT, 0);
	return call;
}

void http_call_cancel(struct http_call *call)
{
	if (call->in_handler)
		call->is_cancelled = true;
	else
		call_free(call);
}

void http_call_pause(struct http_call *call, bool paused)
{
	if (call->paused == paused || call->is_cancelled)
		return;
	call->paused = paused;
	call->heard_us = clock_monotonic_us();
	if (!call->wire)
		return;
	if (call->wire->connected)
		pull_want(&call->wire->pull, !paused);
	if (!paused && !call->in_handler)
		bufferevent_trigger(call->wire->stream, EV_READ, BEV_OPT_DEFER_CALLBACKS);
}

/* ---- the client ---- */

static int open_trust(struct http_client *c, const char *ca_file)
{
	c->tls = SSL_CTX_new(TLS_client_method());
	CHECK(c->tls);
	SSL_CTX_set_verify(c->tls, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(c->tls, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(c->tls, SSL_OP_NO_RENEGOTIATION);
	if (SSL_CTX_set_min_proto_version(c->tls, TLS1_2_VERSION) != 1 || SSL_CTX_set_default_verify_paths(c->tls) != 1)
		return ERR_CRYPTO;
	return !ca_file || SSL_CTX_load_verify_locations(c->tls, ca_file, NULL) == 1 ? 0 : ERR_CRYPTO;
}

/* Without a name server addresses and the hosts file still work. */
static struct evdns_base *open_names(struct event_base *base)
{
	struct evdns_base *dns =
	        evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (dns)
		return dns;
	dns = evdns_base_new(base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	CHECK(dns);
	evdns_base_load_hosts(dns, "/etc/hosts");
	return dns;
}

int http_client_new(const struct http_client_options *options, struct http_client **ret)
{
	const struct timeval tick = {.tv_sec = TICK_MS / 1000};
	struct http_client *c = calloc(1, sizeof(*c));
	CHECK(c);
	c->base = options->base;
	c->idle_each_max = options->idle_each_max ? options->idle_each_max : HTTP_CLIENT_IDLE_EACH_MAX;
	int r = options->only_local ? 0 : open_trust(c, options->ca_file);
	if (r < 0) {
		http_client_free(c);
		return r;
	}
	if (!options->only_local)
		c->dns = open_names(c->base);
	c->tick = event_new(c->base, -1, EV_PERSIST, on_tick, c);
	CHECK(c->tick && event_add(c->tick, &tick) == 0);
	*ret = c;
	return 0;
}

void http_client_free(struct http_client *c)
{
	if (!c)
		return;
	while (c->first)
		call_free(c->first);
	while (c->kept)
		forget_kept(c->kept);
	if (c->tick)
		event_free(c->tick);
	if (c->dns)
		evdns_base_free(c->dns, 0);
	SSL_CTX_free(c->tls);
	free(c);
}
