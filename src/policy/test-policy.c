/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The default table, rules of a company, approvals, whole requests. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/err.h"
#include "policy/mark.h"
#include "policy/policy.h"

enum { OFFICER = 2, STAFF = 3 };

static const struct policy_rules no_rules;
static const struct policy_asker staff = {.role = STAFF};

static enum policy_action decide(const struct policy_rules *rules, const struct policy_asker *asker,
                                 enum policy_destination where, uint32_t granted, enum leak_kind kind,
                                 enum leak_confidence confidence)
{
	struct policy_matrix m;
	policy_matrix_make(rules, asker, where, granted, &m);
	return policy_decide(&m, kind, confidence);
}

static void test_defaults(void **state)
{
	static const struct {
		enum leak_kind kind;
		enum policy_destination where;
		enum leak_confidence confidence;
		enum policy_action want;
	} cases[] = {
	        {LEAK_MY_NUMBER, POLICY_CONTRACTED, LEAK_HIGH, POLICY_STOP},
	        {LEAK_MY_NUMBER, POLICY_OTHER, LEAK_MEDIUM, POLICY_STOP},
	        {LEAK_MY_NUMBER, POLICY_OTHER, LEAK_LOW, POLICY_WARN},
	        {LEAK_MY_NUMBER, POLICY_LOCAL, LEAK_HIGH, POLICY_WARN},
	        {LEAK_CREDIT_CARD, POLICY_CONTRACTED, LEAK_HIGH, POLICY_STOP},
	        {LEAK_PASSWORD, POLICY_CONTRACTED, LEAK_MEDIUM, POLICY_STOP},
	        {LEAK_SECRET, POLICY_OTHER, LEAK_HIGH, POLICY_STOP},
	        {LEAK_PASSPORT, POLICY_CONTRACTED, LEAK_HIGH, POLICY_STOP},
	        {LEAK_PASSPORT, POLICY_LOCAL, LEAK_HIGH, POLICY_ALLOW},
	        {LEAK_SENSITIVE, POLICY_OTHER, LEAK_HIGH, POLICY_STOP},
	        {LEAK_SENSITIVE, POLICY_LOCAL, LEAK_HIGH, POLICY_WARN},
	        {LEAK_PERSON, POLICY_CONTRACTED, LEAK_HIGH, POLICY_MASK},
	        {LEAK_PERSON, POLICY_CONTRACTED, LEAK_LOW, POLICY_WARN},
	        {LEAK_PERSON, POLICY_LOCAL, LEAK_HIGH, POLICY_ALLOW},
	        {LEAK_PERSON, POLICY_LOCAL, LEAK_LOW, POLICY_ALLOW},
	        {LEAK_EMAIL, POLICY_OTHER, LEAK_LOW, POLICY_MASK},
	        {LEAK_BIRTH_DATE, POLICY_CONTRACTED, LEAK_MEDIUM, POLICY_MASK},
	        {LEAK_BIRTH_DATE, POLICY_CONTRACTED, LEAK_LOW, POLICY_ALLOW},
	        {LEAK_CORPORATE_NUMBER, POLICY_OTHER, LEAK_HIGH, POLICY_ALLOW},
	        {LEAK_CONFIDENTIAL_MARK, POLICY_CONTRACTED, LEAK_HIGH, POLICY_STOP},
	        {LEAK_INTERNAL_ADDRESS, POLICY_OTHER, LEAK_HIGH, POLICY_MASK},
	        {LEAK_HOUSE_WORD, POLICY_CONTRACTED, LEAK_HIGH, POLICY_MASK},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum policy_action got =
		        decide(&no_rules, &staff, cases[i].where, 0, cases[i].kind, cases[i].confidence);
		if (got != cases[i].want)
			fail_msg("%s to %s: %s", policy_kind_word(cases[i].kind),
			         policy_destination_word(cases[i].where), policy_action_word(got));
	}
}

/* Whatever the rules and approvals say: the four kinds stay stopped outside, and nothing is looser outside than the
 * least of the table allows. */
static void test_hard_stops_hold(void **state)
{
	static const enum leak_kind hard[] = {LEAK_MY_NUMBER, LEAK_CREDIT_CARD, LEAK_PASSWORD, LEAK_SECRET};
	for (size_t i = 0; i < ARRAY_SIZE(hard); i++) {
		for (enum policy_destination where = POLICY_CONTRACTED; where <= POLICY_OTHER; where++) {
			for (enum policy_action action = POLICY_ALLOW; action < POLICY_STOP; action++) {
				struct policy_rule rule = {.kind = hard[i], .destination = where, .action = action};
				struct policy_rules rules = {.at = &rule, .n = 1};
				assert_false(policy_rule_holds(&rule));
				for (enum leak_confidence c = LEAK_MEDIUM; c <= LEAK_HIGH; c++)
					assert_int_equal(decide(&rules, &staff, where, POLICY_KINDS_ALL, hard[i], c),
					                 POLICY_STOP);
				assert_int_equal(decide(&rules, &staff, where, POLICY_KINDS_ALL, hard[i], LEAK_LOW),
				                 POLICY_WARN);
			}
		}
		assert_int_equal(policy_loosest(hard[i], POLICY_OTHER), POLICY_STOP);
		assert_int_equal(policy_loosest(hard[i], POLICY_LOCAL), POLICY_ALLOW);
	}
}

