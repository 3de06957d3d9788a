/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * format=flowed (RFC 3676): lines that end in a blank go on in the next. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/* p is NULL when a is full. */
struct str flowed_join(struct str text, bool delete_space, struct arena *a);
