/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/talk.h"

#include "base/err.h"
#include "store/query.h"

enum { OPENINGS_LISTED_MAX = 200, TODOS_LISTED_MAX = 500, TURNS_LISTED_MAX = 2000 };

static struct keep_talk read_talk(struct query *q, struct arena *a)
{
	return (struct keep_talk){.id = query_u64(q, 0),
	                          .person = query_u64(q, 1),
	                          .title = query_bytes(q, 2, a),
	                          .template_id = query_bytes(q, 3, a),
	                          .model = query_bytes(q, 4, a),
	                          .created_us = query_i64(q, 5),
	                          .used_us = query_i64(q, 6)};
}
#define TALK_COLUMNS "id, person, sealed_title, template, model, created_us, used_us"

int talk_insert(struct store *s, const struct keep_talk *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO talk (person, sealed_title, template, model, created_us, used_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_u64(&q, row->person);
	query_bind_blob(&q, row->title);
	query_bind_text(&q, row->template_id);
	query_bind_text(&q, row->model);
	query_bind_i64(&q, row->created_us);
	query_bind_i64(&q, row->used_us);
	return query_insert(&q, ret_id);
}

int talk_find(struct store *s, uint64_t id, uint64_t person, struct arena *a, struct keep_talk *ret)
{
	struct query q = query_start(s, "SELECT " TALK_COLUMNS " FROM talk WHERE id = ?1 AND person = ?2");
	query_bind_u64(&q, id);
	query_bind_u64(&q, person);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_talk(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int talk_list_of(struct store *s, uint64_t person, int64_t before_us, uint64_t limit, struct arena *a,
                 struct keep_talk_list *ret)
{
	struct query q =
	        query_start(s, "SELECT " TALK_COLUMNS " FROM talk WHERE person = ?1 AND (?2 = 0 OR used_us < ?2) "
	                       "ORDER BY used_us DESC, id DESC LIMIT ?3");
	int r;

	query_bind_u64(&q, person);
	query_bind_i64(&q, before_us);
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_talk *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_talk(&q, a);
	}
	return query_end(&q, r);
}

int talk_set_title(struct store *s, uint64_t id, struct str sealed)
{
	struct query q = query_start(s, "UPDATE talk SET sealed_title = ?2 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_blob(&q, sealed);
	return query_run(&q);
}

int talk_delete(struct store *s, uint64_t id)
{
	struct query q = query_start(s, "DELETE FROM talk WHERE id = ?1");
	query_bind_u64(&q, id);
	return query_run(&q);
}

int talk_delete_before(struct store *s, int64_t before_us)
{
	struct query q = query_start(s, "DELETE FROM talk WHERE used_us < ?1");
	query_bind_i64(&q, before_us);
	return query_run(&q);
}

static int touch(struct store *s, uint64_t talk, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE talk SET used_us = ?2 WHERE id = ?1");
	query_bind_u64(&q, talk);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int turn_insert(struct store *s, uint64_t talk, const struct keep_turn *row, uint64_t *ret_number)
{
	struct query last = query_start(s, "SELECT coalesce(max(number), 0) + 1 FROM talk_turn WHERE talk = ?1");
	query_bind_u64(&last, talk);
	int r = query_one_u64(&last, ret_number);
	if (r < 0)
		return r;
	struct query q = query_start(s, "INSERT INTO talk_turn (talk, number, speaker, sealed_text, created_us, "
	                                "model) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_u64(&q, talk);
	query_bind_u64(&q, *ret_number);
	query_bind_u64(&q, row->speaker);
	query_bind_blob(&q, row->text);
	query_bind_i64(&q, row->created_us);
	query_bind_text(&q, row->model);
	r = query_run(&q);
	return r < 0 ? r : touch(s, talk, row->created_us);
}

int turn_list_of(struct store *s, uint64_t talk, struct arena *a, struct keep_turn_list *ret)
{
	struct query q =
	        query_start(s, "SELECT number, speaker, sealed_text, created_us, model FROM talk_turn WHERE talk = ?1 "
	                       "ORDER BY number LIMIT ?2");
	int r;

	query_bind_u64(&q, talk);
	query_bind_u64(&q, TURNS_LISTED_MAX);
	while ((r = query_step(&q)) > 0) {
		struct keep_turn *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_turn){query_u64(&q, 0), query_u64(&q, 1), query_bytes(&q, 2, a), query_i64(&q, 3),
		                          query_bytes(&q, 4, a)};
	}
	return query_end(&q, r);
}

/* ---- openings ---- */

#define OPENING_COLUMNS                                                                                                \
	"o.id, o.person, coalesce(p.name, ''), o.asked_by, coalesce(b.name, ''), o.reason, o.asked_us, o.state, "      \
	"o.decided_by, coalesce(d.name, ''), o.decided_us, o.seen_us FROM talk_opening o "                             \
	"LEFT JOIN person p ON p.id = o.person LEFT JOIN person b ON b.id = o.asked_by "                               \
	"LEFT JOIN person d ON d.id = o.decided_by"

static struct keep_opening read_opening(struct query *q, struct arena *a)
{
	return (struct keep_opening){.id = query_u64(q, 0),
	                             .person = query_u64(q, 1),
	                             .person_name = query_bytes(q, 2, a),
	                             .asked_by = query_u64(q, 3),
	                             .asked_by_name = query_bytes(q, 4, a),
	                             .reason = query_bytes(q, 5, a),
	                             .asked_us = query_i64(q, 6),
	                             .state = query_u64(q, 7),
	                             .decided_by = query_u64(q, 8),
	                             .decided_by_name = query_bytes(q, 9, a),
	                             .decided_us = query_i64(q, 10),
	                             .seen_us = query_i64(q, 11)};
}

int opening_insert(struct store *s, const struct keep_opening *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO talk_opening (person, asked_by, reason, asked_us, state) "
	                                "VALUES (?1, ?2, ?3, ?4, 0)");
	query_bind_u64(&q, row->person);
	query_bind_u64(&q, row->asked_by);
	query_bind_text(&q, row->reason);
	query_bind_i64(&q, row->asked_us);
	return query_insert(&q, ret_id);
}

int opening_find(struct store *s, uint64_t id, struct arena *a, struct keep_opening *ret)
{
	struct query q = query_start(s, "SELECT " OPENING_COLUMNS " WHERE o.id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_opening(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int opening_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_opening_list *ret)
{
	struct query q =
	        query_start(s, "SELECT " OPENING_COLUMNS " WHERE ?1 = 0 OR o.person = ?1 ORDER BY o.id DESC LIMIT ?2");
	int r;

	query_bind_u64(&q, person);
	query_bind_u64(&q, OPENINGS_LISTED_MAX);
	while ((r = query_step(&q)) > 0) {
		struct keep_opening *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_opening(&q, a);
	}
	return query_end(&q, r);
}

int opening_decide(struct store *s, uint64_t id, uint64_t state, uint64_t by, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE talk_opening SET state = ?2, decided_by = ?3, decided_us = ?4 "
	                                "WHERE id = ?1 AND state = 0");
	query_bind_u64(&q, id);
	query_bind_u64(&q, state);
	query_bind_u64(&q, by);
	query_bind_i64(&q, now_us);
	int r = query_run(&q);
	return r == 0 ? ERR_CONFLICT : r;
}

int opening_set_seen(struct store *s, uint64_t person, int64_t now_us)
{
	struct query q =
	        query_start(s, "UPDATE talk_opening SET seen_us = ?2 WHERE person = ?1 AND seen_us = 0 AND state = 1");
	query_bind_u64(&q, person);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

/* ---- to-dos ---- */

int todo_insert(struct store *s, const struct keep_todo *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO todo (person, owner, due, sealed_task, created_us, given_by) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_u64(&q, row->person);
	query_bind_text(&q, row->owner);
	query_bind_text(&q, row->due);
	query_bind_blob(&q, row->task);
	query_bind_i64(&q, row->created_us);
	query_bind_u64(&q, row->given_by);
	return query_insert(&q, ret_id);
}

int todo_list_of(struct store *s, uint64_t person, int64_t since_us, struct arena *a, struct keep_todo_list *ret)
{
	struct query q =
	        query_start(s, "SELECT t.id, t.person, t.owner, t.due, t.sealed_task, t.created_us, t.done_us, "
	                       "t.given_by, IFNULL(p.name, '') FROM todo t LEFT JOIN person p ON p.id = t.given_by "
	                       "WHERE (t.person = ?1 OR t.given_by = ?1) AND (t.done_us = 0 OR t.done_us >= ?2) "
	                       "ORDER BY t.done_us > 0, t.due = '', t.due, t.id LIMIT ?3");
	int r;

	query_bind_u64(&q, person);
	query_bind_i64(&q, since_us);
	query_bind_u64(&q, TODOS_LISTED_MAX);
	while ((r = query_step(&q)) > 0) {
		struct keep_todo *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_todo){.id = query_u64(&q, 0),
		                          .person = query_u64(&q, 1),
		                          .owner = query_bytes(&q, 2, a),
		                          .due = query_bytes(&q, 3, a),
		                          .task = query_bytes(&q, 4, a),
		                          .created_us = query_i64(&q, 5),
		                          .done_us = query_i64(&q, 6),
		                          .given_by = query_u64(&q, 7),
		                          .given_by_name = query_bytes(&q, 8, a)};
	}
	return query_end(&q, r);
}

int todo_list_due(struct store *s, struct str until, uint64_t limit, struct arena *a, struct keep_todo_list *ret)
{
	struct query q = query_start(s, "SELECT id, person, due, created_us FROM todo WHERE done_us = 0 AND due <> '' "
	                                "AND due <= ?1 ORDER BY due, id LIMIT ?2");
	int r;

	query_bind_text(&q, until);
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct keep_todo *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_todo){.id = query_u64(&q, 0),
		                          .person = query_u64(&q, 1),
		                          .due = query_bytes(&q, 2, a),
		                          .created_us = query_i64(&q, 3)};
	}
	return query_end(&q, r);
}

int todo_set_done(struct store *s, uint64_t id, uint64_t person, int64_t done_us)
{
	struct query q =
	        query_start(s, "UPDATE todo SET done_us = ?3 WHERE id = ?1 AND (person = ?2 OR given_by = ?2)");
	query_bind_u64(&q, id);
	query_bind_u64(&q, person);
	query_bind_i64(&q, done_us);
	int r = query_run(&q);
	return r == 0 ? ERR_NOT_FOUND : r;
}

/* ---- own templates ---- */

int work_template_save(struct store *s, const struct keep_own_template *row)
{
	struct query q =
	        query_start(s, "INSERT INTO work_template (id, yaml, changed_by, changed_us) VALUES (?1, ?2, ?3, ?4) "
	                       "ON CONFLICT (id) DO UPDATE SET yaml = ?2, changed_by = ?3, changed_us = ?4");
	query_bind_text(&q, row->id);
	query_bind_text(&q, row->yaml);
	query_bind_u64(&q, row->changed_by);
	query_bind_i64(&q, row->changed_us);
	return query_run(&q);
}

int work_template_list(struct store *s, struct arena *a, struct keep_own_template_list *ret)
{
	struct query q = query_start(s, "SELECT id, yaml, changed_by, changed_us FROM work_template ORDER BY id");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_own_template *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_own_template){query_bytes(&q, 0, a), query_bytes(&q, 1, a), query_u64(&q, 2),
		                                  query_i64(&q, 3)};
	}
	return query_end(&q, r);
}

