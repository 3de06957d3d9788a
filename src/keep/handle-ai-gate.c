/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the gate asks: everything that it works by, who somebody is, and before anything leaves one admission: key,
 * rate, money, and the event on disk. */
#include "base/clock.h"
#include "base/err.h"
#include "keep/ai-state.h"

enum { SHAPE_MAX_BYTES = 40, MODEL_MAX_BYTES = AI_MODEL_NAME_MAX_BYTES, COUNT_MAX = 1000000 };
#define MINUTE_US (60 * CLOCK_SECOND_US)
#define TOKENS_MAX UINT64_C(1000000000)
#define MICROYEN_MAX UINT64_C(1000000000000000000)

/* ---- loading ---- */

static int open_secrets(struct keeper *k, const struct keep_ai_service_list *services, struct keep_ai_secret_list *ret)
{
	for (size_t i = 0; i < services->n; i++) {
		const struct keep_ai_service *service = &services->at[i];
		struct str sealed;
		if (!service->has_key || !service->active)
			continue;
		struct keep_ai_secret *row = ARENA_PUSH(k->arena, ret);
		if (!row)
			return ERR_TOO_LARGE;
		row->service = service->id;
		int r = ai_service_get_key(k->store, service->id, k->arena, &sealed);
		if (r >= 0)
			r = seal_open(&k->seal_key, ai_key_label(k, service->id), sealed, k->arena, &row->key);
		if (r < 0)
			return r;
	}
	return 0;
}

static int get_house_number(struct keeper *k, const char *name, uint64_t *ret)
{
	*ret = 0;
	int r = house_get_number(k->store, name, ret);
	return r == ERR_NOT_FOUND ? 0 : r;
}

int handle_ai_load(struct keeper *k, const struct keep_ai_load_in *in, struct keep_ai_load_out *out)
{
	(void) in;
	out->version = ai_version(k);
	int r = ai_word_list_newest(k->store, &out->words_version);
	if (r >= 0)
		r = get_house_number(k, "ai.words-off", &out->words_off);
	if (r >= 0)
		r = ai_services(k, &out->services);
	if (r >= 0)
		r = ai_model_list_all(k->store, k->arena, &out->models);
	if (r >= 0)
		r = open_secrets(k, &out->services, &out->secrets);
	if (r >= 0)
		r = ai_rule_list_all(k->store, k->arena, &out->rules);
	return r < 0 ? r : ai_exception_list_all(k->store, k->arena, &out->exceptions);
}

int handle_ai_words(struct keeper *k, const struct keep_ai_words_in *in, struct keep_ai_words_out *out)
{
	return ai_word_list_pieces(k->store, in->version, in->place, AI_PIECES_EACH_ANSWER, k->arena, &out->pieces);
}

int handle_ai_caller(struct keeper *k, const struct keep_ai_caller_in *in, struct keep_ai_caller_out *out)
{
	struct ai_caller_state caller;
	struct keep_ai_key key = {0};
	struct ledger_hash hash;

	if (in->person == 0) {
		if (in->key_hash.n != sizeof(hash.bytes))
			return ERR_INVALID;
		memcpy(hash.bytes, in->key_hash.p, sizeof(hash.bytes));
		int found = ai_key_find_hash(k->store, &hash, k->arena, &key);
		if (found < 0)
			return found;
	}
	int r = ai_read_caller(k, key.id, in->person, &caller);
	if (r < 0 || !caller.may_come)
		return r < 0 ? r : ERR_NOT_FOUND;
	struct keep_ai_caller *row = ARENA_PUSH(k->arena, &out->callers);
	if (!row)
		return ERR_TOO_LARGE;
	*row = caller.row;
	out->version = ai_version(k);
	return 0;
}

/* ---- admission ---- */

static bool list_has(struct str list, struct str name)
{
	struct str one;

	if (list.n == 0)
		return true;
	while (str_split(&list, ',', &one)) {
		if (str_eq(str_trim(one), name))
			return true;
	}
	return false;
}

/* Of the last sixty seconds: this minute, and of the one before the part that still lies in them. */
static uint64_t in_window(uint64_t now, uint64_t before, int64_t now_us)
{
	uint64_t left = (uint64_t) (MINUTE_US - now_us % MINUTE_US);
	return now + before * left / MINUTE_US;
}

