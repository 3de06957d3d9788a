/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A month in figures, by name: reports, reports-danger, answered, answer-minutes (the middle one), ai-requests,
 * ai-stopped, ai-masked, ai-yen. */
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/ai.h"
#include "keep/month.h"
#include "store/month.h"

enum { MONTHS_OF_TREND = 13, MONTH_DIGITS = 6 };
#define CLOSED "month.closed"

/* The first moment of a month in the zone of the machine. */
static int64_t month_start_us(uint64_t month)
{
	struct tm first = {
	        .tm_year = (int) (month / 100) - 1900, .tm_mon = (int) (month % 100) - 1, .tm_mday = 1, .tm_isdst = -1};
	return (int64_t) mktime(&first) * CLOCK_SECOND_US;
}

static uint64_t month_after(uint64_t month)
{
	return month % 100 == 12 ? month + 89 : month + 1;
}

static uint64_t month_before(uint64_t month, unsigned n)
{
	for (; n > 0; n--)
		month = month % 100 == 1 ? month - 89 : month - 1;
	return month;
}

static int add(struct keeper *k, struct keep_month_figure_list *list, uint64_t month, const char *name, uint64_t value)
{
	struct keep_month_figure *row = ARENA_PUSH(k->arena, list);
	if (!row)
		return ERR_TOO_LARGE;
	*row = (struct keep_month_figure){month, str_of(name), value, k->now_us};
	return 0;
}

static int count_cases(struct keeper *k, uint64_t month, struct keep_month_figure_list *list)
{
	struct month_cases cases = {0};
	int r = month_count_cases(k->store, month_start_us(month), month_start_us(month_after(month)), &cases);
	if (r >= 0)
		r = add(k, list, month, "reports", cases.opened);
	if (r >= 0)
		r = add(k, list, month, "reports-danger", cases.danger);
	if (r >= 0)
		r = add(k, list, month, "answered", cases.answered);
	return r < 0 || cases.answered == 0 ? r : add(k, list, month, "answer-minutes", cases.minutes);
}

static int count_ai(struct keeper *k, uint64_t month, struct keep_month_figure_list *list)
{
	struct keep_ai_sum_list sums = {0};
	struct keep_ai_spend spend;
	uint64_t stopped = 0, masked = 0;

	int r = ai_state_flush(k);
	if (r >= 0)
		r = ai_sum_list(k->store, 0, month, 1, k->arena, &sums);
	for (size_t i = 0; r >= 0 && i < sums.n; i++) {
		if (sums.at[i].month != month)
			continue;
		stopped += str_eq_c(sums.at[i].name, "request.stop") ? sums.at[i].value : 0;
		masked += str_eq_c(sums.at[i].name, "request.mask") ? sums.at[i].value : 0;
	}
	if (r >= 0)
		r = ai_spend_get(k->store, AI_SCOPE_COMPANY, 0, STR(""), month, month, &spend);
	if (r >= 0)
		r = add(k, list, month, "ai-requests", spend.requests);
	if (r >= 0)
		r = add(k, list, month, "ai-stopped", stopped);
	if (r >= 0)
		r = add(k, list, month, "ai-masked", masked);
	return r < 0 ? r : add(k, list, month, "ai-yen", (spend.microyen + AI_MICROYEN / 2) / AI_MICROYEN);
}

static int count(struct keeper *k, uint64_t month, struct keep_month_figure_list *list)
{
	int r = count_cases(k, month, list);
	return r < 0 ? r : count_ai(k, month, list);
}

static int keep_month(struct keeper *k, uint64_t month)
{
	struct keep_month_figure_list list = {0};
	int r = count(k, month, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++)
		r = month_figure_set(k->store, &list.at[i]);
	if (r >= 0)
		r = house_set_number(k->store, CLOSED, month);
	if (r < 0)
		return r;
	struct event e = event_make("month.closed", k->now_us);
	event_add_number(&e, "month", (int64_t) month);
	for (size_t i = 0; i < list.n; i++)
		event_add_number(&e, arena_cstr(k->arena, list.at[i].name), (int64_t) list.at[i].value);
	return keeper_record(k, &e);
}

int month_close(struct keeper *k)
{
	uint64_t last = 0, before = month_before(ai_month(k->now_us), 1);
	int r = house_get_number(k->store, CLOSED, &last);
	if (r == ERR_NOT_FOUND) /* it begins in this month: the one before has no figures */
		return house_set_number(k->store, CLOSED, before);
	return r < 0 || last >= before ? r : keep_month(k, before);
}

static bool is_month(uint64_t month)
{
	return month / 100 >= 2020 && month / 100 <= 9999 && month % 100 >= 1 && month % 100 <= 12;
}

int handle_month_report(struct keeper *k, const struct keep_month_report_in *in, struct keep_month_report_out *out)
{
	uint64_t now = ai_month(k->now_us);
	out->month = in->month ? in->month : now;
	if (!is_month(out->month) || out->month > now)
		return ERR_NOT_FOUND;
	out->is_running = out->month == now;
	int r = month_figure_list(k->store, month_before(out->month, MONTHS_OF_TREND - 1), out->month, k->arena,
	                          &out->figures);
	if (r >= 0 && out->is_running)
		r = count(k, now, &out->figures);
	return r;
}
