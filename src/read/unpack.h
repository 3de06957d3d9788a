/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Archives and disk images: the names of their members, and so much of their contents as the limits allow. */
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

/* True for types that archive_list() opens. */
bool archive_is_archive(struct str type);
/* Takes one member; < 0 ends the listing. */
typedef int archive_member_fn(struct reading *r, const struct attached *member);
/* Hands the members of `what`, which is attachment number `index`, to take; sets its flags. */
int archive_list(struct reading *r, const struct attached *what, uint32_t index, archive_member_fn *take);
