/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document is what a reader hands over: text in parts, links, mailboxes, attachments and marks, each with its place.
 * Every string is valid UTF-8 and lives in the arena that the document was built in. Offsets are bytes in the text of
 * the part they name. A document that came from the reader process is untrusted: document_decode() has re-checked
 * every index, offset and count, and nothing more is promised about it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define INPUT_KIND_LIST(X)                                                                                             \
	X(INPUT_MAIL, "mail")                                                                                          \
	X(INPUT_TEXT, "text")                                                                                          \
	X(INPUT_SMS, "sms")                                                                                            \
	X(INPUT_URL, "url")                                                                                            \
	X(INPUT_QR, "qr")                                                                                              \
	X(INPUT_CALL, "call")                                                                                          \
	X(INPUT_SCREEN, "screen")

enum input_kind {
#define X(code, word) code,
	INPUT_KIND_LIST(X)
#undef X
	        INPUT_KIND_COUNT,
	INPUT_AUTO = INPUT_KIND_COUNT, /* the reader decides from the bytes */
};

const char *input_kind_word(enum input_kind kind);
/* ERR_NOT_FOUND for a word that is none. */
int input_kind_of(struct str word, enum input_kind *ret);

/* Names of parts are the words of the JSON contract: "header:From", "subject", "body", "link:3", "attachment:1",
 * "qr:1". No name stands for two parts: the first body is "body", a further one "body:2" and so on, a repeated field
 * "header:Received:2". A link that stands nowhere in a part's text (an HTML href) has a part of its own, "link:N" with
 * N its number from 1 in document.links. */
enum part_kind {
	PART_HEADER,     /* one decoded header field body */
	PART_SUBJECT,    /* decoded subject, of the message that is judged */
	PART_BODY,       /* visible text: plain, or HTML turned to text */
	PART_LINK,       /* text = the whole target of a link */
	PART_ATTACHMENT, /* text = the attachment's name */
	PART_QR,         /* text = the payload of a code */
	PART_KIND_COUNT,
};

struct part {
	enum part_kind kind;
	struct str name;
	struct str text;
};

#define PART_NONE UINT32_MAX

enum link_flag {
	LINK_HTML = 1 << 0,     /* href of an anchor: text and target may differ */
	LINK_FORM = 1 << 1,     /* action of a form */
	LINK_IMAGE = 1 << 2,    /* source of an image or other thing that would be loaded */
	LINK_QR = 1 << 3,       /* payload of a code */
	LINK_ATTACHED = 1 << 4, /* stands in an attachment, not in the message itself */
	LINK_MAILTO = 1 << 5,
	LINK_FLAGS_ALL = (1 << 6) - 1,
};

struct link {
	struct str text; /* what a person sees; equals url where the bare address stands in the text */
	struct str url;  /* target as written, entities decoded, not otherwise changed */
	uint32_t part;   /* part whose text shows it */
	uint32_t start, end;
	uint32_t flags;
};

enum mailbox_role {
	MAILBOX_FROM,
	MAILBOX_SENDER,
	MAILBOX_REPLY_TO,
	MAILBOX_RETURN_PATH,
	MAILBOX_TO, /* To and Cc */
	MAILBOX_ROLE_COUNT,
};

struct mailbox {
	enum mailbox_role role;
	struct str name;    /* decoded display name, may be empty */
	struct str address; /* local@domain, domain lower case in Unicode or punycode as written; may be empty */
	uint32_t part;      /* the header part, or the body in which a forwarded "From:" line stands */
	uint32_t start, end;
};

/* One method=result of an Authentication-Results (RFC 8601) or Received-SPF field. Whether the server may be trusted is
 * policy. */
struct auth_result {
	struct str server; /* authserv-id */
	struct str method; /* "spf" "dkim" "dmarc" "arc" "compauth" */
	struct str result; /* "pass" "fail" "softfail" "none" ... */
	struct str domain; /* header.d, smtp.mailfrom, header.from: the domain it speaks of; may be empty */
	uint32_t part;
};

