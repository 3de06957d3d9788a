/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Passwords and keys that somebody wrote behind a word that says so. */
#include "leak/data.h"
#include "leak/value.h"
#include "text/fold.h"

enum {
	VALUE_MIN_BYTES = 4,
	VALUE_MAX_BYTES = 256,
	SURE_MIN_BYTES = 6,
	KEY_MIN_BYTES = 16,
	PHRASE_MIN_WORDS = 3,
};
#define KEY_MIN_ENTROPY 3.0 /* bits per character */

/* A count follows digits: 8文字, 90日. */
static bool is_count(struct str s, size_t end)
{
	static const char *const units[] = {"文字", "日",   "回",   "桁", "分",     "か月", "ヶ月", "年", "月",
	                                    "つ",   "件",   "秒",   "名", "人",     "円",   "種",   "ヶ", "個",
	                                    "度",   "番目", "通り", "字", "ビット", "行",   "週"};
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (str_starts_with(str_slice(s, end, s.n), str_of(units[i])))
			return true;
	return false;
}

struct behind {
	struct value_place place;
	size_t end;
	struct str value;
	struct value_facts facts;
	int mix; /* kinds of characters in it */
};

static struct behind look_behind(struct str s, struct value_place place, size_t end)
{
	struct behind b = {.place = place, .end = end, .value = str_slice(s, place.at, end)};
	b.facts = value_look_at(b.value);
	b.mix = b.facts.digit + b.facts.upper + b.facts.lower + b.facts.symbol;
	return b;
}

static bool is_value(struct str s, const struct behind *b)
{
	return b->value.n >= VALUE_MIN_BYTES && !value_is_placeholder(b->value) && !is_count(s, b->end);
}

static bool is_key(const struct behind *b)
{
	return b->value.n >= KEY_MIN_BYTES && b->mix >= 2 && value_entropy(b->value) >= KEY_MIN_ENTROPY;
}

static bool is_password(const struct behind *b)
{
	const struct value_facts *f = &b->facts;
	if (b->mix < 2 && !f->digit && !(b->place.strict || b->place.close))
		return false;
	return f->digit || f->symbol || (b->place.strict && b->value.n >= 6 && (b->mix > 1 || !f->upper));
}

/* Behind パス, which may be a path, and behind キー: only what looks like nothing else. */
static bool is_surely_password(const struct behind *b)
{
	bool path = str_find_char(b->value, '/', 0) != STR_NOT_FOUND ||
	            str_find_char(b->value, '\\', 0) != STR_NOT_FOUND ||
	            str_find_char(b->value, '.', 0) != STR_NOT_FOUND;
	return b->value.n >= SURE_MIN_BYTES && !path && b->facts.digit && (b->facts.upper || b->facts.lower);
}

/* バイパス, ファイルパス: the word is the end of another one. */
static bool is_end_of_word(struct str s, size_t start)
{
	if (start < 3 || (unsigned char) s.p[start - 3] != 0xE3)
		return false;
	unsigned char middle = (unsigned char) s.p[start - 2], last = (unsigned char) s.p[start - 1];
	return middle == 0x83 || (middle == 0x82 && last >= 0xA0); /* U+30A0 to U+30FF */
}

/* ID/PW: name / password */
static bool find_second(struct str s, const struct leak_word *w, struct behind *b)
{
	size_t at = b->end;
	if (b->place.close || !str_ends_with_icase(str_slice(s, 0, w->start), STR("id/")))
		return false;
	while (at < s.n && s.p[at] == ' ')
		at++;
	if (at >= s.n || (s.p[at] != '/' && s.p[at] != ','))
		return false;
	at++;
	while (at < s.n && s.p[at] == ' ')
		at++;
	struct value_place place = {.at = at, .strict = b->place.strict};
	*b = look_behind(s, place, value_end(s, &place));
	return is_value(s, b) && is_password(b);
}

/* パスフレーズ: correct horse battery staple */
static bool find_phrase(struct str s, const struct leak_word *w, struct behind *b)
{
	unsigned words = 1;
	size_t at = b->place.at;
	struct str word = str_slice(s, w->start, w->end);
	if (!b->place.strict || (!str_ends_with(word, STR("フレーズ")) && !str_ends_with_icase(word, STR("phrase"))))
		return false;
	for (; at < s.n && at - b->place.at < VALUE_MAX_BYTES && s.p[at] >= ' ' && s.p[at] < 0x7F; at++)
		words += s.p[at] == ' ' && s.p[at - 1] != ' ';
	*b = look_behind(s, b->place, at);
	return words >= PHRASE_MIN_WORDS;
}

static bool fits(struct leak_state *st, const struct leak_word *w, struct behind *b)
{
	if (!is_value(st->text, b))
		return false;
	switch (w->group) {
	case LEAK_GROUP_SECRET:
		return is_key(b);
	case LEAK_GROUP_PASS:
		return is_surely_password(b) && !is_end_of_word(st->text, w->start);
	default:
		return is_password(b);
	}
}

static void try_word(struct leak_state *st, const struct leak_word *w)
{
	struct value_place place;
	struct str s = st->text;
	struct behind b = {0};
	bool secret = w->group == LEAK_GROUP_SECRET;
	bool found = false;
	if (value_find_behind(s, w->end, &place)) {
		b = look_behind(s, place, value_end(s, &place));
		found = fits(st, w, &b) || (!secret && (find_second(s, w, &b) || find_phrase(s, w, &b)));
	}
	if (!found && value_find_quoted(s, w->end, &place)) {
		b = look_behind(s, place, value_end(s, &place));
		found = fits(st, w, &b) && (secret || is_surely_password(&b));
	}
	if (found)
		leak_add(st, b.place.at, b.end, secret ? LEAK_SECRET : LEAK_PASSWORD,
		         b.mix >= 2 || (b.facts.digit && b.place.strict) ? LEAK_HIGH : LEAK_MEDIUM,
		         secret ? "secret-labelled" : "password");
}

static void look_at_cell(struct leak_state *st, size_t start, size_t end)
{
	struct str v = str_slice(st->text, start, end);
	struct value_facts f = value_look_at(v);
	if (v.n >= VALUE_MIN_BYTES && v.n <= VALUE_MAX_BYTES && !memchr(v.p, ' ', v.n) && !value_is_placeholder(v) &&
	    (f.digit || f.symbol || (f.upper && f.lower)))
		leak_add(st, start, end, LEAK_PASSWORD, LEAK_HIGH, "password");
}

void leak_find_passwords(struct leak_state *st)
{
	leak_table_cells(st, LEAK_GROUP_PASSWORD, look_at_cell);
	for (size_t i = 0; i < st->words.n; i++) {
		const struct leak_word *w = &st->words.at[i];
		if (w->group == LEAK_GROUP_PASSWORD || w->group == LEAK_GROUP_PASS || w->group == LEAK_GROUP_SECRET)
			try_word(st, w);
	}
}
