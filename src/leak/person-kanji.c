/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names that begin with a surname of kanji. At each place where a surname of the dictionary begins, every reading
 * (surname, or surname and given name) gets points for how common its parts are and for what stands around it, and
 * loses points where a longer word, a place or a company explains the same characters. The points were set by hand on
 * prose and business texts (bench/leak-quality); the numbers matter less than that one missing boundary costs more than
 * one common part brings. */
#include "leak/person-find.h"

enum {
	SURNAME_MAX = 5,
	GIVEN_MAX = 4,
	ENOUGH = 8,
	SURE = 12,
	NO_BOUNDARY = -6,
	HAS_BOUNDARY = 2,
	WORD_BESIDE = -2, /* no boundary, but a word of the dictionary stands there */
	AFTER_PERSON_WORD = 2,
	IN_ZONE = 5,
	BEFORE_HONORIFIC = 7,
	BEFORE_TITLE = 6,
	BEFORE_READING = 5,
	BEFORE_INTRO = 2,
	BEFORE_COLON = 3,
	IS_PLACE_OR_COMPANY = -9,
	SPACE_BETWEEN = 2,
	SINGLE_KANJI_WORD = -3,
};

struct reading {
	size_t start, surname_end, end;
	uint64_t surname, given; /* roles; given 0: surname alone */
	int points;
	bool spaced;
	const char *why;
};

static bool is_han(const struct leak_line *line, size_t i)
{
	return line_kind(line, i) == CHAR_HAN;
}

static bool is_particle(const struct leak_line *line, size_t i)
{
	static const char *const particles[] = {"が", "は", "に", "と", "も", "を", "へ", "から", "より"};
	for (size_t k = 0; k < sizeof(particles) / sizeof(particles[0]); k++) {
		if (line_starts_with(line, i, particles[k]))
			return true;
	}
	return false;
}

/* The beginning of a line but for a time, a date or a mark: who speaks in a chat or in minutes. */
static bool is_speaker_place(const struct leak_line *line, size_t start)
{
	for (size_t i = start; i > 0; i--) {
		enum char_kind kind = line_kind(line, i - 1);
		if (kind == CHAR_HAN || kind == CHAR_HIRAGANA || kind == CHAR_KATAKANA || kind == CHAR_LATIN ||
		    line->c[i - 1] == ',' || line->c[i - 1] == '\t')
			return false;
	}
	return true;
}

/* 部長鈴木: 長 is the end of a title. */
static bool is_inside_title(const struct leak_line *line, size_t start)
{
	for (size_t k = 1; k <= 4 && k <= start; k++) {
		if (line_longest(line, start - k, NAMES_BIT(TITLE) | NAMES_BIT(HONORIFIC), NULL) > k)
			return true;
	}
	return false;
}

/* What stands before a name. */
static int points_before(const struct leak_line *line, size_t start, size_t length)
{
	if (start == 0 || !is_han(line, start - 1)) {
		if (start > 0 && line_longest_before(line, start, NAMES_BIT(COMPANY_LEFT)))
			return IS_PLACE_OR_COMPANY;
		size_t at = start;
		while (at > 0 && line->kind[at - 1] == CHAR_SPACE)
			at--;
		if (at > 2 && line->c[at - 1] == 0x3001 && line_starts_with(line, at - 3, "以上"))
			return HAS_BOUNDARY + AFTER_PERSON_WORD;
		if (at > 0 && line_longest_before(line, at, NAMES_BIT(BEFORE) | NAMES_BIT(TITLE)))
			return HAS_BOUNDARY + AFTER_PERSON_WORD;
		return HAS_BOUNDARY;
	}
	if (is_inside_title(line, start) || line_longest_before(line, start, NAMES_BIT(COMPANY_LEFT)))
		return IS_PLACE_OR_COMPANY;
	/* 人間中心: a word goes over the beginning. */
	for (size_t k = 1; k <= 2 && k <= start; k++) {
		if (line_longest(line, start - k, NAMES_BIT(COMMON) | NAMES_BIT(WORD), NULL) > k)
			return NO_BOUNDARY;
	}
	/* 会社: neither 会 nor 社 says anything; 営業部佐藤 does. */
	size_t word = line_longest_before(line, start, NAMES_BIT(BEFORE) | NAMES_BIT(TITLE) | NAMES_BIT(FAMILY));
	if (word >= 2 || (word == 1 && length >= 2))
		return AFTER_PERSON_WORD;
	if (line_is_taken(line, start - 1, start))
		return 0;
	size_t n = line_longest_before(line, start, NAMES_BIT(COMMON) | NAMES_BIT(WORD));
	return n >= 2 && !is_han(line, start - n - 1) ? WORD_BESIDE : NO_BOUNDARY;
}

