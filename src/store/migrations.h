/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The numbered migrations, made from migrations/NNN-name.sql at build time. A released one is never edited. */
#pragma once

#include <stddef.h>

struct migration {
	int number;
	const char *sql;
};

extern const struct migration migration_table[]; /* a NULL sql ends it */
