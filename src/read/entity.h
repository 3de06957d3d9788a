/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTML character references, as browsers read them (WHATWG HTML 13.2.5.72 and on). */
#pragma once

#include "base/buf.h"
#include "base/str.h"

/* The reference that begins with '&' at i. Gives its length, and its character in *ret_code; 0: it is none. In an
 * attribute a name without ";" before "=" or a letter stays as it is. */
size_t entity_at(struct str s, size_t i, bool attribute, uint32_t *ret_code);
void entity_add_utf8(struct buf *b, uint32_t code);
