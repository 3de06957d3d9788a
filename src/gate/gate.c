/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all requests of this process share, and the settling of what they came to, many at once. */
#include "gate/gate.h"

#include <event2/event.h>
#include <stdlib.h>

#include "base/log.h"
#include "gate/inside.h"

static const struct keep_actor gate_actor = {.program = {"gate", 4}};

static void settled(void *user, int r, const void *out, struct arena **arena)
{
	if (r < 0) /* what was reserved stays as it was: never less than it cost */
		log_event(LOG_LEVEL_WARNING, "gate.not-settled", LOG_TEXT("why", err_word(r)));
}

static void send_settled(struct gate *g)
{
	struct keep_ai_settle_in in = {.usages = {.at = g->usages, .n = g->usage_count}};
	if (g->usage_count == 0)
		return;
	int r = LINE_ASK(g->line, ai_settle, &gate_actor, &in, settled, g);
	if (r < 0)
		settled(g, r, NULL, NULL);
	g->usage_count = 0;
}

static void on_settle(evutil_socket_t fd, short what, void *context)
{
	send_settled(context);
}

void settle(struct request *q, const char *outcome)
{
	struct gate *g = q->gate;
	if (!q->is_admitted)
		return;
	q->is_admitted = false;
	struct unmask_usage usage = q->unmask ? unmask_usage(q->unmask) : (struct unmask_usage){0};
	bool went_out = q->received > 0 || usage.is_known;
	size_t i = g->usage_count++;
	size_t n = q->model.n < MODEL_MAX_BYTES ? q->model.n : MODEL_MAX_BYTES;
	memcpy(g->usage_models[i], q->model.p, n);
	/* A service that tells nothing: what came is counted as text. */
	uint64_t out = usage.is_known ? usage.tokens_out : q->received / 4;
	if (q->endpoint->shape == SHAPE_EMBEDDINGS)
		out = 0;
	g->usages[i] = (struct keep_ai_usage){.key = q->caller.key,
	                                      .person = q->caller.person,
	                                      .service = q->admitted_service,
	                                      .model = {g->usage_models[i], n},
	                                      .number = q->admitted.number,
	                                      .tokens_in = usage.is_known ? usage.tokens_in
	                                                   : went_out     ? q->inspection.tokens
	                                                                  : 0,
	                                      .tokens_out = went_out ? out : 0,
	                                      .reserved_tokens = q->admitted.reserved_tokens,
	                                      .reserved_microyen = q->admitted.reserved_microyen,
	                                      .admitted_us = q->admitted_us,
	                                      .outcome = str_of(outcome)};
	if (g->usage_count == SETTLE_MAX)
		send_settled(g);
}

int gate_new(const struct gate_options *options, struct gate **ret, char *message, size_t message_bytes)
{
	const struct timeval pause = {.tv_usec = GATE_SETTLE_MS * 1000};
	struct gate *g = calloc(1, sizeof(*g));
	CHECK(g);
	ledger_hash_prepare(); /* keys are known by their hash */
	g->base = options->base;
	g->index = options->index;
	g->settle_timer = event_new(g->base, -1, EV_PERSIST, on_settle, g);
	CHECK(g->settle_timer && event_add(g->settle_timer, &pause) == 0);
	int r = leak_rules_new(options->rules_folder, options->rules_cache, &g->rules, message, message_bytes);
	if (r >= 0)
		r = leak_scratch_new(g->rules, &g->scratch);
	if (r >= 0)
		r = http_client_new(&(struct http_client_options){.base = g->base, .ca_file = options->ca_file},
		                    &g->client);
	if (r == ERR_CRYPTO && options->ca_file)
		snprintf(message, message_bytes, "%s: no certificate could be read", options->ca_file);
	if (r >= 0)
		r = line_new(g->base, options->keeper_socket, &g->line);
	if (r >= 0)
		r = book_keeper_new(g->base, g->line, &g->keeper);
	if (r < 0) {
		gate_free(g);
		return r;
	}
	*ret = g;
	return 0;
}

void gate_free(struct gate *g)
{
	if (!g)
		return;
	send_settled(g);
	http_client_free(g->client);
	for (struct request *q = g->first, *next; q; q = next) {
		next = q->next;
		q->call = NULL;
		if (q->holds == 0)
			request_free(q);
		else
			q->is_finished = true;
	}
	line_free(g->line); /* answers the rest, which frees the last requests */
	book_keeper_free(g->keeper);
	leak_scratch_free(g->scratch);
	leak_rules_free(g->rules);
	event_free(g->settle_timer);
	free(g);
}
