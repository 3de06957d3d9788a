/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a child of the keeper does. It touches no database and no ledger. */
#include <sodium.h>

#include "base/err.h"
#include "keep/backup.h"
#include "keep/keeper.h"

_Static_assert(KEEPER_PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES, "room for a hash of libsodium");

/* argon2id with the limits that libsodium calls interactive: 2 passes, 64 MiB. */
static void run_password(struct job *job)
{
	if (job->stored_hash.n && job->check_password.n <= PASSWORD_MAX_BYTES) {
		char stored[KEEPER_PASSWORD_HASH_BYTES] = "";
		snprintf(stored, sizeof(stored), "%.*s", STR_ARG(job->stored_hash));
		job->matches = crypto_pwhash_str_verify(stored, job->check_password.p, job->check_password.n) == 0;
	}
	if (job->new_password.n &&
	    crypto_pwhash_str(job->new_hash, job->new_password.p, job->new_password.n,
	                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		job->result = ERR_CRYPTO;
}

static void run_archive(struct job *job)
{
	struct backup_result made = {0};
	job->result = backup_pack(job->staging.p, job->target.p, &made);
	job->bytes = made.bytes;
	job->files = made.files;
}

void job_run(struct job *job)
{
	if (job->kind == JOB_PASSWORD)
		run_password(job);
	else if (job->kind == JOB_ARCHIVE)
		run_archive(job);
	job->is_done = true;
}
