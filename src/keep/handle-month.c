/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A month in figures, by name: reports, reports-danger, answered, answer-minutes (the middle one), first-reports and
 * first-report-minutes (from a mail to its first report, the middle one), ai-requests, ai-stopped, ai-masked, ai-yen;
 * score-most and score-lost of the self-diagnosis that counted at its end, overdue (due days of registers and of SCS
 * that were over and not done), incidents, drill-minutes (of the last drill of the month). What is kept once stays,
 * whatever is changed later. */
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/ai.h"
#include "keep/month.h"
#include "store/diagnosis.h"
#include "store/incident.h"
#include "store/item.h"
#include "store/month.h"

enum {
	MONTHS_OF_TREND = 13,
	DAY_BYTES = 10,
	ROUNDS_MAX = 100,
	DUE_COUNTED_MAX = 5000,
	CRITERIA_MAX = 1000,
	INCIDENTS_MAX = 1000,
	SCS_MET = 1,
	FIGURES_MAX = 15,
};
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
	if (r >= 0 && cases.answered > 0)
		r = add(k, list, month, "answer-minutes", cases.minutes);
	struct month_first_reports first = {0};
	if (r >= 0)
		r = month_count_first_reports(k->store, month_start_us(month), month_start_us(month_after(month)),
		                              &first);
	if (r >= 0 && first.count > 0)
		r = add(k, list, month, "first-reports", first.count);
	return r < 0 || first.count == 0 ? r : add(k, list, month, "first-report-minutes", first.minutes);
}

/* The self-diagnosis that counted when the month was over. */
static int count_score(struct keeper *k, uint64_t month, struct keep_month_figure_list *list)
{
	struct keep_diagnosis_list rounds = {0};
	int r = diagnosis_list_all(k->store, ROUNDS_MAX, k->arena, &rounds);
	for (size_t i = 0; r >= 0 && i < rounds.n; i++) {
		const struct keep_diagnosis *round = &rounds.at[i];
		if (round->closed_us == 0 || round->closed_us >= month_start_us(month_after(month)))
			continue;
		r = add(k, list, month, "score-most", (uint64_t) round->most);
		return r < 0 ? r : add(k, list, month, "score-lost", (uint64_t) (round->most - round->score));
	}
	return r;
}

/* Due before the first day after the month, or before today while it runs. */
static int count_overdue(struct keeper *k, uint64_t month, struct keep_month_figure_list *list)
{
	char today[CLOCK_TEXT_BYTES];
	struct keep_item_list items = {0};
	struct keep_scs_state_list states = {0};
	uint64_t count = 0;
	int64_t end_us = month_start_us(month_after(month));
	clock_format_local(k->now_us < end_us ? k->now_us : end_us, today);
	struct str day = str_make(today, DAY_BYTES);
	int r = item_list_due(k->store, day, DUE_COUNTED_MAX, k->arena, &items);
	if (r >= 0)
		r = scs_list_current(k->store, CRITERIA_MAX, k->arena, &states);
	for (size_t i = 0; i < items.n; i++)
		count += str_cmp(items.at[i].due, day) < 0;
	for (size_t i = 0; i < states.n; i++)
		count += states.at[i].due.n > 0 && states.at[i].state != SCS_MET && str_cmp(states.at[i].due, day) < 0;
	return r < 0 ? r : add(k, list, month, "overdue", count);
}

static int count_incidents(struct keeper *k, uint64_t month, struct keep_month_figure_list *list)
{
	struct keep_incident_list all = {0};
	int64_t from_us = month_start_us(month), to_us = month_start_us(month_after(month)), drill_us = -1;
	uint64_t real = 0;
	int r = incident_list_all(k->store, false, INCIDENTS_MAX, k->arena, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct keep_incident *row = &all.at[i];
		if (row->started_us < from_us || row->started_us >= to_us)
			continue;
		real += !row->is_drill;
		if (row->is_drill && row->closed_us >= row->started_us && drill_us < 0)
			drill_us = row->closed_us - row->started_us;
	}
	if (r >= 0)
		r = add(k, list, month, "incidents", real);
	return r < 0 || drill_us < 0
	               ? r
	               : add(k, list, month, "drill-minutes", (uint64_t) (drill_us / (60 * CLOCK_SECOND_US)));
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
	if (r >= 0)
		r = count_ai(k, month, list);
	if (r >= 0)
		r = count_score(k, month, list);
	if (r >= 0)
		r = count_overdue(k, month, list);
	return r < 0 ? r : count_incidents(k, month, list);
}

/* As many figures as one event holds beside the month (EVENT_FACTS_MAX). */
static int keep_month(struct keeper *k, uint64_t month)
{
	_Static_assert((int) FIGURES_MAX < (int) EVENT_FACTS_MAX, "an event has room for every figure and the month");
	struct keep_month_figure_list list = {0};
	int r = count(k, month, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++)
		r = month_figure_set(k->store, &list.at[i]);
	CHECK(list.n <= FIGURES_MAX);
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
