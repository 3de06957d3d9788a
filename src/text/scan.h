/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Many patterns at once over folded text, with start offsets (Hyperscan or Vectorscan). A literal's edge that is a
 * Latin letter or digit matches only where the word ends there too ("au" is not in "Paul"); a literal that begins with
 * katakana does not match after katakana (ライン is not in オンライン), and one of at most SCAN_SHORT_KANA letters
 * not before it either. Kanji and hiragana have no edges. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
	SCAN_SHORT_KANA = 3,
	SCAN_PATTERNS_MAX = 50000,
	SCAN_PATTERN_MAX_BYTES = 2000,
};

enum scan_flag {
	SCAN_ANYWHERE = 1 << 1, /* a literal without edges */
	SCAN_REGEX =
	        1 << 0, /* a regular expression of Hyperscan, UTF-8, no edges added, no long repeats; else a literal */
};

struct scan_pattern {
	struct str text; /* in folded form */
	uint32_t id;
	uint32_t flags;
};

struct scanner;

/* Compiles, or takes what an earlier run compiled from the same patterns out of the folder cache (NULL: none).
 * ERR_INVALID: *ret_bad is the number of the first bad pattern and message says why. */
int scanner_new(const struct scan_pattern *patterns, size_t count, const char *cache, struct scanner **ret,
                size_t *ret_bad, char *message, size_t message_bytes);
void scanner_free(struct scanner *s);

/* Gets each match; a regular expression may match at several ends from one start. Return false to stop. */
typedef bool scan_hit_fn(void *context, uint32_t id, uint32_t start, uint32_t end);
/* Not reentrant: one scan at a time per scanner. text of at most UINT32_MAX bytes. ERR_SYSTEM when the engine fails. */
int scanner_run(const struct scanner *s, struct str text, scan_hit_fn *hit, void *context);
size_t scanner_memory_bytes(const struct scanner *s);

/* A scanner as bytes that can be mapped into memory and used there, by the engine that made them (scanner_engine()
 * gives another number for another version or processor): at an address that is a multiple of SCAN_IMAGE_ALIGN. */
enum { SCAN_IMAGE_ALIGN = 64 };
uint64_t scanner_engine(void);
size_t scanner_image_bytes(const struct scanner *s);
int scanner_image_write(const struct scanner *s, void *at);
/* The bytes stay the caller's and must outlive the scanner. ERR_INVALID when they are none. */
int scanner_map(const void *at, size_t n, struct scanner **ret);
