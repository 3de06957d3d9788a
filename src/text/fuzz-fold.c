/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folding any UTF-8: the map rises, stays inside the original, and every span is one of the original. */
#include "base/check.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(64 * size + 65536);
	struct folded f;
	CHECK(text_fold(str_make(data, size), a, &f) == 0);
	for (size_t i = 0; i < f.text.n; i++) {
		CHECK(folded_start(&f, i) <= folded_start(&f, i + 1));
		CHECK(folded_start(&f, i) < folded_end(&f, i + 1) && folded_end(&f, i + 1) <= size);
	}
	return 0;
}
