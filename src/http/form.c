/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * multipart = *( "--" boundary CRLF head CRLF content CRLF ) "--" boundary "--" [CRLF]
 * Browsers send no preamble, so none is taken: a body is read in one way only. Views point into the body; no copy of
 * an upload is made. */
#include "http/form.h"

#include "base/err.h"

static int hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int percent_decode(struct str s, bool plus_is_space, struct arena *a, struct str *ret)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;
	if (!out)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '+' && plus_is_space) {
			out[n++] = ' ';
		} else if (s.p[i] != '%') {
			out[n++] = s.p[i];
		} else {
			int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
			int low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return ERR_INVALID;
			out[n++] = (char) (high << 4 | low);
			i += 2;
		}
	}
	*ret = str_make(out, n);
	return 0;
}

int percent_encode(struct buf *b, struct str s)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char) s.p[i];
		if (ascii_is_alnum(s.p[i]) || c == '-' || c == '.' || c == '_' || c == '~') {
			buf_add_char(b, s.p[i]);
		} else {
			const char escaped[3] = {'%', digits[c >> 4], digits[c & 15]};
			buf_add(b, escaped, sizeof(escaped));
		}
	}
	return buf_failed(b) ? ERR_TOO_LARGE : 0;
}

static int add_field(struct form *form, size_t fields_max, struct arena *a, const struct form_field *f)
{
	if (form->n >= fields_max)
		return ERR_TOO_LARGE;
	struct form_field *place = ARENA_PUSH(a, form);
	if (!place)
		return ERR_TOO_LARGE;
	*place = *f;
	return 0;
}

int form_parse_urlencoded(struct str body, size_t fields_max, struct arena *a, struct form *ret)
{
	for (struct str piece; str_split(&body, '&', &piece);) {
		struct form_field f = {0};
		size_t equals = str_find_char(piece, '=', 0);
		size_t name_end = equals == STR_NOT_FOUND ? piece.n : equals;
		if (piece.n == 0)
			continue;
		int r = percent_decode(str_slice(piece, 0, name_end), true, a, &f.name);
		if (r >= 0 && equals != STR_NOT_FOUND)
			r = percent_decode(str_slice(piece, equals + 1, piece.n), true, a, &f.value);
		if (r >= 0 && f.name.n > FORM_NAME_MAX_BYTES)
			r = ERR_TOO_LARGE;
		if (r >= 0)
			r = add_field(ret, fields_max, a, &f);
		if (r < 0)
			return r;
	}
	return 0;
}

struct str media_type(struct str field)
{
	size_t end = str_find_char(field, ';', 0);
	return str_trim(str_slice(field, 0, end == STR_NOT_FOUND ? field.n : end));
}

/* Cuts ';' name '=' value off *rest, where a quoted value may hold ';'. */
static bool next_parameter(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	size_t semicolon = str_find_char(*rest, ';', 0);
	if (semicolon == STR_NOT_FOUND)
		return false;
	*rest = str_slice(*rest, semicolon + 1, rest->n);
	size_t equals = str_find_char(*rest, '=', 0);
	size_t next = str_find_char(*rest, ';', 0);
	if (equals == STR_NOT_FOUND || next < equals) {
		*ret_name = str_trim(str_slice(*rest, 0, next));
		*ret_value = (struct str){NULL, 0};
		return true;
	}
	*ret_name = str_trim(str_slice(*rest, 0, equals));
	*rest = str_slice(*rest, equals + 1, rest->n);
	if (rest->n > 0 && rest->p[0] == '"') {
		size_t close = str_find_char(*rest, '"', 1);
		if (close == STR_NOT_FOUND)
			return false;
		*ret_value = str_slice(*rest, 1, close);
		*rest = str_slice(*rest, close + 1, rest->n);
		return true;
	}
	size_t end = str_find_char(*rest, ';', 0);
	*ret_value = str_trim(str_slice(*rest, 0, end == STR_NOT_FOUND ? rest->n : end));
	*rest = str_slice(*rest, end == STR_NOT_FOUND ? rest->n : end, rest->n);
	return true;
}

struct str media_parameter(struct str field, const char *name)
{
	for (struct str key, value; next_parameter(&field, &key, &value);)
		if (str_eq_icase(key, str_of(name)))
			return value;
	return (struct str){NULL, 0};
}

static bool has_parameter(struct str field, const char *name)
{
	for (struct str key, value; next_parameter(&field, &key, &value);)
		if (str_eq_icase(key, str_of(name)))
			return true;
	return false;
}

