/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/access.h"

#include "base/err.h"
#include "store/query.h"

/* ---- sessions ---- */

int session_insert(struct store *s, const struct ledger_hash *token, const struct session *session, uint64_t *ret_id)
{
	struct query q =
	        query_start(s, "INSERT INTO session (token_hash, person, stage, created_us, seen_us, expires_us) "
	                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_hash(&q, token);
	query_bind_u64(&q, session->person);
	query_bind_u64(&q, session->stage);
	query_bind_i64(&q, session->created_us);
	query_bind_i64(&q, session->seen_us);
	query_bind_i64(&q, session->expires_us);
	return query_insert(&q, ret_id);
}

int session_find_token(struct store *s, const struct ledger_hash *token, struct session *ret)
{
	struct query q = query_start(
	        s, "SELECT id, person, stage, created_us, seen_us, expires_us FROM session WHERE token_hash = ?1");
	query_bind_hash(&q, token);
	int r = query_step(&q);
	if (r > 0)
		*ret = (struct session){.id = query_u64(&q, 0),
		                        .person = query_u64(&q, 1),
		                        .stage = query_u64(&q, 2) ? SESSION_WAITS : SESSION_OPEN,
		                        .created_us = query_i64(&q, 3),
		                        .seen_us = query_i64(&q, 4),
		                        .expires_us = query_i64(&q, 5)};
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int session_note_seen(struct store *s, uint64_t id, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE session SET seen_us = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int session_delete(struct store *s, uint64_t id)
{
	struct query q = query_start(s, "DELETE FROM session WHERE id = ?1");
	query_bind_u64(&q, id);
	return query_run(&q);
}

int session_delete_all(struct store *s, uint64_t person, uint64_t except_id)
{
	struct query q = query_start(s, "DELETE FROM session WHERE person = ?1 AND id <> ?2");
	query_bind_u64(&q, person);
	query_bind_u64(&q, except_id);
	return query_run(&q);
}

int session_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_session_list *ret)
{
	struct query q = query_start(s, "SELECT id, created_us, seen_us, expires_us FROM session "
	                                "WHERE person = ?1 AND stage = 0 ORDER BY seen_us DESC LIMIT 100");
	int r;

	query_bind_u64(&q, person);
	while ((r = query_step(&q)) > 0) {
		struct keep_session *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_session){query_u64(&q, 0), query_i64(&q, 1), query_i64(&q, 2), query_i64(&q, 3)};
	}
	return query_end(&q, r);
}

int session_forget(struct store *s, int64_t now_us, int64_t seen_before_us)
{
	struct query q = query_start(s, "DELETE FROM session WHERE expires_us <= ?1 OR seen_us < ?2");
	query_bind_i64(&q, now_us);
	query_bind_i64(&q, seen_before_us);
	return query_run(&q);
}

/* ---- invitations ---- */

#define INVITATION_COLUMNS                                                                                             \
	"i.id, i.person, i.name, coalesce(p.login, ''), i.role, i.language, i.expires_us, i.created_by, "              \
	"i.person_expires_us, i.mail FROM invitation i LEFT JOIN person p ON p.id = i.person"

static struct keep_invitation read_invitation(struct query *q, struct arena *a)
{
	return (struct keep_invitation){
	        .id = query_u64(q, 0),
	        .person = query_u64(q, 1),
	        .name = query_bytes(q, 2, a),
	        .login = query_bytes(q, 3, a),
	        .role = query_u64(q, 4),
	        .language = query_bytes(q, 5, a),
	        .expires_us = query_i64(q, 6),
	        .created_by = query_u64(q, 7),
	        .person_expires_us = query_i64(q, 8),
	        .mail = query_bytes(q, 9, a),
	};
}

int invitation_insert(struct store *s, const struct ledger_hash *token, const struct keep_invitation *i,
                      uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO invitation (token_hash, person, name, role, language, "
	                                "person_expires_us, expires_us, created_by) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	query_bind_hash(&q, token);
	query_bind_u64(&q, i->person);
	query_bind_text(&q, i->name);
	query_bind_u64(&q, i->role);
	query_bind_text(&q, i->language);
	query_bind_i64(&q, i->person_expires_us);
	query_bind_i64(&q, i->expires_us);
	query_bind_u64(&q, i->created_by);
	return query_insert(&q, ret_id);
}

int invitation_find_token(struct store *s, const struct ledger_hash *token, struct arena *a,
                          struct keep_invitation *ret)
{
	struct query q = query_start(s, "SELECT " INVITATION_COLUMNS " WHERE i.token_hash = ?1");
	query_bind_hash(&q, token);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_invitation(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int invitation_list_all(struct store *s, struct arena *a, struct keep_invitation_list *ret)
{
	struct query q = query_start(s, "SELECT " INVITATION_COLUMNS " ORDER BY i.id DESC LIMIT 500");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_invitation *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_invitation(&q, a);
	}
	return query_end(&q, r);
}

int invitation_set_mail(struct store *s, uint64_t id, struct str mail)
{
	struct query q = query_start(s, "UPDATE invitation SET mail = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_text(&q, mail);
	return query_run(&q);
}

int invitation_delete(struct store *s, uint64_t id)
{
	struct query q = query_start(s, "DELETE FROM invitation WHERE id = ?1");
	query_bind_u64(&q, id);
	return query_run(&q);
}

/* ---- API tokens ---- */

#define TOKEN_COLUMNS "id, person, name, scopes, created_us, expires_us, used_us FROM api_token"

static struct keep_token read_token(struct query *q, struct arena *a)
{
	return (struct keep_token){query_u64(q, 0), query_u64(q, 1), query_bytes(q, 2, a), query_u64(q, 3),
	                           query_i64(q, 4), query_i64(q, 5), query_i64(q, 6)};
}

static int read_one_token(struct query *q, struct arena *a, struct keep_token *ret)
{
	int r = query_step(q);
	if (r > 0)
		*ret = read_token(q, a);
	return query_end(q, r == 0 ? ERR_NOT_FOUND : r);
}

int token_insert(struct store *s, const struct ledger_hash *token, const struct keep_token *row, uint64_t *ret_id)
{
	struct query q =
	        query_start(s, "INSERT INTO api_token (token_hash, person, name, scopes, created_us, expires_us) "
	                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_hash(&q, token);
	query_bind_u64(&q, row->person);
	query_bind_text(&q, row->name);
	query_bind_u64(&q, row->scopes);
	query_bind_i64(&q, row->created_us);
	query_bind_i64(&q, row->expires_us);
	return query_insert(&q, ret_id);
}

int token_find_hash(struct store *s, const struct ledger_hash *token, struct arena *a, struct keep_token *ret)
{
	struct query q = query_start(s, "SELECT " TOKEN_COLUMNS " WHERE token_hash = ?1");
	query_bind_hash(&q, token);
	return read_one_token(&q, a, ret);
}

int token_find_id(struct store *s, uint64_t id, struct arena *a, struct keep_token *ret)
{
	struct query q = query_start(s, "SELECT " TOKEN_COLUMNS " WHERE id = ?1");
	query_bind_u64(&q, id);
	return read_one_token(&q, a, ret);
}

int token_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_token_list *ret)
{
	struct query q = query_start(s, "SELECT " TOKEN_COLUMNS " WHERE person = ?1 ORDER BY id DESC LIMIT 200");
	int r;

	query_bind_u64(&q, person);
	while ((r = query_step(&q)) > 0) {
		struct keep_token *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_token(&q, a);
	}
	return query_end(&q, r);
}

int token_note_used(struct store *s, uint64_t id, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE api_token SET used_us = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int token_delete(struct store *s, uint64_t id)
{
	struct query q = query_start(s, "DELETE FROM api_token WHERE id = ?1");
	query_bind_u64(&q, id);
	return query_run(&q);
}

int token_delete_all(struct store *s, uint64_t person)
{
	struct query q = query_start(s, "DELETE FROM api_token WHERE person = ?1");
	query_bind_u64(&q, person);
	return query_run(&q);
}
