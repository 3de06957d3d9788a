/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What counts as UTF-8 between processes: the well-formed sequences of Unicode 15, table 3-7 (no overlong forms, no
 * surrogates, nothing past U+10FFFF). NUL is allowed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

bool utf8_is_valid(struct str s);
/* Whether at is the place of a character's first byte, or the end. s must be valid; at past the end is no boundary. */
bool utf8_is_boundary(struct str s, size_t at);
