/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ids count up and answers may come in any order; a question waits at the place of its id in a ring. A lost connection
 * answers everything that was open: it may or may not have happened, which for the gate means "not forwarded". */
#include "gate/line.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "http/push.h"
#include "ipc/frame.h"
#include "ipc/socket.h"

enum { CONNECT_MAX_MS = 100, PATH_MAX_BYTES = 4096, TICK_US = 250 * 1000 };

struct open_question {
	line_done *done; /* NULL: the place is free */
	void *user;
	int64_t asked_us;
	uint32_t id;
	enum keep_call call;
};

struct line {
	struct event_base *base;
	struct bufferevent *stream;
	struct event *tick, *flush;
	struct frame_parser parser;
	struct buf question, frame;
	uint32_t last_id, oldest_id;
	size_t open;
	struct open_question ring[LINE_OPEN_MAX];
	char path[PATH_MAX_BYTES];
};

static void settle(struct line *l, struct open_question *q, int r, const void *out, struct arena **arena)
{
	struct open_question mine = *q;
	q->done = NULL;
	l->open--;
	mine.done(mine.user, r, out, arena);
}

static void drop(struct line *l, int code)
{
	if (!l->stream)
		return;
	bufferevent_free(l->stream);
	l->stream = NULL;
	frame_parser_done(&l->parser);
	frame_parser_init(&l->parser, KEEP_ANSWER_MAX_BYTES);
	uint32_t last = l->last_id;
	for (uint32_t id = l->oldest_id; id != last + 1; id++) {
		struct open_question *q = &l->ring[id % LINE_OPEN_MAX];
		if (q->done && q->id == id) {
			struct arena *none = NULL;
			settle(l, q, code, NULL, &none);
		}
	}
}

static int read_answer(const struct frame *frame, const struct keep_call_entry *call, struct arena *a, void *out)
{
	struct wire_reader reader = wire_reader_make(frame->body);
	int64_t code = wire_get_i64(&reader);
	if (reader.error < 0 || code > 0 || code < INT32_MIN)
		return ERR_INVALID;
	int r = code < 0 ? 0 : codec_get(&reader, call->out, a, out);
	if (r >= 0)
		r = wire_end(&reader);
	return r < 0 ? r : (int) code;
}

static int take_answer(struct line *l, const struct frame *frame)
{
	struct open_question *q = &l->ring[frame->id % LINE_OPEN_MAX];
	if (!q->done || q->id != frame->id || q->call != (enum keep_call) frame->type)
		return ERR_INVALID;
	const struct keep_call_entry *call = &keep_call_table[q->call];
	struct arena *a = arena_new(LINE_ANSWER_ARENA_BYTES);
	void *out = arena_alloc(a, call->out_bytes);
	CHECK(out);
	int r = read_answer(frame, call, a, out);
	settle(l, q, r, r < 0 ? NULL : out, &a);
	if (a)
		arena_free_wiped(a);
	return 0;
}

static void move_oldest(struct line *l)
{
	while (l->oldest_id != l->last_id + 1) {
		const struct open_question *q = &l->ring[l->oldest_id % LINE_OPEN_MAX];
		if (q->done && q->id == l->oldest_id)
			return;
		l->oldest_id++;
	}
}

static void on_readable(struct bufferevent *stream, void *context)
{
	struct line *l = context;
	struct evbuffer *input = bufferevent_get_input(stream);
	struct evbuffer_iovec piece;
	struct frame frame;
	int r = 0;

	while (r >= 0 && l->stream == stream && evbuffer_peek(input, -1, NULL, &piece, 1) > 0 && piece.iov_len > 0) {
		r = frame_parser_feed(&l->parser, str_make(piece.iov_base, piece.iov_len));
		evbuffer_drain(input, piece.iov_len);
		while (r >= 0 && l->stream == stream && (r = frame_parser_next(&l->parser, &frame)) > 0)
			r = take_answer(l, &frame);
	}
	if (r < 0 && l->stream == stream)
		drop(l, ERR_CLOSED);
	move_oldest(l);
}

static void on_written(struct bufferevent *stream, void *context)
{
	push_drained(stream);
}

/* At the end of the loop's round: the questions of all requests that came in it go out together, and the keeper is
 * woken once. */
