/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any text, SMS, address list or payload gives a document that its own checks and its codec accept. */
#include "base/check.h"
#include "read/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *missing;
	static bool ready;
	struct document d, again;
	if (!ready)
		read_prepare(&missing);
	ready = true;
	CLEANUP(arena_freep) struct arena *a = arena_new(READ_ARENA_BYTES);
	struct buf wire = buf_make((size_t) DOCUMENT_ENCODED_MAX_BYTES * 2);
	enum input_kind kind = size > 0 ? (enum input_kind)(data[0] % (INPUT_AUTO + 1)) : INPUT_AUTO;
	size_t skip = size > 0;
	CHECK(read_input(kind, STR(""), str_make(data + skip, size - skip), &READ_LIMITS_DEFAULT, a, &d) == 0);
	CHECK(document_check(&d) == 0);
	while (document_encode(&d, &wire) < 0)
		CHECK(document_shrink(&d) >= 0);
	CHECK(document_decode(buf_str(&wire), a, &again) == 0 && again.parts.n == d.parts.n);
	buf_done(&wire);
	return 0;
}
