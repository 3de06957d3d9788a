/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names that begin with a surname of kanji. At each place where a surname of the dictionary begins, every reading
 * (surname, or surname and given name) is weighed (person-points.h), and the best one counts when it has enough. */
#include "leak/person-find.h"
#include "leak/person-points.h"

enum {
	SURNAME_MAX = 5,
	GIVEN_MAX = 4,
	ENOUGH = 8,
	SURE = 12,
};

static bool is_han(const struct leak_line *line, size_t i)
{
	return line_kind(line, i) == CHAR_HAN;
}

static bool is_gap(const struct leak_line *line, size_t i)
{
	return line_kind(line, i) == CHAR_SPACE && line_char(line, i) != '\t';
}

/* 佐藤から is no 佐藤 カラ: words of grammar that are readings of given names too. */
static bool is_grammar(const struct leak_line *line, size_t at, size_t n)
{
	static const char *const words[] = {"から", "より",   "まで", "など", "さん",   "です", "ます",  "した", "して",
	                                    "する", "なら",   "だけ", "ほど", "しか",   "くん", "さま",  "あて", "どの",
	                                    "ほか", "たち",   "には", "では", "とは",   "にて", "のみ",  "かな", "ごと",
	                                    "いる", "ある",   "なし", "あり", "ゆき",   "おり", "こと",  "もの", "とも",
	                                    "まま", "ちゃん", "また", "もし", "ただし", "なお", "いわく"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) == n * 3 && line_starts_with(line, at, words[i]))
			return true;
	}
	return false;
}

static bool ends_kana(const struct leak_line *line, size_t end, enum char_kind kind)
{
	return line_kind(line, end) != kind || line_longest(line, end, NAMES_BIT(HONORIFIC), NULL) > 0;
}

/* A given name from at: kanji, or kana that the dictionary knows as a whole word. */
static uint64_t given_roles(const struct leak_line *line, size_t at, size_t n, bool spaced)
{
	uint64_t roles = line_roles(line, at, n);
	enum char_kind kind = line_kind(line, at);
	if (roles & NAMES_BIT(GIVEN) && (kind == CHAR_HAN || ends_kana(line, at + n, kind)))
		return roles;
	if (n < 2 || (kind != CHAR_HIRAGANA && kind != CHAR_KATAKANA) || !ends_kana(line, at + n, kind))
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (line_kind(line, at + i) != kind)
			return 0;
	}
	if (!spaced && line_roles(line, at, n) & NAMES_BIT(COMMON))
		return 0;
	if (kind == CHAR_HIRAGANA && is_grammar(line, at, n))
		return 0;
	roles = line_roles_kana(line, at, n);
	return roles & (NAMES_BIT(GIVEN_KANA) | NAMES_BIT(FOREIGN_KANA))
	               ? NAMES_BIT(GIVEN) | 2ULL << NAMES_GIVEN_CLASS_SHIFT
	               : 0;
}

/* One to three kanji that fill the run and are no word: a given name that the dictionary does not know. */
static bool looks_like_given(const struct leak_line *line, size_t at, size_t n)
{
	if (n < 2 || n > 3)
		return false;
	for (size_t i = at; i < at + n; i++) {
		if (!is_han(line, i))
			return false;
		uint64_t roles = 0;
		size_t word =
		        line_longest(line, i,
		                     NAMES_BIT(COMMON) | NAMES_BIT(WORD) | NAMES_BIT(TITLE) | NAMES_BIT(HONORIFIC) |
		                             NAMES_BIT(COMPANY_RIGHT) | NAMES_BIT(PLACE_RIGHT) | NAMES_BIT(LABEL) |
		                             NAMES_BIT(BEFORE) | NAMES_BIT(MUNICIPALITY),
		                     &roles);
		if (word >= 2 ||
		    (word == 1 && roles & (NAMES_BIT(HONORIFIC) | NAMES_BIT(COMPANY_RIGHT) | NAMES_BIT(PLACE_RIGHT)) &&
		     i == at + n - 1))
			return false;
	}
	return !person_starts_inflection(line, at + n);
}

