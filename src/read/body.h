/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Visible text into the document: as a body with its links and marks, or as what somebody forwarded in it. */
#pragma once

#include "read/html.h"
#include "read/reading.h"

struct body {
	struct str text;
	const struct html_page *page; /* NULL: plain text */
};

struct body_context {
	bool may_be_forward; /* look for a forwarded message in it */
	bool has_headers;    /* a mail with transport headers holds this text */
	struct str subject;  /* of that mail */
};

/* Plain text as it is. */
struct body body_plain(struct str text);
/* Parses HTML; text and links as in html.h. */
int body_html(struct reading *r, struct str html, struct body *ret);
/* Adds the body. *ret_forwarded says whether it turned out to be a forwarded message: then the document's forward, its
 * sender, subject and date are set, and what stands before it is a body of its own behind it. */
int body_add(struct reading *r, const struct body *b, const struct body_context *context, bool *ret_forwarded);
/* Adds bytes [from, to) of the body; PART_NONE in *ret_part when nothing is left of it. */
int body_add_range(struct reading *r, const struct body *b, size_t from, size_t to, uint32_t *ret_part);
