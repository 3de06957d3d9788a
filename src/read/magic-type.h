/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Media types that signatures do not know, by libmagic. */
#pragma once

#include "base/str.h"

/* Loads the magic database into memory; ERR_SYSTEM when there is none (types are then told by signatures alone). */
int magic_prepare(void);
/* NULL unknown; valid until the next call. */
const char *magic_type(struct str bytes);
