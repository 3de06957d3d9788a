/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cutting HTML into tags and text, as browsers do (WHATWG HTML 13.2.5), one pass. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum html_token_kind { HTML_TEXT, HTML_OPEN, HTML_CLOSE };

enum { HTML_ATTRIBUTES_MAX = 40, HTML_NAME_MAX_BYTES = 20 };

struct html_attribute {
	struct str name, value; /* raw */
};

struct html_token {
	enum html_token_kind kind;
	struct str text; /* HTML_TEXT: raw; HTML_OPEN of script, style, title, textarea: what is inside */
	char name_bytes[HTML_NAME_MAX_BYTES];
	struct str name; /* lower case, in name_bytes; longer names are cut */
	bool raw;        /* text holds the content, and the closing tag is consumed */
	struct html_attribute attributes[HTML_ATTRIBUTES_MAX];
	size_t attribute_count;
};

/* Cuts the next token off *rest. Comments, declarations and instructions are passed over. false at the end. */
bool html_next_token(struct str *rest, struct html_token *ret);
/* Raw value of an attribute (name in lower case); NULL p when it is not there, and not NULL when it is empty. */
struct str html_attribute(const struct html_token *t, const char *name);
/* A copy with character references decoded. */
struct str html_attribute_decode(struct str raw, struct arena *a);
