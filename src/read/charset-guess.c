/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which charset: the label counts as long as the bytes agree with it. Bytes that are valid UTF-8 are UTF-8, bytes with
 * escapes are ISO-2022-JP; where the label does not fit, each candidate is tried on the first bytes and the one whose
 * characters look most like written Japanese (or, failing that, Latin) is taken. */
#include "read/charset-guess.h"

#include <unicode/utf8.h>

#include "base/check.h"
#include "read/iso2022jp.h"

enum { SAMPLE_MAX_BYTES = 16 * 1024 };

static bool is_single_byte(enum charset_id id)
{
	return id >= CHARSET_W1250 && id <= CHARSET_MAC;
}

static bool is_letter(UChar32 c)
{
	return c < 0x80 && ascii_is_alpha((char) c);
}

static bool is_typographic(UChar32 c)
{
	return (c >= 0x2013 && c <= 0x2022) || c == 0x2026 || c == 0x20AC || c == 0x2122 || c == 0xA0 || c == 0xA9 ||
	       c == 0xAE;
}

/* How much a character between two others speaks for the charset that produced it. */
static int plausibility(UChar32 before, UChar32 c, UChar32 after)
{
	bool alone = before < 0x80 && after < 0x80;
	if (c == 0xFFFD || c == 0x1A)
		return -12;
	if (c < 0x80)
		return c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1B ? -6 : 0;
	if (c < 0xA0)
		return -6;
	if (is_typographic(c))
		return 1;
	if (c < 0x250)
		return alone ? 1 : c >= 0xDF && c != 0xF7 ? 0 : -2;
	/* One wide character inside a Latin word: "don\x92t" read as Shift_JIS. */
	if (alone && c >= 0x2E80 && (is_letter(before) || is_letter(after)))
		return -8;
	if (c >= 0x3040 && c <= 0x309F)
		return 6;
	if (c >= 0x30A0 && c <= 0x30FF)
		return 5;
	if (c >= 0x3000 && c <= 0x3020)
		return 4;
	if (c >= 0x4E00 && c <= 0x9FA5)
		return 2;
	if (c >= 0xFF01 && c <= 0xFF5E)
		return 3;
	if (c >= 0xFF61 && c <= 0xFF9F)
		return -1;
	if ((c >= 0x370 && c <= 0x6FF) || (c >= 0xE00 && c <= 0xE7F) || (c >= 0xAC00 && c <= 0xD7A3))
		return 2;
	if (c >= 0xE000 && c <= 0xF8FF)
		return -8;
	return c >= 0x2000 && c < 0x2700 ? 1 : -1;
}

/* Plausibility of s read as id, per thousand bytes beyond ASCII; and how many errors. */
static int score(enum charset_id id, struct str s, size_t *ret_errors)
{
	struct buf b = buf_make((size_t) SAMPLE_MAX_BYTES * 4);
	size_t beyond = 0;
	int64_t sum = 0;
	for (size_t i = 0; i < s.n; i++)
		beyond += (unsigned char) s.p[i] >= 0x80;
	if (charset_convert(id, s, &b, ret_errors) < 0) {
		buf_done(&b);
		return INT32_MIN;
	}
	UChar32 before = ' ', c = ' ', after = ' ';
	for (int32_t i = 0, n = (int32_t) b.n; i < n || after != ' ';) {
		before = c;
		c = after;
		after = ' ';
		if (i < n)
			U8_NEXT((const uint8_t *) b.p, i, n, after);
		sum += plausibility(before, c, after);
	}
	sum += plausibility(c, after, ' ');
	buf_done(&b);
	return (int) (sum * 1000 / (int64_t) (beyond + 1));
}

/* The first lines that hold more than ASCII: the others say nothing about the charset. */
static void sample_lines(struct str s, struct buf *ret)
{
	struct str line;
	while (s.n > 0 && ret->n < SAMPLE_MAX_BYTES) {
		size_t from = charset_ascii_run(s, 0);
		if (from == s.n)
			return;
		size_t before = str_rfind_char(str_slice(s, 0, from), '\n'), end = str_find_char(s, '\n', from);
		line = str_slice(s, before == STR_NOT_FOUND ? 0 : before + 1, end == STR_NOT_FOUND ? s.n : end + 1);
		(void) buf_add_str(ret, str_slice(line, 0, SAMPLE_MAX_BYTES - ret->n));
		s = str_slice(s, end == STR_NOT_FOUND ? s.n : end + 1, s.n);
	}
}

