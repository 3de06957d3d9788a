/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/evidence.h"

#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/err.h"
#include "keep/keeper.h"
#include "store/evidence.h"
#include "store/item.h"

enum { EVENTS_COUNTED_MAX = 100000 };

#define X(id, what, kinds, window, too_old, items, criteria)                                                           \
	{id, EVIDENCE_##what, kinds, window, too_old, items, criteria},
const struct evidence_entry evidence_table[] = {
#include "keep/evidence.def"
};
#undef X
const size_t evidence_table_count = ARRAY_SIZE(evidence_table);

const struct evidence_entry *evidence_find(struct str id)
{
	for (size_t i = 0; i < evidence_table_count; i++)
		if (str_eq_c(id, evidence_table[i].id))
			return &evidence_table[i];
	return NULL;
}

static bool has_word(const char *words, struct str wanted)
{
	struct str rest = str_of(words), word;
	while (str_split(&rest, ' ', &word))
		if (str_eq(word, wanted) && word.n > 0)
			return true;
	return false;
}

bool evidence_is_of_item(const struct evidence_entry *entry, uint64_t item)
{
	struct str rest = str_of(entry->items), word;
	uint64_t number;
	while (str_split(&rest, ' ', &word))
		if (str_parse_u64(word, UINT32_MAX, &number) >= 0 && number == item)
			return true;
	return false;
}

bool evidence_is_of_criterion(const struct evidence_entry *entry, struct str number)
{
	return has_word(entry->criteria, number);
}

enum evidence_state evidence_state_of(const struct evidence_entry *entry, int64_t newest_us, uint64_t count,
                                      uint64_t whole, int64_t now_us)
{
	if (entry->what == EVIDENCE_SECOND_FACTOR)
		return count == 0 ? EVIDENCE_NOTHING : count < whole ? EVIDENCE_OLD : EVIDENCE_PROVEN;
	if (entry->what == EVIDENCE_LEDGER_DAYS)
		return newest_us == 0 || count == 0 ? EVIDENCE_NOTHING : EVIDENCE_PROVEN;
	bool is_of_register = entry->what == EVIDENCE_REGISTERS || entry->what == EVIDENCE_LEAVERS;
	if (is_of_register && count > 0)
		return EVIDENCE_AGAINST;
	if (newest_us == 0 || (is_of_register && whole == 0))
		return EVIDENCE_NOTHING;
	return newest_us < now_us - (int64_t) entry->too_old_days * CLOCK_DAY_US ? EVIDENCE_OLD : EVIDENCE_PROVEN;
}

enum evidence_mark evidence_mark_of(char answer, enum evidence_state best)
{
	switch (answer) {
	case 'y':
	case 'p':
		return best == EVIDENCE_PROVEN    ? EVIDENCE_FITS
		       : best == EVIDENCE_AGAINST ? EVIDENCE_SPEAKS_AGAINST
		                                  : EVIDENCE_ONLY_SAID;
	case 'n':
	case 'u':
		return best == EVIDENCE_PROVEN ? EVIDENCE_ONLY_PROVEN : EVIDENCE_FITS;
	default:
		return EVIDENCE_FITS;
	}
}

/* ---- asking ---- */

static int look_at_events(struct keeper *k, const struct evidence_entry *entry, struct keep_evidence *row)
{
	struct str rest = str_of(entry->kinds), kind;
	uint64_t from = 0;
	int r = evidence_first_since(k->store, k->now_us - (int64_t) entry->window_days * CLOCK_DAY_US, &from);
	while (r >= 0 && str_split(&rest, ' ', &kind)) {
		int64_t newest_us = 0;
		uint64_t count = 0;
		size_t colon = str_find_char(kind, ':', 0);
		if (colon != STR_NOT_FOUND) {
			r = evidence_of_name(k->store, str_slice(kind, 0, colon), str_slice(kind, colon + 1, kind.n),
			                     from, EVENTS_COUNTED_MAX, &newest_us, &count);
		} else {
			r = evidence_newest(k->store, kind, &newest_us);
			if (r >= 0)
				r = evidence_count(k->store, kind, from, EVENTS_COUNTED_MAX, &count);
		}
		row->newest_us = newest_us > row->newest_us ? newest_us : row->newest_us;
		row->count += count;
	}
	return r;
}

/* newest_us: of the first record, since which nothing may be missing. */
static int look_at_ledger(struct keeper *k, struct keep_evidence *row)
{
	int r = evidence_oldest(k->store, &row->newest_us);
	int64_t age_us = k->now_us - row->newest_us;
	row->count = row->newest_us && age_us > 0 ? (uint64_t) (age_us / CLOCK_DAY_US) : 0;
	return r;
}

/* count: past their day; whole: with a day; newest_us: of the last change of these registers. */
static int look_at_registers(struct keeper *k, const struct evidence_entry *entry, struct keep_evidence *row)
{
	struct keep_item_count_list counts = {0};
	struct str rest = str_of(entry->kinds), word;
	char today[CLOCK_TEXT_BYTES];
	clock_format_local(k->now_us, today);
	int r = item_count_each(k->store, str_make(today, strlen("2026-12-31")), k->arena, &counts);
	while (r >= 0 && str_split(&rest, ' ', &word))
		for (size_t i = 0; i < counts.n; i++) {
			const struct keep_item_count *count = &counts.at[i];
			if (!str_eq(count->register_word, word))
				continue;
			bool leavers = entry->what == EVIDENCE_LEAVERS;
			row->count += leavers ? count->leavers : count->late;
			row->whole += leavers ? count->items : count->dated;
			row->newest_us = count->changed_us > row->newest_us ? count->changed_us : row->newest_us;
		}
	return r;
}

int handle_evidence_list(struct keeper *k, const struct keep_evidence_list_in *in, struct keep_evidence_list_out *out)
{
	int r = 0;
	(void) in;
	for (size_t i = 0; r >= 0 && i < evidence_table_count; i++) {
		const struct evidence_entry *entry = &evidence_table[i];
		struct keep_evidence *row = ARENA_PUSH(k->arena, &out->rows);
		if (!row)
			return ERR_TOO_LARGE;
		*row = (struct keep_evidence){.id = str_of(entry->id)};
		if (entry->what == EVIDENCE_SECOND_FACTOR)
			r = evidence_second_factors(k->store, k->now_us, &row->count, &row->whole);
		else if (entry->what == EVIDENCE_LEDGER_DAYS)
			r = look_at_ledger(k, row);
		else if (entry->what == EVIDENCE_REGISTERS || entry->what == EVIDENCE_LEAVERS)
			r = look_at_registers(k, entry, row);
		else
			r = look_at_events(k, entry, row);
	}
	return r < 0 ? r : 0;
}
