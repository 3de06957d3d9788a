/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/records.h"

#include <string.h>

#include "base/err.h"
#include "ledger/event.h"
#include "store/query.h"

/* ---- state ---- */

static int add_leaves(struct store *s, struct records_state *state)
{
	struct query q = query_start(s, "SELECT number, leaf FROM ledger_record WHERE number >= ?1 ORDER BY number");
	int r;

	query_bind_u64(&q, state->tree.size);
	while ((r = query_step(&q)) > 0) {
		if (query_u64(&q, 0) != state->tree.size)
			return query_end(&q, ERR_CORRUPT);
		state->last_leaf = query_hash(&q, 1);
		frontier_append(&state->tree, &state->last_leaf);
	}
	return query_end(&q, r);
}

static int read_leaf(struct store *s, uint64_t number, struct ledger_hash *ret)
{
	struct query q = query_start(s, "SELECT leaf FROM ledger_record WHERE number = ?1");
	query_bind_u64(&q, number);
	int r = query_step(&q);
	if (r > 0)
		*ret = query_hash(&q, 0);
	return query_end(&q, r == 0 ? ERR_CORRUPT : r);
}

static int unpack_frontier(struct str bytes, uint64_t size, struct frontier *ret)
{
	struct frontier tree = {.size = size};
	size_t at = 0;

	for (unsigned level = 0; level < FRONTIER_LEVELS; level++) {
		if (!(size >> level & 1))
			continue;
		if (at + LEDGER_HASH_BYTES > bytes.n)
			return ERR_CORRUPT;
		memcpy(tree.node[level].bytes, bytes.p + at, LEDGER_HASH_BYTES);
		at += LEDGER_HASH_BYTES;
	}
	if (at != bytes.n)
		return ERR_CORRUPT;
	*ret = tree;
	return 0;
}

/* The stored frontier counts only when it gives the root that was signed. */
static int read_checkpoint(struct query *q, const struct ledger_key *key, struct records_state *state)
{
	struct checkpoint checkpoint;

	state->sealed = query_u64(q, 0);
	state->sealed_us = query_i64(q, 1);
	if (checkpoint_verify(query_view(q, 2), key, &checkpoint) < 0 || checkpoint.size != state->sealed)
		return ERR_CORRUPT;
	int r = unpack_frontier(query_view(q, 3), state->sealed, &state->tree);
	if (r < 0)
		return r;
	struct ledger_hash root = frontier_root(&state->tree);
	return ledger_hash_eq(&root, &checkpoint.root) ? 0 : ERR_CORRUPT;
}

int records_load(struct store *s, const struct ledger_key *key, struct records_state *ret)
{
	struct records_state state = {0};
	struct query q = query_start(
	        s, "SELECT size, time_us, note, frontier FROM ledger_checkpoint ORDER BY size DESC LIMIT 1");

	int r = query_step(&q);
	if (r > 0)
		r = read_checkpoint(&q, key, &state);
	r = query_end(&q, r);
	if (r >= 0 && state.tree.size > 0)
		r = read_leaf(s, state.tree.size - 1, &state.last_leaf);
	if (r >= 0)
		r = add_leaves(s, &state);
	if (r < 0)
		return r;
	*ret = state;
	return 0;
}

/* ---- writing ---- */

static int insert_record(struct store *s, uint64_t number, const struct ledger_hash *leaf, struct str bytes,
                         struct str kind)
{
	struct query q =
	        query_start(s, "INSERT INTO ledger_record (number, leaf, bytes, kind) VALUES (?1, ?2, ?3, ?4)");
	query_bind_u64(&q, number);
	query_bind_view(&q, str_make(leaf->bytes, sizeof(leaf->bytes)));
	query_bind_view(&q, bytes);
	query_bind_text(&q, kind);
	return query_run(&q);
}

int records_append(struct store *s, struct records_state *state, const struct event *event, uint64_t *ret_number)
{
	CLEANUP(buf_done) struct buf bytes = buf_make(EVENT_MAX_BYTES);
	uint64_t number = state->tree.size;

	int r = record_encode_next(number, &state->last_leaf, event, &bytes);
	if (r < 0)
		return r;
	struct ledger_hash leaf = record_leaf_hash(buf_str(&bytes));
	r = insert_record(s, number, &leaf, buf_str(&bytes), event->kind);
	if (r < 0)
		return r == ERR_EXISTS ? ERR_CORRUPT : r;
	frontier_append(&state->tree, &leaf);
	state->last_leaf = leaf;
	*ret_number = number;
	return 0;
}

static int insert_checkpoint(struct store *s, const struct frontier *tree, int64_t now_us, struct str note)
{
	char packed[FRONTIER_LEVELS * LEDGER_HASH_BYTES];
	size_t n = 0;

	for (unsigned level = 0; level < FRONTIER_LEVELS; level++) {
		if (tree->size >> level & 1) {
			memcpy(packed + n, tree->node[level].bytes, LEDGER_HASH_BYTES);
			n += LEDGER_HASH_BYTES;
		}
	}
	struct query q = query_start(
	        s, "INSERT OR REPLACE INTO ledger_checkpoint (size, time_us, note, frontier) VALUES (?1, ?2, ?3, ?4)");
	query_bind_u64(&q, tree->size);
	query_bind_i64(&q, now_us);
	query_bind_text(&q, note);
	query_bind_blob(&q, str_make(packed, n));
	return query_run(&q);
}

