/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions and answers of every call (the first byte says which): what decodes must encode to the same bytes. */
#include "base/check.h"
#include "base/err.h"
#include "keep/calls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_signature(const char *signature, struct str bytes)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 24);
	CLEANUP(buf_done) struct buf again = buf_make(KEEP_QUESTION_MAX_BYTES);
	struct wire_reader reader = wire_reader_make(bytes);
	void *fields = arena_alloc(a, codec_size(signature));

	if (codec_get(&reader, signature, a, fields) < 0 || wire_end(&reader) < 0)
		return;
	CHECK(codec_put(&again, signature, fields) >= 0 && str_eq(buf_str(&again), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > KEEP_QUESTION_MAX_BYTES / 2)
		return 0;
	const struct keep_call_entry *call = &keep_call_table[data[0] % KEEP_CALL_COUNT];
	try_signature(call->in, str_make(data + 1, size - 1));
	try_signature(call->out, str_make(data + 1, size - 1));
	return 0;
}
