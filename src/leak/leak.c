/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scan: windows over the text, each folded, searched for all literals at once and shown to the finders; then what
 * was encoded, decoded and shown to them once more; then overlaps resolved over the whole text. */
#include "leak/leak.h"

#include "base/err.h"
#include "leak/data.h"
#include "leak/encoded.h"
#include "leak/house.h"
#include "leak/resolve.h"

enum {
	WORDS_MAX = 4 * 1024 * 1024, /* per window */
	CANDIDATES_MAX = 2 * LEAK_SPANS_MAX,
	MATCH_LIMIT = 100000, /* steps of one second look */
	MATCH_PAIRS = 4,      /* groups of an expression that are looked at, with the whole */
};

struct leak_level {
	struct leak_fold_space *fold;
	struct leak_list words, anchors, groups, found;
	struct leak_table_list tables;
	struct buf decoded;
	struct leak_list map; /* of the decoded view: uint32_t, place in the text it came from */
};

struct scan {
	const struct leak_rules *rules;
	const struct leak_house_words *words;
	struct leak_scratch *scratch;
	struct leak_resolve *all;
};

static const char *const kind_words[LEAK_KIND_COUNT] = {
#define KIND(id, word) [LEAK_##id] = word,
#include "leak/kinds.def"
#undef KIND
};

const char *leak_kind_word(enum leak_kind kind)
{
	return kind_words[kind];
}

int leak_kind_from_word(struct str word, enum leak_kind *ret)
{
	for (size_t i = 0; i < LEAK_KIND_COUNT; i++)
		if (str_eq_c(word, kind_words[i])) {
			*ret = (enum leak_kind) i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

const char *leak_confidence_word(enum leak_confidence confidence)
{
	static const char *const words[] = {"low", "medium", "high"};
	return words[confidence];
}

/* ---- memory of a scan ---- */

void *leak_list_push(struct leak_list *l, size_t size, size_t max)
{
	enum { FIRST = 64 };
	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : FIRST;
		if (l->n >= max)
			return NULL;
		l->at = realloc(l->at, cap * size);
		CHECK(l->at);
		l->cap = cap;
	}
	return (char *) l->at + size * l->n++;
}

static struct leak_level *level_new(void)
{
	struct leak_level *l = calloc(1, sizeof(*l));
	CHECK(l);
	l->fold = leak_fold_space_new();
	l->decoded = buf_make(LEAK_FOLD_MAX_BYTES);
	return l;
}

static void level_free(struct leak_level *l)
{
	if (!l)
		return;
	leak_fold_space_free(l->fold);
	buf_wipe_done(&l->decoded);
	free(l->words.at);
	free(l->anchors.at);
	free(l->groups.at);
	free(l->tables.tables.at);
	free(l->found.at);
	free(l->map.at);
	free(l);
}

int leak_scratch_new(const struct leak_rules *rules, struct leak_scratch **ret)
{
	struct leak_scratch *s = calloc(1, sizeof(*s));
	CHECK(s);
	for (size_t i = 0; i <= LEAK_DEPTH_MAX; i++)
		s->levels[i] = level_new();
	s->match = pcre2_match_data_create(MATCH_PAIRS, NULL);
	s->context = pcre2_match_context_create(NULL);
	CHECK(s->match && s->context);
	pcre2_set_match_limit(s->context, MATCH_LIMIT);
	int r = hs_alloc_scratch(rules->database, &s->hs) == HS_SUCCESS ? 0 : ERR_SYSTEM;
	if (r >= 0)
		r = leak_names_scratch_new(rules->names, &s->names);
	if (r < 0)
		leak_scratch_free(s);
	else
		*ret = s;
	return r;
}

void leak_scratch_free(struct leak_scratch *s)
{
	if (!s)
		return;
	leak_names_scratch_free(s->names);
	for (size_t i = 0; i <= LEAK_DEPTH_MAX; i++)
		level_free(s->levels[i]);
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->context);
	hs_free_scratch(s->hs);
	free(s);
}

/* ---- what finders ask ---- */

void leak_add(struct leak_state *st, size_t start, size_t end, enum leak_kind kind, enum leak_confidence confidence,
              const char *why)
{
	struct leak_list *found = &st->scratch->levels[st->depth]->found;
	CHECK(start < end && end <= st->text.n);
	if (start < st->from || start >= st->to)
		return;
	struct leak_candidate *c = leak_list_push(found, sizeof(*c), CANDIDATES_MAX);
	if (c)
		*c = (struct leak_candidate){.start = (uint32_t) start,
		                             .end = (uint32_t) end,
		                             .kind = kind,
		                             .confidence = confidence,
		                             .why = why};
	st->found.at = found->at;
	st->found.n = found->n;
}

uint32_t leak_original_start(const struct leak_state *st, size_t folded)
{
	return leak_fold_start(&st->fold, (uint32_t) folded);
}

