/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target = [scheme ":"] ["//"] [userinfo "@"] host [":" port] rest. Tabs and line ends are dropped and a backslash
 * counts as a slash, as in browsers, because that is how links are hidden from simpler readers. */
#include "judge/address.h"

#include <arpa/inet.h>
#include <libpsl.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "judge/host.h"

enum { PERCENT_BYTES = 3 };

static const struct {
	const char *scheme;
	uint32_t flag;
} schemes[] = {
        {"http", ADDRESS_WEB},
        {"https", ADDRESS_WEB},
        {"ftp", ADDRESS_WEB},
        {"data", ADDRESS_SCRIPT},
        {"javascript", ADDRESS_SCRIPT},
        {"vbscript", ADDRESS_SCRIPT},
        {"blob", ADDRESS_SCRIPT},
        {"mailto", ADDRESS_MAIL},
        {"tel", ADDRESS_TEL},
        {"sms", ADDRESS_TEL},
        {"smsto", ADDRESS_TEL},
        {"file", ADDRESS_FILE},
        {"intent", ADDRESS_WEB},
        {"market", 0},
        {"wifi", 0},
        {"matmsg", ADDRESS_MAIL},
        {"begin", 0},
        {"geo", 0},
};

/* A copy without control characters and outer white space, backslashes before the query turned to slashes. */
static struct str clean(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	bool before_query = true;

	if (!p)
		return (struct str){0};
	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if ((unsigned char) c < 0x20)
			continue;
		before_query = before_query && c != '?' && c != '#';
		p[n++] = c == '\\' && before_query ? '/' : c;
	}
	return str_make(p, n);
}

static bool is_scheme_char(char c)
{
	return ascii_is_alnum(c) || c == '+' || c == '-' || c == '.';
}

static struct str lower(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; p && i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return str_make(p, p ? s.n : 0);
}

/* Cuts "scheme:" off; a word with a dot or a port behind the colon is a host, not a scheme. */
static void read_scheme(struct str *rest, struct arena *a, struct address *ret)
{
	size_t n = 0;
	while (n < rest->n && is_scheme_char(rest->p[n]))
		n++;
	if (n == 0 || n >= rest->n || rest->p[n] != ':' || !ascii_is_alpha(rest->p[0]))
		return;
	struct str scheme = lower(str_slice(*rest, 0, n), a);
	bool slashes = n + 1 < rest->n && rest->p[n + 1] == '/';
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (str_eq_c(scheme, schemes[i].scheme)) {
			ret->scheme = scheme;
			ret->flags |= schemes[i].flag;
			*rest = str_slice(*rest, n + 1, rest->n);
			return;
		}
	}
	if (slashes) {
		ret->scheme = scheme;
		ret->flags |= ADDRESS_WEB;
		*rest = str_slice(*rest, n + 1, rest->n);
	}
}

static int hex_digit(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str percent_decode(struct str s, struct arena *a)
{
	if (str_find_char(s, '%', 0) == STR_NOT_FOUND)
		return s;
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(s.p[i + 2]) : -1;
		if (low >= 0)
			i += PERCENT_BYTES - 1;
		p[n++] = low >= 0 ? (char) (high * 16 + low) : s.p[i];
	}
	return str_make(p, p ? n : 0);
}

/* One number of an IPv4 address as inet_aton reads it: 0x1f, 017, 15. */
static bool read_ip_number(struct str s, uint64_t *ret, bool *odd)
{
	unsigned base = 10;
	uint64_t value = 0;

	if (s.n > 1 && s.p[0] == '0') {
		*odd = true;
		base = ascii_lower(s.p[1]) == 'x' ? 16 : 8;
		s = str_slice(s, base == 16 ? 2 : 1, s.n);
	}
	if (s.n > 12)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int digit = hex_digit(s.p[i]);
		if (digit < 0 || (unsigned) digit >= base)
			return false;
		value = value * base + (unsigned) digit;
	}
	*ret = value;
	return true;
}

/* 10/8, 172.16/12, 192.168/16 (RFC 1918) and 169.254/16 (RFC 3927). */
static bool is_private(uint64_t ip)
{
	return ip >> 24 == 10 || ip >> 20 == 0xAC1 || ip >> 16 == 0xC0A8 || ip >> 16 == 0xA9FE;
}

