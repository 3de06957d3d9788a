/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values instead of tags, in text that comes in pieces. What could still become a tag is held, never more than the
 * longest tag, and let go as soon as it cannot be one. One for each text that is put together on the other side. */
#pragma once

#include "base/buf.h"
#include "gate/mask.h"

enum { RESTORE_HELD_MAX_BYTES = MASK_TAG_MAX_BYTES * 6 };

struct restore {
	const struct mask *mask;
	enum mask_reading reading; /* MASK_ESCAPED: the text is JSON, values are escaped for it */
	size_t n;
	char held[RESTORE_HELD_MAX_BYTES];
};

/* Adds to out what is certain. is_last: nothing follows, so nothing is held. ERR_TOO_LARGE: out is full. */
int restore_feed(struct restore *r, struct str text, bool is_last, struct buf *out);
/* Whole texts. Whether there is anything to do is told by restore_concerns(). */
int restore_whole(const struct mask *m, enum mask_reading reading, struct str text, struct buf *out);
bool restore_concerns(const struct mask *m, enum mask_reading reading, struct str text);
