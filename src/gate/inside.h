/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the gateway share. */
#pragma once

#include "base/clock.h"
#include "base/err.h"
#include "gate/book.h"
#include "gate/gate.h"
#include "gate/inspect.h"
#include "gate/unmask.h"
#include "i18n/i18n.h"

enum {
	CHOICES_MAX = 8,
	STALE_MAX = 3,
	MODEL_MAX_BYTES = AI_MODEL_NAME_MAX_BYTES,
	SETTLE_MAX = 256,
	REQUEST_ARENA_BASE_BYTES = 8 * 1024 * 1024,
	REQUEST_ARENA_PER_BYTE = 24,
	UPSTREAM_FIELDS_MAX = 8,
	MESSAGE_MAX_BYTES = 4096,
};

struct endpoint {
	const char *path, *word;
	const char *upstream; /* behind the base of a service, and behind a deployment */
	enum http_method method;
	enum shape shape;
	enum ai_protocol protocol;
	enum ai_use use;
	enum unmask_protocol unmask;
};

struct gate_door {
	struct gate *gate;
	bool is_local;
};

struct gate_figures {
	uint64_t requests, refused, stopped, masked, warned, failed, cut, upstream_errors, retries, failovers;
	uint64_t streams, bytes_in, bytes_out;
};

struct gate {
	struct event_base *base;
	struct line *line;
	struct book_keeper *keeper;
	struct http_client *client;
	struct leak_rules *rules;
	struct leak_scratch *scratch;
	struct gate_door doors[2];
	struct request *first;
	size_t open, bodies_bytes;
	struct gate_figures figures;
	struct keep_ai_usage usages[SETTLE_MAX];
	char usage_models[SETTLE_MAX][MODEL_MAX_BYTES + 1];
	size_t usage_count;
	struct event *settle_timer;
	unsigned index;
};

/* From its arrival to its last byte; x is NULL once the client has its answer. */
struct request {
	struct gate *gate;
	struct request *previous, *next;
	struct http_exchange *x;
	const struct http_message *message;
	bool is_local;
	const struct endpoint *endpoint;
	enum language language;
	struct arena *arena;
	size_t counted_bytes;
	struct book *book;
	unsigned holds; /* answers of the keeper under way: not freed before them */

	struct keep_ai_caller caller;
	struct ledger_hash key_hash;
	uint64_t person;

	struct inspection inspection;
	struct inspect_decision decision;
	struct policy_matrix matrix;
	uint32_t approved_kinds; /* of values that were approved one by one */
	struct str model;
	uint32_t model_token;
	size_t form_model_at, form_model_n; /* in the body of a form */
	struct book_choice choices[CHOICES_MAX];
	size_t choice_count, choice;
	unsigned tries, stale, waits;
	struct mask *mask;
	struct buf body; /* as it goes to the service */
	bool hide_usage, wants_stream;
	uint64_t tokens_out_max;

	bool is_admitted;
	struct keep_ai_admit_out admitted;
	uint64_t admitted_service;
	int64_t admitted_us;

	struct http_call *call;
	struct event *pause_timer;
	int status; /* of the service */
	bool is_stream, has_begun, is_finished;
	struct unmask *unmask;
	struct sse sse;
	struct buf answer, out;
	uint64_t received;
	char retry_after[32], request_id[80];
};

extern const struct endpoint endpoints[];
extern const size_t endpoint_count;

/* ---- answers (answer.c) ---- */
/* An error in the shape of the protocol. word: last part of gate.error.<word>, and its code. */
/* A value that would be stopped there, but was approved for this person (policy/mark.h). m is of the destination. */
bool request_is_approved(const struct request *q, const struct policy_matrix *m, enum leak_kind kind,
                         enum leak_confidence confidence, struct str value);
/* What a work template wants hidden; only our own page may say so. */
uint32_t request_hidden_kinds(const struct request *q);
void request_refuse(struct request *q, int status, const char *word, struct str param);
void request_refuse_policy(struct request *q);
/* An error as an event of a stream that has begun. */
void write_stream_error(struct request *q, const char *word, struct buf *b);
void request_answer_json(struct request *q, int status, struct str body);
void answer_models(struct request *q);
void answer_metrics(struct request *q);
void answer_inspect(struct request *q);

/* ---- requests (request.c) ---- */
void request_free(struct request *q);
/* The client has its answer, or has gone: nothing more is said to it. */
void request_done(struct request *q);
int request_inspect(struct request *q);

/* ---- body.c ---- */
/* Model, stream and the like out of the inspection; < 0 refused already. */
int body_read(struct request *q);
/* What goes to the chosen service, masked. ERR_TOO_LARGE. */
int body_make(struct request *q);

/* ---- forward.c ---- */
/* The choice is admitted: sends it. */
void forward_start(struct request *q);
void forward_cancel(struct request *q);
/* The next choice must be admitted first (request.c). */
void request_admit(struct request *q);

/* ---- settling (gate.c) ---- */
/* What an admitted request came to; nothing when it was not admitted or is settled. */
void settle(struct request *q, const char *outcome);
