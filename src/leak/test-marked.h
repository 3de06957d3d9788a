/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of finders: texts in which ⟦ ⟧ stand around what must be found, so that every offset is exact. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "leak/leak.h"

enum { MARKED_SPANS_MAX = 64, MARKED_TEXT_MAX_BYTES = 64 * 1024, MARKED_ARENA_BYTES = 1 << 22 };

struct marked_test {
	struct leak_rules *rules;
	struct leak_scratch *scratch;
};

static inline void marked_setup(struct marked_test *t)
{
	char folder[1024], message[512] = "";
	const char *source = getenv("SONAE_SOURCE");
	snprintf(folder, sizeof(folder), "%s/rules", source ? source : ".");
	if (leak_rules_new(folder, NULL, &t->rules, message, sizeof(message)) < 0)
		fail_msg("%s", message);
	assert_int_equal(leak_scratch_new(t->rules, &t->scratch), 0);
}

static inline void marked_done(struct marked_test *t)
{
	leak_scratch_free(t->scratch);
	leak_rules_free(t->rules);
}

/* Scans the text without its marks; only spans of this kind count. */
static inline void marked_check(struct marked_test *t, const char *marked, enum leak_kind kind)
{
	static const char open[] = "⟦", close[] = "⟧";
	CLEANUP(buf_done) struct buf text = buf_make(MARKED_TEXT_MAX_BYTES);
	CLEANUP(buf_done) struct buf got = buf_make(MARKED_TEXT_MAX_BYTES);
	CLEANUP(arena_freep) struct arena *arena = arena_new(MARKED_ARENA_BYTES);
	for (const char *p = marked; *p; p++) {
		if (strncmp(p, open, strlen(open)) == 0 || strncmp(p, close, strlen(close)) == 0)
			p += strlen(open) - 1;
		else
			assert_int_equal(buf_add_char(&text, *p), 0);
	}
	struct leak_spans spans = {0};
	assert_int_equal(leak_scan(t->rules, NULL, t->scratch, buf_str(&text), arena, &spans), 0);
	size_t at = 0;
	for (size_t i = 0; i < spans.n; i++) {
		if (spans.at[i].kind != kind)
			continue;
		(void) buf_add_str(&got, str_slice(buf_str(&text), at, spans.at[i].start));
		(void) buf_add_c(&got, open);
		(void) buf_add_str(&got, str_slice(buf_str(&text), spans.at[i].start, spans.at[i].end));
		(void) buf_add_c(&got, close);
		at = spans.at[i].end;
	}
	(void) buf_add_str(&got, str_slice(buf_str(&text), at, text.n));
	assert_string_equal(buf_cstr(&got), marked);
}
