/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words lie sorted by their normal letters. A text is walked character by character; the two letters at a place are
 * looked up in a bitmap and then in a table that gives the stretch of words that begin with them. In it a binary search
 * finds the last word not behind the text, and the longest word that the text begins with is that word or one of those
 * it begins with itself (each word knows the longest such), so no list of candidates is ever walked. */
#include "leak/house.h"

#include "base/err.h"
#include "leak/data.h"
#include "text/csv-table.h"
#include "text/fold.h"

enum {
	KEY_MAX = 80, /* letters of a word; the rest is not compared */
	PAIR_BITS = 18,
	NONE = -1,
	KANA_EDGE_MAX = 4, /* katakana words up to this length do not match before further katakana */
};

struct word {
	uint32_t at; /* in letters */
	uint16_t n;
	uint8_t group;
	int32_t shorter; /* the longest other word that this one begins with */
};

struct stretch {
	uint64_t pair; /* first letter << 32 | second; 0: free */
	uint32_t from, to;
};

struct leak_house_words {
	uint32_t *letters;
	size_t letter_count;
	struct word *at;
	size_t n;
	struct stretch *table;
	size_t table_mask;
	uint16_t normal[65536]; /* by code point */
	uint64_t first[1024];   /* bitmap of first letters, folded to 16 bits */
	uint64_t pairs[(1u << PAIR_BITS) / 64];
};

static const char *const group_words[] = {
#define X(id, word) word,
        LEAK_HOUSE_GROUP_LIST(X)
#undef X
};

static const char *const group_whys[] = {
#define X(id, word) "house-" word,
        LEAK_HOUSE_GROUP_LIST(X)
#undef X
};

const char *leak_house_group_word(enum leak_house_group group)
{
	return group_words[group];
}

int leak_house_group_from_word(struct str word, enum leak_house_group *ret)
{
	for (size_t i = 0; i < LEAK_HOUSE_GROUP_COUNT; i++)
		if (str_eq_c(word, group_words[i])) {
			*ret = (enum leak_house_group) i;
			return 0;
		}
	return ERR_NOT_FOUND;
}

/* Kanji of names that are written in an old or another form, each with the form it is compared as. */
static const uint32_t kanji_forms[][2] = {
        {0x9AD9, 0x9AD8} /* 髙高 */, {0xFA11, 0x5D0E} /* 﨑崎 */, {0x5D5C, 0x5D0E} /* 嵜崎 */,
        {0x9F4B, 0x658E} /* 齋斎 */, {0x9F4A, 0x658E} /* 齊斎 */, {0x6589, 0x658E} /* 斉斎 */,
        {0x908A, 0x8FBA} /* 邊辺 */, {0x9089, 0x8FBA} /* 邉辺 */, {0x6FA4, 0x6CA2} /* 澤沢 */,
        {0x6FF1, 0x6D5C} /* 濱浜 */, {0x6AFB, 0x685C} /* 櫻桜 */, {0x5EE3, 0x5E83} /* 廣広 */,
        {0x570B, 0x56FD} /* 國国 */, {0x771E, 0x771F} /* 眞真 */, {0x5D8B, 0x5CF6} /* 嶋島 */,
        {0x5D8C, 0x5CF6} /* 嶌島 */, {0x5FB7, 0x5FB3} /* 德徳 */, {0x20BB7, 0x5409} /* 𠮷吉 */,
        {0x9ED1, 0x9ED2} /* 黑黒 */, {0x69D7, 0x6982} /* 槩概 */, {0x9F8D, 0x7ADC} /* 龍竜 */,
        {0x7027, 0x6EDD} /* 瀧滝 */, {0x5CEF, 0x5CF0} /* 峯峰 */, {0x8C50, 0x8C4A} /* 豐豊 */,
        {0x6E0A, 0x6DF5} /* 渊淵 */, {0x842C, 0x4E07} /* 萬万 */, {0x6236, 0x6238} /* 戶戸 */,
};

