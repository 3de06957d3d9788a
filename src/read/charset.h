/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes of any charset to UTF-8, whatever the label says. ICU's converters only, all opened beforehand: glibc's iconv
 * loads a library per charset, which the jail forbids. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum charset_id {
#define CHARSET(id, name, icu) CHARSET_##id,
#define ALIAS(label, id)
#include "read/charsets.def"
#undef CHARSET
#undef ALIAS
	CHARSET_COUNT,
	CHARSET_NONE = CHARSET_COUNT,
};

struct charset_text {
	struct str text; /* UTF-8; line ends are LF; no control characters but TAB and LF */
	struct str used; /* name of the charset that was used; static */
	bool broken;     /* bytes that the charset does not have became U+FFFD */
	bool wrong;      /* the label names another charset than the one that fits */
	bool unknown;    /* the label is not known or refused */
	bool foreign;    /* the label is one of Chinese, Korean or Cyrillic systems */
};

/* Opens every converter; ERR_SYSTEM when ICU lacks one. Once per process; later calls do nothing. */
int charset_prepare(void);
/* CHARSET_NONE for a label that is not known ("" and us-ascii too). */
enum charset_id charset_of_label(struct str label);
/* Decodes into a. label may be empty. ERR_TOO_LARGE when a is full. */
int charset_decode(struct str bytes, struct str label, struct arena *a, struct charset_text *ret);
/* The same with several lines of a header field: line ends become spaces. */
int charset_decode_line(struct str bytes, struct str label, struct arena *a, struct charset_text *ret);
bool charset_is_utf8(struct str s);
