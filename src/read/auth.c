/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/auth.h"

#include "base/check.h"

enum { WORD_MAX_BYTES = 255 };

/* s without comments in brackets. */
static struct str without_comments(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0, depth = 0;
	bool quoted = false;
	for (size_t i = 0; p && i < s.n; i++) {
		quoted ^= s.p[i] == '"' && depth == 0;
		if (s.p[i] == '(' && !quoted)
			depth++;
		else if (s.p[i] == ')' && !quoted && depth > 0)
			depth--;
		else if (depth == 0)
			p[n++] = s.p[i];
	}
	return str_make(p, n);
}

static struct str lower(struct str s, struct arena *a)
{
	s = str_slice(s, 0, WORD_MAX_BYTES);
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; p && i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return reading_cut_utf8(str_make(p, p ? s.n : 0), WORD_MAX_BYTES - 3);
}

/* The value of "name=value" in s. */
static struct str property(struct str s, struct str name)
{
	for (size_t i = 0; (i = str_find_icase(s, name, i)) != STR_NOT_FOUND; i++) {
		if (i > 0 && !ascii_is_space(s.p[i - 1]) && s.p[i - 1] != ';')
			continue;
		size_t k = i + name.n;
		while (k < s.n && s.p[k] == ' ')
			k++;
		if (k >= s.n || s.p[k] != '=')
			continue;
		struct str v = str_trim(str_slice(s, k + 1, s.n));
		if (v.n > 0 && v.p[0] == '"')
			return str_slice(v, 1, str_find_char(v, '"', 1));
		size_t end = 0;
		while (end < v.n && !ascii_is_space(v.p[end]) && v.p[end] != ';')
			end++;
		return str_slice(v, 0, end);
	}
	return (struct str){NULL, 0};
}

static struct str domain_of(struct str address)
{
	size_t at = str_rfind_char(address, '@');
	struct str d = at == STR_NOT_FOUND ? address : str_slice(address, at + 1, address.n);
	while (d.n > 0 && (d.p[d.n - 1] == '>' || d.p[d.n - 1] == '.'))
		d.n--;
	return d;
}

static struct str subject_of(struct str method, struct str s)
{
	static const struct str spf[] = {{"smtp.mailfrom", 13}, {"smtp.mail", 9}, {"smtp.helo", 9}};
	static const struct str dkim[] = {{"header.d", 8}, {"header.i", 8}, {"header.from", 11}};
	static const struct str other[] = {{"header.from", 11}, {"header.d", 8}, {"policy.from", 11}};
	const struct str *names = str_eq(method, STR("spf")) ? spf : str_eq(method, STR("dkim")) ? dkim : other;
	for (size_t i = 0; i < 3; i++) {
		struct str v = property(s, names[i]);
		if (v.n > 0)
			return domain_of(v);
	}
	return (struct str){NULL, 0};
}

static bool is_known(struct str method)
{
	static const char *const methods[] = {"spf", "dkim", "dmarc", "arc", "compauth"};
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (str_eq_c(method, methods[i]))
			return true;
	return false;
}

static void add(struct reading *r, struct str server, struct str method, struct str result, struct str domain,
                uint32_t part)
{
	struct auth_result *slot = document_add_auth_result(r->doc, r->a);
	if (slot)
		*slot = (struct auth_result){server, method, lower(result, r->a), lower(domain, r->a), part};
}

/* "method[/version] = result ptype.property=value ..." */
static void read_result(struct reading *r, struct str s, struct str server, uint32_t part)
{
	size_t equals = str_find_char(s, '=', 0);
	if (equals == STR_NOT_FOUND)
		return;
	struct str method = str_trim(str_slice(s, 0, equals));
	method = lower(str_slice(method, 0, str_find_char(method, '/', 0)), r->a);
	struct str rest = str_trim(str_slice(s, equals + 1, s.n));
	size_t end = 0;
	while (end < rest.n && (ascii_is_alnum(rest.p[end]) || rest.p[end] == '-'))
		end++;
	if (is_known(method) && end > 0)
		add(r, server, method, str_slice(rest, 0, end), subject_of(method, str_slice(rest, end, rest.n)), part);
}

static void read_received_spf(struct reading *r, struct str text, uint32_t part)
{
	struct str s = str_trim(text);
	size_t end = 0;
	while (end < s.n && ascii_is_alnum(s.p[end]))
		end++;
	/* "pass (server.example: domain of a@b designates ...) ...; envelope-from=..." */
	size_t open = str_find_char(s, '(', 0);
	size_t colon = open == STR_NOT_FOUND ? STR_NOT_FOUND : str_find_char(s, ':', open);
	struct str server = colon == STR_NOT_FOUND ? STR("") : str_trim(str_slice(s, open + 1, colon));
	if (str_find_char(server, ' ', 0) != STR_NOT_FOUND)
		server = property(s, STR("receiver"));
	struct str plain = without_comments(s, r->a);
	struct str domain = property(plain, STR("envelope-from"));
	if (domain.n == 0)
		domain = property(plain, STR("helo"));
	if (end > 0)
		add(r, lower(server, r->a), STR("spf"), str_slice(s, 0, end), domain_of(domain), part);
}

void auth_read(struct reading *r, struct str text, uint32_t part, bool received_spf)
{
	if (received_spf) {
		read_received_spf(r, text, part);
		return;
	}
	struct str one, rest = without_comments(text, r->a), server = STR("");
	bool first = true;
	while (str_split(&rest, ';', &one)) {
		one = str_trim(one);
		/* Some servers leave their name out and begin with a result. */
		if (first && str_find_char(one, '=', 0) == STR_NOT_FOUND)
			server = lower(str_slice(one, 0, str_find_char(one, ' ', 0)), r->a);
		else
			read_result(r, one, server, part);
		first = false;
	}
}
