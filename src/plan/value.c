/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/value.h"

#include <math.h>

#include "base/err.h"

enum { PERCENT_MILLI = 1000, PERCENT_MAX = 100 };

int value_whole(const struct fact *fact, const char *name, int64_t min, int64_t max, int64_t *ret)
{
	double number;
	int r = fact_number(fact, name, &number);
	if (r < 0)
		return r;
	if (number < (double) min || number > (double) max || number > floor(number))
		return ERR_INVALID;
	*ret = (int64_t) number;
	return 0;
}

int value_percent(const struct fact *fact, const char *name, int64_t *ret_milli)
{
	double number;
	int r = fact_number(fact, name, &number);
	if (r < 0)
		return r;
	if (number < 0 || number > PERCENT_MAX)
		return ERR_INVALID;
	*ret_milli = llround(number * PERCENT_MILLI);
	return 0;
}

bool value_next_word(struct str *rest, struct str *ret)
{
	*rest = str_trim(*rest);
	if (rest->n == 0)
		return false;
	size_t end = str_find_char(*rest, ' ', 0);
	*ret = str_slice(*rest, 0, end);
	*rest = end == STR_NOT_FOUND ? STR("") : str_slice(*rest, end, rest->n);
	return true;
}
