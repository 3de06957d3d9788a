/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields and encoded words. Neighbouring words of one charset are joined before they are converted, because many
 * senders cut characters in two. */
#include "read/field.h"

#include "base/buf.h"
#include "base/err.h"
#include "read/charset-decode.h"
#include "read/encoding.h"

enum { WORD_MAX_BYTES = 8 * 1024, NAME_MAX_BYTES = 80 };

bool field_is_start(struct str line, size_t *ret_name_length)
{
	size_t n = 0;
	while (n < line.n && n < NAME_MAX_BYTES && line.p[n] > ' ' && line.p[n] < 0x7F && line.p[n] != ':')
		n++;
	size_t after = n;
	while (after < line.n && (line.p[after] == ' ' || line.p[after] == '\t'))
		after++;
	if (n == 0 || after >= line.n || line.p[after] != ':')
		return false;
	*ret_name_length = n;
	return true;
}

bool field_next(struct str *rest, struct field *ret, bool *ret_broken)
{
	struct str line, at = *rest;
	size_t n;
	*ret_broken = false;
	if (!str_next_line(rest, &line) || line.n == 0)
		return false;
	if (!field_is_start(line, &n)) {
		*rest = at;
		*ret_broken = true;
		return false;
	}
	ret->name = str_slice(line, 0, n);
	size_t colon = str_find_char(line, ':', n);
	const char *end = line.p + line.n;
	/* A fold may hold blanks alone; then the header goes on only when a field or fold follows. */
	while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t') && str_next_line(rest, &line))
		end = line.p + line.n;
	ret->value = str_make(ret->name.p + colon + 1, (size_t) (end - ret->name.p) - colon - 1);
	return true;
}

struct str field_unfold(struct str value, struct arena *a)
{
	struct str v = str_trim(str_slice(value, 0, FIELD_VALUE_MAX_BYTES));
	if (str_find_char(v, '\n', 0) == STR_NOT_FOUND)
		return v;
	char *p = arena_alloc(a, v.n + 1);
	size_t n = 0;
	if (!p)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] != '\n' && v.p[i] != '\r')
			p[n++] = v.p[i];
	return str_make(p, n);
}

struct word {
	struct str charset, text;
	char encoding;
	size_t end; /* just after "?=" */
};

/* An encoded word at i. Blanks inside it, which RFC 2047 forbids and some senders write, are let through. */
static bool word_at(struct str s, size_t i, struct word *ret)
{
	struct str w = str_slice(s, i, i + WORD_MAX_BYTES);
	if (w.n < 8 || w.p[0] != '=' || w.p[1] != '?')
		return false;
	size_t cs = 2;
	while (cs < w.n && cs < 42 && w.p[cs] > ' ' && w.p[cs] != '?')
		cs++;
	if (cs == 2 || cs + 2 >= w.n || w.p[cs] != '?' || w.p[cs + 2] != '?')
		return false;
	char encoding = ascii_lower(w.p[cs + 1]);
	size_t end = str_find(w, STR("?="), cs + 3);
	if (end == STR_NOT_FOUND || (encoding != 'b' && encoding != 'q'))
		return false;
	struct str charset = str_slice(w, 2, cs);
	size_t star = str_find_char(charset, '*', 0);
	*ret = (struct word){str_slice(charset, 0, star == STR_NOT_FOUND ? charset.n : star), str_slice(w, cs + 3, end),
	                     encoding, i + end + 2};
	return true;
}

struct decoder {
	struct arena *a;
	struct str hint;
	struct buf text;
	struct field_text *flags;
};

static int flush(struct decoder *d, struct str raw, struct str charset)
{
	struct charset_text t = {0};
	if (raw.n == 0)
		return 0;
	int r = charset_decode_line(raw, charset, d->a, &t);
	if (r < 0)
		return r;
	d->flags->broken |= t.broken;
	d->flags->wrong |= t.wrong;
	d->flags->foreign |= t.foreign;
	return buf_add_str(&d->text, t.text);
}

/* Reads the run of words at i, all of one charset; *ret_end is where it ends. */
static int decode_words(struct decoder *d, struct str s, struct word w, size_t *ret_end)
{
	struct buf raw = buf_make((size_t) FIELD_VALUE_MAX_BYTES * 2);
	struct str charset = w.charset;
	size_t errors, end;
	int r = 0;
	for (;;) {
		r = w.encoding == 'b' ? encoding_from_base64(w.text, &raw, &errors)
		                      : encoding_from_q(w.text, &raw, &errors);
		end = w.end;
		size_t next = end;
		while (next < s.n && ascii_is_space(s.p[next]))
			next++;
		if (r < 0 || !word_at(s, next, &w))
			break;
		end = next;
		if (!str_eq_icase(w.charset, charset))
			break;
	}
	if (r >= 0)
		r = flush(d, buf_str(&raw), charset);
	buf_done(&raw);
	*ret_end = end;
	return r;
}

static int decode_into(struct decoder *d, struct str s)
{
	size_t plain = 0;
	int r = 0;
	struct word w;
	for (size_t i = 0; i < s.n && r >= 0;) {
		i = str_find(s, STR("=?"), i);
		if (i == STR_NOT_FOUND)
			break;
		if (!word_at(s, i, &w)) {
			i += 2;
			continue;
		}
		r = flush(d, str_slice(s, plain, i), d->hint);
		if (r >= 0)
			r = decode_words(d, s, w, &i);
		plain = i;
	}
	return r < 0 ? r : flush(d, str_slice(s, plain, s.n), d->hint);
}

int field_decode(struct str value, struct str hint, struct arena *a, struct field_text *ret)
{
	struct field_text t = {0};
	struct decoder d = {a, hint, buf_make((size_t) FIELD_VALUE_MAX_BYTES * 4), &t};
	int r = decode_into(&d, field_unfold(value, a));
	/* Some list servers encode once more what is encoded already. */
	if (r >= 0 && str_contains(buf_str(&d.text), STR("=?")) && str_contains(buf_str(&d.text), STR("?="))) {
		struct str once = arena_dup(a, buf_str(&d.text));
		buf_clear(&d.text);
		r = decode_into(&d, once);
	}
	if (r >= 0) {
		t.text = arena_dup(a, str_trim(buf_str(&d.text)));
		r = t.text.p ? 0 : ERR_TOO_LARGE;
	}
	buf_done(&d.text);
	if (r >= 0)
		*ret = t;
	return r;
}