/* (やまだ たろう), 〔ヤマダ〕: a reading in brackets. */
static size_t reading_in_brackets(const struct leak_line *line, size_t i)
{
	i = line_skip_spaces(line, i);
	uint32_t open = line_char(line, i);
	if (open != '(' && open != 0x3014 && open != '[' && open != 0x300A && open != 0x3010)
		return 0;
	size_t at = ++i;
	enum char_kind kind = line_kind(line, at);
	if (kind != CHAR_HIRAGANA && kind != CHAR_KATAKANA)
		return 0;
	while (at < line->n && at < i + 20 && (line_kind(line, at) == kind || line_kind(line, at) == CHAR_SPACE))
		at++;
	uint32_t close = line_char(line, at);
	bool closed = close == ')' || close == 0x3015 || close == ']' || close == 0x300B || close == 0x3011 ||
	              close == 0x3001 || close == ',';
	return closed && at >= i + 3 ? at : 0;
}

static bool phone_follows(const struct leak_line *line, size_t end)
{
	size_t at = line_skip_spaces(line, end), digits = at;
	while (line_kind(line, digits) == CHAR_DIGIT)
		digits++;
	return at > end && line_char(line, at) == '0' && digits - at >= 2 &&
	       (digits - at >= 10 || line_char(line, digits) == '-');
}

/* 支店長, 店長, 市長: the title of a place. */
static bool belongs_to_place(const struct leak_line *line, size_t at, size_t title)
{
	size_t n = line_longest(line, at, NAMES_BIT(PLACE_RIGHT), NULL);
	return n >= 2 || (n == 1 && title == 2);
}

static int points_after(const struct leak_line *line, size_t end, bool full, bool is_place)
{
	size_t at = line_skip_spaces(line, end);
	uint64_t roles = 0;
	size_t n = line_longest(line, at, NAMES_BIT(HONORIFIC) | NAMES_BIT(TITLE), &roles);
	/* 山田会 is no 山田会長; a longer word of place or company wins. */
	size_t other = at == end ? line_longest(line, at, NAMES_BIT(PLACE_RIGHT) | NAMES_BIT(COMPANY_RIGHT), NULL) : 0;
	if (n > 0 && n >= other && at - end <= 1) {
		/* 北サンボアンガ */
		bool kana_goes_on =
		        line_kind(line, at + n - 1) == CHAR_KATAKANA && line_kind(line, at + n) == CHAR_KATAKANA;
		bool han_goes_on = is_han(line, at + n) && is_han(line, at + n - 1) &&
		                   !line_longest(line, at + n, NAMES_BIT(HONORIFIC) | NAMES_BIT(TITLE), NULL);
		if (roles & NAMES_BIT(HONORIFIC) && !han_goes_on && !kana_goes_on)
			return BEFORE_HONORIFIC;
		/* 福島支店長, 長野所長: the place's. */
		bool of_place = is_place && belongs_to_place(line, at, n);
		if (roles & NAMES_BIT(TITLE) && (!han_goes_on || n >= 2))
			return of_place ? IS_PLACE_OR_COMPANY : BEFORE_TITLE;
	}
	if (reading_in_brackets(line, end))
		return BEFORE_READING + HAS_BOUNDARY;
	if (other && !(full && at < end))
		return IS_PLACE_OR_COMPANY;
	if (!is_han(line, end)) {
		if (line_longest(line, at <= end + 1 ? at : end, NAMES_BIT(INTRO), NULL))
			return HAS_BOUNDARY + BEFORE_INTRO;
		if (line_char(line, end) == ':' && line_char(line, end + 1) != '/')
			return HAS_BOUNDARY + BEFORE_COLON;
		if (phone_follows(line, end) ||
		    (line_char(line, end) == '(' && line_longest(line, end + 1, NAMES_BIT(COMPANY_LEFT), NULL)))
			return HAS_BOUNDARY + BEFORE_COLON;
		return line_kind(line, end) == CHAR_KATAKANA ? 0 : HAS_BOUNDARY;
	}
	return full && line_longest(line, end, NAMES_BIT(COMMON), NULL) >= 2 ? WORD_BESIDE : NO_BOUNDARY;
}

