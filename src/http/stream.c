/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers in pieces: each write is one chunk. Nothing here waits: what the other side does not take stays in the output
 * buffer, and its size is told to the caller, whose source has to pause. */
#include <event2/buffer.h>

#include "http/connection.h"
#include "http/push.h"

enum { CHUNK_HEAD_BYTES = 24 };

void http_exchange_watch(struct http_exchange *x, const struct http_watch *watch)
{
	x->watch = *watch;
}

bool http_exchange_is_gone(const struct http_exchange *x)
{
	return !x->stream;
}

void http_exchange_begin(struct http_exchange *x, const struct http_answer *answer)
{
	CHECK(x->phase == PHASE_ANSWERING || x->phase == PHASE_GONE);
	if (!x->stream)
		return;
	const struct http_message *m = http_parser_message(x->parser);
	struct buf head = buf_make(ANSWER_HEAD_MAX_BYTES);
	x->is_chunked = m->minor > 0;
	x->without_body = m->method == HTTP_HEAD;
	if (!x->is_chunked || answer->close)
		x->ends = true;
	answer_write_head(&head, answer, x->is_chunked ? ANSWER_CHUNKED : ANSWER_TO_END,
	                  !x->ends && !x->server->stopping);
	CHECK(!buf_failed(&head));
	evbuffer_add(bufferevent_get_output(x->stream), head.p, head.n);
	(void) push_output(x->stream);
	buf_done(&head);
}

size_t http_exchange_write(struct http_exchange *x, struct str piece)
{
	char size[CHUNK_HEAD_BYTES];
	if (!x->stream)
		return 0;
	struct evbuffer *output = bufferevent_get_output(x->stream);
	if (piece.n > 0 && !x->without_body) {
		int n = snprintf(size, sizeof(size), "%zx\r\n", piece.n);
		evbuffer_expand(output, piece.n + CHUNK_HEAD_BYTES + 2);
		if (x->is_chunked)
			evbuffer_add(output, size, (size_t) n);
		evbuffer_add(output, piece.p, piece.n);
		if (x->is_chunked)
			evbuffer_add(output, "\r\n", 2);
	}
	/* Who gives pieces when they are taken is asked for the next one from the loop, never from within. */
	if (push_output(x->stream) && x->watch.drained)
		bufferevent_trigger(x->stream, EV_WRITE, BEV_OPT_DEFER_CALLBACKS | BEV_TRIG_IGNORE_WATERMARKS);
	return evbuffer_get_length(output);
}

void http_exchange_end(struct http_exchange *x, bool is_whole)
{
	CHECK(x->phase == PHASE_ANSWERING || x->phase == PHASE_GONE);
	if (!x->stream) {
		connection_drop_gone(x);
		return;
	}
	if (is_whole && x->is_chunked && !x->without_body)
		evbuffer_add(bufferevent_get_output(x->stream), "0\r\n\r\n", 5);
	connection_finish(x, is_whole && !x->ends && !x->server->stopping);
}
