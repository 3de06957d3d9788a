/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file of facts from a browser: taken, or refused with a line of it and a sentence; what was taken is taken again. */
#include "base/check.h"
#include "base/err.h"
#include "fact/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(16 << 20);
	struct rules_complaint complaint = {0};
	struct facts facts = {0};
	struct str yaml = str_make(data, size);
	int r = facts_load_text(yaml, "f", NULL, a, &facts, &complaint);
	CHECK(r != ERR_INVALID || (complaint.text[0] && complaint.line > 0));
	for (size_t i = 0; r >= 0 && i < facts.n; i++) {
		struct facts again = {0};
		struct str own = fact_to_yaml(&facts.at[i], a);
		int back =
		        own.n ? facts_load_text(own, "o", &facts.at[i].region, a, &again, &complaint) : ERR_TOO_LARGE;
		CHECK(back == ERR_TOO_LARGE || (back >= 0 && again.n == 1 && str_eq(again.at[0].id, facts.at[i].id)));
	}
	return 0;
}
