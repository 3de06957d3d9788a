/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content-Transfer-Encoding (RFC 2045) and uuencode, undone leniently: what is not part of the encoding is skipped, as
 * mail programs do. */
#pragma once

#include "base/buf.h"
#include "base/str.h"

/* Adds the decoded bytes of s. Bad characters are skipped and counted in *ret_errors. ERR_TOO_LARGE over ret's maximum.
 */
int encoding_from_base64(struct str s, struct buf *ret, size_t *ret_errors);
int encoding_from_quoted_printable(struct str s, struct buf *ret, size_t *ret_errors);
/* RFC 2047 "Q": underscore is a space. */
int encoding_from_q(struct str s, struct buf *ret, size_t *ret_errors);
/* RFC 2231, URLs: "%41". */
int encoding_from_percent(struct str s, struct buf *ret);
int encoding_from_uuencode(struct str s, struct buf *ret, size_t *ret_errors);
/* Undoes the named encoding; 7bit, 8bit, binary and unknown names give s itself. *ret is s or the bytes in scratch. */
int encoding_decode(struct str name, struct str s, struct buf *scratch, struct str *ret, size_t *ret_errors);
int encoding_hex_value(char c); /* -1: none */
