/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/err.h"
#include "i18n/catalogue.h"
#include "i18n/i18n.h"

static void keys_are_sorted_and_found(void **state)
{
	(void) state;
	assert_true(catalogue_count > 50);
	for (size_t i = 0; i < catalogue_count; i++) {
		if (i)
			assert_true(str_cmp(str_of(catalogue[i - 1].key), str_of(catalogue[i].key)) < 0);
		for (int k = 0; k < LANGUAGE_COUNT; k++)
			assert_ptr_equal(i18n_find((enum language) k, str_of(catalogue[i].key)), catalogue[i].text[k]);
	}
	assert_null(i18n_find(LANGUAGE_JA, STR("no such key")));
	assert_null(i18n_key_at(catalogue_count));
}

static void language_follows_the_weights(void **state)
{
	(void) state;
	static const struct {
		const char *field;
		enum language want;
	} cases[] = {
	        {"", LANGUAGE_JA},
	        {"en", LANGUAGE_EN},
	        {"en-US,en;q=0.9,ja;q=0.8", LANGUAGE_EN},
	        {"fr, ja;q=0.5, en;q=0.7", LANGUAGE_EN},
	        {"en;q=0, ja", LANGUAGE_JA},
	        {"en;q=0.9, ja;q=0.95", LANGUAGE_JA},
	        {"en;q=7", LANGUAGE_JA},
	        {"de", LANGUAGE_JA},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(language_negotiate(str_of(cases[i].field)), cases[i].want);
}

static void facts_fill_placeholders(void **state)
{
	(void) state;
	struct buf b = buf_make(4096);
	const struct i18n_fact facts[] = {{"option", STR("{command}")}};
	assert_int_equal(i18n_format(&b, LANGUAGE_EN, STR("cli.option-needs-value"), facts, 1), 0);
	assert_string_equal(buf_cstr(&b), "--{command} needs a value");
	buf_clear(&b);
	assert_int_equal(i18n_format(&b, LANGUAGE_EN, STR("cli.option-needs-value"), NULL, 0), 0);
	assert_string_equal(buf_cstr(&b), "--{option} needs a value");
	assert_int_equal(i18n_format(&b, LANGUAGE_EN, STR("no.such.key"), NULL, 0), ERR_NOT_FOUND);
	buf_done(&b);
}

static void test_days(void **state)
{
	static const struct {
		enum language language;
		const char *day, *want;
	} cases[] = {{LANGUAGE_JA, "2026-11-23", "2026年11月23日"},
	             {LANGUAGE_JA, "2027-01-05", "2027年1月5日"},
	             {LANGUAGE_EN, "2026-11-23", "2026-11-23"},
	             {LANGUAGE_JA, "", ""},
	             {LANGUAGE_JA, "2026/11/23", "2026/11/23"},
	             {LANGUAGE_JA, "2026-13-01", "2026-13-01"},
	             {LANGUAGE_JA, "as long as a text may never be", "as long as a text may n"}};
	char text[I18N_DAY_BYTES];
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (!str_eq_c(i18n_day(cases[i].language, str_of(cases[i].day), text), cases[i].want))
			fail_msg("%s: %s", cases[i].day, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_days),
	        cmocka_unit_test(keys_are_sorted_and_found),
	        cmocka_unit_test(language_follows_the_weights),
	        cmocka_unit_test(facts_fill_placeholders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
