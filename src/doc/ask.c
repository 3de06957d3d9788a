/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A connection is one reader. A kept one (private askers only) may be found closed when it is used again; then nothing
 * was read from the input, and a new one is tried once. */
#include "doc/ask.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "doc/ask-wire.h"
#include "ipc/frame.h"
#include "ipc/socket.h"

enum {
	PATH_MAX_BYTES = 4096,
	SEND_TIMEOUT_MS = 2000,
};

extern char **environ;

struct asker {
	char path[PATH_MAX_BYTES];    /* empty: private */
	char program[PATH_MAX_BYTES]; /* private: whose reader is asked */
	char whole[PATH_MAX_BYTES];   /* private: whose reader can do what that one cannot; empty none */
	pid_t zygote;                 /* private: 0 not running */
	int control;
	int connection; /* kept for the next document; -1 none */
	uint32_t next_id;
	struct buf body;
};

struct ask {
	int connection;
	int64_t started_us;
	struct frame_parser parser;
};

static struct asker *asker_make(void)
{
	struct asker *asker = calloc(1, sizeof(*asker));
	CHECK(asker);
	asker->control = asker->connection = -1;
	asker->next_id = 1;
	asker->body = buf_make(DOCUMENT_ENCODED_MAX_BYTES);
	return asker;
}

static int keep_path(char ret[static PATH_MAX_BYTES], const char *path)
{
	size_t n = strlen(path);
	if (n >= PATH_MAX_BYTES)
		return ERR_INVALID;
	memcpy(ret, path, n + 1);
	return 0;
}

int asker_new(const char *socket_path, struct asker **ret)
{
	struct asker *asker = asker_make();
	if (!socket_path[0] || keep_path(asker->path, socket_path) < 0) {
		asker_free(asker);
		return ERR_INVALID;
	}
	*ret = asker;
	return 0;
}

