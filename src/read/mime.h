/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The structure of a mail (RFC 2045, 2046): one pass over the lines, no recursion, no conversion, nothing copied.
 * GMime is not used here: while it parses it decodes addresses through iconv, which loads a library per charset and so
 * cannot work inside the jail, and 100,000 levels took it 1.8 s. */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "read/read.h"

enum mime_kind { MIME_LEAF, MIME_MULTIPART, MIME_MESSAGE };

struct mime_node {
	enum mime_kind kind;
	uint32_t parent;      /* PART_NONE for the root */
	uint32_t next;        /* the next child of the same parent, else PART_NONE */
	uint32_t first, last; /* children, else PART_NONE */
	uint32_t level;
	struct str header; /* raw, cut to the limit */
	struct str body;   /* raw, still encoded */
	struct str type;   /* lower case, without parameters; "text/plain" where none is given */
	struct str content_type, encoding, disposition, id; /* raw field bodies */
};

struct mime {
	struct mime_node *at;
	size_t n, cap;
	bool broken, too_many, too_deep, header_cut;
};

/* Node 0 is the whole message. ERR_TOO_LARGE only when a is full. */
int mime_parse(struct str bytes, const struct read_limits *limits, struct arena *a, struct mime *ret);
