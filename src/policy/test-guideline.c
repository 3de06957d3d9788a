/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the guideline says beside what the table does. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/err.h"
#include "policy/guideline.h"

static const struct policy_rules no_rules;

/* The first choice of each field is what the default table does, so that a fresh company sees no difference. */
static void test_defaults_agree(void **state)
{
	struct guideline_mismatch at[GUIDELINE_MISMATCHES_MAX];
	for (const struct guideline_field *f = guideline_fields; f->word; f++) {
		struct str rest = str_of(f->choices), first;
		assert_true(str_split(&rest, '|', &first));
		if (guideline_compare(f, first, &no_rules, at) != 0)
			fail_msg("%s: %s to %s", f->word, policy_kind_word(at[0].kind),
			         policy_destination_word(at[0].destination));
	}
}

static void test_differences(void **state)
{
	const struct guideline_field *personal = &guideline_fields[0];
	struct guideline_mismatch at[GUIDELINE_MISMATCHES_MAX];
	struct policy_rule rule = {.kind = LEAK_PERSON, .destination = POLICY_CONTRACTED, .action = POLICY_ALLOW};
	struct policy_rules rules = {.at = &rule, .n = 1};

	assert_int_equal(guideline_compare(personal, STR("mask"), &rules, at), 1);
	assert_int_equal(at[0].kind, LEAK_PERSON);
	assert_int_equal(at[0].wanted, POLICY_MASK);
	assert_int_equal(at[0].actual, POLICY_ALLOW);
	assert_int_equal(guideline_compare(personal, STR("forbid"), &no_rules, at), 12);
	assert_int_equal(guideline_compare(personal, STR("approval"), &no_rules, at), 0); /* not one of its choices */
	/* Identifiers may be masked towards a contracted service; elsewhere that is the loosest too. */
	enum policy_action action;
	assert_int_equal(guideline_action(personal, STR("anything"), &action), ERR_NOT_FOUND);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_defaults_agree),
	        cmocka_unit_test(test_differences),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
