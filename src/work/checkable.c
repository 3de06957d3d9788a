/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/checkable.h"

#include "base/err.h"
#include "text/fold.h"
#include "work/amount.h"

enum { UNIT_CHARS_MAX = 6, LAW_CHARS_MAX = 24 };

const char *checkable_kind_word(enum checkable_kind kind)
{
	static const char *const words[CHECKABLE_KIND_COUNT] = {"number", "date", "law", "link", "name"};
	CHECK((size_t) kind < CHECKABLE_KIND_COUNT);
	return words[kind];
}

static bool is_digit(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

static bool is_kanji_digit(uint32_t c)
{
	static const uint32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D,
	                                  0x4E03, 0x516B, 0x4E5D, 0x5341, 0x767E, 0x5343};
	for (size_t i = 0; i < ARRAY_SIZE(digits); i++)
		if (c == digits[i])
			return true;
	return false;
}

static uint32_t char_at(struct str s, size_t at)
{
	return at < s.n ? text_next(s, &at) : 0;
}

static size_t skip_digits(struct str s, size_t at)
{
	while (at < s.n) {
		size_t next = at;
		uint32_t c = text_next(s, &next);
		bool joins = (c == ',' || c == '.' || c == 0xFF0C || c == 0xFF0E) && is_digit(char_at(s, next));
		if (!is_digit(c) && !joins)
			break;
		at = next;
	}
	return at;
}

/* Units that belong to the number: 円, 万人, %, kg. */
static size_t skip_unit(struct str s, size_t at)
{
	for (int i = 0; i < UNIT_CHARS_MAX && at < s.n; i++) {
		size_t next = at;
		uint32_t c = text_next(s, &next);
		enum script script = text_script(c);
		bool is_sign = c == '%' || c == 0xFF05 || c == 0x2103;
		if (!is_sign && script != SCRIPT_HAN && script != SCRIPT_LATIN)
			break;
		at = next;
		if (is_sign || c == 0x5186) /* 円 */
			break;
	}
	return at;
}

static bool take(struct str s, size_t *at, const char *text)
{
	if (!str_starts_with(str_slice(s, *at, s.n), str_of(text)))
		return false;
	*at += strlen(text);
	return true;
}

/* The longest piece from `from` on that is a day: "2026年11月2日", "2026/11/2", "令和8年11月". */
static size_t skip_date(struct str s, size_t from)
{
	static const char *const marks[] = {"年", "月", "日", "-", "/", "元"};
	size_t best = from, at = from;
	int64_t days;
	static const char *const eras[] = {"令和", "平成", "昭和"};
	for (size_t i = 0; i < ARRAY_SIZE(eras) && at == from; i++)
		take(s, &at, eras[i]);
	for (int pieces = 0; pieces < 6 && at < s.n; pieces++) {
		size_t before = at;
		while (at < s.n && is_digit(char_at(s, at)))
			text_next(s, &at);
		for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
			if (take(s, &at, marks[i]))
				break;
		if (at == before)
			break;
		struct str piece = str_slice(s, from, at);
		if (!str_ends_with(piece, STR("-")) && !str_ends_with(piece, STR("/")) && work_parse_day(piece, &days))
			best = at;
	}
	return best;
}

/* 第12条の3, with the law's name in front of it. */
static size_t skip_article(struct str s, size_t at)
{
	if (!take(s, &at, "第"))
		return 0;
	size_t digits = at;
	while (at < s.n && (is_digit(char_at(s, at)) || is_kanji_digit(char_at(s, at))))
		text_next(s, &at);
	if (at == digits || !take(s, &at, "条"))
		return 0;
	if (take(s, &at, "の"))
		while (at < s.n && (is_digit(char_at(s, at)) || is_kanji_digit(char_at(s, at))))
			text_next(s, &at);
	return at;
}

static size_t back_one(struct str s, size_t at)
{
	do
		at--;
	while (at > 0 && ((unsigned char) s.p[at] & 0xC0) == 0x80);
	return at;
}

/* Back over the name of a law that ends right before at: 個人情報の保護に関する法律. Only kanji, katakana and の,
 * に関する. */
static size_t law_start(struct str s, size_t at, size_t floor)
{
	static const char *const ends[] = {"法", "法律", "令", "規則", "条例", "憲法"};
	bool is_law = false;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		is_law |= str_ends_with(str_slice(s, floor, at), str_of(ends[i]));
	for (int i = 0; is_law && i < LAW_CHARS_MAX && at > floor; i++) {
		size_t before = back_one(s, at);
		uint32_t c = char_at(s, before);
		enum script script = text_script(c);
		bool joins = c == 0x306E || c == 0x306B || c == 0x3059 || c == 0x308B; /* の に す る */
		if (script != SCRIPT_HAN && script != SCRIPT_KATAKANA && !joins)
			break;
		at = before;
	}
	return at;
}

static size_t skip_link(struct str s, size_t at)
{
	struct str rest = str_slice(s, at, s.n);
	if (!str_starts_with_icase(rest, STR("http://")) && !str_starts_with_icase(rest, STR("https://")))
		return 0;
	while (at < s.n && (unsigned char) s.p[at] > 0x20 && (unsigned char) s.p[at] < 0x7F &&
	       !strchr("<>\"`", s.p[at]))
		at++;
	while (at > 0 && strchr(".,;)]", s.p[at - 1]))
		at--;
	return at;
}

struct finding_checkables {
	struct str text;
	struct arena *arena;
	struct checkables *claims;
	size_t floor; /* end of the last claim */
};

