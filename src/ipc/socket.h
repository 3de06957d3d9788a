/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Local stream sockets: by path, as a pair, with a time limit, and who is at the other end. All are close-on-exec.
 * Paths may be longer than the 107 bytes that the kernel's address holds. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/check.h"

/* A listening socket at path, mode 0600, in place of a stale one there. The caller closes *ret. ERR_SYSTEM (errno). */
int socket_listen_local(const char *path, int backlog, int *ret) MUST_CHECK;
/* ERR_UNAVAILABLE when nobody listens there, ERR_TIMEOUT when the queue stays full, ERR_SYSTEM. */
int socket_connect_local(const char *path, int timeout_ms, int *ret) MUST_CHECK;
/* ERR_AGAIN on a nonblocking listener without a connection, and for one that went away before. */
int socket_accept(int listener, int *ret) MUST_CHECK;
/* Two connected ends. */
int socket_pair(int ret[static 2]) MUST_CHECK;

struct socket_peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};
/* Who connected (or made the pair), as the kernel knows it. */
int socket_peer(int socket, struct socket_peer *ret) MUST_CHECK;

/* For code that does its own input and output. timeout_ms < 0 gives "never". */
enum socket_direction { SOCKET_READABLE, SOCKET_WRITABLE };
int64_t socket_deadline_us(int timeout_ms);
int socket_wait(int socket, enum socket_direction direction, int64_t deadline_us); /* 0, ERR_TIMEOUT, ERR_SYSTEM */
/* After a call failed: waits if errno says "not now", 0 = try again; ERR_CLOSED, ERR_TIMEOUT, ERR_SYSTEM. */
int socket_retry(int socket, enum socket_direction direction, int64_t deadline_us);