static void test_unsure_is_never_stricter(void **state)
{
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		for (enum policy_destination where = 0; where < POLICY_DESTINATION_COUNT; where++) {
			for (enum policy_action action = policy_loosest(kind, where); action <= POLICY_STOP; action++) {
				struct policy_rule rule = {.kind = kind, .destination = where, .action = action};
				struct policy_rules rules = {.at = &rule, .n = policy_rule_holds(&rule) ? 1 : 0};
				assert_true(decide(&rules, &staff, where, 0, kind, LEAK_LOW) <=
				            decide(&rules, &staff, where, 0, kind, LEAK_HIGH));
			}
		}
	}
}

static void test_rules(void **state)
{
	static const struct policy_rule all[] = {
	        {.kind = LEAK_PERSON, .destination = POLICY_CONTRACTED, .action = POLICY_STOP},
	        {.kind = LEAK_PERSON, .destination = POLICY_CONTRACTED, .roles = 1 << OFFICER, .action = POLICY_WARN},
	        {.kind = LEAK_PERSON,
	         .destination = POLICY_CONTRACTED,
	         .department = {"営業", sizeof("営業") - 1},
	         .action = POLICY_MASK},
	        {.kind = LEAK_PERSON,
	         .destination = POLICY_CONTRACTED,
	         .department = {"営業", sizeof("営業") - 1},
	         .action = POLICY_ALLOW},
	        {.kind = LEAK_PERSON, .destination = POLICY_LOCAL, .action = POLICY_WARN},
	        {.kind = LEAK_CONFIDENTIAL_MARK, .destination = POLICY_CONTRACTED, .action = POLICY_MASK},
	        {.kind = LEAK_PASSPORT, .destination = POLICY_OTHER, .action = POLICY_ALLOW},
	};
	static const struct policy_rules rules = {.at = all, .n = ARRAY_SIZE(all)};
	static const struct policy_asker officer = {.role = OFFICER},
	                                 sales = {.role = STAFF, .department = {"営業", 6}},
	                                 sales_officer = {.role = OFFICER, .department = {"営業", 6}},
	                                 program = {.role = POLICY_ROLE_PROGRAM};
	static const struct {
		const char *name;
		const struct policy_asker *asker;
		enum leak_kind kind;
		enum policy_destination where;
		enum policy_action want;
	} cases[] = {
	        {"general rule", &staff, LEAK_PERSON, POLICY_CONTRACTED, POLICY_STOP},
	        {"a program too", &program, LEAK_PERSON, POLICY_CONTRACTED, POLICY_STOP},
	        {"role before general", &officer, LEAK_PERSON, POLICY_CONTRACTED, POLICY_WARN},
	        {"the stricter of equals", &sales, LEAK_PERSON, POLICY_CONTRACTED, POLICY_MASK},
	        {"department before role", &sales_officer, LEAK_PERSON, POLICY_CONTRACTED, POLICY_MASK},
	        {"tighter inside", &staff, LEAK_PERSON, POLICY_LOCAL, POLICY_WARN},
	        {"other destinations as before", &staff, LEAK_PERSON, POLICY_OTHER, POLICY_MASK},
	        {"a mark cannot be masked", &staff, LEAK_CONFIDENTIAL_MARK, POLICY_CONTRACTED, POLICY_STOP},
	        {"not loosened without a contract", &staff, LEAK_PASSPORT, POLICY_OTHER, POLICY_STOP},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		enum policy_action got = decide(&rules, cases[i].asker, cases[i].where, 0, cases[i].kind, LEAK_HIGH);
		if (got != cases[i].want)
			fail_msg("%s: %s", cases[i].name, policy_action_word(got));
	}
	assert_int_equal(decide(&rules, &staff, POLICY_CONTRACTED, 0, LEAK_PERSON, LEAK_LOW), POLICY_WARN);
}

