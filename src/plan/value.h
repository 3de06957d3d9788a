/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values of facts as what computing needs. Facts are changed by people on a page, so each is looked at again. */
#pragma once

#include "fact/fact.h"

/* A whole number from min to max. ERR_NOT_FOUND: no such value; ERR_INVALID: another one. */
int value_whole(const struct fact *fact, const char *name, int64_t min, int64_t max, int64_t *ret);
/* A share in thousandths of a percent: "2.1" is 2100. 0 to 100 percent. */
int value_percent(const struct fact *fact, const char *name, int64_t *ret_milli);
/* The next of words with blanks between them; false: no more. Begin with the value's text. */
bool value_next_word(struct str *rest, struct str *ret);