/* Rarer surnames, and those of one kanji that are no words (朴, 蔣): with two kanji behind them, from border to border.
 */
static bool fills_run(const struct leak_line *line, const struct person_reading *r, size_t at, size_t n)
{
	size_t length = r->surname_end - r->start;
	if (r->spaced || n != 2 || is_han(line, at + n) ||
	    (r->start > 0 && line_kind(line, r->start - 1) >= CHAR_LATIN))
		return false;
	if (length == 1 && r->surname & NAMES_SURNAME_IS_WORD)
		return false;
	return line_longest(line, r->start, NAMES_BIT(COMMON) | NAMES_BIT(WORD) | NAMES_BIT(MUNICIPALITY), NULL) <=
	       length;
}

/* 金 哲洙さん */
static bool honorific_near(const struct leak_line *line, size_t i)
{
	for (size_t at = i; at < i + 4; at++) {
		if (line_longest(line, at, NAMES_BIT(HONORIFIC), NULL))
			return true;
	}
	return false;
}

/* The surname is a known one, and no word covers it together with what follows. */
static bool may_guess(const struct leak_line *line, const struct person_reading *r)
{
	size_t length = r->surname_end - r->start;
	if (length < 2 || names_surname_class(r->surname) < 2)
		return r->spaced && (length >= 2 || honorific_near(line, r->surname_end));
	return line_longest(line, r->start, NAMES_BIT(COMMON) | NAMES_BIT(WORD), NULL) <= length;
}

static void keep_better(const struct leak_line *line, struct person_reading *r, struct person_reading *best)
{
	person_weigh(line, r);
	bool longer = r->end - r->start > best->end - best->start;
	if (best->points == 0 || r->points > best->points || (r->points == best->points && longer))
		*best = *r;
}

static void try_given(const struct leak_line *line, struct person_reading *r, struct person_reading *best)
{
	size_t at = r->surname_end;
	size_t spaces = 0;
	while (spaces < 2 && is_gap(line, at)) {
		at++;
		spaces++;
	}
	r->spaced = spaces > 0;
	bool longer = false;
	for (size_t n = GIVEN_MAX; n > 0; n--) {
		if (at + n > line->n)
			continue;
		/* 越える: one kanji and kana are a verb. */
		if (!r->spaced && line_kind(line, at) != CHAR_HAN && at - r->start < 2)
			return;
		uint64_t roles = given_roles(line, at, n, r->spaced);
		bool guess = !roles && !longer && (may_guess(line, r) || fills_run(line, r, at, n)) &&
		             looks_like_given(line, at, n);
		if (!roles && !guess)
			continue;
		/* 加藤健 is not looked for in 加藤健一. */
		if (longer && !r->spaced && is_han(line, at + n))
			continue;
		longer = true;
		r->given = guess ? NAMES_BIT(GIVEN) | 1ULL << NAMES_GIVEN_CLASS_SHIFT : roles;
		r->end = at + n;
		keep_better(line, r, best);
	}
	r->given = 0;
	r->spaced = false;
	r->end = r->surname_end;
}

static uint64_t surname_hash(const struct leak_line *line, size_t start, size_t end)
{
	uint64_t h = NAMES_HASH;
	for (size_t i = start; i < end; i++)
		h = names_hash_add(h, line->c[i]);
	return h;
}

/* Surnames that stand alone, for find_rows(). */
static void remember_alone(struct leak_line *line, const struct person_reading *r)
{
	if (line->alones >= LINE_ALONE_MAX)
		return;
	line->alone[line->alones].start = (uint16_t) r->start;
	line->alone[line->alones].end = (uint16_t) r->end;
	line->alone[line->alones++].known = names_surname_class(r->surname) >= 2 &&
	                                    !(r->surname & (NAMES_SURNAME_IS_PLACE | NAMES_SURNAME_IS_WORD));
}

