/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases, and what the company itself knows about brands and senders. The ledger gets ids, kinds and counts; the words
 * of people stay in the store. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/keeper.h"
#include "store/case.h"
#include "store/company.h"

enum {
	CASE_FINDINGS_MAX = 64,
	CASE_HOSTS_MAX = 50,
	HOST_MAX_BYTES = 253,
	BRAND_MAX_BYTES = 120,
	URL_MAX_BYTES = 500,
	PHONE_MAX_BYTES = 40,
	ADDRESS_MAX_BYTES = 320,
	CASES_LIST_MAX = 200,
	MAIL_OLDEST_DAYS = 90,
};

/* ---- cases ---- */

static int check_case(const struct keep_case_new_in *in)
{
	if (!event_is_word(in->kind) || !event_is_word(in->verdict) || !isfinite(in->score) || in->steps > STEPS_ALL)
		return ERR_INVALID;
	if (check_line(in->brand, 0, BRAND_MAX_BYTES) < 0 || check_line(in->sender_domain, 0, HOST_MAX_BYTES) < 0 ||
	    check_line(in->sender_address, 0, ADDRESS_MAX_BYTES) < 0 ||
	    check_words(in->question, KEEP_NOTE_MAX_BYTES) < 0)
		return ERR_INVALID;
	if (in->findings.n > CASE_FINDINGS_MAX || in->hosts.n > CASE_HOSTS_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < in->findings.n; i++) {
		if (!event_is_word(in->findings.at[i].id) || !isfinite(in->findings.at[i].weight))
			return ERR_INVALID;
	}
	for (size_t i = 0; i < in->hosts.n; i++) {
		if (check_line(in->hosts.at[i].text, 1, HOST_MAX_BYTES) < 0)
			return ERR_INVALID;
	}
	return 0;
}

/* What a sender wrote is a claim: a time to come, or before this house could have got it, tells nothing. */
static int64_t mail_time(const struct keeper *k, const struct keep_case_new_in *in)
{
	bool is_likely = in->mail_us <= k->now_us && in->mail_us > k->now_us - MAIL_OLDEST_DAYS * CLOCK_DAY_US;
	return is_likely ? in->mail_us : 0;
}

static int record_case(struct keeper *k, const struct keep_case_new_in *in, uint64_t id)
{
	struct event e = event_make("case.opened", k->now_us);
	e.decision = in->verdict;
	event_add_number(&e, "case", (int64_t) id);
	event_add_word(&e, "input", in->kind);
	event_add_number(&e, "steps", (int64_t) in->steps);
	for (size_t i = 0; i < in->findings.n; i++)
		event_add_count(&e, in->findings.at[i].id, 1);
	return keeper_record(k, &e);
}

int handle_case_new(struct keeper *k, const struct keep_case_new_in *in, struct keep_case_new_out *out)
{
	struct keep_case row = {.person = k->person.id,
	                        .created_us = k->now_us,
	                        .kind = in->kind,
	                        .verdict = in->verdict,
	                        .score = in->score,
	                        .brand = in->brand,
	                        .sender_domain = in->sender_domain,
	                        .question = in->question,
	                        .steps = in->steps};
	struct ledger_hash sender;

	if (k->person.id == 0 || k->person.role == ROLE_EXPERT)
		return ERR_DENIED;
	int r = check_case(in);
	if (r >= 0 && in->sender_address.n)
		r = keeper_sender_hash(k, in->sender_address, &sender);
	if (r >= 0)
		r = case_insert(k->store, &row, in->sender_address.n ? &sender : NULL, &in->findings, &in->hosts,
		                &out->id);
	if (r >= 0 && mail_time(k, in) > 0)
		r = case_set_mail_time(k->store, out->id, mail_time(k, in));
	return r < 0 ? r : record_case(k, in, out->id);
}

static bool sees_all_cases(const struct keeper *k)
{
	return k->person.role != ROLE_STAFF || k->person.id == 0;
}

int handle_case_list(struct keeper *k, const struct keep_case_list_in *in, struct keep_case_list_out *out)
{
	struct case_filter filter = {.state = in->state < CASE_STATE_COUNT ? in->state : CASE_STATE_COUNT,
	                             .person = sees_all_cases(k) ? in->person : k->person.id,
	                             .before = in->before,
	                             .limit = in->limit && in->limit < CASES_LIST_MAX ? in->limit : CASES_LIST_MAX};

	int r = case_list_some(k->store, &filter, k->arena, &out->cases);
	return r < 0 ? r : case_count(k->store, &filter, &out->total);
}

int handle_case_get(struct keeper *k, const struct keep_case_get_in *in, struct keep_case_get_out *out)
{
	struct keep_case *row = ARENA_PUSH(k->arena, &out->cases);

	if (!row)
		return ERR_TOO_LARGE;
	int r = case_find(k->store, in->id, k->arena, row);
	if (r < 0)
		return r;
	if (!sees_all_cases(k) && row->person != k->person.id)
		return ERR_NOT_FOUND;
	return case_find_details(k->store, in->id, k->arena, &out->findings, &out->hosts);
}

