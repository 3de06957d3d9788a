/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where numbers must be right, code computes them and the model only words them: what {{computed}} of a prompt becomes.
 * Amounts are exact to a ten-thousandth (64-bit fixed point), never floating, except mean, forecast and their bands. */
#pragma once

#include "base/buf.h"
#include "text/csv-table.h"
#include "work/fill.h"

enum {
	WORK_ROWS_MAX = 100000,
	WORK_GROUPS_MAX = 200, /* further ones are summed up as "other" */
	WORK_LINES_MAX = 20000,
	WORK_AHEAD_MAX = 60,
};

/* Appends the text for the prompt, in the language. ERR_INVALID with the key of a sentence ("work.compute.no-table",
 * ".no-numbers", ".too-few", ".no-columns"), ERR_TOO_LARGE. */
int work_compute(const struct work_template *t, enum language language, const struct work_value *values, size_t count,
                 struct arena *a, struct buf *ret, const char **ret_key);

/* A number as people write it: "1,234", "¥1,234円", "▲12.5", "(300)", "１２３"; of at most 14 digits before and 4 after
 * the point. In ten-thousandths. False: no number. */
bool work_parse_amount(struct str s, int64_t *ret);
/* "1,234.5" */
void work_add_amount(struct buf *b, int64_t amount);
/* "2026-11-22", "2026/11/2", "2026年11月2日", "2026-11", "令和8年11月2日": days since 1970-01-01; false: none. */
bool work_parse_day(struct str s, int64_t *ret_days);
