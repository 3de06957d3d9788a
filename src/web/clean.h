/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text from outside made fit for JSON and pages. */
#pragma once

#include "base/arena.h"

/* The same text when it is valid UTF-8, else a copy in a with U+FFFD for each byte that fits nowhere; {NULL,0} when a
 * is full. */
struct str clean_utf8(struct str s, struct arena *a);
/* The same with CRLF and CR made LF. */
struct str clean_lines(struct str s, struct arena *a);
