/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/book.h"

#include <event2/event.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

enum { BREAKERS_MAX = AI_SERVICES_MAX * 2 };

struct book {
	unsigned holders;
	struct arena *arena; /* of the answer of the keeper: holds the provider keys, wiped */
	const struct keep_ai_load_out *load;
	struct book_service *services;
	struct policy_rule *rules_at;
	struct policy_rules rules;
	struct leak_house_words *words; /* NULL none */
};

struct caller {
	struct caller *next;
	struct ledger_hash hash;
	uint64_t person; /* 0: by key */
	int64_t asked_us;
	struct keep_ai_caller row;
	struct arena *arena;
};

struct breaker {
	uint64_t service;
	unsigned failures;
	int64_t open_until_us;
};

struct book_keeper {
	struct event_base *base;
	struct line *line;
	struct event *timer;
	struct book *now, *next; /* next: waits for its house words */
	uint64_t words_version;
	bool is_loading;
	int64_t loaded_us;
	struct buf words_csv;
	uint64_t words_place;
	struct caller *callers;
	size_t caller_count;
	struct breaker breakers[BREAKERS_MAX];
};

static const struct keep_actor gate_actor = {.program = {"gate", 4}};

/* ---- the book ---- */

static void book_free(struct book *b)
{
	leak_house_words_free(b->words);
	arena_free_wiped(b->arena);
	free(b);
}

struct book *book_hold(struct book_keeper *k)
{
	if (k->now)
		k->now->holders++;
	return k->now;
}

void book_release(struct book *b)
{
	if (b && --b->holders == 0)
		book_free(b);
}

uint64_t book_version(const struct book *b)
{
	return b->load->version;
}

const struct policy_rules *book_rules(const struct book *b)
{
	return &b->rules;
}

const struct leak_house_words *book_words(const struct book *b)
{
	return b->words;
}

bool book_is_excepted(const struct book *b, enum leak_kind kind, struct str text)
{
	for (size_t i = 0; i < b->load->exceptions.n; i++) {
		const struct keep_ai_exception *e = &b->load->exceptions.at[i];
		if (e->state == AI_EXCEPTION_ALLOWED && str_eq(e->text, text) &&
		    str_eq_c(e->kind, leak_kind_word(kind)))
			return true;
	}
	return false;
}

/* "https://host:port/path/": the only forms that a service can have. */
static bool read_url(struct str url, struct book_service *ret)
{
	bool tls = str_starts_with(url, STR("https://"));
	uint64_t port = tls ? 443 : 80;
	if (!tls && !str_starts_with(url, STR("http://")))
		return false;
	struct str rest = str_slice(url, tls ? 8 : 7, url.n);
	size_t slash = str_find_char(rest, '/', 0);
	struct str host = str_slice(rest, 0, slash == STR_NOT_FOUND ? rest.n : slash);
	struct str path = slash == STR_NOT_FOUND ? (struct str){"", 0} : str_slice(rest, slash, rest.n);
	size_t colon = str_rfind_char(host, ':'), bracket = str_rfind_char(host, ']');
	if (colon != STR_NOT_FOUND && (bracket == STR_NOT_FOUND || colon > bracket)) {
		if (str_parse_u64(str_slice(host, colon + 1, host.n), 65535, &port) < 0)
			return false;
		host = str_slice(host, 0, colon);
	}
	if (bracket != STR_NOT_FOUND)
		host = str_slice(host, 1, bracket);
	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	bool is_plain = str_find_char(path, '?', 0) == STR_NOT_FOUND && str_find_char(host, '@', 0) == STR_NOT_FOUND;
	ret->place = (struct http_place){host, (uint16_t) port, tls};
	ret->base_path = path;
	return host.n > 0 && port > 0 && is_plain;
}

static struct str key_of(const struct keep_ai_load_out *load, uint64_t service)
{
	for (size_t i = 0; i < load->secrets.n; i++)
		if (load->secrets.at[i].service == service)
			return load->secrets.at[i].key;
	return (struct str){NULL, 0};
}

static void read_services(struct book *b)
{
	b->services = ARENA_ARRAY(b->arena, struct book_service, b->load->services.n);
	CHECK(b->services || b->load->services.n == 0);
	for (size_t i = 0; i < b->load->services.n; i++) {
		struct book_service *s = &b->services[i];
		s->row = &b->load->services.at[i];
		s->key = key_of(b->load, s->row->id);
		s->is_usable = s->row->active && read_url(s->row->base_url, s);
	}
}

static void read_rules(struct book *b)
{
	b->rules_at = ARENA_ARRAY(b->arena, struct policy_rule, b->load->rules.n);
	CHECK(b->rules_at || b->load->rules.n == 0);
	for (size_t i = 0; i < b->load->rules.n; i++) {
		const struct keep_ai_rule *from = &b->load->rules.at[i];
		struct policy_rule rule = {.roles = (uint32_t) from->roles, .department = from->department};
		if (policy_kind_from_word(from->kind, &rule.kind) < 0 ||
		    policy_destination_from_word(from->destination, &rule.destination) < 0 ||
		    policy_action_from_word(from->action, &rule.action) < 0 || !policy_rule_holds(&rule))
			continue; /* the default, which is no looser, counts */
		b->rules_at[b->rules.n++] = rule;
	}
	b->rules.at = b->rules_at;
}

