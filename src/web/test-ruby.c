/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "i18n/i18n.h"
#include "web/ruby.h"

#define R(base, reading) "<ruby>" base "<rp>（</rp><rt>" reading "</rt><rp>）</rp></ruby>"

static const struct {
	const char *text, *html, *plain;
} cases[] = {
        {"電話《でんわ》します。", R("電話", "でんわ") "します。", "電話します。"},
        {"今《いま》すぐ 銀行《ぎんこう》に", R("今", "いま") "すぐ " R("銀行", "ぎんこう") "に", "今すぐ 銀行に"},
        {"人々《ひとびと》", R("人々", "ひとびと"), "人々"},
        {"", "", ""},
        {"<b>&危《あぶ》<i>", "&lt;b&gt;&amp;" R("危", "あぶ") "&lt;i&gt;", "&lt;b&gt;&amp;危&lt;i&gt;"},
        {"危《<b>》", R("危", "&lt;b&gt;"), "危"},
        {"かな《よみ》", "かな《よみ》", "かな《よみ》"},
        {"《よみ》", "《よみ》", "《よみ》"},
        {"危《》", "危《》", "危《》"},
        {"危《あぶ", "危《あぶ", "危《あぶ"},
        {"線《せん》切《き》", R("線", "せん") R("切", "き"), "線切"},
};

static void readings_stand_over_their_characters(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CLEANUP(buf_done) struct buf html = buf_make(4096);
		CLEANUP(buf_done) struct buf plain = buf_make(4096);
		ruby_add(&html, str_of(cases[i].text));
		ruby_add_plain(&plain, str_of(cases[i].text));
		if (!str_eq_c(buf_str(&html), cases[i].html) || !str_eq_c(buf_str(&plain), cases[i].plain))
			fail_msg("%s gives %.*s", cases[i].text, STR_ARG(buf_str(&html)));
	}
}

static bool is_chinese_left(struct str html)
{
	for (size_t i = 0; i + 2 < html.n; i++)
		if ((unsigned char) html.p[i] >= 0xE4 && (unsigned char) html.p[i] <= 0xE9)
			return true;
	return false;
}

/* Whoever needs readings needs them everywhere: no character of these texts is without. */
static void every_easy_text_has_its_readings(void **state)
{
	size_t seen = 0;
	const char *key;

	(void) state;
	for (size_t i = 0; (key = i18n_key_at(i)); i++) {
		if (strncmp(key, "easy.", 5) != 0 || strcmp(key, "easy.choose") == 0 || strcmp(key, "easy.leave") == 0)
			continue;
		struct str rest = str_of(i18n_text(LANGUAGE_JA, key));
		for (size_t open; (open = str_find(rest, STR("《"), 0)) != STR_NOT_FOUND;) {
			size_t base = open;
			while (base >= 3 && (unsigned char) rest.p[base - 3] >= 0xE4 &&
			       (unsigned char) rest.p[base - 3] <= 0xE9)
				base -= 3;
			if (base == open || is_chinese_left(str_slice(rest, 0, base)))
				fail_msg("%s: a reading is missing", key);
			rest = str_slice(rest, str_find(rest, STR("》"), open) + 3, rest.n);
		}
		if (is_chinese_left(rest))
			fail_msg("%s: a reading is missing", key);
		seen++;
	}
	assert_true(seen > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(readings_stand_over_their_characters),
	        cmocka_unit_test(every_easy_text_has_its_readings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
