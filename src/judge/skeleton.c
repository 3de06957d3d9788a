/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a label looks like in small type. Letters that differ only there fall together, so two labels that a hurried
 * person cannot tell apart have one skeleton. */
#include "judge/address.h"
#include "judge/host.h"

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char) s.p[i] >= 0x80)
			return false;
	return true;
}

struct str address_skeleton(struct str label, struct arena *a)
{
	if (!is_ascii(label))
		label = host_skeleton(label, a);
	char *p = arena_alloc(a, label.n + 1);
	size_t n = 0;
	if (!p)
		return (struct str){0};
	for (size_t i = 0; i < label.n; i++) {
		char c = ascii_lower(label.p[i]), next = i + 1 < label.n ? ascii_lower(label.p[i + 1]) : '\0';
		bool pair = (c == 'r' && next == 'n') || (c == 'v' && next == 'v') || (c == 'c' && next == 'l');
		if (c == '-')
			continue;
		if (pair) {
			p[n++] = c == 'r' ? 'm' : c == 'v' ? 'w' : 'd';
			i++;
			continue;
		}
		p[n++] = c == '0' ? 'o' : c == '1' || c == 'i' ? 'l' : c == '5' ? 's' : c;
	}
	return str_make(p, n);
}
