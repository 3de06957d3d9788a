/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands between a label and the charset that is used. */
#pragma once

#include "base/buf.h"
#include "read/charset.h"

/* The charset to read s with; labelled may be CHARSET_NONE. */
enum charset_id charset_guess(struct str s, enum charset_id labelled);
/* More control characters than any text has. */
bool charset_looks_binary(struct str s, enum charset_id labelled);

/* Adds s in UTF-8 to ret and counts the sequences that id does not have (charset.c). */
int charset_convert(enum charset_id id, struct str s, struct buf *ret, size_t *ret_errors);
/* How many bytes from i on are ASCII (charset.c). */
size_t charset_ascii_run(struct str s, size_t i);
