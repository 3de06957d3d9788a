/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answer does not depend on how the bytes are cut into pieces. */
#include <string.h>

#include "base/check.h"
#include "ledger/export.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_make(data, size);
	struct export_reader whole, pieces;

	export_reader_init(&whole, (struct str){NULL, 0});
	export_reader_init(&pieces, (struct str){NULL, 0});
	export_reader_feed(&whole, bytes);
	for (size_t i = 0; i < size && export_reader_feed(&pieces, str_slice(bytes, i, i + 7)) >= 0; i += 7)
		;
	struct verify_result a = export_reader_finish(&whole), b = export_reader_finish(&pieces);
	CHECK(a.fault == b.fault && a.records == b.records && a.bad_record == b.bad_record);
	CHECK(a.completeness == b.completeness);
	return 0;
}
