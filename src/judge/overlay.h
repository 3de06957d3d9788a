/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own word on the table of brands, laid over the loaded rules: a domain that it calls a brand's counts as
 * that brand's own, one that it took away no longer does, and a name that the table does not have becomes a brand. The
 * rules themselves never change. Every judge asks here instead of in rules.h; an overlay of NULL is the table as it is.
 */
#pragma once

#include "base/arena.h"
#include "judge/engine.h"

enum {
	OVERLAY_ROWS_MAX = 500,        /* further ones do not count */
	OVERLAY_STRONG_LEAST = 4,      /* bytes of a name that makes a claim alone; shorter ones need another sign */
	OVERLAY_HITS_OF_NAME_MAX = 20, /* of one name in one part */
};

struct overlay_row {
	struct str brand;  /* an id of the table, or a name of the company's own */
	struct str name;   /* for people; "": the same as brand */
	struct str domain; /* any case; of a host its registrable domain counts */
	bool removes;      /* the domain is not the brand's */
};

struct overlay;

/* Rows that name no domain, or take one away from a brand that nobody knows, are left out. The strings of rows and all
 * of *ret live in a or in what the rows point to; rules must outlive it. ERR_TOO_LARGE when the arena is full. */
int overlay_make(const struct rules *rules, const struct overlay_row *rows, size_t n, struct arena *a,
                 const struct overlay **ret);

/* Like rules_brand(), rules_find_brand() and rules_brands_of_domain(). Indexes from rules_brand_count() on are the
 * company's own names. */
const struct brand *overlay_brand(const struct rules *rules, const struct overlay *o, uint32_t index);
const struct brand *overlay_find_brand(const struct rules *rules, const struct overlay *o, struct str id);
struct brand_indexes overlay_brands_of_domain(const struct rules *rules, const struct overlay *o,
                                              struct str registrable);
/* A domain that the company took away from everybody who had it: being well known does not excuse it either. */
bool overlay_disowns(const struct overlay *o, struct str registrable);
/* Adds the places of the company's own names in a part to j->brands; the longer name wins where two overlap. */
void overlay_scan(struct judging *j, uint32_t part);
