/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the mail reader share. */
#pragma once

#include "base/buf.h"
#include "read/body.h"
#include "read/charset-decode.h"
#include "read/mime.h"
#include "read/reading.h"

struct mail {
	struct reading *r;
	struct mime m;
	struct str hint; /* charset of raw bytes in headers */
	struct body_context context;
	uint32_t passed_on; /* node that was judged already, else PART_NONE */
	bool forwarded;
};

/* The message without what stands before its first field: empty lines, an mbox "From " line, a byte order mark. */
struct str mail_skip_front(struct str s);
/* 0 to 100: how much its fields look like those of a message. */
int mail_count_fields(struct str name, struct str bytes);

/* The node's bytes with its transfer encoding undone: a view of the message or of scratch. */
int mail_decode_node(struct mail *m, const struct mime_node *n, struct buf *scratch, struct str *ret);
/* The node as a person sees it; *t says how its charset was found. */
int mail_make_body(struct mail *m, const struct mime_node *n, struct charset_text *t, struct body *ret);
/* Marks on the part for what was odd about the charset. part may be PART_NONE. */
void mail_note_charset(struct mail *m, const struct charset_text *t, uint32_t part);
bool mail_disposition_is(const struct mime_node *n, struct str want);
/* The file name that the node gives, empty when there is none. */
int mail_node_name(struct mail *m, const struct mime_node *n, struct str *ret);
/* Whether the node is text that mail programs show. */
bool mail_is_body(const struct mail *m, const struct mime_node *n);
