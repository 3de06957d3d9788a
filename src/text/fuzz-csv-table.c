/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes: an error, or rows that hold no more than there was. */
#include "base/check.h"
#include "text/csv-table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(16 << 20);
	struct csv_table t = {0};
	size_t bytes = 0;
	if (csv_read(str_make(data, size), 1000, a, &t, NULL) < 0)
		return 0;
	for (size_t row = 0; row < t.n; row++)
		for (size_t column = 0; column < t.at[row].n; column++)
			bytes += csv_field(&t, row, column).n;
	CHECK(bytes <= size && t.n <= 1000);
	return 0;
}
