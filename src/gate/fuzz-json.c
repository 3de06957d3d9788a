/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is valid is what jansson takes (numbers that it cannot hold and depth set aside), and without edits every byte
 * comes out as it went in. */
#include <jansson.h>
#include <string.h>

#include "base/err.h"
#include "gate/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct buf out = buf_make(n + 1);
	struct str text = str_make(bytes, n);
	struct json j;
	json_error_t error;
	int r = json_scan(text, a, &j, NULL);
	json_t *other = json_loadb((const char *) bytes, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	if (r == 0)
		CHECK(other || json_error_code(&error) == json_error_numeric_overflow ||
		      json_error_code(&error) == json_error_stack_overflow);
	else
		CHECK(!other || r == ERR_TOO_LARGE);
	if (r == 0) {
		CHECK(json_apply(text, NULL, 0, &out) == 0 && str_eq(buf_str(&out), text));
		for (uint32_t t = 0; t < j.n; t++)
			if (j.at[t].type == JSON_IS_STRING)
				CHECK(json_text(&j, t, a).n <= j.at[t].end - j.at[t].start);
	}
	json_decref(other);
	buf_done(&out);
	arena_free(a);
	return 0;
}
