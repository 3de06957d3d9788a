/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Birth dates: a date beside a word that says birth. Other dates are nobody's. Years by the Western calendar or by era
 * (明治 to 令和), in digits or kanji, written with 年月日, slashes, dots, hyphens, as eight digits, or in English. */
#include "leak/data.h"
#include "text/fold.h"

enum {
	AFTER_MAX_BYTES = 48,  /* from a label to its date */
	BEFORE_MAX_BYTES = 75, /* length of a date before 生まれ */
	GAP_MAX_BYTES = 9,
	BIRTH_GAP_MAX_BYTES = 30, /* 1985年4月1日に大阪府で生まれ, for dates of long ago */
	LIST_LINES_MAX = 200,     /* rows under a heading */
	YEAR_FIRST = 1868,
	YEAR_LAST = 2035,
	YEAR_BORN_LAST = 2012, /* of a date that only stands beside a name */
};

static bool eat(struct str s, size_t *at, const char *text)
{
	size_t n = strlen(text);
	if (*at + n > s.n || memcmp(s.p + *at, text, n) != 0)
		return false;
	*at += n;
	return true;
}

static void eat_spaces(struct str s, size_t *at)
{
	for (int i = 0; i < 3 && *at < s.n && s.p[*at] == ' '; i++)
		++*at;
}

/* A number of up to four digits; kanji by place (一九八五) or with 十 (六十三). -1: none. */
static int read_number(struct str s, size_t *at, size_t *ret_digits)
{
	int value = 0, ten = -1, v;
	size_t n = 0, bytes, from = *at;
	while (n < 8 && (v = leak_digit(s, *at, &bytes)) >= 0) {
		value = value * 10 + v;
		*at += bytes;
		n++;
	}
	if (n <= 1 && eat(s, at, "十")) {
		ten = n ? value * 10 : 10;
		value = ten;
		v = leak_digit(s, *at, &bytes);
		if (v >= 0 && bytes == 3) {
			value += v;
			*at += bytes;
		}
		n = 2;
	}
	*ret_digits = n;
	if (n == 0)
		*at = from;
	return n ? value : -1;
}

static const struct {
	const char *word;
	int year; /* of year 0 */
} eras[] = {{"明治", 1867}, {"大正", 1911}, {"昭和", 1925}, {"平成", 1988}, {"令和", 2018},
            {"M", 1867},    {"T", 1911},    {"S", 1925},    {"H", 1988},    {"R", 2018},
            {"明", 1867},   {"大", 1911},   {"昭", 1925},   {"平", 1988},   {"令", 2018}};

/* Year with its era; 0 when there is none. *ret_joined: eight digits, month and day are in *ret_rest. */
static int read_year(struct str s, size_t *at, int *ret_rest)
{
	size_t digits, from = *at;
	int base = 0;
	*ret_rest = 0;
	(void) (eat(s, at, "西暦") || eat(s, at, "紀元"));
	for (size_t i = 0; i < ARRAY_SIZE(eras) && !base; i++)
		if (eat(s, at, eras[i].word))
			base = eras[i].year;
	if (base)
		(void) eat(s, at, ".");
	eat_spaces(s, at);
	if (base && eat(s, at, "元"))
		return base + 1;
	int year = read_number(s, at, &digits);
	if (year >= 0 && base && digits <= 2)
		return base + year;
	if (!base && digits == 8) {
		*ret_rest = year % 10000;
		return year / 10000;
	}
	if (!base && digits == 4)
		return year;
	*at = from;
	return 0;
}

static bool read_separator(struct str s, size_t *at, const char *word)
{
	eat_spaces(s, at);
	if (eat(s, at, word) || eat(s, at, "/") || eat(s, at, "-") || eat(s, at, ".") || eat(s, at, "ー")) {
		eat_spaces(s, at);
		return true;
	}
	return *at > 0 && s.p[*at - 1] == ' ';
}

