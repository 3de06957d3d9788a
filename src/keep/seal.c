/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/seal.h"

#include <sodium.h>
#include <stdio.h>

#include "base/err.h"
#include "base/fd.h"

enum { SEAL_VERSION = 1, SEAL_PATH_MAX_BYTES = 4096, SEAL_NONCE_AT = 1, SEAL_TEXT_AT = 25 };

_Static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(SEAL_TEXT_AT == SEAL_NONCE_AT + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(SEAL_OVERHEAD_BYTES == SEAL_TEXT_AT + crypto_aead_xchacha20poly1305_ietf_ABYTES, "overhead");

int seal_key_load(const char *data_folder, struct seal_key *ret)
{
	CLEANUP(buf_wipe_done) struct buf bytes = buf_make(2 * SEAL_KEY_BYTES);
	char path[SEAL_PATH_MAX_BYTES];

	snprintf(path, sizeof(path), "%s/keys/seal.key", data_folder);
	int r = fd_read_file(path, &bytes);
	if (r >= 0 && bytes.n != SEAL_KEY_BYTES)
		return ERR_CORRUPT;
	if (r < 0 && r != ERR_NOT_FOUND)
		return r == ERR_TOO_LARGE ? ERR_CORRUPT : r;
	if (r >= 0) {
		memcpy(ret->bytes, bytes.p, SEAL_KEY_BYTES);
		return 0;
	}
	randombytes_buf(ret->bytes, SEAL_KEY_BYTES);
	return fd_replace_file(path, str_make(ret->bytes, SEAL_KEY_BYTES), 0600);
}

void seal_key_wipe(struct seal_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

void seal_key_derive(const struct seal_key *key, struct str label, struct seal_key *ret)
{
	CHECK(crypto_generichash(ret->bytes, SEAL_KEY_BYTES, (const unsigned char *) label.p, label.n, key->bytes,
	                         SEAL_KEY_BYTES) == 0);
}

int seal_bytes(const struct seal_key *key, struct str label, struct str plain, struct arena *a, struct str *ret)
{
	unsigned char *p = arena_alloc(a, plain.n + SEAL_OVERHEAD_BYTES);

	CHECK(label.n <= SEAL_LABEL_MAX_BYTES);
	if (!p)
		return ERR_TOO_LARGE;
	p[0] = SEAL_VERSION;
	randombytes_buf(p + SEAL_NONCE_AT, SEAL_TEXT_AT - SEAL_NONCE_AT);
	crypto_aead_xchacha20poly1305_ietf_encrypt(p + SEAL_TEXT_AT, NULL, (const unsigned char *) plain.p, plain.n,
	                                           (const unsigned char *) label.p, label.n, NULL, p + SEAL_NONCE_AT,
	                                           key->bytes);
	*ret = str_make(p, plain.n + SEAL_OVERHEAD_BYTES);
	return 0;
}

int seal_open(const struct seal_key *key, struct str label, struct str sealed, struct arena *a, struct str *ret)
{
	const unsigned char *p = (const unsigned char *) sealed.p;

	if (sealed.n < SEAL_OVERHEAD_BYTES || p[0] != SEAL_VERSION)
		return ERR_CRYPTO;
	unsigned char *plain = arena_alloc(a, sealed.n - SEAL_OVERHEAD_BYTES + 1);
	if (!plain)
		return ERR_TOO_LARGE;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, p + SEAL_TEXT_AT, sealed.n - SEAL_TEXT_AT,
	                                               (const unsigned char *) label.p, label.n, p + SEAL_NONCE_AT,
	                                               key->bytes) != 0)
		return ERR_CRYPTO;
	*ret = str_make(plain, sealed.n - SEAL_OVERHEAD_BYTES);
	return 0;
}
