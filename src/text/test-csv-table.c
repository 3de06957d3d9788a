/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "text/csv-table.h"

static void tables_are_read(void **state)
{
	static const struct {
		const char *name, *input;
		size_t rows, row, column;
		const char *want;
	} cases[] = {
	        {"plain", "a,b\n1,2\n", 2, 1, 1, "2"},
	        {"mark of Excel", "\xEF\xBB\xBF氏名,電話\r\n備前,1\r\n", 2, 0, 0, "氏名"},
	        {"quotes", "a,\"b, \"\"c\"\"\nd\"\n", 1, 0, 1, "b, \"c\"\nd"},
	        {"tabs", "a\tb,c\td\n", 1, 0, 1, "b,c"},
	        {"semicolons", "a;1,5;c\n", 1, 0, 1, "1,5"},
	        {"no end of line", "a,b", 1, 0, 1, "b"},
	        {"empty lines", "\n\na\n\n", 1, 0, 0, "a"},
	        {"short row", "a,b\nc\n", 2, 1, 1, ""},
	        {"nothing", "", 0, 0, 0, ""},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
		struct csv_table t = {0};
		if (csv_read(str_of(cases[i].input), 100, a, &t, NULL) != 0 || t.n != cases[i].rows ||
		    !str_eq_c(csv_field(&t, cases[i].row, cases[i].column), cases[i].want))
			fail_msg("%s: %zu rows", cases[i].name, t.n);
	}
}

static void rows_know_their_line(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct csv_table t = {0};
	static const size_t lines[] = {2, 4, 8, 9, 10};
	(void) state;
	assert_int_equal(csv_read(STR("\r\na,b\n\n1,\"x\n\ny\"\n \n,,\nc\n\"d\ne\""), 10, a, &t, NULL), 0);
	assert_int_equal(t.n, ARRAY_SIZE(lines));
	for (size_t i = 0; i < t.n; i++)
		assert_int_equal(t.at[i].line, lines[i]);
	assert_true(csv_is_blank(&t, 2));
	assert_false(csv_is_blank(&t, 3));
}

static void limits_and_other_charsets_are_errors(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct csv_table t = {0};
	(void) state;
	assert_int_equal(csv_read(STR("a\nb\nc\n"), 2, a, &t, NULL), ERR_TOO_LARGE);
	assert_int_equal(csv_read(STR("\x8E\x81\x96\xBC,1\n"), 10, a, &t, NULL),
	                 0); /* Windows-31J, as Excel writes it */
	assert_true(str_eq(csv_field(&t, 0, 0), STR("氏名")));
	assert_true(str_eq(csv_field(&t, 0, 1), STR("1")));
	assert_int_equal(csv_read(STR("\xFF\x81\x81,1\n"), 10, a, &t, NULL), ERR_INVALID);
	assert_int_equal(csv_read(STR("\x8E\x81\x96"), 10, a, &t, NULL), ERR_INVALID);
	size_t line = 0;
	assert_int_equal(csv_read(STR("a,b\n\nc,\"d\ne\nf"), 10, a, &t, &line), ERR_INVALID); /* never closed */
	assert_int_equal(line, 3);
	assert_int_equal(csv_read(STR("\xFF\x81\x81,1\n"), 10, a, &t, &line), ERR_INVALID);
	assert_int_equal(line, 0);
	CLEANUP(arena_freep) struct arena *small = arena_new(64);
	t = (struct csv_table){0};
	assert_int_equal(
	        csv_read(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\n"), 10, small, &t, NULL),
	        ERR_TOO_LARGE);
	assert_int_equal(t.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tables_are_read),
	        cmocka_unit_test(rows_know_their_line),
	        cmocka_unit_test(limits_and_other_charsets_are_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
