/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Archives and disk images: the names of their members, and so much of their contents as the limits allow. */
#pragma once

#include "read/attachment.h"

/* True for types that archive_list() opens. */
bool archive_is_archive(struct str type);
/* Adds the members of `what`, which is attachment number `index`, and reads them; sets its flags. */
int archive_list(struct reading *r, const struct attached *what, uint32_t index);
