/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "plan/register.h"

static int check(enum field_kind kind, const char *value, const char *wanted)
{
	const struct register_field field = {"f", kind, false, "yes no"};
	struct arena *a = arena_new(64 * 1024);
	struct str got;
	int r = register_check(&field, str_of(value), a, &got);
	if (wanted)
		assert_true(str_eq_c(got, wanted));
	arena_free(a);
	return r;
}

static void test_values(void **state)
{
	(void) state;
	assert_int_equal(check(FIELD_LINE, "  本社 NAS  ", "本社 NAS"), 0);
	assert_int_equal(check(FIELD_LINE, "a\nb", NULL), ERR_INVALID);
	assert_int_equal(check(FIELD_WORDS, "a\nb", "a\nb"), 0);
	assert_int_equal(check(FIELD_WORDS, "a\001b", NULL), ERR_INVALID);
	assert_int_equal(check(FIELD_DAY, "２０２８－０２－２９", "2028-02-29"), 0);
	assert_int_equal(check(FIELD_DAY, "2027-02-29", NULL), ERR_INVALID);
	assert_int_equal(check(FIELD_NUMBER, "１２", "12"), 0);
	assert_int_equal(check(FIELD_NUMBER, "-1", NULL), ERR_INVALID);
	assert_int_equal(check(FIELD_NUMBER, "1000000001", NULL), ERR_INVALID);
	assert_int_equal(check(FIELD_CHOICE, "yes", "yes"), 0);
	assert_int_equal(check(FIELD_CHOICE, "ye", NULL), ERR_INVALID);
	assert_int_equal(check(FIELD_CHOICE, "yes no", NULL), ERR_INVALID);
	assert_int_equal(check(FIELD_PHONE, "０４５（６３３）５２００", "045(633)5200"), 0);
	assert_int_equal(check(FIELD_PHONE, "#9110", "#9110"), 0);
	assert_int_equal(check(FIELD_PHONE, "call me", NULL), ERR_INVALID);
	const struct register_field phone = {"f", FIELD_PHONE, false, NULL};
	struct arena *a = arena_new(4096);
	struct str nul;
	assert_int_equal(register_check(&phone, STR("045\0001234"), a, &nul), ERR_INVALID);
	arena_free(a);
	assert_int_equal(check(FIELD_MAIL, "soudan@kipc.or.jp", NULL), 0);
	assert_int_equal(check(FIELD_MAIL, "soudan@kipc", NULL), ERR_INVALID);
	static const char *const bad[] = {"a@b.jp\nBcc: c@d.jp",
	                                  "a b@c.jp",
	                                  "a@b.jp\t",
	                                  "<a@b.jp>x",
	                                  "a@b.jp,c@d.jp",
	                                  "a@-b.jp",
	                                  "a@b..jp",
	                                  ".a@b.jp",
	                                  "@b.jp",
	                                  "a@b@c.jp",
	                                  "<script>@b.jp",
	                                  "a@b.jp.",
	                                  "\"a\"@b.jp",
	                                  "a@b.jp(note)",
	                                  "\xe5\xb1\xb1@b.jp"};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (check(FIELD_MAIL, bad[i], NULL) != ERR_INVALID && i != 2) /* blanks at the ends are cut off */
			fail_msg("%s", bad[i]);
	assert_int_equal(check(FIELD_MAIL, " ｓｏｕｄａｎ＠kipc.or.jp ", "soudan@kipc.or.jp"), 0);
	assert_int_equal(check(FIELD_LINE, "", ""), 0);
	const struct register_field required = {"f", FIELD_LINE, true, NULL};
	struct str got;
	assert_int_equal(register_check(&required, STR("  "), NULL, &got), ERR_NOT_FOUND);
}

static void test_long_values(void **state)
{
	char text[REGISTER_WORDS_MAX_BYTES + 2];
	(void) state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = 'a';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(check(FIELD_WORDS, text, NULL), ERR_TOO_LARGE);
	text[REGISTER_LINE_MAX_BYTES + 1] = '\0';
	assert_int_equal(check(FIELD_LINE, text, NULL), ERR_TOO_LARGE);
}

static void test_every_register_is_whole(void **state)
{
	(void) state;
	assert_true(register_count() >= 10);
	for (size_t i = 0; i < register_count(); i++) {
		const struct register_kind *kind = register_at(i);
		size_t at;
		assert_true(kind->n <= REGISTER_FIELDS_MAX);
		assert_ptr_equal(register_find(str_of(kind->word)), kind);
		assert_int_equal(register_field_find(kind, str_of(kind->title), &at), 0);
		assert_true(kind->fields[at].is_required);
		struct str key = str_of(kind->key), name;
		for (size_t k = 0; str_split(&key, ' ', &name); k++) {
			assert_int_equal(register_field_find(kind, name, &at), 0);
			assert_true(k > 0 || kind->fields[at].is_required);
		}
		if (kind->due) {
			assert_int_equal(register_field_find(kind, str_of(kind->due), &at), 0);
			assert_int_equal(kind->fields[at].kind, FIELD_DAY);
		}
		if (kind->ends) {
			assert_int_equal(register_field_find(kind, str_of(kind->ends), &at), 0);
			assert_true(register_has_choice(&kind->fields[at], STR("done")));
		}
		for (size_t f = 0; f < kind->n; f++)
			assert_true((kind->fields[f].kind == FIELD_CHOICE) == (kind->fields[f].choices != NULL));
	}
	assert_null(register_find(STR("nothing")));
	assert_null(register_at(register_count()));
}

/* Governance facts 5: importance is the greatest of three; the three pairs that were seen. */
static void test_risk(void **state)
{
	(void) state;
	assert_int_equal(asset_importance(1, 3, 2), 3);
	assert_int_equal(asset_importance(1, 1, 1), 1);
	assert_int_equal(asset_likelihood(3, 3), 3);
	assert_int_equal(asset_likelihood(3, 2), 2);
	assert_int_equal(asset_likelihood(2, 2), 1);
	assert_int_equal(asset_likelihood(2, 3), 2);
	for (int weakness = 1; weakness <= 3; weakness++)
		assert_int_equal(asset_likelihood(1, weakness), 1);
	assert_int_equal(asset_band_of(9), ASSET_LARGE);
	assert_int_equal(asset_band_of(6), ASSET_LARGE);
	assert_int_equal(asset_band_of(4), ASSET_MIDDLE);
	assert_int_equal(asset_band_of(3), ASSET_MIDDLE);
	assert_int_equal(asset_band_of(2), ASSET_SMALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_values),
	        cmocka_unit_test(test_long_values),
	        cmocka_unit_test(test_every_register_is_whole),
	        cmocka_unit_test(test_risk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
