/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the handlers of generative AI share: the small rules, months and weeks, prices, and the state that the keeper
 * holds in memory so that a request of the gate costs one insert. */
#pragma once

#include "keep/keeper.h"
#include "store/ai-key.h"
#include "store/ai-money.h"
#include "store/ai-rule.h"
#include "store/ai-service.h"
#include "store/ai-words.h"
#include "store/house.h"
#include "policy/mark.h"
#include "policy/policy.h"

enum {
	AI_NAME_MAX_BYTES = 100,
	AI_WORDS_MAX_BYTES = 1000, /* one line or a few of a person's own */
	AI_URL_MAX_BYTES = 300,
	AI_MODELS_LIST_MAX_BYTES = 2000,
};

/* ---- rules ---- */
/* Is the host of this URL in the house: loopback, private address, or a name without a public ending? */
bool ai_url_is_inside(struct str url);
int ai_check_url(struct str url, bool must_be_inside) MUST_CHECK; /* http only inside; no query, no user */
bool ai_is_patrol(const struct keeper *k);
bool ai_is_member(const struct keeper *k); /* a person who may use AI: not the expert */
/* Records kind with a name as subject and the number of what it is about. */
int ai_record(struct keeper *k, const char *kind, struct str name, const char *fact, uint64_t number) MUST_CHECK;

/* ---- services ---- */
/* Fills what depends on the time: training_due_us and destination. */
void ai_service_complete(struct keep_ai_service *row, int64_t now_us);
int ai_services(struct keeper *k, struct keep_ai_service_list *ret) MUST_CHECK; /* complete */
struct str ai_key_label(struct keeper *k, uint64_t service);

/* ---- time, in the zone of the machine ---- */
uint64_t ai_month(int64_t us);                          /* year * 100 + month */
uint64_t ai_year_from(uint64_t month, uint64_t begins); /* the month in which this (business) year began */
int64_t ai_next_month_us(int64_t us);                   /* when the next month begins */
int64_t ai_next_year_us(int64_t us, uint64_t begins);
uint64_t ai_week(int64_t us);                       /* ISO 8601: year * 100 + week */
int64_t ai_week_friday_us(int64_t us);              /* end of the Friday of the week */
int64_t ai_add_months(int64_t us, uint64_t months); /* of 30.44 days */

/* ---- money ---- */
struct ai_cost {
	double in, out; /* microyen per token */
	bool known;
};
/* Of a model at a service; local ones cost nothing unless a price was put in. */
int ai_cost_of(struct keeper *k, const struct keep_ai_service *service, struct str model, struct str upstream,
               struct ai_cost *ret) MUST_CHECK;
int ai_prices(struct keeper *k, struct keep_ai_price_list *ret) MUST_CHECK;
int ai_exchanges(struct keeper *k, struct keep_ai_exchange_list *ret) MUST_CHECK;
uint64_t ai_cost_total(const struct ai_cost *cost, uint64_t tokens_in, uint64_t tokens_out);

/* ---- state in memory (ai-state.c) ---- */
struct ai_state;
struct ai_state *ai_state_new(int64_t now_us);
void ai_state_free(struct ai_state *st); /* takes NULL */
uint64_t ai_version(const struct keeper *k);
/* Something that the gate works by has changed: a new version, and nothing in memory counts any more. */
int ai_changed(struct keeper *k); /* 0 */
/* Writes what was counted since the last time. */
int ai_state_flush(struct keeper *k) MUST_CHECK;
void ai_state_forget(struct keeper *k); /* what is not flushed must not exist */
/* After a commit that failed: memory is before or behind what is on disk, and what was not flushed is lost. */
void ai_state_lose(struct keeper *k);
/* At the beginning of a transaction: what was lost so is counted from the ledger again and flushed. */
int ai_state_catch_up(struct keeper *k) MUST_CHECK;
/* The meters that requests of a person (key 0) or of a key count on: company, department, person, key. */
int ai_meters(struct keeper *k, uint64_t person, uint64_t key, struct keep_ai_meter_list *ret) MUST_CHECK;
