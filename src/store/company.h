/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the company itself knows: saved official addresses and numbers, changes to the brand table, senders seen before.
 */
#pragma once

#include "base/arena.h"
#include "ledger/event.h"
#include "store/rows.h"
#include "store/store.h"

int contact_insert(struct store *s, const struct keep_contact *row, uint64_t *ret_id) MUST_CHECK;
int contact_list_of(struct store *s, struct str brand, struct arena *a,
                    struct keep_contact_list *ret) MUST_CHECK;                                       /* "" all */
int contact_remove(struct store *s, uint64_t id, struct arena *a, struct str *ret_brand) MUST_CHECK; /* ERR_NOT_FOUND */
int brand_insert(struct store *s, const struct keep_brand *row, uint64_t *ret_id) MUST_CHECK;        /* ERR_EXISTS */
int brand_list_all(struct store *s, struct arena *a, struct keep_brand_list *ret) MUST_CHECK;
int brand_remove(struct store *s, uint64_t id, struct arena *a, struct str *ret_brand) MUST_CHECK; /* ERR_NOT_FOUND */

/* First time a sender was seen; ERR_NOT_FOUND. */
int sender_first_seen(struct store *s, const struct ledger_hash *hash, uint64_t *ret_us) MUST_CHECK;
int sender_insert(struct store *s, const struct ledger_hash *hash, int64_t now_us) MUST_CHECK;
int sender_count(struct store *s, uint64_t *ret) MUST_CHECK;
