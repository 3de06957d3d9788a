/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/guideline.h"

#include "base/err.h"

#define KIND(id) POLICY_KIND_BIT(LEAK_##id)

const struct guideline_field guideline_fields[] = {
        {"personal", KIND(PERSON) | KIND(PHONE) | KIND(EMAIL) | KIND(ADDRESS) | KIND(POSTAL_CODE) | KIND(BIRTH_DATE),
         "mask|forbid|allow"},
        {"customers", KIND(HOUSE_WORD), "mask|forbid|allow"},
        {"confidential", KIND(CONFIDENTIAL_MARK), "approval|forbid|allow"},
        {"sensitive", KIND(SENSITIVE), "approval|forbid|mask"},
        {"identifiers",
         KIND(LICENCE) | KIND(PASSPORT) | KIND(RESIDENCE_CARD) | KIND(PENSION_NUMBER) | KIND(HEALTH_INSURANCE) |
                 KIND(BANK_ACCOUNT),
         "approval|forbid|mask"},
        {"systems", KIND(INTERNAL_ADDRESS), "mask|forbid|allow"},
        {0},
};

int guideline_action(const struct guideline_field *field, struct str choice, enum policy_action *ret)
{
	struct str rest = str_of(field->choices), one;
	bool is_known = false;

	while (str_split(&rest, '|', &one))
		is_known |= str_eq(one, choice);
	if (!is_known)
		return ERR_NOT_FOUND;
	*ret = str_eq_c(choice, "allow") ? POLICY_ALLOW : str_eq_c(choice, "mask") ? POLICY_MASK : POLICY_STOP;
	return 0;
}

static enum policy_action wanted_there(enum leak_kind kind, enum policy_destination where, enum policy_action wanted)
{
	enum policy_action loosest = policy_loosest(kind, where);
	return wanted < loosest ? loosest : wanted;
}

size_t guideline_compare(const struct guideline_field *field, struct str choice, const struct policy_rules *rules,
                         struct guideline_mismatch *at)
{
	static const struct policy_asker anybody = {.role = POLICY_ROLES_MAX};
	enum policy_action action;
	struct policy_matrix m;
	size_t n = 0;

	if (guideline_action(field, choice, &action) < 0)
		return 0;
	for (enum policy_destination where = POLICY_CONTRACTED; where <= POLICY_OTHER; where++) {
		policy_matrix_make(rules, &anybody, where, 0, &m);
		for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
			if (!(field->kinds & POLICY_KIND_BIT(kind)))
				continue;
			enum policy_action actual = policy_decide(&m, kind, LEAK_HIGH);
			enum policy_action wanted = wanted_there(kind, where, action);
			if (actual != wanted)
				at[n++] = (struct guideline_mismatch){.field = field,
				                                      .kind = kind,
				                                      .destination = where,
				                                      .wanted = wanted,
				                                      .actual = actual};
		}
	}
	return n;
}
