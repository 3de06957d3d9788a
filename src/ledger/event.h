/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An event: what happened, who did it, when, of which kind, about what, with which findings and decision. Never the
 * text of a mail: ids, kinds and decisions are words of [a-z0-9._:/-], facts are numbers, times, words or hashes, and
 * only the subject may be a name (a login, the name of a setting, a file) or the hash of one.
 * The canonical bytes are in docs/ledger.md. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum {
	LEDGER_HASH_BYTES = 32,
	EVENT_WORD_MAX_BYTES = 64,     /* kind, decision, program, ids, keys, word facts */
	EVENT_SUBJECT_MAX_BYTES = 128, /* UTF-8 without control characters */
	EVENT_COUNTS_MAX = 64,
	EVENT_FACTS_MAX = 16,
	EVENT_MAX_BYTES = 8192, /* of the canonical form; what fits the limits above always fits */
};

struct ledger_hash {
	uint8_t bytes[LEDGER_HASH_BYTES];
};

enum event_actor { EVENT_ACTOR_SYSTEM, EVENT_ACTOR_PERSON, EVENT_ACTOR_PROGRAM };
enum event_subject { EVENT_SUBJECT_NONE, EVENT_SUBJECT_NAME, EVENT_SUBJECT_HASH };
enum event_fact_type { EVENT_FACT_NUMBER = 1, EVENT_FACT_WORD, EVENT_FACT_TIME, EVENT_FACT_HASH };

struct event_count {
	struct str id; /* of a finding: "claim-foreign-link" */
	uint32_t count;
};

struct event_fact {
	struct str key;
	enum event_fact_type type;
	int64_t number; /* number, or time in microseconds */
	struct str word;
	struct ledger_hash hash;
};

struct event {
	int64_t time_us;
	enum event_actor actor;
	uint64_t person;    /* EVENT_ACTOR_PERSON: id */
	struct str program; /* EVENT_ACTOR_PROGRAM: word */
	struct str kind;    /* one of kinds.def; readers take unknown ones too */
	enum event_subject subject;
	struct str subject_name;
	struct ledger_hash subject_hash;
	struct str decision; /* "danger", "allowed", "denied" ...; may be empty */
	struct event_count counts[EVENT_COUNTS_MAX];
	uint32_t count_count;
	struct event_fact facts[EVENT_FACTS_MAX];
	uint32_t fact_count;
};

/* A new event of the system itself; set actor and the rest as needed. Views are not copied. */
struct event event_make(const char *kind, int64_t time_us);
void event_set_person(struct event *e, uint64_t person);     /* 0 leaves the actor as it was */
void event_set_program(struct event *e, struct str program); /* "" leaves the actor as it was */
void event_set_name(struct event *e, struct str name);       /* subject */
void event_set_hash(struct event *e, struct ledger_hash hash);
/* Adds n to the count of id. What does not fit or is no word makes event_encode() fail. */
void event_add_count(struct event *e, struct str id, uint32_t n);
void event_add_number(struct event *e, const char *key, int64_t number);
void event_add_word(struct event *e, const char *key, struct str word);
void event_add_time(struct event *e, const char *key, int64_t time_us);
void event_add_hash(struct event *e, const char *key, struct ledger_hash hash);
/* NULL when there is none. */
const struct event_fact *event_find_fact(const struct event *e, const char *key);

/* The canonical bytes of an event (without number and chain); sorts counts and facts.
 * ERR_INVALID when a field breaks its rule, ERR_TOO_LARGE when there are too many. */
int event_encode(const struct event *e, struct buf *b);
/* Strict: ERR_INVALID for every byte string that event_encode() cannot have made. Views point into bytes. */
int event_decode(struct str bytes, struct event *ret);

bool event_is_word(struct str s); /* 1 to EVENT_WORD_MAX_BYTES bytes of [a-z0-9._:/-] */

/* A record of the ledger: an event at its place in the chain. */
struct record {
	uint64_t number;             /* the first is 0 */
	struct ledger_hash previous; /* leaf hash of the record before; zeros for the first */
	struct event event;
};

int record_encode(const struct record *record, struct buf *b);
/* The same from its parts. */
int record_encode_next(uint64_t number, const struct ledger_hash *previous, const struct event *e, struct buf *b);
int record_decode(struct str bytes, struct record *ret);
/* SHA-256(0x00 || bytes): RFC 6962, 2.1. */
struct ledger_hash record_leaf_hash(struct str bytes);

/* Makes all hashes of this process quick; reads files of OpenSSL. For who hashes a lot, before it is jailed and before
 * it has threads. */
void ledger_hash_prepare(void);
/* SHA-256 of a name that must not stand in the ledger itself. */
struct ledger_hash ledger_hash_of(struct str bytes);
struct ledger_hash ledger_hash_of_two(struct str first, struct str second); /* of one behind the other */
bool ledger_hash_eq(const struct ledger_hash *a, const struct ledger_hash *b);
