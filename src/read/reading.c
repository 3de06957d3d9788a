/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Adding to the document under work, within the limits. */
#include "read/reading.h"

#include "base/clock.h"

bool reading_is_late(struct reading *r)
{
	if (clock_monotonic_us() < r->deadline_us)
		return false;
	reading_unchecked(r, UNCHECKED_TIMEOUT);
	return true;
}

void reading_unchecked(struct reading *r, enum unchecked what)
{
	document_set_unchecked(r->doc, what);
}

struct str reading_cut_utf8(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	size_t n = max;
	while (n > 0 && ((unsigned char) s.p[n] & 0xC0) == 0x80)
		n--;
	return str_make(s.p, n);
}

uint32_t reading_add_body(struct reading *r, struct str text)
{
	struct str cut = reading_cut_utf8(text, r->limits->body_bytes);
	if (cut.n < text.n)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	r->bodies++;
	struct str name = r->bodies == 1 ? STR("body") : arena_printf(r->a, "body:%u", r->bodies);
	int part = document_add_part(r->doc, r->a, PART_BODY, name, cut);
	return part < 0 ? PART_NONE : (uint32_t) part;
}

struct link *reading_add_link(struct reading *r, uint32_t part, uint32_t start, uint32_t end, struct str url,
                              uint32_t flags)
{
	if (part >= r->doc->parts.n || end > r->doc->parts.at[part].text.n || start > end)
		return NULL;
	struct link *l = document_add_link(r->doc, r->a);
	if (!l)
		return NULL;
	struct str shown = str_slice(r->doc->parts.at[part].text, start, end);
	l->text = reading_cut_utf8(shown, READING_LINK_TEXT_MAX_BYTES);
	l->url = reading_cut_utf8(url, READING_URL_MAX_BYTES);
	if (l->url.n < url.n)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	l->part = part;
	l->start = start;
	l->end = end;
	l->flags = flags | r->link_flags;
	if (str_starts_with_icase(url, STR("mailto:")))
		l->flags |= LINK_MAILTO;
	return l;
}

struct link *reading_add_hidden_link(struct reading *r, struct str text, struct str url, uint32_t flags)
{
	if (r->doc->links.n >= DOCUMENT_LINKS_MAX) {
		reading_unchecked(r, UNCHECKED_TOO_MANY);
		return NULL;
	}
	struct str target = reading_cut_utf8(url, READING_URL_MAX_BYTES);
	int part =
	        document_add_part(r->doc, r->a, PART_LINK, arena_printf(r->a, "link:%zu", r->doc->links.n + 1), target);
	if (part < 0)
		return NULL;
	struct link *l = reading_add_link(r, (uint32_t) part, 0, (uint32_t) target.n, url, flags);
	if (l && text.n > 0)
		l->text = reading_cut_utf8(text, READING_LINK_TEXT_MAX_BYTES);
	return l;
}

uint32_t reading_add_attachment(struct reading *r, struct str name, struct str declared, struct str detected,
                                uint64_t size_bytes, uint32_t flags, uint32_t inside)
{
	struct str cut = reading_cut_utf8(name, READING_NAME_MAX_BYTES);
	if (r->doc->attachments.n >= DOCUMENT_ATTACHMENTS_MAX) {
		reading_unchecked(r, UNCHECKED_TOO_MANY);
		return PART_NONE;
	}
	int part = document_add_part(r->doc, r->a, PART_ATTACHMENT,
	                             arena_printf(r->a, "attachment:%zu", r->doc->attachments.n + 1), cut);
	if (part < 0)
		return PART_NONE;
	struct attachment *at = document_add_attachment(r->doc, r->a);
	if (!at)
		return PART_NONE;
	*at = (struct attachment){cut, declared, detected, size_bytes, flags, (uint32_t) part, inside};
	return (uint32_t) (r->doc->attachments.n - 1);
}

void reading_mark(struct reading *r, enum mark_kind kind, uint32_t part, size_t start, size_t end)
{
	for (size_t i = 0; i < r->doc->marks.n; i++) {
		const struct mark *m = &r->doc->marks.at[i];
		if (m->kind == kind && m->part == part && (m->start == start || kind != MARK_HIDDEN_TEXT))
			return;
	}
	document_add_mark(r->doc, r->a, kind, part, (uint32_t) start, (uint32_t) end);
}
