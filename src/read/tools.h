/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What reading needs large libraries for: pictures and the codes in them, archives, media types by libmagic. Most mail
 * needs none of it, and loading them takes longer than reading a mail. So a reader may be prepared without
 * (read_prepare_light); when an input turns out to need one, read_input() answers ERR_UNSUPPORTED and the asker asks a
 * reader that has them. */
#pragma once

#include "read/image.h"
#include "read/qr.h"
#include "read/unpack.h"

struct read_tools {
	const char *(*type)(struct str bytes); /* media type; NULL unknown */
	int (*list)(struct reading *r, const struct attached *what, uint32_t index, archive_member_fn *take);
	int (*decode)(struct str bytes, uint64_t pixels_max, struct image *ret);
	size_t (*scan)(const struct image *image, bool thorough, int64_t deadline_us, struct qr_payload *ret,
	               size_t max);
};

/* From now on these are used; NULL: none are here, and an input that wants one is answered with ERR_UNSUPPORTED. */
void tools_use(const struct read_tools *tools);
/* NULL when there are none; then the answer to this input will be ERR_UNSUPPORTED. */
const struct read_tools *tools_wanted(void);
/* Whether tools_wanted() gave NULL since the last call of this. */
bool tools_were_missing(void);
