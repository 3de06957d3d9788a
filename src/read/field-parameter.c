/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Media types, their parameters (RFC 2045, RFC 2231; RFC 2047 words inside them, which is forbidden and usual), dates.
 */
#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"
#include "read/charset-decode.h"
#include "read/encoding.h"
#include "read/field.h"

enum { MEDIA_TYPE_MAX_BYTES = 128, PIECES_MAX = 100, PARAMETERS_MAX = 200 };

struct str field_media_type(struct str value, struct arena *a)
{
	size_t end = str_find_char(value, ';', 0);
	struct str s = str_trim(str_slice(value, 0, end == STR_NOT_FOUND ? value.n : end));
	s = str_slice(s, 0, MEDIA_TYPE_MAX_BYTES);
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && i < s.n; i++)
		if (s.p[i] > ' ' && s.p[i] < 0x7F && s.p[i] != '"')
			p[n++] = ascii_lower(s.p[i]);
	return str_make(p, p ? n : 0);
}

struct parameter {
	struct str name, value;
	bool quoted;
};

static bool next_parameter(struct str *rest, struct parameter *ret)
{
	size_t equals = str_find_char(*rest, '=', 0);
	if (equals == STR_NOT_FOUND)
		return false;
	struct str name = str_slice(*rest, 0, equals);
	size_t last = str_rfind_char(name, ';');
	ret->name = str_trim(str_slice(name, last == STR_NOT_FOUND ? 0 : last + 1, name.n));
	struct str s = str_slice(*rest, equals + 1, rest->n);
	while (s.n > 0 && ascii_is_space(s.p[0]))
		s = str_slice(s, 1, s.n);
	size_t end = 0;
	ret->quoted = s.n > 0 && s.p[0] == '"';
	if (ret->quoted) {
		for (end = 1; end < s.n && s.p[end] != '"'; end++)
			end += s.p[end] == '\\' && end + 1 < s.n && (s.p[end + 1] == '"' || s.p[end + 1] == '\\');
		ret->value = str_slice(s, 1, end);
		end = str_find_char(s, ';', end);
	} else {
		end = str_find_char(s, ';', 0);
		ret->value = str_trim(str_slice(s, 0, end));
	}
	*rest = end == STR_NOT_FOUND ? (struct str){NULL, 0} : str_slice(s, end + 1, s.n);
	return true;
}

struct pieces {
	struct str piece[PIECES_MAX];
	bool percent[PIECES_MAX];
	bool set[PIECES_MAX];
	struct str plain;
	bool has_plain;
};

/* "name", "name*", "name*3", "name*3*": keeps the piece that belongs to the wanted parameter. */
static void keep_piece(struct pieces *all, struct parameter p, struct str wanted)
{
	if (str_eq_icase(p.name, wanted)) {
		if (!all->has_plain)
			all->plain = p.value;
		all->has_plain = true;
		return;
	}
	if (p.name.n <= wanted.n || p.name.p[wanted.n] != '*' || !str_starts_with_icase(p.name, wanted))
		return;
	struct str index = str_slice(p.name, wanted.n + 1, p.name.n);
	bool percent = index.n == 0 || str_ends_with(index, STR("*"));
	if (str_ends_with(index, STR("*")))
		index = str_slice(index, 0, index.n - 1);
	uint64_t at = 0;
	if ((index.n > 0 && str_parse_u64(index, PIECES_MAX - 1, &at) < 0) || all->set[at])
		return;
	all->piece[at] = p.value;
	all->percent[at] = percent;
	all->set[at] = true;
}

static int join_pieces(const struct pieces *all, struct str hint, struct arena *a, struct str *ret)
{
	struct buf raw = buf_make(FIELD_VALUE_MAX_BYTES);
	struct str charset = hint;
	for (size_t i = 0; i < PIECES_MAX && all->set[i]; i++) {
		struct str v = all->piece[i];
		size_t first = i == 0 && all->percent[0] ? str_find_char(v, '\'', 0) : STR_NOT_FOUND;
		size_t second = first == STR_NOT_FOUND ? STR_NOT_FOUND : str_find_char(v, '\'', first + 1);
		if (second != STR_NOT_FOUND) {
			charset = first > 0 ? str_slice(v, 0, first) : hint;
			v = str_slice(v, second + 1, v.n);
		}
		if (all->percent[i])
			encoding_from_percent(v, &raw);
		else
			buf_add_str(&raw, v);
	}
	struct charset_text t = {0};
	int r = charset_decode_line(buf_str(&raw), charset, a, &t);
	buf_done(&raw);
	*ret = t.text;
	return r;
}

static struct str unescape(struct str s, struct arena *a)
{
	if (str_find_char(s, '\\', 0) == STR_NOT_FOUND)
		return s;
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && i < s.n; i++) {
		i += s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\\');
		p[n++] = s.p[i];
	}
	return str_make(p, n);
}

int field_parameter(struct str value, struct str name, struct str hint, struct arena *a, struct str *ret)
{
	struct pieces *all = ARENA_NEW(a, struct pieces);
	struct parameter p;
	struct field_text t = {0};
	if (!all)
		return ERR_TOO_LARGE;
	struct str v = field_unfold(value, a);
	size_t first = str_find_char(v, ';', 0);
	struct str rest = first == STR_NOT_FOUND ? (struct str){NULL, 0} : str_slice(v, first + 1, v.n);
	for (size_t i = 0; i < PARAMETERS_MAX && next_parameter(&rest, &p); i++)
		keep_piece(all, p, name);
	if (all->set[0])
		return join_pieces(all, hint, a, ret);
	int r = all->has_plain ? field_decode(unescape(all->plain, a), hint, a, &t) : 0;
	*ret = t.text;
	return r;
}

struct zone {
	struct str name;
	int32_t minutes;
};

int32_t field_zone_minutes(struct str value)
{
	static const struct zone zones[] = {
	        {{"GMT", 3}, 0},    {{"UTC", 3}, 0},    {{"UT", 2}, 0},     {{"Z", 1}, 0},      {{"JST", 3}, 540},
	        {{"EST", 3}, -300}, {{"EDT", 3}, -240}, {{"CST", 3}, -360}, {{"CDT", 3}, -300}, {{"MST", 3}, -420},
	        {{"MDT", 3}, -360}, {{"PST", 3}, -480}, {{"PDT", 3}, -420},
	};
	struct str word, rest = str_trim(str_slice(value, 0, 200));
	int32_t found = INT32_MIN;
	while (str_split(&rest, ' ', &word)) {
		uint64_t n = 0;
		word = str_trim(word);
		if (word.n == 5 && (word.p[0] == '+' || word.p[0] == '-') &&
		    str_parse_u64(str_slice(word, 1, 5), 9999, &n) >= 0 && n % 100 < 60) {
			int32_t minutes = (int32_t) (n / 100 * 60 + n % 100);
			return word.p[0] == '-' ? -minutes : minutes;
		}
		for (size_t i = 0; i < ARRAY_SIZE(zones); i++)
			if (str_eq_icase(word, zones[i].name))
				found = zones[i].minutes;
	}
	return found;
}
