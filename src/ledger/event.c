/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Canonical bytes of events and records. All numbers are big-endian and of fixed width, all lengths one byte, lists are
 * sorted and without repetition, nothing may follow the end: one event has exactly one form. docs/ledger.md draws it.
 */
#include "ledger/event.h"

#include <string.h>

#include "base/err.h"

enum { RECORD_VERSION = 1 };

struct cursor {
	struct str rest;
	bool failed;
};

/* ---- building ---- */

struct event event_make(const char *kind, int64_t time_us)
{
	return (struct event){.time_us = time_us, .kind = str_of(kind)};
}

void event_set_person(struct event *e, uint64_t person)
{
	if (person == 0)
		return;
	e->actor = EVENT_ACTOR_PERSON;
	e->person = person;
}

void event_set_program(struct event *e, struct str program)
{
	if (program.n == 0)
		return;
	e->actor = EVENT_ACTOR_PROGRAM;
	e->program = program;
}

void event_set_name(struct event *e, struct str name)
{
	e->subject = name.n ? EVENT_SUBJECT_NAME : EVENT_SUBJECT_NONE;
	e->subject_name = name;
}

void event_set_hash(struct event *e, struct ledger_hash hash)
{
	e->subject = EVENT_SUBJECT_HASH;
	e->subject_hash = hash;
}

void event_add_count(struct event *e, struct str id, uint32_t n)
{
	for (uint32_t i = 0; i < e->count_count && i < EVENT_COUNTS_MAX; i++) {
		if (str_eq(e->counts[i].id, id)) {
			e->counts[i].count += n;
			return;
		}
	}
	if (e->count_count < EVENT_COUNTS_MAX)
		e->counts[e->count_count] = (struct event_count){.id = id, .count = n};
	e->count_count++;
}

static void add_fact(struct event *e, struct event_fact fact)
{
	if (e->fact_count < EVENT_FACTS_MAX)
		e->facts[e->fact_count] = fact;
	e->fact_count++;
}

void event_add_number(struct event *e, const char *key, int64_t number)
{
	add_fact(e, (struct event_fact){.key = str_of(key), .type = EVENT_FACT_NUMBER, .number = number});
}

void event_add_word(struct event *e, const char *key, struct str word)
{
	add_fact(e, (struct event_fact){.key = str_of(key), .type = EVENT_FACT_WORD, .word = word});
}

void event_add_time(struct event *e, const char *key, int64_t time_us)
{
	add_fact(e, (struct event_fact){.key = str_of(key), .type = EVENT_FACT_TIME, .number = time_us});
}

void event_add_hash(struct event *e, const char *key, struct ledger_hash hash)
{
	add_fact(e, (struct event_fact){.key = str_of(key), .type = EVENT_FACT_HASH, .hash = hash});
}

const struct event_fact *event_find_fact(const struct event *e, const char *key)
{
	for (uint32_t i = 0; i < e->fact_count; i++) {
		if (str_eq_c(e->facts[i].key, key))
			return &e->facts[i];
	}
	return NULL;
}

/* ---- rules of the fields ---- */

bool event_is_word(struct str s)
{
	if (s.n == 0 || s.n > EVENT_WORD_MAX_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) && !memchr("._:/-", c, 5))
			return false;
	}
	return true;
}

