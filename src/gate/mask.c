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
	enum mask_style style;
	struct str avoid;
	struct entry *values[BUCKETS], *tags[BUCKETS];
	size_t count, digit_tags;
	unsigned last[LEAK_KIND_COUNT], last_digits;
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

struct mask *mask_new(struct arena *a, enum mask_style style, struct str avoid)
{
	struct mask *m = ARENA_NEW(a, struct mask);
	if (!m)
		return NULL;
	m->arena = a;
	m->style = style;
	m->avoid = avoid;
	return m;
}

size_t mask_count(const struct mask *m)
{
	return m->count;
}

bool mask_is_digits(const struct mask *m)
{
	return m->digit_tags > 0;
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

static size_t count_digits(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ascii_is_digit(s.p[i]);
	return n;
}

static bool keeps_digits(const struct mask *m, struct str value)
{
	if (m->style != MASK_DIGITS || value.n > MASK_DIGITS_MAX || count_digits(value) < MASK_DIGITS_MIN)
		return false;
	for (size_t i = 0; i < value.n; i++)
		if (!ascii_is_digit(value.p[i]) && (value.p[i] != '-' || i == 0 || i + 1 == value.n))
			return false;
	return true;
}

/* The value with its digits replaced by a number that counts up, zeros before it. */
static struct str make_digits(struct mask *m, struct str value)
{
	struct str tag = arena_dup(m->arena, value);
	unsigned number = ++m->last_digits;
	for (size_t i = tag.n; i-- > 0;) {
		if (!ascii_is_digit(tag.p[i]))
			continue;
		((char *) tag.p)[i] = (char) ('0' + number % 10);
		number /= 10;
	}
	return tag;
}

static struct str make_tag(struct mask *m, enum leak_kind kind, struct str value)
{
	if (keeps_digits(m, value))
		return make_digits(m, value);
	return arena_printf(m->arena, "〔%s%u〕", words[kind], ++m->last[kind]);
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
	e->value = value;
	do {
		e->tag = make_tag(m, kind, value);
		if (!e->tag.p || m->last[kind] >= MASK_TAGS_MAX * 4 || m->last_digits >= MASK_TAGS_MAX * 4)
			return ERR_TOO_LARGE;
	} while (find_tag(m, e->tag) || str_contains(m->avoid, e->tag) || str_eq(e->tag, value));
	struct entry **values = &m->values[str_hash(value) % BUCKETS], **tags = &m->tags[str_hash(e->tag) % BUCKETS];
	e->next_value = *values;
	*values = e;
	e->next_tag = *tags;
	*tags = e;
	m->count++;
	m->digit_tags += e->tag.p[0] != (char) 0xe3;
	*ret_tag = e->tag;
	return 0;
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

static enum mask_match find_word(const struct mask *m, enum mask_reading how, struct str text, size_t *ret_bytes,
                                 struct str *ret_value)
{
	struct reading r = {text, 0, how};
	uint32_t left = (UINT32_C(1) << LEAK_KIND_COUNT) - 1;
	unsigned c = 0, length = 0, number = 0, digits = 0;
	char tag[MASK_TAG_MAX_BYTES];
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
	int bytes = snprintf(tag, sizeof(tag), "〔%s%u〕", words[kind], number);
	const struct entry *e = find_tag(m, str_make(tag, (size_t) bytes));
	if (!e)
		return MASK_NONE;
	*ret_bytes = r.at;
	*ret_value = e->value;
	return MASK_FOUND;
}

/* The whole run of digits and hyphens, which the caller knows to begin here. */
static enum mask_match find_digits(const struct mask *m, struct str text, bool is_last, size_t *ret_bytes,
                                   struct str *ret_value)
{
	size_t n = 0;
	while (n < text.n && (ascii_is_digit(text.p[n]) || text.p[n] == '-'))
		n++;
	if (n > MASK_DIGITS_MAX + 1)
		return MASK_NONE;
	if (n == text.n && !is_last)
		return MASK_MORE;
	while (n > 0 && text.p[n - 1] == '-')
		n--;
	const struct entry *e = find_tag(m, str_slice(text, 0, n));
	if (!e)
		return MASK_NONE;
	*ret_bytes = n;
	*ret_value = e->value;
	return MASK_FOUND;
}

enum mask_match mask_find(const struct mask *m, enum mask_reading reading, struct str text, bool is_last,
                          size_t *ret_bytes, struct str *ret_value)
{
	enum mask_match match = MASK_NONE;
	if (text.n > 0 && ascii_is_digit(text.p[0]))
		return m->digit_tags > 0 ? find_digits(m, text, is_last, ret_bytes, ret_value) : MASK_NONE;
	match = find_word(m, reading, text, ret_bytes, ret_value);
	return match == MASK_MORE && is_last ? MASK_NONE : match;
}
