/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Once a day, from an hour on: what the post makes the reminders from. What a to-do says never leaves here: it is
 * sealed for its person. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/ai.h"
#include "keep/mail.h"
#include "store/diagnosis.h"
#include "store/house.h"
#include "store/incident.h"
#include "store/item.h"
#include "store/mail.h"
#include "store/month.h"
#include "store/paper.h"
#include "store/talk.h"

enum { ROWS_MAX = 2000, DAY_BYTES = 10, NEW_EACH_MAX = 200 };
#define ROUND_ROW "mail.round"
#define CLOSED_ROW "month.closed"

static struct str day_of(struct keeper *k, int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	clock_format_local(when_us, text);
	return arena_dup(k->arena, str_make(text, DAY_BYTES));
}

static int last_round(struct keeper *k, struct str *ret)
{
	int r = house_get(k->store, ROUND_ROW, k->arena, ret);
	if (r == ERR_NOT_FOUND)
		*ret = STR("");
	return r == ERR_NOT_FOUND ? 0 : r;
}

int mail_round_is_due(struct keeper *k, bool *ret)
{
	time_t now = (time_t) (k->now_us / CLOCK_SECOND_US);
	struct str last;
	struct tm local;
	uint64_t hour = 0;

	localtime_r(&now, &local);
	int r = keeper_setting_number(k, "mail.hour", &hour);
	if (r >= 0)
		r = last_round(k, &last);
	*ret = r >= 0 && (uint64_t) local.tm_hour >= hour && str_cmp(last, day_of(k, k->now_us)) < 0;
	return r < 0 ? r : 0;
}

static int list_people(struct keeper *k, struct keep_person_list *ret)
{
	struct keep_person_list all = {0};
	int r = person_list_all(k->store, k->arena, &all);
	for (size_t i = 0; r >= 0 && i < all.n; i++) {
		if (all.at[i].mail.n == 0 || !all.at[i].reminds || !keeper_person_is_active(k, &all.at[i]))
			continue;
		struct keep_person *row = ARENA_PUSH(k->arena, ret);
		if (!row)
			return ERR_TOO_LARGE;
		*row = all.at[i];
	}
	return r;
}

static int read_month(struct keeper *k, uint64_t *ret)
{
	struct keep_month_figure_list figures = {0};
	int r = house_get_number(k->store, CLOSED_ROW, ret);
	if (r == ERR_NOT_FOUND) {
		*ret = 0;
		return 0;
	}
	if (r >= 0)
		r = month_figure_list(k->store, *ret, *ret, k->arena, &figures);
	if (r >= 0 && figures.n == 0)
		*ret = 0;
	return r;
}

static int read_checkpoint(struct keeper *k, struct str *ret)
{
	struct str wanted;
	uint64_t size;
	int r = keeper_setting(k, "mail.checkpoint", &wanted);
	if (r < 0 || !str_eq_c(wanted, "yes"))
		return r;
	r = records_last_note(k->store, k->arena, ret, &size);
	return r == ERR_NOT_FOUND ? 0 : r;
}

static int read_due(struct keeper *k, struct str until, struct keep_mail_round_out *out)
{
	int r = item_list_reminders(k->store, until, out->titles, ROWS_MAX, k->arena, &out->items);
	if (r >= 0)
		r = todo_list_due(k->store, until, ROWS_MAX, k->arena, &out->todos);
	if (r >= 0)
		r = paper_version_list(k->store, STR(""), true, ROWS_MAX, k->arena, &out->papers);
	if (r >= 0)
		r = scs_list_current(k->store, ROWS_MAX, k->arena, &out->states);
	for (size_t i = 0; r >= 0 && i < out->states.n; i++)
		out->states.at[i].note = STR("");
	if (r >= 0)
		r = incident_list_all(k->store, true, ROWS_MAX, k->arena, &out->incidents);
	return r < 0 ? r : ai_services(k, &out->services);
}

int handle_mail_round(struct keeper *k, const struct keep_mail_round_in *in, struct keep_mail_round_out *out)
{
	struct str titles;

	(void) in;
	out->today = day_of(k, k->now_us);
	int r = last_round(k, &out->last);
	if (r >= 0)
		r = keeper_setting_number(k, "mail.days-before", &out->days_before);
	if (r >= 0)
		r = keeper_setting(k, "mail.item-titles", &titles);
	if (r < 0)
		return r;
	out->titles = str_eq_c(titles, "yes");
	r = list_people(k, &out->people);
	if (r >= 0)
		r = read_due(k, day_of(k, k->now_us + (int64_t) out->days_before * CLOCK_DAY_US), out);
	if (r >= 0)
		r = read_month(k, &out->month);
	return r < 0 ? r : read_checkpoint(k, &out->checkpoint);
}

int handle_mail_add(struct keeper *k, const struct keep_mail_add_in *in, struct keep_mail_add_out *out)
{
	uint64_t id;
	int r = 0;

	if (in->mails.n > NEW_EACH_MAX || in->day.n != DAY_BYTES)
		return ERR_INVALID;
	for (size_t i = 0; r >= 0 && i < in->mails.n; i++) {
		r = in->mails.at[i].person ? mail_queue(k, &in->mails.at[i], &id) : ERR_INVALID;
		out->added += r > 0;
	}
	if (r >= 0 && in->is_last)
		r = house_set(k->store, ROUND_ROW, in->day);
	return r < 0 ? r : 0;
}
