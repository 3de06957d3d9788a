/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/visit.h"

#include "base/err.h"
#include "plan/value.h"

enum { TIMES_MAX = 366, BEFORE_DAYS_MAX = 30 };
#define FEE_MAX_YEN 100000000LL

static int read_times(const struct fact *fact, const char *name, int *ret)
{
	int64_t value;
	int r = value_whole(fact, name, 0, TIMES_MAX, &value);
	if (r >= 0)
		*ret = (int) value;
	return r;
}

int visit_rules_read(const struct facts *facts, struct visit_rules *ret)
{
	struct visit_rules v = {.rules = fact_find(facts, STR("expert.rules")),
	                        .fee = fact_find(facts, STR("expert.fee")),
	                        .cancel = fact_find(facts, STR("expert.cancel"))};
	if (!v.rules || !v.fee || !v.cancel)
		return ERR_NOT_FOUND;
	const struct fact_value *at = fact_value(v.cancel, "at");
	int64_t before = 0;
	int r = at ? 0 : ERR_NOT_FOUND;
	if (r >= 0)
		r = read_times(v.rules, "year_times", &v.year_times);
	if (r >= 0)
		r = read_times(v.fee, "free_times", &v.free_times);
	if (r >= 0)
		r = read_times(v.fee, "exempt-free_times", &v.exempt_free_times);
	if (r >= 0)
		r = value_whole(v.fee, "fee_yen", 0, FEE_MAX_YEN, &v.fee_yen);
	if (r >= 0)
		r = value_whole(v.cancel, "before_days", 0, BEFORE_DAYS_MAX, &before);
	if (r < 0)
		return r;
	v.cancel_before_days = (int) before;
	v.cancel_at = at->text;
	*ret = v;
	return 0;
}

static int at_least_none(int times)
{
	return times > 0 ? times : 0;
}

int visit_next(const struct visit_rules *rules, int used, bool is_exempt, struct visit *ret)
{
	int free_times = is_exempt ? rules->exempt_free_times : rules->free_times;
	if (used < 0 || used > TIMES_MAX)
		return ERR_INVALID;
	int number = used + 1;
	*ret = (struct visit){
	        .number = number,
	        .is_over = number > rules->year_times,
	        .left_times = at_least_none(rules->year_times - number),
	        .free_left_times = at_least_none(free_times - number),
	};
	ret->is_free = !ret->is_over && number <= free_times;
	ret->fee_yen = ret->is_free || ret->is_over ? 0 : rules->fee_yen;
	return 0;
}

int visit_used_on(int used, int32_t today, int32_t day, int *ret)
{
	if (day < today)
		return ERR_INVALID;
	*ret = calendar_fiscal_year(day) == calendar_fiscal_year(today) ? used : 0;
	return 0;
}

int visit_cancel_by(const struct visit_rules *rules, const struct holidays *h, int32_t day, int32_t *ret)
{
	for (int i = 0; i < rules->cancel_before_days; i++) {
		int r = holidays_previous_open(h, day, &day);
		if (r < 0)
			return r;
	}
	*ret = day;
	return 0;
}
