/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail addresses (RFC 5321, what is in use of it) and names of machines inside: shares, hosts that only an own name
 * server knows. */
#include "leak/data.h"

enum {
	LOCAL_MAX_BYTES = 64,
	HOST_MAX_BYTES = 253,
	PATH_MAX_BYTES = 500,
	SCHEME_MAX_BYTES = 16,
};

static bool is_local_char(char c)
{
	return ascii_is_alnum(c) || (c != '\0' && strchr("._%+-'", c));
}

static bool is_host_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-';
}

/* ---- mail addresses ---- */

static bool is_file_ending(struct str top)
{
	static const char *const endings[] = {"png", "jpg", "jpeg", "gif", "svg", "webp",
	                                      "js",  "css", "ts",   "py",  "html"};
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (str_eq_icase(top, str_of(endings[i])))
			return true;
	return false;
}

/* End of a domain that begins at `at`; `at` itself when there is none. */
static size_t domain_end(struct str s, size_t at)
{
	size_t end = at;
	while (end < s.n && end - at < HOST_MAX_BYTES && is_host_char(s.p[end]))
		end++;
	while (end > at && !ascii_is_alnum(s.p[end - 1]))
		end--;
	struct str domain = str_slice(s, at, end);
	size_t dot = str_rfind_char(domain, '.');
	if (dot == STR_NOT_FOUND || dot == 0 || str_contains(domain, STR("..")))
		return at;
	struct str top = str_slice(domain, dot + 1, domain.n);
	for (size_t i = 0; i < top.n; i++)
		if (!ascii_is_alpha(top.p[i]) && !str_starts_with_icase(top, STR("xn--")))
			return at;
	size_t numbers = 0, others = 0;
	struct str rest = str_slice(domain, 0, dot), label;
	while (str_split(&rest, '.', &label)) {
		size_t digits = 0;
		while (digits < label.n && ascii_is_digit(label.p[digits]))
			digits++;
		numbers += digits == label.n;
		others += digits != label.n;
	}
	if (numbers > 1 && others == 0) /* package@1.2.beta */
		return at;
	return top.n >= 2 && !is_file_ending(top) ? end : at;
}

/* Addresses of a desk, printed on every web page, and those of examples belong to nobody: info@, support-jp@,
 * recruit2027@. */
static bool is_desk(struct str local)
{
	static const char *const desks[] = {
	        "info",        "support",     "contact",     "sales",     "help",         "noreply",       "no-reply",
	        "no_reply",    "donotreply",  "press",       "webmaster", "postmaster",   "hostmaster",    "admin",
	        "office",      "privacy",     "recruit",     "saiyo",     "saiyou",       "inquiry",       "inquiries",
	        "otoiawase",   "toiawase",    "customer",    "service",   "newsletter",   "security",      "abuse",
	        "mailmaga",    "magazine",    "helpdesk",    "marketing", "jobs",         "career",        "careers",
	        "billing",     "faq",         "soumu",       "jinji",     "keiri",        "eigyo",         "eigyou",
	        "koho",        "kouhou",      "uketsuke",    "madoguchi", "center",       "reserve",       "yoyaku",
	        "booking",     "reservation", "kaiin",       "members",   "feedback",     "media",         "legal",
	        "compliance",  "hr",          "ir",          "notice",    "notification", "notifications", "alert",
	        "alerts",      "subscribe",   "unsubscribe", "hello",     "reception",    "secretariat",   "jimukyoku",
	        "customercare"};
	static const char *const whole[] = {"mail",  "ask",   "shop", "order", "orders", "news", "cs",  "pr",
	                                    "it",    "team",  "dev",  "desk",  "system", "root", "bot", "mailer-daemon",
	                                    "dmarc", "staff", "all"};
	/* What stands in examples and forms. */
	static const char *const examples[] = {
	        "user",   "users",       "username", "name",    "yourname", "your-name", "your.name", "your_name",
	        "sample", "example",     "test",     "foo",     "bar",      "hoge",      "hogehoge",  "address",
	        "email",  "mailaddress", "abc",      "account", "someone",  "somebody",  "nobody",    "alias"};
	bool same = local.n >= 2;
	for (size_t i = 1; i < local.n; i++)
		same = same && local.p[i] == local.p[0];
	if (same)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(examples); i++)
		if (str_eq_icase(local, str_of(examples[i])))
			return true;
	size_t letters = 0;
	while (letters < local.n && (ascii_is_alpha(local.p[letters]) ||
	                             (local.p[letters] != '\0' && strchr("-_", local.p[letters]) && letters < 3)))
		letters++;
	for (size_t i = 0; i < ARRAY_SIZE(desks); i++)
		if (str_eq_icase(local, str_of(desks[i])) ||
		    str_eq_icase(str_slice(local, 0, letters), str_of(desks[i])))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		if (str_eq_icase(local, str_of(whole[i])))
			return true;
	return false;
}

