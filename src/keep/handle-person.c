/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * People: who there is, what role they have, their passwords; invitations. At least one active president or operator
 * always stays, and where there is a president, no operator makes or unmakes one. */
#include "base/clock.h"
#include "base/err.h"
#include "keep/keeper.h"
#include "store/access.h"

enum { NAME_MAX_BYTES = 100, INVITATION_DAYS = 7, EXPERT_DAYS = 30, PASSWORD_FREE_TRIES = 5 };

/* Where somebody's mail goes is for themselves and who manages. */
static void hide_mail(struct keeper *k, struct keep_person *row)
{
	if (!keeper_is_manager(k) && row->id != k->person.id)
		row->mail = STR("");
}

int handle_person_list(struct keeper *k, const struct keep_person_list_in *in, struct keep_person_list_out *out)
{
	(void) in;
	int r = person_list_all(k->store, k->arena, &out->people);
	for (size_t i = 0; r >= 0 && i < out->people.n; i++)
		hide_mail(k, &out->people.at[i]);
	return r;
}

int handle_person_get(struct keeper *k, const struct keep_person_get_in *in, struct keep_person_get_out *out)
{
	struct keep_person *row = ARENA_PUSH(k->arena, &out->people);
	int r = row ? person_find(k->store, in->id, k->arena, row) : ERR_TOO_LARGE;
	if (r >= 0)
		hide_mail(k, row);
	return r;
}

static int check_person(struct str name, uint64_t role, struct str language, int64_t expires_us, int64_t now_us)
{
	if (check_line(name, 1, NAME_MAX_BYTES) < 0 || check_role(role) < 0 || check_language(language) < 0)
		return ERR_INVALID;
	return expires_us == 0 || expires_us > now_us ? 0 : ERR_INVALID;
}

/* An expert from outside reads for a limited time, also when nobody said how long. */
static int64_t expiry_of(struct keeper *k, uint64_t role, int64_t expires_us)
{
	return role == ROLE_EXPERT && expires_us == 0 ? k->now_us + EXPERT_DAYS * CLOCK_DAY_US : expires_us;
}

static int record_person(struct keeper *k, const char *kind, struct str login, uint64_t id, uint64_t role)
{
	struct event e = event_make(kind, k->now_us);
	event_set_name(&e, login);
	event_add_number(&e, "person", (int64_t) id);
	event_add_word(&e, "role", str_of(role_word((enum person_role) role)));
	return keeper_record(k, &e);
}

int handle_person_add(struct keeper *k, const struct keep_person_add_in *in, struct keep_person_add_out *out)
{
	struct keep_person row = {.name = in->name,
	                          .login = in->login,
	                          .role = in->role,
	                          .language = in->language,
	                          .expires_us = expiry_of(k, in->role, in->expires_us),
	                          .created_us = k->now_us};

	int r = check_person(in->name, in->role, in->language, in->expires_us, k->now_us);
	if (r >= 0 && in->role == ROLE_PRESIDENT)
		r = keeper_check_presidents(k);
	if (r >= 0)
		r = check_login(in->login);
	if (r >= 0)
		r = person_insert(k->store, &row, &out->id);
	return r < 0 ? r : record_person(k, "person.added", row.login, out->id, row.role);
}

/* The house must not be left without anybody who can manage it. */
static int check_managers_stay(struct keeper *k, const struct keep_person *after)
{
	bool still_manages = (after->role == ROLE_PRESIDENT || after->role == ROLE_OPERATOR) &&
	                     after->state == PERSON_ACTIVE && after->expires_us == 0;
	uint64_t others = 0;

	if (still_manages)
		return 0;
	int r = person_count_managers(k->store, after->id, k->now_us, &others);
	return r < 0 ? r : others > 0 ? 0 : ERR_CONFLICT;
}

int handle_person_change(struct keeper *k, const struct keep_person_change_in *in, struct keep_person_change_out *out)
{
	struct keep_person row;

	int r = check_person(in->name, in->role, in->language, in->expires_us, k->now_us);
	if (r >= 0)
		r = person_find(k->store, in->id, k->arena, &row);
	bool was = r >= 0 && row.role == ROLE_PRESIDENT, becomes = in->role == ROLE_PRESIDENT;
	if (r >= 0 && (was != becomes || (was && row.expires_us != in->expires_us)))
		r = keeper_check_presidents(k);
	if (r < 0)
		return r;
	row.name = in->name;
	row.role = in->role;
	row.language = in->language;
	row.expires_us = expiry_of(k, in->role, in->expires_us);
	r = check_managers_stay(k, &row);
	if (r >= 0)
		r = person_update(k->store, &row);
	if (r < 0)
		return r;
	out->done = true;
	return record_person(k, "person.changed", row.login, row.id, row.role);
}

