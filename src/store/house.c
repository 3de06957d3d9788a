/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/house.h"

#include "base/err.h"
#include "store/query.h"

int house_get(struct store *s, const char *name, struct arena *a, struct str *ret)
{
	struct query q = query_start(s, "SELECT value FROM house WHERE name = ?1");
	query_bind_text(&q, str_of(name));
	int r = query_step(&q);
	if (r > 0)
		*ret = query_bytes(&q, 0, a);
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int house_set(struct store *s, const char *name, struct str value)
{
	struct query q = query_start(s, "INSERT OR REPLACE INTO house (name, value) VALUES (?1, ?2)");
	query_bind_text(&q, str_of(name));
	query_bind_blob(&q, value);
	return query_run(&q);
}

int house_delete(struct store *s, const char *name)
{
	struct query q = query_start(s, "DELETE FROM house WHERE name = ?1");
	query_bind_text(&q, str_of(name));
	return query_run(&q);
}

int house_get_number(struct store *s, const char *name, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM house WHERE name = ?1");
	query_bind_text(&q, str_of(name));
	return query_one_u64(&q, ret);
}

int house_set_number(struct store *s, const char *name, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%llu", (unsigned long long) value);
	return house_set(s, name, str_of(text));
}

int setting_find(struct store *s, struct str name, struct arena *a, struct keep_setting *ret)
{
	struct query q = query_start(s, "SELECT name, value, changed_by, changed_us FROM setting WHERE name = ?1");
	query_bind_text(&q, name);
	int r = query_step(&q);
	if (r > 0)
		*ret = (struct keep_setting){query_bytes(&q, 0, a), query_bytes(&q, 1, a), query_u64(&q, 2),
		                             query_i64(&q, 3)};
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

int setting_save(struct store *s, struct str name, struct str value, uint64_t by, int64_t now_us)
{
	struct query q = query_start(
	        s, "INSERT OR REPLACE INTO setting (name, value, changed_by, changed_us) VALUES (?1, ?2, ?3, ?4)");
	query_bind_text(&q, name);
	query_bind_text(&q, value);
	query_bind_u64(&q, by);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}
