/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Postal addresses: from the prefecture, municipality or town to the number and the room. A place without number is
 * none, unless it stands at a label or fills a cell. For the files of this folder only. */
#pragma once

#include "leak/person-line.h"

enum {
	ADDRESS_CHARS_MAX = 120, /* of one address */
};

/* Adds the addresses of the line, and takes their characters, so that nobody looks for persons in them. */
void address_find(struct leak_state *st, struct leak_line *line);

/* address-number.c: the end of 1丁目2番3号, 1-2-3, 二丁目三番地の四, 北1条西2丁目 from i; i: none. *ret_sure: it can be
 * nothing else (two parts or a unit). */
size_t address_number_end(const struct leak_line *line, size_t i, bool *ret_sure);
/* The end of a building, floor and room from i (behind the number); i: none. */
size_t address_building_end(const struct leak_line *line, size_t i);
/* address-latin.c: 1-2-3 Marunouchi, Chiyoda-ku, Tokyo. */
void address_find_latin(struct leak_state *st, struct leak_line *line);
