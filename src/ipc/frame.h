/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Frames over a local stream socket: three u32, little-endian (length of the body, type, id), then the body. The
 * receiver's cap comes first: a length over it is refused before a byte of the body is stored. A frame may carry one
 * descriptor. Frames come out whole or not at all; after any error but ERR_AGAIN the connection is of no use any more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/str.h"

enum { FRAME_HEADER_BYTES = 12, FRAME_BODY_MAX_BYTES = 64 * 1024 * 1024 };

struct frame {
	uint32_t type;
	uint32_t id;     /* chosen by who asks; the answer repeats it */
	struct str body; /* a view into the buffer that the frame was read into */
	int fd;          /* passed with the frame, close-on-exec, the receiver closes it; -1 none */
};

/* Blocking, on a blocking or a nonblocking socket. passed_fd -1: none; it stays open here. timeout_ms < 0 waits for
 * ever. ERR_TIMEOUT, ERR_CLOSED, ERR_TOO_LARGE (over FRAME_BODY_MAX_BYTES), ERR_SYSTEM. */
int frame_send(int socket, uint32_t type, uint32_t id, struct str body, int passed_fd, int timeout_ms) MUST_CHECK;
/* The body goes into *body, which is emptied first and whose maximum is the cap. timeout_ms bounds the whole frame.
 * ERR_CLOSED when the other side is gone (also in mid-frame), ERR_TOO_LARGE, ERR_TIMEOUT, ERR_INVALID (descriptors that
 * do not belong to one frame), ERR_SYSTEM. */
int frame_receive(int socket, struct buf *body, int timeout_ms, struct frame *ret) MUST_CHECK;

/* Adds a frame to a buffer, for loops that write by themselves. Failure marks the buffer. */
int frame_encode(struct buf *b, uint32_t type, uint32_t id, struct str body);

/* Incremental, for event loops: feed what came, take frames out. Descriptors are not taken here. */
struct frame_parser {
	struct buf bytes;
	size_t taken;
	size_t max_body_bytes;
};

void frame_parser_init(struct frame_parser *p, size_t max_body_bytes);
void frame_parser_done(struct frame_parser *p);
/* ERR_TOO_LARGE when more is fed than one frame's cap and nothing is taken out. */
int frame_parser_feed(struct frame_parser *p, struct str bytes);
/* Reads once from a nonblocking socket what is there: bytes read (> 0), ERR_AGAIN, ERR_CLOSED, ERR_TOO_LARGE,
 * ERR_SYSTEM. */
int frame_parser_read(struct frame_parser *p, int socket);
/* 1: *ret is a frame, its body valid until the next call of any frame_parser function; 0: more bytes are needed;
 * ERR_TOO_LARGE: the next frame is over the cap. */
int frame_parser_next(struct frame_parser *p, struct frame *ret);