int records_seal(struct store *s, struct records_state *state, const struct ledger_signer *signer, int64_t now_us)
{
	CLEANUP(buf_done) struct buf note = buf_make(CHECKPOINT_MAX_BYTES);
	struct checkpoint checkpoint = {.size = state->tree.size, .root = frontier_root(&state->tree)};

	if (state->sealed == state->tree.size && state->sealed_us > 0)
		return 0;
	int r = checkpoint_sign(signer, &checkpoint, &note);
	if (r >= 0)
		r = insert_checkpoint(s, &state->tree, now_us, buf_str(&note));
	if (r < 0)
		return r;
	state->sealed = checkpoint.size;
	state->sealed_us = now_us;
	return 0;
}

/* ---- reading ---- */

int records_last_note(struct store *s, struct arena *a, struct str *ret_note, uint64_t *ret_size)
{
	struct query q = query_start(s, "SELECT note, size FROM ledger_checkpoint ORDER BY size DESC LIMIT 1");
	int r = query_step(&q);
	if (r > 0) {
		*ret_note = query_bytes(&q, 0, a);
		*ret_size = query_u64(&q, 1);
	}
	return query_end(&q, r == 0 ? ERR_NOT_FOUND : r);
}

static int collect(struct query *q, struct arena *a, struct keep_ledger_record_list *ret)
{
	int r;
	while ((r = query_step(q)) > 0) {
		struct keep_ledger_record *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(q, ERR_TOO_LARGE);
		row->number = query_u64(q, 0);
		row->bytes = query_bytes(q, 1, a);
	}
	return query_end(q, r);
}

int records_list(struct store *s, uint64_t before, uint64_t limit, struct str kind, struct arena *a,
                 struct keep_ledger_record_list *ret)
{
	struct query q =
	        query_start(s, kind.n ? "SELECT number, bytes FROM ledger_record WHERE number < ?1 AND kind = ?3 "
	                                "ORDER BY number DESC LIMIT ?2"
	                              : "SELECT number, bytes FROM ledger_record WHERE number < ?1 "
	                                "ORDER BY number DESC LIMIT ?2");
	query_bind_u64(&q, before ? before : INT64_MAX);
	query_bind_u64(&q, limit && limit < RECORDS_LIST_MAX ? limit : RECORDS_LIST_MAX);
	if (kind.n)
		query_bind_text(&q, kind);
	return collect(&q, a, ret);
}

int records_count(struct store *s, struct str kind, uint64_t *ret)
{
	struct query q = query_start(s, kind.n ? "SELECT count(*) FROM ledger_record WHERE kind = ?1"
	                                       : "SELECT coalesce(max(number) + 1, 0) FROM ledger_record");
	if (kind.n)
		query_bind_text(&q, kind);
	return query_one_u64(&q, ret);
}

/* ---- walking ---- */

int records_visit_kind(struct store *s, struct str kind, uint64_t from, int (*visit)(void *context, struct str bytes),
                       void *context)
{
	struct query q =
	        query_start(s, "SELECT bytes FROM ledger_record WHERE kind = ?1 AND number >= ?2 ORDER BY number");
	int r;

	query_bind_text(&q, kind);
	query_bind_u64(&q, from);
	while ((r = query_step(&q)) > 0) {
		r = visit(context, query_view(&q, 0));
		if (r < 0)
			break;
	}
	return query_end(&q, r);
}

struct walk {
	const struct records_visitor *visitor;
	struct query checkpoints;
	bool has_checkpoint; /* a row of checkpoints waits */
};

static int next_checkpoint(struct walk *w)
{
	int r = query_step(&w->checkpoints);
	w->has_checkpoint = r > 0;
	return r < 0 ? r : 0;
}

/* Hands over the checkpoints of up to size records. */
static int visit_checkpoints(struct walk *w, uint64_t size)
{
	int r = 0;
	while (r >= 0 && w->has_checkpoint && query_u64(&w->checkpoints, 0) <= size) {
		r = w->visitor->checkpoint(w->visitor->context, query_view(&w->checkpoints, 1));
		if (r >= 0)
			r = next_checkpoint(w);
	}
	return r;
}

static int visit_records(struct store *s, struct walk *w)
{
	struct query q = query_start(s, "SELECT number, leaf, bytes FROM ledger_record ORDER BY number");
	int r = visit_checkpoints(w, 0);

	for (uint64_t count = 1; r >= 0 && (r = query_step(&q)) > 0; count++) {
		struct ledger_hash leaf = query_hash(&q, 1);
		r = w->visitor->record(w->visitor->context, query_u64(&q, 0), &leaf, query_view(&q, 2));
		if (r >= 0)
			r = visit_checkpoints(w, count);
	}
	return query_end(&q, r);
}

int records_walk(struct store *s, const struct records_visitor *visitor)
{
	struct walk w = {.visitor = visitor,
	                 .checkpoints = query_start(s, "SELECT size, note FROM ledger_checkpoint ORDER BY size")};
	struct query view = query_start(s, "BEGIN"), end = query_start(s, "COMMIT");

	int r = query_run(&view); /* one view of both tables while others write */
	if (r < 0)
		return r;
	r = next_checkpoint(&w);
	if (r >= 0)
		r = visit_records(s, &w);
	if (r >= 0)
		r = visit_checkpoints(&w, UINT64_MAX);
	r = query_end(&w.checkpoints, r);
	query_run(&end);
	return r;
}
