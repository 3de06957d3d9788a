/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The self-diagnosis: one round at a time, each person answers for their sites, one sums up and closes. What the
 * questions are and what an answer counts are dated facts of who calls; here stands who said what, and when. */
#include "base/clock.h"
#include "base/err.h"
#include "base/web-address.h"
#include "keep/keeper.h"
#include "store/diagnosis.h"

enum {
	QUESTIONS_MAX = 100,
	VERSION_MAX_BYTES = 40,
	SITE_MAX_BYTES = 120,
	ANSWER_SETS_MAX = 400, /* of one round: people times sites */
	ROUNDS_LISTED_MAX = 100,
	POINTS_MAX = 100, /* of one answer */
	SCS_EACH_MAX = 100,
	SCS_CHANGES_MAX = 20000,
	SCS_LISTED_MAX = 400,
	SCS_HISTORY_MAX = 100,
	SCS_STATE_COUNT = 3,
	CRITERION_MAX_BYTES = 40,
	SOURCE_MAX_BYTES = 300,
	PROOF_MAX_BYTES = 300,
	NAME_MAX_BYTES = 200,
	DAY_BYTES = 10,
	STARS_MAX = 2,
	DECLARED_ID_MAX_BYTES = 40,
	URL_MAX_BYTES = 300,
	DECLARATIONS_LISTED_MAX = 100,
};

static bool is_expert(const struct keeper *k)
{
	return k->person.id && k->person.role == ROLE_EXPERT;
}

static bool sees_all(const struct keeper *k)
{
	return k->person.role != ROLE_STAFF || k->person.id == 0;
}

/* ---- rounds ---- */

int handle_diagnosis_start(struct keeper *k, const struct keep_diagnosis_start_in *in,
                           struct keep_diagnosis_start_out *out)
{
	struct keep_diagnosis_list before = {0};
	struct keep_diagnosis row = {.version = in->version,
	                             .questions = in->questions,
	                             .started_us = k->now_us,
	                             .started_by = k->person.id};
	if (check_line(in->version, 1, VERSION_MAX_BYTES) < 0 || in->questions == 0 || in->questions > QUESTIONS_MAX)
		return ERR_INVALID;
	int r = diagnosis_list_all(k->store, 1, k->arena, &before);
	if (r >= 0 && before.n > 0 && before.at[0].closed_us == 0)
		return ERR_CONFLICT;
	if (r >= 0)
		r = diagnosis_insert(k->store, &row, &out->id);
	if (r < 0)
		return r;
	struct event e = event_make("diagnosis.started", k->now_us);
	event_add_number(&e, "round", (int64_t) out->id);
	return keeper_record(k, &e);
}

int handle_diagnosis_list(struct keeper *k, const struct keep_diagnosis_list_in *in,
                          struct keep_diagnosis_list_out *out)
{
	(void) in;
	return diagnosis_list_all(k->store, ROUNDS_LISTED_MAX, k->arena, &out->rounds);
}

int handle_diagnosis_get(struct keeper *k, const struct keep_diagnosis_get_in *in, struct keep_diagnosis_get_out *out)
{
	struct keep_diagnosis *row = ARENA_PUSH(k->arena, &out->rounds);
	int r = row ? diagnosis_find(k->store, in->id, k->arena, row) : ERR_TOO_LARGE;
	if (r >= 0)
		r = diagnosis_list_answers(k->store, in->id, sees_all(k) ? 0 : k->person.id, ANSWER_SETS_MAX + 1,
		                           k->arena, &out->answers);
	return r;
}

/* ---- answers ---- */

static bool is_answers(struct str answers, uint64_t questions)
{
	for (size_t i = 0; i < answers.n; i++)
		if (answers.p[i] != DIAGNOSIS_NONE &&
		    str_find_char(STR(DIAGNOSIS_LETTERS), answers.p[i], 0) == STR_NOT_FOUND)
			return false;
	return answers.n == questions;
}

