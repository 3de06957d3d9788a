/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See encoding.h. Each function is one pass over its input. */
#include "read/encoding.h"

#include "base/err.h"

int encoding_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	char low = ascii_lower(c);
	return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

int encoding_from_base64(struct str s, struct buf *ret, size_t *ret_errors)
{
	static signed char table[256];
	static bool ready;
	size_t errors = 0;
	unsigned bits = 0, count = 0;
	for (int c = 0; !ready && c < 256; c++)
		table[c] = (signed char) (ascii_is_space((char) c) ? -2 : c == '=' ? -3 : base64_value((char) c));
	ready = true;
	int r = buf_reserve(ret, s.n / 4 * 3 + 3);
	if (r < 0)
		return r;
	for (size_t i = 0; i < s.n; i++) {
		int v = table[(unsigned char) s.p[i]];
		if (v < 0) {
			/* Padding ends a run; more may follow where two encodings were joined. */
			if (v == -3)
				count = 0;
			errors += v == -1;
			continue;
		}
		bits = bits << 6 | (unsigned) v;
		if (++count > 1)
			ret->p[ret->n++] = (char) (bits >> (count == 2 ? 4 : count == 3 ? 2 : 0));
		count &= 3;
	}
	*ret_errors = errors;
	return 0;
}

/* A line end, with blanks before it, at i: its length, else 0. */
static size_t soft_break(struct str s, size_t i)
{
	size_t k = i;
	while (k < s.n && (s.p[k] == ' ' || s.p[k] == '\t'))
		k++;
	if (k == s.n)
		return k - i;
	if (s.p[k] == '\r' && k + 1 < s.n && s.p[k + 1] == '\n')
		return k + 2 - i;
	return s.p[k] == '\n' || s.p[k] == '\r' ? k + 1 - i : 0;
}

static int from_quoted(struct str s, bool q, struct buf *ret, size_t *ret_errors)
{
	size_t errors = 0;
	int r = buf_reserve(ret, s.n);
	if (r < 0)
		return r;
	for (size_t i = 0; i < s.n;) {
		char c = s.p[i++];
		if (c != '=') {
			ret->p[ret->n++] = q && c == '_' ? ' ' : c;
			continue;
		}
		int high = i < s.n ? encoding_hex_value(s.p[i]) : -1;
		int low = i + 1 < s.n ? encoding_hex_value(s.p[i + 1]) : -1;
		size_t skip = soft_break(s, i);
		if (high >= 0 && low >= 0) {
			ret->p[ret->n++] = (char) (high << 4 | low);
			i += 2;
		} else if (!q && (skip > 0 || i == s.n)) {
			i += skip;
		} else {
			ret->p[ret->n++] = c;
			errors++;
		}
	}
	*ret_errors = errors;
	return 0;
}

int encoding_from_quoted_printable(struct str s, struct buf *ret, size_t *ret_errors)
{
	return from_quoted(s, false, ret, ret_errors);
}

int encoding_from_q(struct str s, struct buf *ret, size_t *ret_errors)
{
	return from_quoted(s, true, ret, ret_errors);
}

int encoding_from_percent(struct str s, struct buf *ret)
{
	int r = buf_reserve(ret, s.n);
	if (r < 0)
		return r;
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? encoding_hex_value(s.p[i + 1]) : -1;
		int low = high >= 0 ? encoding_hex_value(s.p[i + 2]) : -1;
		ret->p[ret->n++] = low >= 0 ? (char) (high << 4 | low) : s.p[i];
		i += low >= 0 ? 2 : 0;
	}
	return 0;
}

static int uu_line(struct str line, struct buf *ret)
{
	size_t left = line.n > 0 ? ((unsigned char) line.p[0] - 32U) & 63 : 0;
	for (size_t i = 1; i + 3 < line.n && left > 0; i += 4) {
		unsigned bits = 0;
		for (size_t k = 0; k < 4; k++)
			bits = bits << 6 | (((unsigned char) line.p[i + k] - 32U) & 63);
		for (int shift = 16; shift >= 0 && left > 0; shift -= 8, left--)
			buf_add_char(ret, (char) (bits >> shift));
	}
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}

int encoding_from_uuencode(struct str s, struct buf *ret, size_t *ret_errors)
{
	bool begun = false;
	struct str line;
	*ret_errors = 0;
	while (str_next_line(&s, &line)) {
		if (begun && str_eq(line, STR("end")))
			break;
		if (begun && uu_line(line, ret) < 0)
			return ERR_TOO_LARGE;
		begun |= str_starts_with(line, STR("begin "));
	}
	return 0;
}

int encoding_decode(struct str name, struct str s, struct buf *scratch, struct str *ret, size_t *ret_errors)
{
	int r;
	*ret_errors = 0;
	name = str_trim(name);
	if (str_eq_icase(name, STR("base64")))
		r = encoding_from_base64(s, scratch, ret_errors);
	else if (str_eq_icase(name, STR("quoted-printable")))
		r = encoding_from_quoted_printable(s, scratch, ret_errors);
	else if (str_eq_icase(name, STR("x-uuencode")) || str_eq_icase(name, STR("uuencode")))
		r = encoding_from_uuencode(s, scratch, ret_errors);
	else {
		*ret = s;
		return 0;
	}
	*ret = buf_str(scratch);
	return r;
}
