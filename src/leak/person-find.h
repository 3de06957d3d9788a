/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding persons in a line. Each finder adds to line->person; the order matters: what an earlier one took, a later one
 * leaves alone. For the files of this folder only. */
#pragma once

#include "leak/person-line.h"

enum {
	PERSON_COLUMNS_MAX = 64,
	PERSON_HEADING_LINES_MAX = 3, /* how far below a lonely label its value may stand */
};

/* What is remembered from line to line. */
struct person_state {
	uint8_t column[PERSON_COLUMNS_MAX]; /* of the table we are in: what its heading says, enum column_kind */
	char delimiter;                     /* 0: no table */
	bool label_above;                   /* the line before was nothing but a label */
	bool label_above_kana;
};

/* person-label.c: marks the zones that labels and headings of tables give. */
void person_mark_zones(struct person_state *state, struct leak_line *line);
/* person-kanji.c: names that begin with a surname of kanji. weak is told surnames that stand alone without more. */
typedef void person_weak_fn(void *context, const struct leak_line *line, size_t start, size_t end, uint64_t hash);
typedef void person_sure_fn(void *context, uint64_t surname_hash);
struct person_listener {
	person_weak_fn *weak;
	person_sure_fn *sure;
	void *context;
};
void person_find_kanji(struct leak_line *line, const struct person_listener *listener);
/* person-family.c: a given name behind a word of kinship (長男 太郎, 妻の花子). */
void person_find_family(struct leak_line *line);
/* person-kana.c: names of katakana or hiragana. */
void person_find_kana(struct leak_line *line);
/* person-latin.c */
void person_find_latin(struct leak_line *line);
/* person-label.c: what fills a zone although the dictionary does not know it. */
void person_find_unknown(struct leak_line *line);