/* Browsers write '"', CR and LF in names as %22, %0D and %0A and leave everything else alone (WHATWG HTML). */
static int unescape_name(struct str s, struct arena *a, struct str *ret)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;
	if (!out)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_slice(s, i, s.n);
		if (str_starts_with(rest, STR("%22"))) {
			out[n++] = '"';
			i += 2;
		} else if (str_starts_with_icase(rest, STR("%0d")) || str_starts_with_icase(rest, STR("%0a"))) {
			out[n++] = ' ';
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	*ret = str_make(out, n);
	return 0;
}

static int read_disposition(struct str value, struct arena *a, struct form_field *f)
{
	if (!str_eq_icase(media_type(value), STR("form-data")) || !has_parameter(value, "name"))
		return ERR_INVALID;
	struct str name = media_parameter(value, "name"), file = media_parameter(value, "filename");
	if (name.n > FORM_NAME_MAX_BYTES)
		return ERR_TOO_LARGE;
	f->is_file = has_parameter(value, "filename");
	int r = unescape_name(name, a, &f->name);
	return r < 0 ? r : unescape_name(file, a, &f->file_name);
}

/* The lines of a part's head, each ending with CRLF. */
static int read_part_head(struct str head, struct arena *a, struct form_field *f)
{
	bool has_disposition = false;
	for (size_t count = 0; head.n > 0; count++) {
		size_t end = str_find(head, STR("\r\n"), 0);
		struct str line = str_slice(head, 0, end == STR_NOT_FOUND ? head.n : end);
		size_t colon = str_find_char(line, ':', 0);
		if (count >= FORM_PART_FIELDS_MAX)
			return ERR_TOO_LARGE;
		if (colon == STR_NOT_FOUND || memchr(line.p, '\0', line.n))
			return ERR_INVALID;
		struct str name = str_slice(line, 0, colon), value = str_trim(str_slice(line, colon + 1, line.n));
		if (str_eq_icase(name, STR("Content-Disposition"))) {
			int r = has_disposition ? ERR_INVALID : read_disposition(value, a, f);
			if (r < 0)
				return r;
			has_disposition = true;
		} else if (str_eq_icase(name, STR("Content-Type"))) {
			f->type = media_type(value);
		} else if (str_eq_icase(name, STR("Content-Transfer-Encoding"))) {
			return ERR_INVALID;
		}
		head = str_slice(head, line.n + 2, head.n);
	}
	return has_disposition ? 0 : ERR_INVALID;
}

/* Cuts the head off *rest, up to and with its empty line. */
static int take_part_head(struct str *rest, struct str *ret_head)
{
	size_t end = str_find(str_slice(*rest, 0, FORM_PART_HEAD_MAX_BYTES), STR("\r\n\r\n"), 0);
	if (end == STR_NOT_FOUND)
		return rest->n > FORM_PART_HEAD_MAX_BYTES ? ERR_TOO_LARGE : ERR_INVALID;
	*ret_head = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + 4, rest->n);
	return 0;
}

static bool take_prefix(struct str *rest, struct str prefix)
{
	if (!str_starts_with(*rest, prefix))
		return false;
	*rest = str_slice(*rest, prefix.n, rest->n);
	return true;
}

int form_parse_multipart(struct str body, struct str boundary, size_t fields_max, struct arena *a, struct form *ret)
{
	if (boundary.n == 0 || boundary.n > FORM_BOUNDARY_MAX_BYTES)
		return ERR_INVALID;
	struct str delimiter = arena_printf(a, "\r\n--%.*s", STR_ARG(boundary));
	struct str rest = body, head;
	if (!delimiter.p)
		return ERR_TOO_LARGE;
	if (!take_prefix(&rest, str_slice(delimiter, 2, delimiter.n)))
		return ERR_INVALID;
	while (take_prefix(&rest, STR("\r\n"))) {
		struct form_field f = {0};
		int r = take_part_head(&rest, &head);
		if (r >= 0)
			r = read_part_head(head, a, &f);
		if (r < 0)
			return r;
		size_t end = str_find(rest, delimiter, 0);
		if (end == STR_NOT_FOUND)
			return ERR_INVALID;
		f.value = str_slice(rest, 0, end);
		rest = str_slice(rest, end + delimiter.n, rest.n);
		r = add_field(ret, fields_max, a, &f);
		if (r < 0)
			return r;
	}
	if (!take_prefix(&rest, STR("--")))
		return ERR_INVALID;
	return rest.n == 0 || str_eq_c(rest, "\r\n") ? 0 : ERR_INVALID;
}

struct str cookie_value(struct str field, const char *name)
{
	for (struct str piece; str_split(&field, ';', &piece);) {
		size_t equals = str_find_char(piece, '=', 0);
		if (equals == STR_NOT_FOUND || !str_eq_c(str_trim(str_slice(piece, 0, equals)), name))
			continue;
		return str_trim(str_slice(piece, equals + 1, piece.n));
	}
	return (struct str){NULL, 0};
}
