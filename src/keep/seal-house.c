/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The row "seal.check" of the house holds a known text, sealed. It says that there is a seal, so that a lost key is
 * noticed at the start instead of at the first login; and a new key is never made over what an old one closed. */
#include "keep/seal-house.h"

#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "store/house.h"
#include "store/person.h"

enum { ARENA_BYTES = 1024 * 1024, SEAL_PATH_MAX_BYTES = 4096 };
#define CHECK_ROW "seal.check"
#define CHECK_TEXT STR("sonae")

struct str seal_label_totp(struct arena *a, uint64_t person)
{
	return arena_printf(a, "totp %llu", (unsigned long long) person);
}

static int seal_one(const struct seal_key *key, struct str label, struct arena *a, struct str *secret)
{
	return secret->n == PERSON_TOTP_BYTES ? seal_bytes(key, label, *secret, a, secret) : 0;
}

static int seal_person(struct store *s, const struct seal_key *key, uint64_t id, struct arena *a)
{
	struct str label = seal_label_totp(a, id);
	struct person_secrets secrets;

	int r = person_secrets_get(s, id, a, &secrets);
	if (r >= 0)
		r = seal_one(key, label, a, &secrets.totp_secret);
	if (r >= 0)
		r = seal_one(key, label, a, &secrets.totp_pending);
	return r < 0 ? r : person_replace_totp(s, id, secrets.totp_secret, secrets.totp_pending);
}

static int seal_second_factors(struct store *s, const struct seal_key *key)
{
	uint64_t id = 0;
	int r;

	while ((r = person_next_second_factor(s, id, &id)) > 0) {
		struct arena *a = arena_new(ARENA_BYTES);
		r = seal_person(s, key, id, a);
		arena_free_wiped(a);
		if (r < 0)
			return r;
	}
	return r;
}

static int begin_seal(struct store *s, const char *data_folder, struct arena *a, struct seal_key *ret)
{
	struct str sealed;

	int r = seal_key_load(data_folder, ret);
	if (r >= 0)
		r = seal_second_factors(s, ret);
	if (r >= 0)
		r = seal_bytes(ret, STR(CHECK_ROW), CHECK_TEXT, a, &sealed);
	if (r >= 0)
		r = house_set(s, CHECK_ROW, sealed);
	return r < 0 ? r : 0;
}

int seal_house_open(struct store *s, const char *data_folder, struct seal_key *ret)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(ARENA_BYTES);
	char path[SEAL_PATH_MAX_BYTES];
	struct str sealed, text;

	int r = house_get(s, CHECK_ROW, a, &sealed);
	if (r == ERR_NOT_FOUND)
		return begin_seal(s, data_folder, a, ret);
	snprintf(path, sizeof(path), "%s/keys/seal.key", data_folder);
	if (r >= 0 && access(path, F_OK) != 0)
		return ERR_NOT_FOUND;
	if (r >= 0)
		r = seal_key_load(data_folder, ret);
	if (r >= 0)
		r = seal_open(ret, STR(CHECK_ROW), sealed, a, &text);
	return r < 0 ? r : str_eq(text, CHECK_TEXT) ? 0 : ERR_CRYPTO;
}