static void test_approvals(void **state)
{
	static const struct {
		enum leak_kind kind;
		enum policy_destination where;
		enum policy_action want;
	} cases[] = {
	        {LEAK_PERSON, POLICY_CONTRACTED, POLICY_ALLOW},    {LEAK_PERSON, POLICY_OTHER, POLICY_ALLOW},
	        {LEAK_PASSPORT, POLICY_CONTRACTED, POLICY_ALLOW},  {LEAK_PASSPORT, POLICY_OTHER, POLICY_STOP},
	        {LEAK_SENSITIVE, POLICY_CONTRACTED, POLICY_ALLOW}, {LEAK_CONFIDENTIAL_MARK, POLICY_OTHER, POLICY_ALLOW},
	        {LEAK_MY_NUMBER, POLICY_CONTRACTED, POLICY_STOP},  {LEAK_SECRET, POLICY_OTHER, POLICY_STOP},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t granted = POLICY_KIND_BIT(cases[i].kind);
		assert_int_equal(decide(&no_rules, &staff, cases[i].where, granted, cases[i].kind, LEAK_HIGH),
		                 cases[i].want);
		assert_int_not_equal(decide(&no_rules, &staff, cases[i].where, 0, cases[i].kind, LEAK_HIGH),
		                     POLICY_ALLOW);
	}
}

static void test_hidden_kinds(void **state)
{
	const struct policy_rules none = {0};
	const struct policy_asker asker = {0};
	struct policy_matrix m;

	(void) state;
	policy_matrix_make(&none, &asker, POLICY_LOCAL, 0, &m);
	assert_true(policy_decide(&m, LEAK_PERSON, LEAK_HIGH) < POLICY_MASK);
	policy_matrix_hide(&m, POLICY_KIND_BIT(LEAK_PERSON) | POLICY_KIND_BIT(LEAK_CONFIDENTIAL_MARK));
	for (enum leak_confidence c = LEAK_LOW; c <= LEAK_HIGH; c++)
		assert_int_equal(policy_decide(&m, LEAK_PERSON, c), POLICY_MASK);
	assert_int_equal(policy_decide(&m, LEAK_CONFIDENTIAL_MARK, LEAK_HIGH), POLICY_STOP);
	assert_true(policy_decide(&m, LEAK_PHONE, LEAK_HIGH) < POLICY_MASK);
	policy_matrix_make(&none, &asker, POLICY_OTHER, 0, &m);
	policy_matrix_hide(&m, POLICY_KIND_BIT(LEAK_MY_NUMBER));
	assert_int_equal(policy_decide(&m, LEAK_MY_NUMBER, LEAK_HIGH), POLICY_STOP); /* never milder */
}

static void test_requests(void **state)
{
	struct leak_span at[] = {
	        {.kind = LEAK_PERSON, .confidence = LEAK_HIGH},
	        {.kind = LEAK_PERSON, .confidence = LEAK_LOW},
	        {.kind = LEAK_PASSPORT, .confidence = LEAK_HIGH},
	        {.kind = LEAK_SECRET, .confidence = LEAK_HIGH},
	};
	uint8_t actions[ARRAY_SIZE(at)];
	struct policy_decision d, more;
	struct policy_matrix m;

	policy_matrix_make(&no_rules, &staff, POLICY_CONTRACTED, 0, &m);
	policy_decide_spans(&m, &(struct leak_spans){.at = at, .n = 2}, NULL, actions, &d);
	assert_int_equal(d.worst, POLICY_MASK);
	assert_int_equal(actions[0], POLICY_MASK);
	assert_int_equal(actions[1], POLICY_WARN);
	assert_int_equal(d.counts[LEAK_PERSON], 2);
	assert_false(d.approval_helps);

	policy_decide_spans(&m, &(struct leak_spans){.at = at, .n = 3}, NULL, NULL, &d);
	assert_int_equal(d.worst, POLICY_STOP);
	assert_true(d.approval_helps);
	assert_int_equal(d.kinds[POLICY_STOP], POLICY_KIND_BIT(LEAK_PASSPORT));
	assert_int_equal(d.hard, 0);

	policy_decide_spans(&m, &(struct leak_spans){.at = at + 3, .n = 1}, NULL, NULL, &more);
	policy_decision_add(&d, &more);
	assert_false(d.approval_helps);
	assert_int_equal(d.hard, POLICY_KIND_BIT(LEAK_SECRET));
	assert_int_equal(d.counts[LEAK_SECRET] + d.counts[LEAK_PERSON], 3);

	policy_decide_spans(&m, &(struct leak_spans){.cut = true}, NULL, NULL, &d);
	assert_int_equal(d.worst, POLICY_STOP);
	assert_true(d.is_unreadable);
	assert_false(d.approval_helps);

	policy_matrix_make(&no_rules, &staff, POLICY_OTHER, 0, &m);
	policy_decide_spans(&m, &(struct leak_spans){.at = at, .n = 3}, NULL, NULL, &d);
	assert_false(d.approval_helps);
}