static bool is_complete(struct str answers)
{
	return str_find_char(answers, DIAGNOSIS_NONE, 0) == STR_NOT_FOUND;
}

/* The round, while it is open. */
static int find_open(struct keeper *k, uint64_t id, struct str answers, struct keep_diagnosis *ret)
{
	int r = diagnosis_find(k->store, id, k->arena, ret);
	if (r < 0)
		return r;
	if (ret->closed_us)
		return ERR_CONFLICT;
	return is_answers(answers, ret->questions) ? 0 : ERR_INVALID;
}

int handle_diagnosis_save(struct keeper *k, const struct keep_diagnosis_save_in *in,
                          struct keep_diagnosis_save_out *out)
{
	struct keep_diagnosis round;
	struct keep_diagnosis_answer before = {0};
	struct keep_diagnosis_answer row = {
	        .person = k->person.id, .site = in->site, .answers = in->answers, .changed_us = k->now_us};
	uint64_t sets = 0;

	if (is_expert(k) || k->person.id == 0)
		return ERR_DENIED;
	if (check_line(in->site, 0, SITE_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = find_open(k, in->id, in->answers, &round);
	if (r >= 0)
		r = diagnosis_count_answers(k->store, in->id, &sets);
	if (r < 0)
		return r;
	r = diagnosis_find_answers(k->store, in->id, k->person.id, in->site, k->arena, &before);
	if (r == ERR_NOT_FOUND)
		r = sets >= ANSWER_SETS_MAX ? ERR_TOO_LARGE : 0;
	if (r >= 0)
		r = diagnosis_set_answers(k->store, in->id, &row);
	out->done = r >= 0;
	/* Saved as one goes: only the first time that all are answered is an event. */
	if (r < 0 || !is_complete(in->answers) || (before.answers.n > 0 && is_complete(before.answers)))
		return r < 0 ? r : 0;
	struct event e = event_make("diagnosis.answered", k->now_us);
	event_add_number(&e, "round", (int64_t) in->id);
	return keeper_record(k, &e);
}

int handle_diagnosis_sum(struct keeper *k, const struct keep_diagnosis_sum_in *in, struct keep_diagnosis_sum_out *out)
{
	struct keep_diagnosis round;
	struct keep_diagnosis_answer row = {.site = STR(""), .answers = in->answers, .changed_us = k->now_us};
	struct keep_diagnosis_answer before = {0};
	int r = find_open(k, in->id, in->answers, &round);
	if (r < 0)
		return r;
	r = diagnosis_find_answers(k->store, in->id, 0, STR(""), k->arena, &before);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	/* Two people press at nearly the same time: the second one sees what the first one chose. */
	if (before.changed_us != in->changed_us && !str_eq(before.answers, in->answers))
		return ERR_CONFLICT;
	if (row.changed_us <= before.changed_us)
		row.changed_us = before.changed_us + 1;
	r = diagnosis_set_answers(k->store, in->id, &row);
	out->done = r >= 0;
	return r < 0 ? r : 0;
}

static bool is_points(int64_t points)
{
	return points >= -POINTS_MAX && points <= POINTS_MAX;
}

static int64_t max_i64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void count(struct keep_diagnosis *round, struct str answers)
{
	for (size_t i = 0; i < answers.n; i++) {
		round->yes += answers.p[i] == 'y';
		round->partly += answers.p[i] == 'p';
		round->no += answers.p[i] == 'n';
		round->unknown += answers.p[i] == 'u';
	}
}

/* A count of none has no place in an event. */
static void add_counts(struct event *e, const struct keep_diagnosis *round)
{
	const struct {
		struct str word;
		uint64_t count;
	} all[] = {{STR("yes"), round->yes},
	           {STR("partly"), round->partly},
	           {STR("no"), round->no},
	           {STR("unknown"), round->unknown}};
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i].count > 0)
			event_add_count(e, all[i].word, (uint32_t) all[i].count);
}

