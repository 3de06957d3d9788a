/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A tag is U+3014, the word of its kind, a number in ASCII or full-width digits (models change them), U+3015. It is
 * recognized by reading characters, so it does not matter whether they stand as UTF-8 or as \u escapes. */
#include "gate/mask.h"

#include <stdlib.h>

#include "base/err.h"

enum {
	BUCKETS = 256,
	NUMBER_MAX_DIGITS = 5,
	NUMBER_MAX = MASK_TAGS_MAX * 4, /* room for those that the text has already */
	BRACKET_OPEN = 0x3014,
	BRACKET_CLOSE = 0x3015,
	WIDE_ZERO = 0xff10,
	WORD_MAX_CHARACTERS = 8,
};

struct entry {
	struct entry *next_value, *next_tag; /* of the same bucket */
	struct str value, tag;
};

struct mask {
	struct arena *arena;
	struct entry *values[BUCKETS], *tags[BUCKETS];
	size_t count;
	unsigned last[LEAK_KIND_COUNT];
	uint8_t *taken[LEAK_KIND_COUNT]; /* bits of numbers that the text has already; NULL none */
};

static const char *const words[LEAK_KIND_COUNT] = {
        [LEAK_PERSON] = "人物",
        [LEAK_PHONE] = "電話",
        [LEAK_EMAIL] = "メール",
        [LEAK_ADDRESS] = "住所",
        [LEAK_POSTAL_CODE] = "郵便番号",
        [LEAK_BIRTH_DATE] = "生年月日",
        [LEAK_MY_NUMBER] = "個人番号",
        [LEAK_CORPORATE_NUMBER] = "法人番号",
        [LEAK_LICENCE] = "免許番号",
        [LEAK_PASSPORT] = "旅券番号",
        [LEAK_RESIDENCE_CARD] = "在留番号",
        [LEAK_PENSION_NUMBER] = "年金番号",
        [LEAK_HEALTH_INSURANCE] = "保険番号",
        [LEAK_BANK_ACCOUNT] = "口座",
        [LEAK_CREDIT_CARD] = "カード",
        [LEAK_PASSWORD] = "合言葉",
        [LEAK_SECRET] = "鍵",
        [LEAK_INTERNAL_ADDRESS] = "社内アドレス",
        [LEAK_CONFIDENTIAL_MARK] = "印",
        [LEAK_SENSITIVE] = "配慮事項",
        [LEAK_HOUSE_WORD] = "名称",
};

const char *mask_word(enum leak_kind kind)
{
	CHECK((unsigned) kind < LEAK_KIND_COUNT && words[kind]);
	return words[kind];
}

/* ---- reading ---- */

struct reading {
	struct str text;
	size_t at;
	enum mask_reading how;
};

static int hex_digit(char c)
{
	c = ascii_lower(c);
	return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The next character: 1; 0: the text ends inside of it or before; -1: none that a tag could hold. */
static int next_character(struct reading *r, unsigned *ret)
{
	struct str rest = str_slice(r->text, r->at, r->text.n);
	unsigned char c = rest.n > 0 ? (unsigned char) rest.p[0] : 0;
	unsigned value = 0;
	if (rest.n == 0)
		return 0;
	if (r->how == MASK_ESCAPED && c == '\\') {
		if (rest.n >= 2 && rest.p[1] != 'u')
			return -1;
		for (size_t i = 2; i < 6; i++) {
			if (rest.n <= i)
				return 0;
			int digit = hex_digit(rest.p[i]);
			if (digit < 0)
				return -1;
			value = value << 4 | (unsigned) digit;
		}
		r->at += 6;
		*ret = value;
		return 1;
	}
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (rest.n < n)
		return 0;
	value = n == 1 ? c : c & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++)
		value = value << 6 | ((unsigned char) rest.p[i] & 0x3f);
	r->at += n;
	*ret = value;
	return 1;
}

static int digit_of(unsigned c)
{
	if (c >= '0' && c <= '9')
		return (int) (c - '0');
	return c >= WIDE_ZERO && c <= WIDE_ZERO + 9 ? (int) (c - WIDE_ZERO) : -1;
}

/* Kinds whose word has c at this place, of those in `left`. */
static uint32_t narrow(uint32_t left, unsigned place, unsigned c, bool *ret_ends)
{
	static unsigned letters[LEAK_KIND_COUNT][WORD_MAX_CHARACTERS + 1];
	static bool is_made;
	for (int k = 0; !is_made && k < LEAK_KIND_COUNT; k++) {
		struct reading r = {str_of(words[k]), 0, MASK_PLAIN};
		for (int i = 0; i < WORD_MAX_CHARACTERS && next_character(&r, &letters[k][i]) > 0; i++)
			;
	}
	is_made = true;
	uint32_t kept = 0;
	*ret_ends = false;
	for (unsigned k = 0; k < LEAK_KIND_COUNT; k++) {
		if (!(left >> k & 1) || place >= WORD_MAX_CHARACTERS)
			continue;
		if (letters[k][place] == c && c != 0)
			kept |= UINT32_C(1) << k;
		else if (letters[k][place] == 0)
			*ret_ends = true;
	}
	return kept;
}

/* Kinds whose word has exactly this many characters. */
static int kind_of(uint32_t left, unsigned length)
{
	for (int k = 0; k < LEAK_KIND_COUNT; k++) {
		struct reading r = {str_of(words[k]), 0, MASK_PLAIN};
		unsigned c, n = 0;
		while (next_character(&r, &c) > 0)
			n++;
		if ((left >> k & 1) && n == length)
			return k;
	}
	return -1;
}

