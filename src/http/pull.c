/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/pull.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>

#include "base/check.h"

enum { READ_MAX_BYTES = 64 * 1024 };

static void end(struct pull *p, short what)
{
	event_del(p->event);
	p->is_wanted = false;
	p->ended(p->stream, (short) (BEV_EVENT_READING | what), p->context);
}

static void add(struct pull *p, const char *bytes, size_t n)
{
	struct evbuffer *input = bufferevent_get_input(p->stream);
	/* The end of an input buffer is frozen for all but its stream, which does not read. */
	evbuffer_unfreeze(input, 0);
	CHECK(evbuffer_add(input, bytes, n) == 0);
	evbuffer_freeze(input, 0);
}

/* The callbacks come last: they may free everything. */
static void on_readable(evutil_socket_t fd, short what, void *context)
{
	static char bytes[READ_MAX_BYTES];
	struct pull *p = context;
	size_t held = evbuffer_get_length(bufferevent_get_input(p->stream));

	if (held >= p->ahead_max) {
		p->is_full = true;
		event_del(p->event);
		return;
	}
	size_t room = p->ahead_max - held;
	ssize_t n = recv(fd, bytes, room < sizeof(bytes) ? room : sizeof(bytes), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end(p, n == 0 ? BEV_EVENT_EOF : BEV_EVENT_ERROR);
		return;
	}
	add(p, bytes, (size_t) n);
	p->readable(p->stream, p->context);
}

void pull_init(struct pull *p, struct event_base *base, struct bufferevent *stream, size_t ahead_max,
               bufferevent_data_cb readable, bufferevent_event_cb ended, void *context)
{
	*p = (struct pull){
	        .stream = stream, .readable = readable, .ended = ended, .context = context, .ahead_max = ahead_max};
	if (bufferevent_openssl_get_ssl(stream)) {
		bufferevent_setwatermark(stream, EV_READ, 0, ahead_max);
		return;
	}
	bufferevent_disable(stream, EV_READ);
	p->event = event_new(base, bufferevent_getfd(stream), EV_READ | EV_PERSIST, on_readable, p);
	CHECK(p->event);
}

void pull_done(struct pull *p)
{
	if (p->event)
		event_free(p->event);
	*p = (struct pull){.stream = NULL};
}

void pull_want(struct pull *p, bool wanted)
{
	if (!p->event) {
		if (wanted)
			bufferevent_enable(p->stream, EV_READ);
		else
			bufferevent_disable(p->stream, EV_READ);
		return;
	}
	if (p->is_wanted == wanted)
		return;
	p->is_wanted = wanted;
	if (wanted && !p->is_full)
		event_add(p->event, NULL);
	else if (!wanted)
		event_del(p->event);
}

void pull_taken(struct pull *p)
{
	if (!p->is_full || evbuffer_get_length(bufferevent_get_input(p->stream)) >= p->ahead_max)
		return;
	p->is_full = false;
	if (p->is_wanted)
		event_add(p->event, NULL);
}
