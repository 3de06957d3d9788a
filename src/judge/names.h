/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hash tables over the names of genuine domains, made once per loaded rules: by label, by skeleton, and by label with
 * one letter left out (which finds every name at an edit distance of one in as many look-ups as it has letters). */
#pragma once

#include "base/str.h"
#include "rules/rules.h"

#define NAMES_NO_BRAND UINT32_MAX

struct name {
	struct str domain; /* registrable, ASCII */
	struct str label;
	struct str skeleton;
	uint32_t brand; /* NAMES_NO_BRAND: a well-known domain */
};

struct names;

/* The tables of these rules; made at the first call and kept until other rules are asked for. */
const struct names *names_of(const struct rules *rules);
/* First name with this label / skeleton; brands before well-known domains. NULL none. */
const struct name *names_by_label(const struct names *n, struct str label);
const struct name *names_by_skeleton(const struct names *n, struct str skeleton);
/* A brand's name at edit distance one (or one adjacent swap) that a hurried reader takes for the label; NULL none.
 * Left out, because honest names differ so: names under NAMES_NEAR_LEAST letters, another first letter, digits,
 * hyphens. */
const struct name *names_near(const struct names *n, struct str label);
bool names_is_near(struct str label, struct str target);
/* A brand's whole domain, given with dots in place of its hyphens: it may stand so between other labels. NULL none. */
const struct name *names_by_domain(const struct names *n, struct str domain);
/* Some brand's domain begins with this, up to its first dot or hyphen: whether names_by_domain() is worth asking. */
bool names_begin_with(const struct names *n, struct str piece);

enum { NAMES_NEAR_LEAST = 6 };
