/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attachments: what they really are, and what can be seen in them without running anything. */
#pragma once

#include "read/unpack.h"

/* Adds it to the document, with the members of an archive, links, marks and codes. < 0 only ERR_TOO_LARGE. */
int attachment_read(struct reading *r, const struct attached *what);
/* Media type by content, static text; "" unknown. */
struct str attachment_type(struct str bytes, struct str name);
