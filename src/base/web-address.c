/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/web-address.h"

#include <string.h>

static bool is_host(struct str host)
{
	struct str label;
	size_t labels = 0, port = str_find_char(host, ':', 0);
	uint64_t number;
	if (port != STR_NOT_FOUND &&
	    (str_parse_u64(str_slice(host, port + 1, host.n), 65535, &number) < 0 || number == 0))
		return false;
	host = str_slice(host, 0, port);
	if (str_ends_with(host, STR(".")))
		return false;
	for (; str_split(&host, '.', &label); labels++) {
		if (label.n == 0)
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!ascii_is_alnum(label.p[i]) && label.p[i] != '-' && (unsigned char) label.p[i] < 0x80)
				return false;
	}
	return labels >= 2;
}

bool web_address_is_fit(struct str address)
{
	size_t head = str_starts_with(address, STR("https://")) ? 8 : str_starts_with(address, STR("http://")) ? 7 : 0;
	size_t end = head;
	while (end < address.n && !strchr("/?#", address.p[end]))
		end++;
	for (size_t i = 0; i < address.n; i++)
		if ((unsigned char) address.p[i] <= ' ' || address.p[i] == 0x7F || strchr("\"'<>\\^`{|}", address.p[i]))
			return false;
	/* U+0080 to U+009F, and U+3000, which looks like a blank. */
	for (size_t i = 0; i + 1 < address.n; i++)
		if (((unsigned char) address.p[i] == 0xC2 && (unsigned char) address.p[i + 1] < 0xA0) ||
		    str_starts_with(str_slice(address, i, address.n), STR("\xE3\x80\x80")))
			return false;
	return head > 0 && is_host(str_slice(address, head, end));
}
