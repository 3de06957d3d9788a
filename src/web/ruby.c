/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/ruby.h"

#include <string.h>

#include "web/template.h"

#define OPENS STR("《")
#define CLOSES STR("》")
enum { CHARACTER_BYTES = 3 }; /* of every character between U+0800 and U+FFFF, where all that counts here lies */

/* 々 and the unified ideographs of the basic plane. */
static bool is_chinese(const char *p)
{
	const unsigned char *c = (const unsigned char *) p;
	unsigned point = (unsigned) (c[0] & 0x0F) << 12 | (unsigned) (c[1] & 0x3F) << 6 | (c[2] & 0x3F);
	return (c[0] & 0xF0) == 0xE0 && (point == 0x3005 || (point >= 0x3400 && point <= 0x9FFF));
}

/* Where the run of Chinese characters before end begins. */
static size_t find_base(struct str text, size_t end)
{
	while (end >= CHARACTER_BYTES && is_chinese(text.p + end - CHARACTER_BYTES))
		end -= CHARACTER_BYTES;
	return end;
}

static int add_pair(struct buf *b, struct str base, struct str reading)
{
	buf_add_c(b, "<ruby>");
	template_escape(b, base);
	buf_add_c(b, "<rp>（</rp><rt>");
	template_escape(b, reading);
	return buf_add_c(b, "</rt><rp>）</rp></ruby>");
}

static int add(struct buf *b, struct str text, bool has_readings)
{
	size_t at = 0, from = 0, open;

	while ((open = str_find(text, OPENS, from)) != STR_NOT_FOUND) {
		size_t close = str_find(text, CLOSES, open),
		       base = find_base(str_slice(text, at, text.n), open - at) + at;
		from = open + CHARACTER_BYTES;
		if (close == STR_NOT_FOUND || base == open || close == from)
			continue;
		template_escape(b, str_slice(text, at, base));
		if (has_readings)
			add_pair(b, str_slice(text, base, open), str_slice(text, from, close));
		else
			template_escape(b, str_slice(text, base, open));
		at = from = close + CHARACTER_BYTES;
	}
	return template_escape(b, str_slice(text, at, text.n));
}

int ruby_add(struct buf *b, struct str text)
{
	return add(b, text, true);
}

int ruby_add_plain(struct buf *b, struct str text)
{
	return add(b, text, false);
}
