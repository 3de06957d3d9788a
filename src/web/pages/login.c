/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Coming in and going out. A wrong name and a wrong password give the same answer. */
#include "base/err.h"
#include "web/pages/rows.h"

/* Only a path of our own may be gone to. */
static struct str next_path(const struct page *p)
{
	struct str next = page_has_field(p, "next") ? page_field(p, "next") : page_query(p, "next");
	bool is_own = next.n > 0 && next.p[0] == '/' && !str_starts_with(next, STR("//"));
	return is_own ? next : STR("/");
}

static int show(struct page *p, bool is_second, struct str waiting)
{
	static const char *const kept[] = {"login", NULL};
	rows_keep_fields(p, kept);
	page_put_str(p, "next", next_path(p));
	page_put(p, "is_second", json_boolean(is_second));
	page_put_str(p, "waiting", waiting);
	return 0;
}

static int answer(struct page *p, uint64_t outcome, struct str token, struct str waiting)
{
	bool is_second = waiting.n > 0;
	switch (outcome) {
	case LOGIN_OK:
		page_start_session(p, token);
		return page_redirect_str(p, next_path(p));
	case LOGIN_SECOND_FACTOR:
		return show(p, true, token);
	case LOGIN_THROTTLED:
		page_problem(p, "login.problem.throttled", "");
		page_set_status(p, 429);
		return show(p, is_second, waiting);
	default:
		page_problem(p, is_second ? "login.problem.code" : "login.problem.denied",
		             is_second ? "code" : "password");
		return show(p, is_second, waiting);
	}
}

static int second(struct page *p, struct str waiting)
{
	struct keep_second_factor_out out;
	struct keep_second_factor_in in = {.token = waiting, .code = str_trim(page_field(p, "code"))};
	int r = keep_second_factor(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_NOT_FOUND || r == ERR_INVALID) {
		page_problem(p, "login.problem.late", "");
		return show(p, false, STR(""));
	}
	if (r == ERR_BUSY || r == ERR_DENIED)
		return answer(p, r == ERR_BUSY ? LOGIN_THROTTLED : LOGIN_DENIED, STR(""), waiting);
	return r < 0 ? r : answer(p, out.outcome, out.token, waiting);
}

int login_page(struct page *p)
{
	struct keep_login_begin_out out;
	if (p->method == HTTP_GET && p->person.id != 0)
		return page_redirect_str(p, next_path(p));
	if (p->method == HTTP_GET)
		return show(p, false, STR(""));
	if (page_field(p, "waiting").n > 0)
		return second(p, page_field(p, "waiting"));
	const struct keep_login_begin_in in = {.login = str_trim(page_field(p, "login")),
	                                       .password = page_field(p, "password")};
	int r = keep_login_begin(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE || r == ERR_DENIED)
		return answer(p, LOGIN_DENIED, STR(""), STR(""));
	if (r == ERR_BUSY)
		return answer(p, LOGIN_THROTTLED, STR(""), STR(""));
	return r < 0 ? r : answer(p, out.outcome, out.token, STR(""));
}

int logout_page(struct page *p)
{
	struct keep_session_end_out out;
	int r = p->session.n == 0
	                ? 0
	                : keep_session_end(p->keep, &p->actor, &(struct keep_session_end_in){.token = p->session},
	                                   p->arena, &out);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	page_end_session(p);
	return page_redirect(p, "/login");
}
