/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields that some judge may look at become parts under their usual spelling; the rest is passed over. */
#include "read/header.h"

#include "base/check.h"
#include "base/err.h"
#include "read/auth.h"
#include "read/field.h"

enum { HEADER_PARTS_MAX = 150, SAME_FIELD_MAX = 5, RECEIVED_MAX = 40, FROM_LOOK_BYTES = 1000 };

enum use { USE_TEXT, USE_SUBJECT, USE_MAILBOXES, USE_RESULTS, USE_DATE, USE_MAILER };

struct known_field {
	struct str name;
	enum use use;
	enum mailbox_role role;
	bool transport; /* no person types it */
};

#define TEXT(name, transport)                                                                                          \
	{                                                                                                              \
		{"header:" name, sizeof("header:" name) - 1}, USE_TEXT, MAILBOX_ROLE_COUNT, transport                  \
	}
#define MAILBOXES(name, role, transport)                                                                               \
	{                                                                                                              \
		{"header:" name, sizeof("header:" name) - 1}, USE_MAILBOXES, role, transport                           \
	}
#define OTHER(name, use, transport)                                                                                    \
	{                                                                                                              \
		{"header:" name, sizeof("header:" name) - 1}, use, MAILBOX_ROLE_COUNT, transport                       \
	}

static const struct known_field fields[] = {
        MAILBOXES("From", MAILBOX_FROM, false),
        MAILBOXES("Sender", MAILBOX_SENDER, true),
        MAILBOXES("Reply-To", MAILBOX_REPLY_TO, false),
        MAILBOXES("Return-Path", MAILBOX_RETURN_PATH, true),
        MAILBOXES("To", MAILBOX_TO, false),
        MAILBOXES("Cc", MAILBOX_TO, false),
        OTHER("Subject", USE_SUBJECT, false),
        OTHER("Date", USE_DATE, false),
        OTHER("Authentication-Results", USE_RESULTS, true),
        OTHER("Received-SPF", USE_RESULTS, true),
        OTHER("X-Mailer", USE_MAILER, true),
        OTHER("User-Agent", USE_MAILER, true),
        TEXT("Received", true),
        TEXT("Message-ID", true),
        TEXT("In-Reply-To", true),
        TEXT("References", true),
        TEXT("List-Unsubscribe", true),
        TEXT("List-Unsubscribe-Post", true),
        TEXT("List-Id", true),
        TEXT("List-Post", true),
        TEXT("Precedence", true),
        TEXT("Auto-Submitted", true),
        TEXT("Content-Type", true),
        TEXT("Content-Language", true),
        TEXT("MIME-Version", true),
        TEXT("DKIM-Signature", true),
        TEXT("ARC-Authentication-Results", true),
        TEXT("X-Originating-IP", true),
        TEXT("X-Priority", true),
        TEXT("X-MSMail-Priority", true),
        TEXT("Importance", false),
        TEXT("Organization", true),
        TEXT("Delivered-To", true),
        TEXT("X-Original-To", true),
        TEXT("Errors-To", true),
        TEXT("Resent-From", true),
        TEXT("Disposition-Notification-To", true),
        TEXT("X-Forwarded-To", true),
        TEXT("X-Forwarded-For", true),
        TEXT("X-Spam-Status", true),
        TEXT("X-PHP-Originating-Script", true),
        TEXT("Feedback-ID", true),
};

enum { NAME_PREFIX_BYTES = sizeof("header:") - 1 };

static const struct known_field *find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (str_eq_icase(name, str_slice(fields[i].name, NAME_PREFIX_BYTES, fields[i].name.n)))
			return &fields[i];
	return NULL;
}

/* Sent by a machine, such as a notice that a mail could not be delivered: what hangs on it is no forward. */
static bool is_automatic(struct field f)
{
	if (str_eq_icase(f.name, STR("Return-Path")))
		return str_eq(str_trim(f.value), STR("<>"));
	if (str_eq_icase(f.name, STR("Auto-Submitted")))
		return !str_eq_icase(str_trim(f.value), STR("no"));
	if (!str_eq_icase(f.name, STR("From")))
		return false;
	struct str from = str_slice(f.value, 0, FROM_LOOK_BYTES);
	return str_find_icase(from, STR("mailer-daemon"), 0) != STR_NOT_FOUND ||
	       str_find_icase(from, STR("postmaster@"), 0) != STR_NOT_FOUND;
}