/* The letter that all its forms are compared as. */
static uint32_t normal_form(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
	if (c >= 0x30A1 && c <= 0x30F6)
		return c - 0x60;
	if (c < 0x5000)
		return c;
	for (size_t i = 0; i < ARRAY_SIZE(kanji_forms); i++)
		if (kanji_forms[i][0] == c)
			return kanji_forms[i][1];
	return c;
}

static uint32_t normal_letter(const struct leak_house_words *w, uint32_t c)
{
	return c < ARRAY_SIZE(w->normal) ? w->normal[c] : normal_form(c);
}

/* ---- building ---- */

struct builder {
	struct leak_house_words *words;
	struct leak_fold_table *fold;
	struct leak_fold_space *space;
	size_t letter_cap, too_short;
};

static void add_word(struct builder *b, struct str folded, enum leak_house_group group)
{
	struct leak_house_words *w = b->words;
	struct word word = {.at = (uint32_t) w->letter_count, .group = (uint8_t) group};
	for (size_t at = 0; at < folded.n && word.n < KEY_MAX;) {
		uint32_t c = text_next(folded, &at);
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			continue;
		w->letters[word.at + word.n++] = normal_letter(w, c);
	}
	if (word.n < LEAK_HOUSE_WORD_MIN_CHARS) {
		b->too_short++;
		return;
	}
	w->letter_count += word.n;
	w->at[w->n++] = word;
}

static int compare_letters(const uint32_t *a, size_t an, const uint32_t *b, size_t bn)
{
	size_t n = an < bn ? an : bn;
	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return an < bn ? -1 : an > bn;
}

static int compare_words(const void *a, const void *b, void *context)
{
	const struct leak_house_words *w = context;
	const struct word *x = a, *y = b;
	int order = compare_letters(w->letters + x->at, x->n, w->letters + y->at, y->n);
	return order ? order : (int) x->group - (int) y->group;
}

static bool begins_with(const struct leak_house_words *w, const struct word *longer, const struct word *start)
{
	return longer->n >= start->n &&
	       memcmp(w->letters + longer->at, w->letters + start->at, start->n * sizeof(*w->letters)) == 0;
}

static void sort_words(struct leak_house_words *w)
{
	size_t kept = 0;
	if (w->n > 1)
		qsort_r(w->at, w->n, sizeof(*w->at), compare_words, w);
	for (size_t i = 0; i < w->n; i++)
		if (kept == 0 || w->at[kept - 1].n != w->at[i].n || !begins_with(w, &w->at[i], &w->at[kept - 1]))
			w->at[kept++] = w->at[i];
	w->n = kept;
	for (size_t i = 0; i < w->n; i++) {
		int32_t shorter = (int32_t) i - 1;
		while (shorter >= 0 && !begins_with(w, &w->at[i], &w->at[shorter]))
			shorter = w->at[shorter].shorter;
		w->at[i].shorter = shorter;
	}
}

static uint64_t pair_of(uint32_t a, uint32_t b)
{
	return (uint64_t) a << 32 | b;
}

static uint64_t mix(uint64_t pair)
{
	return pair * 0x9E3779B97F4A7C15ULL;
}

static inline uint32_t pair_bit(uint32_t a, uint32_t b)
{
	return (a * 0x9E3779B1U ^ b * 0x85EBCA6BU) >> (32 - PAIR_BITS);
}

static struct stretch *find_stretch(const struct leak_house_words *w, uint64_t pair)
{
	size_t i = (size_t) (mix(pair) >> 20) & w->table_mask;
	while (w->table[i].pair != 0 && w->table[i].pair != pair)
		i = (i + 1) & w->table_mask;
	return &w->table[i];
}

static void index_words(struct leak_house_words *w)
{
	size_t size = 16;
	while (size < 2 * w->n)
		size *= 2;
	w->table = calloc(size, sizeof(*w->table));
	CHECK(w->table);
	w->table_mask = size - 1;
	for (size_t i = 0; i < w->n; i++) {
		const uint32_t *l = w->letters + w->at[i].at;
		struct stretch *s = find_stretch(w, pair_of(l[0], l[1]));
		uint32_t bit = pair_bit(l[0], l[1]);
		if (s->pair == 0)
			*s = (struct stretch){pair_of(l[0], l[1]), (uint32_t) i, (uint32_t) i};
		s->to = (uint32_t) i + 1;
		w->pairs[bit / 64] |= 1ULL << (bit % 64);
	}
}

