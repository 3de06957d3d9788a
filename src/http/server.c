/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Listening, counting and ending connections. One tick a second looks at every connection's time limit: cheaper and
 * simpler than a timer each. */
#include <event2/listener.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "http/connection.h"

static void tell_when_stopped(struct http_server *s, int64_t now_us)
{
	bool is_over = s->count == 0 || now_us > s->stop_at_us;
	if (s->stopping && is_over && s->options.stopped)
		s->options.stopped(s->options.stopped_context);
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	struct http_server *s = context;
	int64_t now_us = clock_monotonic_us();
	for (struct http_exchange *x = s->first, *next; x; x = next) {
		next = x->next;
		if (s->stopping && (connection_is_quiet(x) || now_us > s->stop_at_us))
			connection_close(x);
		else
			connection_tick(x, now_us);
	}
	tell_when_stopped(s, now_us);
}

struct http_server *http_server_new(struct event_base *base, const struct http_server_options *options)
{
	const struct timeval second = {.tv_sec = 1};
	struct http_server *s = calloc(1, sizeof(*s));
	CHECK(s);
	s->base = base;
	s->options = *options;
	s->tick = event_new(base, -1, EV_PERSIST, on_tick, s);
	CHECK(s->tick && event_add(s->tick, &second) == 0);
	return s;
}

static void close_listeners(struct http_server *s)
{
	for (size_t i = 0; i < s->listener_count; i++)
		evconnlistener_free(s->listeners[i]);
	free(s->listeners);
	s->listeners = NULL;
	s->listener_count = 0;
}

void http_server_free(struct http_server *s)
{
	if (!s)
		return;
	close_listeners(s);
	while (s->first)
		connection_free(s->first);
	event_free(s->tick);
	free(s);
}

static void name_remote(const struct sockaddr *address, int length, char ret[static REMOTE_MAX_BYTES])
{
	static const char mapped[] = "::ffff:";
	char text[REMOTE_MAX_BYTES];
	if (getnameinfo(address, (socklen_t) length, text, sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
		text[0] = '\0';
	size_t skip = str_starts_with(str_of(text), STR(mapped)) ? sizeof(mapped) - 1 : 0;
	snprintf(ret, REMOTE_MAX_BYTES, "%s", text + skip);
}

static size_t count_remote(const struct http_server *s, const char *remote)
{
	size_t n = 0;
	for (const struct http_exchange *x = s->first; x; x = x->next)
		n += str_eq_c(str_of(x->remote), remote);
	return n;
}

/* Ends the connection that has been between requests for the longest; false when there is none. */
static bool make_room(struct http_server *s)
{
	struct http_exchange *oldest = NULL;
	for (struct http_exchange *x = s->first; x; x = x->next)
		if (connection_is_quiet(x) && (!oldest || x->phase_since_us < oldest->phase_since_us))
			oldest = x;
	if (oldest)
		connection_close(oldest);
	return oldest != NULL;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address, int length,
                      void *context)
{
	struct http_server *s = context;
	char remote[REMOTE_MAX_BYTES];
	name_remote(address, length, remote);
	bool too_many = count_remote(s, remote) >= s->options.connections_per_address_max;
	if (too_many || (s->count >= s->options.connections_max && !make_room(s))) {
		close(fd);
		return;
	}
	connection_open(s, fd, str_of(remote));
}

int http_server_listen(struct http_server *s, int fd)
{
	const int on = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (fd_set_nonblocking(fd) < 0)
		return ERR_SYSTEM;
	struct evconnlistener **grown =
	        realloc(s->listeners, (s->listener_count + 1) * sizeof(struct evconnlistener *));
	CHECK(grown);
	s->listeners = grown;
	struct evconnlistener *l =
	        evconnlistener_new(s->base, on_accept, s, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (!l)
		return ERR_SYSTEM;
	s->listeners[s->listener_count++] = l;
	return 0;
}

void http_server_stop(struct http_server *s, int grace_ms)
{
	s->stopping = true;
	s->stop_at_us = clock_monotonic_us() + grace_ms * 1000LL;
	close_listeners(s);
	on_tick(-1, 0, s);
}

size_t http_server_connections(const struct http_server *s)
{
	return s->count;
}

int http_tls_new(const char *certificate_path, const char *key_path, struct ssl_ctx_st **ret)
{
	if (access(certificate_path, F_OK) != 0 && access(key_path, F_OK) != 0)
		return ERR_NOT_FOUND;
	if (access(certificate_path, R_OK) != 0 || access(key_path, R_OK) != 0)
		return ERR_SYSTEM;
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	CHECK(tls);
	if (SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_use_certificate_chain_file(tls, certificate_path) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, key_path, SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(tls) != 1) {
		SSL_CTX_free(tls);
		return ERR_CRYPTO;
	}
	SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	*ret = tls;
	return 0;
}

void http_tls_free(struct ssl_ctx_st *tls)
{
	SSL_CTX_free(tls);
}
