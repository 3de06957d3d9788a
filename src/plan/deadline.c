/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/deadline.h"

#include "base/clock.h"
#include "plan/value.h"

enum { DAYS_MAX = 365, HOURS_MAX = 24 * 30 };

const char *deadline_word(enum deadline_name name)
{
	static const char *const words[DEADLINE_COUNT] = {"first-word", "ppc-first", "ppc-final",
	                                                  "police",     "bank",      "insurer"};
	return words[name];
}

enum leak_duty leak_duty_of(const struct leak_case *leak)
{
	const enum plan_answer cases[] = {leak->sensitive, leak->property, leak->malice, leak->many};
	bool is_open = leak->personal == PLAN_UNKNOWN;
	bool is_hit = false;
	if (leak->personal == PLAN_NO)
		return LEAK_NO_DUTY;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		is_hit |= cases[i] == PLAN_YES;
		is_open |= cases[i] == PLAN_UNKNOWN;
	}
	if (is_hit && leak->personal == PLAN_YES)
		return LEAK_DUTY;
	return is_hit || is_open ? LEAK_MAY_BE_DUTY : LEAK_NO_DUTY;
}

/* The last of so many days, the day itself being the first. */
static int32_t last_of(int32_t known_day, int64_t days)
{
	return known_day + (int32_t) days - 1;
}

static void put_days(const struct facts *facts, const char *id, int32_t known_day, struct deadline *d)
{
	int64_t to = 0, from = 0;
	d->fact = fact_find(facts, str_of(id));
	d->is_unknown = !d->fact || value_whole(d->fact, "to_days", 1, DAYS_MAX, &to) < 0;
	if (d->is_unknown)
		return;
	if (value_whole(d->fact, "from_days", 1, to, &from) < 0)
		from = to;
	d->from_day = last_of(known_day, from);
	d->due_day = last_of(known_day, to);
}

static void put_hours(const struct facts *facts, const char *id, int64_t known_us, struct deadline *d)
{
	int64_t hours = 0;
	d->fact = fact_find(facts, str_of(id));
	d->is_unknown = !d->fact || value_whole(d->fact, "to_hours", 1, HOURS_MAX, &hours) < 0;
	if (!d->is_unknown)
		d->due_us = known_us + hours * 3600 * CLOCK_SECOND_US;
}

void deadline_list(const struct facts *facts, const struct leak_case *leak, int64_t known_us, int32_t known_day,
                   struct deadline ret[static DEADLINE_COUNT])
{
	enum leak_duty duty = leak_duty_of(leak);
	const char *final = leak->malice == PLAN_YES ? "deadline.ppc.final-malice" : "deadline.ppc.final";
	for (int i = 0; i < DEADLINE_COUNT; i++)
		ret[i] = (struct deadline){.name = (enum deadline_name) i, .duty = LEAK_DUTY};
	ret[DEADLINE_PPC_FIRST].duty = ret[DEADLINE_PPC_FINAL].duty = duty;
	put_hours(facts, "deadline.first-word", known_us, &ret[DEADLINE_FIRST_WORD]);
	put_days(facts, "deadline.ppc.first", known_day, &ret[DEADLINE_PPC_FIRST]);
	put_days(facts, final, known_day, &ret[DEADLINE_PPC_FINAL]);
}
