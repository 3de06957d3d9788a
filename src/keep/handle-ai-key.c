/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys that people and programs show to the gate, and the departments that people belong to. */
#include "base/clock.h"
#include "base/err.h"
#include "keep/ai.h"

enum {
	KEY_DEFAULT_DAYS = 365,
	KEY_LONGEST_DAYS = 366 * 3,
	KEYS_EACH_MAX = 20,
	PER_MINUTE_MAX = 100000000,
	TAIL_BYTES = 4,
};

static int check_names(struct str name, struct str department, struct str models)
{
	return check_line(name, 1, AI_NAME_MAX_BYTES) < 0 || check_line(department, 0, AI_DEPARTMENT_MAX_BYTES) < 0 ||
	                       check_line(models, 0, AI_MODELS_LIST_MAX_BYTES) < 0
	               ? ERR_INVALID
	               : 0;
}

static int check_limits(struct keeper *k, uint64_t requests, uint64_t tokens, int64_t expires_us)
{
	if (requests > PER_MINUTE_MAX || tokens > PER_MINUTE_MAX)
		return ERR_INVALID;
	return expires_us <= k->now_us || expires_us > k->now_us + KEY_LONGEST_DAYS * CLOCK_DAY_US ? ERR_INVALID : 0;
}

static int check_owner(struct keeper *k, uint64_t person)
{
	struct keep_person owner;

	if (person != k->person.id && !ai_is_patrol(k))
		return ERR_DENIED;
	if (person == 0)
		return ai_is_patrol(k) ? 0 : ERR_DENIED;
	int r = person_find(k->store, person, k->arena, &owner);
	if (r < 0)
		return r;
	return keeper_person_is_active(k, &owner) && owner.role != ROLE_EXPERT ? 0 : ERR_DENIED;
}

static int check_room(struct keeper *k, uint64_t person)
{
	struct keep_ai_key_list keys = {0};
	uint64_t living = 0;
	size_t own = 0;

	int r = ai_key_count_living(k->store, k->now_us, &living);
	if (r >= 0 && person > 0)
		r = ai_key_list_of(k->store, person, k->arena, &keys);
	for (size_t i = 0; i < keys.n; i++)
		own += keys.at[i].revoked_us == 0;
	return r < 0 ? r : living >= AI_KEYS_MAX || own >= KEYS_EACH_MAX ? ERR_TOO_LARGE : 0;
}

static int record_key(struct keeper *k, const char *kind, const struct keep_ai_key *row)
{
	struct event e = event_make(kind, k->now_us);
	event_set_name(&e, row->name);
	event_add_number(&e, "key", (int64_t) row->id);
	event_add_number(&e, "owner", (int64_t) row->person);
	event_add_time(&e, "expires", row->expires_us);
	int r = keeper_record(k, &e);
	return r < 0 ? r : ai_changed(k);
}

int handle_ai_key_new(struct keeper *k, const struct keep_ai_key_new_in *in, struct keep_ai_key_new_out *out)
{
	struct keep_ai_key row = {.name = in->name,
	                          .person = in->person,
	                          .department = in->department,
	                          .models = in->models,
	                          .requests_per_minute = in->requests_per_minute,
	                          .tokens_per_minute = in->tokens_per_minute,
	                          .created_us = k->now_us,
	                          .created_by = k->person.id,
	                          .expires_us = in->expires_us};

	if (row.expires_us == 0)
		row.expires_us = k->now_us + KEY_DEFAULT_DAYS * CLOCK_DAY_US;
	int r = check_names(row.name, row.department, row.models);
	if (r >= 0)
		r = check_limits(k, row.requests_per_minute, row.tokens_per_minute, row.expires_us);
	if (r >= 0)
		r = check_owner(k, row.person);
	if (r >= 0)
		r = check_room(k, row.person);
	if (r < 0)
		return r;
	out->key = keeper_new_token(k, "sonae-ai-");
	row.tail = str_slice(out->key, out->key.n - TAIL_BYTES, out->key.n);
	struct ledger_hash hash = keeper_token_hash(out->key);
	r = ai_key_insert(k->store, &hash, &row, &row.id);
	if (r < 0)
		return r;
	out->id = row.id;
	return record_key(k, "ai.key-created", &row);
}

int handle_ai_key_list(struct keeper *k, const struct keep_ai_key_list_in *in, struct keep_ai_key_list_out *out)
{
	if (in->all && !ai_is_patrol(k))
		return ERR_DENIED;
	if (!in->all && k->person.id == 0)
		return ERR_DENIED;
	return ai_key_list_of(k->store, in->all ? 0 : k->person.id, k->arena, &out->keys);
}

int handle_ai_key_change(struct keeper *k, const struct keep_ai_key_change_in *in, struct keep_ai_key_change_out *out)
{
	struct keep_ai_key row;

	int r = check_names(in->name, in->department, in->models);
	if (r >= 0)
		r = check_limits(k, in->requests_per_minute, in->tokens_per_minute, in->expires_us);
	if (r >= 0)
		r = ai_key_find(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	row.name = in->name;
	row.department = in->department;
	row.models = in->models;
	row.requests_per_minute = in->requests_per_minute;
	row.tokens_per_minute = in->tokens_per_minute;
	row.expires_us = in->expires_us;
	r = ai_key_update(k->store, &row);
	if (r < 0)
		return r;
	out->done = true;
	return record_key(k, "ai.key-changed", &row);
}

int handle_ai_key_revoke(struct keeper *k, const struct keep_ai_key_revoke_in *in, struct keep_ai_key_revoke_out *out)
{
	struct keep_ai_key row;

	int r = ai_key_find(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	if ((row.person != k->person.id || row.person == 0) && !ai_is_patrol(k))
		return ERR_NOT_FOUND;
	r = ai_key_revoke(k->store, in->id, k->now_us);
	if (r < 0)
		return r;
	out->done = r > 0;
	return r > 0 ? record_key(k, "ai.key-revoked", &row) : 0;
}

/* ---- departments ---- */

int handle_ai_member_list(struct keeper *k, const struct keep_ai_member_list_in *in,
                          struct keep_ai_member_list_out *out)
{
	(void) in;
	return ai_member_list_all(k->store, k->arena, &out->members);
}

int handle_ai_member_set(struct keeper *k, const struct keep_ai_member_set_in *in, struct keep_ai_member_set_out *out)
{
	struct keep_person person;

	if (check_line(in->department, 0, AI_DEPARTMENT_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = person_find(k->store, in->person, k->arena, &person);
	if (r >= 0)
		r = ai_member_set(k->store, in->person, in->department);
	if (r >= 0)
		r = ai_record(k, "ai.department-changed", person.login, "person", in->person);
	out->done = r >= 0;
	return r < 0 ? r : ai_changed(k);
}
