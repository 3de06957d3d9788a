/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own words, as the CSV lists that were put in, and the marks 「誤検知」 with what came of them. */
#pragma once

#include "base/arena.h"
#include "store/ai.h"
#include "store/rows.h"
#include "store/store.h"

/* A list comes in pieces and counts once it is finished. Unfinished ones of before are thrown away by the next begin.
 */
int ai_word_list_begin(struct store *s, uint64_t by, struct str note, int64_t now_us, uint64_t *ret_version) MUST_CHECK;
int ai_word_list_add(struct store *s, uint64_t version, struct str piece) MUST_CHECK; /* ERR_CONFLICT, ERR_TOO_LARGE */
int ai_word_list_finish(struct store *s, uint64_t version, uint64_t words,
                        int64_t now_us) MUST_CHECK; /* ERR_CONFLICT */
/* Makes an older list the newest: a copy under a new version. ERR_NOT_FOUND. */
int ai_word_list_copy(struct store *s, uint64_t version, uint64_t by, int64_t now_us, uint64_t *ret_version) MUST_CHECK;
int ai_word_list_forget(struct store *s, uint64_t keep) MUST_CHECK;         /* all but the newest keep */
int ai_word_list_newest(struct store *s, uint64_t *ret_version) MUST_CHECK; /* 0 none */
int ai_word_list_all(struct store *s, struct arena *a,
                     struct keep_ai_word_list_list *ret) MUST_CHECK; /* newest first */
/* Pieces from place on, at most n of them. */
int ai_word_list_pieces(struct store *s, uint64_t version, uint64_t place, uint64_t n, struct arena *a,
                        struct keep_ai_piece_list *ret) MUST_CHECK;

int ai_mark_insert(struct store *s, struct str kind, struct str text, uint64_t person, struct str place,
                   int64_t now_us) MUST_CHECK; /* 0: it was there already */
int ai_mark_count(struct store *s, struct str kind, struct str text, uint64_t *ret) MUST_CHECK;
/* What was marked at least so often and nobody has decided about. */
int ai_mark_list_open(struct store *s, uint64_t least, struct arena *a, struct keep_ai_mark_list *ret) MUST_CHECK;
int ai_exception_set(struct store *s, const struct keep_ai_exception *row) MUST_CHECK;
int ai_exception_delete(struct store *s, struct str kind, struct str text) MUST_CHECK; /* with its marks */
int ai_exception_list_all(struct store *s, struct arena *a, struct keep_ai_exception_list *ret) MUST_CHECK;
