/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/query.h"

#include <string.h>

#include "base/err.h"

struct query query_start(struct store *s, const char *constant_sql)
{
	struct query q = {.store = s, .statement = store_statement(s, constant_sql)};
	if (!q.statement)
		q.error = ERR_STORE;
	return q;
}

static void note(struct query *q, int sqlite_code)
{
	if (sqlite_code != SQLITE_OK && q->error == 0)
		q->error = store_error(sqlite_code);
}

void query_bind_i64(struct query *q, int64_t value)
{
	if (q->statement)
		note(q, sqlite3_bind_int64(q->statement, ++q->bound, value));
}

void query_bind_u64(struct query *q, uint64_t value)
{
	if (value > INT64_MAX && q->error == 0)
		q->error = ERR_INVALID;
	query_bind_i64(q, (int64_t) (value & INT64_MAX));
}

void query_bind_double(struct query *q, double value)
{
	if (q->statement)
		note(q, sqlite3_bind_double(q->statement, ++q->bound, value));
}

void query_bind_text(struct query *q, struct str text)
{
	if (q->statement)
		note(q, sqlite3_bind_text64(q->statement, ++q->bound, text.n ? text.p : "", text.n, SQLITE_TRANSIENT,
		                            SQLITE_UTF8));
}

void query_bind_blob(struct query *q, struct str bytes)
{
	if (q->statement)
		note(q,
		     sqlite3_bind_blob64(q->statement, ++q->bound, bytes.n ? bytes.p : "", bytes.n, SQLITE_TRANSIENT));
}

void query_bind_view(struct query *q, struct str bytes)
{
	if (q->statement)
		note(q, sqlite3_bind_blob64(q->statement, ++q->bound, bytes.n ? bytes.p : "", bytes.n, SQLITE_STATIC));
}

void query_bind_hash(struct query *q, const struct ledger_hash *hash)
{
	query_bind_blob(q, str_make(hash->bytes, sizeof(hash->bytes)));
}

int query_step(struct query *q)
{
	if (q->error < 0)
		return q->error;
	int code = sqlite3_step(q->statement);
	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	note(q, code);
	return q->error;
}

int64_t query_i64(struct query *q, int column)
{
	return sqlite3_column_int64(q->statement, column);
}

uint64_t query_u64(struct query *q, int column)
{
	return (uint64_t) query_i64(q, column);
}

double query_double(struct query *q, int column)
{
	return sqlite3_column_double(q->statement, column);
}

struct str query_view(struct query *q, int column)
{
	const void *p = sqlite3_column_blob(q->statement, column);
	return str_make(p, p ? (size_t) sqlite3_column_bytes(q->statement, column) : 0);
}

struct str query_bytes(struct query *q, int column, struct arena *a)
{
	struct str copy = arena_dup(a, query_view(q, column));
	if (!copy.p && q->error == 0)
		q->error = ERR_TOO_LARGE;
	return copy;
}

struct ledger_hash query_hash(struct query *q, int column)
{
	struct ledger_hash hash = {{0}};
	struct str bytes = query_view(q, column);
	if (bytes.n == sizeof(hash.bytes))
		memcpy(hash.bytes, bytes.p, bytes.n);
	else if (q->error == 0)
		q->error = ERR_CORRUPT;
	return hash;
}

int query_end(struct query *q, int r)
{
	if (q->statement) {
		sqlite3_reset(q->statement);
		sqlite3_clear_bindings(q->statement);
	}
	return q->error < 0 ? q->error : r;
}

int query_run(struct query *q)
{
	int r = query_step(q);
	return query_end(q, r < 0 ? r : sqlite3_changes(store_handle(q->store)));
}

int query_insert(struct query *q, uint64_t *ret_id)
{
	int r = query_end(q, query_step(q));
	if (r < 0)
		return r;
	*ret_id = (uint64_t) sqlite3_last_insert_rowid(store_handle(q->store));
	return 0;
}

int query_one_u64(struct query *q, uint64_t *ret)
{
	int r = query_step(q);
	uint64_t value = r > 0 ? query_u64(q, 0) : 0;
	r = query_end(q, r == 0 ? ERR_NOT_FOUND : r);
	if (r < 0)
		return r;
	*ret = value;
	return 0;
}
