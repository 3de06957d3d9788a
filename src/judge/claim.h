/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom a message pretends to be (claim.c); claim-origin.c holds that against where it comes from and leads to. */
#pragma once

#include "judge/engine.h"

/* Fills verdict->claims, the likeliest first, at most three. Needs addresses. True: a person wrote a brand's name
 * beside an address to ask about it. */
bool claim_find(struct judging *j);
/* Words around a brand's name in a text show that the writer speaks as the brand: "X customer centre". */
bool claim_speaks_as(struct str text, const struct brand_hit *hit);
/* The name stands at the front or behind an opening bracket. */
bool claim_in_brackets(struct str text, const struct brand_hit *hit);
/* The sender's address is one that anybody can open. */
bool claim_is_free_sender(const struct judging *j);
