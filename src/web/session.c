/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is asking, and may they do it? A person is known by a session (cookie) or an API token (Authorization: Bearer).
 * Forms carry a token against forgery: the session's own, or for those who are not signed in yet one that the browser
 * must send twice, as a cookie and in the form. Origin and Sec-Fetch-Site must not speak against it either. */
#include <sys/random.h>

#include "base/err.h"
#include "web/site-inside.h"

static struct str header(const struct page *p, const char *name)
{
	return http_field(p->inside->message, name);
}

static struct str cookie(const struct page *p, const char *name)
{
	return cookie_value(header(p, "Cookie"), name);
}

static bool is_language(struct str tag)
{
	return str_eq_c(tag, "ja") || str_eq_c(tag, "en");
}

void session_choose_language(struct page *p, struct str persons)
{
	struct str asked = page_query(p, "lang"), kept = cookie(p, COOKIE_LANGUAGE);
	if (is_language(asked))
		page_set_language(p, language_of(asked));
	else if (is_language(kept))
		p->language = language_of(kept);
	else if (is_language(persons))
		p->language = language_of(persons);
	else
		p->language = language_negotiate(header(p, "Accept-Language"));
}

static unsigned flag_of_scopes(uint64_t scopes)
{
	unsigned flags = 0;
	flags |= scopes & TOKEN_CHECK ? (unsigned) PAGE_TOKEN_CHECK : 0;
	flags |= scopes & TOKEN_REPORT ? (unsigned) PAGE_TOKEN_REPORT : 0;
	flags |= scopes & TOKEN_READ ? (unsigned) PAGE_TOKEN_READ : 0;
	return flags;
}

static int find_by_token(struct page *p, struct str token)
{
	const struct site_keeper *k = &p->inside->site->options.keeper;
	struct page_person person = {0};
	struct str language = {NULL, 0};
	uint64_t scopes = 0;
	if (!cookie_is_word(token, TOKEN_MAX_BYTES))
		return PROBLEM_SIGN_IN;
	int r = k->find_token(k->context, &p->actor, token, p->arena, &person, &language, &scopes);
	if (r == ERR_NOT_FOUND || r == ERR_DENIED || r == ERR_INVALID)
		return PROBLEM_SIGN_IN;
	if (r < 0)
		return problem_of_error(r);
	p->person = person;
	p->person.by_token = true;
	session_choose_language(p, language);
	const struct page_entry *entry = p->inside->route.entry;
	bool is_open = entry && entry->flags & PAGE_API && entry->who == WHO_ANYBODY; /* the list of addresses */
	return is_open || (entry && entry->flags & flag_of_scopes(scopes)) ? -1 : PROBLEM_DENIED;
}

static int find_by_session(struct page *p, struct str token)
{
	const struct site_keeper *k = &p->inside->site->options.keeper;
	struct page_person person = {0};
	struct str language = {NULL, 0}, csrf;
	int r = k->find_session(k->context, &p->actor, token, p->arena, &person, &language, &csrf);
	if (r == ERR_NOT_FOUND || r == ERR_DENIED || r == ERR_INVALID)
		return -1;
	if (r < 0)
		return problem_of_error(r);
	p->person = person;
	p->session = token;
	p->csrf = csrf;
	p->inside->expected_csrf = csrf;
	session_choose_language(p, language);
	return -1;
}

int session_find_person(struct page *p)
{
	struct str authorization = header(p, "Authorization");
	struct str session = cookie(p, COOKIE_SESSION);
	int problem = -1;

	session_choose_language(p, (struct str){NULL, 0});
	if (str_starts_with_icase(authorization, STR("Bearer "))) {
		p->inside->has_token = true;
		p->inside->is_json = true;
		problem = find_by_token(p, str_trim(str_slice(authorization, 7, authorization.n)));
	} else if (cookie_is_word(session, TOKEN_MAX_BYTES)) {
		problem = find_by_session(p, session);
	}
	p->actor.person = p->person.id;
	return problem;
}

static void lead_to_second_factor(struct page *p)
{
	for (const struct page_entry *e = p->inside->site->options.table; e->path; e++)
		if (e->flags & PAGE_BEFORE_SECOND_FACTOR && e->methods & METHOD_GET) {
			page_redirect(p, e->path);
			return;
		}
}

int session_check_who(struct page *p)
{
	const struct page_entry *entry = p->inside->route.entry;
	if (entry->who == WHO_ANYBODY)
		return -1;
	if (p->person.id == 0)
		return PROBLEM_SIGN_IN;
	if (!page_may(p, entry->who))
		return PROBLEM_DENIED;
	if (p->person.needs_second_factor && !(entry->flags & PAGE_BEFORE_SECOND_FACTOR))
		lead_to_second_factor(p);
	return -1;
}

static bool is_same_secret(struct str a, struct str b)
{
	unsigned char different = 0;
	if (a.n != b.n || a.n == 0)
		return false;
	for (size_t i = 0; i < a.n; i++)
		different |= (unsigned char) (a.p[i] ^ b.p[i]);
	return different == 0;
}

/* "https://host:port" must be the host that the request went to. */
static bool is_own_origin(const struct page *p, struct str origin)
{
	size_t at = str_find(origin, STR("://"), 0);
	return at != STR_NOT_FOUND && str_eq_icase(str_slice(origin, at + 3, origin.n), p->inside->message->host);
}

int session_check_form(const struct page *p)
{
	struct str site = header(p, "Sec-Fetch-Site"), origin = header(p, "Origin");
	struct str given = page_field(p, "csrf");
	if (p->inside->has_token)
		return -1;
	if (site.n > 0 && !str_eq_c(site, "same-origin") && !str_eq_c(site, "none"))
		return PROBLEM_FORM_EXPIRED;
	if (origin.n > 0 && !is_own_origin(p, origin))
		return PROBLEM_FORM_EXPIRED;
	if (given.n == 0)
		given = header(p, "X-CSRF-Token");
	return is_same_secret(given, p->inside->expected_csrf) ? -1 : PROBLEM_FORM_EXPIRED;
}

static struct str random_word(struct page *p)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[FORM_TOKEN_DIGITS / 2];
	char *word = arena_alloc(p->arena, FORM_TOKEN_DIGITS);
	CHECK(word && getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		word[2 * i] = digits[bytes[i] >> 4];
		word[2 * i + 1] = digits[bytes[i] & 15];
	}
	return str_make(word, FORM_TOKEN_DIGITS);
}

void session_prepare_form_token(struct page *p)
{
	struct str kept = cookie(p, COOKIE_FORM);
	if (p->csrf.n > 0 || p->inside->has_token)
		return;
	if (kept.n == FORM_TOKEN_DIGITS && cookie_is_word(kept, FORM_TOKEN_DIGITS)) {
		p->csrf = kept;
		p->inside->expected_csrf = kept;
		return;
	}
	p->csrf = random_word(p);
	cookie_add(p, COOKIE_FORM, p->csrf, false, COOKIE_SECONDS);
}
