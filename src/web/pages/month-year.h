/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The year around a month, for the president's page: score and its trend, declared against proven, what is overdue,
 * incidents and drills, papers. */
#pragma once

#include "web/page.h"

/* Members "score", "rounds", "plot", "marked", "overdue", "drill", "running"; sentences to decide on are appended to
 * decisions as {text, path}. */
int month_put_year(struct page *p, json_t *decisions);
/* A sentence to decide on with a count; none for 0. */
void month_add_decision(struct page *p, json_t *decisions, const char *name, uint64_t count, const char *path);
