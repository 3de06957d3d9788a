/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/ai-rule.h"

#include "base/err.h"
#include "store/query.h"

/* ---- rules ---- */

static void bind_place(struct query *q, const struct keep_ai_rule *row)
{
	query_bind_text(q, row->kind);
	query_bind_text(q, row->destination);
	query_bind_u64(q, row->roles);
	query_bind_text(q, row->department);
}

int ai_rule_set(struct store *s, const struct keep_ai_rule *row)
{
	struct query q = query_start(
	        s, "INSERT INTO ai_rule (kind, destination, roles, department, action, reason, changed_us, changed_by) "
	           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (kind, destination, roles, department) "
	           "DO UPDATE SET action = ?5, reason = ?6, changed_us = ?7, changed_by = ?8");
	bind_place(&q, row);
	query_bind_text(&q, row->action);
	query_bind_text(&q, row->reason);
	query_bind_i64(&q, row->changed_us);
	query_bind_u64(&q, row->changed_by);
	return query_run(&q);
}

int ai_rule_delete(struct store *s, const struct keep_ai_rule *row)
{
	struct query q = query_start(
	        s, "DELETE FROM ai_rule WHERE kind = ?1 AND destination = ?2 AND roles = ?3 AND department = ?4");
	bind_place(&q, row);
	return query_run(&q);
}

int ai_rule_list_all(struct store *s, struct arena *a, struct keep_ai_rule_list *ret)
{
	struct query q = query_start(
	        s,
	        "SELECT id, kind, destination, roles, department, action, reason, changed_us, changed_by FROM ai_rule "
	        "ORDER BY kind, destination, department, roles LIMIT 500");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_rule *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_rule){.id = query_u64(&q, 0),
		                             .kind = query_bytes(&q, 1, a),
		                             .destination = query_bytes(&q, 2, a),
		                             .roles = query_u64(&q, 3),
		                             .department = query_bytes(&q, 4, a),
		                             .action = query_bytes(&q, 5, a),
		                             .reason = query_bytes(&q, 6, a),
		                             .changed_us = query_i64(&q, 7),
		                             .changed_by = query_u64(&q, 8)};
	}
	return query_end(&q, r);
}

/* ---- approvals ---- */

#define APPROVAL_COLUMNS                                                                                               \
	"v.id, v.person, coalesce(p.name, ''), v.kinds, v.destination, v.reason, v.asked_us, v.state, v.decided_by, "  \
	"coalesce(d.name, ''), v.decided_us, v.expires_us, v.note, v.marks FROM ai_approval v "                        \
	"LEFT JOIN person p ON p.id = v.person LEFT JOIN person d ON d.id = v.decided_by"

static struct keep_ai_approval read_approval(struct query *q, struct arena *a)
{
	return (struct keep_ai_approval){.id = query_u64(q, 0),
	                                 .person = query_u64(q, 1),
	                                 .person_name = query_bytes(q, 2, a),
	                                 .kinds = query_u64(q, 3),
	                                 .destination = query_bytes(q, 4, a),
	                                 .reason = query_bytes(q, 5, a),
	                                 .asked_us = query_i64(q, 6),
	                                 .state = query_u64(q, 7),
	                                 .decided_by = query_u64(q, 8),
	                                 .decided_by_name = query_bytes(q, 9, a),
	                                 .decided_us = query_i64(q, 10),
	                                 .expires_us = query_i64(q, 11),
	                                 .note = query_bytes(q, 12, a),
	                                 .marks = query_bytes(q, 13, a)};
}

static int list_approvals(struct query *q, struct arena *a, struct keep_ai_approval_list *ret)
{
	int r;

	while ((r = query_step(q)) > 0) {
		struct keep_ai_approval *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		*row = read_approval(q, a);
	}
	return query_end(q, r);
}

