/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document on its way from the reader: fields of ipc/wire.h in this order, nothing optional, one form only.
 *
 *   u16 version  u8 kind  u8 forward  bool has_headers  u32 unchecked  str charset  str mailer  str date  i64
 * zone_minutes u32 count, then each part:        u8 kind  str name  str text u32 count, then each link:        str text
 * str url  u32 part  u32 start  u32 end  u32 flags u32 count, then each mailbox:     u8 role  str name  str address u32
 * part  u32 start  u32 end u32 count, then each auth result: str server  str method  str result  str domain  u32 part
 *   u32 count, then each attachment:  str name  str declared  str detected  u64 size_bytes  u32 flags  u32 part  u32
 * inside u32 count, then each mark:        u8 kind  u32 part  u32 start  u32 end */
#include "doc/document.h"

#include "base/err.h"
#include "ipc/wire.h"

enum { DOCUMENT_VERSION = 1 };

/* The least a field or an element can take on the wire: bounds what a count may claim. */
enum {
	U8_BYTES = 2,
	U32_BYTES = 5,
	U64_BYTES = 9,
	STR_BYTES = 5,
	PART_BYTES = U8_BYTES + 2 * STR_BYTES,
	LINK_BYTES = 2 * STR_BYTES + 4 * U32_BYTES,
	MAILBOX_BYTES = U8_BYTES + 2 * STR_BYTES + 3 * U32_BYTES,
	AUTH_RESULT_BYTES = 4 * STR_BYTES + U32_BYTES,
	ATTACHMENT_BYTES = 3 * STR_BYTES + U64_BYTES + 3 * U32_BYTES,
	MARK_BYTES = U8_BYTES + 3 * U32_BYTES,
};

static void put_head(const struct document *d, struct buf *b)
{
	wire_put_u16(b, DOCUMENT_VERSION);
	wire_put_u8(b, (uint8_t) d->kind);
	wire_put_u8(b, (uint8_t) d->forward);
	wire_put_bool(b, d->has_headers);
	wire_put_u32(b, d->unchecked);
	wire_put_str(b, d->charset);
	wire_put_str(b, d->mailer);
	wire_put_str(b, d->date);
	wire_put_i64(b, d->zone_minutes);
}

static void put_parts(const struct document *d, struct buf *b)
{
	wire_put_u32(b, (uint32_t) d->parts.n);
	for (size_t i = 0; i < d->parts.n; i++) {
		const struct part *part = &d->parts.at[i];
		wire_put_u8(b, (uint8_t) part->kind);
		wire_put_str(b, part->name);
		wire_put_str(b, part->text);
	}
}

static void put_links(const struct document *d, struct buf *b)
{
	wire_put_u32(b, (uint32_t) d->links.n);
	for (size_t i = 0; i < d->links.n; i++) {
		const struct link *link = &d->links.at[i];
		wire_put_str(b, link->text);
		wire_put_str(b, link->url);
		wire_put_u32(b, link->part);
		wire_put_u32(b, link->start);
		wire_put_u32(b, link->end);
		wire_put_u32(b, link->flags);
	}
}

static void put_mailboxes(const struct document *d, struct buf *b)
{
	wire_put_u32(b, (uint32_t) d->mailboxes.n);
	for (size_t i = 0; i < d->mailboxes.n; i++) {
		const struct mailbox *mailbox = &d->mailboxes.at[i];
		wire_put_u8(b, (uint8_t) mailbox->role);
		wire_put_str(b, mailbox->name);
		wire_put_str(b, mailbox->address);
		wire_put_u32(b, mailbox->part);
		wire_put_u32(b, mailbox->start);
		wire_put_u32(b, mailbox->end);
	}
}

static void put_auth_results(const struct document *d, struct buf *b)
{
	wire_put_u32(b, (uint32_t) d->auth_results.n);
	for (size_t i = 0; i < d->auth_results.n; i++) {
		const struct auth_result *result = &d->auth_results.at[i];
		wire_put_str(b, result->server);
		wire_put_str(b, result->method);
		wire_put_str(b, result->result);
		wire_put_str(b, result->domain);
		wire_put_u32(b, result->part);
	}
}

static void put_attachments(const struct document *d, struct buf *b)
{
	wire_put_u32(b, (uint32_t) d->attachments.n);
	for (size_t i = 0; i < d->attachments.n; i++) {
		const struct attachment *attachment = &d->attachments.at[i];
		wire_put_str(b, attachment->name);
		wire_put_str(b, attachment->declared);
		wire_put_str(b, attachment->detected);
		wire_put_u64(b, attachment->size_bytes);
		wire_put_u32(b, attachment->flags);
		wire_put_u32(b, attachment->part);
		wire_put_u32(b, attachment->inside);
	}
}

static void put_marks(const struct document *d, struct buf *b)
{
	wire_put_u32(b, (uint32_t) d->marks.n);
	for (size_t i = 0; i < d->marks.n; i++) {
		const struct mark *mark = &d->marks.at[i];
		wire_put_u8(b, (uint8_t) mark->kind);
		wire_put_u32(b, mark->part);
		wire_put_u32(b, mark->start);
		wire_put_u32(b, mark->end);
	}
}

int document_encode(const struct document *d, struct buf *ret)
{
	int r = document_check(d);
	if (r < 0)
		return r;
	struct buf body = buf_make(DOCUMENT_ENCODED_MAX_BYTES);
	(void) buf_reserve(&body, d->text_bytes);
	put_head(d, &body);
	put_parts(d, &body);
	put_links(d, &body);
	put_mailboxes(d, &body);
	put_auth_results(d, &body);
	put_attachments(d, &body);
	put_marks(d, &body);
	r = buf_failed(&body) ? ERR_TOO_LARGE : buf_add_str(ret, buf_str(&body));
	buf_done(&body);
	return r;
}

