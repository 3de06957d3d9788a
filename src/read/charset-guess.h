/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands between a label and the charset that is used. */
#pragma once

#include "read/charset.h"

/* The charset to read s with; labelled may be CHARSET_NONE. */
enum charset_id charset_guess(struct str s, enum charset_id labelled);
/* More control characters than any text has. */
bool charset_looks_binary(struct str s, enum charset_id labelled);
