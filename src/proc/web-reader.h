/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader as the site asks it: questions under way on an event loop, each with its time limit. */
#pragma once

#include "base/check.h"
#include "web/site.h"

struct event_base;
struct web_reader;

enum {
	WEB_QUESTIONS_MAX = 64,            /* under way; further ones get ERR_BUSY */
	WEB_QUESTION_LIMIT_MS = 10 * 1000, /* waiting for a free reader included */
};

int web_reader_new(struct event_base *base, const char *socket_path, struct web_reader **ret) MUST_CHECK;
/* Takes NULL. Questions under way are answered with ERR_CLOSED. */
void web_reader_free(struct web_reader *reader);
struct site_reader web_reader_of(struct web_reader *reader);
