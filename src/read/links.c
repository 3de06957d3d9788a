/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A candidate begins where "://", "www." or a dot or "@" between host characters stands; it is then grown to both
 * sides. Full-width letters count as their narrow ones and invisible characters as nothing, because both are used to
 * hide addresses. Japanese letters, brackets and punctuation end an address: 「https://example.jp/です」 ends before
 * で. */
#include "read/links.h"

#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"

enum { URL_MAX_BYTES = 8 * 1024, HOST_MAX_BYTES = 253, LOCAL_MAX_BYTES = 128 };

/* One seen character: its narrow ASCII form, 0 for an invisible one, -1 for any other. */
struct glyph {
	int c;
	uint32_t n;
};

static struct glyph glyph_at(struct str s, size_t i)
{
	unsigned char b = (unsigned char) s.p[i];
	if (b < 0x80)
		return (struct glyph){b, 1};
	uint32_t n = b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
	if (i + n > s.n)
		return (struct glyph){-1, (uint32_t) (s.n - i)};
	if (n == 2)
		return (struct glyph){b == 0xC2 && (unsigned char) s.p[i + 1] == 0xAD ? 0 : -1, n};
	unsigned code = n == 3 ? (b & 0x0FU) << 12 | ((unsigned char) s.p[i + 1] & 0x3FU) << 6 |
	                                 ((unsigned char) s.p[i + 2] & 0x3FU)
	                       : 0;
	if (code >= 0xFF01 && code <= 0xFF5E)
		return (struct glyph){(int) (code - 0xFEE0), n};
	if (code == 0x3002 || code == 0xFF61)
		return (struct glyph){-1, n};
	bool invisible = (code >= 0x200B && code <= 0x200F) || (code >= 0x2060 && code <= 0x2064) || code == 0xFEFF ||
	                 (code >= 0xFE00 && code <= 0xFE0F);
	return (struct glyph){invisible ? 0 : -1, n};
}

/* Where the character before i begins. */
static size_t before(struct str s, size_t i)
{
	do
		i--;
	while (i > 0 && ((unsigned char) s.p[i] & 0xC0) == 0x80);
	return i;
}

static bool is_host_char(int c)
{
	return c > 0 && (ascii_is_alnum((char) c) || c == '-' || c == '.' || c == '_');
}

static bool is_url_char(int c)
{
	return c > ' ' && c < 0x7F && c != '<' && c != '>' && c != '"' && c != '`' && c != '{' && c != '}' &&
	       c != '|' && c != '\\' && c != '^';
}

static bool is_local_char(int c)
{
	return c > 0 && (ascii_is_alnum((char) c) || strchr(".!#$%&'*+-/=?^_{|}~", c) != NULL);
}

/* Full-width punctuation that is Japanese text rather than part of an address. */
static bool ends_url(struct glyph g)
{
	return g.n == 3 && g.c > 0 && strchr("()[]{}<>\"',;!|^`~", g.c) != NULL;
}

static uint32_t code_at(struct str s, size_t i, uint32_t n)
{
	uint32_t code = (unsigned char) s.p[i] & (n == 2 ? 0x1FU : n == 3 ? 0x0FU : 0x07U);
	for (uint32_t k = 1; k < n && i + k < s.n; k++)
		code = code << 6 | ((unsigned char) s.p[i + k] & 0x3FU);
	return code;
}

/* Where in a host the reading is: other letters may stand in it, Japanese ones only where a label begins with them. */
struct host_place {
	bool ended, label_begins, label_japanese;
};

static bool takes_letter(struct host_place *h, uint32_t code)
{
	bool alphabet = (code >= 0xC0 && code < 0x590) || (code >= 0x1E00 && code < 0x2000);
	bool japanese = (code >= 0x3040 && code < 0x3100) || (code >= 0x3400 && code < 0xA000) || code == 0x3005;
	if (h->ended || (!alphabet && !(japanese && (h->label_begins || h->label_japanese))))
		return false;
	h->label_japanese |= japanese;
	h->label_begins = false;
	return true;
}

static void pass_host(struct host_place *h, int c)
{
	h->ended |= c == '/' || c == '?' || c == '#';
	h->label_begins = c == '.' || c == '@';
	h->label_japanese &= !h->label_begins;
}

/* Reads URL characters from i on, narrowed, without what closes the sentence behind it. */
static void grow_url(struct str s, size_t i, struct buf *narrow, size_t *ret_end)
{
	size_t end = i, kept = narrow->n, open = 0;
	struct host_place host = {.label_begins = true};
	while (i < s.n && narrow->n < URL_MAX_BYTES) {
		struct glyph g = glyph_at(s, i);
		bool dot = str_starts_with(str_slice(s, i, i + 3), STR("[.]"));
		if (g.c < 0 ? !takes_letter(&host, code_at(s, i, g.n)) : ends_url(g) || (g.c > 0 && !is_url_char(g.c)))
			break;
		if (g.c == ')' && open == 0)
			break;
		open += g.c == '(';
		open -= g.c == ')';
		size_t from = i;
		i += dot ? 3 : g.n;
		if (g.c == 0)
			continue;
		if (g.c < 0)
			buf_add(narrow, s.p + from, g.n);
		else
			buf_add_char(narrow, dot ? '.' : (char) g.c);
		if (g.c > 0)
			pass_host(&host, dot ? '.' : g.c);
		if (g.c < 0 || dot || !strchr(".,;:!?'*", g.c)) {
			end = i;
			kept = narrow->n;
		}
	}
	narrow->n = kept;
	*ret_end = end;
}

