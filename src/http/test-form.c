/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms, percent-encoding, media types and cookies. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/err.h"
#include "http/form.h"

enum { ARENA_BYTES = 1024 * 1024, FIELDS_MAX = 3 };

static void test_urlencoded(void **state)
{
	static const struct {
		const char *name, *input;
		int r;
		size_t n;
		const char *first_name, *first_value;
	} cases[] = {
	        {"two", "a=1&b=2", 0, 2, "a", "1"},
	        {"escapes", "a%20b=c+d%2Be", 0, 1, "a b", "c d+e"},
	        {"japanese", "t=%E7%A2%BA", 0, 1, "t", "確"},
	        {"no value", "a", 0, 1, "a", ""},
	        {"equals in value", "a=b=c", 0, 1, "a", "b=c"},
	        {"empty pieces", "&&a=1&", 0, 1, "a", "1"},
	        {"empty", "", 0, 0, NULL, NULL},
	        {"cut escape", "a=%4", ERR_INVALID, 0, NULL, NULL},
	        {"bad escape", "a=%zz", ERR_INVALID, 0, NULL, NULL},
	        {"too many", "a&b&c&d", ERR_TOO_LARGE, 0, NULL, NULL},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct form form = {0};
		int r = form_parse_urlencoded(str_of(cases[i].input), FIELDS_MAX, a, &form);
		if (r != cases[i].r || (r >= 0 && form.n != cases[i].n))
			fail_msg("%s: %d, %zu fields", cases[i].name, r, form.n);
		if (r >= 0 && form.n > 0) {
			assert_true(str_eq_c(form.at[0].name, cases[i].first_name));
			assert_true(str_eq_c(form.at[0].value, cases[i].first_value));
		}
	}
}

#define HEAD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void test_multipart(void **state)
{
	static const struct {
		const char *name, *input;
		int r;
		size_t n;
		const char *value;
	} cases[] = {
	        {"one", "--x\r\n" HEAD("a") "hello\r\n--x--\r\n", 0, 1, "hello"},
	        {"no last line end", "--x\r\n" HEAD("a") "\r\n--x--", 0, 1, ""},
	        {"two", "--x\r\n" HEAD("a") "1\r\n--x\r\n" HEAD("b") "2\r\n--x--\r\n", 0, 2, "1"},
	        {"boundary in text", "--x\r\n" HEAD("a") "a--x\r\n-x\r\n--x--\r\n", 0, 1, "a--x\r\n-x"},
	        {"preamble", "hi\r\n--x\r\n" HEAD("a") "1\r\n--x--\r\n", ERR_INVALID, 0, NULL},
	        {"epilogue", "--x\r\n" HEAD("a") "1\r\n--x--\r\nmore", ERR_INVALID, 0, NULL},
	        {"not closed", "--x\r\n" HEAD("a") "1\r\n", ERR_INVALID, 0, NULL},
	        {"not closed after boundary", "--x\r\n" HEAD("a") "1\r\n--x\r\n", ERR_INVALID, 0, NULL},
	        {"longer boundary", "--x\r\n" HEAD("a") "1\r\n--xy--\r\n", ERR_INVALID, 0, NULL},
	        {"no disposition", "--x\r\nX: y\r\n\r\n1\r\n--x--\r\n", ERR_INVALID, 0, NULL},
	        {"two dispositions", "--x\r\nContent-Disposition: form-data; name=b\r\n" HEAD("a") "1\r\n--x--",
	         ERR_INVALID, 0, NULL},
	        {"no name", "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n", ERR_INVALID, 0, NULL},
	        {"transfer encoding", "--x\r\nContent-Transfer-Encoding: base64\r\n" HEAD("a") "1\r\n--x--",
	         ERR_INVALID, 0, NULL},
	        {"bare lf", "--x\nContent-Disposition: form-data; name=a\n\n1\n--x--\n", ERR_INVALID, 0, NULL},
	        {"empty", "", ERR_INVALID, 0, NULL},
	        {"too many",
	         "--x\r\n" HEAD("a") "\r\n--x\r\n" HEAD("a") "\r\n--x\r\n" HEAD("a") "\r\n--x\r\n" HEAD(
	                 "a") "\r\n--x--",
	         ERR_TOO_LARGE, 0, NULL},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct form form = {0};
		int r = form_parse_multipart(str_of(cases[i].input), STR("x"), FIELDS_MAX, a, &form);
		if (r != cases[i].r || (r >= 0 && form.n != cases[i].n))
			fail_msg("%s: %d, %zu fields", cases[i].name, r, form.n);
		if (r >= 0)
			assert_true(str_eq_c(form.at[0].value, cases[i].value));
	}
}

static void test_multipart_file(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	struct form form = {0};
	static const char body[] =
	        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\xe3\x81\x82%22;b.eml\"\r\n"
	        "Content-Type: message/rfc822\r\n\r\na\0b\r\n--b--\r\n";
	assert_int_equal(0, form_parse_multipart(STR(body), STR("b"), FIELDS_MAX, a, &form));
	assert_true(form.at[0].is_file);
	assert_true(str_eq_c(form.at[0].file_name, "あ\";b.eml"));
	assert_true(str_eq_c(form.at[0].type, "message/rfc822"));
	assert_true(str_eq(form.at[0].value, STR("a\0b")));
}

static void test_media_and_cookies(void **state)
{
	struct str field = STR("Multipart/Form-Data; charset=utf-8 ; boundary=\"a;b\"");
	assert_true(str_eq_c(media_type(field), "Multipart/Form-Data"));
	assert_true(str_eq_c(media_parameter(field, "BOUNDARY"), "a;b"));
	assert_true(str_eq_c(media_parameter(field, "charset"), "utf-8"));
	assert_int_equal(0, media_parameter(field, "x").n);
	assert_true(str_eq_c(cookie_value(STR("a=1; sonae=xyz; b=2"), "sonae"), "xyz"));
	assert_int_equal(0, cookie_value(STR("xsonae=1; sonae"), "sonae").n);
}

static void test_percent_encode(void **state)
{
	struct buf b = buf_make(100);
	assert_int_equal(0, percent_encode(&b, STR("a b/確~\"")));
	assert_true(str_eq_c(buf_str(&b), "a%20b%2F%E7%A2%BA~%22"));
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_urlencoded),     cmocka_unit_test(test_multipart),
	        cmocka_unit_test(test_multipart_file), cmocka_unit_test(test_media_and_cookies),
	        cmocka_unit_test(test_percent_encode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
