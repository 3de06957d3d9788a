/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One mail address as people of an office have them. */
#pragma once

#include "base/str.h"

enum { MAIL_ADDRESS_MAX_BYTES = 254, MAIL_NAME_MAX_BYTES = 64 }; /* RFC 5321, 4.5.3.1 */

/* name@host.domain: a name of dot-atoms (RFC 5322, 3.4.1), a domain of two labels and more; ASCII, nothing quoted,
 * no comment, no line end. */
bool mail_address_is_fit(struct str address);
