/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

bool ip_is_address(struct str text)
{
	char copy[INET6_ADDRSTRLEN] = "";
	struct in6_addr bytes;
	if (text.n == 0 || text.n >= sizeof(copy) || memchr(text.p, 0, text.n))
		return false;
	memcpy(copy, text.p, text.n);
	return inet_pton(AF_INET, copy, &bytes) == 1 || inet_pton(AF_INET6, copy, &bytes) == 1;
}
