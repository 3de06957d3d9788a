/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/own-fact.h"

#include "base/err.h"
#include "store/query.h"

#define OWN_FACT_COLUMNS                                                                                               \
	"f.number, f.id, f.region, f.yaml, f.changed_by, coalesce(p.name, ''), f.changed_us FROM own_fact f "          \
	"LEFT JOIN person p ON p.id = f.changed_by "

int own_fact_insert(struct store *s, const struct keep_own_fact *row)
{
	struct query q = query_start(s, "INSERT INTO own_fact (id, region, yaml, changed_by, changed_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5)");
	query_bind_text(&q, row->id);
	query_bind_text(&q, row->region);
	query_bind_text(&q, row->yaml);
	query_bind_u64(&q, row->changed_by);
	query_bind_i64(&q, row->changed_us);
	return query_run(&q);
}

static int read_all(struct query *q, struct arena *a, struct keep_own_fact_list *ret)
{
	int r;
	while ((r = query_step(q)) > 0) {
		struct keep_own_fact *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = (struct keep_own_fact){.number = query_u64(q, 0),
		                              .id = query_bytes(q, 1, a),
		                              .region = query_bytes(q, 2, a),
		                              .yaml = query_bytes(q, 3, a),
		                              .changed_by = query_u64(q, 4),
		                              .changed_by_name = query_bytes(q, 5, a),
		                              .changed_us = query_i64(q, 6)};
	}
	return query_end(q, r);
}

int own_fact_list_current(struct store *s, struct arena *a, struct keep_own_fact_list *ret)
{
	struct query q = query_start(s, "SELECT " OWN_FACT_COLUMNS "WHERE f.yaml <> '' AND f.number IN "
	                                "(SELECT max(number) FROM own_fact GROUP BY id, region) ORDER BY f.number");
	return read_all(&q, a, ret);
}

int own_fact_list_of(struct store *s, struct str id, struct str region, uint64_t limit, struct arena *a,
                     struct keep_own_fact_list *ret)
{
	struct query q = query_start(s, "SELECT " OWN_FACT_COLUMNS
	                                "WHERE f.id = ?1 AND f.region = ?2 ORDER BY f.number DESC LIMIT ?3");
	query_bind_text(&q, id);
	query_bind_text(&q, region);
	query_bind_u64(&q, limit);
	return read_all(&q, a, ret);
}

int own_fact_count(struct store *s, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM own_fact");
	return query_one_u64(&q, ret);
}

int own_fact_count_current(struct store *s, uint64_t *ret_facts, uint64_t *ret_bytes)
{
	struct query q = query_start(
	        s, "SELECT count(*), coalesce(sum(length(CAST(f.yaml AS BLOB))), 0) FROM own_fact f "
	           "WHERE f.yaml <> '' AND f.number IN (SELECT max(number) FROM own_fact GROUP BY id, region)");
	int r = query_step(&q);
	if (r > 0) {
		*ret_facts = query_u64(&q, 0);
		*ret_bytes = query_u64(&q, 1);
	}
	return query_end(&q, r);
}
