/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proc/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "doc/ask-wire.h"
#include "ipc/frame.h"
#include "ipc/socket.h"
#include "proc/zygote-child.h"

enum { TICK_MS = 50, CONTROL_TIMEOUT_MS = 1000 };

struct child {
	pid_t pid; /* 0: free */
	uint32_t progress;
	int64_t since_us; /* when progress was last seen to change */
};

struct zygote {
	const struct zygote_settings *settings;
	struct child children[ZYGOTE_CHILDREN_MAX];
	unsigned running;
	_Atomic uint32_t *progress; /* shared with the children, one each */
	sigset_t waiting_mask;      /* while it waits, and only then, signals come */
};

static volatile sig_atomic_t is_stopping;
static int null_fd = -1;

static void on_signal(int number)
{
	if (number == SIGTERM || number == SIGINT)
		is_stopping = 1;
}

int zygote_prepare(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null_fd < 0)
		return ERR_SYSTEM;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0 ||
	    sigaction(SIGCHLD, &action, NULL) != 0)
		return ERR_SYSTEM;
	return 0;
}

static void signals_block(struct zygote *z)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &z->waiting_mask);
	sigdelset(&z->waiting_mask, SIGTERM);
	sigdelset(&z->waiting_mask, SIGINT);
	sigdelset(&z->waiting_mask, SIGCHLD);
}

static struct child *free_child(struct zygote *z)
{
	for (unsigned i = 0; i < z->settings->children_max; i++)
		if (z->children[i].pid == 0)
			return &z->children[i];
	return NULL;
}

/* Takes the connection over. */
static void child_start(struct zygote *z, int connection)
{
	struct child *child = free_child(z);
	CHECK(child);
	_Atomic uint32_t *progress = &z->progress[child - z->children];

	atomic_store(progress, 0);
	pid_t pid = fork();
	if (pid == 0) {
		fd_close(z->settings->listener);
		fd_close(z->settings->control);
		sigprocmask(SIG_SETMASK, &z->waiting_mask, NULL);
		zygote_child_run(z->settings, connection, null_fd, progress);
	}
	fd_close(connection);
	if (pid < 0) {
		log_event(LOG_LEVEL_WARNING, "reader.not-forked", LOG_NUMBER("errno", errno));
		return;
	}
	*child = (struct child){.pid = pid, .since_us = clock_monotonic_us()};
	z->running++;
}

static void reap(struct zygote *z)
{
	int status;

	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
		for (unsigned i = 0; i < z->settings->children_max; i++) {
			if (z->children[i].pid != pid)
				continue;
			z->children[i].pid = 0;
			z->running--;
			if (WIFSIGNALED(status))
				log_event(LOG_LEVEL_WARNING, "reader.died", LOG_NUMBER("signal", WTERMSIG(status)));
		}
	}
}

/* Odd progress: at work on a document. Even: it waits for a request. */
static void end_late_children(struct zygote *z)
{
	int64_t now_us = clock_monotonic_us();

	for (unsigned i = 0; i < z->settings->children_max; i++) {
		struct child *child = &z->children[i];
		if (child->pid == 0)
			continue;
		uint32_t progress = atomic_load(&z->progress[i]);
		if (progress != child->progress) {
			child->progress = progress;
			child->since_us = now_us;
		}
		int limit_ms = progress % 2 ? z->settings->document_limit_ms : z->settings->idle_limit_ms;
		/* A child of bad will could count on and on; more documents than it was given end it at once. */
		bool is_liar = progress > 2 * z->settings->documents_max;
		if (is_liar || (limit_ms > 0 && now_us - child->since_us > (int64_t) limit_ms * 1000))
			kill(child->pid, SIGKILL);
	}
}

/* A connection that waits, -1 none; ERR_CLOSED: the asker is gone. */
static int next_connection(const struct zygote_settings *settings, int *ret)
{
	if (settings->listener >= 0)
		return socket_accept(settings->listener, ret);
	struct buf body = buf_make(ASK_REQUEST_MAX_BYTES);
	struct frame frame;
	int r = frame_receive(settings->control, &body, CONTROL_TIMEOUT_MS, &frame);
	if (r >= 0)
		*ret = frame.fd;
	buf_done(&body);
	if (r >= 0 && (frame.type != ASK_CONNECT || frame.fd < 0)) {
		fd_close(frame.fd);
		return ERR_CLOSED;
	}
	return r == ERR_TIMEOUT ? ERR_CLOSED : r;
}

static int wait_for_work(struct zygote *z)
{
	const struct zygote_settings *settings = z->settings;
	struct pollfd wait = {.fd = settings->listener >= 0 ? settings->listener : settings->control, .events = POLLIN};
	struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
	/* With all children at work new connections stay in the queue; the end of a private asker must still be seen.
	 */
	bool has_room = z->running < settings->children_max;

	if (!has_room)
		wait.events = 0;
	int n = ppoll(&wait, 1, z->running > 0 ? &tick : NULL, &z->waiting_mask);
	if (n < 0 && errno != EINTR)
		return ERR_SYSTEM;
	if (n > 0 && has_room)
		return 1;
	return n > 0 && settings->control >= 0 && (wait.revents & (POLLHUP | POLLERR)) ? ERR_CLOSED : 0;
}

static int step(struct zygote *z)
{
	int connection;

	int r = wait_for_work(z);
	reap(z);
	end_late_children(z);
	if (r <= 0)
		return r;
	r = next_connection(z->settings, &connection);
	if (r == ERR_AGAIN)
		return 0;
	if (r >= 0)
		child_start(z, connection);
	return r;
}

static void end_children(struct zygote *z)
{
	for (unsigned i = 0; i < z->settings->children_max; i++)
		if (z->children[i].pid > 0)
			kill(z->children[i].pid, SIGKILL);
	while (z->running > 0 && waitpid(-1, NULL, 0) > 0)
		z->running--;
}

int zygote_run(const struct zygote_settings *settings)
{
	struct zygote z = {.settings = settings};
	int r = 0;

	CHECK(settings->children_max <= ZYGOTE_CHILDREN_MAX && (settings->listener < 0) != (settings->control < 0));
	z.progress = mmap(NULL, sizeof(*z.progress) * ZYGOTE_CHILDREN_MAX, PROT_READ | PROT_WRITE,
	                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (z.progress == MAP_FAILED)
		return ERR_SYSTEM;
	signals_block(&z);
	while (!is_stopping && r >= 0)
		r = step(&z);
	end_children(&z);
	return r == ERR_CLOSED ? 0 : r;
}
