/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Incidents. Whoever belongs to the company may start one and write: signed in, or with the short code that stands on
 * the paper kit. What was written down is never changed; each entry's hash is in the ledger, so that the file that goes
 * to police and insurer can be checked without Sonae (docs/incident.md says over which bytes). */
#include <sodium.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/keeper.h"
#include "store/house.h"
#include "store/incident.h"
#include "store/item.h"

enum {
	CODE_CHARACTERS = 8,
	CODE_FREE_TRIES = 10,
	PASS_MAX_BYTES = 100,
	RUNNING_MAX = 20, /* real ones; drills never keep one from starting */
	DRILLS_MAX = 5,
	INCIDENTS_LISTED_MAX = 200,
	ENTRIES_EACH_MAX = 50,
	ENTRIES_LEAST = 3, /* for a drill or an answer that counts */
	ENTRIES_MAX = 5000,
	TEXTS_MAX_BYTES = 3 * 1024 * 1024, /* of one incident: all of it fits one answer, one page of paper, one file */
	ENTRY_WORD_MAX_BYTES = 40,
	ENTRY_NAME_MAX_BYTES = 300,
	ENTRY_TEXT_MAX_BYTES = 16 * 1024,
	ENTRY_LINES_MAX_BYTES = 8 * 1024, /* a decision */
	ENTRY_LINE_MAX_BYTES = 1200,      /* what stands in a list */
	DIGEST_BYTES = 64,
	SALT_BYTES = 16,
	ITEMS_MAX = 2000,
	RECORDS_SHOWN_MAX = 200,
	RECORDS_PAGES_MAX = 25,
};
#define CODE_NAME "incident.code"
#define CODE_TIME "incident.code-time"

/* ---- who ---- */

/* What people type: "AB12-cd34" and "ab12cd34" are the same. */
static struct str clean_code(struct keeper *k, struct str code)
{
	char clean[CODE_CHARACTERS + 1];
	size_t n = 0;
	for (size_t i = 0; i < code.n && n < sizeof(clean); i++)
		if (ascii_is_alnum(code.p[i]))
			clean[n++] = ascii_lower(code.p[i]);
	return arena_dup(k->arena, str_make(clean, n));
}

static int open_code(struct keeper *k, struct str *ret)
{
	int r = house_get(k->store, CODE_NAME, k->arena, ret);
	return r < 0 ? r : seal_open(&k->seal_key, STR(CODE_NAME), *ret, k->arena, ret);
}

/* Wrong attempts count and are recorded, whatever the answer. */
static int try_code(struct keeper *k, struct str code)
{
	struct event e = event_make("incident.denied", k->now_us);
	struct str right = {NULL, 0}, given = clean_code(k, code);
	int64_t until_us;

	int r = throttle_try(k, "incident", k->remote, CODE_FREE_TRIES, &until_us);
	if (r >= 0)
		r = open_code(k, &right);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	if (right.n == CODE_CHARACTERS && given.n == right.n && sodium_memcmp(right.p, given.p, right.n) == 0)
		return throttle_forgive(k, "incident", k->remote);
	k->keeps_changes = true;
	r = keeper_record(k, &e);
	return r < 0 ? r : ERR_DENIED;
}

/* A person of the company, or a program on this machine. */
static bool is_ours(const struct keeper *k)
{
	return k->person.id ? k->person.role != ROLE_EXPERT : k->program.n > 0 && str_eq(k->program, STR("cli"));
}

static int give_pass(struct keeper *k, uint64_t incident, struct str *ret)
{
	*ret = keeper_new_token(k, "");
	struct ledger_hash hash = keeper_token_hash(*ret);
	return incident_pass_insert(k->store, &hash, incident, k->now_us + KEEP_PASS_DAYS * CLOCK_DAY_US);
}

