/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any text: spans rise, do not overlap, and lie on borders of characters; what is no UTF-8 is refused. */
#include <stdlib.h>

#include "leak/leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct leak_rules *rules;
	static struct leak_scratch *scratch;
	char folder[1000], message[1000];
	if (!rules) {
		snprintf(folder, sizeof(folder), "%s/rules", getenv("SONAE_SOURCE") ? getenv("SONAE_SOURCE") : ".");
		CHECK(leak_rules_new(folder, NULL, &rules, message, sizeof(message)) >= 0);
		CHECK(leak_scratch_new(rules, &scratch) >= 0);
	}
	CLEANUP(arena_freep) struct arena *arena = arena_new(64 * size + (1 << 20));
	struct leak_spans spans = {0};
	size_t last = 0;
	if (leak_scan(rules, NULL, scratch, str_make(data, size), arena, &spans) < 0)
		return 0;
	for (size_t i = 0; i < spans.n; last = spans.at[i++].end) {
		const struct leak_span *s = &spans.at[i];
		CHECK(last <= s->start && s->start < s->end && s->end <= size && s->kind < LEAK_KIND_COUNT);
		CHECK((data[s->start] & 0xC0) != 0x80 && (s->end == size || (data[s->end] & 0xC0) != 0x80));
	}
	return 0;
}