/* One request larger than the whole limit goes through when nothing else is under way: else it never would. */
static enum ai_outcome check_rate(struct ai_caller_state *c, uint64_t tokens, int64_t now_us)
{
	ai_rate_turn(&c->rate, now_us);
	uint64_t requests = in_window(c->rate.requests, c->rate.before_requests, now_us);
	uint64_t used = in_window(c->rate.tokens, c->rate.before_tokens, now_us);
	if (c->requests_per_minute > 0 && requests >= c->requests_per_minute)
		return AI_REFUSED_REQUESTS;
	if (c->tokens_per_minute > 0 && used > 0 && used + tokens > c->tokens_per_minute)
		return AI_REFUSED_TOKENS;
	return AI_ADMITTED;
}

static const char *const scope_words[AI_SCOPE_COUNT] = {"company", "department", "person", "key"};

static int check_budget(struct keeper *k, const struct ai_caller_state *c, uint64_t microyen,
                        struct keep_ai_admit_out *out)
{
	uint64_t begins = 0;

	if (microyen == 0)
		return 0;
	for (size_t i = 0; i < c->meter_count; i++) {
		const struct ai_meter_state *m = c->meters[i];
		bool over_month = m->month_limit > 0 && m->spent_month + microyen > m->month_limit;
		bool over_year = m->year_limit > 0 && m->spent_year + microyen > m->year_limit;
		if (!over_month && !over_year)
			continue;
		int r = keeper_setting_number(k, "ai.year-begins", &begins);
		if (r < 0)
			return r;
		out->outcome = AI_REFUSED_BUDGET;
		out->limit = str_of(scope_words[m->scope]);
		out->until_us = over_year ? ai_next_year_us(k->now_us, begins) : ai_next_month_us(k->now_us);
		return 0;
	}
	return 0;
}

static bool grants_hold(const struct ai_caller_state *c, const struct keep_ai_admit_in *in, int64_t now_us)
{
	uint64_t granted = in->destination == POLICY_LOCAL        ? c->row.granted_local
	                   : in->destination == POLICY_CONTRACTED ? c->row.granted_contracted
	                                                          : c->row.granted_other;
	if (in->granted == 0)
		return true;
	granted |= policy_marks_kinds(c->row.marks, (enum policy_destination) in->destination);
	return (in->granted & ~granted) == 0 && c->row.granted_until_us > now_us;
}

/* < 0 an error; else *out->outcome says whether it may go on. */
static int check_admission(struct keeper *k, const struct keep_ai_admit_in *in, struct ai_caller_state *c,
                           struct ai_place *place, struct keep_ai_admit_out *out)
{
	out->outcome = AI_ADMITTED;
	if (!c->may_come || (c->row.expires_us > 0 && c->row.expires_us <= k->now_us)) {
		out->outcome = AI_REFUSED_KEY;
		return 0;
	}
	int r = ai_state_place(k, in->service, in->model, place);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	if (r == ERR_NOT_FOUND || !place->model) {
		out->outcome = AI_REFUSED_SERVICE;
	} else if (!list_has(c->row.models, in->model)) {
		out->outcome = AI_REFUSED_MODEL;
	} else if (place->service->destination != in->destination || !grants_hold(c, in, k->now_us)) {
		/* A confirmation or an approval has run out: whoever loaded before must load again. */
		out->outcome = AI_STALE;
		return ai_changed(k);
	} else {
		out->outcome = check_rate(c, in->tokens_in + in->tokens_out, k->now_us);
		out->until_us = out->outcome == AI_ADMITTED ? 0 : k->now_us + MINUTE_US - k->now_us % MINUTE_US;
	}
	return 0;
}

/* As a word of the ledger: letters small, everything that is none a hyphen. */
static struct str word_of(struct keeper *k, struct str text)
{
	char *copy = arena_cstr(k->arena, text);

	if (!copy || text.n == 0)
		return STR("none");
	for (char *c = copy; *c; c++) {
		*c = ascii_lower(*c);
		if (!ascii_is_alnum(*c) && !memchr("._:/-", *c, 5))
			*c = '-';
	}
	return str_make(copy, text.n);
}

static int add_counts(struct keeper *k, struct event *e, const struct keep_ai_count_list *counts)
{
	for (size_t i = 0; i < counts->n; i++) {
		const struct keep_ai_count *c = &counts->at[i];
		if (c->kind >= LEAK_KIND_COUNT || c->action >= POLICY_ACTION_COUNT || c->count > COUNT_MAX)
			return ERR_INVALID;
		event_add_count(e,
		                arena_printf(k->arena, "%s.%s", policy_action_word((enum policy_action) c->action),
		                             policy_kind_word((enum leak_kind) c->kind)),
		                (uint32_t) c->count);
	}
	return 0;
}

