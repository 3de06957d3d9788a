/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "gate/json.h"

static const struct {
	const char *text;
	int want;
} cases[] = {
        {"{}", 0},
        {" [ 1 , -0.5e+3, true,false,null ] ", 0},
        {"\"\\ud83d\\ude00\"", 0},
        {"{\"a\":{\"a\":1}}", 0},
        {"{\"a\":1,\"b\":2}", 0},
        {"", ERR_INVALID},
        {"{", ERR_INVALID},
        {"{\"a\"}", ERR_INVALID},
        {"{\"a\":1,}", ERR_INVALID},
        {"[1,]", ERR_INVALID},
        {"[01]", ERR_INVALID},
        {"[1.]", ERR_INVALID},
        {"[+1]", ERR_INVALID},
        {"nul", ERR_INVALID},
        {"{} {}", ERR_INVALID},
        {"{\"a\":1,\"a\":2}", ERR_INVALID},
        {"{\"a\":1,\"\\u0061\":2}", ERR_INVALID},
        {"{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,\"9\":1,\"1\":1}", ERR_INVALID},
        {"\"\\ud83d\"", ERR_INVALID},
        {"\"\\ude00\"", ERR_INVALID},
        {"\"\\u0000\"", ERR_INVALID},
        {"\"\\x\"", ERR_INVALID},
        {"\"\x01\"", ERR_INVALID},
        {"\"\xff\"", ERR_INVALID},
        {"\"\xed\xa0\x80\"", ERR_INVALID},
        {"\"\xc0\x80\"", ERR_INVALID},
        {"\"open", ERR_INVALID},
};

static void test_what_is_valid(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
		struct json j;
		int r = json_scan(str_of(cases[i].text), a, &j, NULL);
		if (r != cases[i].want)
			fail_msg("%s: %d", cases[i].text, r);
	}
}

static void test_depth_is_bounded(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	CLEANUP(buf_done) struct buf b = buf_make(1 << 20);
	struct json j;
	for (int i = 0; i <= JSON_DEPTH_MAX; i++)
		buf_add_char(&b, '[');
	assert_int_equal(json_scan(buf_str(&b), a, &j, NULL), ERR_TOO_LARGE);
}

static void test_edits_leave_the_rest(void **state)
{
	static const char text[] = "{ \"n\" : 12345678901234567890123 ,\"s\":\"a\\u5c71\\\"\xe7\x94\xb0z\" }";
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	CLEANUP(buf_done) struct buf out = buf_make(1 << 16);
	struct json j;
	struct json_walk w = {0, 0};
	assert_int_equal(json_scan(str_of(text), a, &j, NULL), 0);
	uint32_t s = json_member(&j, 0, "s");
	assert_true(str_eq(json_text(&j, s, a), STR("a山\"田z")));
	struct str raw = str_slice(j.text, j.at[s].start, j.at[s].end);
	size_t start = j.at[s].start + json_walk_to(&w, raw, 1), end = j.at[s].start + json_walk_to(&w, raw, 4);
	struct json_edit edit = {start, end, STR("X")};
	assert_int_equal(json_apply(str_of(text), &edit, 1, &out), 0);
	assert_true(str_eq(buf_str(&out), STR("{ \"n\" : 12345678901234567890123 ,\"s\":\"aX\\\"\xe7\x94\xb0z\" }")));
}

static void test_members(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct json j;
	assert_int_equal(json_scan(STR("{\"o\":{\"x\":[1,2]},\"\\u006d\":7,\"neg\":-1}"), a, &j, NULL), 0);
	assert_int_equal(json_member_number(&j, 0, "m", 0), 7);
	assert_int_equal(json_member_number(&j, 0, "neg", 5), 5);
	assert_int_equal(json_member(&j, 0, "x"), JSON_NONE);
	assert_true(json_is(&j, json_member(&j, json_member(&j, 0, "o"), "x"), JSON_IS_ARRAY));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_what_is_valid),
	        cmocka_unit_test(test_depth_is_bounded),
	        cmocka_unit_test(test_edits_leave_the_rest),
	        cmocka_unit_test(test_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
