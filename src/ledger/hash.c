/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 by OpenSSL where it was prepared, which uses the processor's own instructions; else by libsodium, whose
 * portable code takes several times as long and needs no files: a jailed process that hashes little does not prepare.
 */
#include <openssl/evp.h>
#include <sodium.h>

#include "base/check.h"
#include "ledger/event.h"

static EVP_MD_CTX *context;
static EVP_MD *sha256;

void ledger_hash_prepare(void)
{
	if (context)
		return;
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	context = EVP_MD_CTX_new();
	CHECK(sha256 && context);
}

static struct ledger_hash hash_portably(struct str first, struct str second)
{
	crypto_hash_sha256_state state;
	struct ledger_hash hash;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *) first.p, first.n);
	crypto_hash_sha256_update(&state, (const unsigned char *) second.p, second.n);
	crypto_hash_sha256_final(&state, hash.bytes);
	return hash;
}

struct ledger_hash ledger_hash_of_two(struct str first, struct str second)
{
	struct ledger_hash hash;

	if (!context)
		return hash_portably(first, second);
	CHECK(EVP_DigestInit_ex2(context, sha256, NULL) == 1 && EVP_DigestUpdate(context, first.p, first.n) == 1 &&
	      EVP_DigestUpdate(context, second.p, second.n) == 1 && EVP_DigestFinal_ex(context, hash.bytes, NULL) == 1);
	return hash;
}

struct ledger_hash ledger_hash_of(struct str bytes)
{
	return ledger_hash_of_two((struct str){NULL, 0}, bytes);
}
