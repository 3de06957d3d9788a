/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leak/value.h"

#include <math.h>
#include <string.h>

#include "base/check.h"
#include "text/fold.h"

enum {
	NAME_MAX_BYTES = 40, /* of an assigned name behind the word: api_key_PROD */
	OPERATOR_MAX_BYTES = 80,
	NEAR_MAX_BYTES = 30,
	VALUE_MAX_BYTES = 256,
};

double value_entropy(struct str s)
{
	unsigned counts[256] = {0};
	double bits = 0;
	for (size_t i = 0; i < s.n; i++)
		counts[(unsigned char) s.p[i]]++;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		if (counts[i])
			bits -= counts[i] / (double) s.n * log2(counts[i] / (double) s.n);
	return bits;
}

struct value_facts value_look_at(struct str v)
{
	struct value_facts f = {.same = true};
	for (size_t i = 0; i < v.n; i++) {
		f.digit = f.digit || ascii_is_digit(v.p[i]);
		f.upper = f.upper || (v.p[i] >= 'A' && v.p[i] <= 'Z');
		f.lower = f.lower || (v.p[i] >= 'a' && v.p[i] <= 'z');
		f.symbol = f.symbol || !ascii_is_alnum(v.p[i]);
		f.same = f.same && v.p[i] == v.p[0];
	}
	return f;
}

bool value_is_placeholder(struct str v)
{
	static const char *const words[] = {
	        "password", "passwd", "secret",  "string",    "required",    "incorrect", "invalid",  "null",
	        "none",     "true",   "false",   "undefined", "optional",    "example",   "changeme", "your_password",
	        "xxxxxxxx", "must",   "should",  "wrong",     "expired",     "correct",   "reset",    "token",
	        "empty",    "hidden", "masked",  "redacted",  "process.env", "number",    "text",     "varchar",
	        "bytes",    "value",  "enabled", "disabled",  "n/a",         "todo",      "user",     "admin's",
	        "basic",    "bearer", "oauth",   "policy",    "manager",     "protected", "forgot",   "login",
	        "field",    "input",  "char",    "https",     "http"};
	struct value_facts f = value_look_at(v);
	if (f.same || strchr("$%{<*[", v.p[0]))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_icase(v, str_of(words[i])))
			return true;
	return str_starts_with_icase(v, STR("your")) || str_starts_with_icase(v, STR("process.env")) ||
	       str_starts_with_icase(v, STR("os.environ")) || str_starts_with_icase(v, STR("xxx")) ||
	       str_starts_with_icase(v, STR("http://")) || str_starts_with_icase(v, STR("https://"));
}

/* ---- the way to it ---- */

static bool skip(struct str s, size_t *at, const char *text)
{
	size_t n = strlen(text);
	if (*at + n > s.n || memcmp(s.p + *at, text, n) != 0)
		return false;
	*at += n;
	return true;
}

static bool skip_one(struct str s, size_t *at, const char *const *texts, size_t n, size_t *ret_which)
{
	for (size_t i = 0; i < n; i++) {
		*ret_which = i;
		if (skip(s, at, texts[i]))
			return true;
	}
	return false;
}

static void skip_spaces(struct str s, size_t *at)
{
	while (*at < s.n && (s.p[*at] == ' ' || s.p[*at] == '\t'))
		++*at;
}

static bool skip_line_end(struct str s, size_t *at)
{
	size_t from = *at;
	(void) skip(s, at, "\r");
	(void) skip(s, at, "\n");
	return *at > from;
}

/* The first STRICT_OPERATORS are no words. */
static const char *const operators[] = {":=", "=>", "==", "=", ":", "→", "は", "が", "is ", "を", "|", ","};
enum { STRICT_OPERATORS = 6 };
static const char *const quotes[][2] = {{"\"", "\""}, {"'", "'"}, {"`", "`"},   {"「", "」"},
                                        {"『", "』"}, {"(", ")"}, {"【", "】"}, {"<", ">"}};