int ai_approval_insert(struct store *s, const struct keep_ai_approval *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO ai_approval (person, kinds, destination, reason, asked_us, marks) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_u64(&q, row->person);
	query_bind_u64(&q, row->kinds);
	query_bind_text(&q, row->destination);
	query_bind_text(&q, row->reason);
	query_bind_i64(&q, row->asked_us);
	query_bind_text(&q, row->marks);
	return query_insert(&q, ret_id);
}

int ai_approval_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_approval *ret)
{
	struct query q = query_start(s, "SELECT " APPROVAL_COLUMNS " WHERE v.id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_approval(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int ai_approval_decide(struct store *s, const struct keep_ai_approval *row)
{
	struct query q = query_start(s, "UPDATE ai_approval SET state = ?2, decided_by = ?3, decided_us = ?4, "
	                                "expires_us = ?5, note = ?6, marks = ?7 WHERE id = ?1");
	query_bind_u64(&q, row->id);
	query_bind_u64(&q, row->state);
	query_bind_u64(&q, row->decided_by);
	query_bind_i64(&q, row->decided_us);
	query_bind_i64(&q, row->expires_us);
	query_bind_text(&q, row->note);
	query_bind_text(&q, row->marks);
	return query_run(&q);
}

int ai_approval_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_ai_approval_list *ret)
{
	struct query q = query_start(s, "SELECT " APPROVAL_COLUMNS " WHERE ?1 = 0 OR v.person = ?1 "
	                                "ORDER BY v.state > 0, v.id DESC LIMIT 200");
	query_bind_u64(&q, person);
	return list_approvals(&q, a, ret);
}

int ai_approval_list_living(struct store *s, uint64_t person, int64_t now_us, struct arena *a,
                            struct keep_ai_approval_list *ret)
{
	struct query q = query_start(s, "SELECT " APPROVAL_COLUMNS " WHERE v.person = ?1 AND v.state = 1 "
	                                "AND v.expires_us > ?2 ORDER BY v.id DESC LIMIT 200");
	query_bind_u64(&q, person);
	query_bind_i64(&q, now_us);
	return list_approvals(&q, a, ret);
}

int ai_approval_count_waiting(struct store *s, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM ai_approval WHERE state = 0");
	return query_one_u64(&q, ret);
}

/* ---- guideline ---- */

int ai_field_set(struct store *s, const struct keep_ai_field *row)
{
	struct query q = query_start(s, "INSERT OR REPLACE INTO ai_guideline (field, value, changed_us, changed_by) "
	                                "VALUES (?1, ?2, ?3, ?4)");
	query_bind_text(&q, row->field);
	query_bind_text(&q, row->value);
	query_bind_i64(&q, row->changed_us);
	query_bind_u64(&q, row->changed_by);
	return query_run(&q);
}

int ai_field_list_all(struct store *s, struct arena *a, struct keep_ai_field_list *ret)
{
	struct query q = query_start(
	        s, "SELECT field, value, changed_us, changed_by FROM ai_guideline ORDER BY field LIMIT 100");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_field *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_field){.field = query_bytes(&q, 0, a),
		                              .value = query_bytes(&q, 1, a),
		                              .changed_us = query_i64(&q, 2),
		                              .changed_by = query_u64(&q, 3)};
	}
	return query_end(&q, r);
}

/* ---- patrol ---- */

int ai_patrol_set(struct store *s, uint64_t week, const struct keep_ai_patrol *row)
{
	struct query q = query_start(s, "INSERT OR REPLACE INTO ai_patrol (week, item, done_us, done_by, note) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5)");
	query_bind_u64(&q, week);
	query_bind_text(&q, row->item);
	query_bind_i64(&q, row->done_us);
	query_bind_u64(&q, row->done_by);
	query_bind_text(&q, row->note);
	return query_run(&q);
}

