/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The queue of mail that goes out, as sealed bytes: this folder cannot read what a mail says. */
#pragma once

#include "base/arena.h"
#include "store/rows.h"
#include "store/store.h"

enum mail_state { MAIL_WAITING, MAIL_SENT, MAIL_GIVEN_UP };

/* 1: it is in the queue; 0: something with this "once" has been there. row->facts: sealed. */
int mail_insert(struct store *s, const struct keep_mail_new *row, int64_t now_us, uint64_t *ret_id) MUST_CHECK;
/* The one to be sent next. Nobody gets more than each_person since since_us; tests do not count. ERR_NOT_FOUND. */
int mail_find_next(struct store *s, int64_t now_us, int64_t since_us, uint64_t each_person, struct arena *a,
                   struct keep_mail *ret) MUST_CHECK;
int mail_find(struct store *s, uint64_t id, struct arena *a, struct keep_mail *ret) MUST_CHECK; /* with facts */
/* Before it is sent: another try counts, and when the next one would be. */
int mail_set_try(struct store *s, uint64_t id, uint64_t tries, int64_t next_us) MUST_CHECK;
/* How the last try went; it waits on. */
int mail_set_outcome(struct store *s, uint64_t id, struct str outcome, struct str answer) MUST_CHECK;
/* It is done; what it said is forgotten. */
int mail_finish(struct store *s, uint64_t id, enum mail_state state, int64_t now_us, struct str outcome,
                struct str answer) MUST_CHECK;
/* The server cannot be reached: none of those that wait is tried before next_us. */
int mail_postpone(struct store *s, int64_t next_us) MUST_CHECK;
int mail_hurry(struct store *s, int64_t now_us) MUST_CHECK; /* the server was changed: all that wait are tried now */
/* Those that were done before a time: number deleted. */
int mail_forget(struct store *s, int64_t before_us) MUST_CHECK;
/* Waiting ones that were made before a time, without facts. */
int mail_list_old(struct store *s, int64_t before_us, uint64_t limit, struct arena *a,
                  struct keep_mail_list *ret) MUST_CHECK;
/* Newest first, without facts. */
int mail_list(struct store *s, uint64_t limit, struct arena *a, struct keep_mail_list *ret) MUST_CHECK;

struct mail_counts {
	uint64_t waiting, sent; /* sent: since a time */
	int64_t oldest_us;      /* of those that wait, when it was made; 0 none */
	int64_t last_us;        /* when the last one was sent; 0 never */
};
int mail_count(struct store *s, int64_t since_us, struct mail_counts *ret) MUST_CHECK;
