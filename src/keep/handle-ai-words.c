/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own words, and what people say was found by mistake. The words themselves are read by the gate; here
 * they are bytes. */
#include "base/err.h"
#include "keep/ai.h"

enum { VERSIONS_KEPT = 5, WORDS_MAX = 500000, GROUPS_ALL = (1 << 16) - 1, PLACE_MAX_BYTES = 64 };

/* ---- lists ---- */

int handle_ai_word_begin(struct keeper *k, const struct keep_ai_word_begin_in *in, struct keep_ai_word_begin_out *out)
{
	if (check_line(in->note, 0, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	return ai_word_list_begin(k->store, k->person.id, in->note, k->now_us, &out->version);
}

int handle_ai_word_add(struct keeper *k, const struct keep_ai_word_add_in *in, struct keep_ai_word_add_out *out)
{
	if (in->piece.n == 0 || in->piece.n > AI_PIECE_MAX_BYTES)
		return ERR_INVALID;
	int r = ai_word_list_add(k->store, in->version, in->piece);
	out->done = r >= 0;
	return r;
}

static int record_words(struct keeper *k, const char *how, uint64_t version, uint64_t words)
{
	struct event e = event_make("ai.words-changed", k->now_us);
	e.decision = str_of(how);
	event_add_number(&e, "version", (int64_t) version);
	event_add_number(&e, "words", (int64_t) words);
	int r = keeper_record(k, &e);
	return r < 0 ? r : ai_changed(k);
}

int handle_ai_word_finish(struct keeper *k, const struct keep_ai_word_finish_in *in,
                          struct keep_ai_word_finish_out *out)
{
	if (in->words > WORDS_MAX)
		return ERR_TOO_LARGE;
	int r = ai_word_list_finish(k->store, in->version, in->words, k->now_us);
	if (r >= 0)
		r = ai_word_list_forget(k->store, VERSIONS_KEPT);
	out->done = r >= 0;
	return r < 0 ? r : record_words(k, "imported", in->version, in->words);
}

int handle_ai_word_restore(struct keeper *k, const struct keep_ai_word_restore_in *in,
                           struct keep_ai_word_restore_out *out)
{
	int r = ai_word_list_copy(k->store, in->version, k->person.id, k->now_us, &out->version);
	if (r >= 0)
		r = ai_word_list_forget(k->store, VERSIONS_KEPT);
	return r < 0 ? r : record_words(k, "restored", out->version, in->version);
}

int handle_ai_word_switch(struct keeper *k, const struct keep_ai_word_switch_in *in,
                          struct keep_ai_word_switch_out *out)
{
	if (in->off > GROUPS_ALL)
		return ERR_INVALID;
	int r = house_set_number(k->store, "ai.words-off", in->off);
	if (r >= 0)
		r = ai_record(k, "ai.words-switched", STR(""), "off", in->off);
	out->done = r >= 0;
	return r < 0 ? r : ai_changed(k);
}

int handle_ai_word_lists(struct keeper *k, const struct keep_ai_word_lists_in *in, struct keep_ai_word_lists_out *out)
{
	(void) in;
	int r = house_get_number(k->store, "ai.words-off", &out->off);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	return ai_word_list_all(k->store, k->arena, &out->lists);
}

int handle_ai_word_pieces(struct keeper *k, const struct keep_ai_word_pieces_in *in,
                          struct keep_ai_word_pieces_out *out)
{
	return ai_word_list_pieces(k->store, in->version, in->place, AI_PIECES_EACH_ANSWER, k->arena, &out->pieces);
}

/* ---- marks ---- */

/* Identifiers of people are no words: a list of those that are let through would itself be the leak. */
static bool may_be_excepted(struct str word)
{
	enum leak_kind kind;

	if (policy_kind_from_word(word, &kind) < 0)
		return false;
	enum policy_bar bar = policy_bar_of(kind);
	return bar == POLICY_BAR_APPROVAL || bar == POLICY_BAR_MARK || bar == POLICY_BAR_NONE;
}

int handle_ai_mark(struct keeper *k, const struct keep_ai_mark_in *in, struct keep_ai_mark_out *out)
{
	struct event e = event_make("ai.marked", k->now_us);
	uint64_t month = ai_month(k->now_us);

	if (!ai_is_member(k) || !may_be_excepted(in->kind))
		return ERR_DENIED;
	if (check_line(in->text, 1, AI_MARK_MAX_BYTES) < 0 || check_line(in->place, 1, PLACE_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = ai_mark_insert(k->store, in->kind, in->text, k->person.id, in->place, k->now_us);
	if (r < 0)
		return r;
	bool is_new = r > 0;
	r = ai_mark_count(k->store, in->kind, in->text, &out->marks);
	out->suggested = out->marks >= AI_MARKS_FOR_SUGGESTION;
	if (r < 0 || !is_new)
		return r;
	r = ai_sum_add(k->store, month, k->person.id, STR("false-alarm"), 1);
	event_add_count(&e, in->kind, 1);
	return r < 0 ? r : keeper_record(k, &e);
}

int handle_ai_mark_list(struct keeper *k, const struct keep_ai_mark_list_in *in, struct keep_ai_mark_list_out *out)
{
	(void) in;
	int r = ai_mark_list_open(k->store, AI_MARKS_FOR_SUGGESTION, k->arena, &out->suggestions);
	return r < 0 ? r : ai_exception_list_all(k->store, k->arena, &out->exceptions);
}

static int check_room(struct keeper *k)
{
	struct keep_ai_exception_list all = {0};
	int r = ai_exception_list_all(k->store, k->arena, &all);
	return r < 0 ? r : all.n >= AI_EXCEPTIONS_MAX ? ERR_TOO_LARGE : 0;
}

int handle_ai_exception_set(struct keeper *k, const struct keep_ai_exception_set_in *in,
                            struct keep_ai_exception_set_out *out)
{
	static const char *const decisions[] = {"forgotten", "let-through", "kept"};
	struct event e = event_make("ai.exception-decided", k->now_us);
	struct keep_ai_exception row = {.kind = in->kind,
	                                .text = in->text,
	                                .state = in->state,
	                                .decided_us = k->now_us,
	                                .decided_by = k->person.id};

	if (!may_be_excepted(in->kind))
		return ERR_DENIED;
	if (in->state > AI_EXCEPTION_KEPT || check_line(in->text, 1, AI_MARK_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = in->state == 0 ? ai_exception_delete(k->store, in->kind, in->text) : check_room(k);
	if (r >= 0 && in->state > 0)
		r = ai_exception_set(k->store, &row);
	if (r < 0)
		return r;
	out->done = true;
	e.decision = str_of(decisions[in->state]);
	event_set_hash(&e, ledger_hash_of(in->text));
	event_add_word(&e, "kind", in->kind);
	r = keeper_record(k, &e);
	return r < 0 ? r : ai_changed(k);
}
