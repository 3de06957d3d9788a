/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending a question to the gate, for the pages that make one. */
#pragma once

#include "web/pages/ai-rows.h"

/* Sends what a template made, as a new talk: looks first, as the page /ai/ask does. prompt lives in p->arena. */
int ai_ask_with(struct page *p, const struct work_template *t, struct str prompt, struct str model, bool agreed);
