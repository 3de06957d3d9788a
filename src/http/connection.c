/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection: bytes in, one request at a time to the handler, its answer out, the next request. While a request is
 * with the handler, what was sent ahead waits in the input buffer (up to READ_AHEAD_MAX_BYTES, then in the kernel). */
#include "http/connection.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "http/push.h"

enum { READ_AHEAD_MAX_BYTES = 64 * 1024 };

static void read_on(struct http_exchange *x);

static void set_phase(struct http_exchange *x, enum connection_phase phase)
{
	x->phase = phase;
	x->phase_since_us = clock_coarse_us();
}

static void drop_stream(struct http_exchange *x)
{
	pull_done(&x->pull);
	if (x->stream)
		bufferevent_free(x->stream);
	x->stream = NULL;
}

void connection_free(struct http_exchange *x)
{
	struct http_server *s = x->server;
	drop_stream(x);
	http_parser_free(x->parser);
	if (x->previous)
		x->previous->next = x->next;
	else
		s->first = x->next;
	if (x->next)
		x->next->previous = x->previous;
	free(x);
	s->count--;
}

void connection_close(struct http_exchange *x)
{
	if (!x->stream)
		return;
	if (x->phase != PHASE_ANSWERING) {
		connection_free(x);
		return;
	}
	drop_stream(x);
	set_phase(x, PHASE_GONE);
	if (x->watch.gone)
		x->watch.gone(x->watch.context);
}

static void linger(struct http_exchange *x)
{
	evutil_socket_t fd = bufferevent_getfd(x->stream);
	set_phase(x, PHASE_LINGERING);
	bufferevent_disable(x->stream, EV_WRITE);
	if (fd >= 0)
		shutdown(fd, SHUT_WR);
	struct evbuffer *input = bufferevent_get_input(x->stream);
	evbuffer_drain(input, evbuffer_get_length(input));
	pull_taken(&x->pull);
}

static void on_written(struct bufferevent *stream, void *context)
{
	struct http_exchange *x = context;
	push_drained(stream);
	if (x->phase == PHASE_ANSWERING && x->watch.drained) {
		x->watch.drained(x->watch.context);
		return;
	}
	if (x->phase != PHASE_FLUSHING || evbuffer_get_length(bufferevent_get_output(stream)) > 0)
		return;
	if (x->refusing)
		linger(x);
	else
		connection_close(x);
}

static void on_readable(struct bufferevent *stream, void *context)
{
	struct http_exchange *x = context;
	struct evbuffer *input = bufferevent_get_input(stream);
	if (x->phase == PHASE_LINGERING || x->phase == PHASE_FLUSHING)
		evbuffer_drain(input, evbuffer_get_length(input));
	else if (x->phase != PHASE_ANSWERING)
		read_on(x);
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
	struct http_exchange *x = context;
	if (what & BEV_EVENT_CONNECTED)
		return;
	bool half_closed = (what & BEV_EVENT_EOF) && !(what & BEV_EVENT_ERROR);
	bool has_output = evbuffer_get_length(bufferevent_get_output(stream)) > 0;
	if (x->phase == PHASE_ANSWERING && x->watch.gone) {
		connection_close(x);
		return;
	}
	if (half_closed && (x->phase == PHASE_ANSWERING || has_output)) {
		x->ends = true;
		if (x->phase != PHASE_ANSWERING)
			set_phase(x, PHASE_FLUSHING);
		return;
	}
	connection_close(x);
}

static void refuse(struct http_exchange *x)
{
	struct http_server *s = x->server;
	x->ends = true;
	x->refusing = true;
	set_phase(x, PHASE_ANSWERING);
	s->options.refused(s->options.context, x, http_parser_status(x->parser), http_parser_reason(x->parser));
}

static void begin_body(struct http_exchange *x)
{
	struct http_server *s = x->server;
	const struct http_message *m = http_parser_message(x->parser);
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	uint64_t length = 0;

	size_t max = s->options.body_max(s->options.context, m);
	http_parser_set_body_max(x->parser, max);
	set_phase(x, PHASE_BODY);
	x->body_bytes = 0;
	bool fits = str_parse_u64(http_field(m, "Content-Length"), UINT64_MAX, &length) < 0 || length <= max;
	if (!m->expects_continue || !fits)
		return;
	bufferevent_write(x->stream, go_on, sizeof(go_on) - 1);
	(void) push_output(x->stream);
}

static void hand_over(struct http_exchange *x)
{
	struct http_server *s = x->server;
	if (!http_parser_message(x->parser)->keep_alive)
		x->ends = true;
	set_phase(x, PHASE_ANSWERING);
	s->options.request(s->options.context, x);
}

/* One step with what lies in front of the input buffer; false when more bytes must come first. */
static bool read_step(struct http_exchange *x)
{
	struct evbuffer *input = bufferevent_get_input(x->stream);
	struct evbuffer_iovec piece = {NULL, 0};
	size_t used = 0;

	evbuffer_peek(input, -1, NULL, &piece, 1);
	if (x->phase == PHASE_IDLE && piece.iov_len > 0)
		set_phase(x, PHASE_HEAD);
	int r = http_parser_feed(x->parser, str_make(piece.iov_base, piece.iov_len), &used);
	evbuffer_drain(input, used);
	x->body_bytes += used;
	if (r < 0)
		refuse(x);
	else if (r == HTTP_HEAD_DONE)
		begin_body(x);
	else if (r == HTTP_DONE)
		hand_over(x);
	else
		return evbuffer_get_length(input) > 0;
	return true;
}

static void read_on(struct http_exchange *x)
{
	x->in_loop = true;
	while (x->stream && (x->phase == PHASE_IDLE || x->phase == PHASE_HEAD || x->phase == PHASE_BODY))
		if (!read_step(x))
			break;
	x->in_loop = false;
	if (x->stream)
		pull_taken(&x->pull);
	else if (x->phase == PHASE_IDLE)
		connection_free(x);
}

