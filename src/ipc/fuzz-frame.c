/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * However a stream is cut into reads, the same frames come out; each encodes back to the bytes it came from. */
#include "base/err.h"
#include "ipc/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CAP_BYTES = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_make(data, size);
	struct buf again = buf_make(2 * (size + FRAME_HEADER_BYTES));
	struct frame_parser parser;
	struct frame frame;
	int r = 0;

	frame_parser_init(&parser, CAP_BYTES);
	for (size_t step = 1; rest.n > 0 && r >= 0; step = step % 97 + 13) {
		CHECK(frame_parser_feed(&parser, str_slice(rest, 0, step)) >= 0);
		rest = str_slice(rest, step, rest.n);
		while ((r = frame_parser_next(&parser, &frame)) > 0)
			CHECK(frame_encode(&again, frame.type, frame.id, frame.body) >= 0);
	}
	CHECK(str_starts_with(str_make(data, size), buf_str(&again)));
	frame_parser_done(&parser);
	buf_done(&again);
	return 0;
}
