/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folding. Kana and kanji that NFKC leaves alone go straight through; everything else is normalised segment by
 * segment with ICU, a segment being what NFKC could change together (at most SEGMENT_MAX code points, so that a mile of
 * combining marks stays linear). Behind the normaliser stands a writer with one pending decision: a gap, dash or
 * Cyrillic letter is written as it is and taken back when the next character shows that it was a disguise. */
#include "text/fold.h"

#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "base/err.h"

enum { SEGMENT_MAX = 32, SEGMENT_OUT_UNITS = SEGMENT_MAX * 2 * 18 };
enum { CHOONPU = 0x30FC, ICHI = 0x4E00 };

enum pending { PENDING_NONE, PENDING_GAP, PENDING_DASH, PENDING_SEPARATOR, PENDING_CYRILLIC };

struct writer {
	struct arena *arena;
	char *out;
	uint32_t *map;
	size_t n, cap;
	enum pending pending;
	size_t mark;          /* length of out before the pending characters */
	uint32_t mark_origin; /* of the first pending character */
	uint32_t mark_char;
	uint32_t before; /* character before the pending ones, else the last one */
	size_t token;    /* Japanese characters since the last other one */
	bool failed;
};

size_t text_ascii_run(struct str s, size_t at)
{
	size_t i = at;
	for (uint64_t word; i + sizeof(word) <= s.n; i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		if (word & 0x8080808080808080ULL)
			break;
	}
	while (i < s.n && (unsigned char) s.p[i] < 0x80)
		i++;
	return i - at;
}

uint32_t text_next(struct str s, size_t *at)
{
	UChar32 c;
	U8_NEXT_OR_FFFD(s.p, *at, s.n, c);
	return (uint32_t) c;
}

bool text_is_invisible(uint32_t c)
{
	return c == 0xAD || c == 0x034F || c == 0x061C || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 ||
	       (c >= 0x180B && c <= 0x180F) || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
	       c == 0xFFA0 || (c >= 0xE0000 && c <= 0xE0FFF);
}

enum script text_script(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
	    (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A))
		return SCRIPT_LATIN;
	if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19))
		return SCRIPT_DIGIT;
	if (c >= 0x3041 && c <= 0x309F)
		return SCRIPT_HIRAGANA;
	if ((c >= 0x30A1 && c <= 0x30FF && c != 0x30FB) || (c >= 0xFF66 && c <= 0xFF9F))
		return SCRIPT_KATAKANA;
	if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3005 || c == 0x3007 ||
	    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF))
		return SCRIPT_HAN;
	if (c >= 0x400 && c <= 0x52F)
		return SCRIPT_CYRILLIC;
	if (c >= 0x370 && c <= 0x3FF)
		return SCRIPT_GREEK;
	if ((c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3131 && c <= 0x318E))
		return SCRIPT_HANGUL;
	return SCRIPT_OTHER;
}

static bool is_japanese(uint32_t c)
{
	enum script s = text_script(c);
	return s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA || s == SCRIPT_HAN;
}

static bool is_katakana(uint32_t c)
{
	return text_script(c) == SCRIPT_KATAKANA;
}

static bool is_gap(uint32_t c)
{
	return c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000;
}

static bool is_dash(uint32_t c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == ICHI;
}

static bool is_separator(uint32_t c)
{
	return c == '-' || c == '_' || c == '.' || c == '*' || c == 0xB7 || c == 0x30FB || c == '~' || c == '|' ||
	       c == '/';
}

/* Small letters only: they come here case-folded. */
static uint32_t latin_of_cyrillic(uint32_t c)
{
	static const struct {
		uint16_t from;
		char to;
	} table[] = {{0x430, 'a'}, {0x435, 'e'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x443, 'y'},
	             {0x445, 'x'}, {0x456, 'i'}, {0x455, 's'}, {0x458, 'j'}, {0x501, 'd'}, {0x51B, 'q'},
	             {0x51D, 'w'}, {0x4BB, 'h'}, {0x3BF, 'o'}, {0x3B1, 'a'}, {0x3BD, 'v'}, {0x3C1, 'p'}};
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].from == c)
			return (uint32_t) table[i].to;
	}
	return 0;
}

