/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/incident.h"

#include "base/err.h"
#include "store/query.h"

#define INCIDENT_SELECT                                                                                                \
	"SELECT i.id, i.kind, i.is_drill, i.known_us, i.started_us, i.started_by, coalesce(p.name, ''), i.closed_us, " \
	"i.closed_by, (SELECT count(*) FROM incident_entry e WHERE e.incident = i.id) FROM incident i "                \
	"LEFT JOIN person p ON p.id = i.started_by "

static struct keep_incident read_incident(struct query *q, struct arena *a)
{
	return (struct keep_incident){.id = query_u64(q, 0),
	                              .kind = query_bytes(q, 1, a),
	                              .is_drill = query_u64(q, 2) != 0,
	                              .known_us = query_i64(q, 3),
	                              .started_us = query_i64(q, 4),
	                              .started_by = query_u64(q, 5),
	                              .started_by_name = query_bytes(q, 6, a),
	                              .closed_us = query_i64(q, 7),
	                              .closed_by = query_u64(q, 8),
	                              .entries = query_u64(q, 9)};
}

int incident_insert(struct store *s, const struct keep_incident *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO incident (kind, is_drill, known_us, started_us, started_by) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5)");
	query_bind_text(&q, row->kind);
	query_bind_u64(&q, row->is_drill);
	query_bind_i64(&q, row->known_us);
	query_bind_i64(&q, row->started_us);
	query_bind_u64(&q, row->started_by);
	return query_insert(&q, ret_id);
}

int incident_find(struct store *s, uint64_t id, struct arena *a, struct keep_incident *ret)
{
	struct query q = query_start(s, INCIDENT_SELECT "WHERE i.id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_incident(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int incident_list_all(struct store *s, bool running, uint64_t limit, struct arena *a, struct keep_incident_list *ret)
{
	struct query q = query_start(s, INCIDENT_SELECT "WHERE ?1 = 0 OR i.closed_us = 0 ORDER BY i.id DESC LIMIT ?2");
	int r;
	query_bind_u64(&q, running);
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_incident *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_incident(&q, a);
	}
	return query_end(&q, r);
}

int incident_close(struct store *s, uint64_t id, uint64_t by, int64_t now_us)
{
	struct query q =
	        query_start(s, "UPDATE incident SET closed_us = ?3, closed_by = ?2 WHERE id = ?1 AND closed_us = 0");
	query_bind_u64(&q, id);
	query_bind_u64(&q, by);
	query_bind_i64(&q, now_us);
	int r = query_run(&q);
	return r == 0 ? ERR_NOT_FOUND : r;
}

int incident_entry_insert(struct store *s, const struct keep_incident_entry *row, uint64_t *ret_number)
{
	struct query q = query_start(s, "INSERT INTO incident_entry (incident, kind, name, text, digest, value, at_us, "
	                                "made_us, made_by, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	query_bind_u64(&q, row->incident);
	query_bind_text(&q, row->kind);
	query_bind_text(&q, row->name);
	query_bind_text(&q, row->text);
	query_bind_text(&q, row->digest);
	query_bind_u64(&q, row->value);
	query_bind_i64(&q, row->at_us);
	query_bind_i64(&q, row->made_us);
	query_bind_u64(&q, row->made_by);
	query_bind_blob(&q, row->salt);
	return query_insert(&q, ret_number);
}

int incident_entry_list(struct store *s, uint64_t incident, uint64_t limit, struct arena *a,
                        struct keep_incident_entry_list *ret)
{
	struct query q =
	        query_start(s, "SELECT e.number, e.incident, e.kind, e.name, e.text, e.digest, e.value, e.at_us, "
	                       "e.made_us, e.made_by, coalesce(p.name, ''), e.salt FROM incident_entry e "
	                       "LEFT JOIN person p ON p.id = e.made_by WHERE e.incident = ?1 "
	                       "ORDER BY e.number LIMIT ?2");
	int r;
	query_bind_u64(&q, incident);
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_incident_entry *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_incident_entry){.number = query_u64(&q, 0),
		                                    .incident = query_u64(&q, 1),
		                                    .kind = query_bytes(&q, 2, a),
		                                    .name = query_bytes(&q, 3, a),
		                                    .text = query_bytes(&q, 4, a),
		                                    .digest = query_bytes(&q, 5, a),
		                                    .value = query_u64(&q, 6),
		                                    .at_us = query_i64(&q, 7),
		                                    .made_us = query_i64(&q, 8),
		                                    .made_by = query_u64(&q, 9),
		                                    .made_by_name = query_bytes(&q, 10, a),
		                                    .salt = query_bytes(&q, 11, a)};
	}
	return query_end(&q, r);
}

int incident_text_bytes(struct store *s, uint64_t incident, uint64_t *ret)
{
	struct query q =
	        query_start(s, "SELECT coalesce(sum(length(CAST(text AS BLOB)) + length(CAST(name AS BLOB))), 0) "
	                       "FROM incident_entry WHERE incident = ?1");
	query_bind_u64(&q, incident);
	return query_one_u64(&q, ret);
}

int incident_pass_delete_all(struct store *s)
{
	struct query q = query_start(s, "DELETE FROM incident_pass");
	int r = query_run(&q);
	return r < 0 ? r : 0;
}

int incident_pass_insert(struct store *s, const struct ledger_hash *hash, uint64_t incident, int64_t expires_us)
{
	struct query q = query_start(s, "INSERT INTO incident_pass (hash, incident, expires_us) VALUES (?1, ?2, ?3)");
	query_bind_hash(&q, hash);
	query_bind_u64(&q, incident);
	query_bind_i64(&q, expires_us);
	return query_run(&q);
}

int incident_pass_find(struct store *s, const struct ledger_hash *hash, int64_t now_us, uint64_t *ret_incident)
{
	struct query q = query_start(s, "SELECT incident FROM incident_pass WHERE hash = ?1 AND expires_us > ?2");
	query_bind_hash(&q, hash);
	query_bind_i64(&q, now_us);
	return query_one_u64(&q, ret_incident);
}
