/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/case.h"

#include "base/err.h"
#include "store/query.h"

#define CASE_COLUMNS                                                                                                   \
	"c.id, c.person, coalesce(p.name, ''), c.created_us, c.kind, c.verdict, c.score, c.brand, c.sender_domain, "   \
	"c.question, c.steps, c.state, c.note, c.answered_by, coalesce(b.name, ''), c.answered_us FROM case_file c "   \
	"LEFT JOIN person p ON p.id = c.person LEFT JOIN person b ON b.id = c.answered_by"
/* ?1 state or 3, ?2 person or 0 */
#define CASE_FILTER "(?1 = 3 OR c.state = ?1) AND (?2 = 0 OR c.person = ?2)"
_Static_assert(CASE_STATE_COUNT == 3, "CASE_FILTER names the number that means every state");

static struct keep_case read_case(struct query *q, struct arena *a)
{
	return (struct keep_case){
	        .id = query_u64(q, 0),
	        .person = query_u64(q, 1),
	        .person_name = query_bytes(q, 2, a),
	        .created_us = query_i64(q, 3),
	        .kind = query_bytes(q, 4, a),
	        .verdict = query_bytes(q, 5, a),
	        .score = query_double(q, 6),
	        .brand = query_bytes(q, 7, a),
	        .sender_domain = query_bytes(q, 8, a),
	        .question = query_bytes(q, 9, a),
	        .steps = query_u64(q, 10),
	        .state = query_u64(q, 11),
	        .note = query_bytes(q, 12, a),
	        .answered_by = query_u64(q, 13),
	        .answered_by_name = query_bytes(q, 14, a),
	        .answered_us = query_i64(q, 15),
	};
}

static int insert_row(struct store *s, const struct keep_case *c, const struct ledger_hash *sender, uint64_t *ret_id)
{
	struct query q =
	        query_start(s, "INSERT INTO case_file (person, created_us, kind, verdict, score, brand, sender_hash, "
	                       "sender_domain, question, steps) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	query_bind_u64(&q, c->person);
	query_bind_i64(&q, c->created_us);
	query_bind_text(&q, c->kind);
	query_bind_text(&q, c->verdict);
	query_bind_double(&q, c->score);
	query_bind_text(&q, c->brand);
	if (sender)
		query_bind_hash(&q, sender);
	else
		query_bind_blob(&q, (struct str){NULL, 0});
	query_bind_text(&q, c->sender_domain);
	query_bind_text(&q, c->question);
	query_bind_u64(&q, c->steps);
	return query_insert(&q, ret_id);
}

static int insert_finding(struct store *s, uint64_t id, uint64_t place, const struct keep_finding *finding)
{
	struct query q =
	        query_start(s, "INSERT INTO case_finding (case_id, place, finding, weight) VALUES (?1, ?2, ?3, ?4)");
	query_bind_u64(&q, id);
	query_bind_u64(&q, place);
	query_bind_text(&q, finding->id);
	query_bind_double(&q, finding->weight);
	return query_run(&q);
}

static int insert_host(struct store *s, uint64_t id, uint64_t place, struct str host)
{
	struct query q = query_start(s, "INSERT INTO case_host (case_id, place, host) VALUES (?1, ?2, ?3)");
	query_bind_u64(&q, id);
	query_bind_u64(&q, place);
	query_bind_text(&q, host);
	return query_run(&q);
}

int case_set_mail_time(struct store *s, uint64_t id, int64_t mail_us)
{
	struct query q = query_start(s, "UPDATE case_file SET mail_us = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_i64(&q, mail_us);
	return query_run(&q);
}

int case_insert(struct store *s, const struct keep_case *row, const struct ledger_hash *sender,
                const struct keep_finding_list *findings, const struct keep_text_list *hosts, uint64_t *ret_id)
{
	uint64_t id = 0;

	int r = insert_row(s, row, sender, &id);
	for (size_t i = 0; r >= 0 && i < findings->n; i++)
		r = insert_finding(s, id, i, &findings->at[i]);
	for (size_t i = 0; r >= 0 && i < hosts->n; i++)
		r = insert_host(s, id, i, hosts->at[i].text);
	if (r < 0)
		return r;
	*ret_id = id;
	return 0;
}

int case_find(struct store *s, uint64_t id, struct arena *a, struct keep_case *ret)
{
	struct query q = query_start(s, "SELECT " CASE_COLUMNS " WHERE c.id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_case(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

static int find_findings(struct store *s, uint64_t id, struct arena *a, struct keep_finding_list *ret)
{
	struct query q = query_start(s, "SELECT finding, weight FROM case_finding WHERE case_id = ?1 ORDER BY place");
	int r;

	query_bind_u64(&q, id);
	while ((r = query_step(&q)) > 0) {
		struct keep_finding *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_finding){query_bytes(&q, 0, a), query_double(&q, 1)};
	}
	return query_end(&q, r);
}

static int find_hosts(struct store *s, uint64_t id, struct arena *a, struct keep_text_list *ret)
{
	struct query q = query_start(s, "SELECT host FROM case_host WHERE case_id = ?1 ORDER BY place");
	int r;

	query_bind_u64(&q, id);
	while ((r = query_step(&q)) > 0) {
		struct keep_text *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		row->text = query_bytes(&q, 0, a);
	}
	return query_end(&q, r);
}

int case_find_details(struct store *s, uint64_t id, struct arena *a, struct keep_finding_list *ret_findings,
                      struct keep_text_list *ret_hosts)
{
	int r = find_findings(s, id, a, ret_findings);
	return r < 0 ? r : find_hosts(s, id, a, ret_hosts);
}

int case_list_some(struct store *s, const struct case_filter *f, struct arena *a, struct keep_case_list *ret)
{
	struct query q = query_start(s, "SELECT " CASE_COLUMNS " WHERE " CASE_FILTER
	                                " AND c.id < ?3 ORDER BY c.id DESC LIMIT ?4");
	int r;

	query_bind_u64(&q, f->state);
	query_bind_u64(&q, f->person);
	query_bind_u64(&q, f->before ? f->before : INT64_MAX);
	query_bind_u64(&q, f->limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_case *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_case(&q, a);
	}
	return query_end(&q, r);
}

int case_count(struct store *s, const struct case_filter *f, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM case_file c WHERE " CASE_FILTER);
	query_bind_u64(&q, f->state);
	query_bind_u64(&q, f->person);
	return query_one_u64(&q, ret);
}

int case_set_answer(struct store *s, uint64_t id, enum case_state state, struct str note, uint64_t by, int64_t now_us)
{
	struct query q = query_start(
	        s, "UPDATE case_file SET state = ?2, note = ?3, answered_by = ?4, answered_us = ?5 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_u64(&q, state);
	query_bind_text(&q, note);
	query_bind_u64(&q, by);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}
