/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 実施状況報告書: how far each measure of the plan that ends was carried out. Its marks are those of the guide: ◎ as
 * planned, ○ nearly, △ not enough, × hardly, － not begun; the last three want a reason and a day by which it is done
 * (手引き 令和7年 11月10日版). */
#include <string.h>

#include "base/check.h"
#include "plan/jigyokei.h"

#define MARKS "as-planned nearly insufficient hardly not-begun"
#define MEASURE(name)                                                                                                  \
	{"mark-" name, FIELD_CHOICE, true, MARKS}, {"why-" name, FIELD_WORDS, false, NULL},                            \
	{                                                                                                              \
		"by-" name, FIELD_DAY, false, NULL                                                                     \
	}

const struct register_field jigyokei_renewal_fields[JIGYOKEI_RENEWAL_FIELDS] = {
        {"certified-on", FIELD_DAY, true, NULL},
        {"certified-number", FIELD_LINE, true, NULL},
        {"from-month", FIELD_LINE, true, NULL},
        {"to-month", FIELD_LINE, true, NULL},
        {"reported-on", FIELD_DAY, true, NULL},
        MEASURE("evacuation"),
        MEASURE("safety-check"),
        MEASURE("emergency-stop"),
        MEASURE("customers"),
        MEASURE("organisation"),
        MEASURE("damage"),
        MEASURE("people"),
        MEASURE("equipment"),
        MEASURE("money"),
        MEASURE("information"),
        MEASURE("training"),
        MEASURE("review"),
        MEASURE("notice"),
};

bool jigyokei_mark_wants_reason(struct str mark)
{
	return str_eq_c(mark, "insufficient") || str_eq_c(mark, "hardly") || str_eq_c(mark, "not-begun");
}

struct renewal_lint {
	const struct str *values;
	struct jigyokei_finding *found;
	size_t n;
};

static void find(struct renewal_lint *l, const char *rule, size_t field)
{
	if (l->n < JIGYOKEI_FINDINGS_MAX)
		l->found[l->n++] = (struct jigyokei_finding){rule, jigyokei_renewal_fields[field].name};
}

static struct str reported(const struct renewal_lint *l)
{
	return l->values[JIGYOKEI_RENEWAL_HEAD - 1];
}

static void look_at_measure(struct renewal_lint *l, size_t mark)
{
	size_t why = mark + 1, by = mark + 2;
	if (!jigyokei_mark_wants_reason(l->values[mark]))
		return;
	if (str_trim(l->values[why]).n == 0)
		find(l, "mark-reason", why);
	if (l->values[by].n == 0)
		find(l, "mark-day", by);
	else if (reported(l).n > 0 && str_cmp(l->values[by], reported(l)) < 0)
		find(l, "mark-past", by);
}

size_t jigyokei_renewal_lint(const struct str *values, struct jigyokei_finding ret[static JIGYOKEI_FINDINGS_MAX])
{
	struct renewal_lint l = {values, ret, 0};
	for (size_t i = 0; i < ARRAY_SIZE(jigyokei_renewal_fields); i++)
		if (jigyokei_renewal_fields[i].is_required && str_trim(values[i]).n == 0)
			find(&l, "required", i);
	for (size_t i = JIGYOKEI_RENEWAL_HEAD; i + 2 < ARRAY_SIZE(jigyokei_renewal_fields); i += 3)
		look_at_measure(&l, i);
	return l.n;
}
