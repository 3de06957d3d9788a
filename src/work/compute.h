/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where numbers must be right, code computes them and the model only words them: what {{computed}} of a prompt becomes.
 * Amounts are exact to a ten-thousandth (64-bit fixed point), never floating, except mean, forecast and their bands. */
#pragma once

#include "base/buf.h"
#include "text/csv-table.h"
#include "work/fill.h"

/* Appends the text for the prompt, in the language. ERR_INVALID with the key of a sentence ("work.compute.no-table",
 * ".no-numbers", ".too-few", ".no-columns"), ERR_TOO_LARGE. */
int work_compute(const struct work_template *t, enum language language, const struct work_value *values, size_t count,
                 struct arena *a, struct buf *ret, const char **ret_key);
