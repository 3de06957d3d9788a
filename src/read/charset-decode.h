/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text in whatever charset it is really in, whatever its label says. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct charset_text {
	struct str text; /* UTF-8; line ends are LF; no control characters but TAB and LF */
	struct str used; /* name of the charset that was used; static */
	bool broken;     /* bytes that the charset does not have became U+FFFD */
	bool wrong;      /* the label names another charset than the one that fits */
	bool unknown;    /* the label is not known or refused */
	bool foreign;    /* the label is one of Chinese, Korean or Cyrillic systems */
};

/* Decodes into a. label may be empty. ERR_TOO_LARGE when a is full. */
int charset_decode(struct str bytes, struct str label, struct arena *a, struct charset_text *ret);
/* The same with several lines of a header field: line ends become spaces. */
int charset_decode_line(struct str bytes, struct str label, struct arena *a, struct charset_text *ret);
