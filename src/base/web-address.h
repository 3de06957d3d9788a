/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The address of a page on the Web that people write down: where a policy is published. */
#pragma once

#include "base/str.h"

/* https:// or http://, a host of letters, digits, points and hyphens with at least one point, a port or none, then what
 * RFC 3986 and, beyond ASCII, RFC 3987 allow: no blank, line end, quote, angle bracket or backslash, no user before
 * an @. The bytes are UTF-8. */
bool web_address_is_fit(struct str address);