static size_t han_count(const struct leak_line *line, size_t start, size_t end)
{
	size_t n = 0;
	for (size_t i = start; i < end; i++)
		n += is_han(line, i);
	return n;
}

/* Words, towns and municipalities that cover what the reading claims. */
static int points_of_words(const struct leak_line *line, const struct reading *r)
{
	const uint64_t covers = NAMES_BIT(WORD) | NAMES_BIT(MUNICIPALITY) | NAMES_BIT(PREFECTURE) |
	                        NAMES_BIT(NOT_PERSON) | NAMES_BIT(COMPANY_LEFT);
	uint64_t roles = 0;
	size_t n = line_longest(line, r->start, covers, &roles);
	size_t length = r->end - r->start;
	size_t title = line_longest(line, r->end, NAMES_BIT(HONORIFIC) | NAMES_BIT(TITLE), NULL);
	if (n > length && (title < 2 || length + title <= n))
		return -7;
	if (n == length && r->given && !r->spaced)
		return -8;
	if (n == length && !r->given && roles & (NAMES_BIT(NOT_PERSON) | NAMES_BIT(PREFECTURE)))
		return -20;
	/* 人間中心 is not 人 and 間中心. */
	size_t surname_length = r->surname_end - r->start;
	if (r->given && !r->spaced && (surname_length == 1 || names_surname_class(r->surname) < 2)) {
		size_t word = line_longest(line, r->start, NAMES_BIT(COMMON) | NAMES_BIT(WORD), NULL);
		if (word > surname_length && word < length)
			return -6;
	}
	if (r->given && !r->spaced) {
		size_t inside = line_longest(
		        line, r->surname_end,
		        covers | NAMES_BIT(TITLE) | NAMES_BIT(COMPANY_RIGHT) | NAMES_BIT(PLACE_RIGHT), NULL);
		if (inside > r->end - r->surname_end)
			return -5;
		if (inside == r->end - r->surname_end &&
		    line_roles(line, r->surname_end, inside) &
		            (NAMES_BIT(TITLE) | NAMES_BIT(COMPANY_RIGHT) | NAMES_BIT(PLACE_RIGHT)))
			return -5;
	}
	return 0;
}

static int points_of_parts(const struct leak_line *line, const struct reading *r)
{
	int points = 2 * (int) names_surname_class(r->surname);
	size_t surname_length = r->surname_end - r->start;
	if (r->surname & NAMES_SURNAME_IS_WORD)
		points += surname_length == 1 ? SINGLE_KANJI_WORD : -2;
	else if (surname_length == 1)
		points -= 1;
	if (r->surname & NAMES_SURNAME_IS_PLACE)
		points -= r->given ? 1 : 2;
	if (r->given) {
		points += 2 * (int) names_given_class(r->given);
		if (r->given & NAMES_GIVEN_IS_WORD)
			points -= r->end - r->surname_end > 1 &&
			                          r->surname & (NAMES_SURNAME_IS_PLACE | NAMES_SURNAME_IS_WORD)
			                  ? 4
			                  : 2;
		if (r->spaced)
			points += SPACE_BETWEEN;
		if (r->spaced && r->end - r->surname_end == 2 && is_han(line, r->end) &&
		    !line_longest(line, r->end, NAMES_BIT(HONORIFIC) | NAMES_BIT(TITLE), NULL))
			points -= 6;
		else if (!r->spaced && han_count(line, r->start, r->end) == 2 && r->end - r->start == 2)
			points -= 4;
	}
	return points;
}

