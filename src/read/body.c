/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/body.h"

#include "base/buf.h"
#include "base/err.h"
#include "read/encoding.h"
#include "read/field.h"
#include "read/forward.h"
#include "read/links.h"
#include "read/qr.h"

enum {
	COMMENT_MAX_BYTES = 600,       /* what a person writes above a message that he forwards to ask about it */
	COMMENT_LONG_MAX_BYTES = 3000, /* with "Fwd:" in the subject */
	PICTURE_TEXT_MAX_BYTES = 60,
};

struct body body_plain(struct str text)
{
	return (struct body){text, NULL};
}

int body_html(struct reading *r, struct str html, struct body *ret)
{
	struct html_page *page = ARENA_NEW(r->a, struct html_page);
	if (!page)
		return ERR_TOO_LARGE;
	int res = html_parse(html, r->limits->body_bytes, r->a, page);
	if (res < 0)
		return res;
	if (page->too_large)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	if (page->too_many)
		reading_unchecked(r, UNCHECKED_TOO_MANY);
	if (page->too_deep)
		reading_unchecked(r, UNCHECKED_TOO_DEEP);
	*ret = (struct body){page->text, page};
	return 0;
}

/* [from, to) without blanks at its ends. */
static void trim_range(struct str s, size_t *from, size_t *to)
{
	while (*from < *to && ascii_is_space(s.p[*from]))
		++*from;
	while (*to > *from && ascii_is_space(s.p[*to - 1]))
		--*to;
}

static void add_page_link(struct reading *r, const struct html_link *l, uint32_t part, size_t from, size_t to)
{
	size_t start = l->start < from ? from : l->start;
	size_t end = l->end > to ? to : l->end;
	if (start < end && part != PART_NONE)
		reading_add_link(r, part, (uint32_t) (start - from), (uint32_t) (end - from), l->url, l->flags);
	else if (l->start == l->end && l->start >= from && l->start <= to)
		reading_add_hidden_link(r, l->label, l->url, l->flags);
}

static bool stands_in_link(const struct html_page *page, size_t start, size_t end, size_t *at)
{
	while (*at < page->links.n && page->links.at[*at].end <= start)
		++*at;
	for (size_t i = *at; i < page->links.n && page->links.at[i].start < end; i++)
		if (page->links.at[i].end > start)
			return true;
	return false;
}

static int add_bare_links(struct reading *r, const struct html_page *page, struct str text, uint32_t part, size_t from)
{
	struct found_links found;
	size_t at = 0;
	if (r->doc->links.n >= DOCUMENT_LINKS_MAX)
		return 0;
	int res = links_find(text, DOCUMENT_LINKS_MAX - r->doc->links.n, r->a, &found);
	if (res < 0)
		return res;
	if (found.too_many)
		reading_unchecked(r, UNCHECKED_TOO_MANY);
	for (size_t i = 0; i < found.n; i++) {
		const struct found_link *l = &found.at[i];
		if (!page || !stands_in_link(page, l->start + from, l->end + from, &at))
			reading_add_link(r, part, l->start, l->end, l->url, l->mail ? LINK_MAILTO : 0);
	}
	return 0;
}

static void add_page_marks(struct reading *r, const struct html_page *page, uint32_t part, size_t from, size_t to)
{
	for (size_t i = 0; i < page->marks.n; i++) {
		const struct html_mark *m = &page->marks.at[i];
		bool inside = m->start >= from && m->end <= to;
		if (inside)
			reading_mark(r, m->kind, part, m->start - from, m->end - from);
		else if (m->kind != MARK_HIDDEN_TEXT)
			reading_mark(r, m->kind, part, 0, 0);
	}
}

int body_add_range(struct reading *r, const struct body *b, size_t from, size_t to, uint32_t *ret_part)
{
	trim_range(b->text, &from, &to);
	struct str text = str_slice(b->text, from, to);
	uint32_t part = text.n > 0 || (b->page && r->bodies == 0) ? reading_add_body(r, text) : PART_NONE;
	*ret_part = part;
	for (size_t i = 0; b->page && i < b->page->links.n; i++)
		add_page_link(r, &b->page->links.at[i], part, from, to);
	if (part == PART_NONE)
		return 0;
	if (b->page)
		add_page_marks(r, b->page, part, from, to);
	if (b->page && b->page->pictures > 0 && text.n < PICTURE_TEXT_MAX_BYTES) {
		reading_mark(r, MARK_IMAGE_ONLY, part, 0, 0);
		if (b->page->pictures_outside > 0)
			reading_unchecked(r, UNCHECKED_IMAGE);
	}
	return add_bare_links(r, b->page, r->doc->parts.at[part].text, part, from);
}