/* Length of the UTF-8 sequence at p (RFC 3629: no surrogates, no overlong forms), 0 when it is none. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned char first_low, first_high, second_low, second_high, length;
	} forms[] = {
	        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
	        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
	        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
	};
	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (p[0] < forms[i].first_low || p[0] > forms[i].first_high)
			continue;
		if (n < forms[i].length || p[1] < forms[i].second_low || p[1] > forms[i].second_high)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++) {
			if ((p[k] & 0xC0) != 0x80)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

static bool is_name(struct str s)
{
	const unsigned char *p = (const unsigned char *) s.p;

	if (s.n == 0 || s.n > EVENT_SUBJECT_MAX_BYTES)
		return false;
	for (size_t i = 0; i < s.n;) {
		size_t length = utf8_length(p + i, s.n - i);
		bool is_c1_control = length == 2 && p[i] == 0xC2 && p[i + 1] < 0xA0;
		if (length == 0 || p[i] < 0x20 || p[i] == 0x7F || is_c1_control)
			return false;
		i += length;
	}
	return true;
}

static bool fact_is_valid(const struct event_fact *f)
{
	if (!event_is_word(f->key))
		return false;
	switch (f->type) {
	case EVENT_FACT_NUMBER:
	case EVENT_FACT_HASH:
		return true;
	case EVENT_FACT_TIME:
		return f->number >= 0;
	case EVENT_FACT_WORD:
		return event_is_word(f->word);
	}
	return false;
}

static bool actor_is_valid(const struct event *e)
{
	switch (e->actor) {
	case EVENT_ACTOR_SYSTEM:
		return true;
	case EVENT_ACTOR_PERSON:
		return e->person > 0;
	case EVENT_ACTOR_PROGRAM:
		return event_is_word(e->program);
	}
	return false;
}

static bool head_is_valid(const struct event *e)
{
	if (e->time_us < 0 || !actor_is_valid(e) || !event_is_word(e->kind))
		return false;
	if (e->subject > EVENT_SUBJECT_HASH || (e->subject == EVENT_SUBJECT_NAME && !is_name(e->subject_name)))
		return false;
	return e->decision.n == 0 || event_is_word(e->decision);
}

/* In the order of their ids and keys. */
struct lists {
	const struct event_count *counts[EVENT_COUNTS_MAX];
	const struct event_fact *facts[EVENT_FACTS_MAX];
	uint32_t count_count, fact_count;
};

/* Every word right and the lists strictly ascending: no id twice. */
static bool lists_are_valid(const struct lists *lists)
{
	for (uint32_t i = 0; i < lists->count_count; i++) {
		if (!event_is_word(lists->counts[i]->id) || lists->counts[i]->count == 0)
			return false;
		if (i > 0 && str_cmp(lists->counts[i - 1]->id, lists->counts[i]->id) >= 0)
			return false;
	}
	for (uint32_t i = 0; i < lists->fact_count; i++) {
		if (!fact_is_valid(lists->facts[i]))
			return false;
		if (i > 0 && str_cmp(lists->facts[i - 1]->key, lists->facts[i]->key) >= 0)
			return false;
	}
	return true;
}

static struct lists lists_of(const struct event *e)
{
	struct lists lists = {.count_count = e->count_count, .fact_count = e->fact_count};
	for (uint32_t i = 0; i < e->count_count; i++)
		lists.counts[i] = &e->counts[i];
	for (uint32_t i = 0; i < e->fact_count; i++)
		lists.facts[i] = &e->facts[i];
	return lists;
}

/* ---- writing ---- */

/* Where the next byte goes. Room for the largest event is there from the beginning: only what keeps to the rules above
 * is written. */
struct pen {
	unsigned char *p;
};

enum {
	TEXT_BYTES = 1 + EVENT_WORD_MAX_BYTES,
	HEAD_MOST_BYTES = 8 + 1 + TEXT_BYTES + TEXT_BYTES + 1 + 1 + EVENT_SUBJECT_MAX_BYTES + TEXT_BYTES,
	COUNT_MOST_BYTES = TEXT_BYTES + 4,
	FACT_MOST_BYTES = TEXT_BYTES + 1 + TEXT_BYTES,
};
_Static_assert(HEAD_MOST_BYTES + 1 + EVENT_COUNTS_MAX * COUNT_MOST_BYTES + 1 + EVENT_FACTS_MAX * FACT_MOST_BYTES <=
                       EVENT_MAX_BYTES,
               "every event fits");

static void put_u8(struct pen *to, uint8_t value)
{
	*to->p++ = value;
}

static void put_bytes(struct pen *to, const void *p, size_t n)
{
	if (n > 0)
		memcpy(to->p, p, n);
	to->p += n;
}

static void put_big_endian(struct pen *to, uint64_t value, unsigned bytes)
{
	for (unsigned i = bytes; i > 0; i--)
		put_u8(to, (uint8_t) (value >> (8 * (i - 1))));
}

static void put_text(struct pen *to, struct str s)
{
	put_u8(to, (uint8_t) s.n);
	put_bytes(to, s.p, s.n);
}

