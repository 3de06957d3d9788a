/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request that decodes encodes again to the same bytes; an error frame never becomes a success. */
#include "base/err.h"
#include "doc/ask-wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = str_make(data, size);
	struct buf again = buf_make(ASK_REQUEST_MAX_BYTES);
	struct ask_request request;

	if (ask_request_decode(input, &request) >= 0) {
		CHECK(ask_request_encode(&request, &again) >= 0);
		CHECK(str_eq(buf_str(&again), input));
	}
	CHECK(ask_error_decode(input) < 0);
	buf_done(&again);
	return 0;
}
