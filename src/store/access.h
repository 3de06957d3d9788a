/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lets people and programs in: sessions, invitations, API tokens. Only hashes of the tokens are stored. */
#pragma once

#include "base/arena.h"
#include "ledger/event.h"
#include "store/rows.h"
#include "store/store.h"

enum session_stage { SESSION_OPEN, SESSION_WAITS };

struct session {
	uint64_t id, person;
	enum session_stage stage;
	int64_t created_us, seen_us, expires_us;
};

int session_insert(struct store *s, const struct ledger_hash *token, const struct session *session,
                   uint64_t *ret_id) MUST_CHECK;
int session_find_token(struct store *s, const struct ledger_hash *token, struct session *ret) MUST_CHECK;
int session_note_seen(struct store *s, uint64_t id, int64_t now_us) MUST_CHECK;
int session_delete(struct store *s, uint64_t id) MUST_CHECK;
int session_delete_all(struct store *s, uint64_t person, uint64_t except_id) MUST_CHECK; /* number of ended ones */
int session_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_session_list *ret) MUST_CHECK;
int session_forget(struct store *s, int64_t now_us, int64_t seen_before_us) MUST_CHECK;

int invitation_insert(struct store *s, const struct ledger_hash *token, const struct keep_invitation *invitation,
                      uint64_t *ret_id) MUST_CHECK;
int invitation_find_token(struct store *s, const struct ledger_hash *token, struct arena *a,
                          struct keep_invitation *ret) MUST_CHECK;
int invitation_list_all(struct store *s, struct arena *a, struct keep_invitation_list *ret) MUST_CHECK;
/* The address that it was sent to; the new person's later. */
int invitation_set_mail(struct store *s, uint64_t id, struct str mail) MUST_CHECK;
int invitation_delete(struct store *s, uint64_t id) MUST_CHECK; /* 1, or 0 when there was none */

int token_insert(struct store *s, const struct ledger_hash *token, const struct keep_token *row,
                 uint64_t *ret_id) MUST_CHECK;
int token_find_hash(struct store *s, const struct ledger_hash *token, struct arena *a,
                    struct keep_token *ret) MUST_CHECK;
int token_find_id(struct store *s, uint64_t id, struct arena *a, struct keep_token *ret) MUST_CHECK;
int token_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_token_list *ret) MUST_CHECK;
int token_note_used(struct store *s, uint64_t id, int64_t now_us) MUST_CHECK;
int token_delete(struct store *s, uint64_t id) MUST_CHECK;
int token_delete_all(struct store *s, uint64_t person) MUST_CHECK;