static int compare_choices(const void *a, const void *b)
{
	const struct book_choice *x = a, *y = b;
	uint64_t p = x->service->row->priority, q = y->service->row->priority;
	if (p != q)
		return p < q ? -1 : 1;
	return x->service->row->id < y->service->row->id ? -1 : x->service->row->id > y->service->row->id;
}

static const struct book_service *service_of(const struct book *b, uint64_t id)
{
	for (size_t i = 0; i < b->load->services.n; i++)
		if (b->services[i].row->id == id)
			return &b->services[i];
	return NULL;
}

size_t book_choose(const struct book *b, struct str model, enum ai_protocol protocol, enum ai_use use,
                   struct book_choice *ret, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < b->load->models.n && n < max; i++) {
		const struct keep_ai_model *m = &b->load->models.at[i];
		const struct book_service *s = str_eq(m->name, model) ? service_of(b, m->service) : NULL;
		if (s && s->is_usable && s->row->protocol == (uint64_t) protocol && (m->uses & (uint64_t) use))
			ret[n++] = (struct book_choice){s, m};
	}
	if (n > 1)
		qsort(ret, n, sizeof(*ret), compare_choices);
	return n;
}

const struct keep_ai_model *book_model_at(const struct book *b, size_t i)
{
	return i < b->load->models.n ? &b->load->models.at[i] : NULL;
}

/* ---- loading ---- */

static void put_in_force(struct book_keeper *k)
{
	struct book *old = k->now;
	k->now = TAKE(k->next);
	k->now->holders = 1;
	k->is_loading = false;
	k->loaded_us = clock_monotonic_us();
	book_release(old);
	book_forget_callers(k);
	log_event(LOG_LEVEL_INFO, "gate.loaded", LOG_NUMBER("services", (int64_t) k->now->load->services.n),
	          LOG_NUMBER("words", k->now->words ? (int64_t) leak_house_words_count(k->now->words) : 0));
}

static void give_up(struct book_keeper *k, int r)
{
	k->is_loading = false;
	if (k->next)
		book_free(TAKE(k->next));
	if (r != ERR_DENIED) /* the master has not yet listed this process */
		log_event(LOG_LEVEL_WARNING, "gate.not-loaded", LOG_TEXT("why", err_word(r)));
}

static void compile_words(struct book_keeper *k)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(256 * 1024 * 1024);
	struct leak_house_rows rows = {0};
	size_t line = 0;
	int r = leak_house_read_csv(buf_str(&k->words_csv), a, &rows, &line);
	if (r >= 0 && rows.n > 0)
		r = leak_house_words_new(rows.at, rows.n, (uint32_t) k->next->load->words_off, &k->next->words, NULL);
	buf_done(&k->words_csv);
	if (r < 0)
		give_up(k, r); /* without the company's words nothing may pass as clean: the earlier book stays */
	else
		put_in_force(k);
}

static void ask_words(struct book_keeper *k);

static void words_came(void *user, int r, const void *answer, struct arena **arena)
{
	struct book_keeper *k = user;
	const struct keep_ai_words_out *out = answer;
	if (r < 0) {
		give_up(k, r);
		return;
	}
	for (size_t i = 0; i < out->pieces.n; i++)
		buf_add_str(&k->words_csv, out->pieces.at[i].bytes);
	k->words_place += out->pieces.n;
	if (buf_failed(&k->words_csv))
		give_up(k, ERR_TOO_LARGE);
	else if (out->pieces.n >= AI_PIECES_EACH_ANSWER)
		ask_words(k);
	else
		compile_words(k);
}

static void ask_words(struct book_keeper *k)
{
	struct keep_ai_words_in in = {.version = k->next->load->words_version, .place = k->words_place};
	int r = LINE_ASK(k->line, ai_words, &gate_actor, &in, words_came, k);
	if (r < 0)
		give_up(k, r);
}

static void loaded(void *user, int r, const void *answer, struct arena **arena)
{
	struct book_keeper *k = user;
	const struct keep_ai_load_out *out = answer;
	if (r < 0) {
		give_up(k, r);
		return;
	}
	if (k->now && k->now->load->version == out->version && k->now->load->words_version == out->words_version) {
		k->is_loading = false;
		k->loaded_us = clock_monotonic_us();
		return;
	}
	struct book *b = calloc(1, sizeof(*b));
	CHECK(b);
	b->arena = TAKE(*arena);
	b->load = out;
	read_services(b);
	read_rules(b);
	k->next = b;
	k->words_place = 0;
	k->words_csv = buf_make(LEAK_HOUSE_CSV_MAX_BYTES);
	if (out->words_version == 0)
		put_in_force(k);
	else
		ask_words(k);
}

void book_reload(struct book_keeper *k)
{
	struct keep_ai_load_in in = {0};
	if (k->is_loading)
		return;
	k->is_loading = true;
	int r = LINE_ASK(k->line, ai_load, &gate_actor, &in, loaded, k);
	if (r < 0)
		give_up(k, r);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
	struct book_keeper *k = context;
	if (!k->now || clock_monotonic_us() - k->loaded_us > BOOK_REFRESH_MS * 1000LL)
		book_reload(k);
}

