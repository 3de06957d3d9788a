/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Setting a paper in another process: fonts are read by libraries that want files and threads, which the process that
 * answers browsers does not have. The question is one frame (type: the format, body: the paper), the answer one frame
 * (type: PRESS_DONE with the bytes, or PRESS_FAILED with an i64 of base/err.h). */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "paper/paper.h"

enum press_format { PRESS_PDF = 1, PRESS_DONE = 100, PRESS_FAILED };
enum {
	PRESS_QUESTION_MAX_BYTES = 4 * 1024 * 1024,
	PRESS_ANSWER_MAX_BYTES = 16 * 1024 * 1024,
	PRESS_TIMEOUT_MS = 10000,
};

/* Blocks until the paper came or PRESS_TIMEOUT_MS went by. socket_path: of the press. ERR_UNAVAILABLE: it does not run;
 * ERR_TIMEOUT; what paper_write_pdf() says. */
int press_ask(const char *socket_path, enum press_format format, const struct paper *paper, struct buf *ret_bytes);
/* One question of a connection, in the process of the press. < 0: the connection is of no use any more. */
int press_answer(int connection, int timeout_ms);

/* The wire form of a paper. Decoding takes only what paper_add() would: ERR_INVALID, ERR_TOO_LARGE. */
int paper_encode(const struct paper *p, struct buf *b);
int paper_decode(struct str bytes, struct arena *a, struct paper **ret);
