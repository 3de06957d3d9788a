/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is handed to the browser to be sent again. */
#include "web/site-inside.h"

bool cookie_is_word(struct str s, size_t max)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char) s.p[i] <= 0x20 || (unsigned char) s.p[i] >= 0x7f)
			return false;
	return s.n > 0 && s.n <= max;
}

void cookie_add(struct page *p, const char *name, struct str value, bool is_for_script, int seconds)
{
	struct page_inside *in = p->inside;
	if (in->cookie_count >= ANSWER_COOKIES_MAX || (seconds > 0 && !cookie_is_word(value, TOKEN_MAX_BYTES)))
		return;
	in->cookies[in->cookie_count++] =
	        arena_printf(p->arena, "%s=%.*s; Path=/; Max-Age=%d; SameSite=Strict%s%s", name, STR_ARG(value),
	                     seconds, is_for_script ? "" : "; HttpOnly", in->is_secure ? "; Secure" : "");
}