static int set_answer(struct keeper *k, uint64_t id, enum case_state state, struct str note, const char *kind)
{
	struct event e = event_make(kind, k->now_us);
	struct keep_case row;

	if (check_words(note, KEEP_NOTE_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = case_find(k->store, id, k->arena, &row);
	if (r >= 0)
		r = case_set_answer(k->store, id, state, note.n ? note : row.note, k->person.id, k->now_us);
	if (r < 0)
		return r;
	event_add_number(&e, "case", (int64_t) id);
	event_add_number(&e, "seconds", (k->now_us - row.created_us) / 1000000);
	return keeper_record(k, &e);
}

int handle_case_answer(struct keeper *k, const struct keep_case_answer_in *in, struct keep_case_answer_out *out)
{
	if (in->note.n == 0)
		return ERR_INVALID;
	out->done = true;
	return set_answer(k, in->id, CASE_ANSWERED, in->note, "case.answered");
}

int handle_case_close(struct keeper *k, const struct keep_case_close_in *in, struct keep_case_close_out *out)
{
	out->done = true;
	return set_answer(k, in->id, CASE_CLOSED, in->note, "case.closed");
}

/* ---- saved contacts and brands ---- */

int handle_contact_add(struct keeper *k, const struct keep_contact_add_in *in, struct keep_contact_add_out *out)
{
	struct keep_contact row = {.brand = in->brand,
	                           .name = in->name,
	                           .url = in->url,
	                           .phone = in->phone,
	                           .checked_us = in->checked_us ? in->checked_us : k->now_us,
	                           .checked_by = k->person.id};

	if (check_line(in->brand, 1, BRAND_MAX_BYTES) < 0 || check_line(in->name, 1, BRAND_MAX_BYTES) < 0 ||
	    check_line(in->url, 0, URL_MAX_BYTES) < 0 || check_line(in->phone, 0, PHONE_MAX_BYTES) < 0)
		return ERR_INVALID;
	bool is_web = str_starts_with(in->url, STR("https://")) || str_starts_with(in->url, STR("http://"));
	if ((in->url.n == 0 && in->phone.n == 0) || (in->url.n && !is_web) || row.checked_us < 0)
		return ERR_INVALID;
	int r = contact_insert(k->store, &row, &out->id);
	return r < 0 ? r : keeper_record_name(k, "contact.added", in->brand);
}

int handle_contact_list(struct keeper *k, const struct keep_contact_list_in *in, struct keep_contact_list_out *out)
{
	return contact_list_of(k->store, in->brand, k->arena, &out->contacts);
}

int handle_contact_delete(struct keeper *k, const struct keep_contact_delete_in *in,
                          struct keep_contact_delete_out *out)
{
	struct str brand;
	int r = contact_remove(k->store, in->id, k->arena, &brand);
	if (r < 0)
		return r;
	out->done = true;
	return keeper_record_name(k, "contact.deleted", brand);
}

int handle_brand_add(struct keeper *k, const struct keep_brand_add_in *in, struct keep_brand_add_out *out)
{
	struct keep_brand row = {.brand = in->brand,
	                         .name = in->name,
	                         .domain = in->domain,
	                         .effect = in->effect,
	                         .added_by = k->person.id,
	                         .added_us = k->now_us};

	if (check_line(in->brand, 1, BRAND_MAX_BYTES) < 0 || check_line(in->name, 0, BRAND_MAX_BYTES) < 0 ||
	    check_line(in->domain, 1, HOST_MAX_BYTES) < 0)
		return ERR_INVALID;
	if (!str_eq(in->effect, STR("add")) && !str_eq(in->effect, STR("remove")))
		return ERR_INVALID;
	int r = brand_insert(k->store, &row, &out->id);
	return r < 0 ? r : keeper_record_name(k, "brand.added", in->brand);
}

int handle_brand_list(struct keeper *k, const struct keep_brand_list_in *in, struct keep_brand_list_out *out)
{
	(void) in;
	return brand_list_all(k->store, k->arena, &out->brands);
}

int handle_brand_delete(struct keeper *k, const struct keep_brand_delete_in *in, struct keep_brand_delete_out *out)
{
	struct str brand;
	int r = brand_remove(k->store, in->id, k->arena, &brand);
	if (r < 0)
		return r;
	out->done = true;
	return keeper_record_name(k, "brand.deleted", brand);
}

/* ---- senders ---- */

static int find_sender(struct keeper *k, struct str address, struct ledger_hash *hash, bool *ret_known,
                       int64_t *ret_first_us)
{
	uint64_t first_us = 0;

	if (check_line(address, 1, ADDRESS_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = keeper_sender_hash(k, address, hash);
	if (r >= 0)
		r = sender_first_seen(k->store, hash, &first_us);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	*ret_known = true;
	*ret_first_us = (int64_t) first_us;
	return 0;
}

int handle_sender_note(struct keeper *k, const struct keep_sender_note_in *in, struct keep_sender_note_out *out)
{
	struct ledger_hash hash;
	struct str remembers;

	int r = find_sender(k, in->address, &hash, &out->known, &out->first_seen_us);
	if (r >= 0)
		r = keeper_setting(k, "check.remember-senders", &remembers);
	if (r < 0 || out->known || !str_eq(remembers, STR("yes")))
		return r;
	r = sender_insert(k->store, &hash, k->now_us);
	return r < 0 ? r : 0;
}

int handle_sender_find(struct keeper *k, const struct keep_sender_find_in *in, struct keep_sender_find_out *out)
{
	struct ledger_hash hash;
	int r = find_sender(k, in->address, &hash, &out->known, &out->first_seen_us);
	return r < 0 ? r : sender_count(k->store, &out->total);
}
