/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses (RFC 5322 section 3.4) as senders really write them. Encoded words are decoded only after the field is cut
 * at its commas, since a decoded name may hold commas, quotes and angles itself. */
#include "base/buf.h"
#include "base/err.h"
#include "read/charset-decode.h"
#include "read/field.h"
#include "read/reading.h"

enum { ADDRESS_MAX_BYTES = 512, ENCODED_WORD_SCAN_BYTES = 1024, UNCLOSED_MAX_BYTES = 2048 };

/* What is never closed counts as one character, unless so much follows that looking again and again would be slow. */
static size_t unclosed(struct str s, size_t i)
{
	return s.n - i < UNCLOSED_MAX_BYTES ? i + 1 : s.n;
}

static size_t skip_quoted(struct str s, size_t i)
{
	for (size_t k = i + 1; k < s.n; k++) {
		if (s.p[k] == '\\')
			k++;
		else if (s.p[k] == '"')
			return k + 1;
	}
	return unclosed(s, i);
}

static size_t skip_comment(struct str s, size_t i)
{
	size_t depth = 0;
	for (size_t k = i; k < s.n; k++) {
		if (s.p[k] == '\\')
			k++;
		else if (s.p[k] == '(')
			depth++;
		else if (s.p[k] == ')' && --depth == 0)
			return k + 1;
	}
	return unclosed(s, i);
}

static size_t skip_encoded_word(struct str s, size_t i)
{
	struct str w = str_slice(s, i, i + ENCODED_WORD_SCAN_BYTES);
	size_t first = str_find_char(w, '?', 2);
	size_t second = first == STR_NOT_FOUND ? STR_NOT_FOUND : str_find_char(w, '?', first + 1);
	size_t end = second == STR_NOT_FOUND ? STR_NOT_FOUND : str_find(w, STR("?="), second + 1);
	return end == STR_NOT_FOUND ? i + 1 : i + end + 2;
}

/* Length of what stands at i and must not be looked into. */
static size_t skip_unit(struct str s, size_t i)
{
	if (s.p[i] == '"')
		return skip_quoted(s, i);
	if (s.p[i] == '(')
		return skip_comment(s, i);
	if (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == '?')
		return skip_encoded_word(s, i);
	return i + 1;
}

/* Cuts the text before the next comma or semicolon off *rest; a group's "name:" goes too. */
static bool next_segment(struct str *rest, struct str *ret)
{
	bool angle = false;
	size_t i = 0, start = 0;
	if (rest->n == 0)
		return false;
	while (i < rest->n) {
		char c = rest->p[i];
		if (!angle && (c == ',' || c == ';'))
			break;
		if (!angle && c == ':' && str_find_char(str_slice(*rest, start, i), '@', 0) == STR_NOT_FOUND)
			start = i + 1;
		angle = c == '<' || (angle && c != '>');
		i = angle ? i + 1 : skip_unit(*rest, i);
	}
	*ret = str_trim(str_slice(*rest, start, i));
	*rest = str_slice(*rest, i + 1, rest->n);
	return true;
}

static size_t last_angle(struct str s)
{
	size_t found = STR_NOT_FOUND;
	for (size_t i = 0; i < s.n; i = skip_unit(s, i))
		if (s.p[i] == '<')
			found = i;
	return found;
}

static struct str unquote(struct str s, struct arena *a)
{
	s = str_trim(s);
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = str_slice(s, 1, s.n - 1);
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && i < s.n; i++) {
		i += s.p[i] == '\\' && i + 1 < s.n;
		if (s.p[i] != '"' || i == 0 || s.p[i - 1] == '\\')
			p[n++] = s.p[i];
	}
	return str_trim(str_make(p, n));
}

static struct str tidy_address(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && i < s.n; i++)
		if (!ascii_is_space(s.p[i]) && s.p[i] != '<' && s.p[i] != '>')
			p[n++] = s.p[i];
	struct str t = str_make(p, n);
	if (str_starts_with_icase(t, STR("mailto:")))
		t = str_slice(t, 7, t.n);
	size_t at = str_rfind_char(t, '@');
	for (size_t i = at == STR_NOT_FOUND ? n : at; i < t.n; i++)
		((char *) (uintptr_t) t.p)[i] = ascii_lower(t.p[i]);
	while (t.n > 0 && (t.p[t.n - 1] == '.' || t.p[t.n - 1] == ',' || t.p[t.n - 1] == ';'))
		t.n--;
	return reading_cut_utf8(t, ADDRESS_MAX_BYTES);
}

struct brackets {
	struct str open, close;
};

