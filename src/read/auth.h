/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What servers on the way wrote about SPF, DKIM, DMARC: Authentication-Results (RFC 8601) and Received-SPF (RFC 7208).
 */
#pragma once

#include "read/reading.h"

/* text: the decoded field, which is the part's text. Adds one result for each method. */
void auth_read(struct reading *r, struct str text, uint32_t part, bool received_spf);
