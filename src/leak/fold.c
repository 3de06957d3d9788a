/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One loop over the bytes. Plain ASCII, kana and kanji pass without being touched; the few ranges of Unicode that hold
 * other forms of something have a table made from ICU at start. What changes is written behind the plain stretch
 * before it, and a point of the map marks where the offsets part. */
#include "leak/fold.h"

#include <unicode/unorm2.h>

#include "base/err.h"
#include "text/fold.h"

enum {
	FORM_MAX_BYTES = 12, /* a character that folds to more (U+FDFA: 33) stays as it is */
	GROWTH_MAX = 4,      /* folded bytes per original byte, at most */
	FORMS_MAX_BYTES = 65535,
	RANGE_COUNT = 6,
	BLOCK_BYTES = 16,
	BLOCK_CHARS = BLOCK_BYTES / 3,
};

static const struct range {
	uint32_t first, last;
} ranges[RANGE_COUNT] = {
        {0x80, 0xFF}, {0x2000, 0x2FFF}, {0x3000, 0x33FF}, {0xF900, 0xFFFF}, {0x1D400, 0x1D7FF}, {0x1F100, 0x1F1FF},
};

struct leak_fold_table {
	uint16_t *at[RANGE_COUNT]; /* 0: stays; else place of its form: length, then bytes */
	struct buf forms;
};

struct leak_fold_space {
	char *text;
	struct leak_point *points;
	size_t cap; /* original bytes that fit */
};

struct writer {
	const struct leak_fold_table *table;
	struct str in;
	char *out;
	struct leak_point *points;
	size_t n, point_count;
	size_t done; /* original bytes up to which everything is written */
	bool parted; /* a point is due before the next plain stretch */
	bool copying;
};

/* ---- the table ---- */

static bool is_dash(uint32_t c)
{
	static const uint32_t dashes[] = {0x2212, 0x2043, 0x207B, 0x208B, 0x2796, 0x23AF, 0x2500,
	                                  0x2501, 0xFE58, 0xFE63, 0xFF0D, 0x2E3A, 0x2E3B, 0x02D7};
	if (c >= 0x2010 && c <= 0x2015)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(dashes); i++)
		if (dashes[i] == c)
			return true;
	return false;
}

static bool is_space(uint32_t c)
{
	return c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool is_dropped(uint32_t c)
{
	return c == 0xAD || text_is_invisible(c);
}

/* The usual form as UTF-8 in form; its length, or -1 when c stays. */
static int form_of(const UNormalizer2 *nfkc, uint32_t c, char form[static FORM_MAX_BYTES])
{
	UChar in[2], out[32];
	UErrorCode code = U_ZERO_ERROR;
	int32_t in_n = 0, bytes = 0;

	if (is_dropped(c))
		return 0;
	if (is_dash(c) || is_space(c) || c == 0x85 || c == 0x2028 || c == 0x2029) {
		form[0] = is_dash(c) ? '-' : is_space(c) ? ' ' : '\n';
		return 1;
	}
	if (c == 0x2024 || c == 0x2025 || c == 0x2026) /* leaders stay what they are */
		return -1;
	U16_APPEND_UNSAFE(in, in_n, (UChar32) c);
	int32_t out_n = unorm2_normalize(nfkc, in, in_n, out, ARRAY_SIZE(out), &code);
	if (U_FAILURE(code) || (out_n == in_n && memcmp(in, out, (size_t) in_n * sizeof(*in)) == 0) || out[0] == ' ')
		return -1;
	for (int32_t i = 0; i < out_n;) {
		UChar32 u;
		U16_NEXT(out, i, out_n, u);
		if (bytes + U8_LENGTH(u) > FORM_MAX_BYTES)
			return -1;
		U8_APPEND_UNSAFE(form, bytes, u);
	}
	return bytes;
}

static int add_form(struct leak_fold_table *t, size_t range, uint32_t c, const char *form, int n)
{
	if (n < 0 || n > (int) (GROWTH_MAX * U8_LENGTH(c)))
		return 0;
	t->at[range][c - ranges[range].first] = (uint16_t) t->forms.n;
	int r = buf_add_char(&t->forms, (char) n);
	return r < 0 ? r : buf_add(&t->forms, form, (size_t) n);
}

int leak_fold_table_new(struct leak_fold_table **ret)
{
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&code);
	if (U_FAILURE(code))
		return ERR_SYSTEM;
	struct leak_fold_table *t = calloc(1, sizeof(*t));
	CHECK(t);
	t->forms = buf_make(FORMS_MAX_BYTES);
	int r = buf_add_char(&t->forms, 0); /* place 0 means "stays" */
	for (size_t i = 0; i < RANGE_COUNT; i++) {
		t->at[i] = calloc(ranges[i].last - ranges[i].first + 1, sizeof(**t->at));
		CHECK(t->at[i]);
		for (uint32_t c = ranges[i].first; r >= 0 && c <= ranges[i].last; c++) {
			char form[FORM_MAX_BYTES];
			r = add_form(t, i, c, form, form_of(nfkc, c, form));
		}
	}
	if (r < 0)
		leak_fold_table_free(t);
	else
		*ret = t;
	return r;
}

