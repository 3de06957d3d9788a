/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the company has of what schemes ask for, computed from its records: "declaration" (SECURITY ACTION), "star-2",
 * "jigyokei" (certified and not ended), "carbon", "gbiz", "bcp", "policy"; other words ("otasuke") nobody can compute.
 */
#pragma once

#include "web/pages/help-rows.h"

struct help_own {
	struct page *p;
	struct keep_declaration_list stars;
	struct register_items declarations;
	struct keep_paper_version_list papers;
};

enum help_have { HELP_CANNOT_TELL, HELP_HAS_NOT, HELP_HAS };

/* ERR_DENIED: registers are not for this person; errors of the keeper. */
int help_own_load(struct page *p, struct help_own *ret) MUST_CHECK;
/* *ret_when: the day since when, where one is noted; else empty. */
enum help_have help_own_has(const struct help_own *own, struct str word, struct str *ret_when);

/* Member "subsidies" of the model: each with what it needs and favours beside what the company has, and its next day.
 */
int help_put_subsidies(struct page *p);
