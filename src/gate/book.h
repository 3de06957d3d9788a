/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the gate works by: services with their provider keys, models, rules, house words, and who may ask. All of it is
 * the keeper's; here it is held in memory, replaced whole when the keeper says that it changed. Also how each service
 * has been doing. */
#pragma once

#include <stdbool.h>

#include "gate/line.h"
#include "http/client.h"
#include "ledger/event.h"
#include "leak/house.h"
#include "policy/policy.h"
#include "store/ai.h"

enum {
	BOOK_CALLERS_MAX = 1024,
	BOOK_CALLER_MAX_MS = 5000,  /* then asked again: a key may have been withdrawn */
	BOOK_RELOAD_MS = 100,       /* while there is none yet */
	BOOK_REFRESH_MS = 2 * 1000, /* a withdrawal that no answer told of */
	BREAKER_FAILURES = 5,       /* in a row */
	BREAKER_OPEN_MS = 10 * 1000,
};

struct book;
struct book_keeper;

/* Ready to be sent to. Views live as long as the book. */
struct book_service {
	const struct keep_ai_service *row;
	struct http_place place;
	struct str base_path; /* of base_url, without a slash at its end */
	struct str key;       /* the provider's */
	bool is_usable;       /* base_url could be read */
};

struct book_choice {
	const struct book_service *service;
	const struct keep_ai_model *model;
};

/* The book in force, NULL none yet. Valid until book_release(). */
struct book *book_hold(struct book_keeper *k);
void book_release(struct book *b); /* takes NULL */
uint64_t book_version(const struct book *b);
const struct policy_rules *book_rules(const struct book *b);
const struct leak_house_words *book_words(const struct book *b);
bool book_is_excepted(const struct book *b, enum leak_kind kind, struct str text);
/* Services that offer a model in this protocol for this use (bits), by priority, at most max. Returns how many. */
size_t book_choose(const struct book *b, struct str model, enum ai_protocol protocol, enum ai_use use,
                   struct book_choice *ret, size_t max);
const struct keep_ai_model *book_model_at(const struct book *b, size_t i); /* NULL: no more */

int book_keeper_new(struct event_base *base, struct line *line, struct book_keeper **ret);
void book_keeper_free(struct book_keeper *k); /* takes NULL */
/* The keeper has something newer. */
void book_reload(struct book_keeper *k);

/* Who asks: by the hash of a key, or (hash NULL) a person on the page. Known ones at once. r: ERR_NOT_FOUND, or why the
 * keeper could not be asked; caller lives until done returns. */
typedef void book_caller_done(void *user, int r, const struct keep_ai_caller *caller);
void book_find_caller(struct book_keeper *k, const struct ledger_hash *key_hash, uint64_t person,
                      book_caller_done *done, void *user);
void book_forget_callers(struct book_keeper *k);

/* Circuit breaker: whether a service may be tried now; and how it went. */
bool book_may_try(struct book_keeper *k, uint64_t service, int64_t now_us);
void book_note(struct book_keeper *k, uint64_t service, bool went_well, int64_t now_us);
