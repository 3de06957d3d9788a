/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE  turns the bytes of one request (or one batch) into documents
 * TRUSTS   nobody: the bytes are a stranger's, and may take this process over
 * HOLDS    one connection to the asker, the input as a memory file, nothing else
 * MAY      think: memory within a limit, read and write what is open (src/jail/level.c, "reader")
 * PEERS    the asker at the other end; the zygote, by one number in shared memory
 * IF IT DIES  the asker has no answer to this one document */
#include "proc/zygote-child.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "doc/ask-wire.h"
#include "ipc/frame.h"
#include "jail/jail.h"

enum { SEND_TIMEOUT_MS = 5000, EXIT_JAIL = 3 };

struct reader {
	const struct zygote_settings *settings;
	int connection;
	_Atomic uint32_t *progress;
	unsigned documents;
	struct buf request_body, answer;
	struct arena *arena;
};

/* A view of the whole file, read-only; {NULL, 0} when it is empty. */
static int map_input(int file, struct str *ret)
{
	off_t n = lseek(file, 0, SEEK_END);

	if (n < 0 || n > ASK_INPUT_MAX_BYTES)
		return n < 0 ? ERR_INVALID : ERR_TOO_LARGE;
	*ret = (struct str){NULL, 0};
	if (n == 0)
		return 0;
	void *p = mmap(NULL, (size_t) n, PROT_READ, MAP_PRIVATE, file, 0);
	if (p == MAP_FAILED)
		return ERR_TOO_LARGE;
	*ret = (struct str){p, (size_t) n};
	return 0;
}

static int encode_what_fits(struct document *document, struct buf *ret)
{
	int r;

	while ((r = document_encode(document, ret)) == ERR_TOO_LARGE)
		if (document_shrink(document) < 0)
			return r;
	return r;
}

static int read_document(struct reader *reader, const struct ask_request *request, int file)
{
	struct document document;
	struct str bytes;

	int r = map_input(file, &bytes);
	if (r < 0)
		return r;
	r = reader->settings->read(request->kind, request->name, bytes, reader->arena, &document);
	buf_clear(&reader->answer);
	if (r >= 0)
		r = encode_what_fits(&document, &reader->answer);
	if (bytes.n > 0)
		munmap((void *) (uintptr_t) bytes.p, bytes.n);
	arena_reset(reader->arena);
	return r;
}

static int send_answer(struct reader *reader, uint32_t id, int r, bool is_last)
{
	uint32_t type = is_last ? ASK_LAST : ASK_DOCUMENT;

	if (r < 0) {
		buf_clear(&reader->answer);
		type = ASK_ERROR;
		if (ask_error_encode(r, &reader->answer) < 0)
			return ERR_TOO_LARGE;
	}
	return frame_send(reader->connection, type, id, buf_str(&reader->answer), -1, SEND_TIMEOUT_MS);
}

/* True when another request may come. */
static bool serve_one(struct reader *reader)
{
	struct ask_request request;
	struct frame frame;

	/* The zygote keeps the time. */
	if (frame_receive(reader->connection, &reader->request_body, -1, &frame) < 0)
		return false;
	CLEANUP_FD file = frame.fd;
	if (frame.type != ASK_REQUEST || file < 0 || ask_request_decode(frame.body, &request) < 0)
		return false;
	atomic_fetch_add(reader->progress, 1);
	int r = read_document(reader, &request, file);
	bool is_last = ++reader->documents >= reader->settings->documents_max || !request.again;
	int sent = send_answer(reader, frame.id, r, is_last);
	atomic_fetch_add(reader->progress, 1);
	return r >= 0 && sent >= 0 && !is_last;
}

static void forget_the_zygote(int null_fd)
{
	static const int handled[] = {SIGTERM, SIGINT, SIGCHLD};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < ARRAY_SIZE(handled); i++)
		signal(handled[i], SIG_DFL);
	/* A reader that was taken over must not write into the log. */
	for (int fd = 0; fd <= 2 && !SONAE_SANITIZED; fd++)
		dup2(null_fd, fd);
	fd_close(null_fd);
}

_Noreturn void zygote_child_run(const struct zygote_settings *settings, int connection, int null_fd,
                                _Atomic uint32_t *progress)
{
	struct reader reader = {.settings = settings, .connection = connection, .progress = progress};
	uint32_t seconds = (uint32_t) settings->document_limit_ms / 1000 + 1;
	struct jail_limits limits = {.cpu_seconds = seconds * settings->documents_max};
	jail_set in_force;

	forget_the_zygote(null_fd);
	reader.arena = arena_new(settings->arena_bytes);
	reader.request_body = buf_make(ASK_REQUEST_MAX_BYTES);
	reader.answer = buf_make(DOCUMENT_ENCODED_MAX_BYTES);
	if (jail_enter(JAIL_READER, NULL, &limits, &in_force) < 0)
		_exit(EXIT_JAIL);
	while (serve_one(&reader))
		;
	_exit(0);
}
