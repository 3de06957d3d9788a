/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dictionary of names and places (rules/leak/names*.txt, places.txt): a word gives the set of roles it can play.
 * One table of hashes for all, because nearly every question is "is any of the words that begin here known": a word is
 * known by its 64-bit hash alone (two words of one hash would share their roles; none do among those shipped).
 * For the files of this folder only. */
#pragma once

#include <stdint.h>

#include "base/str.h"
#include "leak/inside.h"

enum {
	NAMES_WORD_MAX = 12,             /* characters of a word */
	NAMES_FILE_MAX_BYTES = 16 << 20, /* of one file of rules/leak/ */
};

#define NAMES_ROLES(X)                                                                                                 \
	X(SURNAME, "surname")                                                                                          \
	X(GIVEN, "given")                                                                                              \
	X(SURNAME_KANA, "surname-kana")                                                                                \
	X(GIVEN_KANA, "given-kana")                                                                                    \
	X(FOREIGN_KANA, "foreign-kana")                                                                                \
	X(SURNAME_LATIN, "surname-latin")                                                                              \
	X(GIVEN_LATIN, "given-latin")                                                                                  \
	X(ENGLISH, "english")                                                                                          \
	X(COMMON, "common")                                                                                            \
	X(WORD, "word")                                                                                                \
	X(HONORIFIC, "honorific")                                                                                      \
	X(TITLE, "title")                                                                                              \
	X(BEFORE, "before")                                                                                            \
	X(FAMILY, "family")                                                                                            \
	X(LABEL, "label")                                                                                              \
	X(LABEL_LIST, "label-list")                                                                                    \
	X(COMPANY_RIGHT, "company-right")                                                                              \
	X(COMPANY_LEFT, "company-left")                                                                                \
	X(PLACE_RIGHT, "place-right")                                                                                  \
	X(INTRO, "intro")                                                                                              \
	X(NOT_PERSON, "not-person")                                                                                    \
	X(TOWN, "town")                                                                                                \
	X(ADDRESS_LABEL, "address-label")                                                                              \
	X(BUILDING, "building")                                                                                        \
	X(COUNTER, "counter")                                                                                          \
	X(ROMAN_PLACE, "roman-place")                                                                                  \
	X(SENSITIVE, "sensitive")                                                                                      \
	X(SENSITIVE_WEAK, "sensitive-weak")                                                                            \
	X(SENSITIVE_END, "sensitive-end")                                                                              \
	X(SENSITIVE_NOT, "sensitive-not")                                                                              \
	X(SENSITIVE_LABEL, "sensitive-label")                                                                          \
	X(TIE, "tie")                                                                                                  \
	X(TIE_ROLE, "tie-role")                                                                                        \
	X(GENERAL, "general")

enum names_role_number {
#define X(id, word) NAMES_##id##_NUMBER,
	NAMES_ROLES(X)
#undef X
	        NAMES_PREFECTURE_NUMBER,
	NAMES_MUNICIPALITY_NUMBER,
	NAMES_ROLE_COUNT,
};

enum {
	NAMES_SURNAME_CLASS_SHIFT = 40, /* 1 rare, 2 known, 3 common */
	NAMES_GIVEN_CLASS_SHIFT = 42,
};
/* More characters may follow: what is no word itself may begin one. */
#define NAMES_BEGINS (1ULL << 48)
#define NAMES_BIT(id) (1ULL << NAMES_##id##_NUMBER)
#define NAMES_SURNAME_IS_WORD (1ULL << 44)
#define NAMES_SURNAME_IS_PLACE (1ULL << 45)
#define NAMES_GIVEN_IS_WORD (1ULL << 46)
#define NAMES_TOWN_IS_WORD (1ULL << 47)

/* Hash of a word, character by character: names_hash_end(names_hash_add(names_hash_add(NAMES_HASH, c), d)). Latin
 * letters count as small ones, the caller lowers them. */
#define NAMES_HASH 0x9E3779B97F4A7C15ULL
/* Towns begin with another hash: they are asked only where an address may be, and are most of the words. */
#define NAMES_HASH_TOWN 0xC2B2AE3D27D4EB4FULL
static inline uint64_t names_hash_add(uint64_t h, uint32_t c)
{
	h = (h ^ c) * 0xD6E8FEB86659FD93ULL;
	return h ^ (h >> 32);
}

enum {
	NAMES_FIRST_CHARS = 0x10000,
	NAMES_PAIR_BITS = 1 << 20,
	NAMES_SINGLES_MAX = 16000,
	NAMES_SETS_MAX = 8192,
};

/* 8 bytes, because the table is larger than the processor's caches. */
struct names_entry {
	uint32_t tag;   /* upper half of the hash; the lower half says where it stands */
	uint32_t roles; /* place in sets; 0: free */
};

/* Here and not in names.c, because it is asked for every character. */
struct leak_names {
	struct names_entry *table;
	size_t size;                   /* a power of two */
	uint64_t sets[NAMES_SETS_MAX]; /* the sets of roles that occur */
	size_t set_count;
	uint8_t longest[NAMES_FIRST_CHARS];
	uint8_t surname_first[NAMES_FIRST_CHARS / 8];
	uint16_t single_at[NAMES_FIRST_CHARS]; /* place in single of a word of one character; 0 none */
	uint64_t single[NAMES_SINGLES_MAX + 1];
	size_t singles;
	uint8_t pairs[NAMES_PAIR_BITS /
	              8]; /* which two characters can begin a word: small enough to stay near the processor */
};

/* Roles of the word with this hash; 0: not known. */
static inline uint64_t names_roles(const struct leak_names *names, uint64_t hash)
{
	for (size_t i = hash & (names->size - 1);; i = (i + 1) & (names->size - 1)) {
		if (names->table[i].roles == 0)
			return 0;
		if (names->table[i].tag == (uint32_t) (hash >> 32))
			return names->sets[names->table[i].roles];
	}
}

static inline uint64_t names_single(const struct leak_names *names, uint32_t c)
{
	return c < NAMES_FIRST_CHARS ? names->single[names->single_at[c]] : 0;
}

/* How many characters the longest word has that begins with c: 0 none. */
static inline unsigned names_longest(const struct leak_names *names, uint32_t c)
{
	return c < NAMES_FIRST_CHARS ? names->longest[c] : 0;
}

static inline uint32_t names_pair_bit(uint64_t hash)
{
	return (uint32_t) (hash >> 44) & (NAMES_PAIR_BITS - 1);
}

/* Whether any word can begin with the two characters of this hash: quick, and sometimes wrong with yes. */
static inline bool names_may_begin(const struct leak_names *names, uint64_t pair_hash)
{
	uint32_t bit = names_pair_bit(pair_hash);
	return names->pairs[bit / 8] >> (bit % 8) & 1;
}

/* names_roles() of this hash is asked soon. */
static inline void names_fetch(const struct leak_names *names, uint64_t hash)
{
	__builtin_prefetch(&names->table[hash & (names->size - 1)]);
}

/* Whether a surname of kanji begins with c. */
static inline bool names_may_begin_surname(const struct leak_names *names, uint32_t c)
{
	return c < NAMES_FIRST_CHARS && names->surname_first[c / 8] >> (c % 8) & 1;
}

struct names_load; /* what is being loaded */
void names_add(struct names_load *load, struct str word, unsigned role_number);

static inline unsigned names_surname_class(uint64_t roles)
{
	return roles >> NAMES_SURNAME_CLASS_SHIFT & 3;
}
static inline unsigned names_given_class(uint64_t roles)
{
	return roles >> NAMES_GIVEN_CLASS_SHIFT & 3;
}
