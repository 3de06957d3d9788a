/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/compute.h"

#include "base/err.h"
#include "work/amount.h"
#include "work/computations.h"

static struct str first_of_kind(const struct work_template *t, enum work_input_kind kind,
                                const struct work_value *values, size_t count)
{
	for (size_t i = 0; i < t->inputs.n; i++)
		for (size_t v = 0; t->inputs.at[i].kind == kind && v < count; v++)
			if (str_eq(values[v].id, t->inputs.at[i].id))
				return values[v].value;
	return (struct str){NULL, 0};
}

static size_t first_number(const struct work_template *t, const struct work_value *values, size_t count)
{
	int64_t amount;
	if (!work_parse_amount(first_of_kind(t, WORK_INPUT_NUMBER, values, count), &amount) || amount < 10000)
		return 1;
	return (size_t) (amount / 10000);
}

static int dispatch(const struct work_template *t, struct computing *c, const struct work_value *values, size_t count)
{
	struct str csv = first_of_kind(t, WORK_INPUT_CSV, values, count);
	struct str text = first_of_kind(t, WORK_INPUT_LONG_TEXT, values, count);
	switch (t->compute) {
	case WORK_COMPUTE_SUMMARY:
		return compute_summary(c, csv);
	case WORK_COMPUTE_PAYMENTS:
		return compute_payments(c, csv);
	case WORK_COMPUTE_FORECAST:
		return compute_forecast(c, csv, first_number(t, values, count));
	case WORK_COMPUTE_COLUMNS:
		return compute_columns(c, csv, first_number(t, values, count));
	case WORK_COMPUTE_LINES:
		return compute_lines(c, text);
	case WORK_COMPUTE_INVOICE:
		return compute_invoice(c, text);
	case WORK_COMPUTE_LOG:
		return compute_log(c, text);
	case WORK_COMPUTE_NONE:
	case WORK_COMPUTE_COUNT:
		break;
	}
	return 0;
}

int work_compute(const struct work_template *t, enum language language, const struct work_value *values, size_t count,
                 struct arena *a, struct buf *ret, const char **ret_key)
{
	struct computing c = {.language = language, .arena = a, .out = ret, .problem = "work.compute.no-table"};
	int r = dispatch(t, &c, values, count);
	if (r == ERR_INVALID)
		*ret_key = c.problem;
	return r < 0 ? r : buf_failed(ret) || arena_is_full(a) ? ERR_TOO_LARGE : 0;
}
