/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Date of a mail (RFC 5322, 3.3) as a time: "Mon, 23 Nov 2026 08:12:00 +0900", also without the day of the week or
 * the seconds, with "GMT", "UT" or "Z" as the zone, and with a comment behind it. What a sender wrote there is a claim.
 */
#pragma once

#include <stdint.h>

#include "base/str.h"

/* Microseconds since 1970. ERR_INVALID: no such date, or a year before 1970 or after 9999. */
int mail_date_parse(struct str text, int64_t *ret_us);
