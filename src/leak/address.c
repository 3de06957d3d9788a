/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An address begins at a prefecture, a municipality or a town that the list knows, goes on through wards, towns and
 * streets (Kyoto's 上る, Hokkaido's 北1条西2丁目, 大字) to its number, and takes the building behind it along. */
#include "leak/address.h"

enum { STREET_CHARS_MAX = 24, WARD_CHARS_MAX = 7 };

struct place {
	size_t end; /* of the place without number */
	bool prefecture, municipality, town, town_is_word;
};

static bool is_street_kana(uint32_t c)
{
	return c == 0x306E || c == 0x304C || c == 0x308B || c == 0x3064 || c == 0x30B1; /* の が る つ ケ */
}

/* A municipality the list does not have yet: up to 市, 区, 町, 村. */
static size_t unknown_municipality(const struct leak_line *line, size_t i)
{
	for (size_t at = i; at < i + WARD_CHARS_MAX && at < line->n; at++) {
		enum char_kind kind = line_kind(line, at);
		if (kind != CHAR_HAN && kind != CHAR_KATAKANA && kind != CHAR_HIRAGANA)
			return 0;
		if (at > i && (line_starts_with(line, at, "市") || line_starts_with(line, at, "区") ||
		               line_starts_with(line, at, "町") || line_starts_with(line, at, "村")))
			return at + 1 - i;
	}
	return 0;
}

static size_t gap(const struct leak_line *line, size_t i)
{
	return line_kind(line, i) == CHAR_SPACE && line_char(line, i) != '\t' && line_kind(line, i + 1) != CHAR_SPACE
	               ? i + 1
	               : i;
}

static void read_place(const struct leak_line *line, size_t i, struct place *p)
{
	*p = (struct place){.end = i};
	size_t n = line_longest(line, i, NAMES_BIT(PREFECTURE), NULL);
	if (n) {
		p->prefecture = true;
		p->end = i + n;
	}
	for (unsigned depth = 0; depth < 3; depth++) {
		size_t at = gap(line, p->end);
		n = line_longest(line, at, NAMES_BIT(MUNICIPALITY), NULL);
		if (!n && p->prefecture && !p->municipality)
			n = unknown_municipality(line, at);
		if (!n)
			break;
		p->municipality = true;
		p->end = at + n;
	}
	/* 浜松市中央区: wards newer than the list. */
	if (p->municipality && line_starts_with(line, p->end - 1, "市")) {
		n = unknown_municipality(line, p->end);
		if (n >= 2 && n <= 4 && line_starts_with(line, p->end + n - 1, "区"))
			p->end += n;
	}
	size_t at = p->municipality || p->prefecture ? gap(line, p->end) : p->end;
	uint64_t roles = 0;
	n = line_town(line, at, &roles);
	if (n) {
		p->town = true;
		p->town_is_word = roles & NAMES_TOWN_IS_WORD;
		p->end = at + n;
	}
}

/* Streets and smaller names up to where a number may begin. */
static size_t street_end(const struct leak_line *line, size_t i, size_t *ret_number, bool *ret_sure)
{
	size_t at = i;
	for (; at < line->n && at < i + STREET_CHARS_MAX; at++) {
		enum char_kind kind = line_kind(line, at);
		if (kind == CHAR_DIGIT || kind == CHAR_HAN) {
			size_t end = address_number_end(line, at, ret_sure);
			if (end > at && (kind == CHAR_DIGIT || *ret_sure)) {
				*ret_number = end;
				return at;
			}
			if (kind == CHAR_DIGIT)
				break;
		}
		if (kind == CHAR_SPACE && line_char(line, at) != '\t' && line_kind(line, at + 1) == CHAR_DIGIT)
			continue;
		if (kind != CHAR_HAN && kind != CHAR_KATAKANA && !is_street_kana(line->c[at]))
			break;
	}
	*ret_number = 0;
	return at;
}

static bool is_cell_edge(uint32_t c)
{
	return c == 0 || c == ',' || c == '\t' || c == '|' || c == '"' || c == ':' || c == ')' || c == '(' || c == ';';
}

/* An address label, with a colon, a bracket or a postal code between. */
static bool is_labelled(const struct leak_line *line, size_t i)
{
	size_t at = i;
	while (at > 0 && i - at < 16) {
		enum char_kind kind = line_kind(line, at - 1);
		if (kind == CHAR_HAN || kind == CHAR_HIRAGANA || kind == CHAR_KATAKANA || kind == CHAR_LATIN)
			break;
		at--;
	}
	return at > 0 && line_longest_before(line, at, NAMES_BIT(ADDRESS_LABEL)) > 0;
}