int handle_person_disable(struct keeper *k, const struct keep_person_disable_in *in,
                          struct keep_person_disable_out *out)
{
	struct keep_person row;

	int r = person_find(k->store, in->id, k->arena, &row);
	if (r >= 0 && row.role == ROLE_PRESIDENT)
		r = keeper_check_presidents(k);
	if (r < 0)
		return r;
	row.state = in->disabled ? PERSON_DISABLED : PERSON_ACTIVE;
	r = check_managers_stay(k, &row);
	if (r >= 0)
		r = person_update(k->store, &row);
	if (r >= 0 && in->disabled)
		r = session_delete_all(k->store, row.id, 0);
	if (r >= 0 && in->disabled)
		r = token_delete_all(k->store, row.id);
	if (r < 0)
		return r;
	out->done = true;
	return record_person(k, in->disabled ? "person.disabled" : "person.enabled", row.login, row.id, row.role);
}

int handle_profile_change(struct keeper *k, const struct keep_profile_change_in *in,
                          struct keep_profile_change_out *out)
{
	struct keep_person row = k->person;

	if (row.id == 0)
		return ERR_DENIED;
	if (check_line(in->name, 1, NAME_MAX_BYTES) < 0 || check_language(in->language) < 0)
		return ERR_INVALID;
	row.name = in->name;
	row.language = in->language;
	int r = person_update(k->store, &row);
	if (r < 0)
		return r;
	out->done = true;
	return record_person(k, "person.changed", row.login, row.id, row.role);
}

/* ---- passwords ---- */

static int begin_password_change(struct keeper *k, const struct keep_password_change_in *in)
{
	struct person_secrets secrets;
	int64_t until_us;

	if (k->person.id == 0)
		return ERR_DENIED;
	int r = check_password(in->fresh, k->person.login);
	if (r >= 0)
		r = throttle_try(k, "password", k->person.login, PASSWORD_FREE_TRIES, &until_us);
	if (r >= 0)
		r = person_secrets_get(k->store, k->person.id, k->arena, &secrets);
	if (r < 0)
		return r;
	*k->job = (struct job){.kind = JOB_PASSWORD,
	                       .check_password = in->old,
	                       .stored_hash = secrets.password_hash,
	                       .new_password = in->fresh};
	return KEEPER_JOB;
}

int handle_password_change(struct keeper *k, const struct keep_password_change_in *in,
                           struct keep_password_change_out *out)
{
	struct ledger_hash token = keeper_token_hash(in->keep_token);
	struct session kept = {0};

	if (!k->job->is_done)
		return begin_password_change(k, in);
	if (k->job->result < 0 || !k->job->matches)
		return k->job->result < 0 ? k->job->result : ERR_DENIED;
	int r = person_set_password(k->store, k->person.id, str_of(k->job->new_hash));
	if (r >= 0)
		r = throttle_forgive(k, "password", k->person.login);
	if (r >= 0 && in->keep_token.n) {
		r = session_find_token(k->store, &token, &kept);
		r = r == ERR_NOT_FOUND ? 0 : r;
	}
	if (r >= 0)
		r = session_delete_all(k->store, k->person.id, kept.person == k->person.id ? kept.id : 0);
	if (r < 0)
		return r;
	out->done = true;
	return keeper_record_name(k, "password.changed", k->person.login);
}

/* ---- invitations ---- */

static int fill_invitation(struct keeper *k, const struct keep_invitation_new_in *in, struct keep_invitation *row)
{
	struct keep_person person;

	*row = (struct keep_invitation){.person = in->person,
	                                .name = in->name,
	                                .role = in->role,
	                                .language = in->language,
	                                .person_expires_us = in->person_expires_us,
	                                .created_by = k->person.id,
	                                .expires_us = k->now_us + INVITATION_DAYS * CLOCK_DAY_US};
	if (in->person == 0)
		return check_person(in->name, in->role, in->language, in->person_expires_us, k->now_us);
	int r = person_find(k->store, in->person, k->arena, &person);
	if (r < 0)
		return r;
	row->name = person.name;
	row->role = person.role;
	row->language = person.language;
	return 0;
}

int handle_invitation_new(struct keeper *k, const struct keep_invitation_new_in *in,
                          struct keep_invitation_new_out *out)
{
	struct event e = event_make("invitation.created", k->now_us);
	struct keep_invitation row;