/* ERR_DENIED: neither of the company nor with a pass of this incident, which ends with it. */
static int check_may(struct keeper *k, struct str pass, uint64_t incident, bool only_reads)
{
	uint64_t of = 0;
	if (is_ours(k) || (only_reads && k->person.id))
		return 0;
	if (k->person.id) /* an expert from outside only looks, whatever paper was shown to them */
		return ERR_DENIED;
	if (pass.n == 0 || pass.n > PASS_MAX_BYTES)
		return ERR_DENIED;
	struct ledger_hash hash = keeper_token_hash(pass);
	struct keep_incident row;
	int r = incident_pass_find(k->store, &hash, k->now_us, &of);
	if (r >= 0)
		r = incident_find(k->store, of, k->arena, &row);
	return r == ERR_NOT_FOUND || (r >= 0 && (of != incident || row.closed_us)) ? ERR_DENIED : r;
}

static int record_incident(struct keeper *k, const char *kind, uint64_t id)
{
	struct event e = event_make(kind, k->now_us);
	event_add_number(&e, "incident", (int64_t) id);
	return keeper_record(k, &e);
}

/* ---- the code ---- */

int handle_incident_code(struct keeper *k, const struct keep_incident_code_in *in, struct keep_incident_code_out *out)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that looks like another */
	char code[CODE_CHARACTERS + 1] = "";
	uint64_t made_us = 0;
	struct str sealed;

	int r = in->renew ? ERR_NOT_FOUND : open_code(k, &out->code);
	if (r >= 0)
		r = house_get_number(k->store, CODE_TIME, &made_us);
	out->made_us = (int64_t) made_us;
	if (r != ERR_NOT_FOUND)
		return r;
	for (size_t i = 0; i < CODE_CHARACTERS; i++)
		code[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
	out->code = arena_dup(k->arena, str_of(code));
	out->made_us = k->now_us;
	r = seal_bytes(&k->seal_key, STR(CODE_NAME), out->code, k->arena, &sealed);
	if (r >= 0)
		r = house_set(k->store, CODE_NAME, sealed);
	if (r >= 0)
		r = house_set_number(k->store, CODE_TIME, (uint64_t) k->now_us);
	/* A paper that was lost opens nothing any more, and neither does who came in with it. */
	if (r >= 0)
		r = incident_pass_delete_all(k->store);
	struct event e = event_make("incident.code", k->now_us);
	return r < 0 ? r : keeper_record(k, &e);
}

/* ---- the way of one ---- */

int handle_incident_state(struct keeper *k, const struct keep_incident_state_in *in,
                          struct keep_incident_state_out *out)
{
	struct keep_incident_list list = {0};
	(void) in;
	int r = incident_list_all(k->store, true, RUNNING_MAX + DRILLS_MAX, k->arena, &list);
	for (size_t i = 0; i < list.n; i++) {
		out->running += !list.at[i].is_drill;
		out->drills += list.at[i].is_drill;
	}
	for (size_t i = 0; i < list.n; i++) /* of a drill only where there is nothing else */
		if (list.at[i].is_drill == (out->running == 0) &&
		    (out->known_us == 0 || list.at[i].known_us < out->known_us))
			out->known_us = list.at[i].known_us;
	/* Since when is nobody else's business. */
	if (k->person.id == 0)
		out->known_us = 0;
	return r;
}

static bool is_full(const struct keep_incident_list *running, bool is_drill)
{
	size_t n = 0;
	for (size_t i = 0; i < running->n; i++)
		n += running->at[i].is_drill == is_drill;
	return n >= (is_drill ? DRILLS_MAX : RUNNING_MAX);
}

int handle_incident_start(struct keeper *k, const struct keep_incident_start_in *in,
                          struct keep_incident_start_out *out)
{
	struct keep_incident_list running = {0};
	struct keep_incident row = {.kind = in->kind,
	                            .is_drill = in->is_drill,
	                            .known_us = in->known_us ? in->known_us : k->now_us,
	                            .started_us = k->now_us,
	                            .started_by = k->person.id};

