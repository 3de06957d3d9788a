/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/tree.h"

#include <string.h>

struct ledger_hash tree_node_hash(const struct ledger_hash *left, const struct ledger_hash *right)
{
	char pair[1 + 2 * LEDGER_HASH_BYTES] = {0x01};

	memcpy(pair + 1, left->bytes, LEDGER_HASH_BYTES);
	memcpy(pair + 1 + LEDGER_HASH_BYTES, right->bytes, LEDGER_HASH_BYTES);
	return ledger_hash_of(str_make(pair, sizeof(pair)));
}

void frontier_append(struct frontier *f, const struct ledger_hash *leaf)
{
	struct ledger_hash carry = *leaf;
	unsigned level = 0;

	for (; f->size >> level & 1; level++)
		carry = tree_node_hash(&f->node[level], &carry);
	f->node[level] = carry;
	f->size++;
}

struct ledger_hash frontier_root(const struct frontier *f)
{
	struct ledger_hash root = ledger_hash_of((struct str){NULL, 0});
	bool has_root = false;

	for (unsigned level = 0; level < FRONTIER_LEVELS; level++) {
		if (!(f->size >> level & 1))
			continue;
		root = has_root ? tree_node_hash(&f->node[level], &root) : f->node[level];
		has_root = true;
	}
	return root;
}
