/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An entry of open_redirects is "host path?parameter": host may begin with "*.", path and parameter may be missing. The
 * destination is what follows "parameter=", or the first http... behind the path, or what follows the path
 * (/amp/s/x.jp). Bing writes it as "a1" and base64url. */
#include "judge/redirect.h"

#include <string.h>

enum { BASE64_BITS = 6 };

static int hex_of(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str unescape(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && s.p && i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex_of(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_of(s.p[i + 2]) : -1;
		p[n++] = low >= 0 ? (char) (high * 16 + low) : s.p[i];
		i += low >= 0 ? 2 : 0;
	}
	return str_make(p, p ? n : 0);
}

/* The bytes of base64url up to the first character that is none of it. */
static struct str unbase64(struct str s, struct arena *a)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *p = arena_alloc(a, s.n + 1);
	uint32_t bits = 0;
	size_t n = 0, held = 0;
	for (size_t i = 0; p && s.p && i < s.n; i++) {
		const char *digit = s.p[i] ? strchr(digits, s.p[i]) : NULL;
		if (!digit)
			break;
		bits = (bits << BASE64_BITS | (uint32_t) (digit - digits)) & 0xFFFF;
		held += BASE64_BITS;
		if (held >= 8) {
			held -= 8;
			p[n++] = (char) (bits >> held & 0xFF);
		}
	}
	return str_make(p, p ? n : 0);
}

/* bank-co-jp.translate.goog stands for bank.co.jp; "--" is a hyphen there. */
static struct str translated_host(struct str host, struct arena *a)
{
	struct str name = str_slice(host, 0, host.n - (sizeof(".translate.goog") - 1));
	char *p = arena_alloc(a, name.n + 1);
	size_t n = 0;
	for (size_t i = 0; p && name.p && i < name.n; i++) {
		bool doubled = name.p[i] == '-' && i + 1 < name.n && name.p[i + 1] == '-';
		p[n++] = name.p[i] == '-' && !doubled ? '.' : name.p[i];
		i += doubled;
	}
	return str_make(p, p ? n : 0);
}

static bool host_fits(struct str host, struct str entry)
{
	if (str_starts_with(entry, STR("*.")))
		return str_ends_with(host, str_slice(entry, 1, entry.n));
	return str_eq(host, entry);
}

static struct str after_parameter(struct str rest, struct str parameter)
{
	for (size_t at = 0; parameter.n > 0 && (at = str_find_icase(rest, parameter, at)) != STR_NOT_FOUND;
	     at += parameter.n) {
		size_t end = at + parameter.n;
		bool begins = at > 0 && (rest.p[at - 1] == '?' || rest.p[at - 1] == '&' || rest.p[at - 1] == ';');
		if (begins && end < rest.n && rest.p[end] == '=')
			return str_slice(rest, end + 1, str_find_char(rest, '&', end));
	}
	return (struct str){0};
}

static struct str destination(const struct address *address, struct str path, struct str parameter, struct arena *a)
{
	struct str value = unescape(after_parameter(address->rest, parameter), a);
	if (str_starts_with(value, STR("a1aHR0c")))
		value = unbase64(str_slice(value, 2, value.n), a);
	if (value.n > 0 && str_find_char(value, '.', 0) != STR_NOT_FOUND)
		return value;
	struct str rest = unescape(str_slice(address->rest, path.n, address->rest.n), a);
	size_t at = str_find_icase(rest, STR("http"), 0);
	if (at != STR_NOT_FOUND)
		return str_slice(rest, at, str_find_char(rest, '&', at));
	return str_ends_with(path, STR("/s/")) ? rest : (struct str){0};
}

static struct str read_entry(const struct address *address, struct str entry, struct arena *a)
{
	size_t space = str_find_char(entry, ' ', 0);
	struct str place = space == STR_NOT_FOUND ? (struct str){0} : str_slice(entry, space + 1, entry.n);
	size_t question = str_find_char(place, '?', 0);
	struct str path = str_slice(place, 0, question);
	struct str parameter = question == STR_NOT_FOUND ? (struct str){0} : str_slice(place, question + 1, place.n);
	if (!host_fits(address->ascii, str_slice(entry, 0, space)) || !str_starts_with_icase(address->rest, path))
		return (struct str){0};
	return destination(address, path, parameter, a);
}

static struct str inner_text(const struct address *address, const struct rules *rules, struct arena *a)
{
	if (str_ends_with(address->ascii, STR(".translate.goog")))
		return translated_host(address->ascii, a);
	struct str_list all = rules_list_all(rules_list(rules, "open_redirects"));
	struct str found = {0};
	for (size_t i = 0; i < all.n && found.n == 0; i++)
		found = read_entry(address, all.at[i], a);
	return found;
}

bool redirect_inner(const struct address *address, const struct rules *rules, struct arena *a, struct address *ret)
{
	struct address now = *address, next;
	bool any = false;
	for (int level = 0; level < REDIRECT_LEVELS_MAX; level++) {
		struct str inner = inner_text(&now, rules, a);
		if (inner.n == 0 || address_read(inner, a, &next) < 0 || next.host.n == 0)
			break;
		now = next;
		any = true;
	}
	if (any)
		*ret = now;
	return any;
}
