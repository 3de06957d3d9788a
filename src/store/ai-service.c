/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/ai-service.h"

#include "base/err.h"
#include "store/query.h"

#define SERVICE_COLUMNS                                                                                                \
	"id, name, plan, contract, commercial, destination, base_url, protocol, path_style, api_version, auth, "       \
	"priority, connect_ms, first_ms, idle_ms, total_ms, retries, images, active, training_us, training_by, "       \
	"training_note, recheck_months, length(sealed_key) > 0, key_us, created_us, changed_us FROM ai_service"

static struct keep_ai_service read_service(struct query *q, struct arena *a)
{
	return (struct keep_ai_service){
	        .id = query_u64(q, 0),
	        .name = query_bytes(q, 1, a),
	        .plan = query_bytes(q, 2, a),
	        .contract = query_bytes(q, 3, a),
	        .commercial = query_u64(q, 4),
	        .declared = query_u64(q, 5),
	        .base_url = query_bytes(q, 6, a),
	        .protocol = query_u64(q, 7),
	        .path_style = query_u64(q, 8),
	        .api_version = query_bytes(q, 9, a),
	        .auth = query_u64(q, 10),
	        .priority = query_u64(q, 11),
	        .connect_ms = query_u64(q, 12),
	        .first_ms = query_u64(q, 13),
	        .idle_ms = query_u64(q, 14),
	        .total_ms = query_u64(q, 15),
	        .retries = query_u64(q, 16),
	        .images = query_u64(q, 17) > 0,
	        .active = query_u64(q, 18) > 0,
	        .training_us = query_i64(q, 19),
	        .training_by = query_u64(q, 20),
	        .training_note = query_bytes(q, 21, a),
	        .recheck_months = query_u64(q, 22),
	        .has_key = query_u64(q, 23) > 0,
	        .key_us = query_i64(q, 24),
	        .created_us = query_i64(q, 25),
	        .changed_us = query_i64(q, 26),
	};
}

/* Both statements below name the columns in this order. */
static void bind_service(struct query *q, const struct keep_ai_service *row)
{
	query_bind_text(q, row->name);
	query_bind_text(q, row->plan);
	query_bind_text(q, row->contract);
	query_bind_u64(q, row->commercial);
	query_bind_u64(q, row->declared);
	query_bind_text(q, row->base_url);
	query_bind_u64(q, row->protocol);
	query_bind_u64(q, row->path_style);
	query_bind_text(q, row->api_version);
	query_bind_u64(q, row->auth);
	query_bind_u64(q, row->priority);
	query_bind_u64(q, row->connect_ms);
	query_bind_u64(q, row->first_ms);
	query_bind_u64(q, row->idle_ms);
	query_bind_u64(q, row->total_ms);
	query_bind_u64(q, row->retries);
	query_bind_u64(q, row->images);
	query_bind_u64(q, row->active);
	query_bind_u64(q, row->recheck_months);
	query_bind_i64(q, row->changed_us);
}

int ai_service_insert(struct store *s, const struct keep_ai_service *row, uint64_t by, uint64_t *ret_id)
{
	struct query q = query_start(
	        s,
	        "INSERT INTO ai_service (name, plan, contract, commercial, destination, base_url, protocol, "
	        "path_style, "
	        "api_version, auth, priority, connect_ms, first_ms, idle_ms, total_ms, retries, images, active, "
	        "recheck_months, changed_us, created_us, created_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
	        "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)");
	bind_service(&q, row);
	query_bind_i64(&q, row->created_us);
	query_bind_u64(&q, by);
	return query_insert(&q, ret_id);
}

int ai_service_update(struct store *s, const struct keep_ai_service *row)
{
	struct query q = query_start(
	        s, "UPDATE ai_service SET name = ?1, plan = ?2, contract = ?3, commercial = ?4, destination = ?5, "
	           "base_url = ?6, protocol = ?7, path_style = ?8, api_version = ?9, auth = ?10, priority = ?11, "
	           "connect_ms = ?12, first_ms = ?13, idle_ms = ?14, total_ms = ?15, retries = ?16, images = ?17, "
	           "active = ?18, recheck_months = ?19, changed_us = ?20 WHERE id = ?21");
	bind_service(&q, row);
	query_bind_u64(&q, row->id);
	return query_run(&q);
}

int ai_service_set_training(struct store *s, const struct keep_ai_service *row)
{
	struct query q = query_start(
	        s, "UPDATE ai_service SET training_us = ?2, training_by = ?3, training_note = ?4 WHERE id = ?1");
	query_bind_u64(&q, row->id);
	query_bind_i64(&q, row->training_us);
	query_bind_u64(&q, row->training_by);
	query_bind_text(&q, row->training_note);
	return query_run(&q);
}

int ai_service_set_key(struct store *s, uint64_t id, struct str sealed, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE ai_service SET sealed_key = ?2, key_us = ?3 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_blob(&q, sealed);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int ai_service_get_key(struct store *s, uint64_t id, struct arena *a, struct str *ret_sealed)
{
	struct query q = query_start(s, "SELECT sealed_key FROM ai_service WHERE id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret_sealed = query_bytes(&q, 0, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int ai_service_find(struct store *s, uint64_t id, struct arena *a, struct keep_ai_service *ret)
{
	struct query q = query_start(s, "SELECT " SERVICE_COLUMNS " WHERE id = ?1");
	query_bind_u64(&q, id);
	int r = query_step(&q);
	if (r > 0)
		*ret = read_service(&q, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int ai_service_list_all(struct store *s, struct arena *a, struct keep_ai_service_list *ret)
{
	struct query q = query_start(s, "SELECT " SERVICE_COLUMNS " ORDER BY priority, id");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_service *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = read_service(&q, a);
	}
	return query_end(&q, r);
}

int ai_service_delete(struct store *s, uint64_t id)
{
	struct query q = query_start(s, "DELETE FROM ai_service WHERE id = ?1");
	query_bind_u64(&q, id);
	return query_run(&q);
}

/* ---- models ---- */

int ai_model_list_all(struct store *s, struct arena *a, struct keep_ai_model_list *ret)
{
	struct query q = query_start(
	        s, "SELECT m.service, m.name, m.upstream, m.uses FROM ai_model m JOIN ai_service s ON s.id = m.service "
	           "ORDER BY s.priority, s.id, m.name");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_model *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_model){.service = query_u64(&q, 0),
		                              .name = query_bytes(&q, 1, a),
		                              .upstream = query_bytes(&q, 2, a),
		                              .uses = query_u64(&q, 3)};
	}
	return query_end(&q, r);
}

static int delete_models(struct store *s, uint64_t service)
{
	struct query q = query_start(s, "DELETE FROM ai_model WHERE service = ?1");
	query_bind_u64(&q, service);
	return query_run(&q);
}

int ai_model_replace(struct store *s, uint64_t service, const struct keep_ai_model_list *models)
{
	int r = delete_models(s, service);
	for (size_t i = 0; r >= 0 && i < models->n; i++) {
		struct query q =
		        query_start(s, "INSERT INTO ai_model (service, name, upstream, uses) VALUES (?1, ?2, ?3, ?4)");
		query_bind_u64(&q, service);
		query_bind_text(&q, models->at[i].name);
		query_bind_text(&q, models->at[i].upstream);
		query_bind_u64(&q, models->at[i].uses);
		r = query_run(&q);
	}
	return r;
}
