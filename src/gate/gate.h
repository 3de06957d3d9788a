/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The gateway: OpenAI- and Anthropic-compatible requests in, inspected and masked, to a registered service, the answer
 * restored and back. Nothing is forwarded before the keeper has its event on disk. */
#pragma once

#include "http/server.h"

struct gate;
struct gate_door;

enum {
	GATE_BODY_MAX_BYTES = 24 * 1024 * 1024,
	GATE_ANSWER_MAX_BYTES = 32 * 1024 * 1024, /* of an answer that is no stream */
	GATE_STREAM_MAX_BYTES = 256 * 1024 * 1024,
	GATE_WAITING_MAX_BYTES = 256 * 1024,       /* not yet taken by a client: then the service is not read on */
	GATE_BODIES_MAX_BYTES = 512 * 1024 * 1024, /* of all requests at work, with what reading them takes */
	GATE_TOKENS_OUT_ASSUMED = 1000,            /* where a request sets no limit */
	GATE_SETTLE_MS = 200,
};

struct gate_options {
	struct event_base *base;
	const char *rules_folder;
	const char *rules_cache; /* folder for compiled patterns; NULL none */
	const char *keeper_socket;
	const char *ca_file; /* NULL none */
	unsigned index;      /* of this process */
};

/* ERR_INVALID: the rules have a mistake, told in message. */
int gate_new(const struct gate_options *options, struct gate **ret, char *message, size_t message_bytes);
void gate_free(struct gate *g); /* takes NULL; after its servers */
/* Fills context and callbacks of a server's options. is_local: the socket of our own pages, which say who asks. */
void gate_attach(struct gate *g, bool is_local, struct http_server_options *options);
