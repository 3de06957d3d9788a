/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Setting a paper in another process: fonts are read by libraries that want files and threads, which the process that
 * answers browsers does not have. The question is one frame (type: the format, body: the paper), the answer one frame
 * (type: PRESS_DONE with the bytes, or PRESS_FAILED with an i64 of base/err.h). */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/check.h"
#include "ipc/frame.h"
#include "paper/paper.h"

enum press_format { PRESS_PDF = 1, PRESS_DOCX, PRESS_DONE = 100, PRESS_FAILED };
enum {
	PRESS_QUESTION_MAX_BYTES = 4 * 1024 * 1024,
	PRESS_ANSWER_MAX_BYTES = 16 * 1024 * 1024,
};

/* The whole frame of a question. ERR_TOO_LARGE: the paper is longer than a question may be. */
int press_put_question(enum press_format format, const struct paper *paper, struct buf *ret_frame) MUST_CHECK;
/* What a frame of the press says: 0 and the bytes, a view into the frame; the error of writing them; ERR_INVALID. */
int press_take_answer(const struct frame *frame, struct str *ret_bytes) MUST_CHECK;
/* One question of a connection, in the process of the press. < 0: the connection is of no use any more. */
int press_answer(int connection, int timeout_ms);

/* The wire form of a paper. Decoding takes only what paper_add() would: ERR_INVALID, ERR_TOO_LARGE. */
int paper_encode(const struct paper *p, struct buf *b);
int paper_decode(struct str bytes, struct arena *a, struct paper **ret);