/* A surname alone needs more than boundaries; one that is a place too needs much more. */
static int alone_costs(const struct leak_line *line, const struct reading *r, int before, int after)
{
	bool word_before = before == HAS_BOUNDARY + AFTER_PERSON_WORD;
	/* 福島: 12件 is a list of places, [10:24] 福島: somebody. */
	bool speaks = after == HAS_BOUNDARY + BEFORE_COLON && is_speaker_place(line, r->start) &&
	              (r->start > 0 || !(r->surname & NAMES_SURNAME_IS_PLACE));
	uint32_t left = r->start ? line->c[r->start - 1] : 0;
	bool introduced = after == HAS_BOUNDARY + BEFORE_INTRO && (left == 0 || left == 0x306E || left == 0x305F);
	bool at_end = line_skip_spaces(line, r->end) >= line->n;
	bool of_role =
	        left == 0x306E &&
	        line_longest_before(line, r->start - 1, NAMES_BIT(TITLE) | NAMES_BIT(BEFORE) | NAMES_BIT(NOT_PERSON));
	bool common = names_surname_class(r->surname) == 3 &&
	              !(r->surname & (NAMES_SURNAME_IS_PLACE | NAMES_SURNAME_IS_WORD));
	bool known = names_surname_class(r->surname) >= 2 &&
	             !(r->surname & (NAMES_SURNAME_IS_PLACE | NAMES_SURNAME_IS_WORD));
	int cost = 6;
	if (of_role && after == HAS_BOUNDARY + BEFORE_INTRO)
		return -2;
	if (left == '@')
		return 0;
	if (after == HAS_BOUNDARY + BEFORE_INTRO)
		cost = 0;
	else if (after == HAS_BOUNDARY + BEFORE_COLON)
		cost = speaks ? 0 : 6;
	else if (of_role && after == HAS_BOUNDARY)
		cost = -2;
	else if ((word_before && at_end) || (known && left == '(' && line_char(line, r->end) == ')'))
		cost = 1;
	else if (common && after == HAS_BOUNDARY && is_particle(line, r->end))
		cost = 2;
	return cost + (r->surname & NAMES_SURNAME_IS_PLACE && !speaks && !introduced ? 3 : 0);
}

/* 打合せ, 申込み: kana behind kanji that are no particle belong to the same word. */
static bool starts_inflection(const struct leak_line *line, size_t i)
{
	static const char *const others[] = {"の", "や", "で", "か", "ら", "さ", "ち", "く", "ま", "な", "し", "だ"};
	if (line_kind(line, i) != CHAR_HIRAGANA || is_particle(line, i))
		return false;
	for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
		if (line_starts_with(line, i, others[k]))
			return false;
	}
	return true;
}

/* 引き金: the kanji goes on with what stands before it. */
static bool ends_inflection(const struct leak_line *line, size_t start)
{
	static const char *const particles[] = {"の", "は", "が", "と", "に", "も", "へ",
	                                        "や", "で", "た", "る", "を", "ん"};
	if (start == 0 || line_kind(line, start - 1) != CHAR_HIRAGANA)
		return false;
	for (size_t k = 0; k < sizeof(particles) / sizeof(particles[0]); k++) {
		if (line_starts_with(line, start - 1, particles[k]))
			return false;
	}
	return true;
}

