/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where in an HTML document a piece of a template stands: told by walking over the fixed text before it. Only as much
 * of HTML as templates of our own need; what it cannot follow is WRITE_FORBIDDEN. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

enum html_place {
	PLACE_TEXT,
	PLACE_TAG_NAME,
	PLACE_TAG,  /* between attributes */
	PLACE_NAME, /* of an attribute */
	PLACE_AFTER_EQUALS,
	PLACE_QUOTED, /* value in " or ' */
	PLACE_UNQUOTED,
	PLACE_COMMENT,
	PLACE_RAW, /* inside <script> or <style> */
};

enum { HTML_WORD_MAX_BYTES = 24 };

struct html_context {
	enum html_place place;
	char quote;
	char tag[HTML_WORD_MAX_BYTES];
	char attribute[HTML_WORD_MAX_BYTES];
	char value_start[HTML_WORD_MAX_BYTES]; /* first bytes of the attribute's value so far */
	bool value_begun;
};

/* How a value may be written where the context now stands. */
enum html_writing {
	WRITE_ESCAPED,   /* text, ordinary quoted attribute */
	WRITE_ADDRESS,   /* the start of an address: only as {{url}} or {{asset}} */
	WRITE_COMPONENT, /* a later piece of an address: percent-encoded */
	WRITE_FORBIDDEN,
};

void html_context_feed(struct html_context *c, struct str text);
/* A value was put here. */
void html_context_note_value(struct html_context *c);
enum html_writing html_context_writing(const struct html_context *c);
