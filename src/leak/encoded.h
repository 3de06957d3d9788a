/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs of base64 (RFC 4648, both alphabets, also wrapped into lines) and of percent-encoding (RFC 3986) in a text, and
 * what they decode to. Linear. */
#pragma once

#include "leak/data.h"

struct leak_base64 {
	size_t start, end; /* with padding and inner line ends */
};

/* The next run at or after *next that is long enough to hide a value; moves *next behind it. */
bool leak_base64_next(struct str text, size_t *next, struct leak_base64 *ret);
/* Decodes the next piece of a run into out and moves *at (0 at first) on. Pieces of a long run overlap a little.
 * ERR_INVALID: no text comes out. */
int leak_base64_decode(struct str text, const struct leak_base64 *run, size_t *at, struct buf *out);
bool leak_base64_is_done(const struct leak_base64 *run, size_t at);

struct leak_percent {
	size_t start, end;
};

bool leak_percent_next(const struct leak_state *st, size_t *next, struct leak_percent *ret);
/* map: uint32_t, for each byte of out and its end the place in text. ERR_INVALID: no text comes out. */
int leak_percent_decode(struct str text, const struct leak_percent *run, struct buf *out, struct leak_list *map);
/* Widens a place inside a run to the encoded component (a value of a query, a part of a path) it stands in. */
void leak_percent_component(struct str text, const struct leak_percent *run, size_t *start, size_t *end);
