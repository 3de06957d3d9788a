/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/ai-state.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"

enum {
	BUCKETS = 1024,
	STATE_ARENA_BYTES = 16 * 1024 * 1024,
	USED_STEP_SECONDS = 60,
	SUM_NAME_MAX_BYTES = 64,
};

struct model {
	const struct keep_ai_model *row;
	struct ai_cost cost;
	bool has_cost;
};

struct ai_state {
	uint64_t version;
	bool is_stale;  /* after the next flush everything below is forgotten */
	bool is_behind; /* what was counted and not flushed is lost: only the ledger knows it */
	uint64_t month;
	int64_t month_until_us;
	uint64_t year_from;
	struct arena *arena;
	struct ai_caller_state *callers[BUCKETS], *dirty_callers;
	struct ai_meter_state *meters[BUCKETS], *dirty_meters;
	bool has_services;
	struct keep_ai_service_list services;
	struct keep_ai_model_list model_rows;
	struct model *models;
};

struct ai_state *ai_state_new(int64_t now_us)
{
	struct ai_state *st = calloc(1, sizeof(*st));
	CHECK(st);
	/* Grows from start to start, so that a gate that is older than this keeper loads again. */
	st->version = (uint64_t) now_us;
	st->is_behind = true;
	st->arena = arena_new(STATE_ARENA_BYTES);
	return st;
}

void ai_state_free(struct ai_state *st)
{
	if (!st)
		return;
	arena_free(st->arena);
	free(st);
}

uint64_t ai_version(const struct keeper *k)
{
	return k->ai->version;
}

int ai_changed(struct keeper *k)
{
	k->ai->version++;
	k->ai->is_stale = true;
	return 0;
}

void ai_state_forget(struct keeper *k)
{
	struct ai_state *st = k->ai;
	*st = (struct ai_state){.version = st->version, .is_behind = st->is_behind, .arena = st->arena};
	arena_reset(st->arena);
}

void ai_state_lose(struct keeper *k)
{
	ai_state_forget(k);
	k->ai->is_behind = true;
}

int ai_state_turn(struct keeper *k, int64_t us)
{
	struct ai_state *st = k->ai;
	uint64_t begins = 0, month = ai_month(us);

	if (st->month == month)
		return 0;
	int r = keeper_setting_number(k, "ai.year-begins", &begins);
	if (r >= 0 && st->month != 0)
		r = ai_state_flush(k);
	if (r < 0)
		return r;
	ai_state_forget(k);
	st->month = month;
	st->month_until_us = ai_next_month_us(us);
	st->year_from = ai_year_from(month, begins);
	return 0;
}

int ai_state_month(struct keeper *k, uint64_t *ret)
{
	struct ai_state *st = k->ai;

	int r = st->month == 0 || k->now_us >= st->month_until_us ? ai_state_turn(k, k->now_us) : 0;
	if (r >= 0)
		*ret = st->month;
	return r;
}

/* ---- meters ---- */

static const struct keep_ai_budget *find_budget(const struct keep_ai_budget_list *list, uint64_t scope, uint64_t id,
                                                struct str name)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct keep_ai_budget *b = &list->at[i];
		if (b->scope == scope && b->id == id && str_eq(b->name, name))
			return b;
	}
	return NULL;
}

static int read_limits(struct keeper *k, struct ai_meter_state *m)
{
	struct keep_ai_budget_list list = {0};

	int r = ai_budget_list_all(k->store, k->arena, &list);
	if (r < 0)
		return r;
	const struct keep_ai_budget *budget = find_budget(&list, m->scope, m->id, m->name);
	if (!budget && m->scope == AI_SCOPE_PERSON)
		budget = find_budget(&list, AI_SCOPE_PERSON, 0, STR(""));
	if (budget) {
		m->month_limit = budget->month_microyen;
		m->year_limit = budget->year_microyen;
	}
	return 0;
}