static int record_request(struct keeper *k, const struct keep_ai_admit_in *in, const struct ai_caller_state *c,
                          struct keep_ai_admit_out *out, uint64_t microyen)
{
	struct event e = event_make("ai.request", k->now_us);

	int r = add_counts(k, &e, &in->counts);
	if (r < 0)
		return r;
	if (c->row.person > 0)
		event_set_person(&e, c->row.person);
	else
		event_set_program(&e, c->program);
	e.decision = out->outcome == AI_ADMITTED ? in->decision : STR("over-budget");
	event_add_number(&e, "service", (int64_t) in->service);
	event_add_word(&e, "destination", str_of(policy_destination_word((enum policy_destination) in->destination)));
	event_add_word(&e, "model", word_of(k, in->model));
	event_add_word(&e, "shape", in->shape);
	event_add_number(&e, "tokens", (int64_t) (in->tokens_in + in->tokens_out));
	event_add_number(&e, "microyen", (int64_t) microyen);
	if (c->row.key > 0)
		event_add_number(&e, "key", (int64_t) c->row.key);
	if (in->granted > 0)
		event_add_number(&e, "approved-kinds", (int64_t) in->granted);
	r = keeper_record(k, &e);
	if (r >= 0)
		out->number = k->records.tree.size - 1;
	return r;
}

static void count_request(struct keeper *k, const struct keep_ai_admit_in *in, struct ai_caller_state *c,
                          enum policy_action decision, const struct keep_ai_admit_out *out)
{
	for (size_t i = 0; i < in->counts.n; i++)
		c->findings[in->counts.at[i].action][in->counts.at[i].kind] += (uint32_t) in->counts.at[i].count;
	ai_count_request(k, c,
	                 &(struct ai_admitted){.decision = decision,
	                                       .time_us = k->now_us,
	                                       .tokens = out->reserved_tokens,
	                                       .microyen = out->reserved_microyen});
}

static int check_question(const struct keep_ai_admit_in *in, enum policy_action *ret_decision)
{
	if (policy_action_from_word(in->decision, ret_decision) < 0 || in->destination >= POLICY_DESTINATION_COUNT ||
	    in->tokens_in > TOKENS_MAX || in->tokens_out > TOKENS_MAX || in->granted > POLICY_KINDS_ALL)
		return ERR_INVALID;
	if (!event_is_word(in->shape) || in->shape.n > SHAPE_MAX_BYTES ||
	    check_line(in->model, 1, MODEL_MAX_BYTES) < 0 || in->counts.n > EVENT_COUNTS_MAX)
		return ERR_INVALID;
	return in->key == 0 && in->person == 0 ? ERR_INVALID : 0;
}

int handle_ai_admit(struct keeper *k, const struct keep_ai_admit_in *in, struct keep_ai_admit_out *out)
{
	enum policy_action decision;
	struct ai_caller_state *c;
	struct ai_place place = {0};
	uint64_t month;

	int r = check_question(in, &decision);
	if (r >= 0)
		r = ai_state_month(k, &month);
	if (r < 0)
		return r;
	out->version = ai_version(k);
	if (in->version != out->version) {
		out->outcome = AI_STALE;
		return 0;
	}
	r = ai_state_caller(k, in->key, in->person, &c);
	if (r >= 0)
		r = check_admission(k, in, c, &place, out);
	out->version = ai_version(k);
	if (r < 0 || out->outcome != AI_ADMITTED)
		return r;
	uint64_t microyen = ai_cost_total(&place.cost, in->tokens_in, in->tokens_out);
	if (decision == POLICY_STOP)
		microyen = 0;
	r = check_budget(k, c, microyen, out);
	if (r >= 0)
		r = record_request(k, in, c, out, microyen);
	if (r < 0 || out->outcome != AI_ADMITTED)
		return r;
	if (decision != POLICY_STOP) {
		out->reserved_tokens = in->tokens_in + in->tokens_out;
		out->reserved_microyen = microyen;
	}
	count_request(k, in, c, decision, out);
	return 0;
}

/* ---- settlement ---- */

static const char *const outcomes[] = {"ok", "cut", "error", "timeout", "refused"};

static bool is_outcome(struct str word)
{
	for (size_t i = 0; i < ARRAY_SIZE(outcomes); i++) {
		if (str_eq_c(word, outcomes[i]))
			return true;
	}
	return false;
}

