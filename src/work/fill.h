/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A template and what a person typed: the prompt. {{id}} in the prompt stands for an input, {{computed}} for what code
 * computed from the inputs. */
#pragma once

#include "base/buf.h"
#include "work/work.h"

struct work_value {
	struct str id, value;
};

/* The first thing that is wrong with the values: 0 fine, else ERR_INVALID and the input with the key of a sentence:
 * "work.input.missing", ".too-long", ".no-choice", ".no-number", ".no-date". */
int work_check_values(const struct work_template *t, const struct work_value *values, size_t count,
                      const struct work_input **ret_input, const char **ret_key);
/* Appends the prompt. A choice becomes its label. What stands in a value is never read as a place again. */
int work_fill(const struct work_template *t, enum language language, const struct work_value *values, size_t count,
              struct str computed, struct buf *ret);
/* True with the name of the first {{place}} that is neither an input nor (where something is computed) "computed". */
bool work_unknown_place(const struct work_template *t, struct str prompt, struct str *ret);
/* The value of an input; empty when it is not there. */
struct str work_value_of(const struct work_value *values, size_t count, const char *id);
