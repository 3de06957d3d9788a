/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Property: whatever the template, a value never comes out with its own '<' or quote, unless the source had it so. */
#include "web/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str source = str_make(data, size), marks[] = {STR("\x01<"), STR("\x01\""), STR("\x01'")};
	CLEANUP(templates_freep) struct templates *t = templates_new(NULL);
	struct template_complaint complaint;
	struct buf out = buf_make(1 << 16);
	if (str_find_char(source, '\x01', 0) == STR_NOT_FOUND &&
	    templates_add(t, STR("x.html"), source, &complaint) >= 0) {
		json_t *list = json_pack("[s,s]", "\x01<\x01\"\x01'", "/\x01<\x01\"\x01'");
		json_t *model = json_pack("{s:s, s:O, s:{s:O}}", "a", "\x01<\x01\"\x01'", "b", list, "c", "d", list);
		templates_render(t, STR("x.html"), LANGUAGE_JA, model, NULL, &out);
		for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
			CHECK(!str_contains(buf_str(&out), marks[i]));
		json_decref(model);
		json_decref(list);
	}
	buf_done(&out);
	return 0;
}
