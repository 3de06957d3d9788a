/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/frame.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "ipc/socket.h"

enum { READ_STEP_BYTES = 64 * 1024 };

struct header {
	unsigned char bytes[FRAME_HEADER_BYTES];
};

static void put_u32(unsigned char *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char) (value >> (8 * i));
}

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t) p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
}

static struct header header_make(uint32_t type, uint32_t id, size_t n)
{
	struct header header;
	put_u32(header.bytes, (uint32_t) n);
	put_u32(header.bytes + 4, type);
	put_u32(header.bytes + 8, id);
	return header;
}

static size_t header_read(const void *p, struct frame *ret)
{
	struct header header;
	memcpy(&header, p, sizeof(header));
	*ret = (struct frame){.type = get_u32(header.bytes + 4), .id = get_u32(header.bytes + 8), .fd = -1};
	return get_u32(header.bytes);
}

/* Room for one descriptor, aligned as CMSG_* want it. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void control_put(struct msghdr *message, union control *control, int fd)
{
	memset(control, 0, sizeof(*control));
	message->msg_control = control;
	message->msg_controllen = sizeof(*control);
	struct cmsghdr *c = CMSG_FIRSTHDR(message);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
}

int frame_send(int socket, uint32_t type, uint32_t id, struct str body, int passed_fd, int timeout_ms)
{
	if (body.n > FRAME_BODY_MAX_BYTES)
		return ERR_TOO_LARGE;
	int64_t deadline_us = socket_deadline_us(timeout_ms);
	struct header header = header_make(type, id, body.n);
	size_t sent = 0, total = sizeof(header) + body.n;

	while (sent < total) {
		struct iovec io[2] = {{header.bytes, sizeof(header)}, {(void *) (uintptr_t) body.p, body.n}};
		size_t in_header = sent < sizeof(header) ? sent : sizeof(header), in_body = sent - in_header;
		io[0].iov_base = header.bytes + in_header;
		io[0].iov_len -= in_header;
		io[1].iov_base = (char *) io[1].iov_base + in_body;
		io[1].iov_len -= in_body;
		struct msghdr message = {.msg_iov = io, .msg_iovlen = body.n > 0 ? 2 : 1};
		union control control;
		if (passed_fd >= 0 && sent == 0)
			control_put(&message, &control, passed_fd);
		ssize_t n = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0) {
			sent += (size_t) n;
			continue;
		}
		int r = socket_retry(socket, SOCKET_WRITABLE, deadline_us);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The one descriptor of a message; every further one is closed and is an error. */
static int control_take(struct msghdr *message, int *fd)
{
	int r = message->msg_flags & MSG_CTRUNC ? ERR_INVALID : 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int passed;
			memcpy(&passed, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (*fd < 0 && r >= 0) {
				*fd = passed;
				continue;
			}
			fd_close(passed);
			r = ERR_INVALID;
		}
	}
	return r;
}

static int receive_exactly(int socket, void *p, size_t n, int64_t deadline_us, int *fd)
{
	size_t got = 0;

	while (got < n) {
		struct iovec io = {(char *) p + got, n - got};
		union control control;
		struct msghdr message = {
		        .msg_iov = &io, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
		ssize_t more = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		int r = more > 0 ? control_take(&message, fd) : more == 0 ? ERR_CLOSED : 0;
		if (more < 0)
			r = socket_retry(socket, SOCKET_READABLE, deadline_us);
		else
			got += (size_t) more;
		if (r < 0)
			return r;
	}
	return 0;
}

int frame_receive(int socket, struct buf *body, int timeout_ms, struct frame *ret)
{
	int64_t deadline_us = socket_deadline_us(timeout_ms);
	struct header header;
	struct frame frame;
	CLEANUP_FD fd = -1;

	int r = receive_exactly(socket, header.bytes, sizeof(header), deadline_us, &fd);
	if (r < 0)
		return r;
	size_t n = header_read(header.bytes, &frame);
	buf_clear(body);
	r = n > FRAME_BODY_MAX_BYTES ? ERR_TOO_LARGE : buf_reserve(body, n);
	if (r < 0)
		return r;
	r = receive_exactly(socket, body->p, n, deadline_us, &fd);
	if (r < 0)
		return r;
	body->n = n;
	frame.body = buf_str(body);
	frame.fd = fd;
	fd = -1;
	*ret = frame;
	return 0;
}

int frame_encode(struct buf *b, uint32_t type, uint32_t id, struct str body)
{
	if (body.n > FRAME_BODY_MAX_BYTES) {
		b->failed = true;
		return ERR_TOO_LARGE;
	}
	struct header header = header_make(type, id, body.n);
	(void) buf_add(b, header.bytes, sizeof(header));
	return buf_add_str(b, body);
}

void frame_parser_init(struct frame_parser *p, size_t max_body_bytes)
{
	CHECK(max_body_bytes <= FRAME_BODY_MAX_BYTES);
	/* One frame and one read beyond it. */
	*p = (struct frame_parser){.bytes = buf_make(FRAME_HEADER_BYTES + max_body_bytes + READ_STEP_BYTES),
	                           .max_body_bytes = max_body_bytes};
}

void frame_parser_done(struct frame_parser *p)
{
	buf_done(&p->bytes);
	p->taken = 0;
}

static void drop_taken(struct frame_parser *p)
{
	buf_consume(&p->bytes, p->taken);
	p->taken = 0;
}

int frame_parser_feed(struct frame_parser *p, struct str bytes)
{
	drop_taken(p);
	return buf_add_str(&p->bytes, bytes);
}

int frame_parser_read(struct frame_parser *p, int socket)
{
	drop_taken(p);
	int r = buf_reserve(&p->bytes, READ_STEP_BYTES);
	if (r < 0)
		return r;
	ssize_t n;
	do
		n = recv(socket, p->bytes.p + p->bytes.n, READ_STEP_BYTES, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return ERR_CLOSED;
	if (n < 0)
		return errno == EAGAIN ? ERR_AGAIN : errno == ECONNRESET ? ERR_CLOSED : ERR_SYSTEM;
	p->bytes.n += (size_t) n;
	return (int) n;
}

int frame_parser_next(struct frame_parser *p, struct frame *ret)
{
	struct str rest = str_slice(buf_str(&p->bytes), p->taken, p->bytes.n);
	struct frame frame;

	if (rest.n < FRAME_HEADER_BYTES)
		return 0;
	size_t n = header_read(rest.p, &frame);
	if (n > p->max_body_bytes)
		return ERR_TOO_LARGE;
	if (rest.n - FRAME_HEADER_BYTES < n)
		return 0;
	frame.body = (struct str){rest.p + FRAME_HEADER_BYTES, n};
	p->taken += FRAME_HEADER_BYTES + n;
	*ret = frame;
	return 1;
}
