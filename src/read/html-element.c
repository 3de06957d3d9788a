/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The elements that matter for text: which stand on lines of their own, which end by themselves. */
#include "read/html-inside.h"

struct element {
	const char *name;
	unsigned flags;
};

/* Sorted by name. Elements that are not here stand in the line. */
static const struct element elements[] = {
        {"address", ELEMENT_BLOCK},
        {"area", ELEMENT_VOID},
        {"article", ELEMENT_BLOCK},
        {"aside", ELEMENT_BLOCK},
        {"audio", ELEMENT_SKIP},
        {"base", ELEMENT_VOID},
        {"blockquote", ELEMENT_BLOCK},
        {"body", ELEMENT_BLOCK},
        {"br", ELEMENT_VOID},
        {"center", ELEMENT_BLOCK},
        {"col", ELEMENT_VOID},
        {"dd", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"div", ELEMENT_BLOCK},
        {"dl", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"dt", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"embed", ELEMENT_VOID},
        {"fieldset", ELEMENT_BLOCK},
        {"footer", ELEMENT_BLOCK},
        {"form", ELEMENT_BLOCK},
        {"h1", ELEMENT_BLOCK | ELEMENT_GAP},
        {"h2", ELEMENT_BLOCK | ELEMENT_GAP},
        {"h3", ELEMENT_BLOCK | ELEMENT_GAP},
        {"h4", ELEMENT_BLOCK},
        {"h5", ELEMENT_BLOCK},
        {"h6", ELEMENT_BLOCK},
        {"header", ELEMENT_BLOCK},
        {"hr", ELEMENT_VOID | ELEMENT_BLOCK},
        {"img", ELEMENT_VOID},
        {"input", ELEMENT_VOID},
        {"li", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"link", ELEMENT_VOID},
        {"main", ELEMENT_BLOCK},
        {"meta", ELEMENT_VOID},
        {"nav", ELEMENT_BLOCK},
        {"object", 0},
        {"ol", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"option", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"p", ELEMENT_BLOCK | ELEMENT_IMPLIED | ELEMENT_GAP},
        {"param", ELEMENT_VOID},
        {"pre", ELEMENT_BLOCK},
        {"section", ELEMENT_BLOCK},
        {"source", ELEMENT_VOID},
        {"table", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"tbody", ELEMENT_IMPLIED},
        {"td", ELEMENT_CELL | ELEMENT_IMPLIED},
        {"template", ELEMENT_SKIP},
        {"th", ELEMENT_CELL | ELEMENT_IMPLIED},
        {"thead", ELEMENT_IMPLIED},
        {"tr", ELEMENT_BLOCK | ELEMENT_IMPLIED},
        {"track", ELEMENT_VOID},
        {"ul", ELEMENT_BLOCK | ELEMENT_SCOPE},
        {"video", ELEMENT_SKIP},
        {"wbr", ELEMENT_VOID},
};

_Static_assert(ARRAY_SIZE(elements) == ELEMENT_COUNT, "ELEMENT_COUNT in html-inside.h");

uint16_t element_index(struct str name)
{
	size_t low = 0, high = ELEMENT_COUNT;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = str_cmp(name, str_of(elements[mid].name));
		if (order == 0)
			return (uint16_t) mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return ELEMENT_COUNT;
}

unsigned element_flags(uint16_t index)
{
	return index < ELEMENT_COUNT ? elements[index].flags : 0;
}