enum attachment_flag {
	ATTACHMENT_ENCRYPTED = 1 << 0, /* archive or document that needs a password */
	ATTACHMENT_MACRO = 1 << 1,     /* holds macros, seen in its bytes */
	ATTACHMENT_ARCHIVE = 1 << 2,
	ATTACHMENT_BOMB = 1 << 3, /* unpacking passed its limit and was stopped */
	ATTACHMENT_DAMAGED = 1 << 4,
	ATTACHMENT_INLINE = 1 << 5, /* an image that the body shows */
	ATTACHMENT_MEMBER = 1 << 6, /* stands inside the archive named by `inside` */
	ATTACHMENT_FLAGS_ALL = (1 << 7) - 1,
};

struct attachment {
	struct str name;     /* decoded, as the sender wrote it */
	struct str declared; /* media type in the message, lower case */
	struct str detected; /* media type by content, "" unknown */
	uint64_t size_bytes; /* decoded */
	uint32_t flags;
	uint32_t part;   /* its PART_ATTACHMENT */
	uint32_t inside; /* index of the archive, which comes before its members; or PART_NONE */
};

/* Oddities of form that only the reader can see. */
#define MARK_LIST(X)                                                                                                   \
	X(MARK_HIDDEN_TEXT, "hidden-text")   /* text that HTML or CSS hides; the span is where it would stand */       \
	X(MARK_FOREIGN_FONT, "foreign-font") /* a font of another language's system */                                 \
	X(MARK_FOREIGN_LANGUAGE, "foreign-language") /* lang= or a charset of another language */                      \
	X(MARK_FORM, "form")                                                                                           \
	X(MARK_PASSWORD_FIELD, "password-field")                                                                       \
	X(MARK_SCRIPT, "script")                                                                                       \
	X(MARK_CHARSET_BROKEN, "charset-broken") /* bytes that the named charset does not have */                      \
	X(MARK_CHARSET_WRONG, "charset-wrong")   /* another charset than the named one fits and was used */            \
	X(MARK_MIME_BROKEN, "mime-broken")                                                                             \
	X(MARK_IMAGE_ONLY, "image-only") /* a body of pictures with next to no text */

enum mark_kind {
#define X(code, word) code,
	MARK_LIST(X)
#undef X
	        MARK_KIND_COUNT,
};

struct mark {
	enum mark_kind kind;
	uint32_t part;
	uint32_t start, end;
};

/* What could not be looked at, each with a catalogue sentence "not-checked.<word>". */
#define UNCHECKED_LIST(X)                                                                                              \
	X(UNCHECKED_NO_HEADERS, "no-headers")             /* text without headers: the origin cannot be checked */     \
	X(UNCHECKED_FORWARDED_INLINE, "forwarded-inline") /* headers are the forwarder's */                            \
	X(UNCHECKED_AUTHENTICATION, "authentication")     /* no trusted server recorded SPF, DKIM or DMARC */          \
	X(UNCHECKED_ENCRYPTED_ATTACHMENT, "encrypted-attachment")                                                      \
	X(UNCHECKED_ATTACHMENT, "attachment") /* an attachment whose inside is not looked at */                        \
	X(UNCHECKED_IMAGE, "image")           /* a picture without a readable code */                                  \
	X(UNCHECKED_TOO_LARGE, "too-large")   /* a limit cut the rest off */                                           \
	X(UNCHECKED_TOO_DEEP, "too-deep")                                                                              \
	X(UNCHECKED_TOO_MANY, "too-many")                                                                              \
	X(UNCHECKED_CHARSET, "charset")                                                                                \
	X(UNCHECKED_BROKEN, "broken")                                                                                  \
	X(UNCHECKED_REAL_DOMAIN, "real-domain") /* the genuine domain is named but nothing proves it */                \
	X(UNCHECKED_DESTINATION, "destination") /* where a shortener or redirect leads */                              \
	X(UNCHECKED_NO_TEXT, "no-text")                                                                                \
	X(UNCHECKED_TIMEOUT, "timeout")                                                                                \
	X(UNCHECKED_CRASHED, "crashed")                                                                                \
	X(UNCHECKED_UNREADABLE, "unreadable") /* a file that could not be opened: said by whoever tried */             \
	X(UNCHECKED_NO_ADDRESS, "no-address") /* handed in as an address, and is none */

enum unchecked {
#define X(code, word) code,
	UNCHECKED_LIST(X)
#undef X
	        UNCHECKED_COUNT,
};
const char *unchecked_word(enum unchecked what);
const char *mark_word(enum mark_kind kind);

enum forward_kind { FORWARD_NONE, FORWARD_INLINE, FORWARD_ATTACHED, FORWARD_KIND_COUNT };

