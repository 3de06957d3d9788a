/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What differs is marked, what does not is not, and the runs are always the whole text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "work/compare.h"

enum { ARENA_BYTES = 64 << 20, LONG_BYTES = 300 * 1024 };

/* "同じ[違う]同じ" */
static struct str shown(const struct compare_runs *runs, struct arena *a)
{
	struct str all = STR("");
	for (size_t i = 0; i < runs->n; i++)
		all = arena_printf(a, runs->at[i].differs ? "%.*s[%.*s]" : "%.*s%.*s", STR_ARG(all),
		                   STR_ARG(runs->at[i].text));
	return all;
}

static void check_whole(struct str text, const struct compare_runs *runs)
{
	size_t at = 0;
	for (size_t i = 0; i < runs->n; i++) {
		assert_ptr_equal(runs->at[i].text.p, text.p + at);
		assert_true(i == 0 || runs->at[i].differs != runs->at[i - 1].differs);
		at += runs->at[i].text.n;
	}
	assert_int_equal(at, text.n);
}

static void test_words(void **state)
{
	static const struct {
		const char *first, *second, *want_first, *want_second;
	} cases[] = {
	        {"", "", "", ""},
	        {"同じ文です。", "同じ文です。", "同じ文です。", "同じ文です。"},
	        {"", "足した文", "", "[足した文]"},
	        {"消した文", "", "[消した文]", ""},
	        {"納期は3月10日です。", "納期は3月12日です。", "納期は3月[10]日です。", "納期は3月[12]日です。"},
	        {"The fee is 120 yen.", "The total fee is 130 yen.", "The fee is [120] yen.",
	         "The [total ]fee is [130] yen."},
	        {"一つ目。二つ目。", "二つ目。一つ目。", "[一つ]目。[二つ]目。", "[二つ]目。[一つ]目。"},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct str first = str_of(cases[i].first), second = str_of(cases[i].second);
		struct compare_runs one, other;
		assert_int_equal(compare_texts(first, second, a, &one, &other), 0);
		check_whole(first, &one);
		check_whole(second, &other);
		if (!str_eq_c(shown(&one, a), cases[i].want_first) || !str_eq_c(shown(&other, a), cases[i].want_second))
			fail_msg("case %zu: %.*s | %.*s", i, STR_ARG(shown(&one, a)), STR_ARG(shown(&other, a)));
	}
}

/* Any two texts of few different words: leaving out what differs gives the same text on both sides. */
static void test_what_is_left_is_the_same(void **state)
{
	static const char *const words[] = {"東京", "大阪", "の", "。", "12", " and ", "\n"};
	unsigned seed = 7;
	(void) state;
	for (int turn = 0; turn < 300; turn++) {
		CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
		struct str text[2] = {STR(""), STR("")}, left[2] = {STR(""), STR("")};
		struct compare_runs runs[2];
		for (int side = 0; side < 2; side++)
			for (int i = 0; i < turn % 40; i++) {
				seed = seed * 1103515245u + 12345u;
				text[side] = arena_printf(a, "%.*s%s", STR_ARG(text[side]),
				                          words[(seed >> 16) % ARRAY_SIZE(words)]);
			}
		assert_int_equal(compare_texts(text[0], text[1], a, &runs[0], &runs[1]), 0);
		for (int side = 0; side < 2; side++) {
			check_whole(text[side], &runs[side]);
			for (size_t i = 0; i < runs[side].n; i++)
				if (!runs[side].at[i].differs)
					left[side] = arena_printf(a, "%.*s%.*s", STR_ARG(left[side]),
					                          STR_ARG(runs[side].at[i].text));
		}
		assert_true(str_eq(left[0], left[1]));
	}
}

/* Long texts that have nothing in common, and broken UTF-8, end in time and memory. */
static void test_limits(void **state)
{
	static char first[LONG_BYTES], second[LONG_BYTES];
	(void) state;
	for (size_t i = 0; i < LONG_BYTES; i++) {
		first[i] = i % 7 ? (char) ('a' + i % 26) : ' ';
		second[i] = i % 5 ? (char) ('A' + i % 26) : i % 50 ? ' ' : '.';
	}
	const struct str texts[] = {str_make(first, LONG_BYTES), str_make(second, LONG_BYTES), STR("\xff\xfe\xe3\x81"),
	                            STR("abc")};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		for (size_t k = 0; k < ARRAY_SIZE(texts); k++) {
			CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
			struct compare_runs one, other;
			assert_int_equal(compare_texts(texts[i], texts[k], a, &one, &other), 0);
			check_whole(texts[i], &one);
			check_whole(texts[k], &other);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_words),
	        cmocka_unit_test(test_what_is_left_is_the_same),
	        cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
