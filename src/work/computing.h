/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every computation writes with. Inside src/work only. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "i18n/i18n.h"

enum {
	WORK_ROWS_MAX = 100000,
	WORK_GROUPS_MAX = 200, /* further ones are summed up as "other" */
	WORK_LINES_MAX = 20000,
	WORK_AHEAD_MAX = 60,
};

struct computing {
	enum language language;
	struct arena *arena;
	struct buf *out;
	const char *problem; /* key of a sentence, with ERR_INVALID */
};

/* A line from the catalogue. */
void computing_line(struct computing *c, const char *key, const struct i18n_fact *facts, size_t count);
#define COMPUTING_LINE(c, key, ...)                                                                                    \
	computing_line((c), (key), (const struct i18n_fact[]){__VA_ARGS__},                                            \
	               sizeof((const struct i18n_fact[]){__VA_ARGS__}) / sizeof(struct i18n_fact))
/* "1,234" in the arena. */
struct str computing_amount(struct computing *c, int64_t amount);
struct str computing_count(struct computing *c, size_t count);
