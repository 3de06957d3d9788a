/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own dated facts. Nothing is ever overwritten: what counted when stays to be seen. */
#include "base/err.h"
#include "keep/keeper.h"
#include "store/own-fact.h"

enum {
	FACT_ID_BYTES = 60,
	FACT_YAML_MAX_BYTES = 16 * 1024,
	FACTS_EACH_MAX = 500, /* of one question */
	OWN_FACTS_MAX = 2000, /* that count at one time; below KEEP_LIST_MAX_ROWS: all of them can be read */
	OWN_FACTS_MAX_BYTES = 8 * 1024 * 1024, /* of them; below KEEP_ANSWER_MAX_BYTES */
	FACT_CHANGES_MAX = 20000,
	FACT_HISTORY_MAX = 100,
};

int handle_own_fact_list(struct keeper *k, const struct keep_own_fact_list_in *in, struct keep_own_fact_list_out *out)
{
	(void) in;
	return own_fact_list_current(k->store, k->arena, &out->facts);
}

int handle_own_fact_history(struct keeper *k, const struct keep_own_fact_history_in *in,
                            struct keep_own_fact_history_out *out)
{
	return own_fact_list_of(k->store, in->id, in->region, FACT_HISTORY_MAX, k->arena, &out->changes);
}

static int check(const struct keep_own_fact *row)
{
	if (check_line(row->id, 1, FACT_ID_BYTES) < 0 || check_line(row->region, 0, FACT_ID_BYTES) < 0)
		return ERR_INVALID;
	return row->yaml.n == 0 ? 0 : check_words(row->yaml, FACT_YAML_MAX_BYTES);
}

static int save(struct keeper *k, struct keep_own_fact row)
{
	int r = check(&row);
	if (r < 0)
		return r;
	row.changed_by = k->person.id;
	row.changed_us = k->now_us;
	r = own_fact_insert(k->store, &row);
	return r < 0 ? r : keeper_record_name(k, row.yaml.n ? "fact.changed" : "fact.reset", row.id);
}

int handle_own_fact_save(struct keeper *k, const struct keep_own_fact_save_in *in, struct keep_own_fact_save_out *out)
{
	uint64_t before = 0, current = 0, bytes = 0;
	int r = own_fact_count(k->store, &before);
	if (r >= 0 && (in->facts.n > FACTS_EACH_MAX || before + in->facts.n > FACT_CHANGES_MAX))
		r = ERR_TOO_LARGE;
	for (size_t i = 0; r >= 0 && i < in->facts.n; i++)
		r = save(k, in->facts.at[i]);
	if (r >= 0)
		r = own_fact_count_current(k->store, &current, &bytes);
	if (r >= 0 && (current > OWN_FACTS_MAX || bytes > OWN_FACTS_MAX_BYTES))
		r = ERR_TOO_LARGE;
	out->saved = r < 0 ? 0 : in->facts.n;
	return r < 0 ? r : 0;
}
