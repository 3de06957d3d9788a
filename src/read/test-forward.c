/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lines by which mail programs announce a message inside of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/check.h"
#include "read/forward.h"

static const struct {
	const char *line;
	bool announced, forwarded;
} lines[] = {
        {"---------- Forwarded message ---------", true, true},
        {"Begin forwarded message:", true, true},
        {"-------- Forwarded Message --------", true, true},
        {"----- Forwarded by Sato/Minato -----", true, true},
        {"-------- 転送メッセージ --------", true, true},
        {"転送されたメッセージ:", true, true},
        {"転送済みメッセージ", true, true},
        {"----- 転送元メッセージ -----", true, true},
        {"以下、転送です。", true, true},
        {"以下転送", true, true},
        {"転送しますのでご確認ください。", true, true},
        {"-----Original Message-----", true, false},
        {"----- Original message -----", true, false},
        {"-----元のメッセージ-----", true, false},
        {"オリジナルメッセージ", true, false},
        {"-------- Original メッセージ --------", true, false},
        {"よろしくお願いします。", false, false},
};

static void test_announcements(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct forward f = {0};
		char text[400];
		snprintf(text, sizeof(text),
		         "お疲れさまです。\n\n%s\nFrom: 山田 <yamada@example.co.jp>\nDate: 2026-11-02 10:00\n"
		         "Subject: お見積り\nTo: info@example.jp\n\n本文です。\n",
		         lines[i].line);
		assert_true(forward_find(str_of(text), &f));
		if (f.announced != lines[i].announced || f.says_forwarded != lines[i].forwarded)
			fail_msg("%s: announced %d, forwarded %d", lines[i].line, f.announced, f.says_forwarded);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_announcements)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