static void get_head(struct wire_reader *r, struct document *d)
{
	if (wire_get_u16(r) != DOCUMENT_VERSION)
		wire_fail(r, ERR_INVALID);
	d->kind = (enum input_kind) wire_get_u8(r);
	d->forward = (enum forward_kind) wire_get_u8(r);
	d->has_headers = wire_get_bool(r);
	d->unchecked = wire_get_u32(r);
	d->charset = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
	d->mailer = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
	d->date = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
	int64_t zone = wire_get_i64(r);
	if (zone != (int32_t) zone)
		wire_fail(r, ERR_INVALID);
	d->zone_minutes = (int32_t) zone;
}

/* Room for as many elements as the count says; a full arena marks the reader. */
#define GET_LIST(r, a, list, max, least_bytes)                                                                         \
	do {                                                                                                           \
		(list)->n = (list)->cap = wire_get_count((r), (max), (least_bytes));                                   \
		(list)->at = arena_alloc_array((a), (list)->n, sizeof(*(list)->at));                                   \
		if (!(list)->at) {                                                                                     \
			(list)->n = (list)->cap = 0;                                                                   \
			wire_fail((r), ERR_TOO_LARGE);                                                                 \
		}                                                                                                      \
	} while (0)

static void get_parts(struct wire_reader *r, struct arena *a, struct document *d)
{
	GET_LIST(r, a, &d->parts, DOCUMENT_PARTS_MAX, PART_BYTES);
	for (size_t i = 0; i < d->parts.n; i++) {
		struct part *part = &d->parts.at[i];
		part->kind = (enum part_kind) wire_get_u8(r);
		part->name = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		part->text = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		d->text_bytes += part->text.n;
	}
}

static void get_links(struct wire_reader *r, struct arena *a, struct document *d)
{
	GET_LIST(r, a, &d->links, DOCUMENT_LINKS_MAX, LINK_BYTES);
	for (size_t i = 0; i < d->links.n; i++) {
		struct link *link = &d->links.at[i];
		link->text = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		link->url = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		link->part = wire_get_u32(r);
		link->start = wire_get_u32(r);
		link->end = wire_get_u32(r);
		link->flags = wire_get_u32(r);
	}
}

static void get_mailboxes(struct wire_reader *r, struct arena *a, struct document *d)
{
	GET_LIST(r, a, &d->mailboxes, DOCUMENT_MAILBOXES_MAX, MAILBOX_BYTES);
	for (size_t i = 0; i < d->mailboxes.n; i++) {
		struct mailbox *mailbox = &d->mailboxes.at[i];
		mailbox->role = (enum mailbox_role) wire_get_u8(r);
		mailbox->name = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		mailbox->address = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		mailbox->part = wire_get_u32(r);
		mailbox->start = wire_get_u32(r);
		mailbox->end = wire_get_u32(r);
	}
}

static void get_auth_results(struct wire_reader *r, struct arena *a, struct document *d)
{
	GET_LIST(r, a, &d->auth_results, DOCUMENT_AUTH_RESULTS_MAX, AUTH_RESULT_BYTES);
	for (size_t i = 0; i < d->auth_results.n; i++) {
		struct auth_result *result = &d->auth_results.at[i];
		result->server = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		result->method = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		result->result = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		result->domain = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		result->part = wire_get_u32(r);
	}
}

static void get_attachments(struct wire_reader *r, struct arena *a, struct document *d)
{
	GET_LIST(r, a, &d->attachments, DOCUMENT_ATTACHMENTS_MAX, ATTACHMENT_BYTES);
	for (size_t i = 0; i < d->attachments.n; i++) {
		struct attachment *attachment = &d->attachments.at[i];
		attachment->name = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		attachment->declared = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		attachment->detected = wire_get_str(r, DOCUMENT_TEXT_MAX_BYTES);
		attachment->size_bytes = wire_get_u64(r);
		attachment->flags = wire_get_u32(r);
		attachment->part = wire_get_u32(r);
		attachment->inside = wire_get_u32(r);
	}
}

static void get_marks(struct wire_reader *r, struct arena *a, struct document *d)
{
	GET_LIST(r, a, &d->marks, DOCUMENT_MARKS_MAX, MARK_BYTES);
	for (size_t i = 0; i < d->marks.n; i++) {
		struct mark *mark = &d->marks.at[i];
		mark->kind = (enum mark_kind) wire_get_u8(r);
		mark->part = wire_get_u32(r);
		mark->start = wire_get_u32(r);
		mark->end = wire_get_u32(r);
	}
}

int document_decode(struct str bytes, struct arena *a, struct document *ret)
{
	struct document d = {0};

	if (bytes.n > DOCUMENT_ENCODED_MAX_BYTES)
		return ERR_TOO_LARGE;
	/* One copy of all: the strings of the document are views into it. */
	struct str copy = arena_dup(a, bytes);
	if (!copy.p)
		return ERR_TOO_LARGE;
	struct wire_reader r = wire_reader_make(copy);
	get_head(&r, &d);
	get_parts(&r, a, &d);
	get_links(&r, a, &d);
	get_mailboxes(&r, a, &d);
	get_auth_results(&r, a, &d);
	get_attachments(&r, a, &d);
	get_marks(&r, a, &d);
	int e = wire_end(&r);
	if (e < 0)
		return e;
	e = document_check(&d);
	if (e < 0)
		return e;
	*ret = d;
	return 0;
}
