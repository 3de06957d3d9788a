/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/host.h"

#include <string.h>
#include <unicode/uidna.h>
#include <unicode/uspoof.h>

#include "base/check.h"
#include "text/fold.h"

enum { HOST_WORK_BYTES = 1024 };

/* ICU's checkers are opened once in a process and kept: they are read-only and cost milliseconds to make. */
static const UIDNA *idna(void)
{
	static UIDNA *kept;
	UErrorCode status = U_ZERO_ERROR;
	if (!kept)
		kept = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, &status);
	CHECK(kept);
	return kept;
}

static const USpoofChecker *spoof(void)
{
	static USpoofChecker *kept;
	UErrorCode status = U_ZERO_ERROR;
	if (!kept)
		kept = uspoof_open(&status);
	CHECK(kept);
	return kept;
}

struct str host_to_ascii(struct str host, struct arena *a)
{
	char out[HOST_WORK_BYTES];
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode status = U_ZERO_ERROR;

	if (host.n == 0 || host.n >= sizeof(out))
		return (struct str){0};
	int32_t n = uidna_nameToASCII_UTF8(idna(), host.p, (int32_t) host.n, out, sizeof(out), &info, &status);
	const uint32_t fatal = UIDNA_ERROR_DISALLOWED | UIDNA_ERROR_PUNYCODE | UIDNA_ERROR_INVALID_ACE_LABEL |
	                       UIDNA_ERROR_LEADING_COMBINING_MARK | UIDNA_ERROR_LABEL_HAS_DOT;
	if (U_FAILURE(status) || n <= 0 || (size_t) n >= sizeof(out) || info.errors & fatal)
		return (struct str){0};
	return arena_dup(a, str_make(out, (size_t) n));
}

struct str host_to_unicode(struct str ascii, struct arena *a)
{
	char out[HOST_WORK_BYTES];
	UIDNAInfo info = UIDNA_INFO_INITIALIZER;
	UErrorCode status = U_ZERO_ERROR;

	if (ascii.n == 0 || ascii.n >= sizeof(out))
		return ascii;
	int32_t n = uidna_nameToUnicodeUTF8(idna(), ascii.p, (int32_t) ascii.n, out, sizeof(out), &info, &status);
	if (U_FAILURE(status) || n <= 0 || (size_t) n >= sizeof(out))
		return ascii;
	return arena_dup(a, str_make(out, (size_t) n));
}

struct str host_skeleton(struct str text, struct arena *a)
{
	char out[HOST_WORK_BYTES];
	UErrorCode status = U_ZERO_ERROR;

	if (text.n == 0 || text.n * 3 >= sizeof(out))
		return text;
	int32_t n = uspoof_getSkeletonUTF8(spoof(), 0, text.p, (int32_t) text.n, out, sizeof(out), &status);
	if (U_FAILURE(status) || n <= 0 || (size_t) n >= sizeof(out))
		return text;
	return arena_dup(a, str_make(out, (size_t) n));
}

/* Cyrillic and Greek letters that pass for Latin ones in most fonts. */
static bool looks_latin(uint32_t c)
{
	static const uint32_t letters[] = {0x430, 0x435, 0x43E, 0x440, 0x441, 0x443, 0x445, 0x455, 0x456, 0x458,
	                                   0x4BB, 0x501, 0x51B, 0x51D, 0x3BF, 0x3C1, 0x3BD, 0x3B1, 0x456, 0x4CF};
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (letters[i] == c)
			return true;
	return false;
}

bool host_imitates(struct str unicode)
{
	struct str label;
	while (str_split(&unicode, '.', &label)) {
		bool latin = false, foreign = false, all_look_latin = true, any = false;
		for (size_t at = 0; at < label.n;) {
			uint32_t c = text_next(label, &at);
			enum script script = text_script(c);
			latin = latin || script == SCRIPT_LATIN;
			foreign = foreign || script == SCRIPT_CYRILLIC || script == SCRIPT_GREEK;
			any = any || c >= 0x80;
			if (c >= 0x80 && !looks_latin(c))
				all_look_latin = false;
		}
		if ((latin && foreign) || (any && all_look_latin))
			return true;
	}
	return false;
}