static const char *const schemes[] = {"https", "http", "hxxps",  "hxxp",       "ttps",     "ttp",
                                      "ftp",   "line", "intent", "javascript", "itms-apps"};

/* The scheme that ends at i (just before "://"): the place where it begins. */
static size_t scheme_before(struct str s, size_t i, const char **ret)
{
	char word[16];
	size_t n = 0, start = i, from = i;
	while (start > 0 && n < sizeof(word)) {
		size_t k = before(s, start);
		struct glyph g = glyph_at(s, k);
		if (g.c < 0 || (g.c > 0 && !ascii_is_alnum((char) g.c) && g.c != '-'))
			break;
		start = k;
		if (g.c > 0)
			word[sizeof(word) - ++n] = ascii_lower((char) g.c);
		for (size_t j = 0; j < ARRAY_SIZE(schemes); j++)
			if (n > 0 && str_eq_c(str_make(word + sizeof(word) - n, n), schemes[j]) &&
			    (from == i || strlen(*ret) < n)) {
				*ret = schemes[j];
				from = start;
			}
	}
	return from;
}

static int add(struct found_links *ret, struct arena *a, size_t start, size_t end, const char *prefix, struct str rest,
               bool mail)
{
	struct found_link *l = ARENA_PUSH(a, ret);
	if (!l)
		return ERR_TOO_LARGE;
	*l = (struct found_link){(uint32_t) start, (uint32_t) end, arena_printf(a, "%s%.*s", prefix, STR_ARG(rest)),
	                         mail};
	return l->url.p ? 0 : ERR_TOO_LARGE;
}

static const char *true_scheme(const char *seen)
{
	if (str_eq_c(STR("hxxps"), seen) || str_eq_c(STR("ttps"), seen))
		return "https";
	if (str_eq_c(STR("hxxp"), seen) || str_eq_c(STR("ttp"), seen))
		return "http";
	return seen;
}

/* "://" at i, which is len bytes long. */
static int take_scheme(struct str s, size_t i, size_t len, size_t from, struct arena *a, struct found_links *ret,
                       size_t *ret_end)
{
	const char *seen = NULL;
	struct buf narrow = buf_make(URL_MAX_BYTES + 64);
	size_t end, start = scheme_before(s, i, &seen);
	int r = 0;
	*ret_end = i + len;
	if (!seen || start < from)
		return 0;
	grow_url(s, i + len, &narrow, &end);
	if (narrow.n > 0) {
		char prefix[24];
		snprintf(prefix, sizeof(prefix), "%s://", true_scheme(seen));
		r = add(ret, a, start, end, prefix, buf_str(&narrow), false);
		*ret_end = end;
	}
	buf_done(&narrow);
	return r;
}

/* Endings that make a host without a scheme an address: those that occur in Japan and in fraud. */
static bool is_known_ending(struct str label)
{
	static const char *const endings[] = {
	        "com",   "net", "org",  "jp",   "cn",   "info",  "biz",   "co",      "io",   "me",     "ly",
	        "gd",    "to",  "cc",   "tv",   "top",  "xyz",   "icu",   "shop",    "site", "online", "club",
	        "vip",   "cfd", "cyou", "buzz", "work", "live",  "life",  "link",    "app",  "dev",    "asia",
	        "tokyo", "tk",  "ml",   "ga",   "cf",   "gq",    "ru",    "us",      "uk",   "kr",     "tw",
	        "hk",    "in",  "id",   "vn",   "br",   "de",    "fr",    "eu",      "su",   "pw",     "ws",
	        "su",    "sbs", "bond", "lol",  "mom",  "store", "space", "website", "page", "be",     "gl",
	        "li",    "ink", "win",  "bid",  "loan", "men",   "date",  "qr",      "ai"};
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (str_eq_icase(label, str_of(endings[i])))
			return true;
	return str_starts_with_icase(label, STR("xn--"));
}

static bool is_host(struct str host)
{
	size_t dot = str_rfind_char(host, '.');
	if (dot == STR_NOT_FOUND || dot == 0 || host.n > HOST_MAX_BYTES || str_contains(host, STR("..")))
		return false;
	return is_known_ending(str_slice(host, dot + 1, host.n));
}

static size_t grow_back(struct str s, size_t i, size_t from, bool (*fits)(int), size_t max)
{
	for (size_t n = 0; i > from && n < max; n++) {
		size_t k = before(s, i);
		struct glyph g = glyph_at(s, k);
		if (g.c < 0 || (g.c > 0 && !fits(g.c)))
			break;
		i = k;
	}
	return i;
}