static int read_meter(struct keeper *k, struct ai_meter_state *m)
{
	struct keep_ai_spend month, year;

	int r = ai_spend_get(k->store, (enum ai_scope) m->scope, m->id, m->name, k->ai->month, k->ai->month, &month);
	if (r >= 0)
		r = ai_spend_get(k->store, (enum ai_scope) m->scope, m->id, m->name, k->ai->year_from, k->ai->month,
		                 &year);
	if (r < 0)
		return r;
	m->spent_month = month.microyen;
	m->requests_month = month.requests;
	m->spent_year = year.microyen;
	return read_limits(k, m);
}

static size_t meter_bucket(uint64_t scope, uint64_t id, struct str name)
{
	return (size_t) ((str_hash(name) ^ (id * UINT64_C(0x9E3779B97F4A7C15)) ^ scope) % BUCKETS);
}

static int find_meter(struct keeper *k, uint64_t scope, uint64_t id, struct str name, struct ai_meter_state **ret)
{
	struct ai_meter_state **bucket = &k->ai->meters[meter_bucket(scope, id, name)], *m = *bucket;

	while (m && !(m->scope == scope && m->id == id && str_eq(m->name, name)))
		m = m->next;
	if (!m) {
		m = ARENA_NEW(k->ai->arena, struct ai_meter_state);
		if (!m)
			return ERR_TOO_LARGE;
		*m = (struct ai_meter_state){.scope = scope, .id = id, .name = arena_dup(k->ai->arena, name)};
		int r = read_meter(k, m);
		if (r < 0)
			return r;
		m->next = *bucket;
		*bucket = m;
	}
	*ret = m;
	return 0;
}

void ai_state_note_meter(struct keeper *k, struct ai_meter_state *m)
{
	if (m->is_dirty)
		return;
	m->is_dirty = true;
	m->next_dirty = k->ai->dirty_meters;
	k->ai->dirty_meters = m;
}

