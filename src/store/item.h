/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Items of registers: every change is kept, the last one counts. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

/* row->id 0: a new item. */
int item_insert(struct store *s, const struct keep_item *row, uint64_t *ret_id) MUST_CHECK;
/* Those that count, of one register, by the time they came in; at most limit. */
int item_list_current(struct store *s, struct str register_word, uint64_t limit, struct arena *a,
                      struct keep_item_list *ret) MUST_CHECK;
/* Those with a day, up to and with until, by day. */
int item_list_due(struct store *s, struct str until, uint64_t limit, struct arena *a,
                  struct keep_item_list *ret) MUST_CHECK;
/* The same for reminders: of a body only "owner", and with titles what an item is called ("name", "task", "topic",
 * "person", "declaration"), each cut to 300 characters. */
int item_list_reminders(struct store *s, struct str until, bool titles, uint64_t limit, struct arena *a,
                        struct keep_item_list *ret) MUST_CHECK;
/* Every change of one, newest first. */
int item_list_of(struct store *s, uint64_t id, uint64_t limit, struct arena *a, struct keep_item_list *ret) MUST_CHECK;
/* changes: ever, of all registers; items, bytes of their bodies: what counts of one. */
struct item_room {
	uint64_t changes, items, bytes;
};
int item_count(struct store *s, struct str register_word, struct item_room *ret) MUST_CHECK;
/* Of each register that has any: how many, and how many of them were due before today. */
int item_count_each(struct store *s, struct str today, struct arena *a, struct keep_item_count_list *ret) MUST_CHECK;
