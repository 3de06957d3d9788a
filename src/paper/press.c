/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The side of the press. What both sides need is in press-wire.c, so that who asks loads no fonts. */
#include "paper/press.h"

#include "base/err.h"
#include "base/fd.h"
#include "ipc/wire.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

static int set(enum press_format format, struct str question, struct buf *answer)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct paper *paper;
	int r = format == PRESS_PDF || format == PRESS_DOCX ? paper_decode(question, a, &paper) : ERR_UNSUPPORTED;
	if (r < 0)
		return r;
	return format == PRESS_DOCX ? paper_write_docx(paper, answer) : paper_write_pdf(paper, answer);
}

int press_answer(int connection, int timeout_ms)
{
	CLEANUP(buf_done) struct buf question = buf_make(PRESS_QUESTION_MAX_BYTES);
	CLEANUP(buf_done) struct buf answer = buf_make(PRESS_ANSWER_MAX_BYTES);
	struct frame frame = {.fd = -1};
	int r = frame_receive(connection, &question, timeout_ms, &frame);
	if (r < 0)
		return r;
	fd_close(frame.fd);
	r = set((enum press_format) frame.type, frame.body, &answer);
	if (r >= 0)
		return frame_send(connection, PRESS_DONE, frame.id, buf_str(&answer), -1, timeout_ms);
	buf_clear(&answer);
	wire_put_i64(&answer, r);
	return frame_send(connection, PRESS_FAILED, frame.id, buf_str(&answer), -1, timeout_ms);
}