int handle_diagnosis_close(struct keeper *k, const struct keep_diagnosis_close_in *in,
                           struct keep_diagnosis_close_out *out)
{
	struct keep_diagnosis round;
	struct keep_diagnosis_answer sum;
	if (!is_points(in->yes_points) || !is_points(in->partly_points) || !is_points(in->no_points) ||
	    !is_points(in->unknown_points))
		return ERR_INVALID;
	int r = diagnosis_find(k->store, in->id, k->arena, &round);
	if (r < 0 || round.closed_us)
		return r < 0 ? r : ERR_CONFLICT;
	r = diagnosis_find_answers(k->store, in->id, 0, STR(""), k->arena, &sum);
	if (r == ERR_NOT_FOUND || (r >= 0 && !is_complete(sum.answers)))
		r = ERR_INVALID;
	if (r < 0)
		return r;
	count(&round, sum.answers);
	round.closed_us = k->now_us;
	round.closed_by = k->person.id;
	round.score = (int64_t) round.yes * in->yes_points + (int64_t) round.partly * in->partly_points +
	              (int64_t) round.no * in->no_points + (int64_t) round.unknown * in->unknown_points;
	round.most = (int64_t) round.questions * max_i64(in->yes_points, 0);
	r = diagnosis_close(k->store, &round);
	if (r < 0)
		return r;
	out->score = round.score;
	struct event e = event_make("diagnosis.closed", k->now_us);
	event_add_number(&e, "round", (int64_t) round.id);
	event_add_number(&e, "score", round.score);
	event_add_number(&e, "most", round.most);
	add_counts(&e, &round);
	return keeper_record(k, &e);
}

/* ---- SCS ---- */

int handle_scs_list(struct keeper *k, const struct keep_scs_list_in *in, struct keep_scs_list_out *out)
{
	(void) in;
	return scs_list_current(k->store, SCS_LISTED_MAX, k->arena, &out->states);
}

int handle_scs_history(struct keeper *k, const struct keep_scs_history_in *in, struct keep_scs_history_out *out)
{
	return scs_list_of(k->store, in->beginning, SCS_HISTORY_MAX, k->arena, &out->changes);
}

static bool is_day_or_empty(struct str day)
{
	if (day.n == 0)
		return true;
	for (size_t i = 0; i < day.n; i++)
		if (i == 4 || i == 7 ? day.p[i] != '-' : !ascii_is_digit(day.p[i]))
			return false;
	return day.n == DAY_BYTES;
}

/* "", or a kind and what it names; of a file the hash, then its name. */
static bool is_proof(struct str proof)
{
	static const char *const kinds[] = {"register:", "paper:", "ledger:"};
	struct str hash, rest;
	if (proof.n == 0)
		return true;
	if (check_line(proof, 1, PROOF_MAX_BYTES) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_starts_with(proof, str_of(kinds[i])))
			return proof.n > strlen(kinds[i]) && event_is_word(proof);
	if (!str_starts_with(proof, STR("file:")))
		return false;
	rest = str_slice(proof, strlen("file:"), proof.n);
	if (!str_split(&rest, ':', &hash) || hash.n != 2 * LEDGER_HASH_BYTES)
		return false;
	for (size_t i = 0; i < hash.n; i++)
		if (!ascii_is_digit(hash.p[i]) && !(hash.p[i] >= 'a' && hash.p[i] <= 'f'))
			return false;
	return true;
}

static int check_scs(const struct keep_scs_state *row)
{
	if (!event_is_word(row->criterion) || row->criterion.n > CRITERION_MAX_BYTES || row->state >= SCS_STATE_COUNT)
		return ERR_INVALID;
	if (check_line(row->owner, 0, NAME_MAX_BYTES) < 0 || check_line(row->version, 1, SOURCE_MAX_BYTES) < 0 ||
	    !is_day_or_empty(row->due) || !is_proof(row->proof))
		return ERR_INVALID;
	return row->note.n == 0 ? 0 : check_words(row->note, KEEP_NOTE_MAX_BYTES);
}

