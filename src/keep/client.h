/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asking the keeper: blocking calls with a time limit. One function per line of messages.def, all of one form:
 *
 *   struct keep_person_list_out out;
 *   int r = keep_person_list(client, &actor, &(struct keep_person_list_in){0}, arena, &out);
 *   for (size_t i = 0; r >= 0 && i < out.people.n; i++)
 *           use(out.people.at[i].name);
 *
 * Texts and lists of the answer live in the arena. *ret_out is untouched on failure. A change that was answered with
 * r >= 0 is on disk, and so is its event in the ledger. Errors besides those that messages.def names:
 * ERR_DENIED (the actor may not), ERR_INVALID (a field breaks its rule), ERR_NOT_FOUND, ERR_TOO_LARGE (arena or limit),
 * ERR_UNAVAILABLE (no keeper there), ERR_TIMEOUT and ERR_CLOSED (it may or may not have happened), ERR_STORE
 * (the keeper could not write; nothing happened). */
#pragma once

#include "base/arena.h"
#include "base/check.h"
#include "keep/messages.h"
#include "ledger/event.h"

enum { KEEP_CALL_TIMEOUT_MS = 10000, KEEP_CONNECT_TIMEOUT_MS = 5000 };

struct keep_client;

/* Who asks. The views must live for the call only. */
struct keep_actor {
	uint64_t person;    /* id of the session's or token's person; 0: nobody is known */
	struct str program; /* "web", "cli" ...: the actor in the ledger when person is 0 */
	struct str remote;  /* network address of the person's machine, for throttling; may be empty */
};

/* A client of the keeper that serves data_folder (socket <data>/run/keeper.sock). Connects at the first call and again
 * after a break, waiting up to KEEP_CONNECT_TIMEOUT_MS for a keeper that is restarting. Not for sharing between
 * threads. */
int keep_client_open(const char *data_folder, struct keep_client **ret);
void keep_client_free(struct keep_client *client); /* takes NULL */
void keep_client_set_timeout(struct keep_client *client, int call_timeout_ms, int connect_timeout_ms);
CLEANUP_DEFINE(struct keep_client *, keep_client_freep, keep_client_free)

#define CALL(name, who, work, in, out)                                                                                 \
	int keep_##name(struct keep_client *client, const struct keep_actor *actor,                                    \
	                const struct keep_##name##_in *question, struct arena *a, struct keep_##name##_out *ret_out)   \
	        MUST_CHECK;
#include "keep/messages.def"
#undef CALL

/* Appends an event of the caller's own (a verdict, "rules.loaded" ...); its actor is set from actor, its time is kept.
 * 0 once it is on disk. ret_number may be NULL. */
int keep_append_event(struct keep_client *client, const struct keep_actor *actor, const struct event *event,
                      uint64_t *ret_number) MUST_CHECK;