/* ---- callers ---- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a == 0 ? b : b == 0 || a < b ? a : b;
}

struct str ai_mark_key(struct keeper *k, uint64_t person)
{
	struct seal_key key;
	_Static_assert(sizeof(key.bytes) == POLICY_MARK_KEY_BYTES, "a derived key marks values");

	seal_key_derive(&k->seal_key, arena_printf(k->arena, "approvals of %llu", (unsigned long long) person), &key);
	struct str ret = arena_dup(k->arena, str_make((const char *) key.bytes, sizeof(key.bytes)));
	seal_key_wipe(&key);
	return ret;
}

static void add_grant(struct keep_ai_caller *row, const struct keep_ai_approval *grant, struct arena *a)
{
	enum policy_destination where;

	if (policy_destination_from_word(grant->destination, &where) < 0)
		return;
	if (grant->marks.n > 0) {
		row->marks = row->marks.n ? arena_printf(a, "%.*s %.*s", STR_ARG(row->marks), STR_ARG(grant->marks))
		                          : grant->marks;
		row->granted_until_us = earlier(row->granted_until_us, grant->expires_us);
		return;
	}
	uint64_t *bits[POLICY_DESTINATION_COUNT] = {[POLICY_LOCAL] = &row->granted_local,
	                                            [POLICY_CONTRACTED] = &row->granted_contracted,
	                                            [POLICY_OTHER] = &row->granted_other};
	*bits[where] |= grant->kinds & POLICY_KINDS_ALL;
	row->granted_until_us = earlier(row->granted_until_us, grant->expires_us);
}

static int read_grants(struct keeper *k, struct keep_ai_caller *row)
{
	struct keep_ai_approval_list list = {0};

	if (row->person == 0)
		return 0;
	int r = ai_approval_list_living(k->store, row->person, k->now_us, k->arena, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++)
		add_grant(row, &list.at[i], k->arena);
	if (r >= 0 && row->marks.n > 0)
		row->mark_key = ai_mark_key(k, row->person);
	return r;
}

static int read_person(struct keeper *k, struct ai_caller_state *c)
{
	struct keep_person person;

	int r = person_find(k->store, c->row.person, k->arena, &person);
	if (r < 0)
		return r;
	c->may_come &= keeper_person_is_active(k, &person) && person.role != ROLE_EXPERT;
	c->row.role = person.role;
	c->row.expires_us = earlier(c->row.expires_us, person.expires_us);
	if (c->row.key == 0)
		c->row.name = person.name;
	return c->row.department.n > 0 ? 0 : ai_member_get(k->store, person.id, k->arena, &c->row.department);
}

static int read_key(struct keeper *k, struct ai_caller_state *c)
{
	struct keep_ai_key key;

	int r = ai_key_find(k->store, c->row.key, k->arena, &key);
	if (r < 0)
		return r;
	c->may_come = key.revoked_us == 0;
	c->row.person = key.person;
	c->row.name = key.name;
	c->row.department = key.department;
	c->row.models = key.models;
	c->row.expires_us = key.expires_us;
	c->row.role = POLICY_ROLE_PROGRAM;
	c->rate_id = key.id;
	c->requests_per_minute = key.requests_per_minute;
	c->tokens_per_minute = key.tokens_per_minute;
	c->used_us = key.used_us;
	return 0;
}

static int read_page_limits(struct keeper *k, struct ai_caller_state *c)
{
	c->rate_id = AI_RATE_PERSON(c->row.person);
	int r = keeper_setting_number(k, "ai.page-requests-per-minute", &c->requests_per_minute);
	return r < 0 ? r : keeper_setting_number(k, "ai.page-tokens-per-minute", &c->tokens_per_minute);
}

int ai_read_caller(struct keeper *k, uint64_t key, uint64_t person, struct ai_caller_state *ret)
{
	struct ai_caller_state c = {.row = {.key = key, .person = person}, .may_come = true};

	int r = key > 0 ? read_key(k, &c) : read_page_limits(k, &c);
	if (r >= 0 && c.row.person > 0)
		r = read_person(k, &c);
	if (r >= 0)
		r = read_grants(k, &c.row);
	if (r >= 0)
		r = ai_rate_get(k->store, c.rate_id, &c.rate);
	if (r < 0)
		return r;
	c.may_come &= c.row.expires_us == 0 || c.row.expires_us > k->now_us;
	*ret = c;
	return 0;
}

static int add_meter(struct keeper *k, struct ai_caller_state *c, enum ai_scope scope, uint64_t id, struct str name)
{
	int r = find_meter(k, scope, id, name, &c->meters[c->meter_count]);
	if (r >= 0)
		c->meter_count++;
	return r;
}

static int add_meters(struct keeper *k, struct ai_caller_state *c)
{
	int r = add_meter(k, c, AI_SCOPE_COMPANY, 0, STR(""));
	if (r >= 0 && c->row.department.n > 0)
		r = add_meter(k, c, AI_SCOPE_DEPARTMENT, 0, c->row.department);
	if (r >= 0 && c->row.person > 0)
		r = add_meter(k, c, AI_SCOPE_PERSON, c->row.person, STR(""));
	if (r >= 0 && c->row.key > 0)
		r = add_meter(k, c, AI_SCOPE_KEY, c->row.key, STR(""));
	return r;
}

static int keep_caller(struct keeper *k, const struct ai_caller_state *read, struct ai_caller_state **ret)
{
	struct arena *a = k->ai->arena;
	struct ai_caller_state *c = ARENA_NEW(a, struct ai_caller_state);

	if (!c)
		return ERR_TOO_LARGE;
	*c = *read;
	c->row.name = arena_dup(a, c->row.name);
	c->row.department = arena_dup(a, c->row.department);
	c->row.models = arena_dup(a, c->row.models);
	c->row.marks = arena_dup(a, c->row.marks);
	c->row.mark_key = arena_dup(a, c->row.mark_key);
	c->program = arena_printf(a, "key:%llu", (unsigned long long) c->row.key);
	int r = arena_is_full(a) ? ERR_TOO_LARGE : 0;
	if (r >= 0 && c->rate_id > 0)
		r = add_meters(k, c);
	if (r >= 0)
		*ret = c;
	return r;
}

int ai_state_caller(struct keeper *k, uint64_t key, uint64_t person, struct ai_caller_state **ret)
{
	struct ai_caller_state **bucket = &k->ai->callers[(key * 31 + person) % BUCKETS], *c = *bucket, read;
	/* A key brings its person along, so that only one of both is asked for. */
	uint64_t asked_person = key > 0 ? 0 : person;

	while (c && !(c->row.key == key && (key > 0 || c->row.person == asked_person)))
		c = c->next;
	if (!c) {
		int r = ai_read_caller(k, key, asked_person, &read);
		if (r == ERR_NOT_FOUND)
			read = (struct ai_caller_state){.row = {.key = key, .person = asked_person}};
		else if (r < 0)
			return r;
		r = keep_caller(k, &read, &c);
		if (r < 0)
			return r;
		c->next = *bucket;
		*bucket = c;
	}
	*ret = c;
	return 0;
}

