/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sets that occur in mail: ASCII, JIS X 0201 Latin and kana, JIS X 0208 (1978, 1983, Microsoft's extended rows),
 * JIS X 0212, JIS X 0213 plane 1 read as 0208, and kana in SO/SI or with the eighth bit. RFC 1468, RFC 2237, JIS X
 * 0208:1997. */
#include "read/iso2022jp.h"

#include "base/check.h"
#include "base/err.h"

enum set { SET_ASCII, SET_KANA, SET_0208, SET_0212 };

struct escape {
	struct str text; /* without ESC */
	enum set set;
};

static const struct escape escapes[] = {
        {{"$B", 2}, SET_0208},  {{"(B", 2}, SET_ASCII}, {{"(J", 2}, SET_ASCII},      {{"$@", 2}, SET_0208},
        {{"(I", 2}, SET_KANA},  {{"$(D", 3}, SET_0212}, {{"$(B", 3}, SET_0208},      {{"$(@", 3}, SET_0208},
        {{"$(O", 3}, SET_0208}, {{"$(Q", 3}, SET_0208}, {{"&@\033$B", 5}, SET_0208}, {{"(H", 2}, SET_ASCII},
        {{")I", 2}, SET_ASCII},
};

static const struct escape *escape_at(struct str s, size_t i)
{
	struct str rest = str_slice(s, i, s.n);
	for (size_t k = 0; k < ARRAY_SIZE(escapes); k++)
		if (str_starts_with(rest, escapes[k].text))
			return &escapes[k];
	return NULL;
}

bool iso2022jp_has_escape(struct str s)
{
	for (size_t i = 0; (i = str_find_char(s, '\033', i)) != STR_NOT_FOUND; i++)
		if (escape_at(s, i + 1))
			return true;
	return false;
}

/* Lines should end in ASCII, but some senders run on over a line end: then the line closes with a return to ASCII that
 * nothing opened. */
static bool line_goes_on(struct str s, size_t i)
{
	for (; i < s.n && s.p[i] != '\n'; i++)
		if (s.p[i] == '\033')
			return i + 1 < s.n && s.p[i + 1] == '(';
	return false;
}

static bool is_graphic(struct str s, size_t i)
{
	return i < s.n && s.p[i] > 0x20 && s.p[i] < 0x7F;
}

static size_t put_double(struct str s, size_t i, enum set set, struct buf *ret, size_t *errors)
{
	if (!is_graphic(s, i) || !is_graphic(s, i + 1)) {
		if ((unsigned char) s.p[i] > ' ')
			++*errors;
		buf_add_char(ret, (unsigned char) s.p[i] > ' ' ? '?' : s.p[i]);
		return 1;
	}
	if (set == SET_0212)
		buf_add_char(ret, (char) 0x8F);
	buf_add_char(ret, (char) (s.p[i] | 0x80));
	buf_add_char(ret, (char) (s.p[i + 1] | 0x80));
	return 2;
}

static size_t put_single(struct str s, size_t i, enum set set, struct buf *ret, size_t *errors)
{
	unsigned char c = (unsigned char) s.p[i];
	if ((set == SET_KANA && c > 0x20 && c < 0x60) || (c > 0xA0 && c < 0xE0)) {
		buf_add_char(ret, (char) 0x8E);
		buf_add_char(ret, (char) (c | 0x80));
	} else if (c >= 0x80) {
		++*errors;
		buf_add_char(ret, '?');
	} else {
		buf_add_char(ret, (char) c);
	}
	return 1;
}

/* The escape that begins at i, and how long it is with its ESC. A lost ESC is only guessed where the set can change so.
 */
static const struct escape *next_escape(struct str s, size_t i, enum set set, bool bare, size_t *ret_length)
{
	if (s.p[i] == '\033') {
		const struct escape *e = escape_at(s, i + 1);
		*ret_length = e ? e->text.n + 1 : 1;
		return e;
	}
	if (!bare || s.p[i] != (set == SET_ASCII ? '$' : '('))
		return NULL;
	const struct escape *e = escape_at(s, i);
	if (!e || e->text.n != 2 || e->set == SET_KANA)
		return NULL;
	*ret_length = e->text.n;
	return e;
}

int iso2022jp_to_eucjp(struct str s, bool bare, struct buf *ret, size_t *ret_errors)
{
	enum set set = SET_ASCII;
	bool shifted = false;
	size_t errors = 0, length = 0;
	for (size_t i = 0; i < s.n;) {
		const struct escape *e = next_escape(s, i, set, bare, &length);
		if (e) {
			set = e->set;
			i += length;
		} else if (s.p[i] == '\033') {
			errors++;
			i++;
		} else if (s.p[i] == '\016' || s.p[i] == '\017') {
			shifted = s.p[i++] == '\016';
		} else if (s.p[i] == '\n') {
			if (set != SET_ASCII && !line_goes_on(s, i + 1))
				set = SET_ASCII;
			shifted = false;
			buf_add_char(ret, s.p[i++]);
		} else if (set == SET_0208 || set == SET_0212) {
			i += put_double(s, i, set, ret, &errors);
		} else {
			i += put_single(s, i, shifted ? SET_KANA : set, ret, &errors);
		}
	}
	*ret_errors = errors;
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}