static int save_scs(struct keeper *k, struct keep_scs_state row)
{
	int r = check_scs(&row);
	if (r < 0)
		return r;
	row.changed_by = k->person.id;
	row.changed_us = k->now_us;
	r = scs_insert(k->store, &row);
	if (r < 0)
		return r;
	struct event e = event_make("scs.checked", k->now_us);
	event_set_name(&e, row.criterion);
	event_add_number(&e, "state", (int64_t) row.state);
	struct str rest = row.proof, kind;
	if (str_split(&rest, ':', &kind) && kind.n > 0)
		event_add_word(&e, "proof", kind);
	return keeper_record(k, &e);
}

int handle_scs_save(struct keeper *k, const struct keep_scs_save_in *in, struct keep_scs_save_out *out)
{
	uint64_t before = 0;
	int r = scs_count(k->store, &before);
	if (r >= 0 && (in->states.n > SCS_EACH_MAX || before + in->states.n > SCS_CHANGES_MAX))
		r = ERR_TOO_LARGE;
	for (size_t i = 0; r >= 0 && i < in->states.n; i++)
		r = save_scs(k, in->states.at[i]);
	out->saved = r < 0 ? 0 : in->states.n;
	return r < 0 ? r : 0;
}

/* ---- SECURITY ACTION ---- */

int handle_declaration_list(struct keeper *k, const struct keep_declaration_list_in *in,
                            struct keep_declaration_list_out *out)
{
	(void) in;
	return declaration_list_all(k->store, DECLARATIONS_LISTED_MAX, k->arena, &out->declarations);
}

static int check_declaration(const struct keep_declaration *row)
{
	if (row->star == 0 || row->star > STARS_MAX || !is_day_or_empty(row->day) ||
	    check_line(row->declared_id, 0, DECLARED_ID_MAX_BYTES) < 0 ||
	    check_line(row->policy_url, 0, URL_MAX_BYTES) < 0 || check_line(row->logo, 0, NAME_MAX_BYTES) < 0)
		return ERR_INVALID;
	return row->policy_url.n == 0 || web_address_is_fit(row->policy_url) ? 0 : ERR_INVALID;
}

/* Another address of the policy than before, of whichever star. */
static bool is_new_policy(const struct keep_declaration_list *before, struct str url)
{
	for (size_t i = 0; i < before->n; i++)
		if (str_eq(before->at[i].policy_url, url))
			return false;
	return url.n > 0;
}

static bool is_new_day(const struct keep_declaration_list *before, const struct keep_declaration *row)
{
	for (size_t i = 0; i < before->n; i++)
		if (before->at[i].star == row->star)
			return !str_eq(before->at[i].day, row->day);
	return true;
}

int handle_declaration_save(struct keeper *k, const struct keep_declaration_save_in *in,
                            struct keep_declaration_save_out *out)
{
	struct keep_declaration_list before = {0};
	if (in->declarations.n != 1)
		return ERR_INVALID;
	struct keep_declaration row = in->declarations.at[0];
	int r = check_declaration(&row);
	if (r >= 0)
		r = declaration_list_all(k->store, DECLARATIONS_LISTED_MAX, k->arena, &before);
	row.changed_by = k->person.id;
	row.changed_us = k->now_us;
	if (r >= 0)
		r = declaration_insert(k->store, &row);
	if (r >= 0 && row.day.n > 0 && is_new_day(&before, &row)) {
		struct event e = event_make("security-action.declared", k->now_us);
		event_add_number(&e, "star", (int64_t) row.star);
		r = keeper_record(k, &e);
	}
	if (r >= 0 && is_new_policy(&before, row.policy_url)) {
		struct event e = event_make("policy.published", k->now_us);
		r = keeper_record(k, &e);
	}
	out->done = r >= 0;
	return r < 0 ? r : 0;
}
