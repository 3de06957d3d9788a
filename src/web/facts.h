/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dated facts for the pages: those that came with Sonae, loaded once when the process starts, and over them what
 * the company changed, as the keeper has it at each request. */
#pragma once

#include "fact/fact.h"
#include "web/page.h"

/* Never NULL; empty where none were loaded. */
const struct facts *page_shipped_facts(const struct page *p); /* without the company's own */
const struct facts *page_facts(const struct page *p);
/* Whether page_facts() holds all that the company changed: false when the keeper did not answer or one of its facts
 * could not be read, and the shipped ones stand alone or with a gap. */
bool page_facts_are_whole(const struct page *p);
/* Name of a region in the language of the page, null for "" (everywhere); a new reference. */
json_t *facts_region_label(const struct page *p, struct str region);
/* Today in the zone of the machine, YYYY-MM-DD, for fact_is_expired(); lives in p->arena. */
struct str page_today(const struct page *p);
