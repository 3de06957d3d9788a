/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One query: prepared once per store and kept, values bound in order, rows read in order.
 *   struct query q = query_start(s, "SELECT a FROM t WHERE b = ?1"); query_bind_u64(&q, b);
 *   while ((r = query_step(&q)) > 0) ... query_u64(&q, 0) ...
 *   return query_end(&q, r);
 * Inside src/store only. */
#pragma once

#include <sqlite3.h>

#include "base/arena.h"
#include "ledger/event.h"
#include "store/handle.h"

struct query {
	struct store *store;
	sqlite3_stmt *statement; /* NULL when preparing failed */
	int bound;
	int error;
};

struct query query_start(struct store *s, const char *constant_sql);
void query_bind_u64(struct query *q, uint64_t value); /* over INT64_MAX: the query fails with ERR_INVALID */
void query_bind_i64(struct query *q, int64_t value);
void query_bind_double(struct query *q, double value);
void query_bind_text(struct query *q, struct str text);
void query_bind_blob(struct query *q, struct str bytes);
void query_bind_view(struct query *q, struct str bytes); /* a blob that is not copied: it stays until query_end() */
void query_bind_hash(struct query *q, const struct ledger_hash *hash);
/* 1 a row, 0 no more, < 0: ERR_EXISTS (a UNIQUE rule), ERR_STORE, ERR_CORRUPT. */
int query_step(struct query *q);
uint64_t query_u64(struct query *q, int column);
int64_t query_i64(struct query *q, int column);
double query_double(struct query *q, int column);
struct str query_bytes(struct query *q, int column, struct arena *a); /* copied; ERR_TOO_LARGE at query_end() */
struct str query_view(struct query *q, int column);                   /* good until the next step */
struct ledger_hash query_hash(struct query *q, int column);
/* Ends the query: r, or what went wrong meanwhile. */
int query_end(struct query *q, int r);
/* Runs a query without rows: number of changed rows or an error. */
int query_run(struct query *q);
/* Runs an INSERT: *ret_id is the new row's. */
int query_insert(struct query *q, uint64_t *ret_id);
/* The first column of the first row; ERR_NOT_FOUND without one. */
int query_one_u64(struct query *q, uint64_t *ret);
