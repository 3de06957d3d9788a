/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Building a document within its limits, and the rules that every document keeps. The reader checks its own work with
 * the same rules before it sends as the asking side does after it received. */
#include "doc/document.h"

#include "base/err.h"
#include "ipc/utf8.h"

_Static_assert(UNCHECKED_COUNT <= 32, "unchecked is a set of 32 bits");

const char *input_kind_word(enum input_kind kind)
{
	static const char *const words[] = {
#define X(code, word) word,
	        INPUT_KIND_LIST(X)
#undef X
	};
	return (unsigned) kind < ARRAY_SIZE(words) ? words[kind] : "auto";
}

int input_kind_of(struct str word, enum input_kind *ret)
{
	for (unsigned kind = 0; kind < INPUT_KIND_COUNT; kind++) {
		if (str_eq_c(word, input_kind_word((enum input_kind) kind))) {
			*ret = (enum input_kind) kind;
			return 0;
		}
	}
	return ERR_NOT_FOUND;
}

const char *unchecked_word(enum unchecked what)
{
	static const char *const words[] = {
#define X(code, word) word,
	        UNCHECKED_LIST(X)
#undef X
	};
	CHECK((unsigned) what < ARRAY_SIZE(words));
	return words[what];
}

const char *mark_word(enum mark_kind kind)
{
	static const char *const words[] = {
#define X(code, word) word,
	        MARK_LIST(X)
#undef X
	};
	CHECK((unsigned) kind < ARRAY_SIZE(words));
	return words[kind];
}

struct document document_make(enum input_kind kind)
{
	return (struct document){.kind = kind, .zone_minutes = INT32_MIN};
}

void document_set_unchecked(struct document *d, enum unchecked what)
{
	CHECK((unsigned) what < UNCHECKED_COUNT);
	d->unchecked |= UINT32_C(1) << what;
}

bool document_is_unchecked(const struct document *d, enum unchecked what)
{
	CHECK((unsigned) what < UNCHECKED_COUNT);
	return (d->unchecked & (UINT32_C(1) << what)) != 0;
}

int document_add_part(struct document *d, struct arena *a, enum part_kind kind, struct str name, struct str text)
{
	if (text.n > DOCUMENT_TEXT_MAX_BYTES - d->text_bytes) {
		document_set_unchecked(d, UNCHECKED_TOO_LARGE);
		return ERR_TOO_LARGE;
	}
	struct part *part = d->parts.n < DOCUMENT_PARTS_MAX ? ARENA_PUSH(a, &d->parts) : NULL;
	if (!part) {
		document_set_unchecked(d, UNCHECKED_TOO_MANY);
		return ERR_TOO_LARGE;
	}
	*part = (struct part){.kind = kind, .name = name, .text = text};
	d->text_bytes += text.n;
	return (int) d->parts.n - 1;
}

/* A new element of a list, or NULL with the bit set. */
#define ADD(d, a, list, max)                                                                                           \
	__extension__({                                                                                                \
		__typeof__((d)->list.at) added_ = (d)->list.n < (max) ? ARENA_PUSH((a), &(d)->list) : NULL;            \
		if (!added_)                                                                                           \
			document_set_unchecked((d), UNCHECKED_TOO_MANY);                                               \
		added_;                                                                                                \
	})

struct link *document_add_link(struct document *d, struct arena *a)
{
	return ADD(d, a, links, DOCUMENT_LINKS_MAX);
}

struct mailbox *document_add_mailbox(struct document *d, struct arena *a)
{
	return ADD(d, a, mailboxes, DOCUMENT_MAILBOXES_MAX);
}

struct auth_result *document_add_auth_result(struct document *d, struct arena *a)
{
	return ADD(d, a, auth_results, DOCUMENT_AUTH_RESULTS_MAX);
}

struct attachment *document_add_attachment(struct document *d, struct arena *a)
{
	struct attachment *attachment = ADD(d, a, attachments, DOCUMENT_ATTACHMENTS_MAX);
	if (attachment)
		attachment->inside = PART_NONE;
	return attachment;
}

int document_add_mark(struct document *d, struct arena *a, enum mark_kind kind, uint32_t part, uint32_t start,
                      uint32_t end)
{
	struct mark *mark = ADD(d, a, marks, DOCUMENT_MARKS_MAX);
	if (!mark)
		return ERR_TOO_LARGE;
	*mark = (struct mark){.kind = kind, .part = part, .start = start, .end = end};
	return (int) d->marks.n - 1;
}

