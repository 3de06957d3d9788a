/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Marks of single values that an approval lets through: the value itself is kept nowhere. A mark is a keyed hash
 * (BLAKE2b, 128 bits) of destination, kind and value, so that neither the list of approvals nor a guess tells which
 * value it was without the key. Several stand in one text with blanks between them. */
#pragma once

#include "policy/policy.h"

enum { POLICY_MARK_KEY_BYTES = 32, POLICY_MARK_BYTES = 35 };

struct policy_mark {
	char text[POLICY_MARK_BYTES + 1]; /* destination (1 digit), kind (2), hash (32), all hexadecimal */
};

/* key: POLICY_MARK_KEY_BYTES. */
void policy_mark_make(struct str key, enum policy_destination where, enum leak_kind kind, struct str value,
                      struct policy_mark *ret);
bool policy_marks_have(struct str marks, const struct policy_mark *mark);
/* Kinds of the marks for one destination, as bits; what is no mark counts as none. */
uint32_t policy_marks_kinds(struct str marks, enum policy_destination where);
size_t policy_marks_count(struct str marks);
