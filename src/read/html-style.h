/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As much of CSS as it takes to see that text is hidden: inline declarations and rules of one class, id or element. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

#define STYLE_COLOR_NONE UINT32_MAX
#define STYLE_COLOR_UNCLEAR (UINT32_MAX - 1) /* set, but to a picture, a gradient or a value that is not read */

struct style {
	bool gone;        /* display, visibility, opacity, zero box: nothing inside shows */
	bool sized, tiny; /* a font size is set; it is too small to see */
	bool foreign_font;
	uint32_t color, background; /* 0xRRGGBB */
};

extern const struct style STYLE_NONE;

enum { STYLE_RULES_MAX = 64 };

struct style_rule {
	uint64_t selector; /* hash of ".class", "#id" or "element" */
	struct style style;
};

struct style_sheet {
	struct style_rule at[STYLE_RULES_MAX];
	size_t n;
	bool unclear_background; /* a background is set by a rule that is not understood */
};

void style_read_declarations(struct str s, struct style *ret);
/* Adds the simple rules of a <style> element. Rules for other media, as for small screens, are left out. */
void style_read_sheet(struct str s, struct style_sheet *ret);
/* What the rules say of an element. */
void style_apply(const struct style_sheet *sheet, struct str element, struct str classes, struct str id,
                 struct style *ret);
uint32_t style_color(struct str value);
bool style_is_foreign_font(struct str value);
