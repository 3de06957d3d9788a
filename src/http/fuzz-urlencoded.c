/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Property: what was read, encoded and read again, is the same. */
#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 22);
	struct form first = {0}, second = {0};
	struct buf b = buf_make(1 << 22);
	if (size < (1 << 16) && form_parse_urlencoded(str_make(data, size), 100, a, &first) >= 0) {
		for (size_t i = 0; i < first.n; i++) {
			percent_encode(&b, first.at[i].name);
			buf_add_char(&b, '=');
			percent_encode(&b, first.at[i].value);
			buf_add_char(&b, '&');
		}
		CHECK(form_parse_urlencoded(buf_str(&b), 100, a, &second) >= 0 && second.n == first.n);
		for (size_t i = 0; i < first.n; i++)
			CHECK(str_eq(first.at[i].name, second.at[i].name) &&
			      str_eq(first.at[i].value, second.at[i].value));
	}
	buf_done(&b);
	return 0;
}
