/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/html-tag.h"

#include "base/check.h"
#include "read/entity.h"

enum { ATTRIBUTE_MAX_BYTES = 64 * 1024 };

static bool is_raw_element(struct str name)
{
	static const char *const names[] = {"script", "style",   "title",    "textarea",
	                                    "xmp",    "noembed", "noframes", "iframe"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq_c(name, names[i]))
			return true;
	return false;
}

/* Where the closing tag of a raw element begins; its end in *ret_end. */
static size_t find_close(struct str s, size_t i, struct str name, size_t *ret_end)
{
	while ((i = str_find(s, STR("</"), i)) != STR_NOT_FOUND) {
		struct str after = str_slice(s, i + 2, i + 2 + name.n + 1);
		if (str_starts_with_icase(after, name) && (after.n == name.n || !ascii_is_alnum(after.p[name.n]))) {
			size_t end = str_find_char(s, '>', i);
			*ret_end = end == STR_NOT_FOUND ? s.n : end + 1;
			return i;
		}
		i += 2;
	}
	*ret_end = s.n;
	return s.n;
}

/* The end of a comment or declaration that begins with "<!" or "<?" at i. */
static size_t skip_markup(struct str s, size_t i)
{
	size_t end;
	if (!str_starts_with(str_slice(s, i, i + 4), STR("<!--"))) {
		end = str_find_char(s, '>', i);
		return end == STR_NOT_FOUND ? s.n : end + 1;
	}
	if (str_starts_with(str_slice(s, i + 4, i + 6), STR("->")) ||
	    str_starts_with(str_slice(s, i + 4, i + 5), STR(">")))
		return str_find_char(s, '>', i) + 1;
	for (end = i + 4; (end = str_find(s, STR("--"), end)) != STR_NOT_FOUND; end++) {
		if (end + 2 < s.n && s.p[end + 2] == '>')
			return end + 3;
		if (end + 3 < s.n && s.p[end + 2] == '!' && s.p[end + 3] == '>')
			return end + 4;
	}
	return s.n;
}

static size_t skip_space(struct str s, size_t i)
{
	while (i < s.n && (ascii_is_space(s.p[i]) || s.p[i] == '/'))
		i++;
	return i;
}

static size_t read_value(struct str s, size_t i, struct str *ret)
{
	while (i < s.n && ascii_is_space(s.p[i]))
		i++;
	size_t from = i;
	if (i < s.n && (s.p[i] == '"' || s.p[i] == '\'')) {
		size_t end = str_find_char(s, s.p[i], i + 1);
		*ret = str_slice(s, i + 1, end);
		return end == STR_NOT_FOUND ? s.n : end + 1;
	}
	while (i < s.n && !ascii_is_space(s.p[i]) && s.p[i] != '>')
		i++;
	*ret = str_slice(s, from, i);
	return i;
}

/* Reads the attributes from i on; gives the place after ">". */
static size_t read_attributes(struct str s, size_t i, struct html_token *ret)
{
	for (i = skip_space(s, i); i < s.n && s.p[i] != '>'; i = skip_space(s, i)) {
		struct html_attribute a = {0};
		size_t from = i++;
		while (i < s.n && !ascii_is_space(s.p[i]) && s.p[i] != '=' && s.p[i] != '>' && s.p[i] != '/')
			i++;
		a.name = str_slice(s, from, i);
		a.value = str_make("", 0);
		size_t equals = i;
		while (equals < s.n && ascii_is_space(s.p[equals]))
			equals++;
		if (equals < s.n && s.p[equals] == '=')
			i = read_value(s, equals + 1, &a.value);
		if (ret->attribute_count < HTML_ATTRIBUTES_MAX)
			ret->attributes[ret->attribute_count++] = a;
	}
	return i < s.n ? i + 1 : s.n;
}

static size_t read_tag(struct str s, size_t i, struct html_token *ret)
{
	size_t n = 0;
	ret->kind = s.p[i + 1] == '/' ? HTML_CLOSE : HTML_OPEN;
	ret->attribute_count = 0;
	i += ret->kind == HTML_CLOSE ? 2 : 1;
	for (; i < s.n && !ascii_is_space(s.p[i]) && s.p[i] != '>' && s.p[i] != '/'; i++)
		if (n < HTML_NAME_MAX_BYTES)
			ret->name_bytes[n++] = ascii_lower(s.p[i]);
	ret->name = str_make(ret->name_bytes, n);
	i = read_attributes(s, i, ret);
	ret->raw = ret->kind == HTML_OPEN && is_raw_element(ret->name);
	if (!ret->raw)
		return i;
	size_t end, close = find_close(s, i, ret->name, &end);
	ret->text = str_slice(s, i, close);
	return end;
}

static bool is_tag_start(struct str s, size_t i)
{
	if (i + 1 >= s.n || s.p[i] != '<')
		return false;
	char c = s.p[i + 1];
	return ascii_is_alpha(c) || (c == '/' && i + 2 < s.n && ascii_is_alpha(s.p[i + 2]));
}

static bool is_markup_start(struct str s, size_t i)
{
	return i + 1 < s.n && (s.p[i + 1] == '!' || s.p[i + 1] == '?' || s.p[i + 1] == '/');
}

bool html_next_token(struct str *rest, struct html_token *ret)
{
	struct str s = *rest;
	size_t i = 0;
	while (i < s.n) {
		if (is_tag_start(s, i)) {
			i = read_tag(s, i, ret);
			*rest = str_slice(s, i, s.n);
			return true;
		}
		if (s.p[i] == '<' && is_markup_start(s, i)) {
			i = skip_markup(s, i);
			continue;
		}
		size_t end = str_find_char(s, '<', i + 1);
		ret->kind = HTML_TEXT;
		ret->text = str_slice(s, i, end);
		*rest = str_slice(s, end == STR_NOT_FOUND ? s.n : end, s.n);
		return true;
	}
	*rest = str_slice(s, s.n, s.n);
	return false;
}

struct str html_attribute(const struct html_token *t, const char *name)
{
	for (size_t i = 0; i < t->attribute_count; i++)
		if (str_eq_icase(t->attributes[i].name, str_of(name)))
			return t->attributes[i].value;
	return (struct str){NULL, 0};
}

struct str html_attribute_decode(struct str raw, struct arena *a)
{
	if (str_find_char(raw, '&', 0) == STR_NOT_FOUND)
		return raw;
	struct buf b = buf_make((size_t) ATTRIBUTE_MAX_BYTES * 2);
	raw = str_slice(raw, 0, ATTRIBUTE_MAX_BYTES);
	for (size_t i = 0; i < raw.n;) {
		uint32_t code;
		size_t n = raw.p[i] == '&' ? entity_at(raw, i, true, &code) : 0;
		if (n > 0)
			entity_add_utf8(&b, code);
		else
			buf_add_char(&b, raw.p[i]);
		i += n > 0 ? n : 1;
	}
	struct str out = arena_dup(a, buf_str(&b));
	buf_done(&b);
	return out;
}
