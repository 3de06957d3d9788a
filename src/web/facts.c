/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/facts.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "web/site-inside.h"

static int read_own(const struct page *p, const struct keep_own_fact_list *rows, struct facts *own)
{
	struct rules_complaint complaint;
	int r = 0;
	for (size_t i = 0; i < rows->n; i++) {
		if (facts_load_text(rows->at[i].yaml, "own", &rows->at[i].region, p->arena, own, &complaint) >= 0)
			continue;
		r = ERR_INVALID;
		log_event(LOG_LEVEL_WARNING, "fact.unreadable", LOG_NUMBER("number", (int64_t) rows->at[i].number));
	}
	return r;
}

const struct facts *page_shipped_facts(const struct page *p)
{
	static const struct facts none;
	const struct facts *facts = p->inside->site->options.facts;
	return facts ? facts : &none;
}

const struct facts *page_facts(const struct page *p)
{
	struct page_inside *inside = p->inside;
	struct keep_own_fact_list_out out = {0};
	struct facts own = {0}, *all = NULL;

	if (inside->facts)
		return inside->facts;
	inside->facts = page_shipped_facts(p);
	/* Without the keeper the shipped ones are better than none; a page that lists or changes facts says so. */
	int r = p->keep ? keep_own_fact_list(p->keep, &p->actor, &(struct keep_own_fact_list_in){0}, p->arena, &out)
	                : ERR_UNAVAILABLE;
	if (r >= 0)
		r = read_own(p, &out.facts, &own);
	if (own.n > 0) {
		all = arena_alloc(p->arena, sizeof(*all));
		int laid = all ? facts_overlay(inside->facts, &own, p->arena, all) : ERR_TOO_LARGE;
		inside->facts = laid >= 0 ? all : inside->facts;
		r = laid < 0 ? laid : r;
	}
	inside->facts_are_whole = r >= 0;
	if (r < 0)
		log_event(LOG_LEVEL_WARNING, "fact.not-read", LOG_TEXT("why", err_text(r)));
	return inside->facts;
}

bool page_facts_are_whole(const struct page *p)
{
	(void) page_facts(p);
	return p->inside->facts_are_whole;
}

struct str page_today(const struct page *p)
{
	char text[CLOCK_TEXT_BYTES];
	clock_format_local(p->now_us, text);
	return arena_dup(p->arena, str_make(text, strlen("2026-01-31")));
}
