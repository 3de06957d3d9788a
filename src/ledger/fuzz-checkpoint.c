/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * No note by chance passes for signed with a key that never signed; a key that reads writes back the same. */
#include "base/check.h"
#include "base/cleanup.h"
#include "ledger/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_done) struct buf again = buf_make(LEDGER_KEY_TEXT_MAX_BYTES);
	struct ledger_key key = {.name = "sonae/fuzz", .public_key = {1, 2, 3}};
	struct str text = str_make(data, size);
	struct checkpoint checkpoint;

	CHECK(checkpoint_verify(text, &key, &checkpoint) < 0);
	if (ledger_key_read(text, &key) >= 0) {
		CHECK(ledger_key_write(&key, &again) >= 0);
		CHECK(str_eq(buf_str(&again), text));
	}
	return 0;
}
