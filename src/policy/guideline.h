/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fields of the company's 生成AI利用ガイドライン that say what may be put in, and what they mean for the table: so
 * that the page can show where rule and setting differ. Section 5 of JDLA's template names these classes. Pure. */
#pragma once

#include "policy/policy.h"

/* One line per field: its word (the key in the store and of the texts guideline.<word>), kinds, and its choices. */
struct guideline_field {
	const char *word;
	uint32_t kinds;
	const char *choices; /* words with '|', the first is the default: forbid, approval, mask, allow */
};
extern const struct guideline_field guideline_fields[]; /* a NULL word ends it */

/* What a choice asks for. "forbid" and "approval" both stop (with approval the officer may let one through). */
int guideline_action(const struct guideline_field *field, struct str choice,
                     enum policy_action *ret); /* ERR_NOT_FOUND */

struct guideline_mismatch {
	const struct guideline_field *field;
	enum leak_kind kind;
	enum policy_destination destination;
	enum policy_action wanted, actual;
};
enum { GUIDELINE_MISMATCHES_MAX = 2 * LEAK_KIND_COUNT };

/* Where the table for everybody does something else than the field says, towards the outside; as strict as can be
 * counts as agreeing. at: GUIDELINE_MISMATCHES_MAX of them. The number found. */
size_t guideline_compare(const struct guideline_field *field, struct str choice, const struct policy_rules *rules,
                         struct guideline_mismatch *at);