	if (k->person.id && k->person.role == ROLE_EXPERT)
		return ERR_DENIED;
	int r = is_ours(k) ? 0 : try_code(k, in->code);
	if (r >= 0 && (!event_is_word(in->kind) || in->kind.n > ENTRY_WORD_MAX_BYTES || row.known_us > k->now_us ||
	               row.known_us < k->now_us - KEEP_KNOWN_EARLIER_DAYS * CLOCK_DAY_US))
		r = ERR_INVALID;
	if (r >= 0)
		r = incident_list_all(k->store, true, RUNNING_MAX + DRILLS_MAX, k->arena, &running);
	if (r >= 0 && is_full(&running, in->is_drill))
		r = ERR_TOO_LARGE;
	if (r >= 0)
		r = incident_insert(k->store, &row, &out->id);
	if (r >= 0 && k->person.id == 0)
		r = give_pass(k, out->id, &out->pass);
	if (r < 0)
		return r;
	struct event e = event_make("incident.started", k->now_us);
	event_add_number(&e, "incident", (int64_t) out->id);
	event_add_word(&e, "what", in->kind);
	event_add_number(&e, "drill", in->is_drill);
	event_add_time(&e, "known", row.known_us);
	return keeper_record(k, &e);
}

/* The newest real one; a drill only where there is none. */
static const struct keep_incident *choose(const struct keep_incident_list *running)
{
	for (size_t i = 0; i < running->n; i++)
		if (!running->at[i].is_drill)
			return &running->at[i];
	return running->n ? &running->at[0] : NULL;
}

int handle_incident_enter(struct keeper *k, const struct keep_incident_enter_in *in,
                          struct keep_incident_enter_out *out)
{
	struct keep_incident_list running = {0};
	int r = k->person.id ? ERR_DENIED : try_code(k, in->code); /* who is signed in needs none */
	if (r >= 0)
		r = incident_list_all(k->store, true, RUNNING_MAX + DRILLS_MAX, k->arena, &running);
	const struct keep_incident *incident = choose(&running);
	if (r >= 0 && !incident)
		r = ERR_NOT_FOUND;
	if (r < 0)
		return r;
	out->id = incident->id;
	r = give_pass(k, out->id, &out->pass);
	return r < 0 ? r : record_incident(k, "incident.entered", out->id);
}

/* ---- what was written down ---- */

static bool is_digest(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]) && (s.p[i] < 'a' || s.p[i] > 'f'))
			return false;
	return s.n == 0 || s.n == DIGEST_BYTES;
}

/* What there is to write down, and how long it may be. */
static size_t text_max_bytes(struct str kind)
{
	static const struct {
		const char *kind;
		size_t max_bytes;
	} kinds[] = {
	        {"note", ENTRY_TEXT_MAX_BYTES},
	        {"detail", ENTRY_TEXT_MAX_BYTES},
	        {"decision", ENTRY_LINES_MAX_BYTES},
	        {"role", ENTRY_LINE_MAX_BYTES},
	        {"task", ENTRY_LINE_MAX_BYTES},
	        {"task-done", ENTRY_TEXT_MAX_BYTES},
	        {"lesson", ENTRY_LINE_MAX_BYTES},
	        {"evidence", ENTRY_LINE_MAX_BYTES},
	        {"business", ENTRY_LINE_MAX_BYTES},
	        {"step", 1},
	        {"answer", 1},
	        {"sent", 1},
	};
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_eq_c(kind, kinds[i].kind))
			return kinds[i].max_bytes;
	return 0;
}

static int check_entry(const struct keeper *k, const struct keep_incident *incident,
                       const struct keep_incident_entry *row)
{
	size_t max_bytes = text_max_bytes(row->kind);
	if (max_bytes == 0 || !is_digest(row->digest))
		return ERR_INVALID;
	if (check_line(row->name, 0, ENTRY_NAME_MAX_BYTES) < 0 ||
	    (row->text.n > 0 && check_words(row->text, max_bytes) < 0))
		return ERR_INVALID;
	/* 0: now. */
	bool is_early = row->at_us && row->at_us < incident->known_us - KEEP_KNOWN_EARLIER_DAYS * CLOCK_DAY_US;
	return is_early || row->at_us > k->now_us + KEEP_NOTED_LATER_S * CLOCK_SECOND_US ? ERR_INVALID : 0;
}

