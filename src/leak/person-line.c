/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leak/person-line.h"

#include "text/fold.h"

static enum char_kind kind_of(uint32_t c)
{
	if (c < 0x80) {
		if (c >= '0' && c <= '9')
			return CHAR_DIGIT;
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			return CHAR_LATIN;
		return c == ' ' || c == '\t' ? CHAR_SPACE : CHAR_OTHER;
	}
	if ((c >= 0x4E00 && c <= 0x9FFF) || c == 0x3005 || c == 0x30F6 || (c >= 0x3400 && c <= 0x4DBF) ||
	    (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF))
		return CHAR_HAN;
	if (c >= 0x3041 && c <= 0x309F)
		return CHAR_HIRAGANA;
	if ((c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC)
		return CHAR_KATAKANA;
	if (c == 0x3000)
		return CHAR_SPACE;
	return c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7 ? CHAR_LATIN : CHAR_OTHER;
}

/* Up to a few characters of three bytes are decoded without the library's general way, because most of a Japanese text
 * is made of them. */
static uint32_t next_char(struct str text, size_t *at)
{
	const unsigned char *p = (const unsigned char *) text.p + *at;
	if (p[0] < 0x80) {
		*at += 1;
		return p[0];
	}
	if (p[0] >= 0xE1 && p[0] < 0xED && *at + 2 < text.n) {
		*at += 3;
		return (uint32_t) (p[0] & 0x0F) << 12 | (uint32_t) (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
	}
	return text_next(text, at);
}

/* ---- the dictionary, once for each character ---- */

static uint32_t lowered(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool may_begin_word(const struct leak_line *line, size_t i)
{
	return line->kind[i] >= CHAR_HIRAGANA ||
	       (line->kind[i] == CHAR_LATIN && (i == 0 || line->kind[i - 1] != CHAR_LATIN));
}

static void add_match(struct leak_line *line, size_t i, size_t n, uint64_t roles)
{
	if (!(roles & ~NAMES_BEGINS) || line->matches >= LINE_MATCHES_MAX)
		return;
	line->match[line->matches].n = (uint8_t) n;
	line->match[line->matches++].roles = roles;
	line->any[i] |= roles;
}

static void look_up(struct leak_line *line, size_t i, uint64_t pair)
{
	const struct leak_names *names = line->names;
	uint32_t c = lowered(line->c[i]);
	add_match(line, i, 1, names_single(names, c));
	if (i + 1 >= line->n || !names_may_begin(names, pair))
		return;
	size_t max = names_longest(names, c);
	uint64_t h = pair;
	for (size_t n = 2;; n++) {
		uint64_t roles = names_roles(names, h);
		add_match(line, i, n, roles);
		if (!(roles & NAMES_BEGINS) || n >= max || i + n >= line->n)
			return;
		h = names_hash_add(h, lowered(line->c[i + n]));
	}
}

/* Finders begin at most places with "does any word of mine begin here", and look at the same words again and again, so
 * all words of the line are looked up first. The table is larger than the processor's caches: what is asked next is
 * fetched AHEAD characters before. */
static void look_up_all(struct leak_line *line)
{
	enum { AHEAD = 16 };
	uint64_t pair[AHEAD];
	for (size_t i = 0; i < line->n + AHEAD; i++) {
		if (i >= AHEAD) {
			size_t at = i - AHEAD;
			line->first[at] = (uint16_t) line->matches;
			line->any[at] = 0;
			if (may_begin_word(line, at))
				look_up(line, at, pair[at % AHEAD]);
		}
		if (i >= line->n || !may_begin_word(line, i))
			continue;
		uint64_t first = names_hash_add(NAMES_HASH, lowered(line->c[i]));
		pair[i % AHEAD] = names_hash_add(first, i + 1 < line->n ? lowered(line->c[i + 1]) : 0);
		if (names_may_begin(line->names, pair[i % AHEAD]))
			names_fetch(line->names, pair[i % AHEAD]);
	}
	line->first[line->n] = (uint16_t) line->matches;
}

static void find_delimiters(struct leak_line *line)
{
	line->has_comma = line->has_tab = line->has_bar = line->has_unit = false;
	for (size_t i = 0; i < line->n; i++) {
		line->has_comma |= line->c[i] == ',';
		line->has_tab |= line->c[i] == '\t';
		line->has_bar |= line->c[i] == '|';
		line->has_unit |= line->c[i] == 0x4E01 || line->c[i] == 0x756A; /* 丁 番 */
	}
}

size_t line_read(struct leak_line *line, struct str text, size_t at)
{
	size_t n = 0;
	unsigned seen = 0;
	while (at < text.n && n < LINE_CHARS_MAX) {
		size_t start = at;
		uint32_t c = next_char(text, &at);
		if (c == '\n')
			break;
		if (c == '\r')
			continue;
		enum char_kind kind = kind_of(c);
		seen |= 1U << kind;
		line->c[n] = c;
		line->at[n] = (uint32_t) start;
		line->kind[n++] = (uint8_t) kind;
		line->at[n] = (uint32_t) at;
	}
	line->n = n;
	find_delimiters(line);
	line->zones = line->persons = line->blocks = line->alones = 0;
	line->has_han = seen >> CHAR_HAN & 1;
	line->has_kana = seen >> CHAR_HIRAGANA;
	line->has_katakana = seen >> CHAR_KATAKANA & 1;
	line->has_latin = seen >> CHAR_LATIN & 1;
	line->has_digit = seen >> CHAR_DIGIT & 1;
	line->matches = 0;
	look_up_all(line);
	return at;
}

uint64_t line_roles(const struct leak_line *line, size_t i, size_t n)
{
	if (i >= line->n || n == 0 || i + n > line->n)
		return 0;
	for (size_t k = line->first[i]; k < line->first[i + 1]; k++) {
		if (line->match[k].n == n)
			return line->match[k].roles;
	}
	return 0;
}

uint64_t line_roles_kana(const struct leak_line *line, size_t i, size_t n)
{
	if (n == 0 || n > NAMES_WORD_MAX || i + n > line->n)
		return 0;
	uint64_t h = NAMES_HASH;
	for (size_t k = 0; k < n; k++) {
		uint32_t c = line->c[i + k];
		h = names_hash_add(h, c >= 0x3041 && c <= 0x3096 ? c + 0x60 : c);
	}
	return names_roles(line->names, h);
}

size_t line_longest(const struct leak_line *line, size_t i, uint64_t any_of, uint64_t *ret_roles)
{
	if (i >= line->n || !(line->any[i] & any_of))
		return 0;
	for (size_t k = line->first[i + 1]; k > line->first[i]; k--) {
		if (line->match[k - 1].roles & any_of) {
			if (ret_roles)
				*ret_roles = line->match[k - 1].roles;
			return line->match[k - 1].n;
		}
	}
	return 0;
}

size_t line_longest_before(const struct leak_line *line, size_t i, uint64_t any_of)
{
	for (size_t n = i < 8 ? i : 8; n > 0; n--) {
		if (line_roles(line, i - n, n) & any_of)
			return n;
	}
	return 0;
}

size_t line_town(const struct leak_line *line, size_t i, uint64_t *ret_roles)
{
	uint64_t h = NAMES_HASH_TOWN;
	size_t best = 0;
	for (size_t n = 1; n <= NAMES_WORD_MAX && i + n <= line->n; n++) {
		h = names_hash_add(h, line->c[i + n - 1]);
		if (n == 1)
			continue;
		if (n == 2 && !names_may_begin(line->names, h))
			return 0;
		uint64_t roles = names_roles(line->names, h);
		if (roles == 0)
			return best;
		if (roles & NAMES_BIT(TOWN)) {
			best = n;
			*ret_roles = roles;
		}
	}
	return best;
}

size_t line_skip_spaces(const struct leak_line *line, size_t i)
{
	while (i < line->n && line->kind[i] == CHAR_SPACE)
		i++;
	return i;
}

bool line_starts_with(const struct leak_line *line, size_t i, const char *utf8)
{
	struct str s = str_of(utf8);
	for (size_t at = 0; at < s.n; i++) {
		if (i >= line->n || line->c[i] != text_next(s, &at))
			return false;
	}
	return true;
}

const struct line_zone *line_zone_at(const struct leak_line *line, size_t start, size_t end)
{
	for (size_t i = 0; i < line->zones; i++) {
		if (line->zone[i].start <= start && end <= line->zone[i].end)
			return &line->zone[i];
	}
	return NULL;
}

void line_add_zone(struct leak_line *line, size_t start, size_t end, bool strict, bool kana, bool list)
{
	if (line->zones < LINE_ZONES_MAX && start < end)
		line->zone[line->zones++] = (struct line_zone){(uint16_t) start, (uint16_t) end, strict, kana, list};
}

/* Persons of a line are few and come mostly in order, so the last ones are asked first. */
bool line_is_taken(const struct leak_line *line, size_t start, size_t end)
{
	for (size_t i = line->persons; i > 0; i--) {
		if (start < line->person[i - 1].end && line->person[i - 1].start < end)
			return true;
	}
	for (size_t i = line->blocks; i > 0; i--) {
		if (start < line->blocked[i - 1].end && line->blocked[i - 1].start < end)
			return true;
	}
	return false;
}

void line_block(struct leak_line *line, size_t start, size_t end)
{
	if (line->blocks >= LINE_BLOCKED_MAX)
		return;
	line->blocked[line->blocks].start = (uint16_t) start;
	line->blocked[line->blocks++].end = (uint16_t) end;
}

void line_add_person(struct leak_line *line, size_t start, size_t end, enum leak_confidence confidence, const char *why)
{
	if (line->persons < LINE_PERSONS_MAX && start < end && !line_is_taken(line, start, end))
		line->person[line->persons++] = (struct line_person){(uint16_t) start, (uint16_t) end, confidence, why};
}