static bool is_small_latin(uint32_t c)
{
	return c >= 'a' && c <= 'z';
}

static void writer_grow(struct writer *w)
{
	size_t cap = w->cap + w->cap / 2 + 64;
	char *out = arena_alloc(w->arena, cap);
	uint32_t *map = ARENA_ARRAY(w->arena, uint32_t, cap);
	if (!out || !map) {
		w->failed = true;
		return;
	}
	memcpy(out, w->out, w->n);
	memcpy(map, w->map, w->n * sizeof(*map));
	w->out = out;
	w->map = map;
	w->cap = cap;
}

static void writer_put(struct writer *w, uint32_t c, uint32_t origin)
{
	if (w->n + U8_MAX_LENGTH + 1 > w->cap)
		writer_grow(w);
	if (w->failed)
		return;
	size_t at = w->n;
	U8_APPEND_UNSAFE(w->out, w->n, c);
	for (; at < w->n; at++)
		w->map[at] = origin;
}

static void writer_hold(struct writer *w, enum pending pending, uint32_t c, uint32_t origin)
{
	w->pending = pending;
	w->mark = w->n;
	w->mark_origin = origin;
	w->mark_char = c;
	writer_put(w, c, origin);
}

/* Decides over what was held now that the next character is known. */
static void writer_settle(struct writer *w, uint32_t next)
{
	switch (w->pending) {
	case PENDING_GAP:
		if (is_japanese(next) && !(is_katakana(w->before) && is_katakana(next) && w->token > 1))
			w->n = w->mark;
		else
			w->token = 0;
		break;
	case PENDING_DASH:
		if (is_katakana(next)) {
			w->n = w->mark;
			writer_put(w, CHOONPU, w->mark_origin);
		} else if (w->mark_char != ICHI) {
			w->token = 0;
		}
		break;
	case PENDING_SEPARATOR:
		if (text_script(next) == SCRIPT_HAN)
			w->n = w->mark;
		else
			w->token = 0;
		break;
	case PENDING_CYRILLIC:
		if (is_small_latin(next)) {
			w->n = w->mark;
			writer_put(w, latin_of_cyrillic(w->mark_char), w->mark_origin);
		}
		break;
	case PENDING_NONE:
		return;
	}
	w->pending = PENDING_NONE;
}

static void writer_add(struct writer *w, uint32_t c, uint32_t origin)
{
	if (w->pending == PENDING_GAP && is_gap(c)) {
		writer_put(w, ' ', origin);
		return;
	}
	writer_settle(w, c);
	if (is_gap(c) && is_japanese(w->before)) {
		writer_hold(w, PENDING_GAP, ' ', origin);
		return;
	}
	if (is_dash(c) && is_katakana(w->before)) {
		writer_hold(w, PENDING_DASH, c, origin);
		return;
	}
	if (is_separator(c) && text_script(w->before) == SCRIPT_HAN) {
		writer_hold(w, PENDING_SEPARATOR, c, origin);
		return;
	}
	uint32_t latin = c >= 0x370 && c < 0x530 ? latin_of_cyrillic(c) : 0;
	if (latin && is_small_latin(w->before)) {
		writer_put(w, latin, origin);
		w->before = latin;
		return;
	}
	if (latin)
		writer_hold(w, PENDING_CYRILLIC, c, origin);
	else
		writer_put(w, is_gap(c) ? ' ' : c, origin);
	w->token = is_japanese(c) ? w->token + 1 : 0;
	w->before = c;
}

/* Letters that NFKC and case folding leave as they are and that compose with no such letter behind them. */
static bool is_settled(uint32_t c)
{
	return (c >= 0x3041 && c <= 0x3094) || (c >= 0x30A1 && c <= 0x30FA) || c == CHOONPU ||
	       (c >= 0x4E00 && c <= 0x9FFF) || c == 0x3001 || c == 0x3002 || (c >= 0x300C && c <= 0x3011);
}

