/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/ledger-rows.h"

#include "base/clock.h"
#include "base/err.h"

/* "" or "2026-11-23"; whether there is such a day does not matter for comparing. */
static bool is_day(struct str s)
{
	if (s.n != 0 && s.n != LEDGER_DAY_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (i == 4 || i == 7 ? s.p[i] != '-' : !ascii_is_digit(s.p[i]))
			return false;
	return true;
}

int ledger_filter_read(struct page *p, struct ledger_filter *ret)
{
	struct ledger_filter f = {.kind = str_trim(page_query(p, "kind")),
	                          .who = str_trim(page_query(p, "who")),
	                          .from = str_trim(page_query(p, "from")),
	                          .until = str_trim(page_query(p, "until"))};
	if (!is_day(f.from) || !is_day(f.until) || (f.kind.n > 0 && !event_is_word(f.kind)) ||
	    (f.who.n > 0 && str_parse_u64(f.who, INT64_MAX, &f.person) < 0))
		return ERR_NOT_FOUND;
	*ret = f;
	return 0;
}

int ledger_day_compare(const struct event *e, struct str day)
{
	char local[CLOCK_TEXT_BYTES];
	clock_format_local(e->time_us, local);
	return memcmp(local, day.p, LEDGER_DAY_BYTES);
}

bool ledger_filter_fits(const struct ledger_filter *f, const struct event *e)
{
	if (f->kind.n > 0 && !str_eq(f->kind, e->kind))
		return false;
	if (f->person > 0 && (e->actor != EVENT_ACTOR_PERSON || e->person != f->person))
		return false;
	if (f->from.n > 0 && ledger_day_compare(e, f->from) < 0)
		return false;
	return f->until.n == 0 || ledger_day_compare(e, f->until) <= 0;
}

struct str ledger_actor(struct arena *a, const struct event *e, const struct keep_person_list *people)
{
	if (e->actor == EVENT_ACTOR_PROGRAM)
		return e->program;
	if (e->actor != EVENT_ACTOR_PERSON)
		return STR("Sonae");
	for (size_t i = 0; people && i < people->n; i++)
		if (people->at[i].id == e->person)
			return people->at[i].name;
	return arena_printf(a, "#%llu", (unsigned long long) e->person);
}

int ledger_list(struct page *p, uint64_t before, uint64_t limit, struct str kind, struct arena *a,
                struct keep_ledger_list_out *ret)
{
	struct keep_ledger_list_in in = {.before = before, .limit = limit, .kind = kind};
	return keep_ledger_list(p->keep, &p->actor, &in, a, ret);
}

/* The keeper gives the newest first: before = the end of the piece. */
int ledger_walk_on(struct page *p, struct ledger_walk *walk,
                   int (*fn)(void *context, uint64_t number, struct str bytes), void *context)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(LEDGER_ARENA_MAX_BYTES);
	uint64_t left = walk->total - walk->at, n = left < LEDGER_RECORDS_PER_CALL ? left : LEDGER_RECORDS_PER_CALL;
	struct keep_ledger_list_out out = {0};

	if (n == 0)
		return 0;
	int r = ledger_list(p, walk->at + n, n, STR(""), a, &out);
	for (size_t i = out.records.n; r >= 0 && i > 0; i--)
		r = fn(context, out.records.at[i - 1].number, out.records.at[i - 1].bytes);
	if (r < 0)
		return r;
	walk->at += n;
	return walk->at < walk->total;
}