#define DOCUMENT_LIST(type, name)                                                                                      \
	struct {                                                                                                       \
		type *at;                                                                                              \
		size_t n, cap;                                                                                         \
	} name

struct document {
	enum input_kind kind;
	enum forward_kind forward;
	bool has_headers;     /* transport headers of the judged message itself are here */
	uint32_t unchecked;   /* bit set of 1 << enum unchecked, as far as the reader can tell */
	struct str charset;   /* of the first body, as used; "" unknown */
	struct str mailer;    /* X-Mailer or User-Agent */
	struct str date;      /* Date header as written */
	int32_t zone_minutes; /* offset of Date; INT32_MIN none */
	DOCUMENT_LIST(struct part, parts);
	DOCUMENT_LIST(struct link, links);
	DOCUMENT_LIST(struct mailbox, mailboxes);
	DOCUMENT_LIST(struct auth_result, auth_results);
	DOCUMENT_LIST(struct attachment, attachments);
	DOCUMENT_LIST(struct mark, marks);
	size_t text_bytes; /* all texts of parts together; document_add_part() keeps it */
};

/* Limits of what a reader may hand over; over one of them the rest is dropped and the unchecked bit says so. */
enum {
	DOCUMENT_PARTS_MAX = 4000,
	DOCUMENT_LINKS_MAX = 2000,
	DOCUMENT_MAILBOXES_MAX = 500,
	DOCUMENT_AUTH_RESULTS_MAX = 100,
	DOCUMENT_ATTACHMENTS_MAX = 1000,
	DOCUMENT_MARKS_MAX = 1000,
	DOCUMENT_TEXT_MAX_BYTES = 4 * 1024 * 1024, /* all texts together */
	DOCUMENT_ENCODED_MAX_BYTES = 8 * 1024 * 1024,
	DOCUMENT_ZONE_MAX_MINUTES = 99 * 60 + 59, /* what four digits can say */
};

/* An empty document of this kind: no date zone, nothing in it. */
struct document document_make(enum input_kind kind);

/* The adders return the new element's index, or ERR_TOO_LARGE (limit or arena) with the matching unchecked bit set;
 * those that return a pointer give NULL then. Strings are kept as views, not copied: they must live as long as a. */
int document_add_part(struct document *d, struct arena *a, enum part_kind kind, struct str name, struct str text);
struct link *document_add_link(struct document *d, struct arena *a);
struct mailbox *document_add_mailbox(struct document *d, struct arena *a);
struct auth_result *document_add_auth_result(struct document *d, struct arena *a);
struct attachment *document_add_attachment(struct document *d, struct arena *a);
int document_add_mark(struct document *d, struct arena *a, enum mark_kind kind, uint32_t part, uint32_t start,
                      uint32_t end);
void document_set_unchecked(struct document *d, enum unchecked what);
bool document_is_unchecked(const struct document *d, enum unchecked what);
/* First part with this name, else PART_NONE. */
uint32_t document_find_part(const struct document *d, struct str name);
/* Is it the first or a further one of its name ("header:From", "header:From:2")? Letters of both cases are the same. */
bool document_part_is_named(const struct part *p, struct str name);

/* 0 when every enum, flag, index, count and offset is right: offsets in order, inside the text of a part that exists,
 * on the first byte of a character. ERR_INVALID otherwise, ERR_TOO_LARGE over a limit. UTF-8 is the codec's matter. */
int document_check(const struct document *d);

/* The form in which a document crosses from the reader (layout: document-wire.c), added to ret. A document that
 * document_check() refuses gives its error; ERR_TOO_LARGE over DOCUMENT_ENCODED_MAX_BYTES, over ret's maximum, or for
 * a string that is not UTF-8. ret keeps what it held and nothing else on failure. */
int document_encode(const struct document *d, struct buf *ret);
/* Drops the last half of the links and sets UNCHECKED_TOO_MANY: for a document that is too large to encode.
 * ERR_NOT_FOUND when there is none left to drop. */
int document_shrink(struct document *d);
/* Rebuilds into a (the bytes may go away); ERR_INVALID when any index, offset, enum, count or UTF-8 is wrong,
 * ERR_TOO_LARGE over a limit or the arena. *ret is untouched on failure. */
int document_decode(struct str bytes, struct arena *a, struct document *ret);
