/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/diagnosis.h"

#include "base/err.h"
#include "store/query.h"

/* ---- rounds ---- */

#define ROUND_SELECT                                                                                                   \
	"SELECT d.id, d.version, d.questions, d.started_us, d.started_by, coalesce(s.name, ''), d.closed_us, "         \
	"d.closed_by, coalesce(c.name, ''), d.score, d.most, d.yes, d.partly, d.no, d.unknown "                        \
	"FROM diagnosis d LEFT JOIN person s ON s.id = d.started_by LEFT JOIN person c ON c.id = d.closed_by "

int diagnosis_insert(struct store *s, const struct keep_diagnosis *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO diagnosis (version, questions, started_us, started_by) "
	                                "VALUES (?1, ?2, ?3, ?4)");
	query_bind_text(&q, row->version);
	query_bind_u64(&q, row->questions);
	query_bind_i64(&q, row->started_us);
	query_bind_u64(&q, row->started_by);
	return query_insert(&q, ret_id);
}

static struct keep_diagnosis read_round(struct query *q, struct arena *a)
{
	return (struct keep_diagnosis){.id = query_u64(q, 0),
	                               .version = query_bytes(q, 1, a),
	                               .questions = query_u64(q, 2),
	                               .started_us = query_i64(q, 3),
	                               .started_by = query_u64(q, 4),
	                               .started_by_name = query_bytes(q, 5, a),
	                               .closed_us = query_i64(q, 6),
	                               .closed_by = query_u64(q, 7),
	                               .closed_by_name = query_bytes(q, 8, a),
	                               .score = query_i64(q, 9),
	                               .most = query_i64(q, 10),
	                               .yes = query_u64(q, 11),
	                               .partly = query_u64(q, 12),
	                               .no = query_u64(q, 13),
	                               .unknown = query_u64(q, 14)};
}

int diagnosis_list_all(struct store *s, uint64_t limit, struct arena *a, struct keep_diagnosis_list *ret)
{
	struct query q = query_start(s, ROUND_SELECT "ORDER BY d.id DESC LIMIT ?1");
	int r;
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_diagnosis *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_round(&q, a);
	}
	return query_end(&q, r);
}

