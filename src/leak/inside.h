/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the finders of this folder work on; for the files of this folder only.
 *
 * A text is inspected window by window. A window is folded (full-width and half-width forms to the usual ones, dashes
 * to
 * '-', invisible characters dropped; letters keep their case, kanji and kana stay), the words of rules/leak/words.yaml
 * are found in it at once, then each finder looks at the folded text and adds candidates in folded offsets. A window
 * overlaps its neighbours: text before `from` and after `to` is context, and leak_add() drops what begins there,
 * because another window has it whole. At the end overlaps are resolved: the stronger candidate stays.
 *
 * Finders must be linear: look at most LEAK_CONTEXT_BYTES around a place. They never allocate per hit; a finder that
 * needs memory keeps it in its own part of leak_scratch. */
#pragma once

#include "base/buf.h"
#include "leak/leak.h"

enum {
	LEAK_WINDOW_BYTES = 128 * 1024, /* of the original text, without the overlap */
	LEAK_OVERLAP_BYTES = 8 * 1024,  /* after it; no value is longer, but for encoded runs and keys in PEM */
	LEAK_CONTEXT_BYTES = 900,       /* before it and around a value: about 300 characters */
};

enum leak_group {
#define GROUP(id, word) LEAK_GROUP_##id,
#include "leak/groups.def"
#undef GROUP
	LEAK_GROUP_COUNT,
};

/* A word of words.yaml in the folded text. */
struct leak_word {
	uint32_t start, end;
	uint16_t group; /* enum leak_group */
};

/* A place where folded and original part ways: from here to the next point the offsets run in step when both stretches
 * are equally long, else the stretch is one replaced or dropped character. */
struct leak_point {
	uint32_t folded, original;
};

struct leak_fold {
	struct str text;                 /* folded; may be the original itself */
	const struct leak_point *points; /* the first at 0, the last at both ends; 0 points: same offsets */
	size_t n;
};

/* What a finder claims, in folded offsets of this window. */
struct leak_candidate {
	uint32_t start, end;
	enum leak_kind kind;
	enum leak_confidence confidence;
	const char *why;
};

struct leak_state {
	const struct leak_rules *rules;
	struct leak_scratch *scratch;
	struct str text;     /* folded text of the window */
	uint32_t from, to;   /* where values of this window may begin, folded */
	struct str original; /* of the window; text and original may be the same bytes */
	struct leak_fold fold;
	struct {
		struct leak_word *at; /* by end, then start */
		size_t n;
	} words;
	struct {
		struct leak_candidate *at; /* of this window so far, as added */
		size_t n;
	} found;
	unsigned depth; /* 0: the text itself; above: something that was decoded out of it */
};

/* Adds a candidate [start, end) of the folded window. why is the last part of a key leak.why.<why> of po/leak.json and
 * lives as long as the rules (a literal or text of the rules' arena). */
void leak_add(struct leak_state *st, size_t start, size_t end, enum leak_kind kind, enum leak_confidence confidence,
              const char *why);
/* Offset in st->original of a folded place: of the character that holds it, and of the end of the one before it. */
uint32_t leak_original_start(const struct leak_state *st, size_t folded);
uint32_t leak_original_end(const struct leak_state *st, size_t folded);

/* How a word of this group stands to a value [start, end). */
enum leak_near {
	LEAK_NEAR_NOT,    /* none within LEAK_CONTEXT_BYTES */
	LEAK_NEAR_AROUND, /* somewhere within that, before or shortly after */
	LEAK_NEAR_BESIDE, /* right before it: only punctuation, white space and at most a few characters between,
	                     or the heading of its column in a table */
};
/* All of that for one place: bits 1 << enum leak_group. */
struct leak_around {
	uint32_t beside, around;
};
struct leak_around leak_around(struct leak_state *st, size_t start, size_t end);
enum leak_near leak_near_of(const struct leak_around *around, enum leak_group group);
enum leak_near leak_near(struct leak_state *st, enum leak_group group, size_t start, size_t end);
/* The last word of any group that ends at or before this place on the same line; NULL none. */
const struct leak_word *leak_word_before(const struct leak_state *st, size_t place);
/* Index of the first word that ends after this place: for walking st->words beside the text. */
size_t leak_word_from(const struct leak_state *st, size_t place);

/* ---- names.c, address.c, sensitive.c: persons, addresses, sensitive matters ---- */

struct leak_names;         /* their dictionaries; in leak_rules */
struct leak_names_scratch; /* what one scan needs; in leak_scratch */
/* As leak_rules_new(). Reads rules/leak/ of the given rules folder. */
int leak_names_new(const char *folder, const char *cache, struct leak_names **ret, char *message, size_t message_bytes);
void leak_names_free(struct leak_names *names); /* takes NULL */
int leak_names_scratch_new(const struct leak_names *names, struct leak_names_scratch **ret);
void leak_names_scratch_free(struct leak_names_scratch *scratch); /* takes NULL */
/* Called last on each window, so that st->found holds phones, postal codes, mail addresses and the rest. */
int leak_find_names(struct leak_state *st);
const struct leak_names *leak_state_names(const struct leak_state *st);
struct leak_names_scratch *leak_state_names_scratch(const struct leak_state *st);
