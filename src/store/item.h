/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Items of registers: every change is kept, the last one counts. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

/* row->id 0: a new item. */
int item_insert(struct store *s, const struct keep_item *row, uint64_t *ret_id) MUST_CHECK;
/* Those that count, of one register or all (""), by the time they came in; at most limit. */
int item_list_current(struct store *s, struct str register_word, uint64_t limit, struct arena *a,
                      struct keep_item_list *ret) MUST_CHECK;
/* Those with a day, up to and with until, by day. */
int item_list_due(struct store *s, struct str until, uint64_t limit, struct arena *a,
                  struct keep_item_list *ret) MUST_CHECK;
/* Every change of one, newest first. */
int item_list_of(struct store *s, uint64_t id, uint64_t limit, struct arena *a, struct keep_item_list *ret) MUST_CHECK;
/* All changes ever, and items of one register. */
int item_count(struct store *s, struct str register_word, uint64_t *ret_changes, uint64_t *ret_items) MUST_CHECK;