void ai_state_note_caller(struct keeper *k, struct ai_caller_state *c)
{
	if (c->is_dirty)
		return;
	c->is_dirty = true;
	c->next_dirty = k->ai->dirty_callers;
	k->ai->dirty_callers = c;
}

/* ---- services ---- */

static int read_services(struct keeper *k)
{
	struct ai_state *st = k->ai;

	int r = ai_service_list_all(k->store, st->arena, &st->services);
	if (r >= 0)
		r = ai_model_list_all(k->store, st->arena, &st->model_rows);
	if (r < 0)
		return r;
	st->models = ARENA_ARRAY(st->arena, struct model, st->model_rows.n);
	if (!st->models)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < st->model_rows.n; i++)
		st->models[i].row = &st->model_rows.at[i];
	st->has_services = true;
	return 0;
}

static struct keep_ai_service *find_service(struct ai_state *st, uint64_t id)
{
	for (size_t i = 0; i < st->services.n; i++) {
		if (st->services.at[i].id == id)
			return &st->services.at[i];
	}
	return NULL;
}

static struct model *find_model(struct ai_state *st, uint64_t service, struct str name)
{
	for (size_t i = 0; i < st->model_rows.n; i++) {
		if (st->models[i].row->service == service && str_eq(st->models[i].row->name, name))
			return &st->models[i];
	}
	return NULL;
}

int ai_state_place(struct keeper *k, uint64_t service, struct str model, struct ai_place *ret)
{
	struct ai_state *st = k->ai;

	int r = st->has_services ? 0 : read_services(k);
	if (r < 0)
		return r;
	struct keep_ai_service *row = find_service(st, service);
	if (!row || !row->active)
		return ERR_NOT_FOUND;
	ai_service_complete(row, k->now_us);
	struct model *m = find_model(st, service, model);
	if (m && !m->has_cost) {
		r = ai_cost_of(k, row, m->row->name, m->row->upstream, &m->cost);
		if (r < 0)
			return r;
		m->has_cost = true;
	}
	*ret = (struct ai_place){.service = row, .model = m ? m->row : NULL};
	if (m)
		ret->cost = m->cost;
	return 0;
}

/* ---- writing ---- */

static int flush_meter(struct keeper *k, struct ai_meter_state *m)
{
	m->pending.scope = m->scope;
	m->pending.id = m->id;
	m->pending.name = m->name;
	m->pending.month = k->ai->month;
	int r = ai_spend_add(k->store, &m->pending, m->pending_microyen);
	m->pending = (struct keep_ai_spend){0};
	m->pending_microyen = 0;
	m->is_dirty = false;
	return r;
}

static int add_sum(struct keeper *k, const struct ai_caller_state *c, const char *what, const char *kind, uint32_t n)
{
	char name[SUM_NAME_MAX_BYTES];

	if (n == 0)
		return 0;
	snprintf(name, sizeof(name), "%s.%s", what, kind);
	return ai_sum_add(k->store, k->ai->month, c->row.person, str_of(name), n);
}

