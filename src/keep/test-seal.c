/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/err.h"
#include "base/fd.h"
#include "keep/seal.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_key_is_made_once),
	        cmocka_unit_test(what_is_sealed_opens_only_as_it_was),
	};
	assert_true(sodium_init() >= 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