/* All of them before the first changes anything: what is in memory cannot be undone. */
static int check_usages(const struct keeper *k, const struct keep_ai_usage_list *usages)
{
	for (size_t i = 0; i < usages->n; i++) {
		const struct keep_ai_usage *u = &usages->at[i];
		if (u->tokens_in > TOKENS_MAX || u->tokens_out > TOKENS_MAX || u->reserved_tokens > 2 * TOKENS_MAX ||
		    u->reserved_microyen > MICROYEN_MAX || u->admitted_us <= 0 ||
		    u->admitted_us > k->now_us + CLOCK_DAY_US || (u->key == 0 && u->person == 0) ||
		    !is_outcome(u->outcome))
			return ERR_INVALID;
	}
	return 0;
}

static void settle_now(struct keeper *k, const struct keep_ai_usage *u, struct ai_caller_state *c, int64_t difference)
{
	ai_rate_turn(&c->rate, k->now_us);
	if ((uint64_t) (u->admitted_us / MINUTE_US) == c->rate.minute) {
		uint64_t used = u->tokens_in + u->tokens_out, kept = c->rate.tokens + used;
		c->rate.tokens = kept > u->reserved_tokens ? kept - u->reserved_tokens : 0;
	}
	ai_state_note_caller(k, c);
	for (size_t i = 0; i < c->meter_count; i++) {
		struct ai_meter_state *m = c->meters[i];
		int64_t month = (int64_t) m->spent_month + difference, year = (int64_t) m->spent_year + difference;
		m->spent_month = month > 0 ? (uint64_t) month : 0;
		m->spent_year = year > 0 ? (uint64_t) year : 0;
		m->pending.tokens_in += u->tokens_in;
		m->pending.tokens_out += u->tokens_out;
		m->pending_microyen += difference;
		ai_state_note_meter(k, m);
	}
}

/* It was admitted in a month that is over: the money belongs there. */
static int settle_before(struct keeper *k, const struct keep_ai_usage *u, const struct ai_caller_state *c,
                         int64_t difference)
{
	int r = 0;
	for (size_t i = 0; r >= 0 && i < c->meter_count; i++) {
		struct keep_ai_spend row = {.scope = c->meters[i]->scope,
		                            .id = c->meters[i]->id,
		                            .name = c->meters[i]->name,
		                            .month = ai_month(u->admitted_us),
		                            .tokens_in = u->tokens_in,
		                            .tokens_out = u->tokens_out};
		r = ai_spend_add(k->store, &row, difference);
	}
	return r;
}

static int settle_one(struct keeper *k, const struct keep_ai_usage *u, uint64_t *ret_microyen)
{
	struct ai_caller_state *c;
	struct ai_place place = {0};
	uint64_t month;

	int r = ai_state_month(k, &month);
	if (r >= 0)
		r = ai_state_place(k, u->service, u->model, &place);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	r = ai_state_caller(k, u->key, u->person, &c);
	if (r < 0)
		return r;
	/* The service is gone meanwhile: what was reserved is what it cost. */
	*ret_microyen = place.model ? ai_cost_total(&place.cost, u->tokens_in, u->tokens_out) : u->reserved_microyen;
	*ret_microyen = *ret_microyen < MICROYEN_MAX ? *ret_microyen : MICROYEN_MAX;
	int64_t difference = (int64_t) *ret_microyen - (int64_t) u->reserved_microyen;
	if (ai_month(u->admitted_us) != month)
		return settle_before(k, u, c, difference);
	settle_now(k, u, c, difference);
	return 0;
}

int handle_ai_settle(struct keeper *k, const struct keep_ai_settle_in *in, struct keep_ai_settle_out *out)
{
	struct event e = event_make("ai.settled", k->now_us);
	uint64_t tokens_in = 0, tokens_out = 0;

	int r = check_usages(k, &in->usages);
	for (size_t i = 0; r >= 0 && i < in->usages.n; i++) {
		uint64_t microyen = 0;
		r = settle_one(k, &in->usages.at[i], &microyen);
		event_add_count(&e, in->usages.at[i].outcome, 1);
		tokens_in += in->usages.at[i].tokens_in;
		tokens_out += in->usages.at[i].tokens_out;
		out->microyen += microyen;
	}
	out->version = ai_version(k);
	if (r < 0 || in->usages.n == 0)
		return r;
	event_add_number(&e, "tokens-in", (int64_t) tokens_in);
	event_add_number(&e, "tokens-out", (int64_t) tokens_out);
	event_add_number(&e, "microyen", (int64_t) out->microyen);
	return keeper_record(k, &e);
}
