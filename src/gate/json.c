/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One pass with a stack of open containers. Strings of plain ASCII, by far the most bytes, go through one table. */
#include "gate/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

struct scan {
	struct str text;
	size_t at;
	struct arena *arena;
	struct json_token *tokens;
	size_t n, cap;
	uint32_t open[JSON_DEPTH_MAX];
	unsigned depth;
};

enum { TOKENS_FIRST = 64, KEYS_COMPARED_MAX = 8 };

static int add_token(struct scan *s, enum json_type type, struct json_token **ret)
{
	if (s->n >= JSON_TOKENS_MAX)
		return ERR_TOO_LARGE;
	struct {
		struct json_token *at;
		size_t n, cap;
	} list = {s->tokens, s->n, s->cap};
	struct json_token *t = ARENA_PUSH(s->arena, &list);
	if (!t)
		return ERR_TOO_LARGE;
	s->tokens = list.at;
	s->n = list.n;
	s->cap = list.cap;
	*t = (struct json_token){.type = (uint8_t) type,
	                         .depth = (uint8_t) s->depth,
	                         .start = (uint32_t) s->at,
	                         .next = (uint32_t) s->n,
	                         .parent = s->depth > 0 ? s->open[s->depth - 1] : JSON_NONE};
	*ret = t;
	return 0;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->text.n) {
		char c = s->text.p[s->at];
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return;
		s->at++;
	}
}

static int peek(const struct scan *s)
{
	return s->at < s->text.n ? (unsigned char) s->text.p[s->at] : -1;
}

static int hex4(const char *p, unsigned *ret)
{
	unsigned value = 0;
	for (int i = 0; i < 4; i++) {
		char c = ascii_lower(p[i]);
		if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
			return ERR_INVALID;
		value = value << 4 | (unsigned) (ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	*ret = value;
	return 0;
}

/* Length of the escape at p (which has n bytes and begins with a backslash), its character in *ret. */
static int read_escape(const char *p, size_t n, unsigned *ret)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	unsigned low = 0;
	if (n < 2)
		return ERR_INVALID;
	const char *plain = p[1] ? strchr(from, p[1]) : NULL;
	if (plain) {
		*ret = (unsigned char) to[plain - from];
		return 2;
	}
	if (p[1] != 'u' || n < 6 || hex4(p + 2, ret) < 0)
		return ERR_INVALID;
	if (*ret < 0xd800 || *ret > 0xdfff)
		return *ret ? 6 : ERR_INVALID;
	if (*ret > 0xdbff || n < 12 || p[6] != '\\' || p[7] != 'u' || hex4(p + 8, &low) < 0 || low < 0xdc00 ||
	    low > 0xdfff)
		return ERR_INVALID;
	*ret = 0x10000 + ((*ret - 0xd800) << 10) + (low - 0xdc00);
	return 12;
}

/* Bytes of the well-formed UTF-8 sequence at p (Unicode 15, table 3-7), 0 for none. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	size_t length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n < length)
		return 0;
	unsigned char least = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char most = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	if (p[1] < least || p[1] > most)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

/* How many bytes, in whole words of eight, are ASCII and none of the quote, the backslash and the controls. */
static size_t plain_bytes(const char *p, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t i = 0;
	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, p + i, sizeof(word));
		uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
		/* Exact as long as no byte has its top bit, and then that bit tells. */
		uint64_t odd = word | (word - ones * 0x20) | (quote - ones) | (slash - ones);
		if (odd & tops)
			break;
	}
	return i;
}

