/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/worker.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "ipc/frame.h"
#include "ipc/socket.h"
#include "ipc/wire.h"

enum { MESSAGE_MAX_BYTES = 64 * 1024, PATH_MAX_BYTES = 4096, IO_TIMEOUT_MS = 5000, FIRST_FD = 3 };

/* ---- the keeper's side ---- */

int worker_send(int fd, const struct job *job)
{
	CLEANUP(buf_wipe_done) struct buf b = buf_make(MESSAGE_MAX_BYTES);

	wire_put_bytes(&b, job->check_password);
	wire_put_bytes(&b, job->stored_hash);
	wire_put_bytes(&b, job->new_password);
	wire_put_bytes(&b, job->staging);
	wire_put_bytes(&b, job->target);
	return buf_failed(&b) ? ERR_TOO_LARGE : frame_send(fd, job->kind, 0, buf_str(&b), -1, IO_TIMEOUT_MS);
}

int worker_receive(int fd, struct job *job)
{
	CLEANUP(buf_wipe_done) struct buf b = buf_make(MESSAGE_MAX_BYTES);
	struct frame frame = {.fd = -1};

	int r = frame_receive(fd, &b, IO_TIMEOUT_MS, &frame);
	if (r < 0 || !job)
		return r < 0 ? r : ERR_INVALID;
	struct wire_reader reader = wire_reader_make(frame.body);
	int64_t result = wire_get_i64(&reader);
	bool matches = wire_get_bool(&reader);
	struct str hash = wire_get_bytes(&reader, KEEPER_PASSWORD_HASH_BYTES - 1);
	uint64_t bytes = wire_get_u64(&reader), files = wire_get_u64(&reader);
	r = wire_end(&reader);
	if (r < 0 || result > 0 || result < INT32_MIN)
		return ERR_INVALID;
	job->result = (int) result;
	job->matches = matches;
	memset(job->new_hash, 0, sizeof(job->new_hash));
	memcpy(job->new_hash, hash.n ? hash.p : "", hash.n);
	job->bytes = bytes;
	job->files = files;
	return 0;
}

/* ---- the worker's side ---- */

static struct str take_text(struct wire_reader *reader, size_t max, struct arena *a)
{
	return arena_dup(a, wire_get_bytes(reader, max));
}

static int work_once(int fd)
{
	CLEANUP(buf_wipe_done) struct buf b = buf_make(MESSAGE_MAX_BYTES);
	CLEANUP(arena_freep) struct arena *a = arena_new(MESSAGE_MAX_BYTES);
	struct frame frame = {.fd = -1};

	int r = frame_receive(fd, &b, -1, &frame);
	if (r < 0)
		return r;
	struct wire_reader reader = wire_reader_make(frame.body);
	struct job job = {.kind = (enum job_kind) frame.type};
	job.check_password = take_text(&reader, MESSAGE_MAX_BYTES, a);
	job.stored_hash = take_text(&reader, KEEPER_PASSWORD_HASH_BYTES, a);
	job.new_password = take_text(&reader, PASSWORD_MAX_BYTES, a);
	job.staging = take_text(&reader, PATH_MAX_BYTES, a);
	job.target = take_text(&reader, PATH_MAX_BYTES, a);
	r = wire_end(&reader);
	if (r < 0)
		return r;
	job_run(&job);
	buf_clear(&b);
	wire_put_i64(&b, job.result);
	wire_put_bool(&b, job.matches);
	wire_put_bytes(&b, str_of(job.new_hash));
	wire_put_u64(&b, job.bytes);
	wire_put_u64(&b, job.files);
	return frame_send(fd, 0, 0, buf_str(&b), -1, IO_TIMEOUT_MS);
}

static _Noreturn void run_worker(int fd, pid_t keeper)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0);
	if (getppid() != keeper)
		_exit(0);
	/* Listening sockets belong to the keeper. */
	if (fd != FIRST_FD && dup2(fd, FIRST_FD) < 0)
		_exit(1);
	close_range(FIRST_FD + 1, ~0U, 0);
	/* The terminal's Ctrl-C goes to everybody; the keeper says when it is over. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	while (work_once(FIRST_FD) >= 0)
		;
	_exit(0);
}

int worker_start(int *ret_fd, pid_t *ret_pid)
{
	int ends[2];
	pid_t keeper = getpid();

	int r = socket_pair(ends);
	if (r < 0)
		return r;
	pid_t pid = fork();
	if (pid == 0)
		run_worker(ends[1], keeper);
	fd_close(ends[1]);
	if (pid < 0) {
		fd_close(ends[0]);
		return ERR_SYSTEM;
	}
	*ret_fd = ends[0];
	*ret_pid = pid;
	return 0;
}
