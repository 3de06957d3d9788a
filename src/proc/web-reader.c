/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proc/web-reader.h"

#include <event2/event.h>

#include "base/err.h"
#include "doc/ask.h"

struct question {
	struct web_reader *reader;
	struct question *previous, *next;
	struct ask *ask;
	struct event *readable; /* carries the time limit too */
	struct arena *arena;
	site_read_done *done;
	void *user;
};

struct web_reader {
	struct event_base *base;
	struct asker *asker;
	struct question *first;
	size_t count;
	bool is_closing;
};

int web_reader_new(struct event_base *base, const char *socket_path, struct web_reader **ret)
{
	struct web_reader *reader = calloc(1, sizeof(*reader));
	CHECK(reader);
	reader->base = base;
	int r = asker_new(socket_path, &reader->asker);
	if (r < 0)
		free(reader);
	else
		*ret = reader;
	return r;
}

static void question_free(struct question *q)
{
	if (q->previous)
		q->previous->next = q->next;
	else
		q->reader->first = q->next;
	if (q->next)
		q->next->previous = q->previous;
	q->reader->count--;
	event_free(q->readable);
	ask_free(q->ask);
	free(q);
}

static void answer(struct question *q, int r, const struct document *document)
{
	site_read_done *done = q->done;
	void *user = q->user;
	question_free(q);
	done(user, r, document);
}

void web_reader_free(struct web_reader *reader)
{
	if (!reader)
		return;
	reader->is_closing = true; /* an answer may let the next request in, with a question of its own */
	for (struct question *q = reader->first, *next; q; q = next) {
		next = q->next;
		answer(q, ERR_CLOSED, NULL);
	}
	asker_free(reader->asker);
	free(reader);
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
	struct question *q = context;
	struct document *document = ARENA_NEW(q->arena, struct document);
	int r = document ? ERR_TIMEOUT : ERR_TOO_LARGE;
	if (document && what & EV_READ)
		r = ask_continue(q->ask, q->arena, document);
	if (r != ERR_AGAIN)
		answer(q, r < 0 ? r : 0, document);
}

static int ask(void *context, enum input_kind kind, struct str name, struct str bytes, struct arena *a,
               site_read_done *done, void *user)
{
	const struct timeval limit = {.tv_sec = WEB_QUESTION_LIMIT_MS / 1000};
	struct web_reader *reader = context;
	struct ask *begun = NULL;
	int fd = -1;
	if (reader->is_closing)
		return ERR_CLOSED;
	if (reader->count >= WEB_QUESTIONS_MAX)
		return ERR_BUSY;
	int r = ask_begin(reader->asker, kind, name, bytes, &begun, &fd);
	if (r < 0)
		return r;
	struct question *q = calloc(1, sizeof(*q));
	CHECK(q);
	*q = (struct question){
	        .reader = reader, .next = reader->first, .ask = begun, .arena = a, .done = done, .user = user};
	q->readable = event_new(reader->base, fd, EV_READ | EV_PERSIST, on_readable, q);
	CHECK(q->readable && event_add(q->readable, &limit) == 0);
	if (reader->first)
		reader->first->previous = q;
	reader->first = q;
	reader->count++;
	return 0;
}

struct site_reader web_reader_of(struct web_reader *reader)
{
	return (struct site_reader){reader, ask};
}