static bool read_ipv4(struct str host, struct arena *a, struct address *ret)
{
	uint64_t numbers[4], whole = 0;
	size_t count = 0;
	bool odd = false;
	struct str part;

	if (host.n == 0 || !(ascii_is_digit(host.p[0])))
		return false;
	while (str_split(&host, '.', &part)) {
		if (part.n == 0 && !host.p && count > 0)
			break;
		if (count == 4 || part.n == 0 || !read_ip_number(part, &numbers[count++], &odd))
			return false;
	}
	/* The last number fills all bytes that the earlier ones leave. */
	for (size_t i = 0; i < count; i++) {
		uint64_t most = i + 1 < count ? 255 : (1ULL << (8 * (5 - count))) - 1;
		if (numbers[i] > most)
			return false;
		whole = i + 1 < count ? whole | numbers[i] << (8 * (3 - i)) : whole | numbers[i];
	}
	ret->flags |= ADDRESS_IP | (odd || count < 4 ? ADDRESS_IP_ODD : is_private(whole) ? ADDRESS_PRIVATE : 0);
	ret->host = arena_printf(a, "%u.%u.%u.%u", (unsigned) (whole >> 24 & 255), (unsigned) (whole >> 16 & 255),
	                         (unsigned) (whole >> 8 & 255), (unsigned) (whole & 255));
	ret->ascii = ret->host;
	return true;
}

static bool read_ipv6(struct str host, struct arena *a, struct address *ret)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct in6_addr address;

	if (host.n < 4 || host.p[0] != '[' || host.p[host.n - 1] != ']')
		return false;
	struct str inner = str_slice(host, 1, host.n - 1);
	inner = str_slice(inner, 0, str_find_char(inner, '%', 0));
	if (inner.n >= sizeof(text))
		return false;
	memcpy(text, inner.p, inner.n);
	text[inner.n] = '\0';
	if (inet_pton(AF_INET6, text, &address) != 1)
		return false;
	ret->flags |= ADDRESS_IP;
	ret->host = ret->ascii = lower(host, a);
	return true;
}

static bool is_plain_host(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if (!ascii_is_alnum(host.p[i]) && host.p[i] != '.' && host.p[i] != '-' && host.p[i] != '_')
			return false;
	return str_find_icase(host, STR("xn--"), 0) == STR_NOT_FOUND;
}

/* What WHATWG's URL standard forbids in a domain. */
static bool is_forbidden_host(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if ((unsigned char) host.p[i] <= ' ' || host.p[i] == 0x7F || strchr("#/:<>?@[\\]^|%", host.p[i]))
			return true;
	return false;
}

static void find_registrable(struct arena *a, struct address *ret)
{
	const psl_ctx_t *list = psl_builtin();
	char *name = arena_cstr(a, ret->ascii);

	if (!list || !name || str_find_char(ret->ascii, '.', 0) == STR_NOT_FOUND)
		return;
	const char *suffix = psl_unregistrable_domain(list, name);
	if (!suffix || suffix == name)
		return;
	ret->suffix = str_of(suffix);
	const char *registrable = suffix - 1;
	while (registrable > name && registrable[-1] != '.')
		registrable--;
	if (registrable >= suffix - 1)
		return;
	ret->ascii_registrable = str_of(registrable);
	ret->label = str_slice(ret->ascii_registrable, 0, str_find_char(ret->ascii_registrable, '.', 0));
	ret->registrable =
	        ret->flags & ADDRESS_PUNYCODE ? host_to_unicode(ret->ascii_registrable, a) : ret->ascii_registrable;
	/* A suffix of one label is nobody's to rent out. */
	if (str_find_char(ret->suffix, '.', 0) != STR_NOT_FOUND && !psl_is_public_suffix2(list, suffix, PSL_TYPE_ICANN))
		ret->flags |= ADDRESS_RENTED;
}