static void weigh(const struct leak_line *line, struct reading *r)
{
	int before = points_before(line, r->start, r->end - r->start),
	    after = points_after(line, r->end, r->given != 0, !r->given && r->surname & NAMES_SURNAME_IS_PLACE);
	const struct line_zone *zone = line_zone_at(line, r->start, r->end);
	r->points = points_of_parts(line, r) + points_of_words(line, r) + before + after;
	bool bounded = before > 0 && after >= 0;
	/* The usual shape: two and two, from border to border. */
	if (r->given && !r->spaced && bounded && r->surname_end - r->start == 2 && r->end - r->surname_end == 2)
		r->points += 1;
	if (zone && (bounded || r->given || r->end - r->start > 1))
		r->points += IN_ZONE + (r->start == zone->start && r->end == zone->end ? 2 : 0);
	if (!r->given && r->end - r->start == 1 && (starts_inflection(line, r->end) || ends_inflection(line, r->start)))
		r->points += NO_BOUNDARY;
	r->why = zone                        ? "name-label"
	         : after >= BEFORE_HONORIFIC ? "name-honorific"
	         : r->given                  ? "name-full"
	                                     : "name-context";
	/* A surname alone needs more than boundaries. */
	if (!r->given && !zone && after < BEFORE_TITLE)
		r->points -= alone_costs(line, r, before, after);
	if (r->given && !r->spaced && !zone && before < 0 && after < BEFORE_TITLE)
		r->points -= 2;
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
	return !starts_inflection(line, at + n);
}

/* Rarer surnames, and those of one kanji that are no words (朴, 蔣): with two kanji behind them, from border to border.
 */
static bool fills_run(const struct leak_line *line, const struct reading *r, size_t at, size_t n)
{
	size_t length = r->surname_end - r->start;
	if (r->spaced || n != 2 || is_han(line, at + n) ||
	    (r->start > 0 && line_kind(line, r->start - 1) >= CHAR_LATIN))
		return false;
	if (length == 1 && r->surname & NAMES_SURNAME_IS_WORD)
		return false;
	return line_longest(line, r->start,
	                    NAMES_BIT(COMMON) | NAMES_BIT(WORD) | NAMES_BIT(TOWN) | NAMES_BIT(MUNICIPALITY),
	                    NULL) <= length;
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
static bool may_guess(const struct leak_line *line, const struct reading *r)
{
	size_t length = r->surname_end - r->start;
	if (length < 2 || names_surname_class(r->surname) < 2)
		return r->spaced && (length >= 2 || honorific_near(line, r->surname_end));
	return line_longest(line, r->start, NAMES_BIT(COMMON) | NAMES_BIT(WORD), NULL) <= length;
}

static void keep_better(const struct leak_line *line, struct reading *r, struct reading *best)
{
	weigh(line, r);
	bool longer = r->end - r->start > best->end - best->start;
	if (best->points == 0 || r->points > best->points || (r->points == best->points && longer))
		*best = *r;
}

static void try_given(const struct leak_line *line, struct reading *r, struct reading *best)
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
static void remember_alone(struct leak_line *line, const struct reading *r)
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

/* Alone between boundaries, and what follows is a particle or a mark: told to the listener, which knows whether the
 * same surname is sure elsewhere. */
static void tell_weak(struct leak_line *line, const struct reading *r, const struct person_listener *listener)
{
	if (r->given || r->surname_end != r->end)
		return;
	if (r->end - r->start == 1 && r->surname & NAMES_SURNAME_IS_WORD)
		return;
	if (points_before(line, r->start, r->end - r->start) <= 0 ||
	    points_after(line, r->end, false, false) < HAS_BOUNDARY)
		return;
	if (points_of_words(line, r) < 0)
		return;
	listener->weak(listener->context, line, r->start, r->end, surname_hash(line, r->start, r->end));
	remember_alone(line, r);
}

static size_t find_at(struct leak_line *line, size_t i, const struct person_listener *listener)
{
	struct reading best = {0}, alone = {0};
	for (size_t n = 1; n <= SURNAME_MAX && i + n <= line->n; n++) {
		uint64_t roles = line_roles(line, i, n);
		if (!(roles & NAMES_BIT(SURNAME)))
			continue;
		struct reading r = {.start = i, .surname_end = i + n, .end = i + n, .surname = roles};
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
}