uint32_t leak_original_end(const struct leak_state *st, size_t folded)
{
	return leak_fold_end(&st->fold, (uint32_t) folded);
}

const struct leak_anchor *leak_anchors(const struct leak_state *st, size_t *ret_n)
{
	const struct leak_list *anchors = &st->scratch->levels[st->depth]->anchors;
	*ret_n = anchors->n;
	return anchors->at;
}

struct leak_table_list *leak_table_list(struct leak_state *st)
{
	return &st->scratch->levels[st->depth]->tables;
}

struct leak_list *leak_groups_list(struct leak_state *st)
{
	return &st->scratch->levels[st->depth]->groups;
}

const struct leak_names *leak_state_names(const struct leak_state *st)
{
	return st->rules->names;
}

struct leak_names_scratch *leak_state_names_scratch(const struct leak_state *st)
{
	return st->scratch->names;
}

/* ---- one window ---- */

struct search {
	const struct leak_rules *rules;
	struct leak_level *level;
	struct str text;
};

/* The same word goes on over this place: letter and letter, digit and digit; TEL03 is two. */
static bool continues(struct str s, size_t at)
{
	if (at == 0 || at >= s.n)
		return false;
	char before = s.p[at - 1], after = s.p[at];
	return (ascii_is_alpha(before) && ascii_is_alpha(after)) || (ascii_is_digit(before) && ascii_is_digit(after));
}

static int on_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	const struct search *s = context;
	const struct leak_pattern *p = &s->rules->patterns.at[id];
	size_t end = (size_t) to, start = end - p->bytes;

	if ((p->edge_start && continues(s->text, start)) || (p->edge_end && continues(s->text, end)))
		return 0;
	if (p->kind == LEAK_ANCHOR_WORD) {
		struct leak_word *w = leak_list_push(&s->level->words, sizeof(*w), WORDS_MAX);
		if (w)
			*w = (struct leak_word){(uint32_t) start, (uint32_t) end, p->index};
	} else {
		struct leak_anchor *a = leak_list_push(&s->level->anchors, sizeof(*a), WORDS_MAX);
		if (a)
			*a = (struct leak_anchor){(uint32_t) start, (uint32_t) end, p->index, p->kind};
	}
	return 0;
}

static int find_literals(struct leak_state *st, struct leak_level *level)
{
	struct search s = {.rules = st->rules, .level = level, .text = st->text};
	level->words.n = level->anchors.n = level->found.n = 0;
	level->tables.known = false;
	if (st->text.n > 0 && hs_scan(st->rules->database, st->text.p, (unsigned) st->text.n, 0, st->scratch->hs,
	                              on_literal, &s) != HS_SUCCESS)
		return ERR_SYSTEM;
	st->words.at = level->words.at;
	st->words.n = level->words.n;
	return 0;
}

static int inspect(const struct scan *scan, unsigned depth, struct str original, size_t from, size_t to,
                   struct leak_state *ret);

/* What was found in a decoded stretch, here: the whole encoded component when it holds one kind of thing (run), else
 * exactly the characters. */
static void add_decoded(struct leak_state *st, const struct leak_state *inner, size_t i, const uint32_t *map,
                        const struct leak_percent *run)
{
	const struct leak_candidate *c = &inner->found.at[i];
	size_t start = map[leak_original_start(inner, c->start)], end = map[leak_original_end(inner, c->end)];
	if (run)
		leak_percent_component(st->text, run, &start, &end);
	leak_add(st, start, end, c->kind, c->confidence, c->why);
}

/* URL-encoded stretches, decoded and shown to the finders once more. */
static int inspect_percent(const struct scan *scan, struct leak_state *st)
{
	struct leak_level *level = scan->scratch->levels[st->depth];
	if (st->depth >= LEAK_DEPTH_MAX)
		return 0;
	for (size_t next = 0; next < st->text.n;) {
		struct leak_percent run;
		struct leak_state inner;
		if (!leak_percent_next(st, &next, &run))
			break;
		int r = leak_percent_decode(st->text, &run, &level->decoded, &level->map);
		if (r >= 0)
			r = inspect(scan, st->depth + 1, buf_str(&level->decoded), 0, level->decoded.n, &inner);
		if (r == ERR_INVALID) /* decodes to no text */
			continue;
		if (r < 0)
			return r;
		bool one_kind = true;
		for (size_t i = 1; i < inner.found.n; i++)
			one_kind = one_kind && inner.found.at[i].kind == inner.found.at[0].kind;
		for (size_t i = 0; i < inner.found.n; i++)
			add_decoded(st, &inner, i, level->map.at, one_kind ? &run : NULL);
	}
	return 0;
}

