/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading without asking first: a stream's own reading asks the kernel how much there is before each read, and
 * allocates for it. Here a plain socket is read into a buffer that all share, and what came is added to the stream's
 * input. A stream under TLS reads by itself as ever. */
#pragma once

#include <event2/bufferevent.h>
#include <stdbool.h>
#include <stddef.h>

struct event;
struct event_base;

/* Within whoever owns the stream; the callbacks are the stream's own, for plain sockets called from here. */
struct pull {
	struct bufferevent *stream;
	struct event *event; /* NULL: the stream reads by itself */
	bufferevent_data_cb readable;
	bufferevent_event_cb ended;
	void *context;
	size_t ahead_max;
	bool is_wanted, is_full;
};

/* A stream over a connected socket. Of more input than ahead_max the other side keeps the rest. */
void pull_init(struct pull *p, struct event_base *base, struct bufferevent *stream, size_t ahead_max,
               bufferevent_data_cb readable, bufferevent_event_cb ended, void *context);
void pull_done(struct pull *p); /* before the stream is freed; not initialised yet: nothing */
void pull_want(struct pull *p, bool wanted);
/* After taking from the input outside of the callback. */
void pull_taken(struct pull *p);
