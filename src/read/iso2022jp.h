/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ISO-2022-JP and its relatives to EUC-JP bytes, which one converter then turns to Unicode. */
#pragma once

#include "base/buf.h"
#include "base/str.h"

/* True when s holds an escape sequence of ISO-2022-JP. */
bool iso2022jp_has_escape(struct str s);
/* Adds the EUC-JP form of s to ret and counts what cannot be represented in *ret_errors. With bare set, "$B" and "(B"
 * whose ESC was lost on the way count as escapes. */
int iso2022jp_to_eucjp(struct str s, bool bare, struct buf *ret, size_t *ret_errors);
