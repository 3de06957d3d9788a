/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A QR code as SVG, for the page itself: no request and no inline style. */
#pragma once

#include <jansson.h>

#include "base/str.h"

/* New reference: a template fragment. NULL when the text is too long for a code. label is what a screen reader says. */
json_t *code_picture(struct str text, const char *label);
