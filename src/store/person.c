/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/person.h"

#include "base/err.h"
#include "store/query.h"

#define PERSON_COLUMNS                                                                                                 \
	"id, name, login, role, language, state, length(totp_secret) > 0, length(password_hash) > 0, expires_us, "     \
	"created_us, last_login_us, mail, reminds"

static struct keep_person read_person(struct query *q, struct arena *a)
{
	return (struct keep_person){
	        .id = query_u64(q, 0),
	        .name = query_bytes(q, 1, a),
	        .login = query_bytes(q, 2, a),
	        .role = query_u64(q, 3),
	        .language = query_bytes(q, 4, a),
	        .state = query_u64(q, 5),
	        .second_factor = query_u64(q, 6) != 0,
	        .has_password = query_u64(q, 7) != 0,
	        .expires_us = query_i64(q, 8),
	        .created_us = query_i64(q, 9),
	        .last_login_us = query_i64(q, 10),
	        .mail = query_bytes(q, 11, a),
	        .reminds = query_u64(q, 12) != 0,
	};
}

static int read_one(struct query *q, struct arena *a, struct keep_person *ret)
{
	int r = query_step(q);
	if (r > 0)
		*ret = read_person(q, a);
	return query_end(q, r == 0 ? ERR_NOT_FOUND : r);
}

static int read_all(struct query *q, struct arena *a, struct keep_person_list *ret)
{
	int r;
	while ((r = query_step(q)) > 0) {
		struct keep_person *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = read_person(q, a);
	}
	return query_end(q, r);
}

