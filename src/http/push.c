/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/push.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>

static bool writes_by_itself(struct bufferevent *stream)
{
	return bufferevent_openssl_get_ssl(stream) != NULL;
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
	/* The front of an output buffer is frozen for all but its stream, which is not writing now. */
	evbuffer_unfreeze(output, 1);
	(void) evbuffer_write(output, bufferevent_getfd(stream));
	evbuffer_freeze(output, 1);
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
