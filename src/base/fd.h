/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * File descriptors: whole reads and writes, flags, closing at the end of a scope. errno tells more where ERR_SYSTEM is
 * returned. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/str.h"

void fd_close(int fd); /* takes -1; keeps errno */
static inline void fd_closep(int *fd)
{
	fd_close(*fd);
}
#define CLEANUP_FD CLEANUP(fd_closep) int

/* Writes all bytes to a blocking descriptor; ERR_CLOSED on EPIPE, else ERR_SYSTEM. */
int fd_write_all(int fd, const void *p, size_t n);
/* Reads exactly n bytes; ERR_CLOSED at an early end. */
int fd_read_all(int fd, void *p, size_t n);
/* Reads to the end into b (its maximum limits: ERR_TOO_LARGE). */
int fd_read_to_end(int fd, struct buf *b);
/* Reads a whole file; ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_SYSTEM. path may be "-" for standard input. */
int fd_read_file(const char *path, struct buf *b);
/* Writes path through a temporary file beside it, fsync and rename, so that a power cut leaves the old or the new one.
 */
int fd_replace_file(const char *path, struct str bytes, mode_t mode);
int fd_set_nonblocking(int fd);
int fd_set_inherited(int fd, int inherited); /* FD_CLOEXEC off or on */
/* A sealed anonymous file that holds bytes, offset 0. The caller closes *ret. */
int fd_memfd(const char *name, struct str bytes, int *ret);
