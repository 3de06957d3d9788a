/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drills run on a sample company, so that nobody calls a real bank for practice. */
#pragma once

#include "web/page.h"

/* Businesses and partners of the sample company; ids are 1, 2 ... In the arena. ERR_TOO_LARGE. */
int incident_sample_items(const struct page *p, struct keep_item_list *ret);
/* What is supposed to have happened, for a kind of incident; "" none. */
struct str incident_sample_story(const struct page *p, struct str kind);