/* user@host of a command (ssh, scp) or a path behind it: no mail address. */
static bool is_login(struct str s, size_t start, size_t end)
{
	static const char *const commands[] = {"ssh ",    "scp ",       "sftp ",   "rsync ", "ssh://",
	                                       "sftp://", "git+ssh://", "ssh -i ", "ssh -p "};
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (str_ends_with(str_make(s.p, start), str_of(commands[i])))
			return true;
	return end + 1 < s.n && s.p[end] == ':' &&
	       (s.p[end + 1] == '/' || s.p[end + 1] == '~' || ascii_is_alpha(s.p[end + 1]));
}

static void try_email(struct leak_state *st, const struct leak_anchor *a)
{
	struct str s = st->text;
	size_t start = a->start, from = a->end;
	bool spaced = false;
	if (start > 0 && s.p[start - 1] == ' ' && from < s.n && s.p[from] == ' ') {
		spaced = true;
		start--;
		from++;
	}
	size_t at = start;
	while (start > 0 && at - start < LOCAL_MAX_BYTES && is_local_char(s.p[start - 1]))
		start--;
	while (start < at && !ascii_is_alnum(s.p[start]) && s.p[start] != '_')
		start++;
	size_t end = domain_end(s, from);
	if (start == at || end == from || s.p[at - 1] == '.' || str_eq_c(str_slice(s, start, at), "git") ||
	    is_desk(str_slice(s, start, at)) || is_login(s, start, end))
		return;
	leak_add(st, start, end, LEAK_EMAIL, spaced || a->end - a->start > 1 ? LEAK_MEDIUM : LEAK_HIGH, "email");
}

void leak_find_emails(struct leak_state *st)
{
	size_t n;
	const struct leak_anchor *a = leak_anchors(st, &n);
	for (size_t i = 0; i < n; i++)
		if (a[i].kind == LEAK_ANCHOR_AT)
			try_email(st, &a[i]);
}

/* ---- shares ---- */

static size_t skip_slashes(struct str s, size_t at)
{
	size_t from = at;
	for (;;) {
		if (at < s.n && s.p[at] == '\\')
			at++;
		else if (at + 2 <= s.n && memcmp(s.p + at, "¥", 2) == 0)
			at += 2;
		else
			return at - from <= 8 ? at : from;
	}
}

/* Where a path ends: at white space, quotes, brackets, or the punctuation of a sentence. */
static size_t path_end(struct str s, size_t at)
{
	static const char *const stops[] = {"。", "、", "「", "」", "『", "』", "【", "】", "（", "）", "→"};
	size_t from = at;
	while (at < s.n && at - from < PATH_MAX_BYTES) {
		if ((unsigned char) s.p[at] <= ' ' || strchr("\"'<>|?*`,;()", s.p[at]))
			return at;
		if ((unsigned char) s.p[at] == 0xE3 || (unsigned char) s.p[at] == 0xE2)
			for (size_t i = 0; i < ARRAY_SIZE(stops); i++)
				if (at + 3 <= s.n && memcmp(s.p + at, stops[i], 3) == 0)
					return at;
		at++;
		while (at < s.n && ((unsigned char) s.p[at] & 0xC0) == 0x80)
			at++;
	}
	return at;
}

static size_t host_end(struct str s, size_t at)
{
	size_t from = at;
	while (at < s.n && at - from < HOST_MAX_BYTES && (is_host_char(s.p[at]) || s.p[at] == '_' || s.p[at] == '$'))
		at++;
	return at;
}

