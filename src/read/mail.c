/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which message is judged: the one that came, or, where somebody passed a message on as an attachment with few words of
 * his own, the one inside. Then its header, what a reader of it would see, and what hangs on it. */
#include "read/mail.h"

#include "base/err.h"
#include "read/attachment.h"
#include "read/field.h"
#include "read/forward.h"
#include "read/header.h"
#include "read/links.h"
#include "read/mail-inside.h"
#include "read/variant.h"

enum {
	FORWARD_COMMENT_MAX_BYTES = 600,
	FORWARD_COMMENT_LONG_MAX_BYTES = 3000,
	VARIANT_LINKS_MAX = 50,
};

static int read_message(struct reading *r, struct str bytes, enum forward_kind forward);

static int add_body(struct mail *m, const struct mime_node *n, struct body *ret)
{
	struct charset_text t = {0};
	bool forwarded = false;
	uint32_t next = (uint32_t) m->r->doc->parts.n;
	int res = mail_make_body(m, n, &t, ret);
	if (res < 0)
		return res;
	res = body_add(m->r, ret, &m->context, &forwarded);
	m->forwarded |= forwarded;
	if (forwarded || ret->text.n > 0)
		m->context.may_be_forward = false;
	mail_note_charset(m, &t, next);
	return res;
}

static int add_attachment(struct mail *m, const struct mime_node *n)
{
	struct buf scratch = buf_make(m->r->limits->input_bytes + 16);
	struct attached what = {.declared = n->type, .inside = PART_NONE};
	int res = mail_node_name(m, n, &what.name);
	if (res >= 0)
		res = mail_decode_node(m, n, &scratch, &what.bytes);
	if (mail_disposition_is(n, STR("inline")) || (n->id.n > 0 && str_starts_with(n->type, STR("image/"))))
		what.flags |= ATTACHMENT_INLINE;
	what.size_bytes = what.bytes.n;
	if (res >= 0)
		res = attachment_read(m->r, &what);
	buf_done(&scratch);
	return res;
}

static int walk(struct mail *m, uint32_t index);

static int walk_children(struct mail *m, uint32_t index, uint32_t except)
{
	int res = 0;
	for (uint32_t c = m->m.at[index].first; c != PART_NONE && res >= 0; c = m->m.at[c].next)
		if (c != except)
			res = walk(m, c);
	return res;
}

/* The first text/html at or below a node. */
static uint32_t find_html(const struct mail *m, uint32_t index)
{
	const struct mime_node *n = &m->m.at[index];
	if (n->kind == MIME_LEAF)
		return str_eq(n->type, STR("text/html")) && mail_is_body(m, n) ? index : PART_NONE;
	for (uint32_t c = n->kind == MIME_MULTIPART ? n->first : PART_NONE; c != PART_NONE; c = m->m.at[c].next) {
		uint32_t found = find_html(m, c);
		if (found != PART_NONE)
			return found;
	}
	return PART_NONE;
}

static struct str host_of(struct str url)
{
	size_t from = str_find(url, STR("://"), 0);
	from = from == STR_NOT_FOUND ? 0 : from + 3;
	size_t end = from;
	while (end < url.n && url.p[end] != '/' && url.p[end] != '?' && url.p[end] != '#')
		end++;
	return str_slice(url, from, end);
}

/* Whether the plain text leads to a host that no link of the document leads to. */
static int leads_elsewhere(struct mail *m, struct str plain, bool *ret)
{
	struct found_links found;
	const struct document *d = m->r->doc;
	int res = links_find(plain, VARIANT_LINKS_MAX, m->r->a, &found);
	*ret = false;
	for (size_t i = 0; res >= 0 && i < found.n && !*ret; i++) {
		bool known = found.at[i].mail;
		for (size_t k = 0; k < d->links.n && !known; k++)
			known = str_eq_icase(host_of(found.at[i].url), host_of(d->links.at[k].url));
		*ret = !known;
	}
	return res;
}