bool connection_is_quiet(const struct http_exchange *x)
{
	return x->stream && x->phase == PHASE_IDLE && !x->in_loop &&
	       evbuffer_get_length(bufferevent_get_output(x->stream)) == 0;
}

static bool is_output_stuck(struct http_exchange *x, int64_t now_us)
{
	size_t left = evbuffer_get_length(bufferevent_get_output(x->stream));
	if (left != x->output_left || left == 0)
		x->moved_us = now_us;
	x->output_left = left;
	return now_us - x->moved_us > HTTP_WRITE_MAX_MS * 1000LL;
}

static bool is_over_time(struct http_exchange *x, int64_t now_us)
{
	int64_t spent_ms = (now_us - x->phase_since_us) / 1000;
	int64_t body_seconds = (int64_t) (x->body_bytes / HTTP_BODY_LEAST_RATE);
	switch (x->phase) {
	case PHASE_IDLE:
		return spent_ms > HTTP_IDLE_MAX_MS;
	case PHASE_HEAD:
		return spent_ms > HTTP_HEAD_MAX_MS;
	case PHASE_BODY:
		return spent_ms > HTTP_BODY_GRACE_MS + body_seconds * 1000;
	case PHASE_LINGERING:
		return spent_ms > HTTP_LINGER_MAX_MS;
	case PHASE_ANSWERING:
	case PHASE_FLUSHING:
	case PHASE_GONE:
		return false;
	}
	return false;
}

void connection_tick(struct http_exchange *x, int64_t now_us)
{
	if (!x->stream)
		return;
	if (is_output_stuck(x, now_us) || is_over_time(x, now_us))
		connection_close(x);
}

static struct bufferevent *open_stream(struct http_server *s, int fd)
{
	if (!s->options.tls)
		return bufferevent_socket_new(s->base, fd, BEV_OPT_CLOSE_ON_FREE);
	SSL *tls = SSL_new(s->options.tls);
	if (!tls)
		return NULL;
	struct bufferevent *stream =
	        bufferevent_openssl_socket_new(s->base, fd, tls, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (!stream)
		SSL_free(tls);
	else
		bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
	return stream;
}

void connection_open(struct http_server *s, int fd, struct str remote)
{
	struct http_exchange *x = calloc(1, sizeof(*x));
	CHECK(x);
	x->stream = open_stream(s, fd);
	if (!x->stream) {
		close(fd);
		free(x);
		return;
	}
	x->server = s;
	x->parser = http_parser_new(HTTP_REQUEST, 0);
	snprintf(x->remote, sizeof(x->remote), "%.*s", STR_ARG(remote));
	set_phase(x, PHASE_IDLE);
	x->moved_us = x->phase_since_us;
	x->next = s->first;
	if (s->first)
		s->first->previous = x;
	s->first = x;
	s->count++;
	bufferevent_setcb(x->stream, on_readable, on_written, on_event, x);
	bufferevent_enable(x->stream, EV_READ | EV_WRITE);
	push_init(x->stream);
	pull_init(&x->pull, s->base, x->stream, READ_AHEAD_MAX_BYTES, on_readable, on_event, x);
	pull_want(&x->pull, true);
}

const struct http_message *http_exchange_message(const struct http_exchange *x)
{
	return http_parser_message(x->parser);
}

struct str http_exchange_remote(const struct http_exchange *x)
{
	return str_of(x->remote);
}

bool http_exchange_is_tls(const struct http_exchange *x)
{
	return x->server->options.tls != NULL;
}

static void send_answer(struct http_exchange *x, const struct http_answer *answer, bool keep_alive)
{
	struct buf head = buf_make(ANSWER_HEAD_MAX_BYTES);
	struct evbuffer *output = bufferevent_get_output(x->stream);
	bool without_body = http_parser_message(x->parser)->method == HTTP_HEAD || answer->status == 304;

	answer_write_head(&head, answer, ANSWER_SIZED, keep_alive);
	CHECK(!buf_failed(&head));
	if (!without_body && !answer->body_is_static)
		evbuffer_expand(output, head.n + answer->body.n);
	evbuffer_add(output, head.p, head.n);
	if (!without_body && answer->body.n > 0 && answer->body_is_static)
		evbuffer_add_reference(output, answer->body.p, answer->body.n, NULL, NULL);
	else if (!without_body)
		evbuffer_add(output, answer->body.p, answer->body.n);
	buf_done(&head);
}

void connection_drop_gone(struct http_exchange *x)
{
	set_phase(x, PHASE_IDLE);
	if (!x->in_loop)
		connection_free(x);
}

void connection_finish(struct http_exchange *x, bool keep_alive)
{
	x->watch = (struct http_watch){.context = NULL};
	http_parser_next(x->parser);
	bool is_out = push_output(x->stream);
	if (!keep_alive && is_out && x->refusing) {
		linger(x);
		return;
	}
	if (!keep_alive && is_out) {
		drop_stream(x);
		connection_drop_gone(x);
		return;
	}
	set_phase(x, keep_alive ? PHASE_IDLE : PHASE_FLUSHING);
	if (keep_alive && !x->in_loop)
		read_on(x);
}

void http_exchange_answer(struct http_exchange *x, const struct http_answer *answer)
{
	CHECK(x->phase == PHASE_ANSWERING || x->phase == PHASE_GONE);
	if (x->phase == PHASE_GONE) {
		connection_drop_gone(x);
		return;
	}
	bool keep_alive = !x->ends && !answer->close && !x->server->stopping;
	send_answer(x, answer, keep_alive);
	connection_finish(x, keep_alive);
}
