/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/item.h"

#include "base/err.h"
#include "store/query.h"

#define ITEM_SELECT                                                                                                    \
	"SELECT i.number, i.item, i.register, i.body, i.due, i.changed_by, coalesce(p.name, ''), i.changed_us "        \
	"FROM item_change i LEFT JOIN person p ON p.id = i.changed_by "
#define ITEM_COUNTS "i.body <> '' AND i.number IN (SELECT max(number) FROM item_change GROUP BY item) "

int item_insert(struct store *s, const struct keep_item *row, uint64_t *ret_id)
{
	uint64_t number = 0;
	struct query q = query_start(s, "INSERT INTO item_change (item, register, body, due, changed_by, changed_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->register_word);
	query_bind_text(&q, row->body);
	query_bind_text(&q, row->due);
	query_bind_u64(&q, row->changed_by);
	query_bind_i64(&q, row->changed_us);
	int r = query_insert(&q, &number);
	*ret_id = row->id ? row->id : number;
	if (r < 0 || row->id)
		return r;
	struct query own = query_start(s, "UPDATE item_change SET item = number WHERE number = ?1");
	query_bind_u64(&own, number);
	return query_run(&own);
}

static int read_all(struct query *q, struct arena *a, struct keep_item_list *ret)
{
	int r;
	while ((r = query_step(q)) > 0) {
		struct keep_item *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = (struct keep_item){.number = query_u64(q, 0),
		                          .id = query_u64(q, 1),
		                          .register_word = query_bytes(q, 2, a),
		                          .body = query_bytes(q, 3, a),
		                          .due = query_bytes(q, 4, a),
		                          .changed_by = query_u64(q, 5),
		                          .changed_by_name = query_bytes(q, 6, a),
		                          .changed_us = query_i64(q, 7)};
	}
	return query_end(q, r);
}

int item_list_current(struct store *s, struct str register_word, uint64_t limit, struct arena *a,
                      struct keep_item_list *ret)
{
	struct query q =
	        query_start(s, ITEM_SELECT "WHERE i.register = ?1 AND " ITEM_COUNTS "ORDER BY i.item LIMIT ?2");
	query_bind_text(&q, register_word);
	query_bind_u64(&q, limit);
	return read_all(&q, a, ret);
}

int item_list_due(struct store *s, struct str until, uint64_t limit, struct arena *a, struct keep_item_list *ret)
{
	struct query q = query_start(s, ITEM_SELECT "WHERE i.due <> '' AND i.due <= ?1 AND " ITEM_COUNTS
	                                            "ORDER BY i.due, i.item LIMIT ?2");
	query_bind_text(&q, until);
	query_bind_u64(&q, limit);
	return read_all(&q, a, ret);
}

int item_list_reminders(struct store *s, struct str until, bool titles, uint64_t limit, struct arena *a,
                        struct keep_item_list *ret)
{
#define CUT(field) "'" field "', substr(json_extract(i.body, '$." field "'), 1, 300)"
	struct query q = query_start(
	        s, "SELECT i.number, i.item, i.register, CASE WHEN NOT json_valid(i.body) THEN '{}' WHEN ?3 THEN "
	           "json_object(" CUT("owner") ", " CUT("name") ", " CUT("task") ", " CUT("topic") ", " CUT(
	                   "person") ", " CUT("declaration") ") ELSE json_object(" CUT("owner") ") END, i.due, 0, '', "
	                                                                                        "0 FROM item_change i "
	                                                                                        "WHERE i.due <> '' AND "
	                                                                                        "i.due <= ?1 "
	                                                                                        "AND " ITEM_COUNTS
	                                                                                        "ORDER BY i.due, "
	                                                                                        "i.item LIMIT ?2");
#undef CUT
	query_bind_text(&q, until);
	query_bind_u64(&q, limit);
	query_bind_u64(&q, titles);
	return read_all(&q, a, ret);
}

int item_list_of(struct store *s, uint64_t id, uint64_t limit, struct arena *a, struct keep_item_list *ret)
{
	struct query q = query_start(s, ITEM_SELECT "WHERE i.item = ?1 ORDER BY i.number DESC LIMIT ?2");
	query_bind_u64(&q, id);
	query_bind_u64(&q, limit);
	return read_all(&q, a, ret);
}

int item_count(struct store *s, struct str register_word, struct item_room *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM item_change");
	int r = query_one_u64(&q, &ret->changes);
	if (r < 0)
		return r;
	struct query of = query_start(s, "SELECT count(*), coalesce(sum(length(CAST(i.body AS BLOB))), 0) "
	                                 "FROM item_change i WHERE i.register = ?1 AND " ITEM_COUNTS);
	query_bind_text(&of, register_word);
	r = query_step(&of);
	if (r > 0) {
		ret->items = query_u64(&of, 0);
		ret->bytes = query_u64(&of, 1);
	}
	return query_end(&of, r);
}

int item_count_each(struct store *s, struct str today, struct arena *a, struct keep_item_count_list *ret)
{
	struct query q = query_start(
	        s, "SELECT i.register, count(*), sum(i.due <> ''), sum(i.due <> '' AND i.due < ?1), "
	           "sum(CASE WHEN i.register = 'accounts' AND json_valid(i.body) THEN "
	           "coalesce(json_extract(i.body, '$.\"account-state\"'), '') <> 'done' AND "
	           "((i.due <> '' AND i.due < ?1) OR coalesce(json_extract(i.body, '$.\"left-on\"'), ?1) < ?1) "
	           "ELSE 0 END), "
	           "max(i.changed_us) FROM item_change i WHERE " ITEM_COUNTS "GROUP BY i.register");
	int r;
	query_bind_text(&q, today);
	while ((r = query_step(&q)) > 0) {
		struct keep_item_count *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_item_count){query_bytes(&q, 0, a), query_u64(&q, 1), query_u64(&q, 2),
		                                query_u64(&q, 3),      query_u64(&q, 4), query_i64(&q, 5)};
	}
	return query_end(&q, r);
}
