/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a date: what is taken lies in the years that it promises, and more text behind it changes nothing. */
#include "base/buf.h"
#include "base/check.h"
#include "base/clock.h"
#include "text/mail-date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t once = 0, again = 0;
	CLEANUP(buf_done) struct buf longer = buf_make(size + 8);
	if (mail_date_parse(str_make(data, size), &once) < 0)
		return 0;
	CHECK(once >= -CLOCK_DAY_US && once < 8100 * 366 * CLOCK_DAY_US);
	CHECK(buf_add(&longer, data, size) == 0);
	buf_add_c(&longer, " (JST)");
	CHECK(mail_date_parse(buf_str(&longer), &again) == 0 && again == once);
	return 0;
}