static void read_host(struct str host, struct arena *a, struct address *ret)
{
	host = percent_decode(host, a);
	if (read_ipv6(host, a, ret))
		return;
	if (!is_plain_host(host)) {
		struct str ascii = host_to_ascii(host, a);
		if (ascii.n == 0 || is_forbidden_host(ascii)) {
			ret->flags |= ADDRESS_BAD_HOST;
			ret->host = ret->ascii = lower(host, a);
			return;
		}
		host = ascii;
	}
	if (read_ipv4(host, a, ret))
		return;
	if (host.n && host.p[host.n - 1] == '.')
		host.n--;
	ret->host = ret->ascii = lower(host, a);
	bool empty_label =
	        str_starts_with(host, STR(".")) || str_ends_with(host, STR(".")) || str_contains(host, STR(".."));
	if (host.n == 0 || host.n > ADDRESS_HOST_MAX_BYTES || empty_label) {
		ret->flags |= ADDRESS_BAD_HOST;
		return;
	}
	if (str_contains(ret->ascii, STR("xn--"))) {
		ret->flags |= ADDRESS_PUNYCODE;
		ret->host = host_to_unicode(ret->ascii, a);
		if (host_imitates(ret->host))
			ret->flags |= ADDRESS_MIXED;
	}
	find_registrable(a, ret);
}

static size_t authority_end(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '#')
			return i;
	return s.n;
}

static void read_authority(struct str authority, struct arena *a, struct address *ret)
{
	size_t at = str_rfind_char(authority, '@');
	if (at != STR_NOT_FOUND) {
		ret->userinfo = str_slice(authority, 0, at);
		ret->flags |= ADDRESS_USERINFO;
		authority = str_slice(authority, at + 1, authority.n);
	}
	size_t colon = str_rfind_char(authority, ':');
	uint64_t port;
	if (colon != STR_NOT_FOUND && str_find_char(authority, ']', colon) == STR_NOT_FOUND) {
		struct str number = str_slice(authority, colon + 1, authority.n);
		if (number.n == 0 || str_parse_u64(number, 65535, &port) >= 0) {
			bool usual = number.n == 0 || port == 443 || port == 80;
			ret->flags |= usual ? 0 : ADDRESS_PORT;
			authority = str_slice(authority, 0, colon);
		}
	}
	read_host(authority, a, ret);
}

int address_read(struct str target, struct arena *a, struct address *ret)
{
	*ret = (struct address){0};
	bool too_large = target.n > ADDRESS_MAX_BYTES;
	struct str rest = clean(str_slice(target, 0, ADDRESS_MAX_BYTES), a);

	if (str_starts_with(rest, STR("//")) && !str_starts_with(rest, STR("///")) &&
	    str_starts_with(str_trim(target), STR("\\\\")))
		ret->flags |= ADDRESS_FILE;
	read_scheme(&rest, a, ret);
	if (ret->flags & (ADDRESS_SCRIPT | ADDRESS_TEL))
		return too_large || arena_is_full(a) ? ERR_TOO_LARGE : 0;
	if (ret->flags & ADDRESS_MAIL) {
		struct str to = str_slice(rest, 0, str_find_char(rest, '?', 0));
		size_t at = str_rfind_char(to, '@');
		if (at != STR_NOT_FOUND)
			read_host(str_slice(to, at + 1, to.n), a, ret);
		return arena_is_full(a) ? ERR_TOO_LARGE : 0;
	}
	if (ret->scheme.n && !(ret->flags & (ADDRESS_WEB | ADDRESS_FILE)))
		return 0;
	while (rest.n && rest.p[0] == '/')
		rest = str_slice(rest, 1, rest.n);
	size_t end = authority_end(rest);
	ret->rest = str_slice(rest, end, rest.n);
	read_authority(str_slice(rest, 0, end), a, ret);
	if (!ret->scheme.n && ret->host.n)
		ret->flags |= ADDRESS_WEB;
	return too_large || arena_is_full(a) ? ERR_TOO_LARGE : 0;
}

int address_read_host(struct str host, struct arena *a, struct address *ret)
{
	*ret = (struct address){0};
	if (host.n > ADDRESS_MAX_BYTES)
		return ERR_TOO_LARGE;
	read_host(host, a, ret);
	return arena_is_full(a) ? ERR_TOO_LARGE : 0;
}
