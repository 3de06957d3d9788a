/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/utf8.h"

#include <string.h>

/* Length of the well-formed sequence at p (n bytes left, n > 0, first byte not ASCII), 0 when there is none. */
static size_t sequence_length(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length;

	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		length = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		length = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		length = 4;
	else
		return 0;
	if (length > n)
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

static bool eight_are_ascii(const unsigned char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof(word));
	return (word & 0x8080808080808080u) == 0;
}

bool utf8_is_valid(struct str s)
{
	const unsigned char *p = (const unsigned char *) s.p;
	size_t i = 0;

	while (i < s.n) {
		if (s.n - i >= 8 && eight_are_ascii(p + i)) {
			i += 8;
		} else if (p[i] < 0x80) {
			i++;
		} else {
			size_t length = sequence_length(p + i, s.n - i);
			if (length == 0)
				return false;
			i += length;
		}
	}
	return true;
}

bool utf8_is_boundary(struct str s, size_t at)
{
	if (at >= s.n)
		return at == s.n;
	return ((unsigned char) s.p[at] & 0xC0) != 0x80;
}
