/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/paper.h"

#include "base/err.h"
#include "store/query.h"

#define VERSION_SELECT(fields, body)                                                                                   \
	"SELECT v.id, v.paper, v.number, " fields ", " body ", v.made_by, coalesce(m.name, ''), v.made_us, "           \
	"v.approved_by, coalesce(a.name, ''), v.approved_us, v.published_on, v.address, v.review_on, "                 \
	"(SELECT count(*) FROM paper_agreement g WHERE g.version = v.id) FROM paper_version v "                        \
	"LEFT JOIN person m ON m.id = v.made_by LEFT JOIN person a ON a.id = v.approved_by "
#define WITHOUT_BODY VERSION_SELECT("''", "x''")
#define WITH_BODY VERSION_SELECT("v.fields", "v.body")

static struct keep_paper_version read_version(struct query *q, struct arena *a)
{
	return (struct keep_paper_version){.id = query_u64(q, 0),
	                                   .paper = query_bytes(q, 1, a),
	                                   .number = query_u64(q, 2),
	                                   .fields = query_bytes(q, 3, a),
	                                   .body = query_bytes(q, 4, a),
	                                   .made_by = query_u64(q, 5),
	                                   .made_by_name = query_bytes(q, 6, a),
	                                   .made_us = query_i64(q, 7),
	                                   .approved_by = query_u64(q, 8),
	                                   .approved_by_name = query_bytes(q, 9, a),
	                                   .approved_us = query_i64(q, 10),
	                                   .published_on = query_bytes(q, 11, a),
	                                   .address = query_bytes(q, 12, a),
	                                   .review_on = query_bytes(q, 13, a),
	                                   .agreed = query_u64(q, 14)};
}

static int read_one(struct query *q, struct arena *a, struct keep_paper_version *ret)
{
	int r = query_step(q);
	if (r > 0)
		*ret = read_version(q, a);
	return query_end(q, r == 0 ? ERR_NOT_FOUND : r);
}

int paper_version_newest(struct store *s, struct str paper, struct arena *a, struct keep_paper_version *ret)
{
	struct query q = query_start(s, WITHOUT_BODY "WHERE v.paper = ?1 ORDER BY v.number DESC LIMIT 1");
	query_bind_text(&q, paper);
	return read_one(&q, a, ret);
}

int paper_version_find(struct store *s, uint64_t id, struct arena *a, struct keep_paper_version *ret)
{
	struct query q = query_start(s, WITH_BODY "WHERE v.id = ?1");
	query_bind_u64(&q, id);
	return read_one(&q, a, ret);
}

int paper_version_insert(struct store *s, const struct keep_paper_version *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO paper_version (paper, number, fields, body, made_by, made_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_text(&q, row->paper);
	query_bind_u64(&q, row->number);
	query_bind_text(&q, row->fields);
	query_bind_blob(&q, row->body);
	query_bind_u64(&q, row->made_by);
	query_bind_i64(&q, row->made_us);
	return query_insert(&q, ret_id);
}

int paper_version_rewrite(struct store *s, const struct keep_paper_version *row)
{
	struct query q = query_start(s, "UPDATE paper_version SET fields = ?2, body = ?3, made_by = ?4, made_us = ?5 "
	                                "WHERE id = ?1 AND approved_us = 0");
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->fields);
	query_bind_blob(&q, row->body);
	query_bind_u64(&q, row->made_by);
	query_bind_i64(&q, row->made_us);
	int r = query_run(&q);
	return r == 0 ? ERR_NOT_FOUND : r;
}

int paper_version_approve(struct store *s, uint64_t id, uint64_t by, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE paper_version SET approved_by = ?2, approved_us = ?3 "
	                                "WHERE id = ?1 AND approved_us = 0");
	query_bind_u64(&q, id);
	query_bind_u64(&q, by);
	query_bind_i64(&q, now_us);
	int r = query_run(&q);
	return r == 0 ? ERR_NOT_FOUND : r;
}

int paper_version_publish(struct store *s, const struct keep_paper_version *row)
{
	struct query q = query_start(s, "UPDATE paper_version SET published_on = ?2, address = ?3, review_on = ?4 "
	                                "WHERE id = ?1 AND approved_us > 0");
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->published_on);
	query_bind_text(&q, row->address);
	query_bind_text(&q, row->review_on);
	int r = query_run(&q);
	return r == 0 ? ERR_NOT_FOUND : r;
}

int paper_version_list(struct store *s, struct str paper, bool only_approved, uint64_t limit, struct arena *a,
                       struct keep_paper_version_list *ret)
{
	struct query q =
	        query_start(s, WITHOUT_BODY "WHERE (?1 = '' OR v.paper = ?1) AND (?2 = 0 OR v.approved_us > 0) "
	                                    "ORDER BY v.paper, v.number DESC LIMIT ?3");
	int r;
	query_bind_text(&q, paper);
	query_bind_u64(&q, only_approved);
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_paper_version *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_version(&q, a);
	}
	return query_end(&q, r);
}

int paper_agreement_insert(struct store *s, uint64_t version, uint64_t person, int64_t now_us)
{
	struct query q = query_start(s, "INSERT INTO paper_agreement (version, person, agreed_us) VALUES (?1, ?2, ?3)");
	query_bind_u64(&q, version);
	query_bind_u64(&q, person);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int paper_agreement_list(struct store *s, uint64_t version, struct arena *a, struct keep_paper_agreement_list *ret)
{
	struct query q = query_start(s, "SELECT g.version, g.person, coalesce(p.name, ''), g.agreed_us "
	                                "FROM paper_agreement g LEFT JOIN person p ON p.id = g.person "
	                                "WHERE g.version = ?1 ORDER BY g.agreed_us");
	int r;
	query_bind_u64(&q, version);
	while ((r = query_step(&q)) > 0) {
		struct keep_paper_agreement *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_paper_agreement){.version = query_u64(&q, 0),
		                                     .person = query_u64(&q, 1),
		                                     .person_name = query_bytes(&q, 2, a),
		                                     .agreed_us = query_i64(&q, 3)};
	}
	return query_end(&q, r);
}