/* The plain variant is added only when it says or leads elsewhere. */
static int add_variant(struct mail *m, const struct mime_node *n, struct str shown)
{
	struct charset_text t = {0};
	struct body plain;
	bool elsewhere = false;
	uint32_t part;
	int res = mail_make_body(m, n, &t, &plain);
	if (res >= 0)
		res = leads_elsewhere(m, plain.text, &elsewhere);
	if (res < 0 || (!elsewhere && !variant_differs(plain.text, shown, m->r->a)))
		return res;
	res = body_add_range(m->r, &plain, 0, plain.text.n, &part);
	mail_note_charset(m, &t, part);
	return res;
}

static int walk_alternative(struct mail *m, uint32_t index)
{
	uint32_t html = find_html(m, index), plain = PART_NONE;
	if (html == PART_NONE)
		return walk_children(m, index, PART_NONE);
	for (uint32_t c = m->m.at[index].first; c != PART_NONE && plain == PART_NONE; c = m->m.at[c].next)
		if (m->m.at[c].kind == MIME_LEAF && str_eq(m->m.at[c].type, STR("text/plain")) &&
		    mail_is_body(m, &m->m.at[c]))
			plain = c;
	size_t before = m->r->doc->parts.n;
	int res = walk_children(m, index, plain);
	if (res < 0 || plain == PART_NONE)
		return res;
	struct str shown = {NULL, 0};
	for (size_t i = before; i < m->r->doc->parts.n && shown.n == 0; i++)
		if (m->r->doc->parts.at[i].kind == PART_BODY)
			shown = m->r->doc->parts.at[i].text;
	if (shown.n == 0)
		return walk(m, plain);
	return add_variant(m, &m->m.at[plain], shown);
}

/* A message inside that is not the judged one: an attachment whose text is read as well. */
static int walk_message(struct mail *m, uint32_t index)
{
	struct reading *r = m->r;
	const struct mime_node *n = &m->m.at[index];
	struct str name;
	int res = mail_node_name(m, n, &name);
	if (res < 0)
		return res;
	reading_add_attachment(r, name, n->type, STR("message/rfc822"), n->body.n, 0, PART_NONE);
	if (r->messages_left == 0) {
		reading_unchecked(r, UNCHECKED_TOO_DEEP);
		return 0;
	}
	r->messages_left--;
	uint32_t flags = r->link_flags;
	bool may = m->context.may_be_forward;
	r->link_flags |= LINK_ATTACHED;
	m->context.may_be_forward = false;
	res = n->first == PART_NONE ? 0 : walk(m, n->first);
	m->context.may_be_forward = may;
	r->link_flags = flags;
	return res;
}

static int walk(struct mail *m, uint32_t index)
{
	const struct mime_node *n = &m->m.at[index];
	struct body body;
	if (index == m->passed_on)
		return 0;
	if (n->kind == MIME_MESSAGE)
		return walk_message(m, index);
	if (n->kind == MIME_MULTIPART && n->first != PART_NONE)
		return str_eq(n->type, STR("multipart/alternative")) ? walk_alternative(m, index)
		                                                     : walk_children(m, index, PART_NONE);
	if (n->kind == MIME_MULTIPART)
		reading_unchecked(m->r, UNCHECKED_BROKEN);
	return mail_is_body(m, n) ? add_body(m, n, &body) : add_attachment(m, n);
}

/* The first message that is attached to this one, by structure or by name. */
static uint32_t find_attached(struct mail *m)
{
	for (uint32_t i = 1; i < m->m.n; i++) {
		const struct mime_node *n = &m->m.at[i];
		struct str name = {NULL, 0};
		if (n->kind == MIME_MESSAGE && n->first != PART_NONE)
			return i;
		if (n->kind != MIME_LEAF || mail_node_name(m, n, &name) < 0)
			continue;
		if (str_eq(n->type, STR("message/rfc822")) || str_ends_with_icase(name, STR(".eml")))
			return i;
	}
	return PART_NONE;
}

/* Bytes of text that the sender wrote himself, before the attached message. */
static int comment_bytes(struct mail *m, uint32_t attached, size_t *ret)
{
	for (uint32_t i = 0; i < attached; i++) {
		const struct mime_node *n = &m->m.at[i];
		struct charset_text t;
		struct body b;
		if (n->kind != MIME_LEAF || !mail_is_body(m, n))
			continue;
		int res = mail_make_body(m, n, &t, &b);
		*ret = b.text.n;
		return res;
	}
	*ret = 0;
	return 0;
}

