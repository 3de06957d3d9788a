/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and tokens by their form (rules/leak/secrets.yaml), addresses with a password in them, and passwords and keys
 * that somebody wrote behind a word that says so. */
#include <math.h>

#include "base/err.h"
#include "leak/data.h"
#include "text/fold.h"

enum {
	LOOK_BYTES = 8 * 1024, /* how far behind its keyword a secret may reach */
	NAME_MAX_BYTES = 40,   /* of an assigned name behind the keyword: api_key_PROD */
	OPERATOR_MAX_BYTES = 24,
	VALUE_MIN_BYTES = 4,
	VALUE_MAX_BYTES = 256,
	STRONG_BYTES = 8,
	URL_MAX_BYTES = 2048,
};

/* Bits per character (Shannon) of a value. */
static double entropy_of(struct str s)
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

/* ---- values ---- */

struct value_facts {
	bool digit, upper, lower, symbol, same;
};

static struct value_facts look_at(struct str v)
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

/* What stands in forms and examples where a value would be. */
static bool is_placeholder(struct str v)
{
	static const char *const words[] = {
	        "password", "passwd", "secret",  "string",    "required",    "incorrect", "invalid",  "null",
	        "none",     "true",   "false",   "undefined", "optional",    "example",   "changeme", "your_password",
	        "xxxxxxxx", "must",   "should",  "wrong",     "expired",     "correct",   "reset",    "token",
	        "empty",    "hidden", "masked",  "redacted",  "process.env", "number",    "text",     "varchar",
	        "bytes",    "value",  "enabled", "disabled",  "n/a",         "todo",      "user",     "admin's",
	        "basic",    "bearer", "oauth",   "policy",    "manager",     "protected", "forgot",   "login",
	        "field",    "input",  "char",    "https",     "http"};
	struct value_facts f = look_at(v);
	if (f.same || strchr("$%{<*[", v.p[0]))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_icase(v, str_of(words[i])))
			return true;
	return str_starts_with_icase(v, STR("your")) || str_starts_with_icase(v, STR("process.env")) ||
	       str_starts_with_icase(v, STR("os.environ")) || str_starts_with_icase(v, STR("xxx")) ||
	       str_starts_with_icase(v, STR("http://")) || str_starts_with_icase(v, STR("https://"));
}

/* ---- behind a word: name, operator, quote ---- */

static bool skip(struct str s, size_t *at, const char *text)
{
	size_t n = strlen(text);
	if (*at + n > s.n || memcmp(s.p + *at, text, n) != 0)
		return false;
	*at += n;
	return true;
}

static void skip_spaces(struct str s, size_t *at)
{
	while (*at < s.n && (s.p[*at] == ' ' || s.p[*at] == '\t'))
		++*at;
}

struct assigned {
	size_t at;   /* where the value begins */
	bool strict; /* an operator stands before it, no mere space or particle */
	bool quoted;
	const char *close; /* the quote that ends it */
};

/* Walks from the end of a word over the rest of its name, an operator and an opening quote. */
static bool skip_to_value(struct str s, size_t at, struct assigned *ret)
{
	static const char *const operators[] = {":=", "=>", "==", "=", ":", "→", "は", "が", "is ", "を", "|", ","};
	static const char *const quotes[][2] = {{"\"", "\""}, {"'", "'"}, {"`", "`"},   {"「", "」"},
	                                        {"『", "』"}, {"(", ")"}, {"【", "】"}, {"<", ">"}};
	size_t from = at;
	bool found = false;
	while (at < s.n && at - from < NAME_MAX_BYTES && (ascii_is_alnum(s.p[at]) || strchr("_.-", s.p[at])))
		at++;
	if (at < s.n && strchr("\"'`])", s.p[at]))
		at++;
	if (at < s.n && s.p[at] == '(') { /* パスワード(仮)： */
		size_t close = str_find_char(str_slice(s, 0, at + NAME_MAX_BYTES), ')', at);
		if (close != STR_NOT_FOUND && close + 1 < s.n && (s.p[close + 1] == ':' || s.p[close + 1] == '='))
			at = close + 1;
	}
	from = at;
	skip_spaces(s, &at);
	*ret = (struct assigned){0};
	for (size_t i = 0; i < ARRAY_SIZE(operators) && !found; i++)
		if (skip(s, &at, operators[i])) {
			found = true;
			ret->strict = i < 6;
		}
	if (skip(s, &at, "、"))
		ret->strict = ret->strict || found;
	skip_spaces(s, &at);
	if (found && at < s.n && (s.p[at] == '\n' || s.p[at] == '\r')) {
		at += s.p[at] == '\r';
		at += at < s.n && s.p[at] == '\n';
		skip_spaces(s, &at);
	}
	for (size_t i = 0; i < ARRAY_SIZE(quotes) && !ret->quoted; i++)
		if (skip(s, &at, quotes[i][0])) {
			ret->quoted = true;
			ret->close = quotes[i][1];
		}
	ret->at = at;
	return at > from && at < s.n && at - from <= OPERATOR_MAX_BYTES;
}