static int add(struct finding_checkables *f, enum checkable_kind kind, size_t start, size_t end)
{
	struct str text = str_slice(f->text, start, end);
	f->floor = end;
	for (size_t i = 0; i < f->claims->n; i++)
		if (str_eq(str_slice(f->text, f->claims->at[i].start, f->claims->at[i].end), text))
			return 0;
	if (f->claims->n >= CHECKABLES_MAX) {
		f->claims->cut = true;
		return 0;
	}
	struct checkable *slot = ARENA_PUSH(f->arena, f->claims);
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = (struct checkable){kind, start, end};
	return 0;
}

static bool starts_era(struct str s, size_t at)
{
	struct str rest = str_slice(s, at, s.n);
	return str_starts_with(rest, STR("令和")) || str_starts_with(rest, STR("平成")) ||
	       str_starts_with(rest, STR("昭和"));
}

static int look_at(struct finding_checkables *f, size_t at, size_t *ret_next)
{
	struct str s = f->text;
	uint32_t c = char_at(s, at);
	size_t end = 0;
	*ret_next = at;
	text_next(s, ret_next);
	if ((c == 'h' || c == 'H') && (end = skip_link(s, at)) > at) {
		*ret_next = end;
		return add(f, CHECKABLE_LINK, at, end);
	}
	if (c == 0x7B2C && (end = skip_article(s, at)) > at) { /* 第 */
		*ret_next = end;
		return add(f, CHECKABLE_LAW, law_start(s, at, f->floor), end);
	}
	if (is_digit(c) || starts_era(s, at)) {
		end = skip_date(s, at);
		if (end > at) {
			*ret_next = end;
			return add(f, CHECKABLE_DATE, at, end);
		}
	}
	if (!is_digit(c))
		return 0;
	*ret_next = end = skip_unit(s, skip_digits(s, at));
	/* "1. " and "2)" number a list. */
	bool is_list = at == 0 || s.p[at - 1] == '\n';
	bool is_mark = is_list && end < s.n && (s.p[end] == '.' || s.p[end] == ')') && end - at <= 2;
	return is_mark ? 0 : add(f, CHECKABLE_NUMBER, at, end);
}

int checkables_find(struct str text, struct arena *a, struct checkables *ret)
{
	struct checkables claims = {0};
	struct finding_checkables f = {.text = text, .arena = a, .claims = &claims};
	int r = 0;
	for (size_t at = 0, next; r >= 0 && at < text.n; at = next)
		r = look_at(&f, at, &next);
	if (r >= 0)
		*ret = claims;
	return r;
}

bool checkable_find_bias(struct str text, size_t from, struct checkable *ret)
{
	static const char *const words[] = {
	        "男性のみ",       "女性のみ",  "男性限定",      "女性限定",      "看護婦",     "主婦歓迎",   "若い方",
	        "若手限定",       "歳まで",    "歳以下",        "歳未満",        "未婚",       "既婚",       "独身",
	        "出身地",         "本籍",      "国籍",          "外国人不可",    "日本人のみ", "日本人限定", "健康な方",
	        "持病",           "家族構成",  "両親",          "宗教",          "支持政党",   "思想",       "容姿",
	        "美人",           "men only",  "women only",    "young and",     "under 30",   "under 35",   "under 40",
	        "native speaker", "unmarried", "no foreigners", "japanese only", "religion"};
	size_t best = STR_NOT_FOUND;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t at = str_find_icase(text, str_of(words[i]), from);
		if (at < best) {
			best = at;
			*ret = (struct checkable){CHECKABLE_NAME, at, at + strlen(words[i])};
		}
	}
	return best != STR_NOT_FOUND;
}

/* ---- overlap ---- */

/* Characters without white space, as code points. */
static uint32_t *squeeze(struct str s, struct arena *a, size_t *ret_n)
{
	uint32_t *chars = ARENA_ARRAY(a, uint32_t, s.n + 1);
	size_t n = 0;
	for (size_t at = 0; chars && at < s.n;) {
		uint32_t c = text_next(s, &at);
		if (c > 0x20 && c != 0x3000 && c != 0xA0)
			chars[n++] = c;
	}
	*ret_n = n;
	return chars;
}

static uint64_t hash_run(const uint32_t *chars)
{
	uint64_t h = 0xcbf29ce484222325ULL;
	for (size_t i = 0; i < OVERLAP_RUN_CHARS; i++)
		h = (h ^ chars[i]) * 0x100000001b3ULL;
	return h ? h : 1;
}

static bool look_up(const uint64_t *table, size_t mask, uint64_t h, size_t *ret_slot)
{
	size_t slot = (size_t) (h >> 7) & mask;
	while (table[slot] != 0 && table[slot] != h)
		slot = (slot + 1) & mask;
	*ret_slot = slot;
	return table[slot] == h;
}

double checkable_overlap(struct str text, struct str source, struct arena *a)
{
	size_t n, m, slot, covered = 0, size = 16;
	uint32_t *x = squeeze(text, a, &n), *y = squeeze(source, a, &m);
	while (size < 2 * m)
		size *= 2;
	uint64_t *table = ARENA_ARRAY(a, uint64_t, size);
	if (!x || !y || !table || n < OVERLAP_RUN_CHARS || m < OVERLAP_RUN_CHARS)
		return 0;
	for (size_t i = 0; i + OVERLAP_RUN_CHARS <= m; i++) {
		uint64_t h = hash_run(y + i);
		if (!look_up(table, size - 1, h, &slot))
			table[slot] = h;
	}
	for (size_t i = 0, until = 0; i + OVERLAP_RUN_CHARS <= n; i++) {
		if (!look_up(table, size - 1, hash_run(x + i), &slot))
			continue;
		size_t from = i > until ? i : until;
		covered += i + OVERLAP_RUN_CHARS - from;
		until = i + OVERLAP_RUN_CHARS;
	}
	return (double) covered / (double) n;
}
