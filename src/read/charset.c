/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The converters and what comes out of them. Which one is used: charset-guess.c. */
#include "read/charset.h"

#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/udata.h>
#include <unicode/utf8.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"
#include "read/iso2022jp.h"

enum {
	CONVERT_CHUNK_UNITS = 4096,
	LABEL_MAX_BYTES = 40,
};

struct charset {
	struct str name;
	const char *icu;
	UConverter *converter;
};

static struct charset charsets[CHARSET_COUNT] = {
#define CHARSET(id, text, icu_name) [CHARSET_##id] = {{text, sizeof(text) - 1}, icu_name, NULL},
#define ALIAS(label, id)
#include "read/charsets.def"
#undef CHARSET
#undef ALIAS
};

struct alias {
	struct str label;
	enum charset_id id;
};

static const struct alias aliases[] = {
#define CHARSET(id, text, icu_name)
#define ALIAS(label, id) {{label, sizeof(label) - 1}, CHARSET_##id},
#include "read/charsets.def"
#undef CHARSET
#undef ALIAS
};

/* Each wrong sequence becomes one U+FFFD and is counted in the size_t behind context. */
static void count_error(const void *context, UConverterToUnicodeArgs *args, const char *units, int32_t length,
                        UConverterCallbackReason reason, UErrorCode *error)
{
	static const UChar replacement = 0xFFFD;
	if (reason > UCNV_IRREGULAR)
		return;
	++*(size_t *) (uintptr_t) context;
	*error = U_ZERO_ERROR;
	ucnv_cbToUWriteUChars(args, &replacement, 1, 0, error);
}

struct str charset_name(enum charset_id id)
{
	return charsets[id].name;
}

/* NULL when it cannot be had. */
static UConverter *open_converter(struct charset *c)
{
	UErrorCode error = U_ZERO_ERROR;
	if (!c->converter)
		c->converter = ucnv_open(c->icu, &error);
	return U_FAILURE(error) ? NULL : c->converter;
}

int charset_prepare(void)
{
	for (size_t i = 0; i < CHARSET_COUNT; i++)
		if (charsets[i].icu && !open_converter(&charsets[i]))
			return ERR_SYSTEM;
	return 0;
}

void charset_without_files(void)
{
	UErrorCode error = U_ZERO_ERROR;
	udata_setFileAccess(UDATA_NO_FILES, &error);
}

enum charset_id charset_of_label(struct str label)
{
	char key[LABEL_MAX_BYTES];
	size_t n = 0;
	for (size_t i = 0; i < label.n && n < sizeof(key); i++)
		if (ascii_is_alnum(label.p[i]))
			key[n++] = ascii_lower(label.p[i]);
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (str_eq(str_make(key, n), aliases[i].label))
			return aliases[i].id;
	return CHARSET_NONE;
}

size_t charset_ascii_run(struct str s, size_t i)
{
	size_t from = i;
	for (uint64_t words[4]; i + sizeof(words) <= s.n; i += sizeof(words)) {
		memcpy(words, s.p + i, sizeof(words));
		if ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080ULL)
			break;
	}
	while (i < s.n && (unsigned char) s.p[i] < 0x80)
		i++;
	return i - from;
}

size_t charset_printing_run(struct str s, size_t i)
{
	const uint64_t ones = 0x0101010101010101ULL, high = ones * 0x80;
	size_t from = i;
	for (; i + 8 <= s.n; i += 8) {
		uint64_t word, below, is_delete;
		memcpy(&word, s.p + i, 8);
		/* Of each byte the highest bit: below 0x20, and 0x7F. */
		below = (word - ones * 0x20) & ~word & high;
		is_delete = ((word ^ ones * 0x7F) - ones) & ~(word ^ ones * 0x7F) & high;
		if (below | is_delete)
			break;
	}
	while (i < s.n && (unsigned char) s.p[i] >= 0x20 && s.p[i] != 0x7F)
		i++;
	return i - from;
}

