/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing JSON (RFC 8259) piece by piece into a buffer, for what is written often; the caller writes the brackets,
 * names and commas. Failures mark the buffer (base/buf.h). */
#pragma once

#include "base/buf.h"

/* A string with its quotes. What is not UTF-8 is written as the empty string. */
int json_add_str(struct buf *b, struct str s);
/* A number with at most six digits and always a point or exponent: 1.0, 0.8131. value must be finite. */
int json_add_real(struct buf *b, double value);
