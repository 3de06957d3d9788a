/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/compare.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "base/err.h"

struct words {
	struct str *at;
	size_t n, cap;
};

static int add_word(struct words *words, struct str text, size_t from, size_t to, struct arena *a)
{
	struct str *slot = from < to ? ARENA_PUSH(a, words) : NULL;
	if (slot)
		*slot = str_slice(text, from, to);
	return slot || from >= to ? 0 : ERR_TOO_LARGE;
}

/* kind: UBRK_WORD or UBRK_SENTENCE. ERR_INVALID: over COMPARE_WORDS_MAX. */
static int split(struct str text, UBreakIteratorType kind, struct arena *a, struct words *ret)
{
	UErrorCode error = U_ZERO_ERROR;
	UText *view = utext_openUTF8(NULL, text.p ? text.p : "", (int64_t) text.n, &error);
	UBreakIterator *breaks = ubrk_open(kind, "ja", NULL, 0, &error);
	ubrk_setUText(breaks, view, &error);
	int r = U_FAILURE(error) ? ERR_SYSTEM : 0;
	int32_t from = 0;
	*ret = (struct words){0};
	for (int32_t to = 0; r >= 0 && (to = ubrk_next(breaks)) != UBRK_DONE; from = to)
		r = ret->n >= COMPARE_WORDS_MAX ? ERR_INVALID : add_word(ret, text, (size_t) from, (size_t) to, a);
	ubrk_close(breaks);
	utext_close(view);
	return r;
}

/* How far each diagonal came after each step; row d holds the diagonals -d to d. */
struct trace {
	int32_t **rows;
	int steps; /* that led to the end */
};

/* Where step d comes onto diagonal k: from the one above by a word of the second text, or from the one below by a word
 * of the first. -1: nowhere. */
static int32_t come_onto(const int32_t *before, int d, int k, bool *ret_by_second)
{
	int32_t above = k < d - 1 ? before[k + 1 + d - 1] : -1, below = k > 1 - d ? before[k - 1 + d - 1] : -1;
	*ret_by_second = above > below;
	return *ret_by_second ? above : below >= 0 ? below + 1 : -1;
}

static int32_t slide(const struct words *first, const struct words *second, int32_t x, int k)
{
	while ((size_t) x < first->n && (size_t) (x - k) < second->n && str_eq(first->at[x], second->at[x - k]))
		x++;
	return x;
}

/* ERR_INVALID: more than COMPARE_DIFFERENCES_MAX steps apart. */
static int walk(const struct words *first, const struct words *second, struct arena *a, struct trace *ret)
{
	*ret = (struct trace){.rows = ARENA_ARRAY(a, int32_t *, COMPARE_DIFFERENCES_MAX + 1)};
	if (!ret->rows)
		return ERR_TOO_LARGE;
	for (int d = 0; d <= COMPARE_DIFFERENCES_MAX; d++) {
		int32_t *row = ret->rows[d] = ARENA_ARRAY(a, int32_t, (size_t) (2 * d + 1));
		if (!row)
			return ERR_TOO_LARGE;
		for (int k = -d; k <= d; k++) {
			bool is_turn = (k + d) % 2 == 0, by_second;
			int32_t x = !is_turn ? -1 : d == 0 ? 0 : come_onto(ret->rows[d - 1], d, k, &by_second);
			/* Outside of either text there is nothing to go on from. */
			bool is_inside =
			        x >= 0 && x <= (int32_t) first->n && x - k >= 0 && x - k <= (int32_t) second->n;
			row[k + d] = is_inside ? slide(first, second, x, k) : -1;
			if (is_inside && (size_t) row[k + d] == first->n && (size_t) (row[k + d] - k) == second->n) {
				ret->steps = d;
				return 0;
			}
		}
	}
	return ERR_INVALID;
}

/* From the end back: what was stepped over stands in one text alone. */
static void mark(const struct words *first, const struct words *second, const struct trace *trace, bool *differs_first,
                 bool *differs_second)
{
	int32_t x = (int32_t) first->n, y = (int32_t) second->n;
	for (int d = trace->steps; d > 0; d--) {
		bool by_second;
		int k = x - y;
		x = come_onto(trace->rows[d - 1], d, k, &by_second);
		y = x - k;
		if (by_second)
			differs_second[--y] = true;
		else
			differs_first[--x] = true;
	}
}

static int put_runs(const struct words *words, const bool *differs, struct arena *a, struct compare_runs *ret)
{
	*ret = (struct compare_runs){0};
	for (size_t i = 0; i < words->n; i++) {
		struct compare_run *last = ret->n ? &ret->at[ret->n - 1] : NULL;
		if (last && last->differs == differs[i]) {
			last->text.n += words->at[i].n; /* words lie one behind the other */
			continue;
		}
		struct compare_run *run = ARENA_PUSH(a, ret);
		if (!run)
			return ERR_TOO_LARGE;
		*run = (struct compare_run){words->at[i], differs[i]};
	}
	return 0;
}

static int put_whole(struct str text, struct arena *a, struct compare_runs *ret)
{
	*ret = (struct compare_runs){0};
	struct compare_run *run = text.n > 0 ? ARENA_PUSH(a, ret) : NULL;
	if (run)
		*run = (struct compare_run){text, true};
	return run || text.n == 0 ? 0 : ERR_TOO_LARGE;
}

static int compare_by(UBreakIteratorType kind, const struct str text[static 2], struct arena *a,
                      struct compare_runs *const ret[static 2])
{
	struct words words[2];
	struct trace trace;
	int r = split(text[0], kind, a, &words[0]);
	if (r >= 0)
		r = split(text[1], kind, a, &words[1]);
	if (r >= 0)
		r = walk(&words[0], &words[1], a, &trace);
	if (r < 0)
		return r;
	bool *differs[2] = {ARENA_ARRAY(a, bool, words[0].n + 1), ARENA_ARRAY(a, bool, words[1].n + 1)};
	if (!differs[0] || !differs[1])
		return ERR_TOO_LARGE;
	mark(&words[0], &words[1], &trace, differs[0], differs[1]);
	r = put_runs(&words[0], differs[0], a, ret[0]);
	return r < 0 ? r : put_runs(&words[1], differs[1], a, ret[1]);
}

int compare_texts(struct str first, struct str second, struct arena *a, struct compare_runs *ret_first,
                  struct compare_runs *ret_second)
{
	static const UBreakIteratorType kinds[] = {UBRK_WORD, UBRK_SENTENCE};
	const struct str text[2] = {first, second};
	struct compare_runs *const ret[2] = {ret_first, ret_second};
	int r = ERR_INVALID;
	for (size_t i = 0; r == ERR_INVALID && i < ARRAY_SIZE(kinds); i++)
		r = compare_by(kinds[i], text, a, ret);
	if (r != ERR_INVALID)
		return r < 0 ? r : 0;
	r = put_whole(first, a, ret_first);
	return r < 0 ? r : put_whole(second, a, ret_second);
}