static int run_finders(const struct scan *scan, struct leak_state *st)
{
	leak_find_numbers(st);
	leak_find_dates(st);
	leak_find_emails(st);
	leak_find_places(st);
	leak_find_marks(st);
	int r = leak_find_secrets(st);
	if (r < 0)
		return r;
	leak_find_passwords(st);
	if (scan->words)
		leak_house_words_find(scan->words, st);
	r = inspect_percent(scan, st);
	if (r >= 0 && scan->rules->names)
		r = leak_find_names(st);
	leak_find_dates_of_persons(st);
	return r;
}

/* One window at one depth; its candidates are in ret->found until the next at this depth. */
static int inspect(const struct scan *scan, unsigned depth, struct str original, size_t from, size_t to,
                   struct leak_state *ret)
{
	struct leak_level *level = scan->scratch->levels[depth];
	*ret = (struct leak_state){
	        .rules = scan->rules, .scratch = scan->scratch, .original = original, .depth = depth};
	int r = leak_fold(scan->rules->fold, original, level->fold, &ret->fold);
	if (r < 0)
		return r;
	ret->text = ret->fold.text;
	ret->from = leak_fold_place(&ret->fold, (uint32_t) from);
	ret->to = leak_fold_place(&ret->fold, (uint32_t) to);
	r = find_literals(ret, level);
	if (r >= 0)
		r = run_finders(scan, ret);
	ret->found.at = level->found.at;
	ret->found.n = level->found.n;
	return r;
}

int leak_candidates(const struct leak_rules *rules, struct leak_scratch *scratch, struct str text,
                    const struct leak_candidate **ret, size_t *ret_n)
{
	const struct scan scan = {.rules = rules, .scratch = scratch};
	struct leak_state st;
	int r = inspect(&scan, 0, text, 0, text.n, &st);
	if (r >= 0) {
		*ret = st.found.at;
		*ret_n = st.found.n;
	}
	return r;
}

/* ---- the whole text ---- */

/* The last border of a character at or before this place. */
static size_t border_before(struct str s, size_t at)
{
	while (at > 0 && at < s.n && ((unsigned char) s.p[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static int inspect_window(const struct scan *scan, struct str text, size_t from, size_t to)
{
	struct leak_state st;
	size_t start = border_before(text, from > LEAK_CONTEXT_BYTES ? from - LEAK_CONTEXT_BYTES : 0);
	size_t end = border_before(text, to + LEAK_OVERLAP_BYTES < text.n ? to + LEAK_OVERLAP_BYTES : text.n);
	int r = inspect(scan, 0, str_slice(text, start, end), from - start, to - start, &st);
	for (size_t i = 0; r >= 0 && i < st.found.n; i++) {
		const struct leak_candidate *c = &st.found.at[i];
		leak_resolve_add(scan->all, start + leak_original_start(&st, c->start),
		                 start + leak_original_end(&st, c->end), c->kind, c->confidence, c->why);
	}
	return r;
}

/* base64: one finding inside hides the whole run, because a piece of it cannot be replaced. */
static int inspect_base64(const struct scan *scan, struct str text)
{
	struct leak_level *level = scan->scratch->levels[0];
	struct leak_base64 run;
	for (size_t next = 0; leak_base64_next(text, &next, &run);) {
		struct leak_candidate best = {0};
		bool any = false;
		for (size_t at = 0; !leak_base64_is_done(&run, at);) {
			struct leak_state st;
			int r = leak_base64_decode(text, &run, &at, &level->decoded);
			if (r >= 0)
				r = inspect(scan, 1, buf_str(&level->decoded), 0, level->decoded.n, &st);
			if (r == ERR_INVALID)
				break;
			if (r < 0)
				return r;
			for (size_t i = 0; i < st.found.n; i++)
				if (!any || leak_is_stronger(&st.found.at[i], &best)) {
					best = st.found.at[i];
					any = true;
				}
		}
		if (any)
			leak_resolve_add(scan->all, run.start, run.end, best.kind, best.confidence, best.why);
	}
	return 0;
}

int leak_scan(const struct leak_rules *rules, const struct leak_house_words *words, struct leak_scratch *scratch,
              struct str text, struct arena *arena, struct leak_spans *ret)
{
	struct leak_resolve *all = leak_resolve_new(CANDIDATES_MAX);
	const struct scan scan = {.rules = rules, .words = words, .scratch = scratch, .all = all};
	int r = 0;
	scratch->levels[0]->tables.goes_on = false;
	for (size_t from = 0; from < text.n && r >= 0;) {
		size_t to = from + LEAK_WINDOW_BYTES < text.n ? border_before(text, from + LEAK_WINDOW_BYTES) : text.n;
		if (to <= from) /* no borders at all: no UTF-8 */
			r = ERR_INVALID;
		else
			r = inspect_window(&scan, text, from, to);
		from = to;
	}
	if (r >= 0)
		r = inspect_base64(&scan, text);
	if (r >= 0)
		r = leak_resolve_finish(all, arena, ret);
	leak_resolve_free(all);
	return r;
}
