/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signed notes: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint. */
#include "ledger/checkpoint.h"

#include <sodium.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "ledger/base64.h"

#define KEY_FILE_HEAD "sonae-ledger-key 1"
#define SIGNATURE_PREFIX "\xE2\x80\x94 " /* em dash, space */
enum {
	ALGORITHM_ED25519 = 0x01,
	NAME_RANDOM_BYTES = 8,
	SMALL_MAX_BYTES = 512,
	KEY_ID_HEX_BYTES = 2 * LEDGER_KEY_ID_BYTES
};

/* ---- keys ---- */

static struct str key_name(const struct ledger_key *key)
{
	return str_of(key->name);
}

/* signed-note: not empty, no white space, no plus; ours are ASCII besides. */
static bool is_key_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '+')
			return false;
	}
	return s.n > 0 && s.n <= LEDGER_KEY_NAME_MAX_BYTES;
}

static void key_set_name(struct ledger_key *key, struct str name)
{
	memcpy(key->name, name.p, name.n);
	key->name[name.n] = '\0';
}

static void key_id(const struct ledger_key *key, uint8_t ret[static LEDGER_KEY_ID_BYTES])
{
	static const unsigned char separator[2] = {'\n', ALGORITHM_ED25519};
	crypto_hash_sha256_state state;
	struct ledger_hash hash;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *) key->name, strlen(key->name));
	crypto_hash_sha256_update(&state, separator, sizeof(separator));
	crypto_hash_sha256_update(&state, key->public_key, sizeof(key->public_key));
	crypto_hash_sha256_final(&state, hash.bytes);
	memcpy(ret, hash.bytes, LEDGER_KEY_ID_BYTES);
}

void ledger_signer_make(struct ledger_signer *ret)
{
	unsigned char chance[NAME_RANDOM_BYTES];
	char hex[2 * NAME_RANDOM_BYTES + 1];

	randombytes_buf(chance, sizeof(chance));
	sodium_bin2hex(hex, sizeof(hex), chance, sizeof(chance));
	snprintf(ret->key.name, sizeof(ret->key.name), "sonae/%s", hex);
	crypto_sign_keypair(ret->key.public_key, ret->secret_key);
}

int ledger_signer_write(const struct ledger_signer *signer, struct buf *b)
{
	buf_printf(b, KEY_FILE_HEAD "\n%s\n", signer->key.name);
	base64_add(b, signer->secret_key, sizeof(signer->secret_key));
	return buf_add_char(b, '\n');
}

int ledger_signer_read(struct str text, struct ledger_signer *ret)
{
	CLEANUP(buf_wipe_done) struct buf secret = buf_make(SMALL_MAX_BYTES);
	struct str rest = text, head, name, key;

	if (!str_split(&rest, '\n', &head) || !str_split(&rest, '\n', &name) || !str_split(&rest, '\n', &key))
		return ERR_INVALID;
	if (!str_eq(head, STR(KEY_FILE_HEAD)) || !is_key_name(name) || base64_read(key, &secret) < 0 ||
	    secret.n != LEDGER_SECRET_KEY_BYTES)
		return ERR_INVALID;
	key_set_name(&ret->key, name);
	memcpy(ret->secret_key, secret.p, LEDGER_SECRET_KEY_BYTES);
	return crypto_sign_ed25519_sk_to_pk(ret->key.public_key, ret->secret_key) == 0 ? 0 : ERR_INVALID;
}

void ledger_signer_wipe(struct ledger_signer *signer)
{
	explicit_bzero(signer, sizeof(*signer));
}

int ledger_key_write(const struct ledger_key *key, struct buf *b)
{
	uint8_t id[LEDGER_KEY_ID_BYTES], typed[1 + LEDGER_PUBLIC_KEY_BYTES] = {ALGORITHM_ED25519};

	key_id(key, id);
	memcpy(typed + 1, key->public_key, LEDGER_PUBLIC_KEY_BYTES);
	buf_printf(b, "%s+%02x%02x%02x%02x+", key->name, id[0], id[1], id[2], id[3]);
	return base64_add(b, typed, sizeof(typed));
}

int ledger_key_read(struct str text, struct ledger_key *ret)
{
	CLEANUP(buf_done) struct buf typed = buf_make(SMALL_MAX_BYTES);
	CLEANUP(buf_done) struct buf again = buf_make(SMALL_MAX_BYTES);
	struct ledger_key key = {0};

	size_t first = str_find_char(text, '+', 0);
	if (first == STR_NOT_FOUND || !is_key_name(str_slice(text, 0, first)))
		return ERR_INVALID;
	size_t second = first + 1 + KEY_ID_HEX_BYTES;
	if (second >= text.n || base64_read(str_slice(text, second + 1, text.n), &typed) < 0 ||
	    typed.n != 1 + LEDGER_PUBLIC_KEY_BYTES || typed.p[0] != ALGORITHM_ED25519)
		return ERR_INVALID;
	key_set_name(&key, str_slice(text, 0, first));
	memcpy(key.public_key, typed.p + 1, LEDGER_PUBLIC_KEY_BYTES);
	if (ledger_key_write(&key, &again) < 0 || !str_eq(buf_str(&again), text))
		return ERR_INVALID;
	*ret = key;
	return 0;
}