static enum charset_id best_of(struct str sample, enum charset_id labelled)
{
	static const enum charset_id candidates[] = {CHARSET_UTF8, CHARSET_EUCJP, CHARSET_SJIS, CHARSET_GB18030,
	                                             CHARSET_W1252};
	size_t errors = 0;
	enum charset_id best = labelled == CHARSET_NONE ? CHARSET_W1252 : labelled;
	int highest = score(best, sample, &errors);
	/* A label is believed unless something else is clearly better. */
	if (labelled != CHARSET_NONE)
		highest += 400;
	for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
		int value = candidates[i] == labelled ? INT32_MIN : score(candidates[i], sample, &errors);
		if (value > highest) {
			highest = value;
			best = candidates[i];
		}
	}
	return best;
}

static bool looks_utf16(struct str s, enum charset_id labelled)
{
	bool marked = s.n >= 2 && (memcmp(s.p, "\xFF\xFE", 2) == 0 || memcmp(s.p, "\xFE\xFF", 2) == 0);
	bool named = labelled == CHARSET_UTF16 || labelled == CHARSET_UTF16LE || labelled == CHARSET_UTF16BE;
	return marked || (named && s.n >= 2 && memchr(s.p, 0, s.n < 64 ? s.n : 64));
}

static enum charset_id choose_ascii(struct str s, enum charset_id labelled)
{
	if (labelled == CHARSET_HZ || labelled == CHARSET_ISO2022KR)
		return labelled;
	if (iso2022jp_has_escape(s))
		return CHARSET_ISO2022JP;
	/* Some gateways drop the ESC and leave "$B" behind. */
	if (labelled == CHARSET_ISO2022JP && str_contains(s, STR("$B")) && str_contains(s, STR("(B")))
		return CHARSET_ISO2022JP;
	return CHARSET_UTF8;
}

static enum charset_id choose_by_look(struct str s, enum charset_id labelled)
{
	CLEANUP(buf_done) struct buf sample = buf_make(SAMPLE_MAX_BYTES);
	size_t errors = 0;

	sample_lines(s, &sample);
	if (labelled == CHARSET_ISO2022JP)
		return best_of(buf_str(&sample), CHARSET_NONE);
	if (labelled != CHARSET_NONE && labelled != CHARSET_UTF8 && !is_single_byte(labelled) &&
	    score(labelled, buf_str(&sample), &errors) > 1000 && errors == 0)
		return labelled;
	return best_of(buf_str(&sample), labelled);
}

enum charset_id charset_guess(struct str s, enum charset_id labelled)
{
	if (looks_utf16(s, labelled))
		return labelled == CHARSET_UTF16LE || labelled == CHARSET_UTF16BE ? labelled : CHARSET_UTF16;
	if (labelled == CHARSET_UTF16 || labelled == CHARSET_UTF16LE || labelled == CHARSET_UTF16BE)
		labelled = CHARSET_NONE;
	if (charset_ascii_run(s, 0) == s.n)
		return choose_ascii(s, labelled);
	if (iso2022jp_has_escape(s) && !charset_is_utf8(s))
		return CHARSET_ISO2022JP;
	if (charset_is_utf8(s) && (labelled == CHARSET_UTF8 || labelled == CHARSET_NONE || is_single_byte(labelled)))
		return CHARSET_UTF8;
	return choose_by_look(s, labelled);
}

bool charset_looks_binary(struct str s, enum charset_id labelled)
{
	if (looks_utf16(s, labelled))
		return false;
	struct str sample = str_slice(s, 0, SAMPLE_MAX_BYTES);
	size_t controls = 0;
	for (size_t i = 0; i < sample.n; i++) {
		i += charset_printing_run(sample, i);
		if (i == sample.n)
			break;
		unsigned char c = (unsigned char) sample.p[i];
		controls += c < 0x20 && !ascii_is_space((char) c) && c != 0x1B && c != 0x0E && c != 0x0F;
	}
	return controls * 20 > sample.n;
}
