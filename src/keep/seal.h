/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets at rest: XChaCha20-Poly1305 (libsodium) under a key of its own, <data>/keys/seal.key, made at the first start
 * and carried by backups. Who gets the database alone reads no second factor, no key of a provider, no conversation.
 * A label says what a secret is for and whose; it is authenticated, so that no sealed value can be put in another's
 * place. */
#pragma once

#include "base/arena.h"
#include "base/check.h"
#include "base/str.h"

enum {
	SEAL_KEY_BYTES = 32,
	SEAL_OVERHEAD_BYTES = 1 + 24 + 16, /* version, nonce, tag */
	SEAL_LABEL_MAX_BYTES = 100,
};

struct seal_key {
	unsigned char bytes[SEAL_KEY_BYTES];
};

/* Reads the key of a data folder, or makes it. ERR_CORRUPT, ERR_SYSTEM. */
int seal_key_load(const char *data_folder, struct seal_key *ret) MUST_CHECK;
void seal_key_wipe(struct seal_key *key);
/* A key that depends on this one and a label: for many secrets of one owner. */
void seal_key_derive(const struct seal_key *key, struct str label, struct seal_key *ret);
/* plain.n + SEAL_OVERHEAD_BYTES bytes in a; ERR_TOO_LARGE. */
int seal_bytes(const struct seal_key *key, struct str label, struct str plain, struct arena *a,
               struct str *ret) MUST_CHECK;
/* ERR_CRYPTO: changed, of another label or key; ERR_TOO_LARGE. */
int seal_open(const struct seal_key *key, struct str label, struct str sealed, struct arena *a,
              struct str *ret) MUST_CHECK;
