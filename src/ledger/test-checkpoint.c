/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/err.h"
#include "ledger/checkpoint.h"

/* The example key of the signed-note specification. */
static const char note_key[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

static void key_id_is_that_of_the_specification(void **state)
{
	(void) state;
	struct ledger_key key;
	struct buf b = buf_make(LEDGER_KEY_TEXT_MAX_BYTES);

	assert_int_equal(ledger_key_read(str_of(note_key), &key), 0);
	assert_string_equal(key.name, "PeterNeumann");
	assert_int_equal(ledger_key_write(&key, &b), 0);
	assert_true(str_eq_c(buf_str(&b), note_key));
	for (size_t i = 0; i < b.n; i++) {
		b.p[i] ^= 1;
		assert_int_equal(ledger_key_read(buf_str(&b), &key), ERR_INVALID);
		b.p[i] ^= 1;
	}
	buf_done(&b);
}

static void signed_checkpoint_verifies_and_no_other(void **state)
{
	(void) state;
	struct ledger_signer signer, other;
	struct checkpoint checkpoint = {.size = 12, .root = ledger_hash_of(STR("x"))}, back;
	struct buf b = buf_make(CHECKPOINT_MAX_BYTES);

	ledger_signer_make(&signer);
	ledger_signer_make(&other);
	assert_int_equal(checkpoint_sign(&signer, &checkpoint, &b), 0);
	assert_int_equal(checkpoint_verify(buf_str(&b), &signer.key, &back), 0);
	assert_true(back.size == 12 && ledger_hash_eq(&back.root, &checkpoint.root));
	assert_true(checkpoint_verify(buf_str(&b), &other.key, &back) < 0);
	for (size_t i = 0; i < b.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			b.p[i] = (char) (b.p[i] ^ (1 << bit));
			assert_true(checkpoint_verify(buf_str(&b), &signer.key, &back) < 0);
			b.p[i] = (char) (b.p[i] ^ (1 << bit));
		}
	}
	/* Forged: the name of the ledger, another's key. */
	memcpy(other.key.name, signer.key.name, sizeof(other.key.name));
	buf_clear(&b);
	assert_int_equal(checkpoint_sign(&other, &checkpoint, &b), 0);
	assert_int_equal(checkpoint_verify(buf_str(&b), &signer.key, &back), ERR_CRYPTO);
	buf_done(&b);
}

static void signature_of_a_witness_is_left_alone(void **state)
{
	(void) state;
	struct ledger_signer signer;
	struct checkpoint checkpoint = {.size = 1}, back;
	struct buf b = buf_make(CHECKPOINT_MAX_BYTES);

	ledger_signer_make(&signer);
	checkpoint_sign(&signer, &checkpoint, &b);
	buf_add_c(&b, "\xE2\x80\x94 witness.example AAAAAAE=\n");
	assert_int_equal(checkpoint_verify(buf_str(&b), &signer.key, &back), 0);
	buf_done(&b);
}

static void key_file_comes_back(void **state)
{
	(void) state;
	struct ledger_signer signer, back;
	struct buf b = buf_make(1024);

	ledger_signer_make(&signer);
	assert_int_equal(ledger_signer_write(&signer, &b), 0);
	assert_int_equal(ledger_signer_read(buf_str(&b), &back), 0);
	assert_memory_equal(back.secret_key, signer.secret_key, sizeof(signer.secret_key));
	assert_memory_equal(back.key.public_key, signer.key.public_key, sizeof(signer.key.public_key));
	assert_string_equal(back.key.name, signer.key.name);
	assert_true(ledger_signer_read(str_slice(buf_str(&b), 0, b.n / 2), &back) < 0);
	ledger_signer_wipe(&signer);
	buf_wipe_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(key_id_is_that_of_the_specification),
	        cmocka_unit_test(signed_checkpoint_verifies_and_no_other),
	        cmocka_unit_test(signature_of_a_witness_is_left_alone),
	        cmocka_unit_test(key_file_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
