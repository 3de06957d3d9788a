/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys of people and programs for the gate (only their hashes), the requests of the current minute, departments. */
#pragma once

#include "base/arena.h"
#include "ledger/event.h"
#include "store/ai.h"
#include "store/rows.h"
#include "store/store.h"

int ai_key_insert(struct store *s, const struct ledger_hash *hash, const struct keep_ai_key *row,
                  uint64_t *ret_id) MUST_CHECK;
int ai_key_find_hash(struct store *s, const struct ledger_hash *hash, struct arena *a,
                     struct keep_ai_key *ret) MUST_CHECK;
int ai_key_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_key *ret) MUST_CHECK;
/* person 0: all. The living ones first, newest first. */
int ai_key_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_ai_key_list *ret) MUST_CHECK;
int ai_key_count_living(struct store *s, int64_t now_us, uint64_t *ret) MUST_CHECK;
/* name, department, models, limits, end */
int ai_key_update(struct store *s, const struct keep_ai_key *row) MUST_CHECK;
int ai_key_revoke(struct store *s, uint64_t id, int64_t now_us) MUST_CHECK;
int ai_key_note_used(struct store *s, uint64_t id, int64_t now_us) MUST_CHECK;

/* Requests and tokens of a minute and of the one before. */
struct ai_rate {
	uint64_t minute; /* since 1970 */
	uint64_t requests, tokens, before_requests, before_tokens;
};
/* Who is limited: a key, or a person on the page. */
#define AI_RATE_PERSON(person) ((UINT64_C(1) << 40) + (person))
int ai_rate_get(struct store *s, uint64_t id, struct ai_rate *ret) MUST_CHECK; /* zeros when there is none */
int ai_rate_set(struct store *s, uint64_t id, const struct ai_rate *rate) MUST_CHECK;
int ai_rate_forget(struct store *s, uint64_t before_minute) MUST_CHECK;

int ai_member_get(struct store *s, uint64_t person, struct arena *a, struct str *ret_department) MUST_CHECK; /* "" */
int ai_member_set(struct store *s, uint64_t person, struct str department) MUST_CHECK;
int ai_member_list_all(struct store *s, struct arena *a, struct keep_ai_member_list *ret) MUST_CHECK;
