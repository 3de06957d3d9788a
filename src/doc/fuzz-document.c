/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The wire form has one way to say each thing: whatever decodes encodes again to the same bytes. */
#include "base/err.h"
#include "doc/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(32 * 1024 * 1024);
	struct buf again = buf_make(DOCUMENT_ENCODED_MAX_BYTES);
	struct document d;

	if (document_decode(str_make(data, size), a, &d) >= 0) {
		CHECK(document_encode(&d, &again) >= 0);
		CHECK(str_eq(buf_str(&again), str_make(data, size)));
	}
	buf_done(&again);
	return 0;
}