/* ---- by form ---- */

static int match_secret(struct leak_state *st, const struct leak_secret *s, size_t from, size_t to, size_t *ret_end)
{
	struct str text = str_slice(st->text, 0, to + LOOK_BYTES);
	pcre2_set_offset_limit(st->scratch->context, to);
	int r = pcre2_match(s->code, (PCRE2_SPTR) text.p, text.n, from, from == to ? PCRE2_ANCHORED : 0,
	                    st->scratch->match, st->scratch->context);
	if (r == PCRE2_ERROR_NOMATCH || r == PCRE2_ERROR_MATCHLIMIT)
		return 0;
	if (r < 0)
		return ERR_SYSTEM;
	const PCRE2_SIZE *place = pcre2_get_ovector_pointer(st->scratch->match);
	size_t i = r > 1 && place[2] != PCRE2_UNSET ? 2 : 0;
	struct str value = str_slice(st->text, place[i], place[i + 1]);
	*ret_end = place[1];
	if (value.n > 0 && entropy_of(value) >= s->entropy && !(s->assigned && is_placeholder(value)))
		leak_add(st, place[i], place[i + 1], s->leak_kind, LEAK_HIGH, s->why);
	return 0;
}

static int try_anchor(struct leak_state *st, const struct leak_anchor *a)
{
	const struct leak_secret *s = &st->rules->secrets.at[a->index];
	size_t end = 0, lead = (size_t) s->lead;
	if (s->assigned) {
		struct assigned value;
		if (!skip_to_value(st->text, a->end, &value))
			return 0;
		return match_secret(st, s, value.at, value.at, &end);
	}
	return match_secret(st, s, a->start > lead ? a->start - lead : 0, a->start, &end);
}

/* scheme://user:password@host: the whole address is the secret. */
static void try_url(struct leak_state *st, const struct leak_anchor *a)
{
	struct str s = st->text;
	size_t at = a->end, start = a->start, colon = 0, password = 0;
	while (start > 0 && a->start - start < NAME_MAX_BYTES &&
	       (ascii_is_alnum(s.p[start - 1]) || strchr("+.-", s.p[start - 1])))
		start--;
	if (start == a->start)
		return;
	for (; at < s.n && at - a->end < URL_MAX_BYTES && s.p[at] > ' ' && s.p[at] < 0x7F; at++) {
		if (strchr("/\"'<>`", s.p[at]) || (s.p[at] == '@' && colon))
			break;
		if (s.p[at] == ':' && !colon)
			colon = at;
	}
	password = colon ? at - colon - 1 : 0;
	if (at >= s.n || s.p[at] != '@' || password == 0 || (s.p[colon + 1] == '$' || s.p[colon + 1] == '{'))
		return;
	while (at < s.n && at - a->end < URL_MAX_BYTES && s.p[at] > ' ' && s.p[at] < 0x7F && !strchr("\"'<>`", s.p[at]))
		at++;
	while (at > a->end && strchr(".,;)", s.p[at - 1]))
		at--;
	leak_add(st, start, at, LEAK_SECRET, LEAK_HIGH, "connection-string");
}

