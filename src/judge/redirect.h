/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses of well-known hosts that lead to whatever address stands inside them. */
#pragma once

#include "judge/address.h"
#include "rules/rules.h"

enum { REDIRECT_LEVELS_MAX = 3 };

/* The address in the end, where one stands readable in a (entries of lists.yaml: open_redirects; *.translate.goog; up
 * to REDIRECT_LEVELS_MAX inside one another). False: it is no redirect, or its destination cannot be read. */
bool redirect_inner(const struct address *address, const struct rules *rules, struct arena *a, struct address *ret);
