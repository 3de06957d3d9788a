/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of settings (settings.def) and what their values must look like. */
#pragma once

#include <stdint.h>

#include "base/check.h"
#include "base/str.h"

enum setting_type {
	SETTING_TEXT,
	SETTING_NUMBER,
	SETTING_CHOICE,
	SETTING_DOMAINS,
	SETTING_FLAG,
	SETTING_ADDRESSES,
	SETTING_MAIL,
};

struct setting_entry {
	const char *name;
	enum setting_type type;
	const char *choices; /* default value; for SETTING_CHOICE "a|b|c", of which the first is the default */
	int64_t min, max;
};

extern const struct setting_entry setting_table[];               /* a NULL name ends it */
const struct setting_entry *setting_entry_find(struct str name); /* NULL when there is none */
struct str setting_default(const struct setting_entry *entry);
int setting_check(const struct setting_entry *entry, struct str value) MUST_CHECK; /* ERR_INVALID, ERR_TOO_LARGE */
