/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Taking up an invitation: a new person chooses name and password, one who is there already a new password. */
#include "base/err.h"
#include "web/pages/rows.h"

static int show(struct page *p, const struct keep_invitation *invitation)
{
	static const char *const kept[] = {"login", "name", NULL};
	struct str role =
	        str_of(role_word((enum person_role)(invitation->role < ROLE_COUNT ? invitation->role : ROLE_EXPERT)));
	rows_keep_fields(p, kept);
	page_put(p, "is_new", json_boolean(invitation->person == 0));
	page_put_str(p, "name", page_has_field(p, "name") ? page_field(p, "name") : invitation->name);
	page_put_str(p, "login", invitation->login);
	page_put(p, "role_label", rows_text(p, "role.", role, ""));
	page_put(p, "role_may", rows_text(p, "role.", role, ".may"));
	page_put(p, "expires", page_json_time(invitation->expires_us));
	page_put(p, "password_min", json_integer(PASSWORD_MIN_CHARACTERS));
	return 0;
}

static int accept(struct page *p, const struct keep_invitation *invitation, struct str token)
{
	struct keep_invitation_accept_out out;
	const struct keep_invitation_accept_in in = {
	        .token = token,
	        .login = str_trim(page_field(p, "login")),
	        .name = str_trim(page_field(p, "name")),
	        .language = str_of(language_tag(p->language)),
	        .password = page_field(p, "password"),
	};
	int r = keep_invitation_accept(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_EXISTS || r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, r == ERR_EXISTS ? "invite.problem.taken" : "invite.problem.field", "login");
		return show(p, invitation);
	}
	if (r < 0)
		return r;
	page_start_session(p, out.token);
	return page_redirect(p, "/");
}

int invite_page(struct page *p)
{
	struct keep_invitation_look_out out;
	struct str token = page_parameter(p, "token");
	int r = keep_invitation_look(p->keep, &p->actor, &(struct keep_invitation_look_in){.token = token}, p->arena,
	                             &out);
	if (r == ERR_NOT_FOUND || r == ERR_INVALID || (r >= 0 && out.invitations.n == 0)) {
		page_put(p, "is_gone", json_true());
		page_set_status(p, 404);
		return 0;
	}
	if (r < 0)
		return r;
	return p->method == HTTP_GET ? show(p, out.invitations.at) : accept(p, out.invitations.at, token);
}
