/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "ledger/tree.h"

/* The eight leaves and roots that implementations of Certificate Transparency share as test vectors. */
static const struct {
	const char *leaf, *root;
} vectors[] = {
        {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

static void hex_of(const struct ledger_hash *hash, char ret[static 65])
{
	sodium_bin2hex(ret, 65, hash->bytes, sizeof(hash->bytes));
}

static void roots_are_those_of_the_vectors(void **state)
{
	(void) state;
	struct frontier f = {0};
	char hex[65];
	unsigned char leaf[32];

	struct ledger_hash root = frontier_root(&f);
	hex_of(&root, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		size_t n = 0;
		sodium_hex2bin(leaf, sizeof(leaf), vectors[i].leaf, strlen(vectors[i].leaf), NULL, &n, NULL);
		struct ledger_hash hash = record_leaf_hash(str_make(leaf, n));
		frontier_append(&f, &hash);
		root = frontier_root(&f);
		hex_of(&root, hex);
		assert_string_equal(hex, vectors[i].root);
	}
}

/* The definition of RFC 6962, 2.1, word by word. */
static struct ledger_hash tree_by_definition(const struct ledger_hash *leaves, size_t n)
{
	if (n == 1)
		return leaves[0];
	size_t k = 1;
	while (k * 2 < n)
		k *= 2;
	struct ledger_hash left = tree_by_definition(leaves, k), right = tree_by_definition(leaves + k, n - k);
	return tree_node_hash(&left, &right);
}

static void roots_are_those_of_the_definition(void **state)
{
	(void) state;
	struct ledger_hash leaves[200];
	struct frontier f = {0};

	for (size_t i = 0; i < ARRAY_SIZE(leaves); i++) {
		leaves[i] = record_leaf_hash(str_make(&i, sizeof(i)));
		frontier_append(&f, &leaves[i]);
		struct ledger_hash wanted = tree_by_definition(leaves, i + 1), root = frontier_root(&f);
		assert_true(ledger_hash_eq(&wanted, &root));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(roots_are_those_of_the_vectors),
	        cmocka_unit_test(roots_are_those_of_the_definition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
