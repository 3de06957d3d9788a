/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's papers. A draft is written over until the president approves it; from then on it stays as it is, and
 * the next change is a new version. The ledger holds the hash of what was approved. */
#include "base/err.h"
#include "base/web-address.h"
#include "keep/keeper.h"
#include "store/paper.h"
#include "store/role.h"

enum {
	PAPER_WORD_MAX_BYTES = 40,
	PAPER_FIELDS_MAX_BYTES = KEEP_TEXT_MAX_BYTES,
	PAPER_BODY_MAX_BYTES = KEEP_TEXT_MAX_BYTES,
	PAPER_VERSIONS_MAX = 200, /* of one paper */
	PAPERS_LISTED_MAX = 2000,
	ADDRESS_MAX_BYTES = 500,
	DAY_BYTES = 10,
};

static bool sees_drafts(const struct keeper *k)
{
	return k->person.id == 0 || k->person.role != ROLE_STAFF;
}

static int record_paper(struct keeper *k, const char *kind, const struct keep_paper_version *row)
{
	struct event e = event_make(kind, k->now_us);
	event_set_name(&e, row->paper);
	event_add_number(&e, "version", (int64_t) row->number);
	if (row->body.n > 0)
		event_add_hash(&e, "paper", ledger_hash_of(row->body));
	return keeper_record(k, &e);
}

int handle_paper_list(struct keeper *k, const struct keep_paper_list_in *in, struct keep_paper_list_out *out)
{
	return paper_version_list(k->store, in->paper, !sees_drafts(k), PAPERS_LISTED_MAX, k->arena, &out->versions);
}

int handle_paper_get(struct keeper *k, const struct keep_paper_get_in *in, struct keep_paper_get_out *out)
{
	struct keep_paper_version *row = ARENA_PUSH(k->arena, &out->versions);
	int r = row ? paper_version_find(k->store, in->id, k->arena, row) : ERR_TOO_LARGE;
	if (r >= 0 && row->approved_us == 0 && !sees_drafts(k))
		r = ERR_NOT_FOUND;
	return r < 0 ? r : paper_agreement_list(k->store, in->id, k->arena, &out->agreements);
}

static int check(const struct keep_paper_save_in *in)
{
	if (!event_is_word(in->paper) || in->paper.n > PAPER_WORD_MAX_BYTES)
		return ERR_INVALID;
	if (in->body.n == 0 || in->body.n > PAPER_BODY_MAX_BYTES)
		return in->body.n == 0 ? ERR_INVALID : ERR_TOO_LARGE;
	return check_words(in->fields, PAPER_FIELDS_MAX_BYTES);
}

int handle_paper_save(struct keeper *k, const struct keep_paper_save_in *in, struct keep_paper_save_out *out)
{
	struct keep_paper_version last = {0};
	int r = check(in);
	if (r >= 0)
		r = paper_version_newest(k->store, in->paper, k->arena, &last);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	bool is_draft = r >= 0 && last.approved_us == 0;
	struct keep_paper_version row = {.id = is_draft ? last.id : 0,
	                                 .paper = in->paper,
	                                 .number = is_draft ? last.number : last.number + 1,
	                                 .fields = in->fields,
	                                 .body = in->body,
	                                 .made_by = k->person.id,
	                                 .made_us = k->now_us};
	if (row.number > PAPER_VERSIONS_MAX)
		return ERR_TOO_LARGE;
	out->id = row.id;
	r = is_draft ? paper_version_rewrite(k->store, &row) : paper_version_insert(k->store, &row, &out->id);
	return r < 0 ? r : record_paper(k, "paper.saved", &row);
}

int handle_paper_approve(struct keeper *k, const struct keep_paper_approve_in *in, struct keep_paper_approve_out *out)
{
	struct keep_paper_version row;
	int r = keeper_check_presidents(k);
	if (r >= 0)
		r = paper_version_find(k->store, in->id, k->arena, &row);
	/* What was looked at is what is approved. */
	if (r >= 0 && row.made_us != in->made_us)
		r = ERR_CONFLICT;
	if (r >= 0)
		r = paper_version_approve(k->store, in->id, k->person.id, k->now_us);
	out->done = r >= 0;
	return r < 0 ? r : record_paper(k, "paper.approved", &row);
}

static bool is_day(struct str s)
{
	return s.n == 0 || s.n == DAY_BYTES;
}

int handle_paper_publish(struct keeper *k, const struct keep_paper_publish_in *in, struct keep_paper_publish_out *out)
{
	struct keep_paper_version row;
	if (!is_day(in->published_on) || !is_day(in->review_on) ||
	    (in->address.n > 0 && !web_address_is_fit(in->address)) || in->address.n > ADDRESS_MAX_BYTES)
		return ERR_INVALID;
	int r = paper_version_find(k->store, in->id, k->arena, &row);
	if (r < 0)
		return r;
	bool is_new = in->published_on.n > 0 && row.published_on.n == 0;
	/* What was once public stays so: its day may be corrected, not taken away. */
	if (in->published_on.n == 0 && row.published_on.n > 0)
		return ERR_INVALID;
	row.published_on = in->published_on;
	row.address = in->address;
	row.review_on = in->review_on;
	r = paper_version_publish(k->store, &row);
	out->done = r >= 0;
	return r < 0 ? r : record_paper(k, is_new ? "paper.published" : "paper.dated", &row);
}

int handle_paper_agree(struct keeper *k, const struct keep_paper_agree_in *in, struct keep_paper_agree_out *out)
{
	struct keep_paper_version row;
	if (k->person.id == 0)
		return ERR_DENIED;
	int r = paper_version_find(k->store, in->id, k->arena, &row);
	if (r >= 0 && row.approved_us == 0)
		r = ERR_NOT_FOUND;
	if (r >= 0)
		r = paper_agreement_insert(k->store, in->id, k->person.id, k->now_us);
	out->done = r >= 0 || r == ERR_EXISTS;
	if (r == ERR_EXISTS)
		return 0;
	return r < 0 ? r : record_paper(k, "paper.agreed", &row);
}
