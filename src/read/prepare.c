/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What must be ready before the jail. */
#include <iconv.h>
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "base/check.h"
#include "base/err.h"
#include "read/charset.h"
#include "read/magic-type.h"
#include "read/tools.h"

/* libarchive turns the names in 7z, ISO and CAB files from UTF-16 through iconv, whose modules can only be loaded while
 * files may be opened; open descriptors keep them loaded. */
static int keep_iconv(void)
{
	static const char *const from[] = {"UTF-16LE", "UTF-16BE",  "UTF-8",  "CP437",
	                                   "CP932",    "SHIFT_JIS", "EUC-JP", "ISO-8859-1"};
	static iconv_t kept[ARRAY_SIZE(from)];
	for (size_t i = 0; i < ARRAY_SIZE(from); i++) {
		if (!kept[i])
			kept[i] = iconv_open("UTF-8", from[i]);
		if (kept[i] == (iconv_t) -1)
			return ERR_SYSTEM;
	}
	return 0;
}

int read_prepare_light(const char **ret_missing)
{
	bool fits = setenv("TZ", "UTC0", 1) == 0;

	tzset();
	charset_without_files();
	tools_use(NULL);
	if (!fits)
		*ret_missing = "time zone";
	return fits ? 0 : ERR_SYSTEM;
}

int read_prepare(const char **ret_missing)
{
	static const struct read_tools tools = {magic_type, archive_list, image_decode, qr_scan};
	const char *missing = NULL;

	if (read_prepare_light(&missing) >= 0 && charset_prepare() < 0)
		missing = "charset converters";
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		missing = "locale C.UTF-8";
	if (keep_iconv() < 0)
		missing = "iconv modules";
	if (magic_prepare() < 0)
		missing = "magic database";
	qr_prepare();
	tools_use(&tools);
	if (!missing)
		return 0;
	*ret_missing = missing;
	return ERR_SYSTEM;
}
