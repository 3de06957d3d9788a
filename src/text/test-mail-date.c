/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates of mails, checked against times that were worked out with another program (date -u -d). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/err.h"
#include "text/mail-date.h"

static void test_dates(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: refused */
	} rows[] = {
	        {"Mon, 23 Nov 2026 08:12:00 +0900", 1795389120},
	        {"23 Nov 2026 08:12 +0900", 1795389120},
	        {"Sun, 22 Nov 2026 23:12:00 GMT", 1795389120},
	        {"Sun, 22 Nov 2026 23:12:00 Z (UTC)", 1795389120},
	        {" Mon,\r\n\t23 NOV 2026 08:12:00 +0900 (JST)", 1795389120},
	        {"Sun, 22 Nov 2026 18:42:00 -0430", 1795389120},
	        {"Thu, 01 Jan 1970 00:00:00 +0000", 0},
	        {"Thu, 29 Feb 2024 12:00:00 +0000", 1709208000},
	        {"Tue, 29 Feb 2000 00:00:00 +0000", 951782400},
	        {"Thu, 31 Dec 2026 23:59:60 +0000", 1798761600},
	        {"29 Feb 2026 12:00:00 +0000", -1},
	        {"29 Feb 2100 12:00:00 +0000", -1},
	        {"31 Apr 2026 12:00:00 +0000", -1},
	        {"0 Apr 2026 12:00:00 +0000", -1},
	        {"1 Foo 2026 12:00:00 +0000", -1},
	        {"1 Apr 26 12:00:00 +0000", -1},
	        {"1 Apr 2026 24:00:00 +0000", -1},
	        {"1 Apr 2026 12:60:00 +0000", -1},
	        {"1 Apr 2026 12:00:00:00 +0000", -1},
	        {"1 Apr 2026 12 +0000", -1},
	        {"1 Apr 2026 12:00:00", -1},
	        {"1 Apr 2026 12:00:00 JST", -1},
	        {"1 Apr 2026 12:00:00 +0960", -1},
	        {"2026-04-01T12:00:00Z", -1},
	        {"", -1},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t us = -7;
		int r = mail_date_parse(str_of(rows[i].text), &us);
		if (rows[i].seconds < 0) {
			assert_int_equal(r, ERR_INVALID);
			assert_int_equal(us, -7);
		} else {
			assert_int_equal(r, 0);
			assert_int_equal(us, rows[i].seconds * CLOCK_SECOND_US);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_dates)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
