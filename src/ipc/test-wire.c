/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/err.h"
#include "ipc/utf8.h"
#include "ipc/wire.h"

enum { TEST_MAX_BYTES = 1000 };

static void put_one_of_each(struct buf *b)
{
	wire_put_u8(b, 200);
	wire_put_u16(b, 60000);
	wire_put_u32(b, 4000000000u);
	wire_put_u64(b, UINT64_MAX - 1);
	wire_put_i64(b, INT64_MIN);
	wire_put_bool(b, true);
	wire_put_double(b, -0.125);
	wire_put_str(b, STR("備え"));
	wire_put_bytes(b, STR("\xFF\x00\xFE"));
}

static int get_one_of_each(struct str bytes)
{
	struct wire_reader r = wire_reader_make(bytes);
	bool same = wire_get_u8(&r) == 200;
	same = wire_get_u16(&r) == 60000 && same;
	same = wire_get_u32(&r) == 4000000000u && same;
	same = wire_get_u64(&r) == UINT64_MAX - 1 && same;
	same = wire_get_i64(&r) == INT64_MIN && same;
	same = wire_get_bool(&r) && same;
	same = wire_get_double(&r) == -0.125 && same;
	same = str_eq(wire_get_str(&r, 6), STR("備え")) && same;
	same = str_eq(wire_get_bytes(&r, 3), STR("\xFF\x00\xFE")) && same;
	int e = wire_end(&r);
	return e < 0 ? e : same;
}

static void what_is_put_is_got(void **state)
{
	struct buf b = buf_make(TEST_MAX_BYTES);
	put_one_of_each(&b);
	assert_false(buf_failed(&b));
	assert_int_equal(get_one_of_each(buf_str(&b)), 1);
	buf_done(&b);
}

static void every_shorter_or_longer_message_is_refused(void **state)
{
	struct buf b = buf_make(TEST_MAX_BYTES);
	put_one_of_each(&b);
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(get_one_of_each((struct str){b.p, n}), ERR_INVALID);
	buf_add_char(&b, 0);
	assert_int_equal(get_one_of_each(buf_str(&b)), ERR_INVALID);
	buf_done(&b);
}

static void another_type_is_refused_and_the_error_stays(void **state)
{
	struct buf b = buf_make(TEST_MAX_BYTES);
	wire_put_u32(&b, 7);
	wire_put_u32(&b, 8);
	struct wire_reader r = wire_reader_make(buf_str(&b));
	assert_int_equal(wire_get_u64(&r), 0);
	assert_true(wire_failed(&r));
	assert_int_equal(wire_get_u32(&r), 0);
	assert_int_equal(wire_end(&r), ERR_INVALID);
	buf_done(&b);
}

static void limits_hold(void **state)
{
	struct buf b = buf_make(TEST_MAX_BYTES);
	wire_put_str(&b, STR("four"));
	struct wire_reader r = wire_reader_make(buf_str(&b));
	wire_get_str(&r, 3);
	assert_int_equal(wire_end(&r), ERR_TOO_LARGE);

	buf_clear(&b);
	wire_put_u32(&b, 1000);
	r = wire_reader_make(buf_str(&b));
	assert_int_equal(wire_get_count(&r, 999, 1), 0);
	assert_int_equal(wire_end(&r), ERR_TOO_LARGE);
	r = wire_reader_make(buf_str(&b));
	assert_int_equal(wire_get_count(&r, 1000, 1), 0);
	assert_int_equal(wire_end(&r), ERR_INVALID);
	buf_done(&b);
}

static void values_that_no_writer_makes_are_refused(void **state)
{
	static const char two[] = {WIRE_U8, 2};
	struct wire_reader r = wire_reader_make((struct str){two, sizeof(two)});
	wire_get_bool(&r);
	assert_int_equal(wire_end(&r), ERR_INVALID);

	static const char not_a_number[] = {WIRE_DOUBLE, 1, 0, 0, 0, 0, 0, (char) 0xF8, 0x7F};
	r = wire_reader_make((struct str){not_a_number, sizeof(not_a_number)});
	wire_get_double(&r);
	assert_int_equal(wire_end(&r), ERR_INVALID);

	struct buf b = buf_make(TEST_MAX_BYTES);
	wire_put_double(&b, (double) NAN);
	assert_true(buf_failed(&b));
	buf_clear(&b);
	wire_put_str(&b, STR("\x80"));
	assert_true(buf_failed(&b));
	buf_done(&b);
}

static void utf8_is_told_from_other_bytes(void **state)
{
	const struct {
		const char *name;
		struct str input;
		bool want;
	} cases[] = {
	        {"empty", {NULL, 0}, true},
	        {"ascii over eight bytes", STR("plain words here"), true},
	        {"two, three, four bytes", STR("é備𠮷"), true},
	        {"long run before a break", STR("12345678\xFF"), false},
	        {"overlong slash", STR("\xC0\xAF"), false},
	        {"overlong in three", STR("\xE0\x80\xAF"), false},
	        {"surrogate", STR("\xED\xA0\x80"), false},
	        {"last code point", STR("\xF4\x8F\xBF\xBF"), true},
	        {"past the last", STR("\xF4\x90\x80\x80"), false},
	        {"cut", STR("\xE5\x82"), false},
	        {"lone continuation", STR("a\x80"), false},
	        {"NUL", STR("a\0b"), true},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (utf8_is_valid(cases[i].input) != cases[i].want)
			fail_msg("%s", cases[i].name);
	assert_true(utf8_is_boundary(STR("備"), 0));
	assert_false(utf8_is_boundary(STR("備"), 1));
	assert_true(utf8_is_boundary(STR("備"), 3));
	assert_false(utf8_is_boundary(STR("備"), 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_put_is_got),
	        cmocka_unit_test(every_shorter_or_longer_message_is_refused),
	        cmocka_unit_test(another_type_is_refused_and_the_error_stays),
	        cmocka_unit_test(limits_hold),
	        cmocka_unit_test(values_that_no_writer_makes_are_refused),
	        cmocka_unit_test(utf8_is_told_from_other_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
