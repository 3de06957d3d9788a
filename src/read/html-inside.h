/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the HTML reader share: the elements, the page under work, its text. */
#pragma once

#include "base/buf.h"
#include "base/check.h"
#include "read/html-style.h"
#include "read/html.h"

enum element_flag {
	ELEMENT_BLOCK = 1 << 0, /* stands on lines of its own */
	ELEMENT_VOID = 1 << 1,
	ELEMENT_CELL = 1 << 2,
	ELEMENT_IMPLIED = 1 << 3, /* a new one closes the one before */
	ELEMENT_SKIP = 1 << 4,    /* what is inside never shows */
	ELEMENT_SCOPE = 1 << 5,   /* implied closing does not look past it */
	ELEMENT_GAP = 1 << 6,     /* an empty line around it */
};

enum { ELEMENT_COUNT = 53 };

/* Number of an element by its name in lower case; ELEMENT_COUNT for one that is nothing special. */
uint16_t element_index(struct str name);
unsigned element_flags(uint16_t index);

struct open_element {
	uint32_t name;  /* hash */
	uint16_t index; /* in elements, or ELEMENT_COUNT */
	uint16_t flags;
	bool gone, tiny, skip, anchor;
	uint32_t color, background;
};

struct html {
	struct arena *a;
	struct html_page *page;
	struct buf text;
	size_t text_max;
	DOCUMENT_LIST(struct open_element, stack);
	uint32_t open[ELEMENT_COUNT + 1]; /* how many of each are open */
	size_t overflow;
	struct style_sheet sheet;
	size_t sheet_bytes;
	struct str base;
	unsigned newlines; /* line ends to put before the next character */
	bool space;        /* a blank to put there */
	size_t pre;
	uint32_t anchor; /* index of the open link, or PART_NONE */
	bool anchor_begun;
	uint32_t marked;  /* bits of kinds that are marked once */
	size_t hidden_at; /* place of the last mark for hidden text */
};

/* The innermost open element; one without any property where none is open. */
struct open_element *html_top(struct html *h);
bool html_is_hidden(const struct open_element *e);
void html_add_mark_once(struct html *h, enum mark_kind kind);
/* At least count line ends before the next character. */
void html_break_line(struct html *h, unsigned count);
/* Adds what a person sees of s, or notes that it is hidden. */
void html_add_text(struct html *h, struct str s);