static void on_flush(evutil_socket_t fd, short what, void *context)
{
	struct line *l = context;
	if (l->stream)
		(void) push_output(l->stream);
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		drop(context, ERR_CLOSED);
}

static int connect_keeper(struct line *l)
{
	struct socket_peer peer;
	int fd = -1;
	int r = socket_connect_local(l->path, CONNECT_MAX_MS, &fd);
	if (r < 0)
		return ERR_UNAVAILABLE;
	if (socket_peer(fd, &peer) < 0 || (peer.uid != getuid() && peer.uid != 0) || fd_set_nonblocking(fd) < 0) {
		fd_close(fd);
		return ERR_UNAVAILABLE;
	}
	l->stream = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
	CHECK(l->stream);
	bufferevent_setcb(l->stream, on_readable, on_written, on_event, l);
	push_init(l->stream);
	bufferevent_enable(l->stream, EV_READ);
	return 0;
}

static int write_question(struct line *l, const struct keep_actor *actor, const struct keep_call_entry *call,
                          const void *in)
{
	buf_clear(&l->question);
	wire_put_u64(&l->question, actor->person);
	wire_put_str(&l->question, actor->program);
	wire_put_str(&l->question, actor->remote);
	return buf_failed(&l->question) ? ERR_INVALID : codec_put(&l->question, call->in, in);
}

int line_ask(struct line *l, enum keep_call call, const struct keep_actor *actor, const void *in, line_done *done,
             void *user)
{
	struct open_question *q = &l->ring[(l->last_id + 1) % LINE_OPEN_MAX];
	if (q->done)
		return ERR_BUSY;
	int r = write_question(l, actor, &keep_call_table[call], in);
	if (r >= 0 && !l->stream)
		r = connect_keeper(l);
	if (r < 0)
		return r;
	uint32_t id = ++l->last_id;
	buf_clear(&l->frame);
	frame_encode(&l->frame, call, id, buf_str(&l->question));
	CHECK(!buf_failed(&l->frame));
	*q = (struct open_question){done, user, clock_monotonic_us(), id, call};
	l->open++;
	bufferevent_write(l->stream, l->frame.p, l->frame.n);
	event_active(l->flush, EV_TIMEOUT, 0);
	return 0;
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	struct line *l = context;
	int64_t oldest_us = line_oldest_us(l);
	if (oldest_us && clock_monotonic_us() - oldest_us > LINE_TIMEOUT_MS * 1000LL)
		drop(l, ERR_TIMEOUT);
	move_oldest(l);
}

size_t line_open(const struct line *l)
{
	return l->open;
}

int64_t line_oldest_us(const struct line *l)
{
	for (uint32_t id = l->oldest_id; l->open > 0 && id != l->last_id + 1; id++) {
		const struct open_question *q = &l->ring[id % LINE_OPEN_MAX];
		if (q->done && q->id == id)
			return q->asked_us;
	}
	return 0;
}

int line_new(struct event_base *base, const char *socket_path, struct line **ret)
{
	const struct timeval tick = {.tv_usec = TICK_US};
	struct line *l = calloc(1, sizeof(*l));
	CHECK(l);
	l->base = base;
	l->oldest_id = 1;
	int n = snprintf(l->path, sizeof(l->path), "%s", socket_path);
	if (n < 0 || (size_t) n >= sizeof(l->path)) {
		free(l);
		return ERR_TOO_LARGE;
	}
	l->question = buf_make(KEEP_QUESTION_MAX_BYTES);
	l->frame = buf_make(KEEP_QUESTION_MAX_BYTES + FRAME_HEADER_BYTES);
	frame_parser_init(&l->parser, KEEP_ANSWER_MAX_BYTES);
	l->tick = event_new(base, -1, EV_PERSIST, on_tick, l);
	l->flush = event_new(base, -1, 0, on_flush, l);
	CHECK(l->tick && l->flush && event_add(l->tick, &tick) == 0);
	*ret = l;
	return 0;
}

void line_free(struct line *l)
{
	if (!l)
		return;
	drop(l, ERR_CLOSED);
	event_free(l->tick);
	event_free(l->flush);
	frame_parser_done(&l->parser);
	buf_wipe_done(&l->question);
	buf_wipe_done(&l->frame);
	free(l);
}
