/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/err.h"
#include "base/fd.h"
#include "keep/seal-house.h"
#include "store/person.h"

static void a_key_is_made_once(void **state)
{
	char folder[] = "/tmp/sonae-seal-XXXXXX", path[64];
	struct seal_key first, second;
	struct stat info;

	(void) state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/keys", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(seal_key_load(folder, &first), 0);
	assert_int_equal(seal_key_load(folder, &second), 0);
	assert_memory_equal(&first, &second, sizeof(first));
	snprintf(path, sizeof(path), "%s/keys/seal.key", folder);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(fd_replace_file(path, STR("short"), 0600), 0);
	assert_int_equal(seal_key_load(folder, &second), ERR_CORRUPT);
	unlink(path);
	snprintf(path, sizeof(path), "%s/keys", folder);
	rmdir(path);
	rmdir(folder);
}

static void what_is_sealed_opens_only_as_it_was(void **state)
{
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct seal_key key, other;
	struct str sealed, again, plain;

	(void) state;
	randombytes_buf(&key, sizeof(key));
	seal_key_derive(&key, STR("somebody"), &other);
	assert_int_equal(seal_bytes(&key, STR("totp 1"), STR("secret"), a, &sealed), 0);
	assert_int_equal(seal_bytes(&key, STR("totp 1"), STR("secret"), a, &again), 0);
	assert_false(str_eq(sealed, again));
	assert_int_equal(sealed.n, 6 + SEAL_OVERHEAD_BYTES);
	assert_int_equal(seal_open(&key, STR("totp 1"), sealed, a, &plain), 0);
	assert_true(str_eq_c(plain, "secret"));
	assert_int_equal(seal_open(&key, STR("totp 2"), sealed, a, &plain), ERR_CRYPTO);
	assert_int_equal(seal_open(&other, STR("totp 1"), sealed, a, &plain), ERR_CRYPTO);
	for (size_t i = 0; i <= sealed.n; i++) {
		assert_int_equal(seal_open(&key, STR("totp 1"), str_slice(sealed, 0, i), a, &plain),
		                 i == sealed.n ? 0 : ERR_CRYPTO);
		char *changed = arena_cstr(a, sealed);
		changed[i] ^= 1;
		if (i < sealed.n)
			assert_int_equal(seal_open(&key, STR("totp 1"), str_make(changed, sealed.n), a, &plain),
			                 ERR_CRYPTO);
	}
}

#define SECRET "ABCDEFGHIJKLMNOPQRST"

static bool file_holds(const char *path, struct str wanted)
{
	CLEANUP(buf_done) struct buf bytes = buf_make(64 * 1024 * 1024);
	assert_true(fd_read_file(path, &bytes) >= 0);
	return memmem(bytes.p, bytes.n, wanted.p, wanted.n) != NULL;
}

static int open_seal(struct store *s, const char *folder, struct seal_key *ret)
{
	assert_int_equal(store_begin(s), 0);
	int r = seal_house_open(s, folder, ret);
	if (r < 0)
		store_rollback(s);
	else
		assert_int_equal(store_commit(s), 0);
	return r;
}

/* What lay open is closed once; without the right key nothing starts, and no new key is made over the loss. */
static void an_older_house_is_sealed(void **state)
{
	char folder[] = "/tmp/sonae-seal-XXXXXX", path[64], key_path[64];
	CLEANUP(arena_freep) struct arena *a = arena_new(1 << 20);
	struct keep_person yamada = {.name = STR("a"), .login = STR("a"), .language = STR("ja")};
	struct seal_key key, again;
	struct person_secrets secrets;
	struct store *s = NULL;
	struct str plain;
	uint64_t id;

	(void) state;
	assert_non_null(mkdtemp(folder));
	snprintf(key_path, sizeof(key_path), "%s/keys", folder);
	assert_int_equal(mkdir(key_path, 0700), 0);
	snprintf(key_path, sizeof(key_path), "%s/keys/seal.key", folder);
	snprintf(path, sizeof(path), "%s/" STORE_FILE_NAME, folder);
	assert_int_equal(store_open(path, STORE_WRITE, &s), 0);
	assert_true(person_insert(s, &yamada, &id) >= 0);
	assert_true(person_set_totp(s, id, STR(SECRET), 7) >= 0);
	assert_true(person_set_totp_pending(s, id, STR("01234567890123456789")) >= 0);

	assert_int_equal(open_seal(s, folder, &key), 0);
	assert_int_equal(open_seal(s, folder, &again), 0);
	assert_memory_equal(&key, &again, sizeof(key));
	assert_int_equal(person_secrets_get(s, id, a, &secrets), 1);
	assert_int_equal(secrets.totp_last_step, 7);
	assert_int_equal(seal_open(&key, seal_label_totp(a, id), secrets.totp_secret, a, &plain), 0);
	assert_true(str_eq_c(plain, SECRET));
	assert_int_equal(seal_open(&key, seal_label_totp(a, id), secrets.totp_pending, a, &plain), 0);
	assert_true(str_eq_c(plain, "01234567890123456789"));
	store_free(s);
	assert_false(file_holds(path, STR(SECRET)));
	assert_false(file_holds(path, STR("01234567890123456789")));

	assert_int_equal(store_open(path, STORE_WRITE, &s), 0);
	assert_int_equal(fd_replace_file(key_path, STR("this is the key of another house"), 0600), 0);
	assert_int_equal(open_seal(s, folder, &key), ERR_CRYPTO);
	unlink(key_path);
	assert_int_equal(open_seal(s, folder, &key), ERR_NOT_FOUND);
	assert_int_equal(access(key_path, F_OK), -1);
	store_free(s);
	unlink(path);
	snprintf(path, sizeof(path), "%s/keys", folder);
	rmdir(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_key_is_made_once),
	        cmocka_unit_test(what_is_sealed_opens_only_as_it_was),
	        cmocka_unit_test(an_older_house_is_sealed),
	};
	assert_true(sodium_init() >= 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