static void try_share(struct leak_state *st, const struct leak_anchor *a, size_t *done)
{
	struct str s = st->text;
	if (a->start < *done || (a->start > 0 && (s.p[a->start - 1] == '\\' || ascii_is_alnum(s.p[a->start - 1]))))
		return;
	size_t host = skip_slashes(s, a->start), after = host_end(s, host), share = skip_slashes(s, after);
	if (after - host < 2 || share == after)
		return;
	size_t end = path_end(s, share);
	*done = end;
	if (end > share)
		leak_add(st, a->start, end, LEAK_INTERNAL_ADDRESS, LEAK_HIGH, "file-server");
}

/* ---- hosts ---- */

static size_t url_end(struct str s, size_t at)
{
	size_t from = at;
	while (at < s.n && at - from < PATH_MAX_BYTES && s.p[at] > ' ' && s.p[at] < 0x7F &&
	       !strchr("\"'<>`|\\^{}", s.p[at]))
		at++;
	while (at > from && strchr(".,;:)]!?", s.p[at - 1]))
		at--;
	return at;
}

static size_t scheme_start(struct str s, size_t at)
{
	size_t start = at;
	while (start > 0 && at - start < SCHEME_MAX_BYTES && ascii_is_alnum(s.p[start - 1]))
		start--;
	return start;
}

static void try_host(struct leak_state *st, const struct leak_anchor *a)
{
	struct str s = st->text;
	size_t start = a->start, end = a->end;
	while (start > 0 && a->start - start < HOST_MAX_BYTES && is_host_char(s.p[start - 1]))
		start--;
	while (start < a->start && !ascii_is_alnum(s.p[start]))
		start++;
	if (start == a->start || (end < s.n && strchr("(=-_", s.p[end])) ||
	    (end + 1 < s.n && s.p[end] == '.' && ascii_is_alnum(s.p[end + 1])))
		return;
	if (start >= 3 && memcmp(s.p + start - 3, "://", 3) == 0) {
		start = scheme_start(s, start - 3);
		end = url_end(s, end);
	} else if (start > 0 && s.p[start - 1] == '@') {
		return; /* a mail address */
	}
	leak_add(st, start, end, LEAK_INTERNAL_ADDRESS, LEAK_HIGH, "internal-host");
}

/* A host without a dot in a URL is one of the own network. */
static void try_url(struct leak_state *st, const struct leak_anchor *a)
{
	static const char *const schemes[] = {"http", "https", "ftp", "smb",  "ssh",  "nfs",
	                                      "afp",  "cifs",  "rdp", "file", "ldap", "ldaps"};
	struct str s = st->text;
	size_t start = scheme_start(s, a->start), after = host_end(s, a->end);
	struct str scheme = str_slice(s, start, a->start), host = str_slice(s, a->end, after);
	bool known = false, letter = false;
	for (size_t i = 0; i < ARRAY_SIZE(schemes) && !known; i++)
		known = str_eq_icase(scheme, str_of(schemes[i]));
	for (size_t i = 0; i < host.n; i++)
		letter = letter || ascii_is_alpha(host.p[i]);
	if (!known || host.n < 2 || !letter || str_find_char(host, '.', 0) != STR_NOT_FOUND ||
	    str_eq_icase(host, STR("localhost")) || (after < s.n && s.p[after] == '@'))
		return;
	if (after >= s.n || !strchr("/:", s.p[after]))
		return;
	leak_add(st, start, url_end(s, after), LEAK_INTERNAL_ADDRESS, LEAK_HIGH, "internal-host");
}

void leak_find_places(struct leak_state *st)
{
	size_t n, done = 0;
	const struct leak_anchor *a = leak_anchors(st, &n);
	for (size_t i = 0; i < n; i++) {
		if (a[i].kind == LEAK_ANCHOR_SHARE)
			try_share(st, &a[i], &done);
		else if (a[i].kind == LEAK_ANCHOR_HOST)
			try_host(st, &a[i]);
		else if (a[i].kind == LEAK_ANCHOR_URL)
			try_url(st, &a[i]);
	}
}
