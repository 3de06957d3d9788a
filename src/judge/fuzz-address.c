/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a link's target: the registrable domain ends the host, and reading what was read changes nothing. */
#include "base/check.h"
#include "judge/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(8 * size + 262144);
	struct address once, again;
	if (address_read(str_make(data, size), a, &once) < 0)
		return 0;
	CHECK(str_ends_with(once.ascii, once.ascii_registrable));
	CHECK(once.ascii_registrable.n == 0 || str_ends_with(once.ascii_registrable, once.suffix));
	CHECK(once.ascii_registrable.n == 0 || (once.label.n > 0 && once.label.n < once.ascii_registrable.n));
	if (once.ascii_registrable.n == 0)
		return 0;
	CHECK(address_read_host(once.ascii, a, &again) == 0);
	CHECK(str_eq(once.ascii, again.ascii) && str_eq(once.ascii_registrable, again.ascii_registrable));
	return 0;
}
