/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending a question to the gate, for the pages that make one. */
#pragma once

#include "web/pages/ai-rows.h"

/* Sends what a template made, as a new talk: looks first, as the page /ai/ask does. prompt lives in p->arena. */
int ai_ask_with(struct page *p, const struct work_template *t, struct str prompt, struct str model, bool agreed);
/* The last question of a talk to another model, or to the same one again: looked at, agreed to and masked as any other.
 * t: the template of the talk, NULL none. asked lives in p->arena. show: the page again, when nothing was sent; the
 * answer becomes a turn of AI_SECOND and leads to /ai/talks/:id/second. */
int ai_ask_again(struct page *p, const struct work_template *t, uint64_t talk, struct str asked, struct str model,
                 int (*show)(struct page *p));
