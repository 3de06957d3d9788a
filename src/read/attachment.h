/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attachments: what they really are, and what can be seen in them without running anything. */
#pragma once

#include "read/reading.h"

struct attached {
	struct str name;     /* decoded */
	struct str declared; /* media type of the message, "" for a member of an archive */
	struct str bytes;    /* decoded; of a member perhaps only the beginning */
	uint64_t size_bytes;
	uint32_t flags;  /* what is known already */
	uint32_t inside; /* index of the archive, or PART_NONE */
	uint32_t level;  /* archives around it */
	bool partial;    /* bytes is not the whole */
};

/* Loads the magic database into memory; ERR_SYSTEM when there is none (types are then told by signatures alone). */
int attachment_prepare(void);
/* Adds it to the document, with the members of an archive, links, marks and codes. < 0 only ERR_TOO_LARGE. */
int attachment_read(struct reading *r, const struct attached *what);
/* Media type by content, static text; "" unknown. */
struct str attachment_type(struct str bytes, struct str name);