/* ---- notes ---- */

static void add_body(struct buf *b, const struct ledger_key *key, const struct checkpoint *checkpoint)
{
	buf_printf(b, "%s\n%llu\n", key->name, (unsigned long long) checkpoint->size);
	base64_add(b, checkpoint->root.bytes, sizeof(checkpoint->root.bytes));
	buf_add_char(b, '\n');
}

int checkpoint_sign(const struct ledger_signer *signer, const struct checkpoint *checkpoint, struct buf *b)
{
	CLEANUP(buf_done) struct buf body = buf_make(SMALL_MAX_BYTES);
	uint8_t signature[LEDGER_KEY_ID_BYTES + crypto_sign_BYTES];

	add_body(&body, &signer->key, checkpoint);
	if (buf_failed(&body))
		return ERR_TOO_LARGE;
	key_id(&signer->key, signature);
	if (crypto_sign_detached(signature + LEDGER_KEY_ID_BYTES, NULL, (const unsigned char *) body.p, body.n,
	                         signer->secret_key) != 0)
		return ERR_CRYPTO;
	buf_add_str(b, buf_str(&body));
	buf_printf(b, "\n" SIGNATURE_PREFIX "%s ", signer->key.name);
	base64_add(b, signature, sizeof(signature));
	return buf_add_char(b, '\n');
}

/* The three lines; extension lines are not used by us and refused. */
static int read_body(struct str body, const struct ledger_key *key, struct checkpoint *ret)
{
	CLEANUP(buf_done) struct buf root = buf_make(SMALL_MAX_BYTES);
	CLEANUP(buf_done) struct buf again = buf_make(SMALL_MAX_BYTES);
	struct str rest = body, origin, size, hash;

	if (!str_split(&rest, '\n', &origin) || !str_split(&rest, '\n', &size) || !str_split(&rest, '\n', &hash))
		return ERR_INVALID;
	if (!is_key_name(origin) || str_parse_u64(size, UINT64_MAX, &ret->size) < 0 || base64_read(hash, &root) < 0 ||
	    root.n != LEDGER_HASH_BYTES)
		return ERR_INVALID;
	memcpy(ret->root.bytes, root.p, LEDGER_HASH_BYTES);
	if (!str_eq(origin, key_name(key)))
		return ERR_CRYPTO;
	/* One form only: "007" or further lines are not what was written. */
	add_body(&again, key, ret);
	return str_eq(buf_str(&again), body) ? 0 : ERR_INVALID;
}

/* A line "— name base64" of our own key: true when its signature holds. ERR_INVALID when the line has another form. */
static int signature_holds(struct str line, struct str body, const struct ledger_key *key)
{
	CLEANUP(buf_done) struct buf bytes = buf_make(SMALL_MAX_BYTES);
	uint8_t id[LEDGER_KEY_ID_BYTES];

	if (!str_starts_with(line, STR(SIGNATURE_PREFIX)))
		return ERR_INVALID;
	struct str rest = str_slice(line, sizeof(SIGNATURE_PREFIX) - 1, line.n), name;
	if (!str_split(&rest, ' ', &name) || !is_key_name(name) || base64_read(rest, &bytes) < 0 ||
	    bytes.n <= LEDGER_KEY_ID_BYTES)
		return ERR_INVALID;
	key_id(key, id);
	if (!str_eq(name, key_name(key)) || memcmp(bytes.p, id, sizeof(id)) != 0)
		return 0;
	if (bytes.n != LEDGER_KEY_ID_BYTES + crypto_sign_BYTES)
		return ERR_CRYPTO;
	const unsigned char *signature = (const unsigned char *) bytes.p + LEDGER_KEY_ID_BYTES;
	return crypto_sign_verify_detached(signature, (const unsigned char *) body.p, body.n, key->public_key) == 0
	               ? 1
	               : ERR_CRYPTO;
}

int checkpoint_verify(struct str note, const struct ledger_key *key, struct checkpoint *ret)
{
	struct checkpoint checkpoint = {0};
	bool is_signed = false;

	if (note.n > CHECKPOINT_MAX_BYTES)
		return ERR_TOO_LARGE;
	size_t gap = str_find(note, STR("\n\n"), 0);
	if (gap == STR_NOT_FOUND || note.p[note.n - 1] != '\n')
		return ERR_INVALID;
	struct str body = str_slice(note, 0, gap + 1);
	struct str rest = str_slice(note, gap + 2, note.n - 1), line;
	int r = read_body(body, key, &checkpoint);
	if (r < 0)
		return r;
	while (str_split(&rest, '\n', &line)) {
		r = signature_holds(line, body, key);
		if (r < 0)
			return r;
		is_signed = is_signed || r > 0;
	}
	if (!is_signed)
		return ERR_CRYPTO;
	*ret = checkpoint;
	return 0;
}
