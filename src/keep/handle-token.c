/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * API tokens: for programs that act for a person, with fewer rights and an end. */
#include "base/clock.h"
#include "base/err.h"
#include "keep/keeper.h"
#include "store/access.h"

enum { TOKEN_NAME_MAX_BYTES = 100, TOKENS_EACH_MAX = 50, TOKEN_LONGEST_DAYS = 366, USED_STEP_SECONDS = 60 };

static int record_token(struct keeper *k, const char *kind, const struct keep_token *row)
{
	struct event e = event_make(kind, k->now_us);
	event_set_name(&e, row->name);
	event_add_number(&e, "token", (int64_t) row->id);
	event_add_number(&e, "scopes", (int64_t) row->scopes);
	event_add_number(&e, "person", (int64_t) row->person);
	return keeper_record(k, &e);
}

static int check_token(struct keeper *k, const struct keep_token_new_in *in)
{
	struct keep_token_list tokens = {0};

	if (k->person.id == 0 || k->person.role == ROLE_EXPERT)
		return ERR_DENIED;
	if (check_line(in->name, 1, TOKEN_NAME_MAX_BYTES) < 0 || in->scopes == 0 || in->scopes > TOKEN_SCOPES_ALL)
		return ERR_INVALID;
	if (in->expires_us <= k->now_us || in->expires_us > k->now_us + TOKEN_LONGEST_DAYS * CLOCK_DAY_US)
		return ERR_INVALID;
	int r = token_list_of(k->store, k->person.id, k->arena, &tokens);
	return r < 0 ? r : tokens.n >= TOKENS_EACH_MAX ? ERR_TOO_LARGE : 0;
}

int handle_token_new(struct keeper *k, const struct keep_token_new_in *in, struct keep_token_new_out *out)
{
	struct keep_token row = {.person = k->person.id,
	                         .name = in->name,
	                         .scopes = in->scopes,
	                         .created_us = k->now_us,
	                         .expires_us = in->expires_us};

	int r = check_token(k, in);
	if (r < 0)
		return r;
	out->token = keeper_new_token(k, "sonae_");
	struct ledger_hash hash = keeper_token_hash(out->token);
	r = token_insert(k->store, &hash, &row, &row.id);
	if (r < 0)
		return r;
	out->id = row.id;
	return record_token(k, "token.created", &row);
}

int handle_token_list(struct keeper *k, const struct keep_token_list_in *in, struct keep_token_list_out *out)
{
	uint64_t id = in->person ? in->person : k->person.id;

	if (id != k->person.id && !keeper_is_manager(k))
		return ERR_DENIED;
	return token_list_of(k->store, id, k->arena, &out->tokens);
}

int handle_token_revoke(struct keeper *k, const struct keep_token_revoke_in *in, struct keep_token_revoke_out *out)
{
	struct keep_token row;

	int r = token_find_id(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	if (row.person != k->person.id && !keeper_is_manager(k))
		return ERR_NOT_FOUND;
	r = token_delete(k->store, in->id);
	if (r < 0)
		return r;
	out->done = true;
	return record_token(k, "token.revoked", &row);
}

int handle_token_find(struct keeper *k, const struct keep_token_find_in *in, struct keep_token_find_out *out)
{
	struct ledger_hash hash = keeper_token_hash(in->token);
	struct keep_token row;

	int r = token_find_hash(k->store, &hash, k->arena, &row);
	if (r < 0)
		return r;
	struct keep_person *person = ARENA_PUSH(k->arena, &out->people);
	if (!person)
		return ERR_TOO_LARGE;
	r = person_find(k->store, row.person, k->arena, person);
	if (r < 0)
		return r;
	if (row.expires_us <= k->now_us || !keeper_person_is_active(k, person))
		return ERR_NOT_FOUND;
	out->scopes = row.scopes;
	out->id = row.id;
	if (k->now_us - row.used_us < USED_STEP_SECONDS * CLOCK_SECOND_US)
		return 0;
	r = token_note_used(k->store, row.id, k->now_us);
	return r < 0 ? r : 0;
}
