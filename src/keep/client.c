/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A question is a frame: type the call's number, body the actor (person, program, remote) and the fields of the struct.
 * The answer repeats the type and the id; its body is an i64 (0 or an error) and, when 0, the fields. */
#include "keep/client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "ipc/frame.h"
#include "ipc/socket.h"
#include "keep/calls.h"

enum { CONNECT_PAUSE_MS = 20, SOCKET_PATH_MAX_BYTES = 4096 };

struct keep_client {
	char path[SOCKET_PATH_MAX_BYTES];
	int socket;
	uint32_t last_id;
	int call_timeout_ms, connect_timeout_ms;
	struct buf question, answer;
};

int keep_client_open(const char *data_folder, struct keep_client **ret)
{
	struct keep_client *c = calloc(1, sizeof(*c));
	CHECK(c);
	int n = snprintf(c->path, sizeof(c->path), "%s/run/keeper.sock", data_folder);
	if (n < 0 || (size_t) n >= sizeof(c->path)) {
		free(c);
		return ERR_TOO_LARGE;
	}
	c->socket = -1;
	c->question = buf_make(KEEP_QUESTION_MAX_BYTES);
	c->answer = buf_make(KEEP_ANSWER_MAX_BYTES);
	keep_client_set_timeout(c, KEEP_CALL_TIMEOUT_MS, KEEP_CONNECT_TIMEOUT_MS);
	*ret = c;
	return 0;
}

void keep_client_free(struct keep_client *c)
{
	if (!c)
		return;
	fd_close(c->socket);
	buf_wipe_done(&c->question);
	buf_wipe_done(&c->answer);
	free(c);
}

void keep_client_set_timeout(struct keep_client *c, int call_timeout_ms, int connect_timeout_ms)
{
	c->call_timeout_ms = call_timeout_ms;
	c->connect_timeout_ms = connect_timeout_ms;
}

static void drop_connection(struct keep_client *c)
{
	fd_close(c->socket);
	c->socket = -1;
}

static void pause_a_moment(void)
{
	struct timespec pause = {.tv_nsec = CONNECT_PAUSE_MS * 1000000L};
	nanosleep(&pause, NULL);
}

static int connect_once(struct keep_client *c, int timeout_ms)
{
	struct socket_peer peer;

	int r = socket_connect_local(c->path, timeout_ms, &c->socket);
	if (r < 0)
		return r;
	r = socket_peer(c->socket, &peer);
	if (r >= 0 && peer.uid != getuid() && peer.uid != 0)
		r = ERR_DENIED;
	if (r < 0)
		drop_connection(c);
	return r;
}

static int connect_keeper(struct keep_client *c)
{
	int64_t end_us = clock_monotonic_us() + c->connect_timeout_ms * 1000LL;

	for (;;) {
		int r = connect_once(c, c->connect_timeout_ms);
		if (r >= 0 || r == ERR_DENIED)
			return r;
		if (clock_monotonic_us() >= end_us)
			return ERR_UNAVAILABLE;
		pause_a_moment();
	}
}

static int write_question(struct keep_client *c, const struct keep_actor *actor, const struct keep_call_entry *call,
                          const void *question)
{
	buf_clear(&c->question);
	wire_put_u64(&c->question, actor->person);
	wire_put_str(&c->question, actor->program);
	wire_put_str(&c->question, actor->remote);
	if (buf_failed(&c->question))
		return ERR_INVALID;
	return codec_put(&c->question, call->in, question);
}

/* A connection that the keeper closed while nobody asked is found here, before anything was sent. */
static int send_question(struct keep_client *c, enum keep_call number)
{
	for (int attempt = 0;; attempt++) {
		bool was_open = c->socket >= 0;
		char probe;
		if (was_open && recv(c->socket, &probe, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
			drop_connection(c);
		int r = c->socket >= 0 ? 0 : connect_keeper(c);
		if (r < 0)
			return r;
		r = frame_send(c->socket, number, ++c->last_id, buf_str(&c->question), -1, c->call_timeout_ms);
		if (r >= 0)
			return 0;
		drop_connection(c);
		/* A frame that did not go out whole is never carried out, so asking again is right. */
		if (r != ERR_CLOSED || attempt > 0)
			return r;
	}
}

static int read_answer(struct keep_client *c, enum keep_call number, struct arena *a, void *answer)
{
	const struct keep_call_entry *call = &keep_call_table[number];
	struct frame frame = {.fd = -1};

	int r = frame_receive(c->socket, &c->answer, c->call_timeout_ms, &frame);
	if (r < 0)
		return r;
	fd_close(frame.fd);
	if (frame.type != (uint32_t) number || frame.id != c->last_id)
		return ERR_INVALID;
	struct wire_reader reader = wire_reader_make(frame.body);
	int64_t code = wire_get_i64(&reader);
	if (reader.error < 0 || code > 0 || code < INT32_MIN)
		return ERR_INVALID;
	r = code < 0 ? 0 : codec_get(&reader, call->out, a, answer);
	if (r >= 0)
		r = wire_end(&reader);
	return r < 0 ? r : (int) code;
}

static int ask(struct keep_client *c, const struct keep_actor *actor, enum keep_call number, const void *question,
               struct arena *a, void *ret_answer)
{
	const struct keep_call_entry *call = &keep_call_table[number];
	void *answer = arena_alloc(a, call->out_bytes);

	if (!answer)
		return ERR_TOO_LARGE;
	int r = write_question(c, actor, call, question);
	if (r >= 0)
		r = send_question(c, number);
	if (r < 0)
		return r;
	r = read_answer(c, number, a, answer);
	/* After a late or half answer the next one could not be told from it. */
	if (r == ERR_TIMEOUT || r == ERR_CLOSED || r == ERR_SYSTEM || r == ERR_TOO_LARGE)
		drop_connection(c);
	if (r < 0)
		return r;
	memcpy(ret_answer, answer, call->out_bytes);
	return 0;
}

#define CALL(name, who, work, in, out)                                                                                 \
	int keep_##name(struct keep_client *client, const struct keep_actor *actor,                                    \
	                const struct keep_##name##_in *question, struct arena *a, struct keep_##name##_out *ret_out)   \
	{                                                                                                              \
		return ask(client, actor, KEEP_CALL_##name, question, a, ret_out);                                     \
	}
#include "keep/messages.def"
#undef CALL

int keep_append_event(struct keep_client *client, const struct keep_actor *actor, const struct event *event,
                      uint64_t *ret_number)
{
	CLEANUP(buf_done) struct buf bytes = buf_make(EVENT_MAX_BYTES);
	CLEANUP(arena_freep) struct arena *a = arena_new(4096);
	struct keep_event_append_out out;

	int r = event_encode(event, &bytes);
	if (r < 0)
		return r;
	r = keep_event_append(client, actor, &(struct keep_event_append_in){.event = buf_str(&bytes)}, a, &out);
	if (r < 0)
		return r;
	if (ret_number)
		*ret_number = out.number;
	return 0;
}
