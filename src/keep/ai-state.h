/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who asks, what they may spend and what there is to ask, held in memory between requests. What is counted goes to the
 * store with the first transaction that carries more than admissions (ai_state_flush), at the latest after a second;
 * until then the events of these requests are the only trace of it on disk, and after a crash it is counted from them
 * again (ai_count_again). */
#pragma once

#include "keep/ai.h"

/* In the house's own table: all requests in records below this number are in the counters of the store. */
#define AI_COUNTED "ai.counted"

struct ai_place { /* of a request: service and model as they are now */
	const struct keep_ai_service *service;
	const struct keep_ai_model *model; /* NULL: the service does not offer it */
	struct ai_cost cost;
};

struct ai_meter_state {
	uint64_t scope, id;
	struct str name;
	uint64_t month_limit, year_limit; /* microyen, 0 none */
	uint64_t spent_month, spent_year, requests_month;
	struct keep_ai_spend pending; /* since the last flush, without the money */
	int64_t pending_microyen;
	bool is_dirty;
	struct ai_meter_state *next, *next_dirty;
};

struct ai_caller_state {
	struct str program; /* who it is in events when no person is behind the key */
	struct keep_ai_caller row;
	bool may_come; /* false: ended or unknown; what it used before is still counted */
	uint64_t rate_id, requests_per_minute, tokens_per_minute; /* 0 none */
	struct ai_rate rate;
	int64_t used_us; /* as the store knows it */
	struct ai_meter_state *meters[AI_SCOPE_COUNT];
	size_t meter_count;
	uint32_t findings[POLICY_ACTION_COUNT][LEAK_KIND_COUNT]; /* since the last flush */
	uint32_t requests[POLICY_ACTION_COUNT];
	bool is_dirty;
	struct ai_caller_state *next, *next_dirty;
};

/* From memory, else from the store. The caller may not come in when may_come is false or its time is over. */
int ai_state_caller(struct keeper *k, uint64_t key, uint64_t person, struct ai_caller_state **ret) MUST_CHECK;
/* ERR_NOT_FOUND: no such service, or it is switched off. */
int ai_state_place(struct keeper *k, uint64_t service, struct str model, struct ai_place *ret) MUST_CHECK;
void ai_state_note_caller(struct keeper *k, struct ai_caller_state *caller);
void ai_state_note_meter(struct keeper *k, struct ai_meter_state *meter);
/* What marks the values that were approved for a person (policy/mark.h). In the arena of the request. */
struct str ai_mark_key(struct keeper *k, uint64_t person);
/* Reads a caller anew, into the arena of the request. ERR_NOT_FOUND: no such key or person. */
int ai_read_caller(struct keeper *k, uint64_t key, uint64_t person, struct ai_caller_state *ret) MUST_CHECK;
/* The month that meters count; a new month begins with empty memory. */
int ai_state_month(struct keeper *k, uint64_t *ret) MUST_CHECK;
/* The same for the month of a given time; what was counted for another one is written first. */
int ai_state_turn(struct keeper *k, int64_t us) MUST_CHECK;
/* Is anything counted that the store does not have? */
bool ai_state_is_counting(const struct keeper *k);
/* Has something changed, so that memory is forgotten with the next flush? */
bool ai_state_is_stale(const struct keeper *k);

/* ---- counting (ai-count.c) ---- */
struct ai_admitted {
	enum policy_action decision;
	int64_t time_us;
	uint64_t tokens, microyen; /* reserved; nothing for what was stopped */
};
/* Rate, sums and meters, in memory. Findings are counted by the caller of this. */
void ai_count_request(struct keeper *k, struct ai_caller_state *c, const struct ai_admitted *request);
void ai_rate_turn(struct ai_rate *rate, int64_t now_us);
/* Counts the requests in records of this number and after. */
int ai_count_again(struct keeper *k, uint64_t from) MUST_CHECK;
