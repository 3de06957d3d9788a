/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Host names that are more than ASCII: UTS #46 both ways, and UTS #39 on what looks alike. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* Punycode of a host that may hold full-width letters, 。 as dot, capitals; "" when UTS #46 refuses it. */
struct str host_to_ascii(struct str host, struct arena *a);
/* Unicode of a host with xn-- labels; the input where it cannot be turned. */
struct str host_to_unicode(struct str ascii, struct arena *a);
/* A label mixes Latin with Cyrillic or Greek, or consists of letters that all look Latin and are not. */
bool host_imitates(struct str unicode);
/* UTS #39 skeleton of a text that is not ASCII; the text itself where ICU gives none. */
struct str host_skeleton(struct str text, struct arena *a);
