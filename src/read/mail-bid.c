/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether bytes are a message: fields that only mail systems write, or several that everybody knows. */
#include "base/check.h"
#include "read/field.h"
#include "read/mail-inside.h"
#include "read/mail.h"

/* Far beyond any honest header: what hides a message behind fields of no meaning must not make it a plain text. */
enum { BID_BYTES_MAX = 16 * 1024 * 1024 };

struct str mail_skip_front(struct str s)
{
	struct str line, rest;
	if (str_starts_with(s, STR("\xEF\xBB\xBF")))
		s = str_slice(s, 3, s.n);
	while (s.n > 0 && ascii_is_space(s.p[0]))
		s = str_slice(s, 1, s.n);
	rest = s;
	if ((str_starts_with(s, STR("From ")) || str_starts_with(s, STR(">From "))) && str_next_line(&rest, &line))
		return rest;
	return s;
}

static bool is_one_of(struct str name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_icase(name, str_of(names[i])))
			return true;
	return false;
}

int mail_count_fields(struct str name, struct str bytes)
{
	static const char *const marks[] = {"Received",
	                                    "Message-ID",
	                                    "MIME-Version",
	                                    "Return-Path",
	                                    "Delivered-To",
	                                    "DKIM-Signature",
	                                    "Content-Type",
	                                    "X-Mailer",
	                                    "Authentication-Results",
	                                    "Content-Transfer-Encoding"};
	static const char *const usual[] = {"From", "To", "Subject", "Date", "Cc", "Reply-To"};
	struct str rest = str_slice(mail_skip_front(bytes), 0, BID_BYTES_MAX);
	struct field f;
	bool broken, file = str_ends_with_icase(name, STR(".eml")) || str_ends_with_icase(name, STR(".mbox"));
	int transport = 0, common = 0;
	while (transport < 2 && !(transport && common) && field_next(&rest, &f, &broken)) {
		transport += is_one_of(f.name, marks, ARRAY_SIZE(marks));
		common += is_one_of(f.name, usual, ARRAY_SIZE(usual));
		transport +=
		        str_eq_icase(f.name, STR("Date")) && field_zone_minutes(f.value) != INT32_MIN && common >= 2;
	}
	if ((transport > 0 && common > 0) || transport > 1)
		return 90;
	return file && common > 0 ? 80 : common > 1 ? 40 : 0;
}

int mail_bid(enum input_kind kind, struct str name, struct str bytes)
{
	int bid = mail_count_fields(name, bytes);
	if (kind == INPUT_MAIL || kind == INPUT_AUTO || kind == INPUT_TEXT)
		return bid >= 80 ? bid : 0;
	return 0;
}
