/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/text.h"

#include "base/check.h"
#include "read/attachment.h"
#include "read/body.h"
#include "read/charset-decode.h"
#include "read/charset.h"

enum { TEXT_MAX_BYTES = 8 * 1024 * 1024 };

int text_bid(enum input_kind kind, struct str name, struct str bytes)
{
	return 1;
}

int html_bid(enum input_kind kind, struct str name, struct str bytes)
{
	bool file = str_ends_with_icase(name, STR(".html")) || str_ends_with_icase(name, STR(".htm"));
	return kind == INPUT_AUTO && (html_is_html(bytes) || file) ? 60 : 0;
}

static bool may_hold_forward(enum input_kind asked)
{
	return asked == INPUT_MAIL || asked == INPUT_TEXT || asked == INPUT_AUTO;
}

static void note_charset(struct reading *r, const struct charset_text *t)
{
	r->doc->charset = t->used;
	if (t->broken)
		reading_unchecked(r, UNCHECKED_CHARSET);
	if (r->doc->parts.n == 0)
		return;
	if (t->broken)
		reading_mark(r, MARK_CHARSET_BROKEN, 0, 0, r->doc->parts.at[0].text.n);
}

int text_read(struct reading *r, struct str bytes)
{
	struct charset_text t;
	struct body body;
	bool forwarded = false;
	struct str head = str_slice(bytes, 0, TEXT_MAX_BYTES);
	struct body_context context = {.may_be_forward = may_hold_forward(r->asked)};
	int res = charset_decode(head, html_is_html(head) ? html_meta_charset(head) : STR(""), r->a, &t);
	if (res < 0)
		return res;
	if (head.n < bytes.n)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	if (html_is_html(t.text))
		res = body_html(r, t.text, &body);
	else
		body = body_plain(t.text);
	if (res >= 0)
		res = body_add(r, &body, &context, &forwarded);
	note_charset(r, &t);
	if (forwarded && r->asked == INPUT_AUTO)
		r->doc->kind = INPUT_MAIL;
	if (context.may_be_forward || r->doc->kind == INPUT_MAIL)
		reading_unchecked(r, UNCHECKED_NO_HEADERS);
	return res;
}

int file_bid(enum input_kind kind, struct str name, struct str bytes)
{
	if (kind != INPUT_AUTO || bytes.n == 0)
		return 0;
	struct str type = attachment_type(bytes, name);
	return type.n > 0 && !str_starts_with(type, STR("text/")) && !str_starts_with(type, STR("message/")) ? 50 : 0;
}

int file_read(struct reading *r, struct str bytes)
{
	struct attached what = {.name = r->name, .bytes = bytes, .size_bytes = bytes.n, .inside = PART_NONE};
	return attachment_read(r, &what);
}