/* salt, then each field behind its length: nothing can be moved from one field to the next. */
static struct ledger_hash hash_entry(struct keeper *k, const struct keep_incident_entry *row)
{
	struct str head = arena_printf(
	        k->arena, "%llu\n%llu\n%lld\n%lld\n%llu\n%zu %zu %zu %zu\n", (unsigned long long) row->incident,
	        (unsigned long long) row->value, (long long) row->at_us, (long long) row->made_us,
	        (unsigned long long) row->made_by, row->kind.n, row->name.n, row->text.n, row->digest.n);
	CLEANUP(buf_done) struct buf b = buf_make(ENTRY_TEXT_MAX_BYTES + 4096);
	buf_add_str(&b, row->salt);
	buf_add_str(&b, head);
	buf_add_str(&b, row->kind);
	buf_add_str(&b, row->name);
	buf_add_str(&b, row->text);
	buf_add_str(&b, row->digest);
	return ledger_hash_of(buf_str(&b));
}

static int add_entry(struct keeper *k, const struct keep_incident *incident, struct keep_incident_entry row,
                     uint64_t *ret_number)
{
	char *salt = arena_alloc(k->arena, SALT_BYTES);
	int r = salt ? check_entry(k, incident, &row) : ERR_TOO_LARGE;
	if (r < 0)
		return r;
	randombytes_buf(salt, SALT_BYTES);
	row.salt = str_make(salt, SALT_BYTES);
	row.at_us = row.at_us ? row.at_us : k->now_us;
	row.made_us = k->now_us;
	row.made_by = k->person.id;
	r = incident_entry_insert(k->store, &row, ret_number);
	if (r < 0)
		return r;
	struct event e = event_make("incident.noted", k->now_us);
	event_add_number(&e, "incident", (int64_t) row.incident);
	event_add_number(&e, "entry", (int64_t) *ret_number);
	event_add_word(&e, "what", row.kind);
	event_set_hash(&e, hash_entry(k, &row));
	return keeper_record(k, &e);
}

int handle_incident_add(struct keeper *k, const struct keep_incident_add_in *in, struct keep_incident_add_out *out)
{
	struct keep_incident incident;
	uint64_t bytes = 0;
	if (in->entries.n == 0 || in->entries.n > ENTRIES_EACH_MAX)
		return ERR_INVALID;
	uint64_t id = in->entries.at[0].incident;
	int r = check_may(k, in->pass, id, false);
	if (r >= 0)
		r = incident_find(k->store, id, k->arena, &incident);
	if (r >= 0 && incident.closed_us)
		r = ERR_CONFLICT;
	if (r >= 0)
		r = incident_text_bytes(k->store, id, &bytes);
	for (size_t i = 0; i < in->entries.n; i++)
		bytes += in->entries.at[i].text.n + in->entries.at[i].name.n;
	if (r >= 0 && (incident.entries + in->entries.n > ENTRIES_MAX || bytes > TEXTS_MAX_BYTES))
		r = ERR_TOO_LARGE;
	for (size_t i = 0; r >= 0 && i < in->entries.n; i++)
		r = in->entries.at[i].incident != id ? ERR_INVALID
		                                     : add_entry(k, &incident, in->entries.at[i], &out->number);
	return r < 0 ? r : 0;
}

/* ---- reading ---- */

static int add_record(struct keeper *k, struct keep_ledger_record_list *list, const struct keep_ledger_record *record)
{
	struct keep_ledger_record *row = ARENA_PUSH(k->arena, list);
	if (!row)
		return ERR_TOO_LARGE;
	*row = *record;
	return 0;
}

