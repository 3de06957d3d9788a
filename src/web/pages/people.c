/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The people: who they are, what their role lets them do, inviting, changing, disabling. */
#include "base/err.h"
#include "web/pages/rows.h"

static int list_people(struct page *p)
{
	struct keep_person_list_out out;
	json_t *list = json_array();
	page_put(p, "people", list);
	int r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.people.n; i++)
		json_array_append_new(list, rows_person(p, &out.people.at[i]));
	return r;
}

static int list_invitations(struct page *p)
{
	struct keep_invitation_list_out out;
	json_t *list = json_array();
	page_put(p, "invitations", list);
	int r = keep_invitation_list(p->keep, &p->actor, &(struct keep_invitation_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.invitations.n; i++) {
		const struct keep_invitation *v = &out.invitations.at[i];
		struct str role = str_of(role_word((enum person_role)(v->role < ROLE_COUNT ? v->role : ROLE_EXPERT)));
		json_t *j = json_object();
		json_object_set_new(j, "id", json_integer((json_int_t) v->id));
		json_object_set_new(j, "name", page_json_str(v->name));
		json_object_set_new(j, "role_label", rows_text(p, "role.", role, ""));
		json_object_set_new(j, "expires", page_json_time(v->expires_us));
		json_array_append_new(list, j);
	}
	return r;
}

static int show_list(struct page *p)
{
	static const char *const kept[] = {"name", "until", NULL};
	struct str role = page_field(p, "role");
	rows_keep_fields(p, kept);
	page_put(p, "roles", rows_roles(p, role.n > 0 ? role : STR("staff")));
	int r = list_people(p);
	return r >= 0 && page_may(p, WHO_MANAGER) ? list_invitations(p) : r;
}

static bool may_mail(struct page *p)
{
	struct keep_mail_state_out out;
	return keep_mail_state(p->keep, &p->actor, &(struct keep_mail_state_in){0}, p->arena, &out) >= 0 &&
	       str_eq_c(out.state, "ready");
}

static int put_link(struct page *p, struct str token, int64_t expires_us, struct str name, struct str address)
{
	json_t *j = json_object();
	json_object_set_new(j, "token", page_json_str(token));
	json_object_set_new(j, "address", page_json_str(address));
	json_object_set_new(j, "may_mail", json_boolean(may_mail(p)));
	json_object_set_new(j, "path", page_json_str(arena_printf(p->arena, "/invite/%.*s", STR_ARG(token))));
	json_object_set_new(j, "name", page_json_str(name));
	json_object_set_new(j, "expires", page_json_time(expires_us));
	page_put(p, "link", j);
	return 0;
}

static int invite(struct page *p)
{
	enum person_role role = ROLE_STAFF;
	struct keep_invitation_new_out out;
	struct keep_invitation_new_in in = {.name = str_trim(page_field(p, "name")),
	                                    .language = str_of(language_tag(p->language))};
	int r = role_of_word(page_field(p, "role"), &role);
	if (r >= 0)
		r = rows_day(p, page_field(p, "until"), &in.person_expires_us);
	in.role = role;
	if (r >= 0 && in.name.n == 0)
		r = ERR_INVALID;
	if (r >= 0)
		r = keep_invitation_new(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE)
		page_problem(p, "people.problem.field", "name");
	else if (r == ERR_DENIED)
		page_problem(p, "people.problem.president", "role");
	else if (r >= 0)
		put_link(p, out.token, out.expires_us, in.name, STR(""));
	else
		return r;
	return show_list(p);
}

int people_page(struct page *p)
{
	return show_list(p);
}

int people_invite_page(struct page *p)
{
	return invite(p);
}

/* The link stays on the page, whatever comes of the mail. */
int people_invite_mail_page(struct page *p)
{
	struct str token = page_field(p, "token"), address = str_trim(page_field(p, "address"));
	struct str origin = rows_setting(p, "company.address");
	struct keep_invitation_look_out look;
	struct keep_mail_invitation_out out;
	int r = keep_invitation_look(p->keep, &p->actor, &(struct keep_invitation_look_in){.token = token}, p->arena,
	                             &look);
	if (r < 0 || look.invitations.n != 1)
		return r < 0 ? r : ERR_NOT_FOUND;
	origin = origin.n > 0 ? origin : page_origin(p);
	while (str_ends_with(origin, STR("/")))
		origin.n--;
	struct keep_mail_invitation_in in = {.token = token, .address = address, .origin = origin};
	r = keep_mail_invitation(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_CONFLICT)
		page_problem(p, r == ERR_INVALID ? "mail.problem.address" : "mail.problem.not-ready", "address");
	else if (r < 0)
		return r;
	put_link(p, token, look.invitations.at[0].expires_us, look.invitations.at[0].name, address);
	if (r >= 0)
		json_object_set_new(json_object_get(p->model, "link"), "sent", page_json_str(address));
	return show_list(p);
}

int people_cancel_page(struct page *p)
{
	struct keep_invitation_cancel_in in = {0};
	struct keep_invitation_cancel_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_invitation_cancel(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/people");
}

/* ---- one person ---- */

static int find(struct page *p, struct keep_person *ret)
{
	struct keep_person_get_in in = {0};
	struct keep_person_get_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_person_get(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0 && out.people.n == 0)
		r = ERR_NOT_FOUND;
	if (r >= 0)
		*ret = out.people.at[0];
	return r;
}

static int show_person(struct page *p, const struct keep_person *person)
{
	struct str role = str_of(role_word((enum person_role)(person->role < ROLE_COUNT ? person->role : ROLE_EXPERT)));
	page_put(p, "person", rows_person(p, person));
	page_put(p, "roles", rows_roles(p, role));
	page_set_title(p, person->name);
	return 0;
}

static int change(struct page *p, const struct keep_person *person)
{
	enum person_role role = ROLE_STAFF;
	struct keep_person_change_out out;
	struct keep_person_change_in in = {
	        .id = person->id, .name = str_trim(page_field(p, "name")), .language = person->language};
	int r = role_of_word(page_field(p, "role"), &role);
	if (r >= 0)
		r = rows_day(p, page_field(p, "until"), &in.expires_us);
	in.role = role;
	return r < 0 ? r : keep_person_change(p->keep, &p->actor, &in, p->arena, &out);
}

static int disable(struct page *p, const struct keep_person *person, bool disabled)
{
	struct keep_person_disable_out out;
	struct keep_person_disable_in in = {.id = person->id, .disabled = disabled};
	return keep_person_disable(p->keep, &p->actor, &in, p->arena, &out);
}

static int end_sessions(struct page *p, const struct keep_person *person)
{
	struct keep_session_end_all_out out;
	struct keep_session_end_all_in in = {.person = person->id};
	return keep_session_end_all(p->keep, &p->actor, &in, p->arena, &out);
}

static int remove_second_factor(struct page *p, const struct keep_person *person)
{
	struct keep_totp_remove_out out;
	struct keep_totp_remove_in in = {.person = person->id};
	return keep_totp_remove(p->keep, &p->actor, &in, p->arena, &out);
}

static int new_password(struct page *p, const struct keep_person *person)
{
	struct keep_invitation_new_out out;
	struct keep_invitation_new_in in = {
	        .person = person->id, .name = person->name, .role = person->role, .language = person->language};
	int r = keep_invitation_new(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : put_link(p, out.token, out.expires_us, person->name, person->mail);
}

static int change_mail(struct page *p, const struct keep_person *person)
{
	struct keep_person_mail_out out;
	struct keep_person_mail_in in = {.id = person->id, .mail = str_trim(page_field(p, "mail"))};
	int r = keep_person_mail(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID)
		page_put_str(p, "typed_mail", in.mail);
	return r;
}

static int act(struct page *p, const struct keep_person *person)
{
	struct str what = page_field(p, "what");
	if (str_eq_c(what, "change"))
		return change(p, person);
	if (str_eq_c(what, "mail"))
		return change_mail(p, person);
	if (str_eq_c(what, "disable") || str_eq_c(what, "enable"))
		return disable(p, person, str_eq_c(what, "disable"));
	if (str_eq_c(what, "sessions"))
		return end_sessions(p, person);
	if (str_eq_c(what, "second-factor"))
		return remove_second_factor(p, person);
	return str_eq_c(what, "password") ? new_password(p, person) : ERR_INVALID;
}

int person_page(struct page *p)
{
	struct keep_person person;
	int r = find(p, &person);
	if (r < 0 || p->method == HTTP_GET)
		return r < 0 ? r : show_person(p, &person);
	r = act(p, &person);
	if (r == ERR_DENIED)
		page_problem(p, "people.problem.president", "");
	else if (r == ERR_INVALID && str_eq_c(page_field(p, "what"), "mail"))
		page_problem(p, "mail.problem.address", "mail");
	else if (r == ERR_CONFLICT || r == ERR_INVALID || r == ERR_TOO_LARGE)
		page_problem(p, r == ERR_CONFLICT ? "people.problem.last" : "people.problem.field", "");
	else if (r < 0)
		return r;
	else
		page_put(p, "done", json_true());
	r = find(p, &person);
	return r < 0 ? r : show_person(p, &person);
}