static void put_hash(struct pen *to, const struct ledger_hash *hash)
{
	put_bytes(to, hash->bytes, sizeof(hash->bytes));
}

static void put_actor(struct pen *to, const struct event *e)
{
	put_u8(to, (uint8_t) e->actor);
	if (e->actor == EVENT_ACTOR_PERSON)
		put_big_endian(to, e->person, 8);
	if (e->actor == EVENT_ACTOR_PROGRAM)
		put_text(to, e->program);
}

static void put_subject(struct pen *to, const struct event *e)
{
	put_u8(to, (uint8_t) e->subject);
	if (e->subject == EVENT_SUBJECT_NAME)
		put_text(to, e->subject_name);
	if (e->subject == EVENT_SUBJECT_HASH)
		put_hash(to, &e->subject_hash);
}

static void put_fact(struct pen *to, const struct event_fact *f)
{
	put_text(to, f->key);
	put_u8(to, (uint8_t) f->type);
	switch (f->type) {
	case EVENT_FACT_NUMBER:
	case EVENT_FACT_TIME:
		put_big_endian(to, (uint64_t) f->number, 8);
		break;
	case EVENT_FACT_WORD:
		put_text(to, f->word);
		break;
	case EVENT_FACT_HASH:
		put_hash(to, &f->hash);
		break;
	}
}

static void put_lists(struct pen *to, const struct lists *lists)
{
	put_u8(to, (uint8_t) lists->count_count);
	for (uint32_t i = 0; i < lists->count_count; i++) {
		put_text(to, lists->counts[i]->id);
		put_big_endian(to, lists->counts[i]->count, 4);
	}
	put_u8(to, (uint8_t) lists->fact_count);
	for (uint32_t i = 0; i < lists->fact_count; i++)
		put_fact(to, lists->facts[i]);
}

/* The lists are short and mostly sorted: each goes to its place from behind. */
static void sort_lists(const struct event *e, struct lists *ret)
{
	ret->count_count = e->count_count;
	ret->fact_count = e->fact_count;
	for (uint32_t i = 0; i < e->count_count; i++) {
		uint32_t at = i;
		for (; at > 0 && str_cmp(ret->counts[at - 1]->id, e->counts[i].id) > 0; at--)
			ret->counts[at] = ret->counts[at - 1];
		ret->counts[at] = &e->counts[i];
	}
	for (uint32_t i = 0; i < e->fact_count; i++) {
		uint32_t at = i;
		for (; at > 0 && str_cmp(ret->facts[at - 1]->key, e->facts[i].key) > 0; at--)
			ret->facts[at] = ret->facts[at - 1];
		ret->facts[at] = &e->facts[i];
	}
}

int event_encode(const struct event *e, struct buf *b)
{
	unsigned char bytes[EVENT_MAX_BYTES];
	struct pen pen = {bytes};
	struct lists lists;

	if (e->count_count > EVENT_COUNTS_MAX || e->fact_count > EVENT_FACTS_MAX)
		return ERR_TOO_LARGE;
	sort_lists(e, &lists);
	if (!head_is_valid(e) || !lists_are_valid(&lists))
		return ERR_INVALID;
	put_big_endian(&pen, (uint64_t) e->time_us, 8);
	put_actor(&pen, e);
	put_text(&pen, e->kind);
	put_subject(&pen, e);
	put_text(&pen, e->decision);
	put_lists(&pen, &lists);
	return buf_add(b, bytes, (size_t) (pen.p - bytes));
}

/* ---- reading ---- */

static struct str take(struct cursor *c, size_t n)
{
	if (c->failed || c->rest.n < n) {
		c->failed = true;
		return (struct str){NULL, 0};
	}
	struct str s = str_slice(c->rest, 0, n);
	c->rest = str_slice(c->rest, n, c->rest.n);
	return s;
}

static uint64_t take_big_endian(struct cursor *c, size_t bytes)
{
	struct str s = take(c, bytes);
	uint64_t value = 0;
	for (size_t i = 0; i < s.n; i++)
		value = value << 8 | (uint8_t) s.p[i];
	return value;
}

static struct str take_text(struct cursor *c)
{
	return take(c, (size_t) take_big_endian(c, 1));
}

