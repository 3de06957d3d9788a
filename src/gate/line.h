/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asking the keeper without waiting: many questions are under way on one connection, so that the keeper can make them
 * durable with one sync. The blocking client is keep/client.h; the questions and answers are the same. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "keep/calls.h"
#include "keep/client.h"

struct event_base;
struct line;

enum { LINE_OPEN_MAX = 4096, LINE_ANSWER_ARENA_BYTES = 16 * 1024 * 1024, LINE_TIMEOUT_MS = 5000 };

/* r 0: out is the call's struct keep_..._out, its texts live in the arena; both until this returns. Else the codes of
 * keep/client.h. Whoever wants to keep the texts takes the arena, leaving NULL. */
typedef void line_done(void *user, int r, const void *out, struct arena **arena);

/* socket_path: of the keeper. */
int line_new(struct event_base *base, const char *socket_path, struct line **ret);
void line_free(struct line *l); /* takes NULL; what is open is answered with ERR_CLOSED */
/* done is called exactly once, never before this returns. 0; or a code, then done is not called: ERR_BUSY (too many are
 * open), ERR_UNAVAILABLE, ERR_INVALID. */
int line_ask(struct line *l, enum keep_call call, const struct keep_actor *actor, const void *in, line_done *done,
             void *user);
#define LINE_ASK(l, name, actor, in, done, user)                                                                       \
	line_ask((l), KEEP_CALL_##name, (actor), (const struct keep_##name##_in *) (in), (done), (user))
size_t line_open(const struct line *l);
/* Since when the oldest question waits, monotonic; 0: none. */
int64_t line_oldest_us(const struct line *l);