void leak_fold_table_free(struct leak_fold_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < RANGE_COUNT; i++)
		free(t->at[i]);
	buf_done(&t->forms);
	free(t);
}

/* ---- the map ---- */

static void add_point(struct writer *w, size_t original)
{
	w->points[w->point_count++] = (struct leak_point){.folded = (uint32_t) w->n, .original = (uint32_t) original};
}

/* Writes the plain stretch up to here. */
static void flush_plain(struct writer *w, size_t upto)
{
	if (!w->copying) {
		add_point(w, 0);
		w->copying = true;
	}
	if (w->parted && upto > w->done)
		add_point(w, w->done);
	w->parted = w->parted && upto == w->done;
	memcpy(w->out + w->n, w->in.p + w->done, upto - w->done);
	w->n += upto - w->done;
	w->done = upto;
}

static void write_form(struct writer *w, size_t at, size_t bytes, const char *form, size_t n)
{
	flush_plain(w, at);
	if (n != bytes) {
		add_point(w, at);
		w->parted = true;
	} else if (w->parted) {
		add_point(w, at);
		w->parted = false;
	}
	memcpy(w->out + w->n, form, n);
	w->n += n;
	w->done = at + bytes;
}

/* The last point whose place is at most (below: less than) this. */
static size_t find_point(const struct leak_fold *f, uint32_t folded, bool below)
{
	size_t low = 0, high = f->n;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (below ? f->points[middle].folded < folded : f->points[middle].folded <= folded)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static bool runs_in_step(const struct leak_fold *f, size_t i)
{
	return f->points[i + 1].folded - f->points[i].folded == f->points[i + 1].original - f->points[i].original;
}

uint32_t leak_fold_start(const struct leak_fold *f, uint32_t folded)
{
	CHECK(folded <= f->text.n);
	if (f->n == 0)
		return folded;
	size_t i = find_point(f, folded, false);
	if (i + 1 >= f->n || !runs_in_step(f, i))
		return f->points[i].original;
	return f->points[i].original + (folded - f->points[i].folded);
}

uint32_t leak_fold_end(const struct leak_fold *f, uint32_t folded)
{
	CHECK(folded <= f->text.n);
	if (f->n == 0 || folded == 0)
		return folded;
	size_t i = find_point(f, folded, true);
	if (!runs_in_step(f, i))
		return f->points[i + 1].original;
	return f->points[i].original + (folded - f->points[i].folded);
}

uint32_t leak_fold_place(const struct leak_fold *f, uint32_t original)
{
	size_t low = 0, high = f->n;
	if (f->n == 0)
		return original;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (f->points[middle].original <= original)
			low = middle;
		else
			high = middle;
	}
	uint32_t into = original - f->points[low].original;
	if (low + 1 >= f->n || into == 0)
		return f->points[low].folded;
	return runs_in_step(f, low) ? f->points[low].folded + into : f->points[low + 1].folded;
}

/* ---- folding ---- */