static bool is_forward(const struct body *b, const struct forward *f, const struct body_context *context)
{
	struct str rest;
	size_t from = 0, to = f->before;
	trim_range(b->text, &from, &to);
	if (forward_is_subject(context->subject, &rest))
		return to - from <= COMMENT_LONG_MAX_BYTES;
	if (to - from > COMMENT_MAX_BYTES)
		return false;
	return !context->has_headers || f->says_forwarded || to == from;
}

static void set_sender(struct reading *r, const struct forward *f, uint32_t part, size_t shift)
{
	struct mailbox m = {.role = MAILBOX_FROM, .part = part};
	field_split_mailbox(f->from, r->a, &m.name, &m.address);
	m.name = reading_cut_utf8(m.name, READING_NAME_MAX_BYTES);
	m.start = (uint32_t) (f->from_start - shift);
	m.end = (uint32_t) (f->from_end - shift);
	struct mailbox *slot = m.end <= r->doc->parts.at[part].text.n ? document_add_mailbox(r->doc, r->a) : NULL;
	if (slot)
		*slot = m;
}

static void set_forward(struct reading *r, const struct forward *f, const struct body_context *context, uint32_t part,
                        size_t shift)
{
	struct document *d = r->doc;
	struct str subject = f->subject, rest;
	d->forward = FORWARD_INLINE;
	d->has_headers = false;
	reading_unchecked(r, UNCHECKED_FORWARDED_INLINE);
	reading_unchecked(r, UNCHECKED_NO_HEADERS);
	if (part != PART_NONE && f->from.n > 0)
		set_sender(r, f, part, shift);
	if (subject.n == 0)
		subject = forward_is_subject(context->subject, &rest) ? rest : context->subject;
	if (subject.n > 0)
		document_add_part(d, r->a, PART_SUBJECT, STR("subject"), subject);
	d->date = f->date;
	d->zone_minutes = f->date.n ? field_zone_minutes(f->date) : INT32_MIN;
}

static int add_forward(struct reading *r, const struct body *b, struct forward *f, const struct body_context *context)
{
	struct body inner = *b;
	size_t from = f->start, to = b->text.n;
	uint32_t part;
	if (f->quoted && !b->page) {
		struct str text = forward_unquote(str_slice(b->text, f->start, b->text.n), r->a);
		struct forward again;
		if (text.p && forward_find(text, &again)) {
			inner.text = text;
			again.before = f->before;
			*f = again;
			from = f->start;
			to = text.n;
		}
	}
	trim_range(inner.text, &from, &to);
	int res = body_add_range(r, &inner, from, to, &part);
	if (res < 0)
		return res;
	set_forward(r, f, context, part, from);
	size_t first = 0, last = f->before;
	trim_range(b->text, &first, &last);
	return first < last ? body_add_range(r, b, first, last, &part) : 0;
}

/* Pictures that the page carries in itself may be codes. */
static void read_embedded(struct reading *r, const struct html_page *page)
{
	for (size_t i = 0; i < page->embedded_count; i++) {
		struct buf bytes = buf_make(r->limits->input_bytes);
		size_t errors, codes;
		if (encoding_from_base64(page->embedded[i], &bytes, &errors) >= 0 && image_is_image(buf_str(&bytes)))
			qr_read_image(r, buf_str(&bytes), false, &codes);
		buf_done(&bytes);
	}
}

int body_add(struct reading *r, const struct body *b, const struct body_context *context, bool *ret_forwarded)
{
	struct forward f;
	uint32_t part;
	if (b->page)
		read_embedded(r, b->page);
	*ret_forwarded = context->may_be_forward && forward_find(b->text, &f) && is_forward(b, &f, context);
	return *ret_forwarded ? add_forward(r, b, &f, context) : body_add_range(r, b, 0, b->text.n, &part);
}
