/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the handlers of generative AI ask about names, addresses and people. */
#include <arpa/inet.h>
#include <string.h>

#include "base/err.h"
#include "keep/ai.h"

enum { HOST_MAX_BYTES = 253 };

/* Of "https://host:port/path"; empty when it has another form. */
static struct str host_of(struct str url, bool *ret_is_plain)
{
	*ret_is_plain = str_starts_with(url, STR("http://"));
	if (!*ret_is_plain && !str_starts_with(url, STR("https://")))
		return STR("");
	struct str rest = str_slice(url, *ret_is_plain ? 7 : 8, url.n);
	size_t end = str_find_char(rest, '/', 0);
	rest = str_slice(rest, 0, end == STR_NOT_FOUND ? rest.n : end);
	if (str_find_char(rest, '@', 0) != STR_NOT_FOUND)
		return STR("");
	if (rest.n > 0 && rest.p[0] == '[') {
		end = str_find_char(rest, ']', 0);
		return end == STR_NOT_FOUND ? STR("") : str_slice(rest, 1, end);
	}
	end = str_find_char(rest, ':', 0);
	return str_slice(rest, 0, end == STR_NOT_FOUND ? rest.n : end);
}

/* RFC 1918, RFC 6598 left out, loopback, link-local. */
static bool is_inside_v4(uint32_t a)
{
	return a >> 24 == 127 || a >> 24 == 10 || a >> 20 == 0xAC1 || a >> 16 == 0xC0A8 || a >> 16 == 0xA9FE;
}

/* ::1, fc00::/7 (RFC 4193), fe80::/10 */
static bool is_inside_v6(const unsigned char a[16])
{
	static const unsigned char loopback[16] = {[15] = 1};
	return memcmp(a, loopback, 16) == 0 || (a[0] & 0xFE) == 0xFC || (a[0] == 0xFE && (a[1] & 0xC0) == 0x80);
}

static bool host_is_inside(struct str host)
{
	static const char *const endings[] = {".local", ".lan", ".internal", ".home.arpa", ".localhost"};
	char text[HOST_MAX_BYTES + 1];
	unsigned char address[16];

	if (host.n == 0 || host.n > HOST_MAX_BYTES)
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	if (inet_pton(AF_INET, text, address) == 1)
		return is_inside_v4((uint32_t) address[0] << 24 | (uint32_t) address[1] << 16 |
		                    (uint32_t) address[2] << 8 | address[3]);
	if (inet_pton(AF_INET6, text, address) == 1)
		return is_inside_v6(address);
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		if (str_ends_with_icase(host, str_of(endings[i])))
			return true;
	}
	return str_find_char(host, '.', 0) == STR_NOT_FOUND;
}

bool ai_url_is_inside(struct str url)
{
	bool is_plain;
	return host_is_inside(host_of(url, &is_plain));
}

int ai_check_url(struct str url, bool must_be_inside)
{
	bool is_plain;

	if (check_line(url, 1, AI_URL_MAX_BYTES) < 0 || url.p[url.n - 1] == '/')
		return ERR_INVALID;
	for (size_t i = 0; i < url.n; i++) {
		if (!ascii_is_alnum(url.p[i]) && !memchr("-._~:/%[]", url.p[i], 9))
			return ERR_INVALID;
	}
	struct str host = host_of(url, &is_plain);
	bool is_inside = host_is_inside(host);
	if (host.n == 0 || (!is_inside && (is_plain || must_be_inside)))
		return ERR_INVALID;
	return 0;
}

bool ai_is_patrol(const struct keeper *k)
{
	return keeper_is_manager(k) || k->person.role == ROLE_OFFICER;
}

bool ai_is_member(const struct keeper *k)
{
	return k->person.id > 0 && k->person.role != ROLE_EXPERT;
}

int ai_record(struct keeper *k, const char *kind, struct str name, const char *fact, uint64_t number)
{
	struct event e = event_make(kind, k->now_us);
	if (name.n > 0)
		event_set_name(&e, name);
	event_add_number(&e, fact, (int64_t) number);
	return keeper_record(k, &e);
}
