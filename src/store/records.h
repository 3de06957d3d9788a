/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ledger in the store: appending, sealing with a checkpoint, listing, walking through for verifying and exporting.
 */
#pragma once

#include "base/arena.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"
#include "store/rows.h"
#include "store/store.h"

enum { RECORDS_LIST_MAX = 200 };

/* Where the ledger stands: what the next record needs. A value: copy it to be able to go back. */
struct records_state {
	struct frontier tree; /* tree.size is the number of the next record */
	struct ledger_hash last_leaf;
	uint64_t sealed; /* records under the last checkpoint */
	int64_t sealed_us;
};

/* Reads the state. ERR_CORRUPT when records are missing or the last checkpoint does not fit what is stored with it. */
int records_load(struct store *s, const struct ledger_key *key, struct records_state *ret) MUST_CHECK;
int records_append(struct store *s, struct records_state *state, const struct event *event,
                   uint64_t *ret_number) MUST_CHECK;
/* Signs a checkpoint over everything when there is something new (or no checkpoint at all). */
int records_seal(struct store *s, struct records_state *state, const struct ledger_signer *signer,
                 int64_t now_us) MUST_CHECK;
int records_last_note(struct store *s, struct arena *a, struct str *ret_note, uint64_t *ret_size) MUST_CHECK;
/* Newest first, number < before (0: all), of one kind or all. */
int records_list(struct store *s, uint64_t before, uint64_t limit, struct str kind, struct arena *a,
                 struct keep_ledger_record_list *ret) MUST_CHECK;
int records_count(struct store *s, struct str kind, uint64_t *ret) MUST_CHECK;

/* The bytes of the records of one kind, number >= from, in order; a negative answer ends it and is returned. */
int records_visit_kind(struct store *s, struct str kind, uint64_t from, int (*visit)(void *context, struct str bytes),
                       void *context) MUST_CHECK;

/* In order, each checkpoint behind the last record that it covers; a negative answer ends the walk and is returned. */
struct records_visitor {
	int (*record)(void *context, uint64_t number, const struct ledger_hash *leaf, struct str bytes);
	int (*checkpoint)(void *context, struct str note);
	void *context;
};
int records_walk(struct store *s, const struct records_visitor *visitor) MUST_CHECK;
