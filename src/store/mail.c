/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/mail.h"

#include "base/err.h"
#include "store/query.h"

#define MAIL_SELECT                                                                                                    \
	"SELECT m.id, m.kind, m.person, coalesce(p.name, ''), m.sealed_facts, m.made_us, m.next_us, m.tries, "         \
	"m.state, m.done_us, m.outcome, m.answer FROM mail m LEFT JOIN person p ON p.id = m.person "
#define MAIL_LISTED                                                                                                    \
	"SELECT m.id, m.kind, m.person, coalesce(p.name, ''), x'', m.made_us, m.next_us, m.tries, "                    \
	"m.state, m.done_us, m.outcome, m.answer FROM mail m LEFT JOIN person p ON p.id = m.person "

static struct keep_mail read_mail(struct query *q, struct arena *a)
{
	return (struct keep_mail){.id = query_u64(q, 0),
	                          .kind = query_bytes(q, 1, a),
	                          .person = query_u64(q, 2),
	                          .person_name = query_bytes(q, 3, a),
	                          .facts = query_bytes(q, 4, a),
	                          .made_us = query_i64(q, 5),
	                          .next_us = query_i64(q, 6),
	                          .tries = query_u64(q, 7),
	                          .state = query_u64(q, 8),
	                          .done_us = query_i64(q, 9),
	                          .outcome = query_bytes(q, 10, a),
	                          .answer = query_bytes(q, 11, a)};
}

static int read_one(struct query *q, struct arena *a, struct keep_mail *ret)
{
	int r = query_step(q);
	if (r > 0)
		*ret = read_mail(q, a);
	return query_end(q, r == 0 ? ERR_NOT_FOUND : r);
}

static int read_all(struct query *q, struct arena *a, struct keep_mail_list *ret)
{
	int r;
	while ((r = query_step(q)) > 0) {
		struct keep_mail *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = read_mail(q, a);
	}
	return query_end(q, r);
}

int mail_insert(struct store *s, const struct keep_mail_new *row, int64_t now_us, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO mail (once, kind, person, sealed_facts, made_us, next_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?5)");
	query_bind_text(&q, row->once);
	query_bind_text(&q, row->kind);
	query_bind_u64(&q, row->person);
	query_bind_blob(&q, row->facts);
	query_bind_i64(&q, now_us);
	int r = query_insert(&q, ret_id);
	return r == ERR_EXISTS ? 0 : r < 0 ? r : 1;
}

int mail_find_next(struct store *s, int64_t now_us, int64_t since_us, uint64_t each_person, struct arena *a,
                   struct keep_mail *ret)
{
	struct query q = query_start(
	        s, MAIL_SELECT
	        "WHERE m.state = 0 AND m.next_us <= ?1 AND (m.person = 0 OR m.kind = 'test' OR (SELECT count(*) "
	        "FROM mail o WHERE o.person = m.person AND o.kind <> 'test' AND o.state = 1 AND "
	        "o.done_us > ?2) < ?3) "
	        "ORDER BY m.next_us, m.id LIMIT 1");
	query_bind_i64(&q, now_us);
	query_bind_i64(&q, since_us);
	query_bind_u64(&q, each_person);
	return read_one(&q, a, ret);
}

int mail_find(struct store *s, uint64_t id, struct arena *a, struct keep_mail *ret)
{
	struct query q = query_start(s, MAIL_SELECT "WHERE m.id = ?1");
	query_bind_u64(&q, id);
	return read_one(&q, a, ret);
}

int mail_set_try(struct store *s, uint64_t id, uint64_t tries, int64_t next_us)
{
	struct query q = query_start(s, "UPDATE mail SET tries = ?2, next_us = ?3 WHERE id = ?1 AND state = 0");
	query_bind_u64(&q, id);
	query_bind_u64(&q, tries);
	query_bind_i64(&q, next_us);
	return query_run(&q);
}

int mail_set_outcome(struct store *s, uint64_t id, struct str outcome, struct str answer)
{
	struct query q = query_start(s, "UPDATE mail SET outcome = ?2, answer = ?3 WHERE id = ?1 AND state = 0");
	query_bind_u64(&q, id);
	query_bind_text(&q, outcome);
	query_bind_text(&q, answer);
	return query_run(&q);
}

int mail_finish(struct store *s, uint64_t id, enum mail_state state, int64_t now_us, struct str outcome,
                struct str answer)
{
	struct query q = query_start(s, "UPDATE mail SET state = ?2, done_us = ?3, outcome = ?4, answer = ?5, "
	                                "sealed_facts = x'' WHERE id = ?1 AND state = 0");
	query_bind_u64(&q, id);
	query_bind_u64(&q, state);
	query_bind_i64(&q, now_us);
	query_bind_text(&q, outcome);
	query_bind_text(&q, answer);
	return query_run(&q);
}

int mail_postpone(struct store *s, int64_t next_us)
{
	struct query q =
	        query_start(s, "UPDATE mail SET next_us = ?1 WHERE state = 0 AND kind <> 'test' AND next_us < ?1");
	query_bind_i64(&q, next_us);
	return query_run(&q);
}

int mail_hurry(struct store *s, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE mail SET next_us = ?1 WHERE state = 0 AND next_us > ?1");
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int mail_forget(struct store *s, int64_t before_us)
{
	struct query q = query_start(s, "DELETE FROM mail WHERE state <> 0 AND done_us < ?1");
	query_bind_i64(&q, before_us);
	return query_run(&q);
}

int mail_list_old(struct store *s, int64_t before_us, uint64_t limit, struct arena *a, struct keep_mail_list *ret)
{
	struct query q = query_start(s, MAIL_LISTED "WHERE m.state = 0 AND m.made_us < ?1 ORDER BY m.id LIMIT ?2");
	query_bind_i64(&q, before_us);
	query_bind_u64(&q, limit);
	return read_all(&q, a, ret);
}

int mail_list(struct store *s, uint64_t limit, struct arena *a, struct keep_mail_list *ret)
{
	struct query q = query_start(s, MAIL_LISTED "ORDER BY m.id DESC LIMIT ?1");
	query_bind_u64(&q, limit);
	return read_all(&q, a, ret);
}

int mail_count(struct store *s, int64_t since_us, struct mail_counts *ret)
{
	struct query q = query_start(s, "SELECT (SELECT count(*) FROM mail WHERE state = 0), "
	                                "(SELECT count(*) FROM mail WHERE state = 1 AND done_us > ?1), "
	                                "(SELECT coalesce(min(made_us), 0) FROM mail WHERE state = 0), "
	                                "(SELECT coalesce(max(done_us), 0) FROM mail WHERE state = 1)");
	query_bind_i64(&q, since_us);
	int r = query_step(&q);
	if (r > 0)
		*ret = (struct mail_counts){query_u64(&q, 0), query_u64(&q, 1), query_i64(&q, 2), query_i64(&q, 3)};
	return query_end(&q, r == 0 ? ERR_STORE : r);
}
