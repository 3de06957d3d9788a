/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses that stand bare in text. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct found_link {
	uint32_t start, end; /* in the text, as it is seen */
	struct str url; /* as a client would open it: full-width letters narrowed, "hxxp" and "[.]" undone, invisible
	                   characters gone, "http://" before a bare host; "mailto:" before a mail address */
	bool mail;
};

struct found_links {
	struct found_link *at;
	size_t n, cap;
	bool too_many;
};

/* At most max links. ERR_TOO_LARGE when a is full. */
int links_find(struct str text, size_t max, struct arena *a, struct found_links *ret);
