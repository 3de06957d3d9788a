/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keeper's inside: the open store and ledger, the request that is being carried out, and one handler per call.
 * Everything a handler changes and every event it records are one part of a transaction: both are kept or neither. */
#pragma once

#include "keep/calls.h"
#include "keep/seal.h"
#include "ledger/checkpoint.h"
#include "store/person.h"
#include "store/records.h"
#include "store/store.h"

enum {
	KEEPER_PASSWORD_HASH_BYTES = 128, /* crypto_pwhash_STRBYTES */
	KEEPER_TOKEN_BYTES = 32,
};

/* Work for a child: a password hash takes tens of milliseconds and 64 MiB, an archive longer. */
enum job_kind { JOB_NONE, JOB_PASSWORD, JOB_ARCHIVE };
struct job {
	enum job_kind kind;
	bool is_done;
	/* JOB_PASSWORD: verify check_password against stored_hash, then hash new_password; either may be empty */
	struct str check_password, stored_hash, new_password;
	/* JOB_ARCHIVE */
	struct str staging, target;
	/* answers */
	int result; /* < 0: could not be done */
	bool matches;
	char new_hash[KEEPER_PASSWORD_HASH_BYTES];
	uint64_t bytes, files;
};

struct keeper {
	const char *data_folder;
	struct store *store;
	struct records_state records;
	struct ledger_signer signer;
	struct seal_key seal_key;
	int64_t started_us;
	int lock;                  /* of run/keeper.lock */
	struct str dummy_hash;     /* checked when there is no such login: the answer takes as long */
	struct arena *house_arena; /* lives as long as the keeper */
	struct ai_state *ai;       /* ai-state.h */
	/* The request that is being carried out. */
	int64_t now_us;
	struct arena *arena;
	struct keep_person person; /* id 0: nobody */
	struct str program, remote;
	struct job *job;
	bool keeps_changes; /* a handler that answers with an error sets this to keep what it wrote: counted attempts */
};

/* A handler's answer: start the job, then call again with job->is_done. No count of rows is as large. */
enum { KEEPER_JOB = 1 << 30 };

/* Opens store, keys and ledger of a data folder (made when missing). ERR_CORRUPT: the ledger does not fit its last
 * checkpoint; nothing is written to such a store. */
int keeper_open(struct keeper *k, const char *data_folder) MUST_CHECK;
/* Seals the ledger and closes. */
int keeper_close(struct keeper *k);
/* Carries out one decoded question inside an open transaction part. 0, KEEPER_JOB or an error. */
int keeper_handle(struct keeper *k, enum keep_call call, uint64_t person, const void *in, void *out) MUST_CHECK;
/* Around each transaction. At its beginning: counts that were lost with memory are taken from the ledger again. Before
 * it is committed: what was counted in memory is written; may_wait when it carried admissions only, whose events are
 * enough. After one that failed: memory is dropped. */
int keeper_after_begin(struct keeper *k) MUST_CHECK;
int keeper_before_commit(struct keeper *k, bool may_wait) MUST_CHECK;
void keeper_after_rollback(struct keeper *k);
bool keeper_is_counting(const struct keeper *k); /* something waits to be written */
/* Clock jobs: sessions, invitations, people whose time is up; old throttles. */
int keeper_run_clock(struct keeper *k) MUST_CHECK;
/* Carries the job out in the calling process (the child). */
void job_run(struct job *job);

/* ---- for the handlers ---- */

enum { KEEPER_PEOPLE_LEAST = 3 }; /* a sum over fewer people would tell about a person */

/* Appends an event of the actor of the request. */
int keeper_record(struct keeper *k, struct event *e) MUST_CHECK;
/* The same with kind, a name as subject and nothing else. */
int keeper_record_name(struct keeper *k, const char *kind, struct str name) MUST_CHECK;
/* Value of a setting, or its default. */
int keeper_setting(struct keeper *k, const char *name, struct str *ret) MUST_CHECK;
int keeper_setting_number(struct keeper *k, const char *name, uint64_t *ret) MUST_CHECK;
bool keeper_is_manager(const struct keeper *k); /* a manager, or a program on this machine */
/* Whether who asks may make somebody president, or end that: a president, a program on this machine, or, while there is
 * no active president, whoever manages. ERR_DENIED. */
int keeper_check_presidents(struct keeper *k) MUST_CHECK;
bool keeper_person_is_active(const struct keeper *k, const struct keep_person *person);

/* A new secret as text of A-Z a-z 0-9 - _, and what is stored of one. */
struct str keeper_new_token(struct keeper *k, const char *prefix);
struct ledger_hash keeper_token_hash(struct str token);
struct str keeper_csrf_of(struct keeper *k, struct str session_token);
int keeper_start_session(struct keeper *k, uint64_t person, bool waits, struct str *ret_token, struct str *ret_csrf,
                         int64_t *ret_expires_us) MUST_CHECK;
/* Keyed hash of a mail address, lower-cased. */
int keeper_sender_hash(struct keeper *k, struct str address, struct ledger_hash *ret) MUST_CHECK;

/* Rules of what people enter. */
int check_login(struct str login) MUST_CHECK; /* 1 to 64 of a-z 0-9 . _ @ - + */
int check_password(struct str password, struct str login) MUST_CHECK;
int check_line(struct str text, size_t least, size_t max_bytes) MUST_CHECK; /* one line, no control characters */
int check_words(struct str text, size_t max_bytes) MUST_CHECK;              /* several lines */
/* An address as it stands in a mail's envelope: ASCII, dot-atom@domain (RFC 5321, 4.1.2), at most 254 bytes. */
int check_mail(struct str address) MUST_CHECK;
int check_language(struct str language) MUST_CHECK;
int check_role(uint64_t role) MUST_CHECK;

/* Counts an attempt at key before it is tried. ERR_BUSY and *ret_until_us when it has to wait. */
int throttle_try(struct keeper *k, const char *what, struct str who, uint64_t free_tries,
                 int64_t *ret_until_us) MUST_CHECK;
int throttle_forgive(struct keeper *k, const char *what, struct str who) MUST_CHECK;

#define CALL(name, who, work, in, out)                                                                                 \
	int handle_##name(struct keeper *k, const struct keep_##name##_in *in_, struct keep_##name##_out *out_);
#include "keep/messages.def"
#undef CALL
