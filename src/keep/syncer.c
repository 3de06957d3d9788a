/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/syncer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "ipc/socket.h"

enum { FIRST_FD = 3 };

/* No log at all: everything is in the database itself, which was synced when the log went. */
static bool sync_log(const char *path)
{
	CLEANUP_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 ? fdatasync(fd) == 0 : errno == ENOENT;
}

static _Noreturn void run_syncer(int fd, pid_t keeper, const char *path)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (getppid() != keeper)
		_exit(0);
	if (fd != FIRST_FD && dup2(fd, FIRST_FD) < 0)
		_exit(1);
	close_range(FIRST_FD + 1, ~0U, 0);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	while (read(FIRST_FD, &byte, 1) == 1) {
		byte = sync_log(path) ? 0 : 1;
		if (write(FIRST_FD, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

int syncer_start(const char *log_path, int *ret_fd, pid_t *ret_pid)
{
	int ends[2];
	pid_t keeper = getpid();

	int r = socket_pair(ends);
	if (r < 0)
		return r;
	pid_t pid = fork();
	if (pid == 0)
		run_syncer(ends[1], keeper, log_path);
	fd_close(ends[1]);
	if (pid < 0) {
		fd_close(ends[0]);
		return ERR_SYSTEM;
	}
	*ret_fd = ends[0];
	*ret_pid = pid;
	return 0;
}

int syncer_ask(int fd)
{
	return send(fd, "", 1, MSG_NOSIGNAL) == 1 ? 0 : ERR_CLOSED;
}

int syncer_take(int fd)
{
	char byte;
	if (recv(fd, &byte, 1, MSG_DONTWAIT) != 1)
		return ERR_CLOSED;
	return byte == 0 ? 0 : ERR_STORE;
}
