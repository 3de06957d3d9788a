/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two variants of one message (multipart/alternative): whether the plain one says something else. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/* True when most of the plain text does not stand in the other. Lines with addresses do not count. */
bool variant_differs(struct str plain, struct str shown, struct arena *a);
