/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checkpoints: size and root of the ledger, signed. The text is a C2SP tlog-checkpoint inside a C2SP signed-note:
 *
 *   <key name>\n<size>\n<root, Base64>\n\n— <key name> <Base64 of key id (4 bytes) and Ed25519 signature (64 bytes)>\n
 *
 * The key id is the first 4 bytes of SHA-256(<key name> || 0x0A || 0x01 || public key). */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "ledger/event.h"

enum {
	CHECKPOINT_MAX_BYTES = 4096, /* of a whole note, with the signatures of others */
	LEDGER_KEY_NAME_MAX_BYTES = 64,
	LEDGER_PUBLIC_KEY_BYTES = 32,
	LEDGER_SECRET_KEY_BYTES = 64,
	LEDGER_KEY_ID_BYTES = 4,
	LEDGER_KEY_TEXT_MAX_BYTES = 256,
};

struct ledger_key { /* what verifies */
	char name[LEDGER_KEY_NAME_MAX_BYTES + 1];
	uint8_t public_key[LEDGER_PUBLIC_KEY_BYTES];
};

struct ledger_signer { /* what signs: wipe with ledger_signer_wipe() */
	struct ledger_key key;
	uint8_t secret_key[LEDGER_SECRET_KEY_BYTES];
};

struct checkpoint {
	uint64_t size;
	struct ledger_hash root;
};

/* A new key with the name "sonae/" and 16 hexadecimal digits by chance. */
void ledger_signer_make(struct ledger_signer *ret);
/* The text kept in the key file: "sonae-ledger-key 1\n<name>\n<Base64 of the secret key>\n". */
int ledger_signer_write(const struct ledger_signer *signer, struct buf *b);
int ledger_signer_read(struct str text, struct ledger_signer *ret); /* ERR_INVALID */
void ledger_signer_wipe(struct ledger_signer *signer);

/* The verifier key string of signed-note: <name>+<key id, hexadecimal>+<Base64 of 0x01 and the public key>. */
int ledger_key_write(const struct ledger_key *key, struct buf *b);
int ledger_key_read(struct str text, struct ledger_key *ret); /* ERR_INVALID */

/* Appends the signed note. */
int checkpoint_sign(const struct ledger_signer *signer, const struct checkpoint *checkpoint, struct buf *b);
/* Strict parse and check of the signature made by key: ERR_INVALID (form), ERR_CRYPTO (signature or key). */
int checkpoint_verify(struct str note, const struct ledger_key *key, struct checkpoint *ret);