static int flush_sums(struct keeper *k, struct ai_caller_state *c)
{
	int r = 0;

	for (enum policy_action action = 0; r >= 0 && action < POLICY_ACTION_COUNT; action++) {
		const char *word = policy_action_word(action);
		r = add_sum(k, c, "request", word, c->requests[action]);
		for (enum leak_kind kind = 0; r >= 0 && kind < LEAK_KIND_COUNT; kind++)
			r = add_sum(k, c, word, policy_kind_word(kind), c->findings[action][kind]);
	}
	memset(c->findings, 0, sizeof(c->findings));
	memset(c->requests, 0, sizeof(c->requests));
	return r;
}

static int flush_caller(struct keeper *k, struct ai_caller_state *c)
{
	int r = ai_rate_set(k->store, c->rate_id, &c->rate);
	if (r >= 0)
		r = flush_sums(k, c);
	if (r >= 0 && c->row.key > 0 && k->now_us - c->used_us > USED_STEP_SECONDS * CLOCK_SECOND_US) {
		c->used_us = k->now_us;
		r = ai_key_note_used(k->store, c->row.key, k->now_us);
	}
	c->is_dirty = false;
	return r;
}

bool ai_state_is_counting(const struct keeper *k)
{
	return k->ai->dirty_callers || k->ai->dirty_meters;
}

bool ai_state_is_stale(const struct keeper *k)
{
	return k->ai->is_stale;
}

int ai_state_flush(struct keeper *k)
{
	struct ai_state *st = k->ai;
	int r = ai_state_is_counting(k) ? house_set_number(k->store, AI_COUNTED, k->records.tree.size) : 0;

	for (struct ai_caller_state *c = st->dirty_callers; r >= 0 && c; c = c->next_dirty)
		r = flush_caller(k, c);
	st->dirty_callers = NULL;
	for (struct ai_meter_state *m = st->dirty_meters; r >= 0 && m; m = m->next_dirty)
		r = flush_meter(k, m);
	st->dirty_meters = NULL;
	if (r >= 0 && st->is_stale)
		ai_state_forget(k);
	return r;
}

int ai_state_catch_up(struct keeper *k)
{
	struct ai_state *st = k->ai;
	uint64_t from = 0;

	if (!st->is_behind)
		return 0;
	int r = house_get_number(k->store, AI_COUNTED, &from);
	if (r == ERR_NOT_FOUND)
		r = house_set_number(k->store, AI_COUNTED, k->records.tree.size);
	else if (r >= 0)
		r = ai_count_again(k, from);
	if (r >= 0)
		r = ai_state_flush(k);
	if (r < 0)
		return r;
	ai_state_forget(k);
	st->is_behind = false;
	return 0;
}

/* ---- looking ---- */

static int push_meter(struct keeper *k, const struct ai_meter_state *m, struct keep_ai_meter_list *ret)
{
	struct keep_ai_meter *row = ARENA_PUSH(k->arena, ret);
	if (!row)
		return ERR_TOO_LARGE;
	*row = (struct keep_ai_meter){.scope = m->scope,
	                              .id = m->id,
	                              .name = m->name,
	                              .month_microyen = m->month_limit,
	                              .year_microyen = m->year_limit,
	                              .spent_month = m->spent_month,
	                              .spent_year = m->spent_year,
	                              .requests_month = m->requests_month};
	return 0;
}

int ai_meters(struct keeper *k, uint64_t person, uint64_t key, struct keep_ai_meter_list *ret)
{
	struct ai_caller_state *c;
	uint64_t month;

	int r = ai_state_month(k, &month);
	if (r >= 0)
		r = ai_state_caller(k, key, person, &c);
	for (size_t i = 0; r >= 0 && i < c->meter_count; i++)
		r = push_meter(k, c->meters[i], ret);
	return r;
}
