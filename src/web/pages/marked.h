/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts of a document as HTML, with the places that reasons stand on marked. Addresses in it never become links. */
#pragma once

#include <jansson.h>

#include "doc/document.h"
#include "judge/judge.h"

/* The place of one finding with a few words around it, marked. New reference to a fragment; null when it stands
 * nowhere. */
json_t *marked_quote(const struct document *d, const struct finding *f);
/* A whole part with the places of all findings in it, each with the number of its reason (its index + 1).
 * A long part is cut; *ret_cut says so. New reference to a fragment. */
json_t *marked_part(const struct document *d, const struct verdict *v, uint32_t part, bool *ret_cut);