static bool is_date(int year, int month, int day)
{
	return year >= YEAR_FIRST && year <= YEAR_LAST && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* 1985年(昭和60年)4月1日: what stands in brackets behind the year. */
static void skip_brackets(struct str s, size_t *at)
{
	size_t close;
	if (*at >= s.n || s.p[*at] != '(')
		return;
	close = str_find_char(str_slice(s, 0, *at + 30), ')', *at);
	if (close != STR_NOT_FOUND)
		*at = close + 1;
}

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static int read_month_name(struct str s, size_t *at)
{
	if (*at >= s.n || !ascii_is_alpha(s.p[*at]))
		return 0;
	for (int i = 0; i < 12; i++)
		if (str_starts_with_icase(str_slice(s, *at, s.n), str_of(months[i]))) {
			while (*at < s.n && (ascii_is_alpha(s.p[*at]) || s.p[*at] == '.'))
				++*at;
			eat_spaces(s, at);
			return i + 1;
		}
	return 0;
}

/* April 1, 1985 and 1 April 1985. */
static bool read_english(struct str s, size_t *at)
{
	size_t digits, place = *at;
	if ((unsigned char) s.p[place] >= 0x80)
		return false;
	int month = read_month_name(s, &place), day = read_number(s, &place, &digits);
	if (day < 0 || digits > 2)
		return false;
	(void) (eat(s, &place, "st") || eat(s, &place, "nd") || eat(s, &place, "rd") || eat(s, &place, "th"));
	(void) eat(s, &place, ",");
	eat_spaces(s, &place);
	if (!month)
		month = read_month_name(s, &place);
	(void) eat(s, &place, ",");
	eat_spaces(s, &place);
	int year = read_number(s, &place, &digits);
	if (!month || digits != 4 || !is_date(year, month, day))
		return false;
	*at = place;
	return true;
}

/* Most places are no date by their first byte. */
static bool may_be_date(struct str s, size_t at)
{
	unsigned char c = at < s.n ? (unsigned char) s.p[at] : 0;
	if (c < 0x80)
		return c == ' ' || (c && strchr("0123456789MTSHRJFAOND", c));
	return c == 0xE3 || c == 0xE4 || c == 0xE5 || c == 0xE6 || c == 0xE7 || c == 0xE8;
}

/* A whole date at this place; *at moves behind it. */
static bool read_date(struct str s, size_t *at)
{
	if (!may_be_date(s, *at))
		return false;
	size_t digits, place = *at;
	int rest, month, day, year = read_year(s, &place, &rest);
	if (!year)
		return read_english(s, at);
	if (rest) {
		if (!is_date(year, rest / 100, rest % 100) || !leak_border_after(s, place))
			return false;
		*at = place;
		return true;
	}
	bool word = eat(s, &place, "年");
	if (!word)
		skip_brackets(s, &place);
	if (!word && !read_separator(s, &place, "年"))
		return false;
	if (word) {
		skip_brackets(s, &place);
		eat_spaces(s, &place);
	}
	month = read_number(s, &place, &digits);
	if (digits > 2 || !read_separator(s, &place, "月"))
		return false;
	day = read_number(s, &place, &digits);
	if (digits > 2 || !is_date(year, month, day) || (place < s.n && ascii_is_digit(s.p[place])))
		return false;
	if (word) {
		size_t end = place;
		eat_spaces(s, &end);
		if (eat(s, &end, "日"))
			place = end;
	}
	*at = place;
	return true;
}

/* Whether the date there lies far enough back to be somebody's birth rather than of some business. */
static bool is_grown_up(struct str s, size_t at)
{
	int rest;
	return read_year(s, &at, &rest) <= YEAR_BORN_LAST;
}

static const char *const honorifics[] = {"様", "殿", "さん", "氏", "先生", "くん", "ちゃん"};

/* Where (41歳) or 満41才 ends that begins here; 0 none. */
static size_t age_at(struct str s, size_t at)
{
	size_t digits;
	(void) eat(s, &at, "(");
	(void) eat(s, &at, "満");
	int age = read_number(s, &at, &digits);
	if (age < 0 || age > 120 || (!eat(s, &at, "歳") && !eat(s, &at, "才")))
		return 0;
	return at;
}

static size_t next_char(struct str s, size_t at)
{
	text_next(s, &at);
	return at;
}

static bool may_begin(struct str s, size_t at)
{
	return s.p[at] != ' ' && (leak_border_before(s, at) || !ascii_is_alnum(s.p[at]));
}

static void look_after(struct leak_state *st, const struct leak_word *w)
{
	struct str s = st->text;
	size_t lines = 0;
	for (size_t at = w->end; at < s.n && at - w->end <= AFTER_MAX_BYTES; at = next_char(s, at)) {
		size_t end = at;
		if (may_begin(s, at) && read_date(s, &end)) {
			leak_add(st, at, end, LEAK_BIRTH_DATE, LEAK_HIGH, "birth-date");
			return;
		}
		bool inside = false;
		if (s.p[at] == '\n' && (leak_table_groups(st, at + 1, &inside) || inside || lines++))
			return;
		if (at + 3 <= s.n && memcmp(s.p + at, "。", 3) == 0)
			return;
	}
}

/* What may stand between a date and 生まれ. */
static bool gap_fits(struct str s, size_t date, size_t end, size_t word)
{
	if (end >= word)
		return true;
	struct str gap = str_slice(s, end, word);
	return (gap.n <= GAP_MAX_BYTES || (gap.n <= BIRTH_GAP_MAX_BYTES && is_grown_up(s, date))) &&
	       !str_contains(gap, STR("。")) && !str_contains(gap, STR("\n"));
}

static void look_before(struct leak_state *st, const struct leak_word *w)
{
	struct str s = st->text;
	size_t at = w->start > BEFORE_MAX_BYTES ? w->start - BEFORE_MAX_BYTES : 0;
	while (at < w->start && ((unsigned char) s.p[at] & 0xC0) == 0x80)
		at++;
	for (; at < w->start; at = next_char(s, at)) {
		size_t end = at;
		if (!may_begin(s, at) || !read_date(s, &end))
			continue;
		if (end <= w->end && gap_fits(s, at, end, w->start)) {
			leak_add(st, at, end, LEAK_BIRTH_DATE, LEAK_HIGH, "birth-date");
			return;
		}
	}
}

static void look_at_cell(struct leak_state *st, size_t start, size_t end)
{
	size_t at = start;
	if (read_date(st->text, &at) && at <= end)
		leak_add(st, start, at, LEAK_BIRTH_DATE, LEAK_HIGH, "birth-date");
}

/* What ends a date that stands for itself: the line, a bracket, 生, an age. */
static bool stands_alone(struct str s, size_t end)
{
	if (end < s.n && s.p[end] == ' ')
		end++;
	if (end >= s.n || strchr("\n\r)", s.p[end]))
		return true;
	return str_starts_with(str_slice(s, end, s.n), STR("生")) || age_at(s, end);
}

/* 山田花子 様  1978/11/06 and nothing more on the line: in lists of people that is a birth date. */
static void look_beside_person(struct leak_state *st, size_t person)
{
	struct str s = st->text;
	size_t at = person, end;
	eat_spaces(s, &at);
	for (size_t i = 0; i < ARRAY_SIZE(honorifics); i++)
		if (eat(s, &at, honorifics[i]))
			break;
	while (at < s.n && at - person <= BIRTH_GAP_MAX_BYTES && strchr(" (\t:", s.p[at]))
		at++;
	end = at;
	if (at > person && read_date(s, &end) && is_grown_up(s, at) && stands_alone(s, end))
		leak_add(st, at, end, LEAK_BIRTH_DATE, LEAK_MEDIUM, "birth-date-person");
}

void leak_find_dates_of_persons(struct leak_state *st)
{
	for (size_t i = 0, n = st->found.n; i < n; i++) /* leak_add() may move them */
		if (st->found.at[i].kind == LEAK_PERSON)
			look_beside_person(st, st->found.at[i].end);
}

/* Dates of long ago in the rows under a heading of several labels, 生年月日 among them, whatever parts its columns. */
static void look_below(struct leak_state *st, size_t first, size_t *done)
{
	struct str s = st->text;
	const struct leak_word *w = &st->words.at[first];
	struct str rest = str_slice(s, w->end, w->end + LEAK_CONTEXT_BYTES);
	const char *newline = w->start < *done ? NULL : memchr(rest.p, '\n', rest.n);
	size_t labels = 0, start = w->start, at = newline ? (size_t) (newline - s.p) + 1 : s.n;
	bool inside = false;
	if (w->start < *done)
		return; /* the same line */
	*done = newline ? at : w->end + rest.n;
	if (!newline)
		return;
	while (start > 0 && w->start - start < LEAK_CONTEXT_BYTES && s.p[start - 1] != '\n')
		start--;
	for (size_t i = leak_word_from(st, start); i < st->words.n && st->words.at[i].end < at; i++)
		labels += i == 0 || st->words.at[i].start >= st->words.at[i - 1].end;
	(void) leak_table_groups(st, at, &inside);
	if (labels < 3 || inside)
		return;
	for (size_t i = start; i < at; i++)
		if (ascii_is_digit(s.p[i]) || s.p[i] == ':')
			return;
	for (size_t line = 0, from = at; at < s.n && line < LIST_LINES_MAX && at - from < LEAK_OVERLAP_BYTES;) {
		size_t end = at;
		if (s.p[at] == '\n') {
			if (at > 0 && s.p[at - 1] == '\n')
				return;
			line++;
		}
		if (may_begin(s, at) && read_date(s, &end) && is_grown_up(s, at)) {
			leak_add(st, at, end, LEAK_BIRTH_DATE, LEAK_MEDIUM, "birth-date");
			at = end;
		} else {
			at = next_char(s, at);
		}
	}
}

/* 1985/4/1 (41歳) */
static void look_before_age(struct leak_state *st, const struct leak_word *w)
{
	struct str s = st->text;
	size_t at = w->start > BEFORE_MAX_BYTES ? w->start - BEFORE_MAX_BYTES : 0;
	while (at < w->start && ((unsigned char) s.p[at] & 0xC0) == 0x80)
		at++;
	for (; at < w->start; at = next_char(s, at)) {
		size_t end = at;
		if (may_begin(s, at) && read_date(s, &end) && is_grown_up(s, at) && end < w->start &&
		    age_at(s, end + (s.p[end] == ' ')) == w->end) {
			leak_add(st, at, end, LEAK_BIRTH_DATE, LEAK_HIGH, "birth-date");
			return;
		}
	}
}

void leak_find_dates(struct leak_state *st)
{
	size_t done = 0;
	leak_table_cells(st, LEAK_GROUP_BIRTH_DATE, look_at_cell);
	for (size_t i = 0; i < st->words.n; i++)
		if (st->words.at[i].group == LEAK_GROUP_BIRTH_DATE) {
			look_after(st, &st->words.at[i]);
			look_before(st, &st->words.at[i]);
			look_below(st, i, &done);
		} else if (st->words.at[i].group == LEAK_GROUP_AGE) {
			look_before_age(st, &st->words.at[i]);
		}
}
