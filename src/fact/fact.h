/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Facts that age: figures, phone numbers, schemes, amounts, questions, criteria, first steps, deadlines, forms. They
 * lie in facts/<subject>.yaml, those of one region in facts/regions/<region>.yaml, never in code:
 *
 *   region: yokohama              only in facts/regions
 *   defaults: {kind: figure, source: ..., checked: 2026-10-09, expires: 2027-03-31, verified: true, group: ...}
 *   facts:
 *     - {id: a.b, values: {limit_yen: 280000000}, ja: "...", en: "...", see: [c.d]}
 *
 * What a fact does not say itself it takes from the defaults of its file. A value's name ends with its unit (_yen,
 * _days, _percent, _times, _count). Whatever is shown to people from a fact also shows that it is unverified or
 * expired. */
#pragma once

#include "base/arena.h"
#include "i18n/i18n.h"
#include "rules/rules.h"

enum {
	FACT_FILES_MAX = 100,
	FACT_FILE_MAX_BYTES = 1024 * 1024,
	FACT_TEXT_MAX_BYTES = 4000, /* one text */
	FACT_ID_MAX_BYTES = 60,
	FACT_VALUES_MAX = 20, /* of one fact */
	FACT_SEE_MAX = 10,
	FACTS_MAX = 5000,
};

#define FACT_KIND_LIST(X)                                                                                              \
	X(FACT_FIGURE, "figure")                                                                                       \
	X(FACT_CONTACT, "contact")                                                                                     \
	X(FACT_SCHEME, "scheme")                                                                                       \
	X(FACT_AMOUNT, "amount")                                                                                       \
	X(FACT_DEADLINE, "deadline")                                                                                   \
	X(FACT_QUESTION, "question")                                                                                   \
	X(FACT_SCALE, "scale")                                                                                         \
	X(FACT_CRITERION, "criterion")                                                                                 \
	X(FACT_STEP, "step")                                                                                           \
	X(FACT_FORM, "form")                                                                                           \
	X(FACT_GUIDANCE, "guidance")                                                                                   \
	X(FACT_LINK, "link")

enum fact_kind {
#define X(code, word) code,
	FACT_KIND_LIST(X)
#undef X
	        FACT_KIND_COUNT,
};

struct fact_value {
	struct str name, text;
	double number; /* of text, when is_number */
	bool is_number;
};

struct fact_values {
	struct fact_value *at;
	size_t n, cap;
};

/* Texts live in the arena of the facts. */
struct fact {
	struct str id; /* small letters, digits, - and . */
	struct str kind_word;
	enum fact_kind kind;
	struct str group;  /* facts that belong together, in the order of the file; may be empty */
	struct str region; /* "": everywhere */
	struct fact_values values;
	struct str text[LANGUAGE_COUNT]; /* both are there */
	struct str source;
	struct str checked, expires; /* YYYY-MM-DD; it holds up to and with the day of expires */
	struct str verified_word;
	bool verified;       /* false: seen in no source; never shown as a bare fact */
	struct str_list see; /* ids of other facts, which exist */
};

struct facts {
	struct fact *at;
	size_t n, cap;
};

/* Adds one file. region: what its head has to say, "" for none, NULL whatever it says. ERR_INVALID and
 * ERR_TOO_LARGE fill *complaint. */
int facts_load_text(struct str yaml, const char *name, const struct str *region, struct arena *a, struct facts *facts,
                    struct rules_complaint *complaint);
/* Ids that stand twice for one region, and what "see" names and is not there. */
int facts_check(const struct facts *facts, const char *name, struct rules_complaint *complaint);
/* base with each of own in the place of the one with its id and region, or behind all. ERR_TOO_LARGE: FACTS_MAX. */
int facts_overlay(const struct facts *base, const struct facts *own, struct arena *a, struct facts *ret);
/* Whether own can be computed with in the place of shipped: the same kind, every value that shipped has, and what is a
 * number there a number here within what its unit allows. Else *ret_value names the value, empty: the kind. */
bool fact_fits(const struct fact *shipped, const struct fact *own, struct str *ret_value);
/* A fact as a file of its own that facts_load_text() reads: JSON, which is YAML too. Empty: no memory. */
struct str fact_to_yaml(const struct fact *fact, struct arena *a);
/* Everything of a folder and of regions/ under it, checked, in the order of the file names. facts/ai-prices.yaml is
 * another format (keep/prices) and left alone. ERR_NOT_FOUND: no file. */
int facts_load_folder(const char *folder, struct arena *a, struct facts *ret, struct rules_complaint *complaint);

/* The fact of no region; else the first region's. NULL: none. */
const struct fact *fact_find(const struct facts *facts, struct str id);
/* That region's own; else the one of no region. NULL: none. */
const struct fact *fact_find_in(const struct facts *facts, struct str region, struct str id);
/* The next of a kind at or after *at, which moves on behind it; NULL: no more. Begin with *at = 0. */
const struct fact *fact_next(const struct facts *facts, enum fact_kind kind, size_t *at);
const struct fact_value *fact_value(const struct fact *fact, const char *name);
/* ERR_NOT_FOUND: no such value, or no number. */
int fact_number(const struct fact *fact, const char *name, double *ret);
/* day: YYYY-MM-DD. */
bool fact_is_expired(const struct fact *fact, struct str day);
const char *fact_kind_word(enum fact_kind kind);
int fact_kind_find(struct str word, enum fact_kind *ret); /* ERR_NOT_FOUND */
