/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTML of any bytes gives valid UTF-8, and links and marks inside its text. */
#include "base/check.h"
#include "read/charset-decode.h"
#include "read/charset.h"
#include "read/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new((size_t) 64 * 1024 * 1024);
	struct charset_text t;
	struct html_page page;
	CHECK(charset_prepare() == 0);
	if (charset_decode(str_make(data, size), STR("utf-8"), a, &t) < 0 || html_parse(t.text, 100000, a, &page) < 0)
		return 0;
	CHECK(charset_is_utf8(page.text));
	for (size_t i = 0; i < page.links.n; i++) {
		CHECK(page.links.at[i].start <= page.links.at[i].end && page.links.at[i].end <= page.text.n);
		CHECK(charset_is_utf8(page.links.at[i].url));
	}
	for (size_t i = 0; i < page.marks.n; i++)
		CHECK(page.marks.at[i].start <= page.marks.at[i].end && page.marks.at[i].end <= page.text.n);
	return 0;
}
