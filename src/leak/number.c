/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All groups of digits of a window are listed once; from each, longer and longer joined numbers are shown to the kinds.
 * No number has more than NUMBER_DIGITS_MAX digits, so the work per group is bounded. */
#include "leak/number.h"

#include "text/fold.h"

enum {
	BLOCK = 16,
	JOIN_MAX_BYTES = 12,
	GROUPS_MAX = 1024 * 1024, /* of a window */
	LONG_GROUP = 255,
	SINGLES_MAX = 60,
};

typedef unsigned char block __attribute__((vector_size(BLOCK)));

int leak_kanji_digit(struct str s, size_t at, size_t *ret_bytes)
{
	static const char kanji[] = "〇一二三四五六七八九";
	unsigned char c = (unsigned char) s.p[at];
	if (at + 3 > s.n || (c != 0xE3 && c != 0xE4 && c != 0xE5))
		return -1;
	*ret_bytes = 3;
	for (int i = 0; i < 10; i++)
		if (memcmp(s.p + at, kanji + 3 * i, 3) == 0)
			return i;
	return -1;
}

/* ---- the groups of a window ---- */

static size_t next_ascii_digit(struct str s, size_t at)
{
	for (; at + BLOCK <= s.n; at += BLOCK) {
		block b;
		uint64_t any[2];
		memcpy(&b, s.p + at, BLOCK);
		b = (block) ((b - '0') < 10);
		memcpy(any, &b, BLOCK);
		if (any[0] | any[1])
			break;
	}
	while (at < s.n && !ascii_is_digit(s.p[at]))
		at++;
	return at;
}

/* What stands between two groups; JOIN_NONE when it does not join them. */
static enum number_join join_of(struct str gap, bool *ret_tight)
{
	size_t marks = 0, lines = 0, spaces = 0;
	enum number_join join = JOIN_NONE;
	if (gap.n == 0 || gap.n > JOIN_MAX_BYTES)
		return JOIN_NONE;
	for (size_t at = 0; at < gap.n;) {
		uint32_t c = text_next(gap, &at);
		enum number_join now = JOIN_NONE;
		if (c == '\n' || c == '\r')
			lines += c == '\n';
		else if (c == ' ' || c == '\t')
			spaces++;
		else if (c == '-' || c == 0x30FC || c == 0x2010 || c == 0x301C || c == '_' || c == 0x4E00)
			now = JOIN_HYPHEN;
		else if (c == '.' || c == 0x30FB || c == 0xB7)
			now = JOIN_DOT;
		else if (c == '(' || c == ')')
			now = JOIN_PAREN;
		else if (c == 0x306E)
			now = JOIN_NO;
		else if (c == '/' || c == '~')
			now = JOIN_SLASH;
		else
			return JOIN_NONE;
		if (now != JOIN_NONE) {
			if (join == JOIN_PAREN && now == JOIN_HYPHEN)
				now = JOIN_PAREN; /* (03)-1234 */
			join = now;
			marks++;
		}
	}
	*ret_tight = lines == 0 && spaces == 0;
	if (lines > 1 || marks > 2 || spaces > 3 || (marks == 2 && join != JOIN_PAREN))
		return JOIN_NONE;
	if (marks > 0)
		return join;
	return lines > 0 ? JOIN_LINE : JOIN_SPACE;
}

static void add_group(struct leak_list *list, struct str s, size_t start, size_t end, size_t n)
{
	const struct number_group *before = list->n ? (struct number_group *) list->at + list->n - 1 : NULL;
	struct number_group g = {
	        .start = (uint32_t) start, .end = (uint32_t) end, .n = (uint8_t) (n < LONG_GROUP ? n : LONG_GROUP)};
	if (before)
		g.join = (uint8_t) join_of(str_slice(s, before->end, start), &g.tight);
	struct number_group *slot = leak_list_push(list, sizeof(*slot), GROUPS_MAX);
	if (slot)
		*slot = g;
}

/* The next place where two kanji digits stand together; `i` walks along the anchors. */
static size_t next_kanji(const struct leak_anchor *anchors, size_t n, size_t *i, size_t at)
{
	while (*i < n && (anchors[*i].kind != LEAK_ANCHOR_KANJI || anchors[*i].start < at))
		++*i;
	return *i < n ? anchors[*i].start : STR_NOT_FOUND;
}

static void list_groups(const struct leak_state *st, struct leak_list *list)
{
	size_t anchor_count, anchor = 0, ascii = 0, bytes;
	const struct leak_anchor *anchors = leak_anchors(st, &anchor_count);
	list->n = 0;
	for (size_t at = 0; at < st->text.n;) {
		if (ascii < at || at == 0)
			ascii = next_ascii_digit(st->text, at);
		size_t kanji = next_kanji(anchors, anchor_count, &anchor, at);
		size_t start = kanji < ascii ? kanji : ascii, end = start, n = 0;
		if (start >= st->text.n)
			break;
		while (leak_digit(st->text, end, &bytes) >= 0) {
			end += bytes;
			n++;
		}
		add_group(list, st->text, start, end, n);
		at = end;
	}
}

/* ---- one number ---- */

bool number_has_shape(const struct number *x, const uint8_t *lengths)
{
	for (size_t i = 0; i < x->groups; i++)
		if (lengths[i] == 0 || lengths[i] != x->g[i].n)
			return false;
	return lengths[x->groups] == 0;
}

bool number_is_alone(const struct number *x)
{
	return !x->joined_before && !x->joined_after && !x->letter_before && !x->letter_after;
}

bool number_is_spread(const struct number *x)
{
	for (size_t i = 0; i < x->groups; i++)
		if (x->g[i].n != 1)
			return false;
	return x->groups > 3;
}