int person_insert(struct store *s, const struct keep_person *p, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO person (name, login, role, language, expires_us, created_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_text(&q, p->name);
	query_bind_text(&q, p->login);
	query_bind_u64(&q, p->role);
	query_bind_text(&q, p->language);
	query_bind_i64(&q, p->expires_us);
	query_bind_i64(&q, p->created_us);
	return query_insert(&q, ret_id);
}

int person_find(struct store *s, uint64_t id, struct arena *a, struct keep_person *ret)
{
	struct query q = query_start(s, "SELECT " PERSON_COLUMNS " FROM person WHERE id = ?1");
	query_bind_u64(&q, id);
	return read_one(&q, a, ret);
}

int person_find_login(struct store *s, struct str login, struct arena *a, struct keep_person *ret)
{
	struct query q = query_start(s, "SELECT " PERSON_COLUMNS " FROM person WHERE login = ?1");
	query_bind_text(&q, login);
	return read_one(&q, a, ret);
}

int person_list_all(struct store *s, struct arena *a, struct keep_person_list *ret)
{
	struct query q = query_start(s, "SELECT " PERSON_COLUMNS " FROM person ORDER BY state, role, name LIMIT 500");
	return read_all(&q, a, ret);
}

int person_list_expired(struct store *s, int64_t now_us, struct arena *a, struct keep_person_list *ret)
{
	struct query q =
	        query_start(s, "SELECT " PERSON_COLUMNS
	                       " FROM person WHERE state = 0 AND expires_us > 0 AND expires_us <= ?1 LIMIT 100");
	query_bind_i64(&q, now_us);
	return read_all(&q, a, ret);
}

int person_update(struct store *s, const struct keep_person *p)
{
	struct query q = query_start(
	        s, "UPDATE person SET name = ?2, role = ?3, language = ?4, state = ?5, expires_us = ?6 WHERE id = ?1");
	query_bind_u64(&q, p->id);
	query_bind_text(&q, p->name);
	query_bind_u64(&q, p->role);
	query_bind_text(&q, p->language);
	query_bind_u64(&q, p->state);
	query_bind_i64(&q, p->expires_us);
	return query_run(&q);
}

int person_set_mail(struct store *s, uint64_t id, struct str mail, bool reminds)
{
	struct query q = query_start(s, "UPDATE person SET mail = ?2, reminds = ?3 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_text(&q, mail);
	query_bind_u64(&q, reminds);
	return query_run(&q);
}

int person_note_login(struct store *s, uint64_t id, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE person SET last_login_us = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int person_count_managers(struct store *s, uint64_t except, int64_t now_us, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM person WHERE role IN (0, 1) AND state = 0 AND id <> ?1 "
	                                "AND (expires_us = 0 OR expires_us > ?2)");
	query_bind_u64(&q, except);
	query_bind_i64(&q, now_us);
	return query_one_u64(&q, ret);
}

int person_count(struct store *s, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM person WHERE state = 0");
	return query_one_u64(&q, ret);
}

/* ---- secrets ---- */

int person_secrets_get(struct store *s, uint64_t id, struct arena *a, struct person_secrets *ret)
{
	struct query q = query_start(
	        s, "SELECT password_hash, totp_secret, totp_pending, totp_last_step FROM person WHERE id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = (struct person_secrets){query_bytes(&q, 0, a), query_bytes(&q, 1, a), query_bytes(&q, 2, a),
		                               query_u64(&q, 3)};
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int person_set_password(struct store *s, uint64_t id, struct str hash)
{
	struct query q = query_start(s, "UPDATE person SET password_hash = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_text(&q, hash);
	return query_run(&q);
}

int person_set_totp_pending(struct store *s, uint64_t id, struct str secret)
{
	struct query q = query_start(s, "UPDATE person SET totp_pending = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_blob(&q, secret);
	return query_run(&q);
}

int person_set_totp(struct store *s, uint64_t id, struct str secret, uint64_t last_step)
{
	struct query q = query_start(
	        s, "UPDATE person SET totp_secret = ?2, totp_pending = x'', totp_last_step = ?3 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_blob(&q, secret);
	query_bind_u64(&q, last_step);
	return query_run(&q);
}

int person_replace_totp(struct store *s, uint64_t id, struct str secret, struct str pending)
{
	struct query q = query_start(s, "UPDATE person SET totp_secret = ?2, totp_pending = ?3 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_blob(&q, secret);
	query_bind_blob(&q, pending);
	return query_run(&q);
}

int person_next_second_factor(struct store *s, uint64_t above, uint64_t *ret_id)
{
	struct query q = query_start(s, "SELECT id FROM person WHERE id > ?1 AND (length(totp_secret) > 0 OR "
	                                "length(totp_pending) > 0) ORDER BY id LIMIT 1");
	query_bind_u64(&q, above);
	int r = query_step(&q);
	if (r > 0)
		*ret_id = query_u64(&q, 0);
	int ended = query_end(&q, r);
	return ended < 0 ? ended : r;
}

int person_set_totp_step(struct store *s, uint64_t id, uint64_t step)
{
	struct query q = query_start(s, "UPDATE person SET totp_last_step = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_u64(&q, step);
	return query_run(&q);
}

int recovery_add(struct store *s, uint64_t person, const struct ledger_hash *hash)
{
	struct query q = query_start(s, "INSERT INTO recovery_code (person, hash) VALUES (?1, ?2)");
	query_bind_u64(&q, person);
	query_bind_hash(&q, hash);
	return query_run(&q);
}

int recovery_use(struct store *s, uint64_t person, const struct ledger_hash *hash)
{
	struct query q = query_start(s, "DELETE FROM recovery_code WHERE person = ?1 AND hash = ?2");
	query_bind_u64(&q, person);
	query_bind_hash(&q, hash);
	return query_run(&q);
}

int recovery_clear(struct store *s, uint64_t person)
{
	struct query q = query_start(s, "DELETE FROM recovery_code WHERE person = ?1");
	query_bind_u64(&q, person);
	return query_run(&q);
}

/* ---- throttle ---- */

int throttle_get(struct store *s, const struct ledger_hash *key, struct throttle *ret)
{
	struct query q = query_start(s, "SELECT failures, last_us, until_us FROM login_throttle WHERE key = ?1");
	query_bind_hash(&q, key);
	int r = query_step(&q);
	*ret = (struct throttle){0};
	if (r > 0)
		*ret = (struct throttle){query_u64(&q, 0), query_i64(&q, 1), query_i64(&q, 2)};
	return query_end(&q, r);
}

int throttle_set(struct store *s, const struct ledger_hash *key, const struct throttle *throttle)
{
	struct query q = query_start(
	        s, "INSERT OR REPLACE INTO login_throttle (key, failures, last_us, until_us) VALUES (?1, ?2, ?3, ?4)");
	query_bind_hash(&q, key);
	query_bind_u64(&q, throttle->failures);
	query_bind_i64(&q, throttle->last_us);
	query_bind_i64(&q, throttle->until_us);
	return query_run(&q);
}

int throttle_clear(struct store *s, const struct ledger_hash *key)
{
	struct query q = query_start(s, "DELETE FROM login_throttle WHERE key = ?1");
	query_bind_hash(&q, key);
	return query_run(&q);
}

int throttle_forget(struct store *s, int64_t before_us)
{
	struct query q = query_start(s, "DELETE FROM login_throttle WHERE last_us < ?1");
	query_bind_i64(&q, before_us);
	return query_run(&q);
}

static size_t skip_blanks(struct str s, size_t i)
{
	for (;;) {
		struct str rest = str_slice(s, i, s.n);
		if (str_starts_with(rest, STR(" ")))
			i++;
		else if (str_starts_with(rest, STR("　")))
			i += strlen("　");
		else
			return i;
	}
}

bool person_is_called(const struct keep_person *p, struct str words)
{
	size_t i = 0, k = 0;
	if (str_eq(p->login, words))
		return true;
	for (;;) {
		i = skip_blanks(p->name, i);
		k = skip_blanks(words, k);
		if (i == p->name.n || k == words.n)
			return i == p->name.n && k == words.n;
		if (p->name.p[i++] != words.p[k++])
			return false;
	}
}
