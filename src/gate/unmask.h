/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answer of a service on its way back to the person: tags become values again, in whole answers and in streams, of
 * the three protocols. Text that is put together on the other side from pieces (a choice, a content block, an output
 * item, the arguments of a tool call) has its own held-back end; it is let go before the piece's end is announced. What
 * a model thought, and signatures over it, stay as they are. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "gate/mask.h"
#include "gate/sse.h"

enum unmask_protocol { UNMASK_CHAT, UNMASK_RESPONSES, UNMASK_MESSAGES };

enum {
	UNMASK_SLOTS_MAX = 512,                      /* texts under way in one answer */
	UNMASK_EVENT_ARENA_BYTES = 96 * 1024 * 1024, /* for reading one event or one answer */
	UNMASK_OUT_MAX_BYTES = 64 * 1024 * 1024,
};

struct unmask_usage {
	uint64_t tokens_in, tokens_out;
	bool is_known;
};

struct unmask;

/* mask NULL: nothing was masked. hide_usage: the usage of a chat stream was asked for by us, not by the client: its
 * chunk is left out. mask must live as long. */
struct unmask *unmask_new(enum unmask_protocol protocol, const struct mask *mask, bool hide_usage);
void unmask_free(struct unmask *u); /* takes NULL */
/* One event of the stream; adds what goes to the client to out. ERR_INVALID: no JSON; ERR_TOO_LARGE. */
int unmask_event(struct unmask *u, const struct sse_event *event, struct buf *out);
/* The stream is over: what is still held is let go. */
int unmask_end(struct unmask *u, struct buf *out);
/* Whether the protocol's own last event came: [DONE], message_stop, response.completed ... */
bool unmask_is_complete(const struct unmask *u);
/* An answer that is not a stream. */
int unmask_whole(struct unmask *u, struct str body, struct buf *out);
struct unmask_usage unmask_usage(const struct unmask *u);