static int passes_on(struct mail *m, uint32_t attached, bool *ret)
{
	struct str rest, type = m->m.at[0].type;
	size_t n = 0;
	*ret = false;
	if (attached == PART_NONE || str_eq(type, STR("multipart/report")) || str_eq(type, STR("multipart/digest")))
		return 0;
	int res = comment_bytes(m, attached, &n);
	*ret = n <= (forward_is_subject(m->context.subject, &rest) ? FORWARD_COMMENT_LONG_MAX_BYTES
	                                                           : FORWARD_COMMENT_MAX_BYTES);
	return res;
}

/* Judges the message in the node. *ret_read is false when there is none after all. */
static int read_attached(struct mail *m, uint32_t index, bool *ret_read)
{
	const struct mime_node *n = &m->m.at[index];
	struct buf scratch = buf_make(m->r->limits->input_bytes + 16);
	struct str bytes = {NULL, 0};
	int res = mail_decode_node(m, n, &scratch, &bytes);
	*ret_read = res >= 0 && mail_count_fields(STR(".eml"), bytes) > 0 && m->r->messages_left > 0;
	if (*ret_read) {
		m->r->messages_left--;
		/* The strings of the document live in the arena, those of the structure must outlive this call as well.
		 */
		struct str kept = n->kind == MIME_MESSAGE ? bytes : arena_dup(m->r->a, bytes);
		res = kept.p ? read_message(m->r, kept, FORWARD_ATTACHED) : ERR_TOO_LARGE;
	}
	buf_done(&scratch);
	return res;
}

/* A forward in the text makes the header above it the forwarder's: then it is not read. */
static int read_own(struct mail *m, const struct header_facts *facts)
{
	m->r->doc->has_headers = facts->transport || facts->known > 1;
	int res = walk(m, 0);
	return res < 0 || m->forwarded ? res : header_read(m->r, m->m.at[0].header, m->hint);
}

static void note_structure(struct mail *m, enum forward_kind forward)
{
	struct reading *r = m->r;
	if (m->m.too_many)
		reading_unchecked(r, UNCHECKED_TOO_MANY);
	if (m->m.too_deep)
		reading_unchecked(r, UNCHECKED_TOO_DEEP);
	if (m->m.header_cut)
		reading_unchecked(r, UNCHECKED_TOO_LARGE);
	if (m->m.broken && r->doc->parts.n > 0)
		reading_mark(r, MARK_MIME_BROKEN, 0, 0, 0);
	if (forward == FORWARD_ATTACHED)
		r->doc->forward = FORWARD_ATTACHED;
}

/* The charset that raw header bytes are probably in: the one that the first text part names. */
static struct str header_hint(const struct mail *m)
{
	struct str label = {NULL, 0};
	for (size_t i = 0; i < m->m.n && i < 8; i++)
		if (field_parameter(m->m.at[i].content_type, STR("charset"), STR(""), m->r->a, &label) >= 0 &&
		    label.n > 0)
			return label;
	return STR("");
}

static int read_message(struct reading *r, struct str bytes, enum forward_kind forward)
{
	struct mail m = {.r = r, .passed_on = PART_NONE};
	struct header_facts facts;
	bool passes = false, read = false;
	int res = mime_parse(mail_skip_front(bytes), r->limits, r->a, &m.m);
	if (res < 0)
		return res;
	m.hint = header_hint(&m);
	res = header_look(m.m.at[0].header, m.hint, r->a, &facts);
	if (res < 0)
		return res;
	m.context = (struct body_context){forward == FORWARD_NONE, true, facts.subject};
	uint32_t attached = forward == FORWARD_NONE && !facts.automatic ? find_attached(&m) : PART_NONE;
	res = passes_on(&m, attached, &passes);
	if (res >= 0 && passes)
		res = read_attached(&m, attached, &read);
	if (res < 0)
		return res;
	if (read) {
		m.passed_on = attached;
		m.context.may_be_forward = false;
		return walk(&m, 0);
	}
	res = read_own(&m, &facts);
	note_structure(&m, forward);
	return res;
}

int mail_read(struct reading *r, struct str bytes)
{
	r->doc->kind = INPUT_MAIL;
	return read_message(r, bytes, FORWARD_NONE);
}
