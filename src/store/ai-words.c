/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/ai-words.h"

#include "base/err.h"
#include "store/query.h"

/* ---- lists ---- */

static int delete_unfinished(struct store *s)
{
	struct query q = query_start(s, "DELETE FROM ai_word_list WHERE finished = 0");
	return query_run(&q);
}

int ai_word_list_begin(struct store *s, uint64_t by, struct str note, int64_t now_us, uint64_t *ret_version)
{
	int r = delete_unfinished(s);
	if (r < 0)
		return r;
	struct query q = query_start(
	        s,
	        "INSERT INTO ai_word_list (made_us, made_by, word_count, byte_count, note) VALUES (?1, ?2, 0, 0, ?3)");
	query_bind_i64(&q, now_us);
	query_bind_u64(&q, by);
	query_bind_text(&q, note);
	return query_insert(&q, ret_version);
}

static int count_pieces(struct store *s, uint64_t version, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM ai_word_piece WHERE version = ?1");
	query_bind_u64(&q, version);
	return query_one_u64(&q, ret);
}

static int add_bytes(struct store *s, uint64_t version, uint64_t n)
{
	struct query q = query_start(
	        s, "UPDATE ai_word_list SET byte_count = byte_count + ?2 WHERE version = ?1 AND finished = 0");
	query_bind_u64(&q, version);
	query_bind_u64(&q, n);
	int r = query_run(&q);
	return r == 0 ? ERR_CONFLICT : r;
}

int ai_word_list_add(struct store *s, uint64_t version, struct str piece)
{
	uint64_t place = 0;

	int r = add_bytes(s, version, piece.n);
	if (r >= 0)
		r = count_pieces(s, version, &place);
	if (r < 0 || place >= AI_PIECES_MAX)
		return r < 0 ? r : ERR_TOO_LARGE;
	struct query q = query_start(s, "INSERT INTO ai_word_piece (version, place, bytes) VALUES (?1, ?2, ?3)");
	query_bind_u64(&q, version);
	query_bind_u64(&q, place);
	query_bind_blob(&q, piece);
	return query_run(&q);
}

int ai_word_list_finish(struct store *s, uint64_t version, uint64_t words, int64_t now_us)
{
	struct query q = query_start(s, "UPDATE ai_word_list SET finished = 1, word_count = ?2, made_us = ?3 "
	                                "WHERE version = ?1 AND finished = 0");
	query_bind_u64(&q, version);
	query_bind_u64(&q, words);
	query_bind_i64(&q, now_us);
	int r = query_run(&q);
	return r == 0 ? ERR_CONFLICT : r;
}

int ai_word_list_copy(struct store *s, uint64_t version, uint64_t by, int64_t now_us, uint64_t *ret_version)
{
	uint64_t fresh;
	struct query q = query_start(
	        s,
	        "INSERT INTO ai_word_list (made_us, made_by, word_count, byte_count, note, finished) "
	        "SELECT ?2, ?3, word_count, byte_count, note, 1 FROM ai_word_list WHERE version = ?1 AND finished = 1");
	query_bind_u64(&q, version);
	query_bind_i64(&q, now_us);
	query_bind_u64(&q, by);
	int r = query_run(&q);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = ai_word_list_newest(s, &fresh);
	if (r < 0)
		return r;
	struct query copy = query_start(s, "INSERT INTO ai_word_piece (version, place, bytes) "
	                                   "SELECT ?2, place, bytes FROM ai_word_piece WHERE version = ?1");
	query_bind_u64(&copy, version);
	query_bind_u64(&copy, fresh);
	r = query_run(&copy);
	if (r < 0)
		return r;
	*ret_version = fresh;
	return 0;
}

int ai_word_list_forget(struct store *s, uint64_t keep)
{
	struct query q =
	        query_start(s, "DELETE FROM ai_word_list WHERE finished = 1 AND version NOT IN "
	                       "(SELECT version FROM ai_word_list WHERE finished = 1 ORDER BY version DESC LIMIT ?1)");
	query_bind_u64(&q, keep);
	return query_run(&q);
}

int ai_word_list_newest(struct store *s, uint64_t *ret_version)
{
	struct query q = query_start(s, "SELECT coalesce(max(version), 0) FROM ai_word_list WHERE finished = 1");
	return query_one_u64(&q, ret_version);
}

int ai_word_list_all(struct store *s, struct arena *a, struct keep_ai_word_list_list *ret)
{
	struct query q = query_start(
	        s, "SELECT l.version, l.made_us, l.made_by, coalesce(p.name, ''), l.word_count, l.byte_count, l.note "
	           "FROM ai_word_list l LEFT JOIN person p ON p.id = l.made_by WHERE l.finished = 1 "
	           "ORDER BY l.version DESC LIMIT 100");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_word_list *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_word_list){.version = query_u64(&q, 0),
		                                  .made_us = query_i64(&q, 1),
		                                  .made_by = query_u64(&q, 2),
		                                  .made_by_name = query_bytes(&q, 3, a),
		                                  .words = query_u64(&q, 4),
		                                  .bytes = query_u64(&q, 5),
		                                  .note = query_bytes(&q, 6, a)};
	}
	return query_end(&q, r);
}

