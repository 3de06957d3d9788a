/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/str.h"
#include "base/clock.h"

static void str_finds_and_slices(void **state)
{
	(void) state;
	struct str s = STR("Hello, hello");
	assert_int_equal(str_find(s, STR("hello"), 0), 7);
	assert_int_equal(str_find_icase(s, STR("HELLO"), 1), 7);
	assert_true(str_find(s, STR("x"), 0) == STR_NOT_FOUND);
	assert_true(str_find(s, STR("hello"), 99) == STR_NOT_FOUND);
	assert_true(str_eq(str_slice(s, 7, 999), STR("hello")));
	assert_true(str_eq(str_trim(STR(" \t a b \r\n")), STR("a b")));
	assert_true(str_ends_with_icase(s, STR("HELLO")));
	assert_false(str_ends_with(STR("o"), s));
}

static void str_splits_lines(void **state)
{
	(void) state;
	struct str rest = STR("a\r\n\nb"), line;
	const char *want[] = {"a", "", "b"};
	for (int i = 0; i < 3; i++) {
		assert_true(str_next_line(&rest, &line));
		assert_true(str_eq_c(line, want[i]));
	}
	assert_false(str_next_line(&rest, &line));
}

static void numbers_are_strict(void **state)
{
	(void) state;
	static const struct {
		const char *input;
		uint64_t max;
		int want;
		uint64_t value;
	} cases[] = {
	        {"0", 10, 0, 0},
	        {"18446744073709551615", UINT64_MAX, 0, UINT64_MAX},
	        {"18446744073709551616", UINT64_MAX, ERR_TOO_LARGE, 0},
	        {"11", 10, ERR_TOO_LARGE, 0},
	        {"", 10, ERR_INVALID, 0},
	        {"+1", 10, ERR_INVALID, 0},
	        {"1 ", 10, ERR_INVALID, 0},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t got = 0;
		assert_int_equal(str_parse_u64(str_of(cases[i].input), cases[i].max, &got), cases[i].want);
		assert_true(got == cases[i].value);
	}
}

static void buf_stops_at_its_maximum(void **state)
{
	(void) state;
	struct buf b = buf_make(5);
	assert_int_equal(buf_add_c(&b, "abc"), 0);
	assert_int_equal(buf_add_c(&b, "def"), ERR_TOO_LARGE);
	assert_true(buf_failed(&b));
	assert_int_equal(buf_add_char(&b, 'd'), ERR_TOO_LARGE);
	assert_null(buf_cstr(&b));
	buf_clear(&b);
	assert_int_equal(buf_printf(&b, "%d", 12345), 0);
	assert_string_equal(buf_cstr(&b), "12345");
	buf_consume(&b, 2);
	assert_string_equal(buf_cstr(&b), "345");
	buf_done(&b);
}

static void arena_refuses_over_its_cap(void **state)
{
	(void) state;
	CLEANUP(arena_freep) struct arena *a = arena_new(1024);
	assert_non_null(arena_alloc(a, 1000));
	assert_false(arena_is_full(a));
	assert_null(arena_alloc(a, 100));
	assert_true(arena_is_full(a));
	assert_null(arena_alloc_array(a, SIZE_MAX / 2, 3));
	arena_reset(a);
	assert_false(arena_is_full(a));
	struct {
		int *at;
		size_t n, cap;
	} list = {0};
	for (int i = 0; i < 20; i++)
		*ARENA_PUSH(a, &list) = i;
	for (int i = 0; i < 20; i++)
		assert_int_equal(list.at[i], i);
	assert_string_equal(arena_printf(a, "%s-%d", "x", 7).p, "x-7");
}

static void time_text_round_trips(void **state)
{
	(void) state;
	char text[CLOCK_TEXT_BYTES];
	int64_t back;
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
	        {0, "1970-01-01T00:00:00.000Z"},
	        {1709164800123000LL, "2024-02-29T00:00:00.123Z"},
	        {-1000000, "1969-12-31T23:59:59.000Z"},
	        {-500000, "1969-12-31T23:59:59.500Z"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		clock_format_utc(cases[i].us, text);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(clock_parse_utc(str_of(text), &back), 0);
		assert_true(back == cases[i].us);
	}
	assert_int_equal(clock_parse_utc(STR("2026-11-22 12:00:00Z"), &back), ERR_INVALID);
}

static void files_are_replaced_whole(void **state)
{
	(void) state;
	char path[] = "/tmp/sonae-test-base-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	fd_close(fd);
	assert_int_equal(fd_replace_file(path, STR("new"), 0600), 0);
	struct buf b = buf_make(3);
	assert_int_equal(fd_read_file(path, &b), 0);
	assert_true(str_eq(buf_str(&b), STR("new")));
	buf_done(&b);
	b = buf_make(2);
	assert_int_equal(fd_read_file(path, &b), ERR_TOO_LARGE);
	buf_done(&b);
	unlink(path);
	assert_int_equal(fd_read_file(path, &b), ERR_NOT_FOUND);
}

static void test_json(void **state)
{
	static const struct {
		struct str in;
		const char *out;
	} cases[] = {
	        {{"", 0}, "\"\""},
	        {{NULL, 0}, "\"\""},
	        {{"a\"b\\c/", 6}, "\"a\\\"b\\\\c/\""},
	        {{"\b\t\n\v\f\r\0\x1f\x7f", 9}, "\"\\b\\t\\n\\u000B\\f\\r\\u0000\\u001F\x7f\""},
	        {{"\xE5\x82\x99\xF0\x9F\x98\x80", 7}, "\"\xE5\x82\x99\xF0\x9F\x98\x80\""},
	        {{"x\xFF", 2}, "\"\""},            /* no UTF-8: half a text would be another text */
	        {{"\n\xED\xA0\x80", 4}, "\"\""},   /* surrogate */
	        {{"\xE0\x80\x80", 3}, "\"\""},     /* overlong */
	        {{"\xF4\x90\x80\x80", 4}, "\"\""}, /* beyond Unicode */
	        {{"\xE5\x82", 2}, "\"\""},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = buf_make(1024);
		assert_int_equal(json_add_str(&b, cases[i].in), 0);
		assert_string_equal(buf_cstr(&b), cases[i].out);
		buf_done(&b);
	}
	struct buf b = buf_make(1024);
	(void) json_add_real(&b, 1);
	(void) buf_add_char(&b, ' ');
	(void) json_add_real(&b, -0.8131);
	(void) buf_add_char(&b, ' ');
	(void) buf_add_u64(&b, 0);
	(void) buf_add_u64(&b, UINT64_MAX);
	assert_string_equal(buf_cstr(&b), "1.0 -0.8131 018446744073709551615");
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(str_finds_and_slices),       cmocka_unit_test(str_splits_lines),
	        cmocka_unit_test(numbers_are_strict),         cmocka_unit_test(buf_stops_at_its_maximum),
	        cmocka_unit_test(arena_refuses_over_its_cap), cmocka_unit_test(time_text_round_trips),
	        cmocka_unit_test(files_are_replaced_whole),   cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
