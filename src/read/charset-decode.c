/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A labelled text decoded as what it really is. */
#include "read/charset-decode.h"

#include "base/err.h"
#include "read/charset-guess.h"

static bool label_is_silent(struct str label)
{
	return label.n == 0 || str_eq_icase(label, STR("us-ascii")) || str_eq_icase(label, STR("ascii")) ||
	       str_eq_icase(label, STR("ansi_x3.4-1968")) || str_eq_icase(label, STR("default")) ||
	       str_eq_icase(label, STR("unknown-8bit")) || str_eq_icase(label, STR("8bit"));
}

static bool label_is_foreign(enum charset_id id)
{
	return id == CHARSET_GB18030 || id == CHARSET_BIG5 || id == CHARSET_EUCKR || id == CHARSET_ISO2022KR ||
	       id == CHARSET_HZ || id == CHARSET_W1251 || id == CHARSET_KOI8R || id == CHARSET_KOI8U ||
	       id == CHARSET_ISO5;
}

/* Copies s without CR and other control characters. */
static int clean(struct str s, bool one_line, struct arena *a, struct str *ret)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	if (!p)
		return ERR_TOO_LARGE;
	if (str_starts_with(s, STR("\xEF\xBB\xBF")))
		s = str_slice(s, 3, s.n);
	for (size_t i = 0; i < s.n; i++) {
		size_t run = charset_printing_run(s, i);
		memcpy(p + n, s.p + i, run);
		n += run;
		i += run;
		if (i == s.n)
			break;
		unsigned char c = (unsigned char) s.p[i];
		if (c == '\n' || c == '\t' || (c == '\r' && (i + 1 == s.n || s.p[i + 1] != '\n')))
			p[n++] = one_line ? ' ' : c == '\r' ? '\n' : (char) c;
	}
	*ret = str_make(p, n);
	return 0;
}

static int decode(struct str bytes, struct str label, bool one_line, struct arena *a, struct charset_text *ret)
{
	enum charset_id labelled = charset_of_label(label);
	enum charset_id used = charset_guess(bytes, labelled);
	struct charset_text t = {.used = charset_name(used)};
	struct buf b = buf_make(CONVERTED_MAX_BYTES);
	size_t errors = 0;
	bool ascii = used == CHARSET_UTF8 && charset_ascii_run(bytes, 0) == bytes.n;

	t.unknown = labelled == CHARSET_NONE && !label_is_silent(label);
	t.foreign = label_is_foreign(labelled);
	t.wrong = !ascii && labelled != CHARSET_NONE && used != labelled &&
	          !(used == CHARSET_UTF16 && (labelled == CHARSET_UTF16LE || labelled == CHARSET_UTF16BE));
	if (ascii && labelled != CHARSET_NONE)
		t.used = charset_name(labelled);
	int r = 0;
	if (used == CHARSET_UTF8 && charset_is_utf8(bytes)) {
		r = clean(bytes, one_line, a, &t.text);
	} else {
		r = charset_convert(used, bytes, &b, &errors);
		if (r >= 0)
			r = clean(buf_str(&b), one_line, a, &t.text);
	}
	buf_done(&b);
	t.broken = errors > 0 || charset_looks_binary(bytes, labelled);
	if (r >= 0)
		*ret = t;
	return r;
}

int charset_decode(struct str bytes, struct str label, struct arena *a, struct charset_text *ret)
{
	return decode(bytes, label, false, a, ret);
}

int charset_decode_line(struct str bytes, struct str label, struct arena *a, struct charset_text *ret)
{
	return decode(bytes, label, true, a, ret);
}
