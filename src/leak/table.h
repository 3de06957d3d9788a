/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables in a text (CSV, tabs, columns drawn with |): the words in the heading of a column are labels of its cells. */
#pragma once

#include "leak/inside.h"

enum {
	LEAK_TABLE_COLUMNS_MAX = 64,
	LEAK_TABLES_MAX = 20000, /* of a window */
};

struct leak_table {
	uint32_t start, end; /* folded: from the first row behind the heading to the end of the last */
	uint16_t separators; /* in a row, at least */
	char separator;
	uint32_t groups[LEAK_TABLE_COLUMNS_MAX]; /* bits 1 << enum leak_group of each heading */
};

/* The tables of this window that have a heading with a known word; found when first asked for. A table that goes on
 * over the window keeps its heading. */
const struct leak_table *leak_tables(struct leak_state *st, size_t *ret_n);
/* Groups of the heading over this place; 0 none. *ret_inside: it stands in a table whose heading is known. */
uint32_t leak_table_groups(struct leak_state *st, size_t place, bool *ret_inside);
/* Calls each for every cell under a heading of this group; quotes and white space around the cell are left out. */
void leak_table_cells(struct leak_state *st, enum leak_group group,
                      void (*each)(struct leak_state *st, size_t start, size_t end));
