/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be computed, one function each; all append lines for the prompt. Inside src/work only. */
#pragma once

#include "work/computing.h"

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