int work_template_delete(struct store *s, struct str id)
{
	struct query q = query_start(s, "DELETE FROM work_template WHERE id = ?1");
	query_bind_text(&q, id);
	int r = query_run(&q);
	return r == 0 ? ERR_NOT_FOUND : r;
}

/* ---- sums ---- */

int work_sum_add(struct store *s, uint64_t person, uint64_t month, struct str name, int64_t add)
{
	struct query q = query_start(s, "INSERT INTO work_sum (person, month, name, value) VALUES (?1, ?2, ?3, ?4) "
	                                "ON CONFLICT (person, month, name) DO UPDATE SET value = value + ?4");
	query_bind_u64(&q, person);
	query_bind_u64(&q, month);
	query_bind_text(&q, name);
	query_bind_i64(&q, add);
	return query_run(&q);
}

int work_sum_list(struct store *s, uint64_t person, uint64_t since_month, uint64_t least_people, struct arena *a,
                  struct keep_work_sum_list *ret)
{
	struct query q =
	        query_start(s, "SELECT month, name, sum(value), count(*) FROM work_sum WHERE (?1 = 0 OR person = ?1) "
	                       "AND month >= ?2 GROUP BY month, name HAVING ?1 <> 0 OR count(*) >= ?3 "
	                       "ORDER BY month, name LIMIT 5000");
	int r;

	query_bind_u64(&q, person);
	query_bind_u64(&q, since_month);
	query_bind_u64(&q, least_people);
	while ((r = query_step(&q)) > 0) {
		struct keep_work_sum *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_work_sum){query_u64(&q, 0), query_bytes(&q, 1, a), query_i64(&q, 2),
		                              query_u64(&q, 3)};
	}
	return query_end(&q, r);
}
