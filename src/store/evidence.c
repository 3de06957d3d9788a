/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/evidence.h"

#include "base/err.h"
#include "ledger/event.h"
#include "store/query.h"
#include "store/role.h"

/* The time of the record under the query's first column. */
static int take_time(struct query *q, int r, int64_t *ret_us)
{
	struct record record;
	if (r > 0)
		r = record_decode(query_view(q, 0), &record);
	else if (r == 0)
		r = ERR_NOT_FOUND;
	if (r >= 0)
		*ret_us = record.event.time_us;
	return query_end(q, r);
}

static int time_of(struct store *s, uint64_t number, int64_t *ret_us)
{
	struct query q = query_start(s, "SELECT bytes FROM ledger_record WHERE number = ?1");
	query_bind_u64(&q, number);
	return take_time(&q, query_step(&q), ret_us);
}

int evidence_first_since(struct store *s, int64_t since_us, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT coalesce(max(number) + 1, 0) FROM ledger_record");
	uint64_t low = 0, high = 0;
	int r = query_one_u64(&q, &high);
	while (r >= 0 && low < high) {
		uint64_t middle = low + (high - low) / 2;
		int64_t at_us = 0;
		r = time_of(s, middle, &at_us);
		if (at_us < since_us)
			low = middle + 1;
		else
			high = middle;
	}
	if (r >= 0)
		*ret = low;
	return r < 0 ? r : 0;
}

int evidence_newest(struct store *s, struct str kind, int64_t *ret_us)
{
	struct query q = query_start(s, "SELECT bytes FROM ledger_record WHERE kind = ?1 ORDER BY number DESC LIMIT 1");
	query_bind_text(&q, kind);
	int r = take_time(&q, query_step(&q), ret_us);
	if (r != ERR_NOT_FOUND)
		return r;
	*ret_us = 0;
	return 0;
}

int evidence_oldest(struct store *s, int64_t *ret_us)
{
	int r = time_of(s, 0, ret_us);
	if (r != ERR_NOT_FOUND)
		return r;
	*ret_us = 0;
	return 0;
}

int evidence_count(struct store *s, struct str kind, uint64_t from, uint64_t limit, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM (SELECT 1 FROM ledger_record WHERE kind = ?1 AND "
	                                "number >= ?2 LIMIT ?3)");
	query_bind_text(&q, kind);
	query_bind_u64(&q, from);
	query_bind_u64(&q, limit);
	return query_one_u64(&q, ret);
}

int evidence_of_name(struct store *s, struct str kind, struct str name, uint64_t from, uint64_t limit, int64_t *ret_us,
                     uint64_t *ret_count)
{
	struct query q = query_start(s, "SELECT number, bytes FROM ledger_record WHERE kind = ?1 "
	                                "ORDER BY number DESC LIMIT ?2");
	int64_t newest_us = 0;
	uint64_t count = 0;
	int r;
	query_bind_text(&q, kind);
	query_bind_u64(&q, limit);
	while ((r = query_step(&q)) > 0) {
		struct record record;
		uint64_t number = query_u64(&q, 0);
		if (newest_us != 0 && number < from)
			break;
		r = record_decode(query_view(&q, 1), &record);
		if (r < 0)
			return query_end(&q, r);
		if (!str_eq(record.event.subject_name, name))
			continue;
		newest_us = newest_us ? newest_us : record.event.time_us;
		count += number >= from;
	}
	*ret_us = newest_us;
	*ret_count = count;
	return query_end(&q, r);
}

int evidence_second_factors(struct store *s, int64_t now_us, uint64_t *ret_with, uint64_t *ret_all)
{
	struct query q = query_start(s, "SELECT coalesce(sum(totp_secret <> x''), 0), count(*) FROM person "
	                                "WHERE state = 0 AND role <> ?1 AND (expires_us = 0 OR expires_us > ?2)");
	query_bind_u64(&q, ROLE_EXPERT);
	query_bind_i64(&q, now_us);
	int r = query_step(&q);
	if (r > 0) {
		*ret_with = query_u64(&q, 0);
		*ret_all = query_u64(&q, 1);
	}
	return query_end(&q, r);
}