static bool is_joint(const struct leak_line *line, size_t i, size_t end)
{
	i = line_skip_spaces(line, i);
	uint32_t c = line_char(line, i);
	return (c == 0x30FB || c == 0x3001 || c == '/' || c == 0x2192 || c == '&' || c == 0x3068 || c == ',' ||
	        c == '+') &&
	       line_skip_spaces(line, i + 1) == end;
}

/* 岩田・杉本・小泉: most are known as nothing but surnames. Two are too few: 大津と草津. */
static void find_rows(struct leak_line *line)
{
	enum { ROW_MIN = 3 };
	for (size_t i = 0; i < line->alones;) {
		size_t k = i + 1, known = line->alone[i].known;
		while (k < line->alones && is_joint(line, line->alone[k - 1].end, line->alone[k].start))
			known += line->alone[k++].known;
		if (k - i >= ROW_MIN && known * 3 >= (k - i) * 2) {
			for (size_t j = i; j < k; j++)
				line_add_person(line, line->alone[j].start, line->alone[j].end, LEAK_MEDIUM,
				                "name-row");
		}
		i = k;
	}
}

/* 小泉→武井, 佐藤様・武井: beside one that is sure. */
static void find_beside(struct leak_line *line)
{
	size_t sure = line->persons;
	for (size_t i = 0; i < line->alones; i++) {
		size_t start = line->alone[i].start, end = line->alone[i].end;
		for (size_t k = 0; k < sure && line->alone[i].known; k++) {
			if (is_joint(line, line->person[k].end, start) || is_joint(line, end, line->person[k].start))
				line_add_person(line, start, end, LEAK_MEDIUM, "name-row");
		}
	}
}

/* Alone between boundaries, and what follows is a particle or a mark: told to the listener, which knows whether the
 * same surname is sure elsewhere. */
static void tell_weak(struct leak_line *line, const struct person_reading *r, const struct person_listener *listener)
{
	if (r->given || r->surname_end != r->end)
		return;
	if (r->end - r->start == 1 && r->surname & NAMES_SURNAME_IS_WORD)
		return;
	if (!person_stands_alone(line, r))
		return;
	listener->weak(listener->context, line, r->start, r->end, surname_hash(line, r->start, r->end));
	remember_alone(line, r);
}

static size_t find_at(struct leak_line *line, size_t i, const struct person_listener *listener)
{
	struct person_reading best = {0}, alone = {0};
	for (size_t n = 1; n <= SURNAME_MAX && i + n <= line->n; n++) {
		uint64_t roles = line_roles(line, i, n);
		if (!(roles & NAMES_BIT(SURNAME)))
			continue;
		struct person_reading r = {.start = i, .surname_end = i + n, .end = i + n, .surname = roles};
		try_given(line, &r, &best);
		keep_better(line, &r, &best);
		alone = r;
	}
	if (best.points >= ENOUGH) {
		enum leak_confidence confidence = best.points >= SURE ? LEAK_HIGH : LEAK_MEDIUM;
		line_add_person(line, best.start, best.end, confidence, best.why);
		listener->sure(listener->context, surname_hash(line, best.start, best.surname_end));
		size_t title = line_longest(line, best.end, NAMES_BIT(TITLE) | NAMES_BIT(HONORIFIC), NULL);
		return best.end + title;
	}
	if (alone.surname)
		tell_weak(line, &alone, listener);
	return i + 1;
}

void person_find_kanji(struct leak_line *line, const struct person_listener *listener)
{
	for (size_t i = 0; i < line->n;) {
		if (line->kind[i] != CHAR_HAN || !names_may_begin_surname(line->names, line->c[i])) {
			i++;
			continue;
		}
		i = find_at(line, i, listener);
	}
	find_rows(line);
	find_beside(line);
}
