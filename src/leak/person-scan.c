/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names, addresses and sensitive matters of one window, line by line. A surname that stands alone is kept aside and
 * counts when the same surname is sure somewhere in the window (or is common and nothing else). */
#include <stdlib.h>

#include "leak/address.h"
#include "leak/person-find.h"
#include "leak/sensitive.h"

enum {
	WEAK_MAX = 8192,
	SURE_BITS = 12, /* of the table of surnames that are sure */
	SURE_MAX = 1 << (SURE_BITS - 1),
};

struct weak {
	uint32_t start, end;
	uint64_t hash;
};

struct leak_names_scratch {
	struct leak_line line;
	struct person_state state;
	struct person_state carried; /* where the next window begins */
	struct weak weak[WEAK_MAX];
	size_t weaks;
	uint64_t sure[1 << SURE_BITS];
	size_t sures;
	struct sensitive_scan sensitive;
};

int leak_names_scratch_new(const struct leak_names *names, struct leak_names_scratch **ret)
{
	struct leak_names_scratch *scratch = calloc(1, sizeof(*scratch));
	if (!scratch)
		abort();
	*ret = scratch;
	return 0;
}

void leak_names_scratch_free(struct leak_names_scratch *scratch)
{
	if (!scratch)
		return;
	explicit_bzero(scratch, sizeof(*scratch));
	free(scratch);
}

static uint64_t *sure_slot(struct leak_names_scratch *scratch, uint64_t hash)
{
	size_t i = hash >> (64 - SURE_BITS);
	while (scratch->sure[i] != 0 && scratch->sure[i] != hash)
		i = (i + 1) & ((1U << SURE_BITS) - 1);
	return &scratch->sure[i];
}

static void on_sure(void *context, uint64_t hash)
{
	struct leak_names_scratch *scratch = context;
	uint64_t *slot = sure_slot(scratch, hash);
	if (*slot == hash || scratch->sures >= SURE_MAX)
		return;
	*slot = hash;
	scratch->sures++;
}

static void on_weak(void *context, const struct leak_line *line, size_t start, size_t end, uint64_t hash)
{
	struct leak_names_scratch *scratch = context;
	if (scratch->weaks < WEAK_MAX)
		scratch->weak[scratch->weaks++] = (struct weak){line->at[start], line->at[end], hash};
}

static void find_in_line(struct leak_state *st, struct leak_names_scratch *scratch, size_t at)
{
	struct leak_line *line = &scratch->line;
	struct person_listener listener = {on_weak, on_sure, scratch};
	person_mark_zones(&scratch->state, line);
	if (line->has_han || line->zones > 0 || (line->has_latin && line->has_digit))
		address_find(st, line);
	if (line->has_han)
		person_find_kanji(line, &listener);
	if (line->has_han)
		person_find_family(line);
	if (line->has_katakana || line->zones > 0 || line->persons > 0)
		person_find_kana(line);
	if (line->has_latin)
		person_find_latin(line);
	if (line->zones > 0)
		person_find_unknown(line);
	for (size_t i = 0; i < line->persons; i++) {
		const struct line_person *p = &line->person[i];
		leak_add(st, line->at[p->start], line->at[p->end], LEAK_PERSON, p->confidence, p->why);
	}
	sensitive_read(st, &scratch->sensitive, line);
}

static void add_weak(struct leak_state *st, struct leak_names_scratch *scratch)
{
	for (size_t i = 0; i < scratch->weaks; i++) {
		const struct weak *w = &scratch->weak[i];
		if (*sure_slot(scratch, w->hash) == w->hash)
			leak_add(st, w->start, w->end, LEAK_PERSON, LEAK_MEDIUM, "name-again");
	}
	if (scratch->sures > 0)
		explicit_bzero(scratch->sure, sizeof(scratch->sure));
	scratch->weaks = scratch->sures = 0;
}

int leak_find_names(struct leak_state *st)
{
	struct leak_names_scratch *scratch = leak_state_names_scratch(st);
	scratch->line.names = leak_state_names(st);
	if (st->from == 0 || st->depth > 0)
		scratch->carried = (struct person_state){0};
	scratch->state = scratch->carried;
	sensitive_begin(&scratch->sensitive);
	bool carried = false;
	for (size_t at = 0; at < st->text.n;) {
		if (!carried && at + LEAK_CONTEXT_BYTES >= st->to) {
			scratch->carried = scratch->state;
			carried = true;
		}
		size_t next = line_read(&scratch->line, st->text, at);
		if (scratch->line.n > 0)
			find_in_line(st, scratch, at);
		else
			scratch->state.delimiter = 0;
		at = next;
	}
	if (!carried)
		scratch->carried = scratch->state;
	sensitive_end(st, &scratch->sensitive);
	add_weak(st, scratch);
	return 0;
}