int header_look(struct str header, struct str hint, struct arena *a, struct header_facts *ret)
{
	struct header_facts facts = {0};
	struct field f;
	struct field_text t;
	bool broken;
	int r = 0;
	while (r >= 0 && facts.fields < FIELDS_MAX && field_next(&header, &f, &broken)) {
		const struct known_field *k = find(f.name);
		facts.fields++;
		facts.known += k != NULL;
		facts.transport |= (k && k->transport) || str_starts_with_icase(f.name, STR("X-")) ||
		                   str_starts_with_icase(f.name, STR("Content-"));
		/* A person who copies header lines seldom keeps the exact form of a date. */
		facts.transport |= k && k->use == USE_DATE && field_zone_minutes(f.value) != INT32_MIN;
		facts.automatic |= is_automatic(f);
		if (k && k->use == USE_SUBJECT && facts.subject.n == 0) {
			r = field_decode(f.value, hint, a, &t);
			facts.subject = r < 0 ? facts.subject : t.text;
		}
	}
	*ret = facts;
	return r < 0 ? r : 0;
}

struct reader {
	struct reading *r;
	struct str hint;
	uint32_t parts;
	uint8_t seen[ARRAY_SIZE(fields)];
};

static struct str part_name(const struct reader *h, struct str name)
{
	unsigned before = 0;
	for (size_t i = 0; i < h->r->doc->parts.n; i++)
		before += document_part_is_named(&h->r->doc->parts.at[i], name);
	return before == 0 ? name : arena_printf(h->r->a, "%.*s:%u", STR_ARG(name), before + 1);
}

static uint32_t add_part(struct reader *h, const struct known_field *k, struct str text, bool broken, bool wrong,
                         bool foreign)
{
	struct reading *r = h->r;
	bool subject = k->use == USE_SUBJECT;
	int part = document_add_part(r->doc, r->a, subject ? PART_SUBJECT : PART_HEADER,
	                             part_name(h, subject ? STR("subject") : k->name), text);
	if (part < 0)
		return PART_NONE;
	h->parts++;
	if (broken)
		reading_mark(r, MARK_CHARSET_BROKEN, (uint32_t) part, 0, text.n);
	if (wrong)
		reading_mark(r, MARK_CHARSET_WRONG, (uint32_t) part, 0, text.n);
	if (foreign)
		reading_mark(r, MARK_FOREIGN_LANGUAGE, (uint32_t) part, 0, text.n);
	return (uint32_t) part;
}

static int read_mailboxes(struct reader *h, const struct known_field *k, struct str value)
{
	struct field_addresses all;
	int res = field_parse_addresses(value, h->hint, h->r->a, &all);
	if (res < 0)
		return res;
	uint32_t part = add_part(h, k, all.text, all.broken, all.wrong, all.foreign);
	for (size_t i = 0; i < all.n && part != PART_NONE; i++) {
		struct mailbox *m = document_add_mailbox(h->r->doc, h->r->a);
		if (!m)
			break;
		*m = (struct mailbox){k->role, all.at[i].name, all.at[i].address, part, all.at[i].start, all.at[i].end};
	}
	return 0;
}

static int read_text(struct reader *h, const struct known_field *k, struct str value)
{
	struct document *d = h->r->doc;
	struct field_text t;
	int res = field_decode(value, h->hint, h->r->a, &t);
	if (res < 0)
		return res;
	uint32_t part = add_part(h, k, t.text, t.broken, t.wrong, t.foreign);
	if (part == PART_NONE)
		return 0;
	if (k->use == USE_DATE && d->date.n == 0) {
		d->date = t.text;
		d->zone_minutes = field_zone_minutes(t.text);
	}
	if (k->use == USE_MAILER && d->mailer.n == 0)
		d->mailer = t.text;
	if (k->use == USE_RESULTS)
		auth_read(h->r, t.text, part, str_eq(k->name, STR("header:Received-SPF")));
	return 0;
}

int header_read(struct reading *r, struct str header, struct str hint)
{
	struct reader h = {.r = r, .hint = hint};
	struct field f;
	bool broken;
	int res = 0;
	while (res >= 0 && field_next(&header, &f, &broken)) {
		const struct known_field *k = find(f.name);
		if (f.value.n > FIELD_VALUE_MAX_BYTES)
			reading_unchecked(r, UNCHECKED_TOO_LARGE);
		if (h.parts >= HEADER_PARTS_MAX) {
			reading_unchecked(r, UNCHECKED_TOO_MANY);
			break;
		}
		if (!k)
			continue;
		uint8_t max = str_eq(k->name, STR("header:Received")) ? RECEIVED_MAX : SAME_FIELD_MAX;
		if (h.seen[k - fields]++ >= max) {
			h.seen[k - fields] = max;
			reading_unchecked(r, UNCHECKED_TOO_MANY);
			continue;
		}
		res = k->use == USE_MAILBOXES ? read_mailboxes(&h, k, f.value) : read_text(&h, k, f.value);
	}
	if (r->doc->auth_results.n == 0)
		reading_unchecked(r, UNCHECKED_AUTHENTICATION);
	return res < 0 ? res : 0;
}