static bool is_continuation(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/* Bytes of the character at p (n left), 0 when it is no UTF-8 (RFC 3629). */
static size_t decode(const unsigned char *p, size_t n, uint32_t *ret)
{
	if (p[0] >= 0xC2 && p[0] <= 0xDF && n >= 2 && is_continuation(p[1])) {
		*ret = (uint32_t) (p[0] & 0x1F) << 6 | (p[1] & 0x3F);
		return 2;
	}
	if (p[0] >= 0xE0 && p[0] <= 0xEF && n >= 3 && is_continuation(p[1]) && is_continuation(p[2])) {
		*ret = (uint32_t) (p[0] & 0x0F) << 12 | (uint32_t) (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
		return *ret >= 0x800 && (*ret < 0xD800 || *ret > 0xDFFF) ? 3 : 0;
	}
	if (p[0] >= 0xF0 && p[0] <= 0xF4 && n >= 4 && is_continuation(p[1]) && is_continuation(p[2]) &&
	    is_continuation(p[3])) {
		*ret = (uint32_t) (p[0] & 0x07) << 18 | (uint32_t) (p[1] & 0x3F) << 12 | (uint32_t) (p[2] & 0x3F) << 6 |
		       (p[3] & 0x3F);
		return *ret >= 0x10000 && *ret <= 0x10FFFF ? 4 : 0;
	}
	return 0;
}

static const char *form_in_table(const struct leak_fold_table *t, uint32_t c)
{
	for (size_t i = 0; i < RANGE_COUNT; i++)
		if (c >= ranges[i].first && c <= ranges[i].last) {
			uint16_t place = t->at[i][c - ranges[i].first];
			return place ? t->forms.p + place : NULL;
		}
	return NULL;
}

/* か and a voicing mark are one letter: what to add to the code point of the kana, 0 when they do not join. */
static uint32_t voicing(uint32_t kana, bool half)
{
	uint32_t c = kana >= 0x30A1 && kana <= 0x30F6 ? kana - 0x60 : kana;
	if (c >= 0x306F && c <= 0x307B && (c - 0x306F) % 3 == 0)
		return half ? 2 : 1;
	if (half)
		return 0;
	if (c == 0x3046)
		return 0x4E;
	if ((c >= 0x304B && c <= 0x3061 && c % 2 == 1) || (c >= 0x3064 && c <= 0x3068 && c % 2 == 0))
		return 1;
	return 0;
}

/* Joins a voicing mark at `at` with the kana before it, full or half width; false when there is none. */
static bool join_voicing(struct writer *w, size_t at, size_t bytes, bool half)
{
	uint32_t before = 0, folded = 0;
	const unsigned char *in = (const unsigned char *) w->in.p;
	if (at < 3 || decode(in + at - 3, 3, &before) != 3 ||
	    !((before >= 0x3041 && before <= 0x30FF) || (before >= 0xFF66 && before <= 0xFF9D)))
		return false;
	flush_plain(w, at);
	if (w->n < 3 || decode((const unsigned char *) w->out + w->n - 3, 3, &folded) != 3 || !voicing(folded, half))
		return false;
	int32_t place = 0;
	char kana[4];
	U8_APPEND_UNSAFE(kana, place, folded + voicing(folded, half));
	w->n -= 3;
	w->done = at - 3;
	if (w->points[w->point_count - 1].folded != w->n || w->points[w->point_count - 1].original != at - 3)
		add_point(w, at - 3);
	memcpy(w->out + w->n, kana, 3);
	w->n += 3;
	w->done = at + bytes;
	w->parted = true;
	return true;
}

static void fold_character(struct writer *w, size_t at, size_t bytes, uint32_t c)
{
	const char *form;
	if (c < 0x2000 && c > 0xFF && text_is_invisible(c)) {
		write_form(w, at, bytes, "", 0);
		return;
	}
	if (c == 0x3099 || c == 0x309A || c == 0xFF9E || c == 0xFF9F) {
		if (join_voicing(w, at, bytes, c == 0x309A || c == 0xFF9F))
			return;
	}
	if (c >= 0xE0000 && c <= 0xE0FFF) { /* tags and the variants of kanji */
		write_form(w, at, bytes, "", 0);
		return;
	}
	form = form_in_table(w->table, c);
	if (form)
		write_form(w, at, bytes, form + 1, (unsigned char) form[0]);
}

/* Whether a character that begins with this byte may have another form; the three bytes are there. */
static bool may_change(const unsigned char *p)
{
	if (p[0] != 0xE3)
		return p[0] < 0xE3 || p[0] > 0xEC;
	if (p[1] == 0x80)
		return p[2] == 0x80 || p[2] >= 0xB6;
	if (p[1] == 0x82)
		return p[2] >= 0x99 && p[2] <= 0x9F;
	if (p[1] == 0x83)
		return p[2] == 0xBF;
	return p[1] >= 0x84 && p[1] <= 0x8F;
}

static size_t skip_ascii(const unsigned char *p, size_t at, size_t n)
{
	for (uint64_t eight; at + sizeof(eight) <= n; at += sizeof(eight)) {
		memcpy(&eight, p + at, sizeof(eight));
		if (eight & 0x8080808080808080U)
			break;
	}
	while (at < n && p[at] < 0x80)
		at++;
	return at;
}

typedef unsigned char block __attribute__((vector_size(BLOCK_BYTES)));

static block load(const unsigned char *p)
{
	block b;
	memcpy(&b, p, sizeof(b));
	return b;
}

static block is_plain_lead(block b) /* of kana, kanji and Hangul below U+D000 */
{
	return (block) (b - 0xE3 <= 0xEC - 0xE3);
}

/* Whether the whole block that begins at p (a border of a character) is ASCII, kana and kanji, correctly encoded and
 * nothing that may_change(). Two bytes before and two behind it are readable. */
static bool block_is_plain(const unsigned char *p)
{
	block b = load(p), second = load(p + 1), third = load(p + 2);
	block lead = is_plain_lead(b), behind = is_plain_lead(load(p - 1)) | is_plain_lead(load(p - 2));
	block continuation = (block) ((b & 0xC0) == 0x80);
	block pair = (block) ((second & 0xC0) == 0x80) & (block) ((third & 0xC0) == 0x80);
	block bad = (block) (b >= 0x80) & ~(lead | continuation);
	block change = ((block) (second == 0x80) & ((block) (third == 0x80) | (block) (third >= 0xB6))) |
	               ((block) (second == 0x82) & (block) (third - 0x99 <= 6)) |
	               ((block) (second == 0x83) & (block) (third == 0xBF)) | (block) (second - 0x84 <= 0x8F - 0x84);
	uint64_t any[2];
	bad |= (lead & ~pair) | (continuation ^ behind) | ((block) (b == 0xE3) & change);
	memcpy(any, &bad, sizeof(bad));
	return (any[0] | any[1]) == 0;
}

static int fold_all(struct writer *w)
{
	const unsigned char *p = (const unsigned char *) w->in.p;
	size_t n = w->in.n;
	for (size_t at = 0; at < n;) {
		uint32_t c;
		while (at >= 2 && at + BLOCK_BYTES + 2 <= n && block_is_plain(p + at)) {
			at += BLOCK_BYTES; /* and what is left of its last character */
			at += p[at - 1] >= 0xE0 ? 2 : p[at - 2] >= 0xE0 ? 1 : 0;
		}
		if (at < n && p[at] < 0x80) {
			at = skip_ascii(p, at, n);
			continue;
		}
		for (size_t i = 0; i < BLOCK_CHARS && at + 3 <= n && p[at] >= 0xE3 && is_continuation(p[at + 1]) &&
		                   is_continuation(p[at + 2]) && !may_change(p + at);
		     i++)
			at += 3;
		if (at >= n || p[at] < 0x80)
			continue;
		size_t bytes = decode(p + at, n - at, &c);
		if (bytes == 0)
			return ERR_INVALID;
		fold_character(w, at, bytes, c);
		at += bytes;
	}
	return 0;
}

struct leak_fold_space *leak_fold_space_new(void)
{
	struct leak_fold_space *s = calloc(1, sizeof(*s));
	CHECK(s);
	return s;
}

static void space_clear(struct leak_fold_space *s)
{
	if (s->text)
		explicit_bzero(s->text, GROWTH_MAX * s->cap);
	free(s->text);
	free(s->points);
	s->text = NULL;
	s->points = NULL;
}

void leak_fold_space_free(struct leak_fold_space *s)
{
	if (s)
		space_clear(s);
	free(s);
}

static void reserve(struct leak_fold_space *s, size_t n)
{
	enum { STEP = 4096 };
	if (s->text && s->cap >= n)
		return;
	space_clear(s);
	s->cap = (n / STEP + 1) * STEP;
	s->text = malloc(GROWTH_MAX * s->cap);
	s->points = malloc((s->cap + 4) * sizeof(*s->points));
	CHECK(s->text && s->points);
}

int leak_fold(const struct leak_fold_table *table, struct str original, struct leak_fold_space *space,
              struct leak_fold *ret)
{
	if (original.n > LEAK_FOLD_MAX_BYTES)
		return ERR_TOO_LARGE;
	reserve(space, original.n);
	struct writer w = {.table = table, .in = original, .out = space->text, .points = space->points};
	int r = fold_all(&w);
	if (r < 0)
		return r;
	*ret = (struct leak_fold){.text = original};
	if (!w.copying)
		return 0;
	flush_plain(&w, original.n);
	add_point(&w, original.n);
	*ret = (struct leak_fold){.text = str_make(w.out, w.n), .points = w.points, .n = w.point_count};
	return 0;
}