int book_keeper_new(struct event_base *base, struct line *line, struct book_keeper **ret)
{
	const struct timeval pause = {.tv_usec = BOOK_RELOAD_MS * 1000};
	struct book_keeper *k = calloc(1, sizeof(*k));
	CHECK(k);
	k->base = base;
	k->line = line;
	k->timer = event_new(base, -1, EV_PERSIST, on_timer, k);
	CHECK(k->timer && event_add(k->timer, &pause) == 0);
	book_reload(k);
	*ret = k;
	return 0;
}

void book_keeper_free(struct book_keeper *k)
{
	if (!k)
		return;
	event_free(k->timer);
	book_forget_callers(k);
	book_release(k->now);
	if (k->next)
		book_free(k->next);
	buf_done(&k->words_csv);
	free(k);
}

/* ---- callers ---- */

static void caller_free(struct caller *c)
{
	arena_free(c->arena);
	free(c);
}

void book_forget_callers(struct book_keeper *k)
{
	while (k->callers) {
		struct caller *c = k->callers;
		k->callers = c->next;
		caller_free(c);
	}
	k->caller_count = 0;
}

static struct caller *known_caller(struct book_keeper *k, const struct ledger_hash *hash, uint64_t person)
{
	int64_t since_us = clock_monotonic_us() - BOOK_CALLER_MAX_MS * 1000LL;
	for (struct caller **at = &k->callers; *at; at = &(*at)->next) {
		struct caller *c = *at;
		if (c->person != person || (!person && !ledger_hash_eq(&c->hash, hash)))
			continue;
		if (c->asked_us > since_us)
			return c;
		*at = c->next;
		k->caller_count--;
		caller_free(c);
		return NULL;
	}
	return NULL;
}

struct asked {
	struct book_keeper *keeper;
	struct ledger_hash hash;
	uint64_t person;
	book_caller_done *done;
	void *user;
};

static void remember_caller(struct asked *q, const struct keep_ai_caller *row, struct arena *a)
{
	struct book_keeper *k = q->keeper;
	if (k->caller_count >= BOOK_CALLERS_MAX)
		book_forget_callers(k);
	struct caller *c = calloc(1, sizeof(*c));
	CHECK(c);
	*c = (struct caller){k->callers, q->hash, q->person, clock_monotonic_us(), *row, a};
	k->callers = c;
	k->caller_count++;
}

static void caller_came(void *user, int r, const void *answer, struct arena **arena)
{
	struct asked *q = user;
	const struct keep_ai_caller_out *out = answer;
	if (r >= 0 && out->callers.n != 1)
		r = ERR_NOT_FOUND;
	q->done(q->user, r, r < 0 ? NULL : &out->callers.at[0]);
	if (r >= 0)
		remember_caller(q, &out->callers.at[0], TAKE(*arena));
	free(q);
}

void book_find_caller(struct book_keeper *k, const struct ledger_hash *key_hash, uint64_t person,
                      book_caller_done *done, void *user)
{
	const struct caller *known = known_caller(k, key_hash, person);
	if (known) {
		done(user, 0, &known->row);
		return;
	}
	struct asked *q = calloc(1, sizeof(*q));
	CHECK(q);
	*q = (struct asked){.keeper = k, .person = person, .done = done, .user = user};
	if (key_hash)
		q->hash = *key_hash;
	struct keep_ai_caller_in in = {.person = person};
	if (key_hash)
		in.key_hash = str_make(q->hash.bytes, sizeof(q->hash.bytes));
	int r = LINE_ASK(k->line, ai_caller, &gate_actor, &in, caller_came, q);
	if (r < 0) {
		free(q);
		done(user, r, NULL);
	}
}

/* ---- how services do ---- */

static struct breaker *breaker_of(struct book_keeper *k, uint64_t service)
{
	struct breaker *least = &k->breakers[0];
	for (size_t i = 0; i < BREAKERS_MAX; i++) {
		if (k->breakers[i].service == service)
			return &k->breakers[i];
		if (k->breakers[i].failures < least->failures)
			least = &k->breakers[i];
	}
	*least = (struct breaker){.service = service};
	return least;
}

bool book_may_try(struct book_keeper *k, uint64_t service, int64_t now_us)
{
	struct breaker *b = breaker_of(k, service);
	if (b->failures < BREAKER_FAILURES)
		return true;
	if (now_us < b->open_until_us)
		return false;
	b->open_until_us = now_us + BREAKER_OPEN_MS * 1000LL; /* this one tries, the others wait for how it goes */
	return true;
}

void book_note(struct book_keeper *k, uint64_t service, bool went_well, int64_t now_us)
{
	struct breaker *b = breaker_of(k, service);
	if (went_well) {
		b->failures = 0;
		return;
	}
	b->failures++;
	if (b->failures >= BREAKER_FAILURES)
		b->open_until_us = now_us + BREAKER_OPEN_MS * 1000LL;
}
