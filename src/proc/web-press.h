/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The press as the site asks it: questions under way on an event loop, each with its time limit. */
#pragma once

#include "base/check.h"
#include "web/site.h"

struct event_base;
struct web_press;

enum {
	WEB_PAPERS_MAX = 16,            /* under way; further ones get ERR_BUSY */
	WEB_PAPER_LIMIT_MS = 10 * 1000, /* waiting for those before it included */
};

/* socket_path: copied. */
struct web_press *web_press_new(struct event_base *base, const char *socket_path);
/* Takes NULL. Questions under way are answered with ERR_CLOSED. */
void web_press_free(struct web_press *press);
struct site_press web_press_of(struct web_press *press);