static bool fills_cell(const struct leak_line *line, size_t start, size_t end)
{
	size_t a = start, b = line_skip_spaces(line, end);
	while (a > 0 && line_kind(line, a - 1) == CHAR_SPACE && line->c[a - 1] != '\t')
		a--;
	return is_cell_edge(a ? line->c[a - 1] : 0) && is_cell_edge(line_char(line, b));
}

/* A postal code right before says that an address follows. */
static bool after_postal_code(const struct leak_line *line, size_t i)
{
	size_t at = i;
	while (at > 0 && line_kind(line, at - 1) == CHAR_SPACE)
		at--;
	return at >= 7 && line_kind(line, at - 1) == CHAR_DIGIT && line_kind(line, at - 4) == CHAR_DIGIT;
}

static bool may_begin_at(const struct leak_line *line, size_t i, uint64_t roles)
{
	if (i == 0 || line_kind(line, i - 1) != CHAR_HAN || roles & NAMES_BIT(PREFECTURE))
		return true;
	return line_longest_before(line, i, NAMES_BIT(ADDRESS_LABEL) | NAMES_BIT(LABEL)) > 0;
}

static void add_address(struct leak_state *st, struct leak_line *line, size_t start, size_t end,
                        enum leak_confidence confidence, const char *why)
{
	leak_add(st, line->at[start], line->at[end], LEAK_ADDRESS, confidence, why);
	line_block(line, start, end);
}

/* Behind the place: its number and building, or the reasons to take it without. Gives where to go on. */
static size_t read_rest(struct leak_state *st, struct leak_line *line, size_t i, const struct place *p)
{
	bool sure = false, anchored = p->prefecture || p->municipality;
	size_t number = 0, street = street_end(line, p->end, &number, &sure);
	if (number && anchored && (sure || p->town || is_labelled(line, i)) && (p->municipality || sure)) {
		size_t end = address_building_end(line, number);
		add_address(st, line, i, end, LEAK_HIGH, "address-number");
		return end;
	}
	if (number && !anchored && sure && street - p->end <= 4) {
		size_t end = number;
		bool unit = false;
		for (size_t k = p->end; k < number; k++)
			unit = unit || line_starts_with(line, k, "丁目") || line_starts_with(line, k, "番地") ||
			       line_starts_with(line, k, "番");
		if (unit || ((!p->town_is_word || is_labelled(line, i)) && line_kind(line, p->end) == CHAR_DIGIT &&
		             (is_labelled(line, i) || number - street >= 5))) {
			end = address_building_end(line, number);
			add_address(st, line, i, end, LEAK_MEDIUM, "address-town");
			return end;
		}
		return p->end;
	}
	bool labelled = is_labelled(line, i) || after_postal_code(line, i);
	if (anchored && (labelled || (p->municipality && p->town && fills_cell(line, i, street)))) {
		size_t end = street;
		while (end > p->end && line_kind(line, end - 1) == CHAR_SPACE)
			end--;
		if (p->municipality || p->town) {
			size_t building = address_building_end(line, end);
			add_address(st, line, i, building, LEAK_MEDIUM, "address-label");
			return building;
		}
	}
	return anchored ? p->end : i + 1;
}

void address_find(struct leak_state *st, struct leak_line *line)
{
	if (line->has_latin && line->has_digit)
		address_find_latin(st, line);
	const uint64_t begins = NAMES_BIT(PREFECTURE) | NAMES_BIT(MUNICIPALITY);
	bool numbered = line->has_digit || line->has_unit;
	for (size_t i = 0; i < line->n;) {
		uint64_t roles = 0, town = 0;
		if (line->kind[i] < CHAR_HIRAGANA || line_is_taken(line, i, i + 1)) {
			i++;
			continue;
		}
		/* A town alone begins an address only at the beginning of a run of letters, and where a number can
		 * follow. */
		bool known = line_longest(line, i, begins, &roles) > 0;
		if (!known &&
		    !(numbered && (i == 0 || line->kind[i - 1] < CHAR_KATAKANA) && line_town(line, i, &town))) {
			i++;
			continue;
		}
		struct place p;
		if (may_begin_at(line, i, roles)) {
			read_place(line, i, &p);
			i = p.end > i ? read_rest(st, line, i, &p) : i + 1;
		} else {
			i++;
		}
	}
}
