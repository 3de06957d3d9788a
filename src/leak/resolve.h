/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From candidates to spans: the same place found twice counts once, and where two overlap the stronger stays. */
#pragma once

#include "leak/inside.h"

struct leak_resolve;

struct leak_resolve *leak_resolve_new(size_t max);
void leak_resolve_free(struct leak_resolve *r);
/* Over max the result is marked as cut. */
void leak_resolve_add(struct leak_resolve *r, size_t start, size_t end, enum leak_kind kind,
                      enum leak_confidence confidence, const char *why);
/* Spans in order, in the arena. ERR_TOO_LARGE: the arena is full. */
int leak_resolve_finish(struct leak_resolve *r, struct arena *arena, struct leak_spans *ret);
/* Higher confidence first, then the kind that hurts more, then the longer. */
bool leak_is_stronger(const struct leak_candidate *a, const struct leak_candidate *b);
