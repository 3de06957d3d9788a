/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proc/web-press.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "ipc/frame.h"
#include "ipc/socket.h"
#include "paper/press.h"

enum { CONNECT_AT_ONCE_MS = 0, READ_STEP_BYTES = 64 * 1024 };

struct question {
	struct web_press *press;
	struct question *previous, *next;
	struct bufferevent *connection;
	struct event *limit;
	struct frame_parser parser;
	site_press_done *done;
	void *user;
};

struct web_press {
	struct event_base *base;
	char *socket_path;
	struct question *first;
	size_t count;
	bool is_closing;
};

struct web_press *web_press_new(struct event_base *base, const char *socket_path)
{
	struct web_press *press = calloc(1, sizeof(*press));
	CHECK(press && (press->socket_path = strdup(socket_path)));
	press->base = base;
	return press;
}

static void unlink_question(struct question *q)
{
	if (q->previous)
		q->previous->next = q->next;
	else
		q->press->first = q->next;
	if (q->next)
		q->next->previous = q->previous;
	q->press->count--;
}

/* bytes: a view into the question, which goes when they have been taken. */
static void answer(struct question *q, int r, struct str bytes)
{
	unlink_question(q);
	bufferevent_disable(q->connection, EV_READ | EV_WRITE);
	q->done(q->user, r, bytes);
	event_free(q->limit);
	bufferevent_free(q->connection);
	frame_parser_done(&q->parser);
	free(q);
}

void web_press_free(struct web_press *press)
{
	if (!press)
		return;
	press->is_closing = true;
	for (struct question *q = press->first, *next; q; q = next) {
		next = q->next;
		answer(q, ERR_CLOSED, STR(""));
	}
	free(press->socket_path);
	free(press);
}

/* Moves what came into the parser. */
static int feed(struct question *q, struct evbuffer *input)
{
	char bytes[READ_STEP_BYTES];
	int r = 0, n;
	while (r >= 0 && (n = evbuffer_remove(input, bytes, sizeof(bytes))) > 0)
		r = frame_parser_feed(&q->parser, (struct str){bytes, (size_t) n});
	return r;
}

static void on_readable(struct bufferevent *connection, void *context)
{
	struct question *q = context;
	struct frame frame;
	struct str bytes = STR("");
	int r = feed(q, bufferevent_get_input(connection));
	if (r >= 0)
		r = frame_parser_next(&q->parser, &frame);
	if (r == 0)
		return;
	if (r > 0)
		r = press_take_answer(&frame, &bytes);
	answer(q, r, r < 0 ? STR("") : bytes);
}

static void on_gone(struct bufferevent *connection, short what, void *context)
{
	answer(context, ERR_CRASHED, STR(""));
}

static void on_limit(evutil_socket_t fd, short what, void *context)
{
	answer(context, ERR_TIMEOUT, STR(""));
}

static void begin(struct web_press *press, int connection, struct str frame, site_press_done *done, void *user)
{
	const struct timeval limit = {.tv_sec = WEB_PAPER_LIMIT_MS / 1000};
	struct question *q = calloc(1, sizeof(*q));
	CHECK(q && evutil_make_socket_nonblocking(connection) == 0);
	*q = (struct question){.press = press, .next = press->first, .done = done, .user = user};
	frame_parser_init(&q->parser, PRESS_ANSWER_MAX_BYTES);
	q->connection = bufferevent_socket_new(press->base, connection, BEV_OPT_CLOSE_ON_FREE);
	q->limit = evtimer_new(press->base, on_limit, q);
	CHECK(q->connection && q->limit && event_add(q->limit, &limit) == 0);
	bufferevent_setcb(q->connection, on_readable, NULL, on_gone, q);
	CHECK(bufferevent_write(q->connection, frame.p, frame.n) == 0);
	CHECK(bufferevent_enable(q->connection, EV_READ | EV_WRITE) == 0);
	if (press->first)
		press->first->previous = q;
	press->first = q;
	press->count++;
}

static int ask(void *context, struct str question, site_press_done *done, void *user)
{
	struct web_press *press = context;
	int connection = -1;
	if (press->is_closing)
		return ERR_CLOSED;
	if (press->count >= WEB_PAPERS_MAX)
		return ERR_BUSY;
	int r = socket_connect_local(press->socket_path, CONNECT_AT_ONCE_MS, &connection);
	if (r >= 0)
		begin(press, connection, question, done, user);
	return r == ERR_TIMEOUT ? ERR_BUSY : r < 0 ? r : 0;
}

struct site_press web_press_of(struct web_press *press)
{
	return (struct site_press){press, ask};
}