static bool looks_like_address(struct str s)
{
	size_t at = str_find_char(s, '@', 0);
	if (str_starts_with_icase(s, STR("mailto:")))
		s = str_slice(s, 7, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_space(s.p[i]))
			return false;
	return at != STR_NOT_FOUND && at + 1 < s.n;
}

void field_split_mailbox(struct str text, struct arena *a, struct str *ret_name, struct str *ret_address)
{
	static const struct brackets pairs[] = {
	        {{"<", 1}, {">", 1}}, {{"[", 1}, {"]", 1}},   {{"＜", 3}, {"＞", 3}},
	        {{"(", 1}, {")", 1}}, {{"（", 3}, {"）", 3}},
	};
	struct str s = str_trim(text);
	*ret_name = s;
	*ret_address = (struct str){NULL, 0};
	for (size_t k = 0; k < ARRAY_SIZE(pairs); k++) {
		size_t open = STR_NOT_FOUND, close = STR_NOT_FOUND;
		for (size_t i = 0; (i = str_find(s, pairs[k].open, i)) != STR_NOT_FOUND; i++)
			open = i;
		if (open != STR_NOT_FOUND)
			close = str_find(s, pairs[k].close, open);
		struct str inside = str_trim(str_slice(s, open == STR_NOT_FOUND ? s.n : open + pairs[k].open.n, close));
		if (looks_like_address(inside)) {
			*ret_address = tidy_address(inside, a);
			*ret_name = unquote(str_slice(s, 0, open), a);
			return;
		}
	}
	struct str word, rest = s;
	while (str_split(&rest, ' ', &word)) {
		if (!looks_like_address(word))
			continue;
		size_t start = (size_t) (word.p - s.p);
		*ret_address = tidy_address(word, a);
		*ret_name = unquote(str_slice(s, start > 0 ? 0 : word.n, start > 0 ? start : s.n), a);
		return;
	}
}

static int parse_one(struct str s, struct str hint, struct arena *a, struct field_addresses *out,
                     struct field_address *ret)
{
	struct field_text name = {0}, address = {0};
	size_t angle = last_angle(s);
	int r;
	if (angle == STR_NOT_FOUND) {
		r = field_decode(s, hint, a, &name);
		if (r < 0)
			return r;
		field_split_mailbox(name.text, a, &ret->name, &ret->address);
		if (ret->address.n == 0)
			ret->name = unquote(name.text, a);
	} else {
		size_t close = str_find_char(s, '>', angle);
		r = field_decode(unquote(str_slice(s, 0, angle), a), hint, a, &name);
		if (r >= 0)
			r = field_decode(str_slice(s, angle + 1, close), hint, a, &address);
		if (r < 0)
			return r;
		ret->name = unquote(name.text, a);
		ret->address = tidy_address(address.text, a);
	}
	out->broken |= name.broken | address.broken;
	out->wrong |= name.wrong | address.wrong;
	out->foreign |= name.foreign | address.foreign;
	ret->name = reading_cut_utf8(ret->name, READING_NAME_MAX_BYTES);
	return 0;
}

static void add_text(struct buf *text, struct field_address *m)
{
	if (text->n > 0)
		buf_add_c(text, ", ");
	m->start = (uint32_t) text->n;
	buf_add_str(text, m->name);
	if (m->name.n > 0 && m->address.n > 0)
		buf_add_c(text, " <");
	buf_add_str(text, m->address);
	if (m->name.n > 0 && m->address.n > 0)
		buf_add_c(text, ">");
	m->end = (uint32_t) text->n;
}

int field_parse_addresses(struct str value, struct str hint, struct arena *a, struct field_addresses *ret)
{
	struct field_addresses out = {0};
	struct buf text = buf_make((size_t) FIELD_VALUE_MAX_BYTES * 8);
	struct charset_text raw = {0};
	struct str segment;
	/* Raw ISO-2022-JP and Shift_JIS hold bytes that look like commas and angles. */
	int r = charset_decode_line(field_unfold(value, a), hint, a, &raw);
	out.broken = raw.broken;
	out.wrong = raw.wrong;
	for (struct str rest = raw.text; r >= 0 && out.n < FIELD_ADDRESSES_MAX && next_segment(&rest, &segment);) {
		if (segment.n == 0)
			continue;
		struct field_address *m = ARENA_PUSH(a, &out);
		r = m ? parse_one(segment, hint, a, &out, m) : ERR_TOO_LARGE;
		if (r < 0)
			break;
		if (m->name.n == 0 && m->address.n == 0)
			out.n--;
		else
			add_text(&text, m);
	}
	if (r >= 0) {
		out.text = arena_dup(a, buf_str(&text));
		*ret = out;
	}
	buf_done(&text);
	return r;
}
