/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the press decodes is encoded to the same bytes again. */
#include <stdint.h>

#include "base/check.h"
#include "paper/press.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(64 * 1024 * 1024);
	CLEANUP(buf_done) struct buf b = buf_make(PRESS_QUESTION_MAX_BYTES);
	struct str question = str_make((const char *) bytes, n);
	struct paper *paper;
	if (paper_decode(question, a, &paper) >= 0) {
		CHECK(paper_encode(paper, &b) >= 0);
		CHECK(str_eq(buf_str(&b), question));
	}
	return 0;
}