static int spawn_zygote(const char *program, int end, pid_t *ret)
{
	char number[16];
	char *argv[] = {(char *) "sonae",
	                (char *) "run-process",
	                (char *) "private-reader",
	                (char *) "0",
	                (char *) "/",
	                (char *) "/",
	                (char *) "-",
	                number,
	                NULL};
	posix_spawn_file_actions_t actions;

	snprintf(number, sizeof(number), "%d", end);
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ERR_SYSTEM;
	/* Onto itself: that takes close-on-exec off in the child only. */
	int e = posix_spawn_file_actions_adddup2(&actions, end, end);
	if (e == 0)
		e = posix_spawn(ret, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	errno = e;
	return e == 0 ? 0 : ERR_SYSTEM;
}

static void zygote_end(struct asker *asker)
{
	int status;

	fd_close(asker->control);
	asker->control = -1;
	/* It holds nothing worth keeping, and all that is below it ends with it (PR_SET_PDEATHSIG, PID namespace). */
	if (asker->zygote > 0) {
		kill(asker->zygote, SIGKILL);
		while (waitpid(asker->zygote, &status, 0) < 0 && errno == EINTR)
			;
	}
	asker->zygote = 0;
}

static int zygote_start(struct asker *asker)
{
	int ends[2];

	zygote_end(asker);
	int r = socket_pair(ends);
	if (r < 0)
		return r;
	r = spawn_zygote(asker->program, ends[1], &asker->zygote);
	fd_close(ends[1]);
	if (r < 0) {
		asker->zygote = 0;
		fd_close(ends[0]);
		return r;
	}
	asker->control = ends[0];
	return 0;
}

int asker_new_private(const char *program, const char *whole, struct asker **ret)
{
	struct asker *asker = asker_make();
	int r = keep_path(asker->program, program ? program : "/proc/self/exe");
	if (r >= 0 && whole)
		r = keep_path(asker->whole, whole);
	if (r >= 0)
		r = zygote_start(asker);
	if (r < 0) {
		asker_free(asker);
		return r;
	}
	*ret = asker;
	return 0;
}

static void connection_close(struct asker *asker)
{
	fd_close(asker->connection);
	asker->connection = -1;
}

void asker_free(struct asker *asker)
{
	if (!asker)
		return;
	connection_close(asker);
	zygote_end(asker);
	buf_done(&asker->body);
	free(asker);
}

static int connect_private(struct asker *asker, int *ret)
{
	int ends[2];

	int r = socket_pair(ends);
	if (r < 0)
		return r;
	r = frame_send(asker->control, ASK_CONNECT, 0, STR(""), ends[1], SEND_TIMEOUT_MS);
	if (r == ERR_CLOSED) {
		r = zygote_start(asker);
		if (r >= 0)
			r = frame_send(asker->control, ASK_CONNECT, 0, STR(""), ends[1], SEND_TIMEOUT_MS);
	}
	fd_close(ends[1]);
	if (r < 0) {
		fd_close(ends[0]);
		return r;
	}
	*ret = ends[0];
	return 0;
}

static int connect_new(struct asker *asker, int timeout_ms, int *ret)
{
	if (asker->path[0] == '\0')
		return connect_private(asker, ret);
	int r = socket_connect_local(asker->path, timeout_ms, ret);
	return r == ERR_TIMEOUT ? ERR_BUSY : r;
}

static int input_check(struct str bytes)
{
	return bytes.n > ASK_INPUT_MAX_BYTES ? ERR_TOO_LARGE : 0;
}

static int send_request(int connection, uint32_t id, const struct ask_request *request, int file)
{
	struct buf body = buf_make(ASK_REQUEST_MAX_BYTES);
	int r = ask_request_encode(request, &body);
	if (r >= 0)
		r = frame_send(connection, ASK_REQUEST, id, buf_str(&body), file, SEND_TIMEOUT_MS);
	buf_done(&body);
	return r;
}

/* On a kept connection if there is one, else on a new one. */
static int send_blocking(struct asker *asker, const struct ask_request *request, int file, int64_t deadline_us)
{
	if (asker->connection >= 0) {
		if (send_request(asker->connection, asker->next_id, request, file) >= 0)
			return 0;
		connection_close(asker);
	}
	int64_t left_ms = (deadline_us - clock_monotonic_us()) / 1000;
	int r = connect_new(asker, left_ms > 0 ? (int) left_ms : 0, &asker->connection);
	return r < 0 ? r : send_request(asker->connection, asker->next_id, request, file);
}

/* A reader that closes without an answer was ended: for its time, when that is up, else by its own fault. */
static int why_closed(int64_t started_us)
{
	return clock_monotonic_us() - started_us >= (int64_t) ASK_DOCUMENT_LIMIT_MS * 1000 ? ERR_TIMEOUT : ERR_CRASHED;
}

static int take_answer(const struct frame *frame, struct arena *a, struct document *ret)
{
	switch (frame->type) {
	case ASK_DOCUMENT:
	case ASK_LAST:
		return document_decode(frame->body, a, ret);
	case ASK_ERROR:
		return ask_error_decode(frame->body);
	default:
		return ERR_INVALID;
	}
}

static int receive_answer(struct asker *asker, int64_t started_us, int64_t deadline_us, struct arena *a,
                          struct document *ret)
{
	struct frame frame;
	int64_t left_ms = (deadline_us - clock_monotonic_us() + 999) / 1000;

	int r = frame_receive(asker->connection, &asker->body, left_ms > 0 ? (int) left_ms : 0, &frame);
	if (r < 0)
		return r == ERR_CLOSED ? why_closed(started_us) : r;
	fd_close(frame.fd);
	r = frame.id == asker->next_id ? take_answer(&frame, a, ret) : ERR_INVALID;
	if (r >= 0 && frame.type == ASK_LAST)
		connection_close(asker);
	return r;
}

static int ask_once(struct asker *asker, const struct ask_request *request, int file, int64_t deadline_us,
                    struct arena *a, struct document *ret)
{
	int64_t started_us = clock_monotonic_us();

	int r = send_blocking(asker, request, file, deadline_us);
	if (r >= 0)
		r = receive_answer(asker, started_us, deadline_us, a, ret);
	else if (r == ERR_CLOSED)
		r = ERR_CRASHED;
	asker->next_id++;
	if (r < 0 || !request->again)
		connection_close(asker);
	return r;
}

int ask_document(struct asker *asker, enum input_kind kind, struct str name, struct str bytes, int timeout_ms,
                 struct arena *a, struct document *ret)
{
	struct ask_request request = {.kind = kind, .name = name, .again = asker->path[0] == '\0'};
	int64_t deadline_us = socket_deadline_us(timeout_ms);
	CLEANUP_FD file = -1;

	int r = input_check(bytes);
	if (r >= 0)
		r = fd_memfd("input", bytes, &file);
	if (r < 0)
		return r;
	r = ask_once(asker, &request, file, deadline_us, a, ret);
	if (r != ERR_UNSUPPORTED || !asker->whole[0])
		return r;
	memcpy(asker->program, asker->whole, sizeof(asker->program));
	asker->whole[0] = '\0';
	r = zygote_start(asker);
	return r < 0 ? r : ask_once(asker, &request, file, deadline_us, a, ret);
}

int ask_begin(struct asker *asker, enum input_kind kind, struct str name, struct str bytes, struct ask **ret,
              int *ret_fd)
{
	struct ask_request request = {.kind = kind, .name = name};
	CLEANUP_FD file = -1;
	CLEANUP_FD connection = -1;

	int r = input_check(bytes);
	if (r >= 0)
		r = fd_memfd("input", bytes, &file);
	if (r >= 0)
		r = connect_new(asker, 0, &connection);
	/* A few bytes into an empty socket: this does not wait. */
	if (r >= 0)
		r = send_request(connection, 0, &request, file);
	if (r < 0)
		return r == ERR_CLOSED ? ERR_CRASHED : r;
	struct ask *ask = calloc(1, sizeof(*ask));
	CHECK(ask);
	ask->started_us = clock_monotonic_us();
	ask->connection = connection;
	connection = -1;
	frame_parser_init(&ask->parser, DOCUMENT_ENCODED_MAX_BYTES);
	*ret = ask;
	*ret_fd = ask->connection;
	return 0;
}

int ask_continue(struct ask *ask, struct arena *a, struct document *ret)
{
	struct frame frame;
	int r;

	while ((r = frame_parser_next(&ask->parser, &frame)) == 0) {
		r = frame_parser_read(&ask->parser, ask->connection);
		if (r == ERR_CLOSED)
			return why_closed(ask->started_us);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : take_answer(&frame, a, ret);
}

void ask_free(struct ask *ask)
{
	if (!ask)
		return;
	fd_close(ask->connection);
	frame_parser_done(&ask->parser);
	free(ask);
}
