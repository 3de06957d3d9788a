/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"

enum { READ_STEP_BYTES = 64 * 1024 };

void fd_close(int fd)
{
	int saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
}

int fd_write_all(int fd, const void *p, size_t n)
{
	const char *at = p;
	while (n > 0) {
		ssize_t wrote = write(fd, at, n);
		if (wrote < 0) {
			if (errno == EINTR)
				continue;
			return errno == EPIPE ? ERR_CLOSED : ERR_SYSTEM;
		}
		at += wrote;
		n -= (size_t) wrote;
	}
	return 0;
}

int fd_read_all(int fd, void *p, size_t n)
{
	char *at = p;
	while (n > 0) {
		ssize_t got = read(fd, at, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERR_SYSTEM;
		if (got == 0)
			return ERR_CLOSED;
		at += got;
		n -= (size_t) got;
	}
	return 0;
}

int fd_read_to_end(int fd, struct buf *b)
{
	for (;;) {
		/* One byte past the maximum tells "exactly full" from "too large". */
		size_t room = b->max - b->n;
		size_t step = room < READ_STEP_BYTES ? room : READ_STEP_BYTES;
		char probe;
		ssize_t got;
		if (step == 0) {
			got = read(fd, &probe, 1);
		} else {
			int r = buf_reserve(b, step);
			if (r < 0)
				return r;
			got = read(fd, b->p + b->n, step);
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERR_SYSTEM;
		if (got == 0)
			return 0;
		if (step == 0)
			return ERR_TOO_LARGE;
		b->n += (size_t) got;
	}
}

int fd_read_file(const char *path, struct buf *b)
{
	if (strcmp(path, "-") == 0)
		return fd_read_to_end(STDIN_FILENO, b);
	CLEANUP_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
	return fd_read_to_end(fd, b);
}

static int sync_folder_of(const char *path)
{
	char *copy = strdup(path);
	CHECK(copy);
	char *slash = strrchr(copy, '/');
	if (slash)
		slash[slash == copy ? 1 : 0] = '\0';
	CLEANUP_FD fd = open(slash ? copy : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	return fd >= 0 && fsync(fd) == 0 ? 0 : ERR_SYSTEM;
}

int fd_replace_file(const char *path, struct str bytes, mode_t mode)
{
	char temporary[4096];
	int n = snprintf(temporary, sizeof(temporary), "%s.new", path);
	if (n < 0 || (size_t) n >= sizeof(temporary))
		return ERR_TOO_LARGE;
	CLEANUP_FD fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return ERR_SYSTEM;
	int r = fd_write_all(fd, bytes.p, bytes.n);
	if (r >= 0 && (fsync(fd) != 0 || rename(temporary, path) != 0))
		r = ERR_SYSTEM;
	if (r < 0) {
		unlink(temporary);
		return r;
	}
	return sync_folder_of(path);
}

int fd_set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 ? 0 : ERR_SYSTEM;
}

int fd_set_inherited(int fd, int inherited)
{
	return fcntl(fd, F_SETFD, inherited ? 0 : FD_CLOEXEC) == 0 ? 0 : ERR_SYSTEM;
}

int fd_memfd(const char *name, struct str bytes, int *ret)
{
	CLEANUP_FD fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return ERR_SYSTEM;
	int r = fd_write_all(fd, bytes.p, bytes.n);
	if (r < 0)
		return r;
	if (lseek(fd, 0, SEEK_SET) != 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		return ERR_SYSTEM;
	*ret = fd;
	fd = -1;
	return 0;
}