/* パスワード(仮)： */
static void skip_remark(struct str s, size_t *at)
{
	size_t which;
	if (*at >= s.n || s.p[*at] != '(')
		return;
	size_t close = str_find_char(str_slice(s, 0, *at + NAME_MAX_BYTES), ')', *at);
	if (close == STR_NOT_FOUND)
		return;
	size_t behind = close + 1;
	if (skip_one(s, &behind, operators, ARRAY_SIZE(operators), &which))
		*at = close + 1;
}

/* パスワードは以下の通りです。 and the value on a line of its own. */
static void skip_announcement(struct str s, size_t *at)
{
	static const char *const words[] = {"以下", "次", "下記", "こちら"};
	static const char *const rests[] = {"のとおり", "の通り"};
	static const char *const ends[] = {"です", "になります", "となります", "でございます"};
	size_t p = *at, which;
	if (!skip_one(s, &p, words, ARRAY_SIZE(words), &which))
		return;
	(void) skip_one(s, &p, rests, ARRAY_SIZE(rests), &which);
	(void) skip_one(s, &p, ends, ARRAY_SIZE(ends), &which);
	(void) (skip(s, &p, "。") || skip(s, &p, ":"));
	skip_spaces(s, &p);
	if (!skip_line_end(s, &p))
		return;
	skip_spaces(s, &p);
	(void) skip_line_end(s, &p);
	*at = p;
}

static void skip_quote(struct str s, size_t *at, struct value_place *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(quotes) && !ret->close; i++)
		if (skip(s, at, quotes[i][0]))
			ret->close = quotes[i][1];
}

bool value_find_behind(struct str s, size_t word_end, struct value_place *ret)
{
	size_t at = word_end, which = 0;
	while (at < s.n && at - word_end < NAME_MAX_BYTES && (ascii_is_alnum(s.p[at]) || strchr("_.-", s.p[at])))
		at++;
	if (at < s.n && strchr("\"'`])", s.p[at]))
		at++;
	skip_remark(s, &at);
	size_t from = at;
	skip_spaces(s, &at);
	*ret = (struct value_place){0};
	bool found = skip_one(s, &at, operators, ARRAY_SIZE(operators), &which);
	ret->strict = found && which < STRICT_OPERATORS;
	if (skip(s, &at, "、"))
		ret->strict = found;
	skip_spaces(s, &at);
	if (found && skip_line_end(s, &at))
		skip_spaces(s, &at);
	if (found)
		skip_announcement(s, &at);
	skip_spaces(s, &at);
	skip_quote(s, &at, ret);
	ret->at = at;
	return at > from && at < s.n && at - from <= OPERATOR_MAX_BYTES;
}

bool value_find_quoted(struct str s, size_t word_end, struct value_place *ret)
{
	struct str near = str_slice(s, 0, word_end + NEAR_MAX_BYTES);
	size_t end = str_find_char(near, '\n', word_end), stop = str_find(near, STR("。"), word_end);
	size_t at = str_find(near, STR("「"), word_end);
	*ret = (struct value_place){.close = "」"};
	if (at == STR_NOT_FOUND || end < at || stop < at)
		return false;
	ret->at = at + strlen("「");
	return ret->at < s.n;
}

size_t value_end(struct str s, const struct value_place *place)
{
	size_t at = place->at;
	if (place->close) {
		size_t close = str_find(str_slice(s, 0, at + VALUE_MAX_BYTES), str_of(place->close), at);
		return close == STR_NOT_FOUND ? at : close;
	}
	while (at < s.n && at - place->at < VALUE_MAX_BYTES && s.p[at] > ' ' && s.p[at] < 0x7F &&
	       !strchr("\"'<>`|", s.p[at]))
		at++;
	while (at > place->at && strchr(".,;:)]}", s.p[at - 1]))
		at--;
	return at;
}