static struct ledger_hash take_hash(struct cursor *c)
{
	struct ledger_hash hash = {{0}};
	struct str s = take(c, LEDGER_HASH_BYTES);
	if (s.n)
		memcpy(hash.bytes, s.p, s.n);
	return hash;
}

/* A number below limit, else the cursor fails: an enum or the length of a list. */
static uint32_t take_below(struct cursor *c, uint32_t limit)
{
	uint32_t value = (uint32_t) take_big_endian(c, 1);
	if (value >= limit) {
		c->failed = true;
		return 0;
	}
	return value;
}

static void take_head(struct cursor *c, struct event *e)
{
	e->time_us = (int64_t) take_big_endian(c, 8);
	e->actor = (enum event_actor) take_below(c, EVENT_ACTOR_PROGRAM + 1);
	if (e->actor == EVENT_ACTOR_PERSON)
		e->person = take_big_endian(c, 8);
	if (e->actor == EVENT_ACTOR_PROGRAM)
		e->program = take_text(c);
	e->kind = take_text(c);
	e->subject = (enum event_subject) take_below(c, EVENT_SUBJECT_HASH + 1);
	if (e->subject == EVENT_SUBJECT_NAME)
		e->subject_name = take_text(c);
	if (e->subject == EVENT_SUBJECT_HASH)
		e->subject_hash = take_hash(c);
	e->decision = take_text(c);
}

static void take_fact(struct cursor *c, struct event_fact *f)
{
	f->key = take_text(c);
	f->type = (enum event_fact_type) take_below(c, EVENT_FACT_HASH + 1);
	switch (f->type) {
	case EVENT_FACT_NUMBER:
	case EVENT_FACT_TIME:
		f->number = (int64_t) take_big_endian(c, 8);
		break;
	case EVENT_FACT_WORD:
		f->word = take_text(c);
		break;
	case EVENT_FACT_HASH:
		f->hash = take_hash(c);
		break;
	}
}

static int take_event(struct cursor *c, struct event *ret)
{
	struct event e = {0};

	take_head(c, &e);
	e.count_count = take_below(c, EVENT_COUNTS_MAX + 1);
	for (uint32_t i = 0; i < e.count_count && !c->failed; i++) {
		e.counts[i].id = take_text(c);
		e.counts[i].count = (uint32_t) take_big_endian(c, 4);
	}
	e.fact_count = take_below(c, EVENT_FACTS_MAX + 1);
	for (uint32_t i = 0; i < e.fact_count && !c->failed; i++)
		take_fact(c, &e.facts[i]);
	if (c->failed || c->rest.n != 0 || !head_is_valid(&e))
		return ERR_INVALID;
	struct lists lists = lists_of(&e);
	if (!lists_are_valid(&lists))
		return ERR_INVALID;
	*ret = e;
	return 0;
}

int event_decode(struct str bytes, struct event *ret)
{
	return take_event(&(struct cursor){.rest = bytes}, ret);
}

/* ---- records ---- */

int record_encode_next(uint64_t number, const struct ledger_hash *previous, const struct event *e, struct buf *b)
{
	unsigned char head[1 + 8 + LEDGER_HASH_BYTES];
	struct pen pen = {head};

	put_u8(&pen, RECORD_VERSION);
	put_big_endian(&pen, number, 8);
	put_hash(&pen, previous);
	int r = buf_add(b, head, sizeof(head));
	return r < 0 ? r : event_encode(e, b);
}

int record_encode(const struct record *record, struct buf *b)
{
	return record_encode_next(record->number, &record->previous, &record->event, b);
}

int record_decode(struct str bytes, struct record *ret)
{
	struct cursor c = {.rest = bytes};
	struct record record = {0};

	uint64_t version = take_big_endian(&c, 1);
	record.number = take_big_endian(&c, 8);
	record.previous = take_hash(&c);
	if (c.failed || version != RECORD_VERSION)
		return ERR_INVALID;
	int r = take_event(&c, &record.event);
	if (r < 0)
		return r;
	*ret = record;
	return 0;
}

struct ledger_hash record_leaf_hash(struct str bytes)
{
	static const char prefix[] = {0x00};
	return ledger_hash_of_two(str_make(prefix, 1), bytes);
}

bool ledger_hash_eq(const struct ledger_hash *a, const struct ledger_hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}