/* A dot at i between host characters: a host without a scheme. */
static int take_bare(struct str s, size_t i, size_t from, struct arena *a, struct found_links *ret, size_t *ret_end)
{
	struct buf narrow = buf_make(URL_MAX_BYTES + 64);
	size_t end, start = grow_back(s, i, from, is_host_char, HOST_MAX_BYTES);
	int r = 0;
	if (start == i || (start > 0 && (s.p[start - 1] == '@' || s.p[start - 1] == '/'))) {
		*ret_end = i + 1;
		return 0;
	}
	while (start < i && (s.p[start] == '-' || s.p[start] == '.'))
		start++;
	/* First the host alone, so that a long row of dots costs little. */
	size_t host = start;
	while (host < s.n && narrow.n <= HOST_MAX_BYTES) {
		struct glyph g = glyph_at(s, host);
		if (g.c < 0 || (g.c > 0 && !is_host_char(g.c)))
			break;
		if (g.c > 0)
			buf_add_char(&narrow, (char) g.c);
		host += g.n;
	}
	while (narrow.n > HOST_MAX_BYTES && host < s.n && is_host_char((unsigned char) s.p[host]))
		host++;
	while (narrow.n > 0 && narrow.p[narrow.n - 1] == '.')
		narrow.n--;
	*ret_end = host > i ? host : i + 1;
	if (is_host(buf_str(&narrow))) {
		buf_clear(&narrow);
		grow_url(s, start, &narrow, &end);
		r = add(ret, a, start, end, "http://", buf_str(&narrow), false);
		*ret_end = end > i ? end : i + 1;
	}
	buf_done(&narrow);
	return r;
}

/* "@" at i: a mail address. */
static int take_mail(struct str s, size_t i, size_t len, size_t from, struct arena *a, struct found_links *ret,
                     size_t *ret_end)
{
	struct buf narrow = buf_make(LOCAL_MAX_BYTES * 8 + HOST_MAX_BYTES * 4);
	size_t start = grow_back(s, i, from, is_local_char, LOCAL_MAX_BYTES), end = i + len, kept = 0;
	*ret_end = i + len;
	while (start < i && strchr(".-'/*=&", s.p[start]))
		start++;
	for (size_t k = start; k < i + len; k += glyph_at(s, k).n)
		if (glyph_at(s, k).c > 0)
			buf_add_char(&narrow, (char) glyph_at(s, k).c);
	size_t host = narrow.n;
	for (size_t k = end; k < s.n && narrow.n < host + HOST_MAX_BYTES;) {
		struct glyph g = glyph_at(s, k);
		if (g.c < 0 || (g.c > 0 && !is_host_char(g.c)))
			break;
		k += g.n;
		if (g.c > 0)
			buf_add_char(&narrow, (char) g.c);
		if (g.c > 0 && ascii_is_alnum((char) g.c)) {
			end = k;
			kept = narrow.n;
		}
	}
	int r = 0;
	bool dotted = kept > host && str_find_char(str_make(narrow.p + host, kept - host), '.', 0) != STR_NOT_FOUND;
	if (start < i && dotted) {
		r = add(ret, a, start, end, "mailto:", str_make(narrow.p, kept), true);
		*ret_end = end;
	}
	buf_done(&narrow);
	return r;
}

/* Length of "://" at i, also full-width; 0 when it is not there. */
static size_t separator_at(struct str s, size_t i)
{
	static const char want[] = "://";
	size_t k = i;
	for (size_t n = 0; n < 3; n++) {
		struct glyph g = k < s.n ? glyph_at(s, k) : (struct glyph){-1, 0};
		if (g.c != want[n])
			return 0;
		k += g.n;
	}
	return k - i;
}

static bool may_begin(unsigned char c)
{
	return c == ':' || c == '@' || c == '.' || c == 0xEF;
}

int links_find(struct str s, size_t max, struct arena *a, struct found_links *ret)
{
	struct found_links out = {0};
	size_t from = 0;
	int r = 0;
	for (size_t i = 0; i < s.n && r >= 0;) {
		if (!may_begin((unsigned char) s.p[i])) {
			i++;
			continue;
		}
		struct glyph g = glyph_at(s, i);
		size_t end = i + g.n, count = out.n;
		size_t separator = g.c == ':' ? separator_at(s, i) : 0;
		if (out.n >= max) {
			out.too_many = separator > 0 || out.too_many;
			i += g.n;
			continue;
		}
		if (separator > 0)
			r = take_scheme(s, i, separator, from, a, &out, &end);
		else if (g.c == '@')
			r = take_mail(s, i, g.n, from, a, &out, &end);
		else if (g.c == '.')
			r = take_bare(s, i, from, a, &out, &end);
		i = end;
		if (out.n > count)
			from = end;
	}
	*ret = out;
	return r;
}