int leak_house_words_new(const struct leak_house_row *rows, size_t n, uint32_t off, struct leak_house_words **ret,
                         size_t *ret_short)
{
	struct builder b = {0};
	if (n > LEAK_HOUSE_WORDS_MAX)
		return ERR_TOO_LARGE;
	int r = leak_fold_table_new(&b.fold);
	if (r < 0)
		return r;
	b.space = leak_fold_space_new();
	b.words = calloc(1, sizeof(*b.words));
	CHECK(b.words);
	for (uint32_t c = 0; c < ARRAY_SIZE(b.words->normal); c++)
		b.words->normal[c] = (uint16_t) normal_form(c);
	for (size_t i = 0; i < n; i++)
		b.letter_cap += (rows[i].text.n < KEY_MAX ? rows[i].text.n : KEY_MAX) + KEY_MAX / 4;
	b.words->letters = calloc(b.letter_cap + KEY_MAX, sizeof(*b.words->letters));
	b.words->at = calloc(n + 1, sizeof(*b.words->at));
	CHECK(b.words->letters && b.words->at);
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct leak_fold fold;
		if (off >> rows[i].group & 1)
			continue;
		if (rows[i].text.n > LEAK_HOUSE_WORD_MAX_BYTES ||
		    b.words->letter_count + KEY_MAX > b.letter_cap + KEY_MAX)
			r = ERR_TOO_LARGE;
		else
			r = leak_fold(b.fold, rows[i].text, b.space, &fold);
		if (r >= 0)
			add_word(&b, fold.text, rows[i].group);
	}
	leak_fold_space_free(b.space);
	leak_fold_table_free(b.fold);
	if (r < 0) {
		leak_house_words_free(b.words);
		return r;
	}
	sort_words(b.words);
	index_words(b.words);
	*ret = b.words;
	if (ret_short)
		*ret_short = b.too_short;
	return 0;
}

void leak_house_words_free(struct leak_house_words *w)
{
	if (!w)
		return;
	free(w->letters);
	free(w->at);
	free(w->table);
	free(w);
}

size_t leak_house_words_count(const struct leak_house_words *w)
{
	return w->n;
}

size_t leak_house_words_bytes(const struct leak_house_words *w)
{
	return sizeof(*w) + w->letter_count * sizeof(*w->letters) + w->n * sizeof(*w->at) +
	       (w->table_mask + 1) * sizeof(*w->table);
}

/* ---- finding ---- */

/* Normal letters of the text from a place on, without spaces; ends[i] is where letter i ends. */
static size_t read_key(const struct leak_house_words *w, struct str s, size_t at, size_t most, uint32_t *key,
                       size_t *ends)
{
	size_t n = 0;
	while (n < most && at < s.n) {
		uint32_t c = text_next(s, &at);
		if (c == ' ' && n > 0)
			continue;
		if (c == '\n' || c == '\r')
			break;
		key[n] = normal_letter(w, c);
		ends[n++] = at;
	}
	return n;
}

static bool is_word_script(enum script s)
{
	return s == SCRIPT_LATIN || s == SCRIPT_DIGIT;
}

static bool edges_fit(struct str s, size_t start, size_t end, size_t letters)
{
	size_t at = start;
	enum script first = text_script(text_next(s, &at)), last = text_script(leak_char_before(s, end));
	enum script before = text_script(leak_char_before(s, start)), after = text_script(leak_char_after(s, end));
	if ((is_word_script(first) && is_word_script(before)) || (is_word_script(last) && is_word_script(after)))
		return false;
	if (first == SCRIPT_KATAKANA && before == SCRIPT_KATAKANA)
		return false;
	return !(last == SCRIPT_KATAKANA && after == SCRIPT_KATAKANA && letters <= KANA_EDGE_MAX);
}