/* From behind the opening quote to the closing one, or to the end. */
static int walk_string(struct str text, size_t *at, bool *has_escapes)
{
	const unsigned char *p = (const unsigned char *) text.p;
	size_t i = *at;
	while (i < text.n) {
		unsigned ignored;
		i += plain_bytes(text.p + i, text.n - i);
		if (i >= text.n || p[i] == '"')
			break;
		if (p[i] < 0x20) {
			*at = i;
			return ERR_INVALID;
		}
		if (p[i] == '\\') {
			int n = read_escape(text.p + i, text.n - i, &ignored);
			*at = i;
			if (n < 0)
				return n;
			*has_escapes = true;
			i += (size_t) n;
		} else if (p[i] < 0x80) {
			i++;
		} else {
			size_t n = utf8_length(p + i, text.n - i);
			*at = i;
			if (n == 0)
				return ERR_INVALID;
			i += n;
		}
	}
	*at = i;
	return 0;
}

static int scan_string(struct scan *s, bool is_key)
{
	struct json_token *t;
	bool has_escapes = false;
	s->at++;
	int r = add_token(s, JSON_IS_STRING, &t);
	if (r >= 0)
		r = walk_string(s->text, &s->at, &has_escapes);
	if (r < 0)
		return r;
	if (s->at >= s->text.n)
		return ERR_INVALID;
	t->is_key = is_key;
	t->has_escapes = has_escapes;
	t->end = (uint32_t) s->at++;
	return 0;
}

static size_t skip_digits(struct scan *s)
{
	size_t from = s->at;
	while (s->at < s->text.n && ascii_is_digit(s->text.p[s->at]))
		s->at++;
	return s->at - from;
}

static int scan_number(struct scan *s)
{
	struct json_token *t;
	int r = add_token(s, JSON_IS_NUMBER, &t);
	if (r < 0)
		return r;
	if (peek(s) == '-')
		s->at++;
	if (peek(s) == '0')
		s->at++;
	else if (skip_digits(s) == 0)
		return ERR_INVALID;
	if (peek(s) == '.') {
		s->at++;
		if (skip_digits(s) == 0)
			return ERR_INVALID;
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (skip_digits(s) == 0)
			return ERR_INVALID;
	}
	t->end = (uint32_t) s->at;
	return 0;
}

static int scan_word(struct scan *s, struct str word, enum json_type type)
{
	struct json_token *t;
	int r = add_token(s, type, &t);
	if (r < 0)
		return r;
	if (!str_starts_with(str_slice(s->text, s->at, s->text.n), word))
		return ERR_INVALID;
	s->at += word.n;
	t->end = (uint32_t) s->at;
	return 0;
}

static int open_container(struct scan *s, enum json_type type)
{
	struct json_token *t;
	if (s->depth >= JSON_DEPTH_MAX)
		return ERR_TOO_LARGE;
	int r = add_token(s, type, &t);
	if (r < 0)
		return r;
	s->open[s->depth++] = (uint32_t) (s->n - 1);
	s->at++;
	return 0;
}

struct key {
	uint64_t hash;
	uint32_t token;
	struct str text;
};

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return str_cmp(x->text, y->text);
}

static struct json view_of(const struct scan *s)
{
	return (struct json){s->text, s->tokens, (uint32_t) s->n};
}

static uint32_t count_keys(const struct scan *s, uint32_t object, bool *ret_has_escapes)
{
	uint32_t n = 0;
	*ret_has_escapes = false;
	for (uint32_t k = object + 1; k < s->n; k = s->tokens[k + 1].next, n++)
		*ret_has_escapes = *ret_has_escapes || s->tokens[k].has_escapes;
	return n;
}

static struct str raw_of(const struct scan *s, uint32_t t)
{
	return str_slice(s->text, s->tokens[t].start, s->tokens[t].end);
}

static int refuse_twins_few(const struct scan *s, uint32_t object)
{
	for (uint32_t k = object + 1; k < s->n; k = s->tokens[k + 1].next)
		for (uint32_t other = object + 1; other < k; other = s->tokens[other + 1].next)
			if (str_eq(raw_of(s, k), raw_of(s, other)))
				return ERR_INVALID;
	return 0;
}

