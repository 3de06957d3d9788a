/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * People, their secrets, and the throttle of wrong attempts. */
#pragma once

#include "base/arena.h"
#include "ledger/event.h"
#include "store/role.h"
#include "store/rows.h"
#include "store/store.h"

enum { PERSON_TOTP_BYTES = 20 };

struct person_secrets {
	struct str password_hash; /* "" none */
	struct str totp_secret;   /* sealed by the keeper; "" no second factor */
	struct str totp_pending;  /* shown, not yet confirmed */
	uint64_t totp_last_step;
};

int person_insert(struct store *s, const struct keep_person *person,
                  uint64_t *ret_id) MUST_CHECK; /* ERR_EXISTS: login */
int person_find(struct store *s, uint64_t id, struct arena *a, struct keep_person *ret) MUST_CHECK;
/* By name or login; blanks within a name do not matter. */
bool person_is_called(const struct keep_person *p, struct str words);
int person_find_login(struct store *s, struct str login, struct arena *a, struct keep_person *ret) MUST_CHECK;
int person_list_all(struct store *s, struct arena *a, struct keep_person_list *ret) MUST_CHECK;
int person_update(struct store *s,
                  const struct keep_person *person) MUST_CHECK; /* name, role, language, state, expires_us */
/* Where mail goes to, and whether reminders are wanted. */
int person_set_mail(struct store *s, uint64_t id, struct str mail, bool reminds) MUST_CHECK;
int person_note_login(struct store *s, uint64_t id, int64_t now_us) MUST_CHECK;
/* Active presidents and operators besides the one named. */
int person_count_managers(struct store *s, uint64_t except, int64_t now_us, uint64_t *ret) MUST_CHECK;
int person_count(struct store *s, uint64_t *ret) MUST_CHECK;
/* Active people whose time has run out. */
int person_list_expired(struct store *s, int64_t now_us, struct arena *a, struct keep_person_list *ret) MUST_CHECK;

int person_secrets_get(struct store *s, uint64_t id, struct arena *a, struct person_secrets *ret) MUST_CHECK;
int person_set_password(struct store *s, uint64_t id, struct str hash) MUST_CHECK;
int person_set_totp_pending(struct store *s, uint64_t id, struct str secret) MUST_CHECK;
int person_set_totp(struct store *s, uint64_t id, struct str secret, uint64_t last_step) MUST_CHECK;
/* The two as they are kept; nothing else changes. */
int person_replace_totp(struct store *s, uint64_t id, struct str secret, struct str pending) MUST_CHECK;
/* 1: *ret_id is the first person above `above` with a second factor, set up or begun; 0: none. */
int person_next_second_factor(struct store *s, uint64_t above, uint64_t *ret_id) MUST_CHECK;
int person_set_totp_step(struct store *s, uint64_t id, uint64_t step) MUST_CHECK;

int recovery_add(struct store *s, uint64_t person, const struct ledger_hash *hash) MUST_CHECK;
int recovery_use(struct store *s, uint64_t person,
                 const struct ledger_hash *hash) MUST_CHECK; /* 1 used up, 0 no such code */
int recovery_clear(struct store *s, uint64_t person) MUST_CHECK;

struct throttle {
	uint64_t failures;
	int64_t last_us, until_us;
};
int throttle_get(struct store *s, const struct ledger_hash *key, struct throttle *ret) MUST_CHECK; /* zeros when none */
int throttle_set(struct store *s, const struct ledger_hash *key, const struct throttle *throttle) MUST_CHECK;
int throttle_clear(struct store *s, const struct ledger_hash *key) MUST_CHECK;
int throttle_forget(struct store *s, int64_t before_us) MUST_CHECK;
