/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Property: whole, in two pieces (cut where the first byte says) and byte by byte give the same answer. */
#include "base/check.h"
#include "http/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t run(struct str input, size_t first, size_t step)
{
	CLEANUP(http_parser_freep) struct http_parser *p = http_parser_new(HTTP_REQUEST, 4096);
	uint64_t sum = 0;
	for (size_t from = 0, to = first; from < input.n; from = to, to += step) {
		struct str rest = str_slice(input, from, to);
		for (int r = HTTP_HEAD_DONE; r != HTTP_NEEDS_MORE;) {
			size_t used = 0;
			r = http_parser_feed(p, rest, &used);
			rest = str_slice(rest, used, rest.n);
			if (r < 0)
				return sum * 31 + (uint64_t) http_parser_status(p);
			if (r != HTTP_DONE)
				continue;
			sum = sum * 31 + str_hash(http_parser_message(p)->body) +
			      str_hash(http_parser_message(p)->target);
			http_parser_next(p);
		}
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = str_make(data, size);
	uint64_t whole = run(input, size, size);
	CHECK(whole == run(input, size ? data[size / 2] + 1u : 1, size + 1) && whole == run(input, 1, 1));
	return 0;
}