int leak_find_secrets(struct leak_state *st)
{
	size_t n;
	const struct leak_anchor *a = leak_anchors(st, &n);
	int r = 0;
	for (size_t i = 0; i < n && r >= 0; i++) {
		if (a[i].kind == LEAK_ANCHOR_SECRET)
			r = try_anchor(st, &a[i]);
		else if (a[i].kind == LEAK_ANCHOR_URL)
			try_url(st, &a[i]);
	}
	return r;
}

/* ---- the examples of the rules ---- */

static bool finds(const struct leak_rules *rules, struct leak_scratch *scratch, struct str text, const char *why)
{
	const struct leak_candidate *c = NULL;
	size_t n = 0;
	if (leak_candidates(rules, scratch, text, &c, &n) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (c[i].why == why) /* each rule has its own */
			return true;
	return false;
}

int leak_secrets_check(const struct leak_rules *rules, struct leak_scratch *scratch, char *message, size_t n)
{
	for (size_t i = 0; i < rules->secrets.n; i++) {
		const struct leak_secret *s = &rules->secrets.at[i];
		for (size_t k = 0; k < s->finds.n + s->leaves.n; k++) {
			bool wanted = k < s->finds.n;
			struct str example = wanted ? s->finds.at[k] : s->leaves.at[k - s->finds.n];
			if (finds(rules, scratch, example, s->why) == wanted)
				continue;
			snprintf(message, n, "leak/secrets.yaml:%u: %.*s %s \"%.*s\"", s->line, STR_ARG(s->id),
			         wanted ? "does not find" : "finds", STR_ARG(example));
			return ERR_INVALID;
		}
	}
	return 0;
}

/* ---- passwords and keys behind a word ---- */

static size_t value_end(struct str s, const struct assigned *a)
{
	size_t at = a->at;
	if (a->quoted) {
		size_t close = str_find(str_slice(s, 0, at + VALUE_MAX_BYTES), str_of(a->close), at);
		return close == STR_NOT_FOUND ? at : close;
	}
	while (at < s.n && at - a->at < VALUE_MAX_BYTES && s.p[at] > ' ' && s.p[at] < 0x7F &&
	       !strchr("\"'<>`|", s.p[at]))
		at++;
	while (at > a->at && strchr(".,;:)]}", s.p[at - 1]))
		at--;
	return at;
}

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

static void try_word(struct leak_state *st, const struct leak_word *w)
{
	struct assigned a;
	if (!skip_to_value(st->text, w->end, &a))
		return;
	size_t end = value_end(st->text, &a);
	struct str v = str_slice(st->text, a.at, end);
	bool secret = w->group == LEAK_GROUP_SECRET;
	if (v.n < VALUE_MIN_BYTES || is_placeholder(v) || is_count(st->text, end))
		return;
	struct value_facts f = look_at(v);
	int mix = f.digit + f.upper + f.lower + f.symbol;
	if (secret && (v.n < 16 || mix < 2 || entropy_of(v) < 3.0))
		return;
	if (!secret && mix < 2 && !f.digit && !(a.strict || a.quoted))
		return;
	if (!secret && !f.digit && !f.symbol && !(a.strict && v.n >= 6 && (mix > 1 || !f.upper)))
		return;
	leak_add(st, a.at, end, secret ? LEAK_SECRET : LEAK_PASSWORD,
	         mix >= 2 || (f.digit && a.strict) ? LEAK_HIGH : LEAK_MEDIUM, secret ? "secret-labelled" : "password");
}

static void look_at_cell(struct leak_state *st, size_t start, size_t end)
{
	struct str v = str_slice(st->text, start, end);
	struct value_facts f = look_at(v);
	if (v.n >= VALUE_MIN_BYTES && v.n <= VALUE_MAX_BYTES && !memchr(v.p, ' ', v.n) && !is_placeholder(v) &&
	    (f.digit || f.symbol || (f.upper && f.lower)))
		leak_add(st, start, end, LEAK_PASSWORD, LEAK_HIGH, "password");
}

void leak_find_passwords(struct leak_state *st)
{
	leak_table_cells(st, LEAK_GROUP_PASSWORD, look_at_cell);
	for (size_t i = 0; i < st->words.n; i++) {
		const struct leak_word *w = &st->words.at[i];
		if (w->group == LEAK_GROUP_PASSWORD || w->group == LEAK_GROUP_SECRET)
			try_word(st, w);
	}
}
