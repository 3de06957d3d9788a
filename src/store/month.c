/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/month.h"

#include "base/err.h"
#include "store/query.h"

enum { FIGURES_LISTED_MAX = 2000 };
#define US_A_MINUTE "60000000"

int month_figure_set(struct store *s, const struct keep_month_figure *row)
{
	struct query q = query_start(s, "INSERT OR REPLACE INTO month_figure (month, name, value, made_us) "
	                                "VALUES (?1, ?2, ?3, ?4)");
	query_bind_u64(&q, row->month);
	query_bind_text(&q, row->name);
	query_bind_u64(&q, row->value);
	query_bind_i64(&q, row->made_us);
	return query_run(&q);
}

int month_figure_list(struct store *s, uint64_t from, uint64_t to, struct arena *a, struct keep_month_figure_list *ret)
{
	struct query q = query_start(s, "SELECT month, name, value, made_us FROM month_figure "
	                                "WHERE month BETWEEN ?1 AND ?2 ORDER BY month, name LIMIT ?3");
	int r;

	query_bind_u64(&q, from);
	query_bind_u64(&q, to);
	query_bind_u64(&q, FIGURES_LISTED_MAX);
	while ((r = query_step(&q)) > 0) {
		struct keep_month_figure *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_month_figure){query_u64(&q, 0), query_bytes(&q, 1, a), query_u64(&q, 2),
		                                  query_i64(&q, 3)};
	}
	return query_end(&q, r);
}

static int count_opened(struct store *s, int64_t from_us, int64_t to_us, struct month_cases *ret)
{
	struct query q = query_start(s, "SELECT count(*), coalesce(sum(verdict = 'danger'), 0), "
	                                "coalesce(sum(answered_us > 0), 0) FROM case_file "
	                                "WHERE created_us >= ?1 AND created_us < ?2");
	query_bind_i64(&q, from_us);
	query_bind_i64(&q, to_us);
	int r = query_step(&q);
	if (r > 0)
		*ret = (struct month_cases){query_u64(&q, 0), query_u64(&q, 1), query_u64(&q, 2), 0};
	return query_end(&q, r);
}

int month_count_cases(struct store *s, int64_t from_us, int64_t to_us, struct month_cases *ret)
{
	int r = count_opened(s, from_us, to_us, ret);
	if (r < 0 || ret->answered == 0)
		return r;
	struct query q = query_start(s, "SELECT (answered_us - created_us) / " US_A_MINUTE " FROM case_file "
	                                "WHERE created_us >= ?1 AND created_us < ?2 AND answered_us > 0 "
	                                "ORDER BY 1 LIMIT 1 OFFSET ?3");
	query_bind_i64(&q, from_us);
	query_bind_i64(&q, to_us);
	query_bind_u64(&q, (ret->answered - 1) / 2);
	return query_one_u64(&q, &ret->minutes);
}

#define WAVE_US "604800000000" /* a week */
#define FIRST_REPORTS                                                                                                  \
	"FROM case_file c WHERE c.created_us >= ?1 AND c.created_us < ?2 AND c.mail_us > 0 AND NOT EXISTS ("           \
	"SELECT 1 FROM case_file o WHERE o.created_us BETWEEN c.created_us - " WAVE_US " AND c.created_us "            \
	"AND o.id < c.id AND ((length(c.sender_hash) > 0 AND o.sender_hash = c.sender_hash) OR "                       \
	"(c.verdict IN ('danger', 'doubtful') AND o.verdict IN ('danger', 'doubtful') AND EXISTS ("                    \
	"SELECT 1 FROM case_host h JOIN case_host g ON g.host = h.host WHERE h.case_id = c.id AND g.case_id = "        \
	"o.id)))) "

int month_count_first_reports(struct store *s, int64_t from_us, int64_t to_us, struct month_first_reports *ret)
{
	struct query all = query_start(s, "SELECT count(*) " FIRST_REPORTS);
	query_bind_i64(&all, from_us);
	query_bind_i64(&all, to_us);
	*ret = (struct month_first_reports){0};
	int r = query_one_u64(&all, &ret->count);
	if (r < 0 || ret->count == 0)
		return r;
	struct query q = query_start(s, "SELECT (c.created_us - c.mail_us) / " US_A_MINUTE " " FIRST_REPORTS
	                                "ORDER BY 1 LIMIT 1 OFFSET ?3");
	query_bind_i64(&q, from_us);
	query_bind_i64(&q, to_us);
	query_bind_u64(&q, (ret->count - 1) / 2);
	return query_one_u64(&q, &ret->minutes);
}
