/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One's own: name, language, password, second step, sessions, API tokens. */
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/rows.h"

enum { TOKEN_DAYS = 365, TOKEN_DAYS_MAX = 366 };

static const struct {
	const char *field;
	uint64_t scope;
	unsigned who;
} scopes[] = {
        {"check", TOKEN_CHECK, WHO_MEMBER}, {"report", TOKEN_REPORT, WHO_MEMBER}, {"read", TOKEN_READ, WHO_PERSON}};

static json_t *scopes_json(const struct page *p, uint64_t bits)
{
	json_t *list = json_array();
	for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
		if (bits & scopes[i].scope)
			json_array_append_new(list, rows_text(p, "me.scope.", str_of(scopes[i].field), ""));
	return list;
}

static int put_tokens(struct page *p)
{
	struct keep_token_list_out out;
	json_t *list = json_array();
	page_put(p, "tokens", list);
	int r = keep_token_list(p->keep, &p->actor, &(struct keep_token_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.tokens.n; i++) {
		const struct keep_token *t = &out.tokens.at[i];
		json_t *j = json_object();
		json_object_set_new(j, "id", json_integer((json_int_t) t->id));
		json_object_set_new(j, "name", page_json_str(t->name));
		json_object_set_new(j, "scopes", scopes_json(p, t->scopes));
		json_object_set_new(j, "expires", page_json_time(t->expires_us));
		json_object_set_new(j, "used", page_json_time(t->used_us));
		json_array_append_new(list, j);
	}
	return r;
}

static int put_sessions(struct page *p)
{
	struct keep_session_list_out out;
	json_t *list = json_array();
	page_put(p, "sessions", list);
	int r = keep_session_list(p->keep, &p->actor, &(struct keep_session_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.sessions.n; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "created", page_json_time(out.sessions.at[i].created_us));
		json_object_set_new(j, "seen", page_json_time(out.sessions.at[i].seen_us));
		json_array_append_new(list, j);
	}
	return r;
}

static int show(struct page *p)
{
	static const char *const kept[] = {"token_name", "token_until", NULL};
	struct keep_person_get_out out;
	int r = keep_person_get(p->keep, &p->actor, &(struct keep_person_get_in){.id = p->person.id}, p->arena, &out);
	if (r < 0 || out.people.n == 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	rows_keep_fields(p, kept);
	page_put(p, "me", rows_person(p, &out.people.at[0]));
	page_put(p, "is_english", json_boolean(str_eq_c(out.people.at[0].language, "en")));
	page_put(p, "password_min", json_integer(PASSWORD_MIN_CHARACTERS));
	page_put(p, "may_check", json_boolean(page_may(p, WHO_MEMBER)));
	page_put(p, "done", json_boolean(page_query(p, "done").n > 0));
	r = put_sessions(p);
	return r < 0 ? r : put_tokens(p);
}

int me_page(struct page *p)
{
	return show(p);
}

static int finish(struct page *p, int r, const char *problem, const char *field)
{
	if (r == ERR_INVALID || r == ERR_TOO_LARGE || r == ERR_DENIED || r == ERR_BUSY) {
		page_problem(p, r == ERR_BUSY ? "login.problem.throttled" : problem, field);
		return show(p);
	}
	return r < 0 ? r : page_redirect(p, "/me?done=1");
}

int me_profile_page(struct page *p)
{
	struct keep_profile_change_out out;
	struct str language = page_field(p, "language");
	struct keep_profile_change_in in = {.name = str_trim(page_field(p, "name")), .language = language};
	int r = in.name.n == 0 ? ERR_INVALID : keep_profile_change(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0)
		page_set_language(p, language_of(language));
	return finish(p, r, "me.problem.name", "name");
}

int me_mail_page(struct page *p)
{
	struct keep_profile_mail_out out;
	struct keep_profile_mail_in in = {.mail = str_trim(page_field(p, "mail")),
	                                  .reminds = page_has_field(p, "reminds")};
	int r = keep_profile_mail(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID)
		page_put_str(p, "typed_mail", in.mail);
	return finish(p, r, "mail.problem.address", "mail");
}

int me_password_page(struct page *p)
{
	struct keep_password_change_out out;
	struct keep_password_change_in in = {
	        .old = page_field(p, "old"), .fresh = page_field(p, "fresh"), .keep_token = p->session};
	int r = keep_password_change(p->keep, &p->actor, &in, p->arena, &out);
	return finish(p, r, r == ERR_DENIED ? "me.problem.old" : "me.problem.fresh", r == ERR_DENIED ? "old" : "fresh");
}

int me_sessions_page(struct page *p)
{
	struct keep_session_end_all_out out;
	struct keep_session_end_all_in in = {.person = p->person.id};
	int r = keep_session_end_all(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r;
	page_end_session(p);
	return page_redirect(p, "/login");
}

int me_second_factor_remove_page(struct page *p)
{
	struct keep_totp_remove_out out;
	struct keep_totp_remove_in in = {.person = p->person.id};
	int r = keep_totp_remove(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/me?done=1");
}

int me_token_page(struct page *p)
{
	struct keep_token_new_out out;
	struct keep_token_new_in in = {.name = str_trim(page_field(p, "token_name"))};
	for (size_t i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
		if (page_has_field(p, scopes[i].field) && page_may(p, scopes[i].who))
			in.scopes |= scopes[i].scope;
	int r = rows_day(p, page_field(p, "token_until"), &in.expires_us);
	if (r >= 0 && (in.name.n == 0 || in.scopes == 0))
		r = ERR_INVALID;
	if (r >= 0 && in.expires_us == 0)
		in.expires_us = p->now_us + TOKEN_DAYS * CLOCK_DAY_US;
	if (r >= 0 && in.expires_us > p->now_us + TOKEN_DAYS_MAX * CLOCK_DAY_US)
		r = ERR_INVALID;
	if (r >= 0)
		r = keep_token_new(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return finish(p, r, "me.problem.token", "token_name");
	page_put_str(p, "fresh_token", out.token);
	return show(p);
}

int me_token_revoke_page(struct page *p)
{
	struct keep_token_revoke_in in = {0};
	struct keep_token_revoke_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_token_revoke(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/me?done=1");
}
