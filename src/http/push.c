/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/push.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <sys/socket.h>

static bool writes_by_itself(struct bufferevent *stream)
{
	return bufferevent_openssl_get_ssl(stream) != NULL;
}

/* One piece goes by send(), which costs less than a list of one. */
static void write_now(struct evbuffer *output, evutil_socket_t fd)
{
	struct evbuffer_iovec pieces[2];

	/* The front of an output buffer is frozen for all but its stream, which is not writing now. */
	evbuffer_unfreeze(output, 1);
	if (evbuffer_peek(output, -1, NULL, pieces, 2) == 1) {
		ssize_t n = send(fd, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0)
			evbuffer_drain(output, (size_t) n);
	} else {
		(void) evbuffer_write(output, fd);
	}
	evbuffer_freeze(output, 1);
}

void push_init(struct bufferevent *stream)
{
	if (!writes_by_itself(stream))
		bufferevent_disable(stream, EV_WRITE);
}

bool push_output(struct bufferevent *stream)
{
	struct evbuffer *output = bufferevent_get_output(stream);
	if (writes_by_itself(stream) || bufferevent_get_enabled(stream) & EV_WRITE)
		return evbuffer_get_length(output) == 0;
	write_now(output, bufferevent_getfd(stream));
	if (evbuffer_get_length(output) == 0)
		return true;
	bufferevent_enable(stream, EV_WRITE); /* an error shows there too */
	return false;
}

void push_drained(struct bufferevent *stream)
{
	if (!writes_by_itself(stream) && evbuffer_get_length(bufferevent_get_output(stream)) == 0)
		bufferevent_disable(stream, EV_WRITE);
}
