/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"

enum { US_PER_MS = 1000, CONNECT_RETRY_US = 20 * 1000, SOCKET_MODE = 0600 };

int64_t socket_deadline_us(int timeout_ms)
{
	return timeout_ms < 0 ? INT64_MAX : clock_monotonic_us() + (int64_t) timeout_ms * US_PER_MS;
}

static int poll_timeout_ms(int64_t deadline_us)
{
	if (deadline_us == INT64_MAX)
		return -1;
	int64_t left_us = deadline_us - clock_monotonic_us();
	if (left_us <= 0)
		return 0;
	int64_t left_ms = (left_us + US_PER_MS - 1) / US_PER_MS;
	return left_ms > INT_MAX ? INT_MAX : (int) left_ms;
}

int socket_wait(int socket, enum socket_direction direction, int64_t deadline_us)
{
	struct pollfd wait = {.fd = socket, .events = direction == SOCKET_READABLE ? POLLIN : POLLOUT};

	for (;;) {
		int n = poll(&wait, 1, poll_timeout_ms(deadline_us));
		if (n > 0)
			return 0;
		if (n == 0)
			return ERR_TIMEOUT;
		if (errno != EINTR)
			return ERR_SYSTEM;
	}
}

int socket_retry(int socket, enum socket_direction direction, int64_t deadline_us)
{
	switch (errno) {
	case EINTR:
		return 0;
	case EAGAIN:
		return socket_wait(socket, direction, deadline_us);
	case EPIPE:
	case ECONNRESET:
	case ENOTCONN:
		return ERR_CLOSED;
	default:
		return ERR_SYSTEM;
	}
}

/* Fills in the address; for a path too long for it, by way of an open folder (*folder_fd, the caller closes it). */
static int address_make(const char *path, struct sockaddr_un *ret, int *folder_fd)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s", path);
	if (n >= 0 && (size_t) n < sizeof(ret->sun_path))
		return 0;
	char folder[PATH_MAX];
	n = snprintf(folder, sizeof(folder), "%s", path);
	char *slash = strrchr(folder, '/');
	if (n < 0 || (size_t) n >= sizeof(folder) || !slash)
		return ERR_TOO_LARGE;
	*slash = '\0';
	*folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*folder_fd < 0)
		return ERR_SYSTEM;
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d/%s", *folder_fd, slash + 1);
	return n >= 0 && (size_t) n < sizeof(ret->sun_path) ? 0 : ERR_TOO_LARGE;
}

int socket_listen_local(const char *path, int backlog, int *ret)
{
	CLEANUP_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CLEANUP_FD folder_fd = -1;
	struct sockaddr_un address;

	if (fd < 0)
		return ERR_SYSTEM;
	int r = address_make(path, &address, &folder_fd);
	if (r < 0)
		return r;
	if (unlink(address.sun_path) != 0 && errno != ENOENT)
		return ERR_SYSTEM;
	/* The mode of the inode that bind() makes comes from the descriptor: no moment with a wider one. */
	if (fchmod(fd, SOCKET_MODE) != 0 || bind(fd, (struct sockaddr *) &address, sizeof(address)) != 0 ||
	    chmod(address.sun_path, SOCKET_MODE) != 0 || listen(fd, backlog) != 0)
		return ERR_SYSTEM;
	*ret = fd;
	fd = -1;
	return 0;
}

/* A full queue answers EAGAIN at once on a nonblocking socket, and poll() does not tell when there is room again. */
static int connect_until(int fd, const struct sockaddr_un *address, int64_t deadline_us)
{
	while (connect(fd, (const struct sockaddr *) address, sizeof(*address)) != 0) {
		if (errno == ENOENT || errno == ECONNREFUSED)
			return ERR_UNAVAILABLE;
		if (errno != EAGAIN && errno != EINTR)
			return ERR_SYSTEM;
		if (clock_monotonic_us() >= deadline_us)
			return ERR_TIMEOUT;
		usleep(CONNECT_RETRY_US);
	}
	return 0;
}

int socket_connect_local(const char *path, int timeout_ms, int *ret)
{
	CLEANUP_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	CLEANUP_FD folder_fd = -1;
	struct sockaddr_un address;

	if (fd < 0)
		return ERR_SYSTEM;
	int r = address_make(path, &address, &folder_fd);
	if (r < 0)
		return folder_fd < 0 && errno == ENOENT ? ERR_UNAVAILABLE : r;
	r = connect_until(fd, &address, socket_deadline_us(timeout_ms));
	if (r < 0)
		return r;
	if (fcntl(fd, F_SETFL, 0) != 0)
		return ERR_SYSTEM;
	*ret = fd;
	fd = -1;
	return 0;
}

int socket_accept(int listener, int *ret)
{
	int fd;
	do
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return errno == EAGAIN || errno == ECONNABORTED ? ERR_AGAIN : ERR_SYSTEM;
	*ret = fd;
	return 0;
}

int socket_pair(int ret[static 2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ret) == 0 ? 0 : ERR_SYSTEM;
}

int socket_peer(int socket, struct socket_peer *ret)
{
	struct ucred credentials;
	socklen_t n = sizeof(credentials);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &n) != 0 || n != sizeof(credentials))
		return ERR_SYSTEM;
	*ret = (struct socket_peer){credentials.pid, credentials.uid, credentials.gid};
	return 0;
}