	int r = fill_invitation(k, in, &row);
	/* A new password for a president is anybody's to arrange who manages: it does not pass the second step. */
	if (r >= 0 && in->person == 0 && row.role == ROLE_PRESIDENT)
		r = keeper_check_presidents(k);
	if (r < 0)
		return r;
	out->token = keeper_new_token(k, "");
	out->expires_us = row.expires_us;
	struct ledger_hash hash = keeper_token_hash(out->token);
	r = invitation_insert(k->store, &hash, &row, &out->id);
	if (r < 0)
		return r;
	event_set_name(&e, row.name);
	event_add_word(&e, "role", str_of(role_word((enum person_role) row.role)));
	event_add_number(&e, "invitation", (int64_t) out->id);
	return keeper_record(k, &e);
}

int handle_invitation_list(struct keeper *k, const struct keep_invitation_list_in *in,
                           struct keep_invitation_list_out *out)
{
	(void) in;
	return invitation_list_all(k->store, k->arena, &out->invitations);
}

int handle_invitation_cancel(struct keeper *k, const struct keep_invitation_cancel_in *in,
                             struct keep_invitation_cancel_out *out)
{
	struct event e = event_make("invitation.cancelled", k->now_us);

	int r = invitation_delete(k->store, in->id);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	out->done = true;
	event_add_number(&e, "invitation", (int64_t) in->id);
	return keeper_record(k, &e);
}

static int find_invitation(struct keeper *k, struct str token, struct keep_invitation *ret)
{
	struct ledger_hash hash = keeper_token_hash(token);
	int r = invitation_find_token(k->store, &hash, k->arena, ret);
	return r >= 0 && ret->expires_us <= k->now_us ? ERR_NOT_FOUND : r;
}

int handle_invitation_look(struct keeper *k, const struct keep_invitation_look_in *in,
                           struct keep_invitation_look_out *out)
{
	struct keep_invitation *row = ARENA_PUSH(k->arena, &out->invitations);
	return row ? find_invitation(k, in->token, row) : ERR_TOO_LARGE;
}

/* What the invitation says about a person, and what they chose themselves. */
static int check_acceptance(struct keeper *k, const struct keep_invitation *invitation,
                            const struct keep_invitation_accept_in *in, struct keep_person *ret)
{
	struct keep_person other;

	if (invitation->person)
		return person_find(k->store, invitation->person, k->arena, ret);
	*ret = (struct keep_person){.name = in->name.n ? in->name : invitation->name,
	                            .login = in->login,
	                            .role = invitation->role,
	                            .language = in->language.n ? in->language : invitation->language,
	                            .expires_us = expiry_of(k, invitation->role, invitation->person_expires_us),
	                            .created_us = k->now_us};
	if (check_person(ret->name, ret->role, ret->language, ret->expires_us, k->now_us) < 0 ||
	    check_login(ret->login) < 0)
		return ERR_INVALID;
	int r = person_find_login(k->store, ret->login, k->arena, &other);
	return r == ERR_NOT_FOUND ? 0 : r < 0 ? r : ERR_EXISTS;
}

static int finish_acceptance(struct keeper *k, const struct keep_invitation *invitation, struct keep_person *person,
                             struct keep_invitation_accept_out *out)
{
	int64_t expires_us;
	int r = 0;

	if (!invitation->person) {
		r = person_insert(k->store, person, &person->id);
		if (r >= 0 && invitation->mail.n > 0)
			r = person_set_mail(k->store, person->id, invitation->mail, true);
		if (r >= 0)
			r = record_person(k, "person.added", person->login, person->id, person->role);
	}
	if (r >= 0)
		r = person_set_password(k->store, person->id, str_of(k->job->new_hash));
	if (r >= 0)
		r = session_delete_all(k->store, person->id, 0);
	if (r >= 0)
		r = invitation_delete(k->store, invitation->id);
	/* Who has a second factor proves it at the next login; the link alone does not stand for it. */
	if (r >= 0 && !person->second_factor)
		r = keeper_start_session(k, person->id, false, &out->token, &out->csrf, &expires_us);
	if (r < 0)
		return r;
	out->person = person->id;
	return record_person(k, "invitation.accepted", person->login, person->id, person->role);
}

int handle_invitation_accept(struct keeper *k, const struct keep_invitation_accept_in *in,
                             struct keep_invitation_accept_out *out)
{
	struct keep_invitation invitation;
	struct keep_person person = {0};

	int r = find_invitation(k, in->token, &invitation);
	if (r >= 0)
		r = check_acceptance(k, &invitation, in, &person);
	if (r >= 0 && person.id && !keeper_person_is_active(k, &person))
		r = ERR_DENIED;
	if (r >= 0)
		r = check_password(in->password, person.login);
	if (r < 0)
		return r;
	if (!k->job->is_done) {
		*k->job = (struct job){.kind = JOB_PASSWORD, .new_password = in->password};
		return KEEPER_JOB;
	}
	return k->job->result < 0 ? k->job->result : finish_acceptance(k, &invitation, &person, out);
}