int ai_patrol_list_week(struct store *s, uint64_t week, struct arena *a, struct keep_ai_patrol_list *ret)
{
	struct query q = query_start(s, "SELECT w.item, w.done_us, w.done_by, coalesce(p.name, ''), w.note "
	                                "FROM ai_patrol w LEFT JOIN person p ON p.id = w.done_by "
	                                "WHERE w.week = ?1 ORDER BY w.item LIMIT 100");
	int r;

	query_bind_u64(&q, week);
	while ((r = query_step(&q)) > 0) {
		struct keep_ai_patrol *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_patrol){.item = query_bytes(&q, 0, a),
		                               .done_us = query_i64(&q, 1),
		                               .done_by = query_u64(&q, 2),
		                               .done_by_name = query_bytes(&q, 3, a),
		                               .note = query_bytes(&q, 4, a)};
	}
	return query_end(&q, r);
}

int ai_patrol_last_week(struct store *s, uint64_t before, uint64_t *ret_week)
{
	struct query q = query_start(s, "SELECT coalesce(max(week), 0) FROM ai_patrol WHERE week < ?1");
	query_bind_u64(&q, before);
	return query_one_u64(&q, ret_week);
}

/* ---- declarations ---- */

#define DECLARATION_COLUMNS                                                                                            \
	"d.id, d.wish, d.person, coalesce(p.name, ''), d.service, d.purpose, d.created_us, d.state, d.note, "          \
	"d.answered_by, coalesce(b.name, ''), d.answered_us FROM ai_declaration d "                                    \
	"LEFT JOIN person p ON p.id = d.person LEFT JOIN person b ON b.id = d.answered_by"

static struct keep_ai_declaration read_declaration(struct query *q, struct arena *a)
{
	return (struct keep_ai_declaration){.id = query_u64(q, 0),
	                                    .wish = query_u64(q, 1),
	                                    .person = query_u64(q, 2),
	                                    .person_name = query_bytes(q, 3, a),
	                                    .service = query_bytes(q, 4, a),
	                                    .purpose = query_bytes(q, 5, a),
	                                    .created_us = query_i64(q, 6),
	                                    .state = query_u64(q, 7),
	                                    .note = query_bytes(q, 8, a),
	                                    .answered_by = query_u64(q, 9),
	                                    .answered_by_name = query_bytes(q, 10, a),
	                                    .answered_us = query_i64(q, 11)};
}

int ai_declaration_insert(struct store *s, const struct keep_ai_declaration *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO ai_declaration (wish, person, service, purpose, created_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5)");
	query_bind_u64(&q, row->wish);
	query_bind_u64(&q, row->person);
	query_bind_text(&q, row->service);
	query_bind_text(&q, row->purpose);
	query_bind_i64(&q, row->created_us);
	return query_insert(&q, ret_id);
}

int ai_declaration_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_declaration *ret)
{
	struct query q = query_start(s, "SELECT " DECLARATION_COLUMNS " WHERE d.id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_declaration(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int ai_declaration_answer(struct store *s, const struct keep_ai_declaration *row)
{
	struct query q = query_start(
	        s, "UPDATE ai_declaration SET state = 1, note = ?2, answered_by = ?3, answered_us = ?4 WHERE id = ?1");
	query_bind_u64(&q, row->id);
	query_bind_text(&q, row->note);
	query_bind_u64(&q, row->answered_by);
	query_bind_i64(&q, row->answered_us);
	return query_run(&q);
}

int ai_declaration_list_of(struct store *s, uint64_t person, struct arena *a, struct keep_ai_declaration_list *ret)
{
	struct query q = query_start(s, "SELECT " DECLARATION_COLUMNS " WHERE ?1 = 0 OR d.person = ?1 "
	                                "ORDER BY d.state, d.id DESC LIMIT 200");
	int r;

	query_bind_u64(&q, person);
	while ((r = query_step(&q)) > 0) {
		struct keep_ai_declaration *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_declaration(&q, a);
	}
	return query_end(&q, r);
}

int ai_declaration_count_open(struct store *s, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM ai_declaration WHERE state = 0");
	return query_one_u64(&q, ret);
}