bool number_uses(const struct number *x, enum number_join join)
{
	for (size_t i = 1; i < x->groups; i++)
		if (x->g[i].join != join)
			return false;
	return true;
}

bool number_has_fours(const struct number *x)
{
	for (size_t i = 0; i < x->groups; i++)
		if (x->g[i].n % 4 != 0)
			return false;
	return x->groups > 1;
}

size_t number_lines(const struct number *x)
{
	size_t n = 0;
	for (size_t i = 1; i < x->groups; i++)
		n += x->g[i].join == JOIN_LINE;
	return n;
}

enum leak_near number_near(struct leak_state *st, struct number *x, enum leak_group group)
{
	if (!x->looked_around)
		x->around = leak_around(st, x->start, x->end);
	x->looked_around = true;
	return leak_near_of(&x->around, group);
}

size_t number_second_part(const struct leak_state *st, const struct number *x)
{
	enum { GAP_BYTES = 12, PART_DIGITS_MAX = 8 };
	struct str s = st->text;
	size_t at = x->start, n = 0, bytes;
	while (at > 0 && x->start - at < 4 && strchr(" :(", s.p[at - 1]))
		at--;
	if (x->groups != 1 || !str_ends_with(str_make(s.p, at), STR("記号")))
		return 0;
	size_t word = str_find(str_slice(s, 0, x->end + 2 * GAP_BYTES), STR("番号"), x->end);
	if (word == STR_NOT_FOUND || word - x->end > GAP_BYTES)
		return 0;
	at = word + 6;
	while (at < s.n && at - word < GAP_BYTES && strchr(" :", s.p[at]))
		at++;
	for (; n < PART_DIGITS_MAX && leak_digit(s, at, &bytes) >= 0; n++)
		at += bytes;
	return n > 0 && leak_digit(s, at, &bytes) < 0 ? at : 0;
}

bool number_is_of_other(struct leak_state *st, struct number *x)
{
	return number_near(st, x, LEAK_GROUP_OTHER_NUMBER) == LEAK_NEAR_BESIDE;
}

static bool is_tight(const struct number_group *g)
{
	return g->tight && (g->join == JOIN_HYPHEN || g->join == JOIN_DOT);
}

/* A Latin letter touches a place: unless it ends a word that labels the number (TEL03-...). */
static bool letter_touches_before(const struct leak_state *st, size_t at)
{
	if (at == 0 || !ascii_is_alpha(st->text.p[at - 1]))
		return false;
	const struct leak_word *w = leak_word_before(st, at);
	if (w && w->end == at)
		return false;
	return at < 2 || !str_eq_icase(str_slice(st->text, at - 2, at), STR("No")) ||
	       !leak_border_before(st->text, at - 2);
}

static void show(struct leak_state *st, struct number *x)
{
	if (x->slashed) { /* only what its form or its check digit tells apart from dates */
		if (number_uses(x, JOIN_SLASH) && x->n >= 11) {
			number_phone(st, x);
			number_identity(st, x);
			number_card(st, x);
		}
		return;
	}
	switch (x->n) {
	case 2:
	case 3:
	case 4:
		number_identity(st, x);
		break;
	case 5:
	case 6:
	case 8:
	case 9:
		number_identity(st, x);
		number_bank(st, x);
		break;
	case 7:
		number_postal(st, x);
		number_identity(st, x);
		number_bank(st, x);
		break;
	default:
		number_phone(st, x);
		number_identity(st, x);
		number_company(st, x);
		number_bank(st, x);
		number_card(st, x);
	}
	if (x->groups == 4)
		number_address(st, x);
}

/* The digits of a group behind those that x has. */
static void append(struct str s, struct number *x, const struct number_group *g)
{
	size_t bytes;
	for (size_t at = g->start; at < g->end; at += bytes)
		x->digits[x->n++] = (char) ('0' + leak_digit(s, at, &bytes));
	x->digits[x->n] = '\0';
	x->groups++;
	x->end = g->end;
	x->looked_around = false;
	x->slashed = x->slashed || (x->groups > 1 && g->join == JOIN_SLASH);
}

static void show_from(struct leak_state *st, const struct number_group *g, size_t left, bool joined_before)
{
	struct number x = {.g = g, .start = g->start, .joined_before = joined_before};
	x.letter_before = letter_touches_before(st, x.start);
	for (size_t i = 0; i < left && i < NUMBER_GROUPS_MAX; i++) {
		if ((i > 0 && g[i].join == JOIN_NONE) || x.n + g[i].n > NUMBER_DIGITS_MAX)
			break;
		append(st->text, &x, &g[i]);
		x.joined_after = i + 1 < left && is_tight(&g[i + 1]);
		x.letter_after = x.end < st->text.n && ascii_is_alpha(st->text.p[x.end]);
		if (x.n >= 5 || x.groups == 4 || (x.n >= 2 && x.groups == 1 && number_second_part(st, &x)))
			show(st, &x);
	}
}

void leak_find_numbers(struct leak_state *st)
{
	struct leak_list *list = leak_groups_list(st);
	list_groups(st, list);
	const struct number_group *g = list->at;
	size_t singles = 0; /* digits one by one before this: a matrix, no number */
	for (size_t i = 0; i < list->n; i++) {
		singles = i > 0 && g[i].n == 1 && g[i - 1].n == 1 && g[i].join != JOIN_NONE ? singles + 1 : 0;
		if (g[i].start >= st->from && g[i].start < st->to && singles <= SINGLES_MAX)
			show_from(st, &g[i], list->n - i,
			          i > 0 && is_tight(&g[i]) && !(g[i].join == JOIN_DOT && g[i - 1].n <= 2));
	}
}