static int refuse_twins(struct scan *s, uint32_t object)
{
	bool has_escapes;
	uint32_t n = count_keys(s, object, &has_escapes), i = 0;
	if (n <= KEYS_COMPARED_MAX && !has_escapes)
		return refuse_twins_few(s, object);
	struct json j = view_of(s);
	struct key *keys = ARENA_ARRAY(s->arena, struct key, n);
	if (!keys)
		return ERR_TOO_LARGE;
	for (uint32_t k = object + 1; k < s->n; k = s->tokens[k + 1].next, i++) {
		keys[i].text = json_text(&j, k, s->arena);
		if (arena_is_full(s->arena))
			return ERR_TOO_LARGE;
		keys[i].hash = str_hash(keys[i].text);
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (i = 1; i < n; i++)
		if (compare_keys(&keys[i - 1], &keys[i]) == 0)
			return ERR_INVALID;
	return 0;
}

static int close_container(struct scan *s)
{
	uint32_t index = s->open[--s->depth];
	struct json_token *t = &s->tokens[index];
	s->at++;
	t->end = (uint32_t) s->at;
	t->next = (uint32_t) s->n;
	return t->type == JSON_IS_OBJECT ? refuse_twins(s, index) : 0;
}

/* One value without what a container holds. */
static int scan_begin(struct scan *s)
{
	switch (peek(s)) {
	case '{':
		return open_container(s, JSON_IS_OBJECT);
	case '[':
		return open_container(s, JSON_IS_ARRAY);
	case '"':
		return scan_string(s, false);
	case 't':
		return scan_word(s, STR("true"), JSON_IS_TRUE);
	case 'f':
		return scan_word(s, STR("false"), JSON_IS_FALSE);
	case 'n':
		return scan_word(s, STR("null"), JSON_IS_NULL);
	default:
		return scan_number(s);
	}
}

static int scan_key(struct scan *s)
{
	if (peek(s) != '"')
		return ERR_INVALID;
	int r = scan_string(s, true);
	if (r < 0)
		return r;
	skip_space(s);
	if (peek(s) != ':')
		return ERR_INVALID;
	s->at++;
	skip_space(s);
	return 0;
}

/* Behind a value or an opening bracket: closes what ends here; afterwards a value follows, or all is read. */
static int go_on(struct scan *s, bool is_first)
{
	int r = 0;
	while (s->depth > 0 && r >= 0) {
		bool is_object = s->tokens[s->open[s->depth - 1]].type == JSON_IS_OBJECT;
		skip_space(s);
		if (peek(s) == (is_object ? '}' : ']')) {
			r = close_container(s);
			is_first = false;
			continue;
		}
		if (!is_first) {
			if (peek(s) != ',')
				return ERR_INVALID;
			s->at++;
			skip_space(s);
		}
		return is_object ? scan_key(s) : 0;
	}
	return r;
}

static int scan_all(struct scan *s)
{
	skip_space(s);
	do {
		unsigned before = s->depth;
		int r = scan_begin(s);
		if (r >= 0)
			r = go_on(s, s->depth > before);
		if (r < 0)
			return r;
	} while (s->depth > 0);
	skip_space(s);
	return s->at == s->text.n ? 0 : ERR_INVALID;
}

int json_scan(struct str text, struct arena *a, struct json *ret, size_t *ret_place)
{
	struct scan s = {.text = text, .arena = a};
	if (text.n > JSON_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	int r = scan_all(&s);
	if (r < 0 && ret_place)
		*ret_place = s.at;
	if (r >= 0)
		*ret = view_of(&s);
	return r;
}

bool json_is(const struct json *j, uint32_t token, enum json_type type)
{
	return token < j->n && j->at[token].type == type;
}

static size_t put_utf8(char *to, unsigned c)
{
	if (c < 0x80) {
		to[0] = (char) c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		to[i] = (char) (0x80 | (c & 0x3f));
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	to[0] = (char) (lead[n] | c);
	return n;
}

size_t json_decode(struct str raw, char *to)
{
	size_t n = 0;
	for (size_t i = 0; i < raw.n;) {
		unsigned c = 0;
		if (raw.p[i] != '\\') {
			to[n++] = raw.p[i++];
			continue;
		}
		int length = read_escape(raw.p + i, raw.n - i, &c);
		CHECK(length > 0);
		n += put_utf8(to + n, c);
		i += (size_t) length;
	}
	return n;
}

bool json_is_string_body(struct str raw)
{
	size_t at = 0;
	bool ignored = false;
	return walk_string(raw, &at, &ignored) >= 0 && at == raw.n;
}

size_t json_walk_to(struct json_walk *w, struct str raw, size_t offset)
{
	char character[4];
	while (w->text < offset && w->raw < raw.n) {
		unsigned c = 0;
		if (raw.p[w->raw] != '\\') {
			w->raw++;
			w->text++;
			continue;
		}
		int length = read_escape(raw.p + w->raw, raw.n - w->raw, &c);
		CHECK(length > 0);
		w->raw += (size_t) length;
		w->text += put_utf8(character, c);
	}
	return w->raw;
}

struct str json_text(const struct json *j, uint32_t string, struct arena *a)
{
	const struct json_token *t = &j->at[string];
	struct str raw = str_slice(j->text, t->start, t->end);
	if (!t->has_escapes)
		return raw;
	char *to = arena_alloc(a, raw.n);
	return to ? str_make(to, json_decode(raw, to)) : (struct str){NULL, 0};
}

static bool key_is(const struct json *j, uint32_t key, struct str name)
{
	const struct json_token *t = &j->at[key];
	struct str raw = str_slice(j->text, t->start, t->end);
	char decoded[64];
	if (!t->has_escapes)
		return str_eq(raw, name);
	if (name.n * 6 < raw.n || raw.n > sizeof(decoded) * 6)
		return false;
	char *to = raw.n <= sizeof(decoded) ? decoded : malloc(raw.n);
	CHECK(to);
	bool is = str_eq(str_make(to, json_decode(raw, to)), name);
	if (to != decoded)
		free(to);
	return is;
}

uint32_t json_member(const struct json *j, uint32_t object, const char *name)
{
	struct str wanted = str_of(name);
	if (!json_is(j, object, JSON_IS_OBJECT))
		return JSON_NONE;
	for (uint32_t k = object + 1; k < j->at[object].next; k = j->at[k + 1].next)
		if (key_is(j, k, wanted))
			return k + 1;
	return JSON_NONE;
}

struct str json_member_text(const struct json *j, uint32_t object, const char *name, struct arena *a)
{
	uint32_t t = json_member(j, object, name);
	return json_is(j, t, JSON_IS_STRING) ? json_text(j, t, a) : (struct str){NULL, 0};
}

uint64_t json_member_number(const struct json *j, uint32_t object, const char *name, uint64_t fallback)
{
	uint32_t t = json_member(j, object, name);
	uint64_t value = fallback;
	if (json_is(j, t, JSON_IS_NUMBER) &&
	    str_parse_u64(str_slice(j->text, j->at[t].start, j->at[t].end), UINT64_MAX, &value) < 0)
		return fallback;
	return value;
}

int json_escape(struct buf *b, struct str text)
{
	static const char names[] = "btn\0fr"; /* 0x08 to 0x0d; 0x0b has none */
	size_t from = 0;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char) text.p[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add_str(b, str_slice(text, from, i));
		from = i + 1;
		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c >= 0x08 && c <= 0x0d && names[c - 0x08])
			buf_printf(b, "\\%c", names[c - 0x08]);
		else
			buf_printf(b, "\\u%04x", c);
	}
	return buf_add_str(b, str_slice(text, from, text.n));
}

int json_apply(struct str text, const struct json_edit *edits, size_t n, struct buf *b)
{
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		CHECK(edits[i].start >= from && edits[i].end >= edits[i].start && edits[i].end <= text.n);
		buf_add_str(b, str_slice(text, from, edits[i].start));
		buf_add_str(b, edits[i].by);
		from = edits[i].end;
	}
	buf_add_str(b, str_slice(text, from, text.n));
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}
