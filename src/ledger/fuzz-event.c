/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whatever decodes must encode to the very same bytes: there is one form only. */
#include "base/check.h"
#include "base/cleanup.h"
#include "ledger/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_done) struct buf again = buf_make(EVENT_MAX_BYTES);
	struct str bytes = str_make(data, size);
	struct record record;

	if (size > EVENT_MAX_BYTES || record_decode(bytes, &record) < 0)
		return 0;
	CHECK(record_encode(&record, &again) >= 0);
	CHECK(str_eq(buf_str(&again), bytes));
	return 0;
}