/* Length of the valid UTF-8 sequence at i, 0 when there is none. */
static size_t utf8_length(struct str s, size_t i)
{
	int32_t at = 0, length = s.n - i > 4 ? 4 : (int32_t) (s.n - i);
	UChar32 c;
	U8_NEXT((const uint8_t *) s.p + i, at, length, c);
	return c < 0 ? 0 : (size_t) at;
}

bool charset_is_utf8(struct str s)
{
	for (size_t i = charset_ascii_run(s, 0); i < s.n; i += charset_ascii_run(s, i)) {
		size_t n = utf8_length(s, i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

static int convert_utf8(struct str s, struct buf *ret, size_t *ret_errors)
{
	size_t errors = 0;
	for (size_t i = 0; i < s.n;) {
		size_t n = (unsigned char) s.p[i] < 0x80 ? charset_ascii_run(s, i) : utf8_length(s, i);
		if (n > 0) {
			buf_add(ret, s.p + i, n);
		} else {
			buf_add_c(ret, "\xEF\xBF\xBD");
			n = 1;
			errors++;
		}
		i += n;
	}
	*ret_errors = errors;
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}

static int add_utf16(struct buf *ret, const UChar *units, size_t count)
{
	int r = buf_reserve(ret, count * 3);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count;) {
		UChar32 c = units[i++];
		if (U16_IS_LEAD(c) && i < count && U16_IS_TRAIL(units[i]))
			c = U16_GET_SUPPLEMENTARY(c, units[i++]);
		if (U_IS_SURROGATE(c))
			c = 0xFFFD;
		U8_APPEND_UNSAFE((uint8_t *) ret->p, ret->n, c);
	}
	return 0;
}

static int convert_icu(enum charset_id id, struct str s, struct buf *ret, size_t *ret_errors)
{
	UChar units[CONVERT_CHUNK_UNITS];
	size_t errors = 0, kept = 0;
	UConverter *c = open_converter(&charsets[id]);
	UErrorCode error = U_ZERO_ERROR;
	if (s.n == 0) {
		*ret_errors = 0;
		return 0;
	}
	if (!c)
		return ERR_TOO_LARGE;
	const char *from = s.p, *end = s.p + s.n;
	ucnv_reset(c);
	ucnv_setToUCallBack(c, count_error, &errors, NULL, NULL, &error);
	do {
		UChar *to = units + kept;
		error = U_ZERO_ERROR;
		ucnv_toUnicode(c, &to, units + CONVERT_CHUNK_UNITS, &from, end, NULL, true, &error);
		size_t n = (size_t) (to - units);
		/* A pair that the chunk's end would cut goes on in the next chunk. */
		bool cut = error == U_BUFFER_OVERFLOW_ERROR && n > 0 && U16_IS_LEAD(units[n - 1]);
		int r = add_utf16(ret, units, n - cut);
		if (r < 0)
			return r;
		kept = cut;
		if (cut)
			units[0] = units[n - 1];
	} while (error == U_BUFFER_OVERFLOW_ERROR);
	*ret_errors = errors + (U_FAILURE(error) ? 1 : 0);
	return 0;
}

int charset_convert(enum charset_id id, struct str s, struct buf *ret, size_t *ret_errors)
{
	if (id == CHARSET_UTF8)
		return convert_utf8(s, ret, ret_errors);
	if (id != CHARSET_ISO2022JP)
		return convert_icu(id, s, ret, ret_errors);
	struct buf euc = buf_make(CONVERTED_MAX_BYTES);
	size_t first = 0, second = 0;
	int r = iso2022jp_to_eucjp(s, !iso2022jp_has_escape(s), &euc, &first);
	if (r >= 0)
		r = convert_icu(CHARSET_EUCJP, buf_str(&euc), ret, &second);
	buf_done(&euc);
	*ret_errors = first + second;
	return r;
}
