/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first line is a label, the rest is text in it: the result is UTF-8 without control characters, and a header field
 * of the same bytes decodes to one line. */
#include "base/check.h"
#include "read/charset-decode.h"
#include "read/charset.h"
#include "read/field.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new((size_t) 64 * 1024 * 1024);
	struct str label, rest = str_make(data, size);
	struct charset_text t;
	struct field_text f;
	struct field_addresses list;
	CHECK(charset_prepare() == 0);
	if (!str_next_line(&rest, &label) || charset_decode(rest, label, a, &t) < 0)
		return 0;
	CHECK(charset_is_utf8(t.text));
	for (size_t i = 0; i < t.text.n; i++)
		CHECK((unsigned char) t.text.p[i] >= 0x20 || t.text.p[i] == '\n' || t.text.p[i] == '\t');
	if (field_decode(rest, label, a, &f) >= 0)
		CHECK(charset_is_utf8(f.text) && str_find_char(f.text, '\n', 0) == STR_NOT_FOUND);
	if (field_parse_addresses(rest, label, a, &list) >= 0)
		CHECK(charset_is_utf8(list.text) && list.n <= FIELD_ADDRESSES_MAX);
	return 0;
}
