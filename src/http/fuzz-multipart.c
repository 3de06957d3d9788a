/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Property: every value is a view into the body that no boundary line stands in. */
#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct str body = str_make(data, size);
	struct form form = {0};
	if (form_parse_multipart(body, STR("x"), 20, a, &form) < 0)
		return 0;
	for (size_t i = 0; i < form.n; i++) {
		const char *p = form.at[i].value.p;
		CHECK(p >= body.p && p + form.at[i].value.n <= body.p + body.n);
		CHECK(!str_contains(form.at[i].value, STR("\r\n--x")));
	}
	return 0;
}
