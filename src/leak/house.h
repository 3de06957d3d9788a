/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own words: names of customers, products, projects, up to LEAK_HOUSE_WORDS_MAX, found wherever they
 * stand. Width, case, hiragana and katakana, and old and new forms of kanji in names (髙高, 﨑崎, 齋斎斉 …) do not
 * matter; spaces inside a word are ignored. A word that begins or ends with a Latin letter or digit, or with katakana,
 * counts only where a run of such letters ends there too. One pass over the text that looks at two characters at a
 * time: its time does not depend on the number of words. */
#pragma once

#include "base/arena.h"
#include "base/cleanup.h"
#include "leak/leak.h"

enum {
	LEAK_HOUSE_WORDS_MAX = 500000,
	LEAK_HOUSE_WORD_MAX_BYTES = 240,
	LEAK_HOUSE_WORD_MIN_CHARS = 2,
	LEAK_HOUSE_CSV_MAX_BYTES = 64 * 1024 * 1024,
};

/* What a word names; one that is switched off is not looked for. The word of a group stands in CSV and settings. */
#define LEAK_HOUSE_GROUP_LIST(X)                                                                                       \
	X(CUSTOMER, "customer")                                                                                        \
	X(PRODUCT, "product")                                                                                          \
	X(PROJECT, "project")                                                                                          \
	X(PARTNER, "partner")                                                                                          \
	X(STAFF, "staff")                                                                                              \
	X(OTHER, "other")

enum leak_house_group {
#define X(id, word) LEAK_HOUSE_##id,
	LEAK_HOUSE_GROUP_LIST(X)
#undef X
	        LEAK_HOUSE_GROUP_COUNT,
};

const char *leak_house_group_word(enum leak_house_group group);
int leak_house_group_from_word(struct str word, enum leak_house_group *ret); /* ERR_NOT_FOUND */

struct leak_house_row {
	struct str text;
	enum leak_house_group group;
};

struct leak_house_rows {
	struct leak_house_row *at;
	size_t n, cap;
};

struct leak_house_words;

/* CSV (text/csv-table.h): word and, if there is a second column, its group; a first line "word,..." or 語,... is a
 * heading, an unknown or missing group is OTHER. Rows point into the arena. ERR_INVALID, ERR_TOO_LARGE: *ret_line is
 * the line where it is, 0 when none of it could be read. */
int leak_house_read_csv(struct str csv, struct arena *arena, struct leak_house_rows *ret, size_t *ret_line);

/* off: bit 1 << group for each group that is switched off. Words that are too short when folded are left out;
 * *ret_short (may be NULL) counts them. 100,000 words take well under a second. ERR_TOO_LARGE. */
int leak_house_words_new(const struct leak_house_row *rows, size_t n, uint32_t off, struct leak_house_words **ret,
                         size_t *ret_short);
void leak_house_words_free(struct leak_house_words *words); /* takes NULL */
size_t leak_house_words_count(const struct leak_house_words *words);
size_t leak_house_words_bytes(const struct leak_house_words *words);

struct leak_state;
/* For leak_scan(): adds what is found in this window. */
void leak_house_words_find(const struct leak_house_words *words, struct leak_state *st);