/* What happens all day long says nothing about an incident. */
static bool is_notable(const struct event *e)
{
	static const char *const usual[] = {"login.ok",   "login.second-factor", "session.ended", "ai.request",
	                                    "ai.settled", "rules.loaded",        "fact.changed",  "month.closed"};
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		if (str_eq_c(e->kind, usual[i]))
			return false;
	if (str_eq_c(e->kind, "check.verdict"))
		return str_eq_c(e->decision, "danger");
	return !str_starts_with(e->kind, STR("incident."));
}

/* Records between a day before it was noticed and its end, the first ones; those about incidents are the entries. */
static int list_records(struct keeper *k, const struct keep_incident *incident, struct keep_ledger_record_list *ret)
{
	int64_t from_us = incident->known_us - CLOCK_DAY_US,
	        to_us = incident->closed_us ? incident->closed_us : k->now_us;
	struct keep_ledger_record_list newest = {0};
	uint64_t before = 0;
	bool is_over = false;
	int r = 0;
	for (int page = 0; r >= 0 && !is_over && page < RECORDS_PAGES_MAX; page++) {
		struct keep_ledger_record_list list = {0};
		r = records_list(k->store, before, RECORDS_SHOWN_MAX, STR(""), k->arena, &list);
		is_over = r < 0 || list.n < RECORDS_SHOWN_MAX;
		for (size_t i = 0; r >= 0 && !(is_over && i >= list.n) && i < list.n; i++) {
			struct record record;
			r = record_decode(list.at[i].bytes, &record);
			if (r < 0)
				break;
			before = record.number;
			if (record.event.time_us < from_us) {
				is_over = true;
				break;
			}
			if (record.event.time_us <= to_us && is_notable(&record.event))
				r = add_record(k, &newest, &list.at[i]);
		}
	}
	for (size_t i = newest.n; r >= 0 && i > 0 && ret->n < RECORDS_SHOWN_MAX; i--)
		r = add_record(k, ret, &newest.at[i - 1]);
	return r < 0 ? r : 0;
}

static int list_items(struct keeper *k, const char *register_word, struct keep_item_list *ret)
{
	return item_list_current(k->store, str_of(register_word), ITEMS_MAX, k->arena, ret);
}

int handle_incident_get(struct keeper *k, const struct keep_incident_get_in *in, struct keep_incident_get_out *out)
{
	struct keep_incident *row = ARENA_PUSH(k->arena, &out->incidents);
	int r = row ? check_may(k, in->pass, in->id, true) : ERR_TOO_LARGE;
	if (r >= 0)
		r = incident_find(k->store, in->id, k->arena, row);
	if (r >= 0)
		r = incident_entry_list(k->store, in->id, ENTRIES_MAX, k->arena, &out->entries);
	if (r >= 0)
		r = list_items(k, "businesses", &out->items);
	if (r >= 0)
		r = list_items(k, "partners", &out->items);
	/* The ledger is for those who may open it elsewhere too. */
	if (r >= 0 && k->person.id && k->person.role != ROLE_STAFF)
		r = list_records(k, row, &out->records);
	return r < 0 ? r : 0;
}

int handle_incident_list(struct keeper *k, const struct keep_incident_list_in *in, struct keep_incident_list_out *out)
{
	(void) in;
	return incident_list_all(k->store, false, INCIDENTS_LISTED_MAX, k->arena, &out->incidents);
}

int handle_incident_close(struct keeper *k, const struct keep_incident_close_in *in,
                          struct keep_incident_close_out *out)
{
	struct keep_incident row;
	int r = incident_find(k->store, in->id, k->arena, &row);
	if (r >= 0)
		r = incident_close(k->store, in->id, k->person.id, k->now_us);
	out->done = r >= 0;
	/* One in which nothing was written down proves nothing. */
	return r < 0 ? r
	             : record_incident(k, row.entries < ENTRIES_LEAST ? "incident.dropped" : "incident.closed", in->id);
}
