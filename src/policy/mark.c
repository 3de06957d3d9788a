/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/mark.h"

#include <sodium.h>

#include "base/check.h"

enum { HASH_BYTES = 16, KIND_AT = 1, HASH_AT = 3 };

_Static_assert(LEAK_KIND_COUNT <= 256, "two digits hold a kind");

void policy_mark_make(struct str key, enum policy_destination where, enum leak_kind kind, struct str value,
                      struct policy_mark *ret)
{
	unsigned char head[2] = {(unsigned char) where, (unsigned char) kind}, hash[HASH_BYTES];
	crypto_generichash_state state;

	CHECK(key.n == POLICY_MARK_KEY_BYTES && where < POLICY_DESTINATION_COUNT && kind < LEAK_KIND_COUNT);
	crypto_generichash_init(&state, (const unsigned char *) key.p, key.n, sizeof(hash));
	crypto_generichash_update(&state, head, sizeof(head));
	crypto_generichash_update(&state, (const unsigned char *) value.p, value.n);
	crypto_generichash_final(&state, hash, sizeof(hash));
	snprintf(ret->text, sizeof(ret->text), "%x%02x", (unsigned) where, (unsigned) kind);
	sodium_bin2hex(ret->text + HASH_AT, sizeof(ret->text) - HASH_AT, hash, sizeof(hash));
}

bool policy_marks_have(struct str marks, const struct policy_mark *mark)
{
	struct str one;
	while (str_split(&marks, ' ', &one))
		if (str_eq(one, str_make(mark->text, POLICY_MARK_BYTES)))
			return true;
	return false;
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint32_t policy_marks_kinds(struct str marks, enum policy_destination where)
{
	uint32_t kinds = 0;
	struct str one;
	while (str_split(&marks, ' ', &one)) {
		if (one.n != POLICY_MARK_BYTES || digit_of(one.p[0]) != (int) where)
			continue;
		int high = digit_of(one.p[KIND_AT]), low = digit_of(one.p[KIND_AT + 1]);
		if (high >= 0 && low >= 0 && high * 16 + low < LEAK_KIND_COUNT)
			kinds |= POLICY_KIND_BIT(high * 16 + low);
	}
	return kinds;
}

size_t policy_marks_count(struct str marks)
{
	size_t n = 0;
	struct str one;
	while (str_split(&marks, ' ', &one))
		n += one.n == POLICY_MARK_BYTES;
	return n;
}