static bool segment_goes_on(const UNormalizer2 *n2, struct str s, size_t at)
{
	if (at >= s.n || (unsigned char) s.p[at] < 0x80)
		return false;
	size_t next = at;
	uint32_t c = text_next(s, &next);
	return !is_settled(c) && !unorm2_hasBoundaryBefore(n2, (UChar32) c);
}

static size_t add_segment(struct writer *w, const UNormalizer2 *n2, struct str s, size_t at)
{
	UChar in[SEGMENT_MAX * 2];
	UChar out[SEGMENT_OUT_UNITS];
	int32_t n = 0;
	size_t next = at;
	int count = 0;
	do {
		uint32_t c = text_next(s, &next);
		U16_APPEND_UNSAFE(in, n, c);
	} while (++count < SEGMENT_MAX && segment_goes_on(n2, s, next));
	UErrorCode code = U_ZERO_ERROR;
	int32_t m = unorm2_normalize(n2, in, n, out, SEGMENT_OUT_UNITS, &code);
	if (U_FAILURE(code))
		return next;
	for (int32_t i = 0; i < m;) {
		UChar32 c;
		U16_NEXT(out, i, m, c);
		writer_add(w, (uint32_t) c, (uint32_t) at);
	}
	return next;
}

static bool is_ascii(struct str s)
{
	return text_ascii_run(s, 0) == s.n;
}

static int fold_ascii(struct str s, struct arena *a, struct folded *ret)
{
	char *out = arena_alloc(a, s.n + 1);
	if (!out)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(s.p[i]);
	*ret = (struct folded){.text = str_make(out, s.n), .original = s};
	return 0;
}

static int fold_all(struct writer *w, const UNormalizer2 *n2, struct str s)
{
	for (size_t at = 0; at < s.n && !w->failed;) {
		unsigned char byte = (unsigned char) s.p[at];
		if (byte < 0x80 && (at + 1 >= s.n || (unsigned char) s.p[at + 1] < 0x80)) {
			writer_add(w, (uint32_t) ascii_lower((char) byte), (uint32_t) at);
			at++;
			continue;
		}
		size_t next = at;
		uint32_t c = text_next(s, &next);
		if ((c < 0x80 || is_settled(c)) && !segment_goes_on(n2, s, next)) {
			writer_add(w, c < 0x80 ? (uint32_t) ascii_lower((char) c) : c, (uint32_t) at);
			at = next;
		} else {
			at = add_segment(w, n2, s, at);
		}
	}
	return w->failed ? ERR_TOO_LARGE : 0;
}

int text_fold(struct str s, struct arena *a, struct folded *ret)
{
	if (s.n >= UINT32_MAX)
		return ERR_TOO_LARGE;
	if (is_ascii(s))
		return fold_ascii(s, a, ret);
	UErrorCode code = U_ZERO_ERROR;
	const UNormalizer2 *n2 = unorm2_getNFKCCasefoldInstance(&code);
	if (U_FAILURE(code))
		return ERR_SYSTEM;
	size_t cap = s.n + s.n / 8 + 16;
	struct writer w = {.arena = a, .cap = cap, .out = arena_alloc(a, cap), .map = ARENA_ARRAY(a, uint32_t, cap)};
	if (!w.out || !w.map)
		return ERR_TOO_LARGE;
	int r = fold_all(&w, n2, s);
	if (r < 0)
		return r;
	w.map[w.n] = (uint32_t) s.n;
	*ret = (struct folded){.text = str_make(w.out, w.n), .map = w.map, .original = s};
	return 0;
}

uint32_t folded_start(const struct folded *f, size_t start)
{
	CHECK(start <= f->text.n);
	return f->map ? f->map[start] : (uint32_t) start;
}

uint32_t folded_end(const struct folded *f, size_t end)
{
	CHECK(end <= f->text.n);
	if (!f->map || end == 0)
		return (uint32_t) end;
	size_t at = end;
	while (at < f->text.n && f->map[at] == f->map[end - 1])
		at++;
	size_t original = f->map[at];
	while (original > f->map[end - 1] + 1 && ascii_is_space(f->original.p[original - 1]))
		original--;
	return (uint32_t) original;
}