int diagnosis_find(struct store *s, uint64_t id, struct arena *a, struct keep_diagnosis *ret)
{
	struct query q = query_start(s, ROUND_SELECT "WHERE d.id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_round(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int diagnosis_close(struct store *s, const struct keep_diagnosis *row)
{
	struct query q = query_start(s, "UPDATE diagnosis SET closed_us = ?2, closed_by = ?3, score = ?4, most = ?5, "
	                                "yes = ?6, partly = ?7, no = ?8, unknown = ?9 WHERE id = ?1 AND closed_us = 0");
	query_bind_u64(&q, row->id);
	query_bind_i64(&q, row->closed_us);
	query_bind_u64(&q, row->closed_by);
	query_bind_i64(&q, row->score);
	query_bind_i64(&q, row->most);
	query_bind_u64(&q, row->yes);
	query_bind_u64(&q, row->partly);
	query_bind_u64(&q, row->no);
	query_bind_u64(&q, row->unknown);
	int r = query_run(&q);
	return r == 0 ? ERR_NOT_FOUND : r;
}

/* ---- answers ---- */

#define ANSWERS_SELECT                                                                                                 \
	"SELECT a.person, coalesce(p.name, ''), a.site, a.answers, a.changed_us "                                      \
	"FROM diagnosis_answers a LEFT JOIN person p ON p.id = a.person "

int diagnosis_set_answers(struct store *s, uint64_t id, const struct keep_diagnosis_answer *row)
{
	struct query q = query_start(s, "INSERT OR REPLACE INTO diagnosis_answers "
	                                "(diagnosis, person, site, answers, changed_us) VALUES (?1, ?2, ?3, ?4, ?5)");
	query_bind_u64(&q, id);
	query_bind_u64(&q, row->person);
	query_bind_text(&q, row->site);
	query_bind_text(&q, row->answers);
	query_bind_i64(&q, row->changed_us);
	return query_run(&q);
}

static struct keep_diagnosis_answer read_answers(struct query *q, struct arena *a)
{
	return (struct keep_diagnosis_answer){query_u64(q, 0), query_bytes(q, 1, a), query_bytes(q, 2, a),
	                                      query_bytes(q, 3, a), query_i64(q, 4)};
}

int diagnosis_list_answers(struct store *s, uint64_t id, uint64_t person, uint64_t limit, struct arena *a,
                           struct keep_diagnosis_answer_list *ret)
{
	struct query q = query_start(s, ANSWERS_SELECT "WHERE a.diagnosis = ?1 AND (?2 = 0 OR a.person IN (0, ?2)) "
	                                               "ORDER BY a.person > 0, a.site, a.person LIMIT ?3");
	int r;
	query_bind_u64(&q, id);
	query_bind_u64(&q, person);
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_diagnosis_answer *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_answers(&q, a);
	}
	return query_end(&q, r);
}

int diagnosis_find_answers(struct store *s, uint64_t id, uint64_t person, struct str site, struct arena *a,
                           struct keep_diagnosis_answer *ret)
{
	struct query q = query_start(s, ANSWERS_SELECT "WHERE a.diagnosis = ?1 AND a.person = ?2 AND a.site = ?3");
	query_bind_u64(&q, id);
	query_bind_u64(&q, person);
	query_bind_text(&q, site);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_answers(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int diagnosis_count_answers(struct store *s, uint64_t id, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM diagnosis_answers WHERE diagnosis = ?1 AND person > 0");
	query_bind_u64(&q, id);
	return query_one_u64(&q, ret);
}

/* ---- SCS ---- */

int scs_insert(struct store *s, const struct keep_scs_state *row)
{
	struct query q = query_start(s, "INSERT INTO scs_change (criterion, state, note, owner, due, version, "
	                                "changed_by, changed_us, proof) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	query_bind_text(&q, row->criterion);
	query_bind_u64(&q, row->state);
	query_bind_text(&q, row->note);
	query_bind_text(&q, row->owner);
	query_bind_text(&q, row->due);
	query_bind_text(&q, row->version);
	query_bind_u64(&q, row->changed_by);
	query_bind_i64(&q, row->changed_us);
	query_bind_text(&q, row->proof);
	return query_run(&q);
}

#define SCS_SELECT                                                                                                     \
	"SELECT c.number, c.criterion, c.state, c.note, c.owner, c.due, c.version, c.changed_by, "                     \
	"coalesce(p.name, ''), c.changed_us, c.proof FROM scs_change c LEFT JOIN person p ON p.id = c.changed_by "

static int read_states(struct query *q, struct arena *a, struct keep_scs_state_list *ret)
{
	int r;
	while ((r = query_step(q)) > 0) {
		struct keep_scs_state *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = (struct keep_scs_state){.number = query_u64(q, 0),
		                               .criterion = query_bytes(q, 1, a),
		                               .state = query_u64(q, 2),
		                               .note = query_bytes(q, 3, a),
		                               .owner = query_bytes(q, 4, a),
		                               .due = query_bytes(q, 5, a),
		                               .version = query_bytes(q, 6, a),
		                               .changed_by = query_u64(q, 7),
		                               .changed_by_name = query_bytes(q, 8, a),
		                               .changed_us = query_i64(q, 9),
		                               .proof = query_bytes(q, 10, a)};
	}
	return query_end(q, r);
}

int scs_list_current(struct store *s, uint64_t limit, struct arena *a, struct keep_scs_state_list *ret)
{
	struct query q = query_start(s, SCS_SELECT "WHERE c.number IN (SELECT max(number) FROM scs_change "
	                                           "GROUP BY criterion) ORDER BY c.criterion LIMIT ?1");
	query_bind_u64(&q, limit);
	return read_states(&q, a, ret);
}

int scs_list_of(struct store *s, struct str beginning, uint64_t limit, struct arena *a, struct keep_scs_state_list *ret)
{
	struct query q = query_start(s, SCS_SELECT "WHERE substr(c.criterion, 1, length(?1)) = ?1 "
	                                           "ORDER BY c.number DESC LIMIT ?2");
	query_bind_text(&q, beginning);
	query_bind_u64(&q, limit);
	return read_states(&q, a, ret);
}

int scs_count(struct store *s, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM scs_change");
	return query_one_u64(&q, ret);
}

/* ---- SECURITY ACTION ---- */

int declaration_insert(struct store *s, const struct keep_declaration *row)
{
	struct query q = query_start(s, "INSERT INTO declaration_change (star, day, declared_id, policy_url, logo, "
	                                "changed_by, changed_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	query_bind_u64(&q, row->star);
	query_bind_text(&q, row->day);
	query_bind_text(&q, row->declared_id);
	query_bind_text(&q, row->policy_url);
	query_bind_text(&q, row->logo);
	query_bind_u64(&q, row->changed_by);
	query_bind_i64(&q, row->changed_us);
	return query_run(&q);
}

int declaration_list_all(struct store *s, uint64_t limit, struct arena *a, struct keep_declaration_list *ret)
{
	struct query q = query_start(s, "SELECT d.number, d.star, d.day, d.declared_id, d.policy_url, d.logo, "
	                                "d.changed_by, coalesce(p.name, ''), d.changed_us FROM declaration_change d "
	                                "LEFT JOIN person p ON p.id = d.changed_by ORDER BY d.number DESC LIMIT ?1");
	int r;
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_declaration *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_declaration){.number = query_u64(&q, 0),
		                                 .star = query_u64(&q, 1),
		                                 .day = query_bytes(&q, 2, a),
		                                 .declared_id = query_bytes(&q, 3, a),
		                                 .policy_url = query_bytes(&q, 4, a),
		                                 .logo = query_bytes(&q, 5, a),
		                                 .changed_by = query_u64(&q, 6),
		                                 .changed_by_name = query_bytes(&q, 7, a),
		                                 .changed_us = query_i64(&q, 8)};
	}
	return query_end(&q, r);
}