static void test_words(void **state)
{
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		enum leak_kind back = LEAK_KIND_COUNT;
		assert_int_equal(policy_kind_from_word(str_of(policy_kind_word(kind)), &back), 0);
		assert_int_equal(back, kind);
	}
	enum policy_action action;
	enum policy_destination where;
	enum leak_kind kind;
	assert_int_equal(policy_action_from_word(STR("mask"), &action), 0);
	assert_int_equal(action, POLICY_MASK);
	assert_int_equal(policy_destination_from_word(STR("other"), &where), 0);
	assert_int_equal(where, POLICY_OTHER);
	assert_int_equal(policy_action_from_word(STR("masks"), &action), ERR_NOT_FOUND);
	assert_int_equal(policy_destination_from_word(STR(""), &where), ERR_NOT_FOUND);
	assert_int_equal(policy_kind_from_word(STR("my_number"), &kind), ERR_NOT_FOUND);
}

static void test_marks(void **state)
{
	char bytes[2][POLICY_MARK_KEY_BYTES] = {"one key", "another"};
	struct str key = str_make(bytes[0], sizeof(bytes[0])), other = str_make(bytes[1], sizeof(bytes[1]));
	struct policy_mark a, b;
	char text[2 * POLICY_MARK_BYTES + 2];

	policy_mark_make(key, POLICY_OTHER, LEAK_PASSPORT, STR("TK1234567"), &a);
	policy_mark_make(key, POLICY_OTHER, LEAK_PERSON, STR("山田"), &b);
	snprintf(text, sizeof(text), "%s %s", a.text, b.text);
	assert_int_equal(strlen(a.text), POLICY_MARK_BYTES);
	assert_null(strstr(text, "TK1234567"));
	assert_int_equal(policy_marks_count(str_of(text)), 2);
	assert_int_equal(policy_marks_kinds(str_of(text), POLICY_OTHER),
	                 POLICY_KIND_BIT(LEAK_PASSPORT) | POLICY_KIND_BIT(LEAK_PERSON));
	assert_int_equal(policy_marks_kinds(str_of(text), POLICY_LOCAL), 0);
	assert_true(policy_marks_have(str_of(text), &a) && policy_marks_have(str_of(text), &b));
	/* Another value, kind, place or key is another mark. */
	policy_mark_make(key, POLICY_OTHER, LEAK_PASSPORT, STR("TK1234568"), &a);
	assert_false(policy_marks_have(str_of(text), &a));
	policy_mark_make(key, POLICY_OTHER, LEAK_LICENCE, STR("TK1234567"), &a);
	assert_false(policy_marks_have(str_of(text), &a));
	policy_mark_make(key, POLICY_CONTRACTED, LEAK_PASSPORT, STR("TK1234567"), &a);
	assert_false(policy_marks_have(str_of(text), &a));
	policy_mark_make(other, POLICY_OTHER, LEAK_PASSPORT, STR("TK1234567"), &a);
	assert_false(policy_marks_have(str_of(text), &a));
	/* What is no mark counts as none. */
	assert_int_equal(policy_marks_kinds(STR("zz 9 2ff"), POLICY_OTHER), 0);
	assert_int_equal(policy_marks_count(STR("")), 0);
}

static void test_approved_values(void **state)
{
	struct policy_matrix m;
	struct policy_decision d;
	uint8_t actions[3];
	const uint8_t approved[] = {1, 0, 1};
	struct leak_span at[3] = {{.kind = LEAK_PERSON, .confidence = LEAK_HIGH},
	                          {.kind = LEAK_PERSON, .confidence = LEAK_HIGH},
	                          {.kind = LEAK_MY_NUMBER, .confidence = LEAK_HIGH}};
	const struct policy_rule stop = {.kind = LEAK_PERSON, .destination = POLICY_OTHER, .action = POLICY_STOP};

	policy_matrix_make(&(struct policy_rules){&stop, 1}, &(struct policy_asker){0}, POLICY_OTHER, 0, &m);
	policy_decide_spans(&m, &(struct leak_spans){.at = at, .n = 3}, approved, actions, &d);
	assert_int_equal(actions[0], POLICY_ALLOW);
	assert_int_equal(actions[1], POLICY_STOP);
	assert_int_equal(actions[2], POLICY_STOP); /* nothing loosens it */
	assert_int_equal(d.worst, POLICY_STOP);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_defaults),
	        cmocka_unit_test(test_hard_stops_hold),
	        cmocka_unit_test(test_unsure_is_never_stricter),
	        cmocka_unit_test(test_rules),
	        cmocka_unit_test(test_approvals),
	        cmocka_unit_test(test_hidden_kinds),
	        cmocka_unit_test(test_requests),
	        cmocka_unit_test(test_words),
	        cmocka_unit_test(test_marks),
	        cmocka_unit_test(test_approved_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
