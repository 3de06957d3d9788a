/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Counting admitted requests: at once in memory, and again from their events when memory was lost before it was
 * written. An event says all that is counted: who, decision, findings, tokens, money and when. */
#include "base/clock.h"
#include "base/err.h"
#include "keep/ai-state.h"

enum { FINDING_WORDS = 2 };
#define MINUTE_US (60 * CLOCK_SECOND_US)

void ai_rate_turn(struct ai_rate *rate, int64_t now_us)
{
	uint64_t minute = (uint64_t) (now_us / MINUTE_US);

	if (rate->minute == minute)
		return;
	bool is_next = rate->minute + 1 == minute;
	*rate = (struct ai_rate){.minute = minute,
	                         .before_requests = is_next ? rate->requests : 0,
	                         .before_tokens = is_next ? rate->tokens : 0};
}

static void count_meter(struct keeper *k, struct ai_meter_state *m, uint64_t microyen)
{
	m->spent_month += microyen;
	m->spent_year += microyen;
	m->requests_month++;
	m->pending.requests++;
	m->pending_microyen += (int64_t) microyen;
	ai_state_note_meter(k, m);
}

void ai_count_request(struct keeper *k, struct ai_caller_state *c, const struct ai_admitted *request)
{
	ai_rate_turn(&c->rate, request->time_us);
	c->requests[request->decision]++;
	c->rate.requests++;
	c->rate.tokens += request->tokens;
	ai_state_note_caller(k, c);
	for (size_t i = 0; request->decision != POLICY_STOP && i < c->meter_count; i++)
		count_meter(k, c->meters[i], request->microyen);
}

/* "mask.person" */
static void count_finding(struct ai_caller_state *c, const struct event_count *count)
{
	struct str rest = count->id, word[FINDING_WORDS] = {{NULL, 0}};
	enum policy_action action;
	enum leak_kind kind;

	for (size_t i = 0; i < FINDING_WORDS; i++)
		(void) str_split(&rest, '.', &word[i]);
	if (policy_action_from_word(word[0], &action) >= 0 && policy_kind_from_word(word[1], &kind) >= 0)
		c->findings[action][kind] += count->count;
}

static uint64_t number_of(const struct event *e, const char *key)
{
	const struct event_fact *fact = event_find_fact(e, key);
	return fact && fact->number > 0 ? (uint64_t) fact->number : 0;
}

static int count_event(struct keeper *k, const struct event *e)
{
	struct ai_admitted request = {.time_us = e->time_us};
	struct ai_caller_state *c;

	if (policy_action_from_word(e->decision, &request.decision) < 0)
		return 0; /* over the budget: it was not admitted */
	if (request.decision != POLICY_STOP) {
		request.tokens = number_of(e, "tokens");
		request.microyen = number_of(e, "microyen");
	}
	int r = ai_state_turn(k, e->time_us);
	if (r >= 0)
		r = ai_state_caller(k, number_of(e, "key"), e->actor == EVENT_ACTOR_PERSON ? e->person : 0, &c);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < e->count_count; i++)
		count_finding(c, &e->counts[i]);
	ai_count_request(k, c, &request);
	return 0;
}

static int take_record(void *context, struct str bytes)
{
	struct record record;
	int r = record_decode(bytes, &record);
	return r < 0 ? ERR_CORRUPT : count_event(context, &record.event);
}

int ai_count_again(struct keeper *k, uint64_t from)
{
	return records_visit_kind(k->store, STR("ai.request"), from, take_record, k);
}
