/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records of the ledger for its pages: which of them, how they read, and in pieces over any length. */
#pragma once

#include "ledger/event.h"
#include "web/pages/rows.h"

enum { LEDGER_RECORDS_PER_CALL = 200, LEDGER_ARENA_MAX_BYTES = 8 * 1024 * 1024, LEDGER_DAY_BYTES = 10 };

/* What the form asks for. Days are local ones, "2026-11-23"; empty: no limit. */
struct ledger_filter {
	struct str kind, who, from, until;
	uint64_t person;
};

/* From the query. ERR_NOT_FOUND: one of the values can be nobody's choice. */
int ledger_filter_read(struct page *p, struct ledger_filter *ret);
bool ledger_filter_fits(const struct ledger_filter *filter, const struct event *e);
/* Below 0, on, above: the day of a record against a day. */
int ledger_day_compare(const struct event *e, struct str day);

/* Name of who did it; people may be NULL. */
struct str ledger_actor(struct arena *a, const struct event *e, const struct keep_person_list *people);

/* Records with number < before, newest first. */
int ledger_list(struct page *p, uint64_t before, uint64_t limit, struct str kind, struct arena *a,
                struct keep_ledger_list_out *ret);

/* From the first record to the last, piece by piece. */
struct ledger_walk {
	uint64_t at, total;
};
/* Hands at most LEDGER_RECORDS_PER_CALL records to fn, oldest first. 1: there are more, 0: those were the last. */
int ledger_walk_on(struct page *p, struct ledger_walk *walk,
                   int (*fn)(void *context, uint64_t number, struct str bytes), void *context);