/* FOUND: the front of text is written like a tag, whether it is one of this request or not. */
static enum mask_match read_tag(enum mask_reading how, struct str text, enum leak_kind *ret_kind, unsigned *ret_number,
                                size_t *ret_bytes)
{
	struct reading r = {text, 0, how};
	uint32_t left = (UINT32_C(1) << LEAK_KIND_COUNT) - 1;
	unsigned c = 0, length = 0, number = 0, digits = 0;
	bool ends;

	int n = next_character(&r, &c);
	if (n > 0 && c != BRACKET_OPEN)
		return MASK_NONE;
	while (n > 0 && (n = next_character(&r, &c)) > 0) {
		if (digit_of(c) >= 0) {
			break;
		}
		left = narrow(left, length++, c, &ends);
		if (left == 0)
			return MASK_NONE;
	}
	int kind = n > 0 ? kind_of(left, length) : 0;
	if (kind < 0)
		return MASK_NONE;
	while (n > 0 && digit_of(c) >= 0) {
		number = number * 10 + (unsigned) digit_of(c);
		if (++digits > NUMBER_MAX_DIGITS)
			return MASK_NONE;
		n = next_character(&r, &c);
	}
	if (n <= 0)
		return n < 0 ? MASK_NONE : MASK_MORE;
	if (c != BRACKET_CLOSE)
		return MASK_NONE;
	*ret_kind = (enum leak_kind) kind;
	*ret_number = number;
	*ret_bytes = r.at;
	return MASK_FOUND;
}

/* ---- making ---- */

static bool take_number(struct mask *m, enum leak_kind kind, unsigned number)
{
	if (number > NUMBER_MAX)
		return true; /* none is made there */
	if (!m->taken[kind])
		m->taken[kind] = ARENA_ARRAY(m->arena, uint8_t, NUMBER_MAX / 8 + 1);
	if (!m->taken[kind])
		return false;
	m->taken[kind][number / 8] |= (uint8_t) (1 << number % 8);
	return true;
}

struct mask *mask_new(struct arena *a, struct str avoid)
{
	struct mask *m = ARENA_NEW(a, struct mask);
	if (!m)
		return NULL;
	m->arena = a;
	for (size_t at = 0; (at = str_find(avoid, STR("〔"), at)) != STR_NOT_FOUND; at++) {
		enum leak_kind kind;
		unsigned number;
		size_t bytes;
		struct str front = str_slice(avoid, at, at + MASK_TAG_MAX_BYTES);
		if (read_tag(MASK_PLAIN, front, &kind, &number, &bytes) == MASK_FOUND && !take_number(m, kind, number))
			return NULL;
	}
	return m;
}

size_t mask_count(const struct mask *m)
{
	return m->count;
}

static const struct entry *find_value(const struct mask *m, struct str value)
{
	for (const struct entry *e = m->values[str_hash(value) % BUCKETS]; e; e = e->next_value)
		if (str_eq(e->value, value))
			return e;
	return NULL;
}

static const struct entry *find_tag(const struct mask *m, struct str tag)
{
	for (const struct entry *e = m->tags[str_hash(tag) % BUCKETS]; e; e = e->next_tag)
		if (str_eq(e->tag, tag))
			return e;
	return NULL;
}

static bool is_taken(const struct mask *m, enum leak_kind kind, unsigned number)
{
	return m->taken[kind] && m->taken[kind][number / 8] >> number % 8 & 1;
}

int mask_tag(struct mask *m, enum leak_kind kind, struct str value, struct str *ret_tag)
{
	const struct entry *known = find_value(m, value);
	if (known) {
		*ret_tag = known->tag;
		return 0;
	}
	struct entry *e = ARENA_NEW(m->arena, struct entry);
	if (!e || m->count >= MASK_TAGS_MAX)
		return ERR_TOO_LARGE;
	do {
		if (++m->last[kind] >= NUMBER_MAX)
			return ERR_TOO_LARGE;
	} while (is_taken(m, kind, m->last[kind]));
	e->value = value;
	e->tag = arena_printf(m->arena, "〔%s%u〕", words[kind], m->last[kind]);
	if (!e->tag.p)
		return ERR_TOO_LARGE;
	struct entry **values = &m->values[str_hash(value) % BUCKETS], **tags = &m->tags[str_hash(e->tag) % BUCKETS];
	e->next_value = *values;
	*values = e;
	e->next_tag = *tags;
	*tags = e;
	m->count++;
	*ret_tag = e->tag;
	return 0;
}

enum mask_match mask_find(const struct mask *m, enum mask_reading reading, struct str text, bool is_last,
                          size_t *ret_bytes, struct str *ret_value)
{
	enum leak_kind kind;
	unsigned number;
	char tag[MASK_TAG_MAX_BYTES];

	enum mask_match match = read_tag(reading, text, &kind, &number, ret_bytes);
	if (match != MASK_FOUND)
		return match == MASK_MORE && is_last ? MASK_NONE : match;
	int n = snprintf(tag, sizeof(tag), "〔%s%u〕", words[kind], number);
	const struct entry *e = find_tag(m, str_make(tag, (size_t) n));
	if (!e)
		return MASK_NONE;
	*ret_value = e->value;
	return MASK_FOUND;
}
