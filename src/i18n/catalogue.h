/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The compiled form of po/, made by script/make-catalogue; sorted by the bytes of the key. */
#pragma once

#include <stddef.h>

#include "i18n/i18n.h"

struct catalogue_entry {
	const char *key;
	const char *text[LANGUAGE_COUNT];
};

extern const struct catalogue_entry catalogue[];
extern const size_t catalogue_count;
