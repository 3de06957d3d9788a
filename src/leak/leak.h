/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What in a text must not leave the house: personal data, identifiers with their check digits, secrets, the company's
 * own words. Pure: no I/O after leak_rules_new(), no clock. One leak_rules is shared by any number of texts; a
 * leak_scratch serves one scan at a time. Linear in the text. What to do with a span is decided by src/policy. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum leak_kind {
#define KIND(id, word) LEAK_##id,
#include "leak/kinds.def"
#undef KIND
	LEAK_KIND_COUNT,
};

/* HIGH: format and check digit or a keyword beside it; MEDIUM: one of the two; LOW: form only. */
enum leak_confidence { LEAK_LOW, LEAK_MEDIUM, LEAK_HIGH };

struct leak_span {
	size_t start, end; /* bytes of the original text; [start, end) lies on borders of characters */
	enum leak_kind kind;
	enum leak_confidence confidence;
	const char *why; /* the rule: the text leak.why.<rule> of po/leak.json; "secret:GitHub" is leak.why.secret with
	                    {vendor} GitHub; lives as long as the rules */
};

struct leak_spans {
	struct leak_span *at; /* by start, not overlapping; in the arena of the scan */
	size_t n;
	bool cut; /* more than LEAK_SPANS_MAX: the text must be treated as unreadable */
};

enum {
	LEAK_SPANS_MAX = 200000,
};

struct leak_rules;
struct leak_scratch;
struct leak_house_words; /* house.h: the company's own list, compiled; replaced whole when the list changes */

/* From the folder rules/ (rules/leak/...). cache: folder for compiled patterns, NULL none. ERR_INVALID: message names
 * file and line. */
int leak_rules_new(const char *folder, const char *cache, struct leak_rules **ret, char *message, size_t message_bytes);
void leak_rules_free(struct leak_rules *rules); /* takes NULL */
int leak_scratch_new(const struct leak_rules *rules, struct leak_scratch **ret);
void leak_scratch_free(struct leak_scratch *scratch); /* takes NULL */

/* Finds the spans in valid UTF-8. words: the company's own, NULL none. ERR_INVALID: no UTF-8; ERR_TOO_LARGE: the arena
 * is full (it holds the spans only; what the scan needs besides is bounded by its window). What is found in base64 is
 * the whole encoded run, by its strongest finding. */
int leak_scan(const struct leak_rules *rules, const struct leak_house_words *words, struct leak_scratch *scratch,
              struct str text, struct arena *arena, struct leak_spans *ret);

const char *leak_kind_word(enum leak_kind kind);
int leak_kind_from_word(struct str word, enum leak_kind *ret); /* ERR_NOT_FOUND */
const char *leak_confidence_word(enum leak_confidence confidence);
