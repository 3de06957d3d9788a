/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes of any charset to UTF-8, whatever the label says. ICU's converters only, all opened beforehand: glibc's iconv
 * loads a library per charset, which the jail forbids. */
#pragma once

#include "base/buf.h"
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

/* Opens every converter; ERR_SYSTEM when ICU lacks one. Once per process; later calls do nothing. */
int charset_prepare(void);
/* From now on converters come from the memory of the library alone, so that one that is first used in the jail opens
 * there. */
void charset_without_files(void);
/* CHARSET_NONE for a label that is not known ("" and us-ascii too). */
enum charset_id charset_of_label(struct str label);
enum { CONVERTED_MAX_BYTES = 256 * 1024 * 1024 };

struct str charset_name(enum charset_id id); /* static; id is not CHARSET_NONE */
bool charset_is_utf8(struct str s);
/* How many bytes from i on are ASCII. */
size_t charset_ascii_run(struct str s, size_t i);
/* How many bytes from i on are no control characters. */
size_t charset_printing_run(struct str s, size_t i);
/* Adds s in UTF-8 to ret and counts the sequences that id does not have. */
int charset_convert(enum charset_id id, struct str s, struct buf *ret, size_t *ret_errors);
