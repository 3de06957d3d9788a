/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Registers. Nothing is overwritten: what stood there when stays to be seen. */
#include "base/err.h"
#include "keep/keeper.h"
#include "store/item.h"

enum {
	REGISTER_WORD_BYTES = 40,
	ITEM_BODY_MAX_BYTES = 32 * 1024,
	ITEMS_EACH_MAX = 1000,     /* of one question */
	ITEMS_REGISTER_MAX = 2000, /* of one register */
	ITEMS_DUE_MAX = 2000,
	REGISTER_BODIES_MAX_BYTES = 8 * 1024 * 1024, /* what counts of one register; below KEEP_ANSWER_MAX_BYTES */
	ITEM_CHANGES_MAX = 50000,
	ITEM_HISTORY_MAX = 100,
	DAY_BYTES = 10,
};

int handle_item_list(struct keeper *k, const struct keep_item_list_in *in, struct keep_item_list_out *out)
{
	return item_list_current(k->store, in->register_word, ITEMS_REGISTER_MAX, k->arena, &out->items);
}

int handle_item_counts(struct keeper *k, const struct keep_item_counts_in *in, struct keep_item_counts_out *out)
{
	return item_count_each(k->store, in->today, k->arena, &out->counts);
}

int handle_item_due(struct keeper *k, const struct keep_item_due_in *in, struct keep_item_due_out *out)
{
	return item_list_due(k->store, in->until, ITEMS_DUE_MAX, k->arena, &out->items);
}

int handle_item_history(struct keeper *k, const struct keep_item_history_in *in, struct keep_item_history_out *out)
{
	return item_list_of(k->store, in->id, ITEM_HISTORY_MAX, k->arena, &out->changes);
}

static int check(const struct keep_item *row)
{
	if (!event_is_word(row->register_word) || row->register_word.n > REGISTER_WORD_BYTES)
		return ERR_INVALID;
	if (row->due.n != 0 && row->due.n != DAY_BYTES)
		return ERR_INVALID;
	if (row->body.n == 0)
		return row->id ? 0 : ERR_INVALID;
	return check_words(row->body, ITEM_BODY_MAX_BYTES);
}

/* An item stays in the register it came into. */
static int check_place(struct keeper *k, const struct keep_item *row)
{
	struct keep_item_list before = {0};
	if (row->id == 0)
		return 0;
	int r = item_list_of(k->store, row->id, 1, k->arena, &before);
	if (r < 0)
		return r;
	if (before.n == 0 || before.at[0].body.n == 0)
		return ERR_NOT_FOUND;
	return str_eq(before.at[0].register_word, row->register_word) ? 0 : ERR_INVALID;
}

static int check_room(struct keeper *k, struct str register_word)
{
	struct item_room room;
	int r = item_count(k->store, register_word, &room);
	if (r < 0)
		return r;
	bool is_full = room.changes > ITEM_CHANGES_MAX || room.items > ITEMS_REGISTER_MAX ||
	               room.bytes > REGISTER_BODIES_MAX_BYTES;
	return is_full ? ERR_TOO_LARGE : 0;
}

static int save(struct keeper *k, struct keep_item row, uint64_t *ret_id)
{
	int r = check(&row);
	if (r >= 0)
		r = check_place(k, &row);
	if (r < 0)
		return r;
	row.changed_by = k->person.id;
	row.changed_us = k->now_us;
	r = item_insert(k->store, &row, ret_id);
	if (r < 0)
		return r;
	struct event e = event_make(row.body.n ? "item.changed" : "item.removed", k->now_us);
	event_set_name(&e, row.register_word);
	event_add_number(&e, "item", (int64_t) *ret_id);
	return keeper_record(k, &e);
}

int handle_item_save(struct keeper *k, const struct keep_item_save_in *in, struct keep_item_save_out *out)
{
	int r = in->items.n > ITEMS_EACH_MAX ? ERR_TOO_LARGE : 0;
	for (size_t i = 0; r >= 0 && i < in->items.n; i++)
		r = save(k, in->items.at[i], &out->id);
	/* Counted once for all that came: each count looks at every change there is. */
	for (size_t i = 0; r >= 0 && i < in->items.n; i++)
		if (i == 0 || !str_eq(in->items.at[i].register_word, in->items.at[i - 1].register_word))
			r = check_room(k, in->items.at[i].register_word);
	out->saved = r < 0 ? 0 : in->items.n;
	return r < 0 ? r : 0;
}
