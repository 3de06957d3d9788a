/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/facts.h"

#include "base/clock.h"
#include "web/site-inside.h"

const struct facts *page_facts(const struct page *p)
{
	static const struct facts none;
	const struct facts *facts = p->inside->site->options.facts;
	return facts ? facts : &none;
}

struct str page_today(const struct page *p)
{
	char text[CLOCK_TEXT_BYTES];
	clock_format_local(p->now_us, text);
	return arena_dup(p->arena, str_make(text, strlen("2026-01-31")));
}
