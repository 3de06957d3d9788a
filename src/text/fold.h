/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folding for search: NFKC with case folding (UAX #15, UAX #31), invisible characters dropped, spaced-out Japanese
 * joined (東 京 電 力), look-alikes of the long-vowel mark mended (カ一ド, カ-ド), Cyrillic letters inside Latin words
 * turned to the Latin ones they imitate; with a map back to the bytes of the original. Linear in its input. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct folded {
	struct str text;
	const uint32_t *map; /* text.n + 1 original offsets; NULL: text has the same offsets as the original */
	struct str original;
};

/* Folds valid UTF-8 of at most UINT32_MAX bytes into a. ERR_TOO_LARGE when the arena is full. */
int text_fold(struct str s, struct arena *a, struct folded *ret);
/* Where the original of folded bytes [start, end) begins and ends; white space that was dropped behind is left out. */
uint32_t folded_start(const struct folded *f, size_t start);
uint32_t folded_end(const struct folded *f, size_t end);

/* Decodes one code point at s[*at] and moves on; U+FFFD where the bytes are not UTF-8. *at must be below s.n. */
/* How many bytes of ASCII follow from at on. */
size_t text_ascii_run(struct str s, size_t at);
uint32_t text_next(struct str s, size_t *at);

enum script {
	SCRIPT_OTHER,
	SCRIPT_LATIN,
	SCRIPT_DIGIT,
	SCRIPT_HIRAGANA,
	SCRIPT_KATAKANA,
	SCRIPT_HAN,
	SCRIPT_CYRILLIC,
	SCRIPT_GREEK,
	SCRIPT_HANGUL
};
/* Coarse script of a code point; ー and half-width kana count as katakana. */
enum script text_script(uint32_t c);
bool text_is_invisible(
        uint32_t c); /* zero width, soft hyphen, bidi controls, invisible operators, variation selectors */