/* The longest word at this place with its edges free; NULL none. */
static const struct word *longest_at(const struct leak_house_words *w, struct str s, size_t at,
                                     const struct stretch *stretch, size_t *ret_end)
{
	uint32_t key[KEY_MAX];
	size_t ends[KEY_MAX], n = read_key(w, s, at, KEY_MAX, key, ends);
	size_t low = stretch->from, high = stretch->to;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct word *m = &w->at[middle];
		if (compare_letters(w->letters + m->at, m->n, key, n) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (int32_t i = (int32_t) low - 1; i >= (int32_t) stretch->from && i != NONE; i = w->at[i].shorter) {
		const struct word *m = &w->at[i];
		if (m->n <= n && compare_letters(w->letters + m->at, m->n, key, m->n) == 0 &&
		    edges_fit(s, at, ends[m->n - 1], m->n)) {
			*ret_end = ends[m->n - 1];
			return m;
		}
	}
	return NULL;
}

/* text_next() without its call for what Japanese and English texts are made of; the text is known to be UTF-8. */
static inline uint32_t next_letter(struct str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *) s.p + *at;
	if (p[0] < 0x80) {
		++*at;
		return p[0];
	}
	if (p[0] >= 0xE0 && p[0] < 0xF0) {
		*at += 3;
		return (uint32_t) (p[0] & 0x0F) << 12 | (uint32_t) (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
	}
	return text_next(s, at);
}

void leak_house_words_find(const struct leak_house_words *w, struct leak_state *st)
{
	struct str s = st->text;
	uint32_t before = 0;
	size_t place = st->from;
	for (size_t at = st->from; at < s.n && place < st->to && w->n > 0;) {
		size_t start = at, end = 0;
		uint32_t c = next_letter(s, &at);
		if (c == ' ' && before) /* 山田 太郎 */
			continue;
		c = normal_letter(w, c);
		if (w->pairs[pair_bit(before, c) / 64] >> (pair_bit(before, c) % 64) & 1) {
			const struct stretch *stretch = find_stretch(w, pair_of(before, c));
			const struct word *found = stretch->pair ? longest_at(w, s, place, stretch, &end) : NULL;
			if (found) {
				leak_add(st, place, end, LEAK_HOUSE_WORD, LEAK_HIGH, group_whys[found->group]);
				before = 0;
				at = place = end;
				continue;
			}
		}
		before = c;
		place = start;
	}
}

/* ---- CSV ---- */

static int add_row(struct arena *a, struct leak_house_rows *rows, struct str word, struct str group)
{
	struct leak_house_row *row;
	if (str_is_empty(word))
		return 0;
	if (rows->n >= LEAK_HOUSE_WORDS_MAX || word.n > LEAK_HOUSE_WORD_MAX_BYTES)
		return ERR_TOO_LARGE;
	row = ARENA_PUSH(a, rows);
	if (!row)
		return ERR_TOO_LARGE;
	row->text = word;
	if (leak_house_group_from_word(group, &row->group) < 0)
		row->group = LEAK_HOUSE_OTHER;
	return 0;
}

static bool is_heading(struct str word)
{
	return str_eq_icase(word, STR("word")) || str_eq_c(word, "語") || str_eq_c(word, "ことば") ||
	       str_eq_c(word, "言葉") || str_eq_c(word, "名称");
}

struct house_reading {
	struct arena *arena;
	struct leak_house_rows rows;
	bool is_begun;
};

static int take_row(void *context, const struct csv_row *row)
{
	struct house_reading *h = context;
	bool is_first = !h->is_begun;
	h->is_begun = true;
	if (is_first && is_heading(row->at[0]))
		return 0;
	return add_row(h->arena, &h->rows, row->at[0], row->n > 1 ? row->at[1] : STR(""));
}

int leak_house_read_csv(struct str csv, struct arena *a, struct leak_house_rows *ret, size_t *ret_line)
{
	struct house_reading h = {.arena = a};
	struct str text;

	*ret_line = 0;
	if (csv.n > LEAK_HOUSE_CSV_MAX_BYTES)
		return ERR_TOO_LARGE;
	int r = csv_decode(csv, a, &text);
	if (r >= 0)
		r = csv_each(text, a, take_row, &h, ret_line);
	if (r >= 0)
		*ret = h.rows;
	return r;
}
