/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/base64.h"

#include <sodium.h>

#include "base/cleanup.h"
#include "base/err.h"

int base64_add(struct buf *b, const void *bytes, size_t n)
{
	size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
	int r = buf_reserve(b, room);
	if (r < 0)
		return r;
	sodium_bin2base64(b->p + b->n, room, bytes, n, sodium_base64_VARIANT_ORIGINAL);
	b->n += room - 1; /* the room counts a NUL */
	return 0;
}

/* sodium_base642bin() lets some other spellings of the same bytes pass; there must be one only. */
static bool is_canonical(struct str text, const unsigned char *bytes, size_t n)
{
	CLEANUP(buf_done) struct buf again = buf_make(text.n + 1);
	return base64_add(&again, bytes, n) >= 0 && str_eq(buf_str(&again), text);
}

int base64_read(struct str text, struct buf *b)
{
	size_t room = text.n / 4 * 3, got = 0;

	if (text.n % 4 != 0)
		return ERR_INVALID;
	if (text.n == 0)
		return 0;
	int r = buf_reserve(b, room);
	if (r < 0)
		return r;
	unsigned char *bytes = (unsigned char *) b->p + b->n;
	if (sodium_base642bin(bytes, room, text.p, text.n, NULL, &got, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    !is_canonical(text, bytes, got))
		return ERR_INVALID;
	b->n += got;
	return 0;
}
