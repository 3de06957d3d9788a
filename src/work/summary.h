/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be computed, one function each; all append lines for the prompt. Inside src/work only. */
#pragma once

#include "work/columns.h"

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

/* Counts, sums, mean, median of each column of amounts; sums by group and by month. */
int compute_summary(struct computing *c, struct str csv);
/* Duplicates, new payees, payees whose account changed, amounts far from a payee's usual. */
int compute_payments(struct computing *c, struct str csv);
/* Forecast with the band of its own past errors. */
int compute_forecast(struct computing *c, struct str csv, size_t ahead);
/* Each line with its number. */
int compute_lines(struct computing *c, struct str text);
/* The column names only. */
int compute_columns(struct computing *c, struct str csv, size_t rows);
/* Amounts found, and whether items and taxes add up to a total. */
int compute_invoice(struct computing *c, struct str text);
/* Kinds of lines with their counts, first and last; the lines that speak of failure. */
int compute_log(struct computing *c, struct str text);
