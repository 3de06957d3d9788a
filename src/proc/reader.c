/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PURPOSE  starts the zygote of the readers: loads what reading needs, locks itself in, forks a reader per connection
 * TRUSTS   the master (or, private, the asker that started it); it never looks at an input itself
 * HOLDS    the listening socket of the readers, nothing else
 * MAY      fork; no files, no new sockets, no programs (src/jail/level.c, "zygote")
 * PEERS    askers, by connections that it passes on unread
 * IF IT DIES  the readers under it die too, each costing one answer; the master starts it again, the queue waits
 * meanwhile */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "doc/ask-wire.h"
#include "proc/proc.h"
#include "proc/zygote.h"
#include "read/read.h"

enum { KEPT_BLOCK_BYTES = 4 * 1024 * 1024, CHILDREN_MAX = 8, EXIT_LOST = 1 };

/* read_prepare() or read_prepare_light(). */
typedef int prepare_fn(const char **ret_missing);

static int read_one(enum input_kind kind, struct str name, struct str bytes, struct arena *a, struct document *ret)
{
	return read_input(kind, name, bytes, &READ_LIMITS_DEFAULT, a, ret);
}

static int prepare(prepare_fn *prepare_reading)
{
	const char *missing = NULL;
	int r = prepare_reading(&missing);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "reader.not-prepared", LOG_TEXT("missing", missing));
	return r < 0 ? r : zygote_prepare();
}

static int run_inner(const struct proc_context *context, const struct zygote_settings *settings,
                     prepare_fn *prepare_reading)
{
	int r = prepare(prepare_reading);
	if (r >= 0)
		r = proc_enter_jail(context);
	return r < 0 ? r : zygote_run(settings);
}

static volatile sig_atomic_t inner_pid;

static void pass_on(int number)
{
	kill((pid_t) inner_pid, number);
}

/* The status of the inner process; its death by a signal is passed on as such. */
static int wait_for_inner(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ERR_SYSTEM;
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ERR_CRASHED;
}

/* A new list of processes begins with a fork, and ends, with all that is in it, with the first process of it. */
static int run(const struct proc_context *context, const struct zygote_settings *settings, prepare_fn *prepare_reading)
{
	sigset_t stop, before;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	/* Held back until there is somebody to pass them on to. */
	sigprocmask(SIG_BLOCK, &stop, &before);
	pid_t pid = fork();
	if (pid < 0)
		return ERR_SYSTEM;
	if (pid > 0) {
		for (size_t i = 0; i < context->listener_count; i++)
			close(context->listeners[i]);
		if (context->report_fd >= 0)
			close(context->report_fd);
		inner_pid = pid;
		signal(SIGTERM, pass_on);
		signal(SIGINT, pass_on);
		sigprocmask(SIG_SETMASK, &before, NULL);
		return wait_for_inner(pid);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	int r = run_inner(context, settings, prepare_reading);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "reader.failed", LOG_TEXT("why", err_text(r)));
	_exit(r < 0 ? EXIT_LOST : 0);
}

int reader_main(const struct proc_context *context)
{
	if (context->listener_count != 1)
		return ERR_INVALID;
	struct zygote_settings settings = {
	        .listener = context->listeners[0],
	        .control = -1,
	        .children_max = CHILDREN_MAX,
	        .documents_max = 1,
	        .document_limit_ms = ASK_DOCUMENT_LIMIT_MS,
	        .idle_limit_ms = ASK_IDLE_LIMIT_MS,
	        .arena_bytes = READ_ARENA_BYTES,
	        .read = read_one,
	};
	return run(context, &settings, read_prepare);
}

static int run_private(const struct proc_context *context, prepare_fn *prepare_reading)
{
	/* One document after the other needs the same memory: it is kept instead of given back and fetched again. */
	mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEPT_BLOCK_BYTES * 2);
	if (context->listener_count != 1)
		return ERR_INVALID;
	struct zygote_settings settings = {
	        .listener = -1,
	        .control = context->listeners[0],
	        .children_max = CHILDREN_MAX,
	        .documents_max = ASK_BATCH_DOCUMENTS,
	        .document_limit_ms = ASK_DOCUMENT_LIMIT_MS,
	        .arena_bytes = READ_ARENA_BYTES,
	        .read = read_one,
	};
	return run(context, &settings, prepare_reading);
}

int private_reader_main(const struct proc_context *context)
{
	return run_private(context, read_prepare);
}

int light_reader_main(const struct proc_context *context)
{
	return run_private(context, read_prepare_light);
}