uint32_t document_find_part(const struct document *d, struct str name)
{
	for (size_t i = 0; i < d->parts.n; i++)
		if (str_eq(d->parts.at[i].name, name))
			return (uint32_t) i;
	return PART_NONE;
}

bool document_part_is_named(const struct part *p, struct str name)
{
	return str_starts_with_icase(p->name, name) && (p->name.n == name.n || p->name.p[name.n] == ':');
}

int document_shrink(struct document *d)
{
	if (d->links.n == 0)
		return ERR_NOT_FOUND;
	d->links.n /= 2;
	document_set_unchecked(d, UNCHECKED_TOO_MANY);
	return 0;
}

static bool span_is_right(const struct document *d, uint32_t part, uint32_t start, uint32_t end)
{
	if (part >= d->parts.n)
		return false;
	struct str text = d->parts.at[part].text;
	return start <= end && utf8_is_boundary(text, start) && utf8_is_boundary(text, end);
}

static int check_counts(const struct document *d)
{
	size_t text_bytes = 0;

	if (d->parts.n > DOCUMENT_PARTS_MAX || d->links.n > DOCUMENT_LINKS_MAX ||
	    d->mailboxes.n > DOCUMENT_MAILBOXES_MAX || d->auth_results.n > DOCUMENT_AUTH_RESULTS_MAX ||
	    d->attachments.n > DOCUMENT_ATTACHMENTS_MAX || d->marks.n > DOCUMENT_MARKS_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < d->parts.n; i++) {
		if (d->parts.at[i].text.n > DOCUMENT_TEXT_MAX_BYTES - text_bytes)
			return ERR_TOO_LARGE;
		text_bytes += d->parts.at[i].text.n;
	}
	return text_bytes == d->text_bytes ? 0 : ERR_INVALID;
}

static bool head_is_right(const struct document *d)
{
	if ((unsigned) d->kind >= INPUT_KIND_COUNT || (unsigned) d->forward >= FORWARD_KIND_COUNT)
		return false;
	if (UNCHECKED_COUNT < 32 && d->unchecked >> UNCHECKED_COUNT != 0)
		return false;
	return d->zone_minutes == INT32_MIN ||
	       (d->zone_minutes >= -DOCUMENT_ZONE_MAX_MINUTES && d->zone_minutes <= DOCUMENT_ZONE_MAX_MINUTES);
}

static bool attachment_is_right(const struct document *d, size_t i)
{
	const struct attachment *attachment = &d->attachments.at[i];

	if (attachment->flags & ~(uint32_t) ATTACHMENT_FLAGS_ALL)
		return false;
	if (attachment->part >= d->parts.n || d->parts.at[attachment->part].kind != PART_ATTACHMENT)
		return false;
	/* Earlier only: so nothing can stand inside itself, however many steps round. */
	return attachment->inside == PART_NONE || attachment->inside < i;
}

static bool lists_are_right(const struct document *d)
{
	for (size_t i = 0; i < d->parts.n; i++)
		if ((unsigned) d->parts.at[i].kind >= PART_KIND_COUNT)
			return false;
	for (size_t i = 0; i < d->links.n; i++) {
		const struct link *link = &d->links.at[i];
		if ((link->flags & ~(uint32_t) LINK_FLAGS_ALL) || !span_is_right(d, link->part, link->start, link->end))
			return false;
	}
	for (size_t i = 0; i < d->mailboxes.n; i++) {
		const struct mailbox *mailbox = &d->mailboxes.at[i];
		if ((unsigned) mailbox->role >= MAILBOX_ROLE_COUNT ||
		    !span_is_right(d, mailbox->part, mailbox->start, mailbox->end))
			return false;
	}
	for (size_t i = 0; i < d->auth_results.n; i++)
		if (d->auth_results.at[i].part >= d->parts.n)
			return false;
	for (size_t i = 0; i < d->attachments.n; i++)
		if (!attachment_is_right(d, i))
			return false;
	for (size_t i = 0; i < d->marks.n; i++) {
		const struct mark *mark = &d->marks.at[i];
		if ((unsigned) mark->kind >= MARK_KIND_COUNT || !span_is_right(d, mark->part, mark->start, mark->end))
			return false;
	}
	return true;
}

int document_check(const struct document *d)
{
	int r = check_counts(d);
	if (r < 0)
		return r;
	return head_is_right(d) && lists_are_right(d) ? 0 : ERR_INVALID;
}
