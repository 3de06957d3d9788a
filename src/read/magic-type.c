/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libmagic, whose tables are loaded into memory before the jail. It is asked about the first bytes only and told not to
 * look inside packed files. */
#include "read/magic-type.h"

#include <magic.h>

#include "base/err.h"

enum { MAGIC_LOOK_BYTES = 64 * 1024 };

static magic_t magic;

int magic_prepare(void)
{
	if (magic)
		return 0;
	magic_t m =
	        magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF |
	                   MAGIC_NO_CHECK_TOKENS | MAGIC_NO_CHECK_ENCODING | MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CSV);
	if (!m || magic_load(m, NULL) != 0) {
		if (m)
			magic_close(m);
		return ERR_SYSTEM;
	}
	magic = m;
	/* The first call sets tables up. */
	magic_buffer(magic, "\x7F\x45\x01", 3);
	return 0;
}

const char *magic_type(struct str s)
{
	return magic ? magic_buffer(magic, s.p, s.n < MAGIC_LOOK_BYTES ? s.n : MAGIC_LOOK_BYTES) : NULL;
}
