/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Merkle tree of RFC 6962 (2.1) while it grows: the frontier keeps the roots of the full subtrees only, one for
 * each bit set in the size, and so takes 64 hashes for a log of any length. */
#pragma once

#include <stdint.h>

#include "base/str.h"
#include "ledger/event.h"

enum { FRONTIER_LEVELS = 64 };

struct frontier {
	uint64_t size;                            /* leaves so far */
	struct ledger_hash node[FRONTIER_LEVELS]; /* node[k] counts when bit k of size is set: root of 2^k leaves */
};

void frontier_append(struct frontier *f, const struct ledger_hash *leaf);
/* Root of the tree; SHA-256 of nothing for an empty one. */
struct ledger_hash frontier_root(const struct frontier *f);
/* SHA-256(0x01 || left || right). */
struct ledger_hash tree_node_hash(const struct ledger_hash *left, const struct ledger_hash *right);
