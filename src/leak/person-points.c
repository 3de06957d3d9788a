/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Points for what stands around a name and for how common its parts are. They were set by hand on prose and business
 * texts (bench/leak-quality); the numbers matter less than that one missing boundary costs more than one common part
 * brings. */
#include "leak/person-points.h"

enum {
	NO_BOUNDARY = -6,
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
			return PERSON_HAS_BOUNDARY + AFTER_PERSON_WORD;
		if (at > 0 && line_longest_before(line, at, NAMES_BIT(BEFORE) | NAMES_BIT(TITLE)))
			return PERSON_HAS_BOUNDARY + AFTER_PERSON_WORD;
		return PERSON_HAS_BOUNDARY;
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
		return BEFORE_READING + PERSON_HAS_BOUNDARY;
	if (other && !(full && at < end))
		return IS_PLACE_OR_COMPANY;
	if (!is_han(line, end)) {
		if (line_longest(line, at <= end + 1 ? at : end, NAMES_BIT(INTRO), NULL))
			return PERSON_HAS_BOUNDARY + BEFORE_INTRO;
		if (line_char(line, end) == ':' && line_char(line, end + 1) != '/')
			return PERSON_HAS_BOUNDARY + BEFORE_COLON;
		if (phone_follows(line, end) ||
		    (line_char(line, end) == '(' &&
		     (line_longest(line, end + 1, NAMES_BIT(COMPANY_LEFT), NULL) ||
		      line_starts_with(line, end + 1, "内線") || line_starts_with(line, end + 1, "携帯") ||
		      line_starts_with(line, end + 1, "TEL") || line_starts_with(line, end + 1, "0"))))
			return PERSON_HAS_BOUNDARY + BEFORE_COLON;
		return line_kind(line, end) == CHAR_KATAKANA ? 0 : PERSON_HAS_BOUNDARY;
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
static int points_of_words(const struct leak_line *line, const struct person_reading *r)
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

static int points_of_parts(const struct leak_line *line, const struct person_reading *r)
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
static int alone_costs(const struct leak_line *line, const struct person_reading *r, int before, int after)
{
	bool word_before = before == PERSON_HAS_BOUNDARY + AFTER_PERSON_WORD;
	/* 福島: 12件 is a list of places, [10:24] 福島: somebody. */
	bool speaks = after == PERSON_HAS_BOUNDARY + BEFORE_COLON && is_speaker_place(line, r->start) &&
	              (r->start > 0 || !(r->surname & NAMES_SURNAME_IS_PLACE));
	uint32_t left = r->start ? line->c[r->start - 1] : 0;
	bool introduced =
	        after == PERSON_HAS_BOUNDARY + BEFORE_INTRO && (left == 0 || left == 0x306E || left == 0x305F);
	bool at_end = line_skip_spaces(line, r->end) >= line->n;
	bool of_role =
	        left == 0x306E &&
	        line_longest_before(line, r->start - 1, NAMES_BIT(TITLE) | NAMES_BIT(BEFORE) | NAMES_BIT(NOT_PERSON));
	bool common = names_surname_class(r->surname) == 3 &&
	              !(r->surname & (NAMES_SURNAME_IS_PLACE | NAMES_SURNAME_IS_WORD));
	bool known = names_surname_class(r->surname) >= 2 &&
	             !(r->surname & (NAMES_SURNAME_IS_PLACE | NAMES_SURNAME_IS_WORD));
	int cost = 6;
	if (after == PERSON_HAS_BOUNDARY + BEFORE_COLON && line_char(line, r->end) == '(' && known)
		return 0;
	if (of_role && after == PERSON_HAS_BOUNDARY + BEFORE_INTRO)
		return -2;
	if (left == '@')
		return 0;
	if (after == PERSON_HAS_BOUNDARY + BEFORE_INTRO)
		cost = 0;
	else if (after == PERSON_HAS_BOUNDARY + BEFORE_COLON)
		cost = speaks ? 0 : 6;
	else if (of_role && after == PERSON_HAS_BOUNDARY)
		cost = -2;
	else if ((word_before && at_end) || (known && left == '(' && line_char(line, r->end) == ')'))
		cost = 1;
	else if (known && (left == 0 || left == 0x3001) &&
	         (line_starts_with(line, r->end, "が") || line_starts_with(line, r->end, "は")))
		cost = 0;
	else if (common && after == PERSON_HAS_BOUNDARY && is_particle(line, r->end))
		cost = 2;
	return cost + (r->surname & NAMES_SURNAME_IS_PLACE && !speaks && !introduced ? 3 : 0);
}

/* 打合せ, 申込み: kana behind kanji that are no particle belong to the same word. */
bool person_starts_inflection(const struct leak_line *line, size_t i)
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

void person_weigh(const struct leak_line *line, struct person_reading *r)
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
	if (!r->given && r->end - r->start == 1 &&
	    (person_starts_inflection(line, r->end) || ends_inflection(line, r->start)))
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

bool person_stands_alone(const struct leak_line *line, const struct person_reading *r)
{
	return points_before(line, r->start, r->end - r->start) > 0 &&
	       points_after(line, r->end, false, false) >= PERSON_HAS_BOUNDARY && points_of_words(line, r) >= 0;
}
