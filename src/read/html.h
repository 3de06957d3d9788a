/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTML to what a person sees of it: text with line breaks, links with the place of their text, and oddities. One pass
 * over the bytes with a stack of open elements; nothing is looked at twice (gumbo needs 43 s for 40,000 nested divs,
 * libxml2 drops text below 256 levels). */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "doc/document.h"

enum { HTML_LINKS_MAX = 2500, HTML_LEVELS_MAX = 4096, HTML_MARKS_MAX = 200, HTML_EMBEDDED_MAX = 10 };

struct html_link {
	struct str url;   /* entities decoded, blanks at the ends and line ends inside gone, resolved against <base> */
	struct str label; /* alternative text of a picture where the link shows no text */
	uint32_t flags;   /* enum link_flag */
	uint32_t start, end; /* in text; equal: no text of it is to be seen */
};

struct html_mark {
	enum mark_kind kind;
	uint32_t start, end;
};

struct html_page {
	struct str text;
	DOCUMENT_LIST(struct html_link, links);
	DOCUMENT_LIST(struct html_mark, marks);
	uint32_t pictures;                      /* all of them */
	uint32_t pictures_outside;              /* those that would be fetched */
	struct str embedded[HTML_EMBEDDED_MAX]; /* base64 of pictures in the page itself, views of s */
	size_t embedded_count;
	bool too_large, too_many, too_deep;
};

/* s is UTF-8. At most text_max_bytes of text. ERR_TOO_LARGE when a is full. */
int html_parse(struct str s, size_t text_max_bytes, struct arena *a, struct html_page *ret);
/* The charset that a <meta> in the first bytes names, else empty. */
struct str html_meta_charset(struct str s);
/* True when the text looks like HTML. */
bool html_is_html(struct str s);