int ai_word_list_pieces(struct store *s, uint64_t version, uint64_t place, uint64_t n, struct arena *a,
                        struct keep_ai_piece_list *ret)
{
	struct query q =
	        query_start(s, "SELECT p.bytes FROM ai_word_piece p JOIN ai_word_list l ON l.version = p.version "
	                       "WHERE p.version = ?1 AND p.place >= ?2 AND l.finished = 1 "
	                       "ORDER BY p.place LIMIT ?3");
	int r;

	query_bind_u64(&q, version);
	query_bind_u64(&q, place);
	query_bind_u64(&q, n);
	while ((r = query_step(&q)) > 0) {
		struct keep_ai_piece *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		row->bytes = query_bytes(&q, 0, a);
	}
	return query_end(&q, r);
}

/* ---- marks ---- */

int ai_mark_insert(struct store *s, struct str kind, struct str text, uint64_t person, struct str place, int64_t now_us)
{
	struct query q = query_start(s, "INSERT OR IGNORE INTO ai_mark (kind, text, person, place, marked_us) "
	                                "VALUES (?1, ?2, ?3, ?4, ?5)");
	query_bind_text(&q, kind);
	query_bind_text(&q, text);
	query_bind_u64(&q, person);
	query_bind_text(&q, place);
	query_bind_i64(&q, now_us);
	return query_run(&q);
}

int ai_mark_count(struct store *s, struct str kind, struct str text, uint64_t *ret)
{
	struct query q = query_start(s, "SELECT count(*) FROM ai_mark WHERE kind = ?1 AND text = ?2");
	query_bind_text(&q, kind);
	query_bind_text(&q, text);
	return query_one_u64(&q, ret);
}

int ai_mark_list_open(struct store *s, uint64_t least, struct arena *a, struct keep_ai_mark_list *ret)
{
	struct query q = query_start(
	        s, "SELECT m.kind, m.text, count(*), count(DISTINCT m.person), max(m.marked_us) FROM ai_mark m "
	           "LEFT JOIN ai_exception e ON e.kind = m.kind AND e.text = m.text WHERE e.kind IS NULL "
	           "GROUP BY m.kind, m.text HAVING count(*) >= ?1 ORDER BY count(*) DESC, max(m.marked_us) DESC LIMIT "
	           "200");
	int r;

	query_bind_u64(&q, least);
	while ((r = query_step(&q)) > 0) {
		struct keep_ai_mark *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_mark){.kind = query_bytes(&q, 0, a),
		                             .text = query_bytes(&q, 1, a),
		                             .marks = query_u64(&q, 2),
		                             .people = query_u64(&q, 3),
		                             .last_us = query_i64(&q, 4)};
	}
	return query_end(&q, r);
}

int ai_exception_set(struct store *s, const struct keep_ai_exception *row)
{
	struct query q =
	        query_start(s, "INSERT OR REPLACE INTO ai_exception (kind, text, state, decided_us, decided_by) "
	                       "VALUES (?1, ?2, ?3, ?4, ?5)");
	query_bind_text(&q, row->kind);
	query_bind_text(&q, row->text);
	query_bind_u64(&q, row->state);
	query_bind_i64(&q, row->decided_us);
	query_bind_u64(&q, row->decided_by);
	return query_run(&q);
}

static int delete_marks(struct store *s, struct str kind, struct str text)
{
	struct query q = query_start(s, "DELETE FROM ai_mark WHERE kind = ?1 AND text = ?2");
	query_bind_text(&q, kind);
	query_bind_text(&q, text);
	return query_run(&q);
}

int ai_exception_delete(struct store *s, struct str kind, struct str text)
{
	struct query q = query_start(s, "DELETE FROM ai_exception WHERE kind = ?1 AND text = ?2");
	query_bind_text(&q, kind);
	query_bind_text(&q, text);
	int r = query_run(&q);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = delete_marks(s, kind, text);
	return r < 0 ? r : 0;
}

int ai_exception_list_all(struct store *s, struct arena *a, struct keep_ai_exception_list *ret)
{
	struct query q = query_start(s, "SELECT kind, text, state, decided_us, decided_by FROM ai_exception "
	                                "ORDER BY decided_us DESC, kind, text LIMIT 500");
	int r;

	while ((r = query_step(&q)) > 0) {
		struct keep_ai_exception *row = ARENA_PUSH(a, ret);
		if (!row)
			return query_end(&q, ERR_TOO_LARGE);
		*row = (struct keep_ai_exception){.kind = query_bytes(&q, 0, a),
		                                  .text = query_bytes(&q, 1, a),
		                                  .state = query_u64(&q, 2),
		                                  .decided_us = query_i64(&q, 3),
		                                  .decided_by = query_u64(&q, 4)};
	}
	return query_end(&q, r);
}
