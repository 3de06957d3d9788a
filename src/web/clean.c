/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/clean.h"

#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";

enum { REPLACEMENT_BYTES = 3 };

static bool is_continuation(struct str s, size_t at)
{
	return at < s.n && ((unsigned char) s.p[at] & 0xc0) == 0x80;
}

/* Length of the well-formed sequence at s.p[at] (Unicode table 3-7), 0 when there is none. */
static size_t sequence_length(struct str s, size_t at)
{
	unsigned char lead = (unsigned char) s.p[at];
	unsigned char second = at + 1 < s.n ? (unsigned char) s.p[at + 1] : 0;
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return is_continuation(s, at + 1) ? 2 : 0;
	if (lead >= 0xe0 && lead <= 0xef) {
		bool second_fits = (lead != 0xe0 || second >= 0xa0) && (lead != 0xed || second <= 0x9f);
		return second_fits && is_continuation(s, at + 1) && is_continuation(s, at + 2) ? 3 : 0;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		bool second_fits = (lead != 0xf0 || second >= 0x90) && (lead != 0xf4 || second <= 0x8f);
		bool rest_fits = is_continuation(s, at + 1) && is_continuation(s, at + 2) && is_continuation(s, at + 3);
		return second_fits && rest_fits ? 4 : 0;
	}
	return 0;
}

static size_t count_broken(struct str s)
{
	size_t broken = 0;
	for (size_t i = 0; i < s.n;) {
		size_t n = sequence_length(s, i);
		broken += n == 0;
		i += n ? n : 1;
	}
	return broken;
}

struct str clean_utf8(struct str s, struct arena *a)
{
	size_t broken = count_broken(s), n = 0;
	if (broken == 0)
		return s;
	char *out = arena_alloc(a, s.n + broken * (REPLACEMENT_BYTES - 1));
	if (!out)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < s.n;) {
		size_t length = sequence_length(s, i);
		const char *from = length ? s.p + i : replacement;
		size_t add = length ? length : REPLACEMENT_BYTES;
		memcpy(out + n, from, add);
		n += add;
		i += length ? length : 1;
	}
	return str_make(out, n);
}

struct str clean_lines(struct str s, struct arena *a)
{
	struct str text = clean_utf8(s, a);
	if (str_find_char(text, '\r', 0) == STR_NOT_FOUND)
		return text;
	char *out = arena_alloc(a, text.n);
	size_t n = 0;
	if (!out)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < text.n; i++) {
		bool is_crlf = text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] == '\n';
		if (!is_crlf)
			out[n++] = text.p[i] == '\r' ? '\n' : text.p[i];
	}
	return str_make(out, n);
}
