/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/restore.h"

#include "base/err.h"
#include "gate/json.h"

/* The place at or after from where a tag may begin. In escaped text an escape is one thing: \\u3014 is none. */
static size_t next_candidate(const struct restore *r, struct str text, size_t from)
{
	for (size_t i = from; i < text.n; i++) {
		char c = text.p[i];
		bool is_other_kana = c == (char) 0xe3 && i + 2 < text.n &&
		                     (text.p[i + 1] != (char) 0x80 || text.p[i + 2] != (char) 0x94);
		if ((c == (char) 0xe3 && !is_other_kana) || (c == '\\' && r->reading == MASK_ESCAPED))
			return i;
	}
	return text.n;
}

static int put_value(struct restore *r, struct str value, struct buf *out)
{
	return r->reading == MASK_ESCAPED ? json_escape(out, value) : buf_add_str(out, value);
}

/* Bytes at a place where no tag begins that may be let go together: an escape, or one. */
static size_t step_over(const struct restore *r, struct str rest, bool is_last)
{
	if (r->reading != MASK_ESCAPED || rest.p[0] != '\\')
		return 1;
	if (rest.n < 2)
		return is_last ? 1 : 0;
	return 2;
}

static void hold(struct restore *r, struct str rest)
{
	CHECK(rest.n <= sizeof(r->held));
	memmove(r->held, rest.p, rest.n);
	r->n = rest.n;
}

static int go_through(struct restore *r, struct str text, bool is_last, struct buf *out)
{
	size_t at = 0;
	while (at < text.n) {
		size_t candidate = next_candidate(r, text, at), bytes = 0;
		struct str value = {NULL, 0};
		buf_add_str(out, str_slice(text, at, candidate));
		at = candidate;
		if (at == text.n)
			break;
		struct str rest = str_slice(text, at, text.n);
		enum mask_match match = mask_find(r->mask, r->reading, rest, is_last, &bytes, &value);
		if (match == MASK_NONE)
			bytes = step_over(r, rest, is_last);
		if (match == MASK_MORE || bytes == 0) {
			hold(r, rest);
			break;
		}
		if (match == MASK_FOUND)
			put_value(r, value, out);
		else
			buf_add_str(out, str_slice(rest, 0, bytes));
		at += bytes;
	}
	return buf_failed(out) ? ERR_TOO_LARGE : 0;
}

int restore_feed(struct restore *r, struct str text, bool is_last, struct buf *out)
{
	if (r->n == 0)
		return go_through(r, text, is_last, out);
	struct buf joined = buf_make(sizeof(r->held) + text.n);
	buf_add(&joined, r->held, r->n);
	buf_add_str(&joined, text);
	r->n = 0;
	int res = go_through(r, buf_str(&joined), is_last, out);
	buf_done(&joined);
	return res;
}

int restore_whole(const struct mask *m, enum mask_reading reading, struct str text, struct buf *out)
{
	struct restore r = {.mask = m, .reading = reading};
	return restore_feed(&r, text, true, out);
}

bool restore_concerns(const struct mask *m, enum mask_reading reading, struct str text)
{
	if (mask_count(m) == 0)
		return false;
	if (str_contains(text, STR("〔")))
		return true;
	return reading == MASK_ESCAPED && str_contains(text, STR("\\u3014"));
}
