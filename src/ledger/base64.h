/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Standard Base64 with padding (RFC 4648, 4), canonical form only: unused bits are zero, no line ends. */
#pragma once

#include "base/buf.h"
#include "base/str.h"

int base64_add(struct buf *b, const void *bytes, size_t n);
/* Appends the decoded bytes; ERR_INVALID unless the text is what base64_add() makes of them. */
int base64_read(struct str text, struct buf *b);
