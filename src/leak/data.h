/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What leak_rules and leak_scratch are made of; for the files of this folder only. */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <hs/hs.h>
#include <pcre2.h>

#include "leak/fold.h"
#include "leak/inside.h"
#include "leak/table.h"
#include "rules/schema.h"

enum {
	LEAK_SECRETS_MAX = 2000,
	LEAK_PATTERNS_MAX = 20000,
	LEAK_DATA_ARENA_MAX_BYTES = 32 * 1024 * 1024,
	LEAK_DEPTH_MAX = 2, /* base64 of URL-encoded text and the like */
};

/* What a literal of the database stands for. */
enum leak_anchor_kind {
	LEAK_ANCHOR_WORD,   /* index: enum leak_group */
	LEAK_ANCHOR_SECRET, /* index: of a secret */
	LEAK_ANCHOR_KANJI,  /* two kanji digits side by side */
	LEAK_ANCHOR_AT,
	LEAK_ANCHOR_SHARE, /* \\ of a path on a file server */
	LEAK_ANCHOR_HOST,  /* the end of a host name inside: .local */
	LEAK_ANCHOR_URL,   /* :// */
	LEAK_ANCHOR_PERCENT,
	LEAK_ANCHOR_KIND_COUNT,
};

struct leak_pattern {
	uint32_t bytes;
	uint16_t index;
	uint8_t kind;              /* enum leak_anchor_kind */
	bool edge_start, edge_end; /* a Latin letter or digit that must be the word's own end */
};

struct leak_anchor {
	uint32_t start, end;
	uint16_t index;
	uint8_t kind;
};

/* One kind of secret of rules/leak/secrets.yaml. */
struct leak_secret {
	struct str id, vendor, regex, shape, kind;
	struct str_list keywords;      /* literals; one of them stands in or right before every value */
	double entropy;                /* bits per character that the value has at least */
	double lead;                   /* characters of the value that may stand before the keyword, at most */
	struct str_list finds, leaves; /* examples, checked by leak_rules_check() */
	const char *why;
	bool assigned; /* keyword, name, operator, value: only the value is the secret */
	enum leak_kind leak_kind;
	pcre2_code *code;
	unsigned line;
};

struct leak_rules {
	struct arena *arena;
	struct leak_fold_table *fold;
	hs_database_t *database;
	struct {
		struct leak_pattern *at;
		size_t n, cap;
	} patterns;
	struct {
		struct leak_secret *at;
		size_t n, cap;
	} secrets;
	struct {
		struct str *at;
		size_t n, cap;
	} literals; /* of the patterns */
	bool has_group[LEAK_GROUP_COUNT];
	struct leak_names *names;
	uint64_t version;
};

/* Growing memory of one scan, reused; never shrinks below what the biggest window needed. */
struct leak_list {
	void *at;
	size_t n, cap;
};

/* The tables of the window in hand, and what its last one hands on to the next. */
struct leak_table_list {
	struct leak_list tables;
	struct leak_table last;
	bool known, goes_on;
};

struct leak_level; /* what one depth of decoding needs: leak.c */

struct leak_scratch {
	hs_scratch_t *hs;
	pcre2_match_data *match;
	pcre2_match_context *context;
	struct leak_level *levels[LEAK_DEPTH_MAX + 1];
	struct leak_names_scratch *names;
};

/* Makes room for one more of this size; NULL over max. */
void *leak_list_push(struct leak_list *list, size_t size, size_t max);

/* What all finders claim in one window of text, before overlaps are resolved; valid until the next scan. */
int leak_candidates(const struct leak_rules *rules, struct leak_scratch *scratch, struct str text,
                    const struct leak_candidate **ret, size_t *ret_n);
/* Whether each secret finds its examples and leaves the others alone. ERR_INVALID: message names the line. */
int leak_secrets_check(const struct leak_rules *rules, struct leak_scratch *scratch, char *message, size_t n);

/* ---- finders ---- */
struct leak_table_list *leak_table_list(struct leak_state *st);
struct leak_list *leak_groups_list(struct leak_state *st); /* memory for the groups of digits of this depth */
void leak_find_numbers(struct leak_state *st);
int leak_find_secrets(struct leak_state *st);
void leak_find_passwords(struct leak_state *st);
void leak_find_emails(struct leak_state *st);
void leak_find_places(struct leak_state *st); /* internal-address by name */
void leak_find_marks(struct leak_state *st);
void leak_find_dates(struct leak_state *st);            /* birth dates */
void leak_find_dates_of_persons(struct leak_state *st); /* after leak_find_names() */
const struct leak_anchor *leak_anchors(const struct leak_state *st, size_t *ret_n);

/* ---- small helpers ---- */
/* The character before or after a place, 0 at an end of the text. */
uint32_t leak_char_before(struct str s, size_t at);
uint32_t leak_char_after(struct str s, size_t at);
static inline bool leak_is_word(unsigned char c) /* ASCII letter or digit: no border of a value */
{
	return ascii_is_alnum((char) c);
}
static inline bool leak_border_before(struct str s, size_t at)
{
	return at == 0 || !leak_is_word((unsigned char) s.p[at - 1]);
}
static inline bool leak_border_after(struct str s, size_t at)
{
	return at >= s.n || !leak_is_word((unsigned char) s.p[at]);
}
/* Value of a digit at s[at], also of a positional kanji digit; *ret_bytes is its length. -1: no digit. */
int leak_kanji_digit(struct str s, size_t at, size_t *ret_bytes); /* at < s.n */
static inline int leak_digit(struct str s, size_t at, size_t *ret_bytes)
{
	*ret_bytes = 1;
	if (at >= s.n)
		return -1;
	if (ascii_is_digit(s.p[at]))
		return s.p[at] - '0';
	return (unsigned char) s.p[at] < 0x80 ? -1 : leak_kanji_digit(s, at, ret_bytes);
}
