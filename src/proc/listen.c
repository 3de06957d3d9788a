/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proc/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

enum { LISTEN_BACKLOG = 512, HOST_MAX_BYTES = 64 };

static int parse_address(struct str text, struct sockaddr_storage *ret, socklen_t *ret_length)
{
	size_t colon = str_rfind_char(text, ':');
	char host[HOST_MAX_BYTES];
	uint64_t port;

	if (colon == STR_NOT_FOUND || str_parse_u64(str_slice(text, colon + 1, text.n), 65535, &port) < 0)
		return ERR_INVALID;
	struct str name = str_slice(text, 0, colon);
	bool v6 = name.n >= 2 && name.p[0] == '[' && name.p[name.n - 1] == ']';
	if (v6)
		name = str_slice(name, 1, name.n - 1);
	if (name.n >= sizeof(host))
		return ERR_INVALID;
	snprintf(host, sizeof(host), "%.*s", STR_ARG(name));
	memset(ret, 0, sizeof(*ret));
	if (v6) {
		struct sockaddr_in6 *a = (struct sockaddr_in6 *) ret;
		a->sin6_family = AF_INET6;
		a->sin6_port = htons((uint16_t) port);
		*ret_length = sizeof(*a);
		return inet_pton(AF_INET6, host, &a->sin6_addr) == 1 ? 0 : ERR_INVALID;
	}
	struct sockaddr_in *a = (struct sockaddr_in *) ret;
	a->sin_family = AF_INET;
	a->sin_port = htons((uint16_t) port);
	*ret_length = sizeof(*a);
	return inet_pton(AF_INET, host, &a->sin_addr) == 1 ? 0 : ERR_INVALID;
}

/* SO_REUSEPORT lets any other server of the same user share the address, and its visitors would be ours by turns. A
 * socket without it is refused beside one that listens. */
static int look_whether_free(const struct sockaddr_storage *where, socklen_t length)
{
	int on = 1;
	CLEANUP_FD fd = socket(where->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0)
		return ERR_SYSTEM;
	if (bind(fd, (const struct sockaddr *) where, length) != 0)
		return errno == EADDRINUSE ? ERR_CONFLICT : ERR_SYSTEM;
	return 0;
}

int listen_network(struct str address, bool is_first, int *ret)
{
	struct sockaddr_storage where;
	socklen_t length;
	int on = 1;
	int r = parse_address(address, &where, &length);
	if (r >= 0 && is_first)
		r = look_whether_free(&where, length);
	if (r < 0)
		return r;
	CLEANUP_FD fd = socket(where.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR_SYSTEM;
	/* Accepted sockets inherit TCP_NODELAY: small answers leave at once. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
		return ERR_SYSTEM;
	if (bind(fd, (struct sockaddr *) &where, length) != 0 || listen(fd, LISTEN_BACKLOG) != 0)
		return errno == EADDRINUSE ? ERR_CONFLICT : ERR_SYSTEM;
	*ret = fd;
	fd = -1;
	return 0;
}

int listen_local(const char *path, int *ret)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};
	int n = snprintf(where.sun_path, sizeof(where.sun_path), "%s", path);
	if (n < 0 || (size_t) n >= sizeof(where.sun_path))
		return ERR_TOO_LARGE;
	CLEANUP_FD fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR_SYSTEM;
	(void) unlink(path);
	mode_t before = umask(0177);
	int bound = bind(fd, (struct sockaddr *) &where, sizeof(where));
	umask(before);
	if (bound != 0 || listen(fd, LISTEN_BACKLOG) != 0)
		return ERR_SYSTEM;
	*ret = fd;
	fd = -1;
	return 0;
}
