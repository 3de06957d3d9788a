/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/company.h"

#include "base/err.h"
#include "store/query.h"

int contact_insert(struct store *s, const struct keep_contact *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO saved_contact (brand, name, url, phone, checked_us, checked_by) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_text(&q, row->brand);
	query_bind_text(&q, row->name);
	query_bind_text(&q, row->url);
	query_bind_text(&q, row->phone);
	query_bind_i64(&q, row->checked_us);
	query_bind_u64(&q, row->checked_by);
	return query_insert(&q, ret_id);
}

int contact_list_of(struct store *s, struct str brand, struct arena *a, struct keep_contact_list *ret)
{
	struct query q = query_start(s, "SELECT id, brand, name, url, phone, checked_us, checked_by FROM saved_contact "
	                                "WHERE ?1 = '' OR brand = ?1 ORDER BY name, id LIMIT 500");
	int r;

	query_bind_text(&q, brand);
	while ((r = query_step(&q)) > 0) {
		struct keep_contact *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_contact){query_u64(&q, 0),      query_bytes(&q, 1, a), query_bytes(&q, 2, a),
		                             query_bytes(&q, 3, a), query_bytes(&q, 4, a), query_i64(&q, 5),
		                             query_u64(&q, 6)};
	}
	return query_end(&q, r);
}

/* Runs a DELETE ... RETURNING brand. */
static int remove_one(struct query *q, uint64_t id, struct arena *a, struct str *ret_brand)
{
	query_bind_u64(q, id);
	int r = query_step(q);
	if (r > 0) {
		*ret_brand = query_bytes(q, 0, a);
		r = query_step(q);
		return query_end(q, r);
	}
	return query_end(q, r == 0 ? ERR_NOT_FOUND : r);
}

int contact_remove(struct store *s, uint64_t id, struct arena *a, struct str *ret_brand)
{
	struct query q = query_start(s, "DELETE FROM saved_contact WHERE id = ?1 RETURNING brand");
	return remove_one(&q, id, a, ret_brand);
}

int brand_insert(struct store *s, const struct keep_brand *row, uint64_t *ret_id)
{
	struct query q = query_start(s, "INSERT INTO brand_override (brand, name, domain, effect, added_by, added_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	query_bind_text(&q, row->brand);
	query_bind_text(&q, row->name);
	query_bind_text(&q, row->domain);
	query_bind_text(&q, row->effect);
	query_bind_u64(&q, row->added_by);
	query_bind_i64(&q, row->added_us);
	return query_insert(&q, ret_id);
}

int brand_list_all(struct store *s, struct arena *a, struct keep_brand_list *ret)
{
	struct query q =
	        query_start(s, "SELECT id, brand, name, domain, effect, added_by, added_us FROM brand_override "
	                       "ORDER BY brand, domain LIMIT 500");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_brand *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_brand){query_u64(&q, 0),      query_bytes(&q, 1, a), query_bytes(&q, 2, a),
		                           query_bytes(&q, 3, a), query_bytes(&q, 4, a), query_u64(&q, 5),
		                           query_i64(&q, 6)};
	}
	return query_end(&q, r);
}

int brand_remove(struct store *s, uint64_t id, struct arena *a, struct str *ret_brand)
{
	struct query q = query_start(s, "DELETE FROM brand_override WHERE id = ?1 RETURNING brand");
	return remove_one(&q, id, a, ret_brand);
}

int sender_first_seen(struct store *s, const struct ledger_hash *hash, uint64_t *ret_us)
{
	struct query q = query_start(s, "SELECT first_seen_us FROM known_sender WHERE hash = ?1");
	query_bind_hash(&q, hash);
	return query_one_u64(&q, ret_us);
}

int sender_insert(struct store *s, const struct ledger_hash *hash, int64_t now_us)
{
	struct query q = query_start(s, "INSERT OR IGNORE INTO known_sender (hash, first_seen_us) VALUES (?1, ?2)");
	query_bind_hash(&q, hash);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int sender_count(struct store *s, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM known_sender");
	return query_one_u64(&q, ret);
}
