/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/ai-key.h"

#include "base/err.h"
#include "store/query.h"

#define KEY_COLUMNS                                                                                                    \
	"k.id, k.tail, k.name, k.person, coalesce(p.name, ''), k.department, k.models, k.requests_per_minute, "        \
	"k.tokens_per_minute, k.created_us, k.created_by, k.expires_us, k.used_us, k.revoked_us "                      \
	"FROM ai_key k LEFT JOIN person p ON p.id = k.person"

static struct keep_ai_key read_key(struct query *q, struct arena *a)
{
	return (struct keep_ai_key){
	        .id = query_u64(q, 0),
	        .tail = query_bytes(q, 1, a),
	        .name = query_bytes(q, 2, a),
	        .person = query_u64(q, 3),
	        .person_name = query_bytes(q, 4, a),
	        .department = query_bytes(q, 5, a),
	        .models = query_bytes(q, 6, a),
	        .requests_per_minute = query_u64(q, 7),
	        .tokens_per_minute = query_u64(q, 8),
	        .created_us = query_i64(q, 9),
	        .created_by = query_u64(q, 10),
	        .expires_us = query_i64(q, 11),
	        .used_us = query_i64(q, 12),
	        .revoked_us = query_i64(q, 13),
	};
}

static int read_one_key(struct query *q, struct arena *a, struct keep_ai_key *ret)
{
	int r = query_step(q);
	if (r > 0)
		*ret = read_key(q, a);
	return query_end(q, r == 0 ? ERR_NOT_FOUND : r);
}

int ai_key_insert(struct store *s, const struct ledger_hash *hash, const struct keep_ai_key *row, uint64_t *ret_id)
{
	struct query q = query_start(
	        s, "INSERT INTO ai_key (key_hash, tail, name, person, department, models, requests_per_minute, "
	           "tokens_per_minute, created_us, created_by, expires_us) "
	           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
	query_bind_hash(&q, hash);
	query_bind_text(&q, row->tail);
	query_bind_text(&q, row->name);
	query_bind_u64(&q, row->person);
	query_bind_text(&q, row->department);
	query_bind_text(&q, row->models);
	query_bind_u64(&q, row->requests_per_minute);
	query_bind_u64(&q, row->tokens_per_minute);
	query_bind_i64(&q, row->created_us);
	query_bind_u64(&q, row->created_by);
	query_bind_i64(&q, row->expires_us);
	return query_insert(&q, ret_id);
}

int ai_key_find_hash(struct store *s, const struct ledger_hash *hash, struct arena *a, struct keep_ai_key *ret)
{
	struct query q = query_start(s, "SELECT " KEY_COLUMNS " WHERE k.key_hash = ?1");
	query_bind_hash(&q, hash);
	return read_one_key(&q, a, ret);
}

int ai_key_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_key *ret)
{
	struct query q = query_start(s, "SELECT " KEY_COLUMNS " WHERE k.id = ?1");
	query_bind_u64(&q, id);
	return read_one_key(&q, a, ret);
}

int ai_key_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_ai_key_list *ret)
{
	struct query q = query_start(s, "SELECT " KEY_COLUMNS " WHERE ?1 = 0 OR k.person = ?1 "
	                                "ORDER BY k.revoked_us > 0, k.id DESC LIMIT 500");
	int r;

	query_bind_u64(&q, person);
	while ((r = query_step(&q)) > 0) {
		struct keep_ai_key *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_key(&q, a);
	}
	return query_end(&q, r);
}

int ai_key_count_living(struct store *s, int64_t now_us, uint64_t *ret)
{
	struct query q = query_start(
	        s, "SELECT count(*) FROM ai_key WHERE revoked_us = 0 AND (expires_us = 0 OR expires_us > ?1)");
	query_bind_i64(&q, now_us);
	return query_one_u64(&q, ret);
}

int ai_key_update(struct store *s, const struct keep_ai_key *row)
{
	struct query q =
	        query_start(s, "UPDATE ai_key SET name = ?2, department = ?3, models = ?4, requests_per_minute = ?5, "
	                       "tokens_per_minute = ?6, expires_us = ?7 WHERE id = ?1");
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->name);
	query_bind_text(&q, row->department);
	query_bind_text(&q, row->models);
	query_bind_u64(&q, row->requests_per_minute);
	query_bind_u64(&q, row->tokens_per_minute);
	query_bind_i64(&q, row->expires_us);
	return query_run(&q);
}

int ai_key_revoke(struct store *s, uint64_t id, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE ai_key SET revoked_us = ?2 WHERE id = ?1 AND revoked_us = 0");
	query_bind_u64(&q, id);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int ai_key_note_used(struct store *s, uint64_t id, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE ai_key SET used_us = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

/* ---- the current minute ---- */

int ai_rate_get(struct store *s, uint64_t id, struct ai_rate *ret)
{
	struct query q = query_start(
	        s, "SELECT minute, requests, tokens, before_requests, before_tokens FROM ai_rate WHERE id = ?1");
	struct ai_rate rate = {0};

	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		rate = (struct ai_rate){.minute = query_u64(&q, 0),
		                        .requests = query_u64(&q, 1),
		                        .tokens = query_u64(&q, 2),
		                        .before_requests = query_u64(&q, 3),
		                        .before_tokens = query_u64(&q, 4)};
	r = query_end(&q, r);
	if (r < 0)
		return r;
	*ret = rate;
	return 0;
}

int ai_rate_set(struct store *s, uint64_t id, const struct ai_rate *rate)
{
	struct query q = query_start(
	        s, "INSERT OR REPLACE INTO ai_rate (id, minute, requests, tokens, before_requests, before_tokens) "
	           "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_u64(&q, id);
	query_bind_u64(&q, rate->minute);
	query_bind_u64(&q, rate->requests);
	query_bind_u64(&q, rate->tokens);
	query_bind_u64(&q, rate->before_requests);
	query_bind_u64(&q, rate->before_tokens);
	return query_run(&q);
}

int ai_rate_forget(struct store *s, uint64_t before_minute)
{
	struct query q = query_start(s, "DELETE FROM ai_rate WHERE minute < ?1");
	query_bind_u64(&q, before_minute);
	return query_run(&q);
}

/* ---- departments ---- */

int ai_member_get(struct store *s, uint64_t person, struct arena *a, struct str *ret_department)
{
	struct query q = query_start(s, "SELECT department FROM ai_member WHERE person = ?1");
	query_bind_u64(&q, person);
	int r = query_step(&q);
	*ret_department = r > 0 ? query_bytes(&q, 0, a) : STR("");
	return query_end(&q, r);
}

int ai_member_set(struct store *s, uint64_t person, struct str department)
{
	struct query q = query_start(s, "INSERT OR REPLACE INTO ai_member (person, department) VALUES (?1, ?2)");
	query_bind_u64(&q, person);
	query_bind_text(&q, department);
	return query_run(&q);
}

int ai_member_list_all(struct store *s, struct arena *a, struct keep_ai_member_list *ret)
{
	struct query q = query_start(s, "SELECT person, department FROM ai_member WHERE department <> '' "
	                                "ORDER BY department, person LIMIT 500");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_member *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_member){.person = query_u64(&q, 0), .department = query_bytes(&q, 1, a)};
	}
	return query_end(&q, r);
}
