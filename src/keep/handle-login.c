/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Coming in: password, second factor, sessions. An attempt is counted before it is tried, so that many at once do not
 * slip through; a login that nobody has costs as much time as a wrong password. */
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/keeper.h"
#include "keep/seal-house.h"
#include "keep/totp.h"
#include "store/access.h"

enum {
	LOGIN_FREE_TRIES = 5,
	REMOTE_FREE_TRIES = 30,
	CODE_FREE_TRIES = 5,
	SEEN_STEP_SECONDS = 60, /* how exactly the idle limit is kept: not a write for each page */
	RECOVERY_CODE_CHARACTERS = 12,
};

static struct str lower(struct keeper *k, struct str text)
{
	char *copy = arena_cstr(k->arena, str_trim(text));
	struct str s = str_of(copy);
	for (size_t i = 0; i < s.n; i++)
		copy[i] = ascii_lower(copy[i]);
	return s;
}

/* A name that is nobody's may be a password typed into the wrong field: only its hash enters the ledger. */
static int record_login(struct keeper *k, const char *kind, struct str login, uint64_t known_person,
                        const char *decision)
{
	struct event e = event_make(kind, k->now_us);
	/* Who was refused has not shown to be that person. */
	if (!str_eq_c(STR("denied"), decision))
		event_set_person(&e, known_person);
	if (known_person)
		event_set_name(&e, login);
	else
		event_set_hash(&e, ledger_hash_of(login));
	e.decision = str_of(decision);
	if (k->remote.n)
		event_add_hash(&e, "remote", ledger_hash_of(k->remote));
	return keeper_record(k, &e);
}

static int throttle_login(struct keeper *k, struct str login, int64_t *ret_until_us)
{
	int r = throttle_try(k, "login", login, LOGIN_FREE_TRIES, ret_until_us);
	if (r >= 0 && k->remote.n)
		r = throttle_try(k, "remote", k->remote, REMOTE_FREE_TRIES, ret_until_us);
	return r;
}

static int begin_check(struct keeper *k, struct str login, const struct keep_person *person,
                       const struct keep_login_begin_in *in, struct keep_login_begin_out *out)
{
	struct person_secrets secrets = {.password_hash = k->dummy_hash};

	int r = throttle_login(k, login, &out->until_us);
	if (r == ERR_BUSY) {
		out->outcome = LOGIN_THROTTLED;
		return record_login(k, "login.throttled", login, person->id, "denied");
	}
	if (r >= 0 && person->id && person->has_password)
		r = person_secrets_get(k->store, person->id, k->arena, &secrets);
	if (r < 0)
		return r;
	*k->job = (struct job){
	        .kind = JOB_PASSWORD, .check_password = in->password, .stored_hash = secrets.password_hash};
	return KEEPER_JOB;
}

static int let_in(struct keeper *k, const struct keep_person *person, struct keep_login_begin_out *out)
{
	int64_t expires_us;

	out->person = person->id;
	out->outcome = person->second_factor ? LOGIN_SECOND_FACTOR : LOGIN_OK;
	int r = throttle_forgive(k, "login", person->login);
	if (r >= 0 && k->remote.n)
		r = throttle_forgive(k, "remote", k->remote);
	if (r >= 0)
		r = keeper_start_session(k, person->id, person->second_factor, &out->token, &out->csrf, &expires_us);
	if (r < 0 || person->second_factor)
		return r < 0 ? r : record_login(k, "login.second-factor", person->login, person->id, "asked");
	r = person_note_login(k->store, person->id, k->now_us);
	return r < 0 ? r : record_login(k, "login.ok", person->login, person->id, "allowed");
}

int handle_login_begin(struct keeper *k, const struct keep_login_begin_in *in, struct keep_login_begin_out *out)
{
	struct str login = lower(k, in->login);
	struct keep_person person = {0};

	int r = person_find_login(k->store, login, k->arena, &person);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	if (!k->job->is_done)
		return begin_check(k, login, &person, in, out);
	if (k->job->result < 0)
		return k->job->result;
	if (k->job->matches && person.id && person.has_password && keeper_person_is_active(k, &person))
		return let_in(k, &person, out);
	out->outcome = LOGIN_DENIED;
	return record_login(k, "login.denied", login, person.id, "denied");
}

/* ---- second factor ---- */

static struct ledger_hash recovery_hash(struct str code)
{
	char clean[RECOVERY_CODE_CHARACTERS];
	size_t n = 0;
	for (size_t i = 0; i < code.n && n < sizeof(clean); i++) {
		if (ascii_is_alnum(code.p[i]))
			clean[n++] = ascii_lower(code.p[i]);
	}
	return ledger_hash_of(str_make(clean, n));
}

static int open_totp(struct keeper *k, uint64_t person, struct str sealed, struct str *ret)
{
	return seal_open(&k->seal_key, seal_label_totp(k->arena, person), sealed, k->arena, ret);
}

/* 1 right, 0 wrong. */
static int try_code(struct keeper *k, uint64_t person, struct str code)
{
	struct person_secrets secrets;
	struct str secret;
	uint64_t step;

	int r = person_secrets_get(k->store, person, k->arena, &secrets);
	if (r < 0 || secrets.totp_secret.n == 0)
		return r < 0 ? r : 0;
	r = open_totp(k, person, secrets.totp_secret, &secret);
	if (r < 0)
		return r;
	if (totp_check(secret, str_trim(code), k->now_us, secrets.totp_last_step, &step) >= 0) {
		r = person_set_totp_step(k->store, person, step);
		return r < 0 ? r : 1;
	}
	struct ledger_hash hash = recovery_hash(code);
	return recovery_use(k->store, person, &hash);
}

static int finish_second_factor(struct keeper *k, const struct session *waiting, const struct keep_person *person,
                                struct keep_second_factor_out *out)
{
	int64_t expires_us;

	out->outcome = LOGIN_OK;
	int r = throttle_forgive(k, "code", person->login);
	if (r >= 0)
		r = session_delete(k->store, waiting->id);
	if (r >= 0)
		r = keeper_start_session(k, person->id, false, &out->token, &out->csrf, &expires_us);
	if (r >= 0)
		r = person_note_login(k->store, person->id, k->now_us);
	return r < 0 ? r : record_login(k, "login.ok", person->login, person->id, "allowed");
}

int handle_second_factor(struct keeper *k, const struct keep_second_factor_in *in, struct keep_second_factor_out *out)
{
	struct ledger_hash hash = keeper_token_hash(in->token);
	struct session waiting;
	struct keep_person person;

	int r = session_find_token(k->store, &hash, &waiting);
	if (r < 0)
		return r;
	if (waiting.stage != SESSION_WAITS || waiting.expires_us <= k->now_us)
		return ERR_NOT_FOUND;
	r = person_find(k->store, waiting.person, k->arena, &person);
	if (r < 0 || !keeper_person_is_active(k, &person))
		return r < 0 ? r : ERR_DENIED;
	out->person = person.id;
	r = throttle_try(k, "code", person.login, CODE_FREE_TRIES, &out->until_us);
	if (r == ERR_BUSY) {
		out->outcome = LOGIN_THROTTLED;
		return record_login(k, "login.throttled", person.login, person.id, "denied");
	}
	if (r >= 0)
		r = try_code(k, person.id, in->code);
	if (r < 0)
		return r;
	if (r > 0)
		return finish_second_factor(k, &waiting, &person, out);
	out->outcome = LOGIN_DENIED;
	return record_login(k, "login.denied", person.login, person.id, "denied");
}

int handle_totp_begin(struct keeper *k, const struct keep_totp_begin_in *in, struct keep_totp_begin_out *out)
{
	unsigned char secret[PERSON_TOTP_BYTES];
	CLEANUP(buf_wipe_done) struct buf text = buf_make(2048);

	(void) in;
	if (k->person.id == 0)
		return ERR_DENIED;
	randombytes_buf(secret, sizeof(secret));
	struct str bytes = str_make(secret, sizeof(secret));
	struct str sealed;
	int r = seal_bytes(&k->seal_key, seal_label_totp(k->arena, k->person.id), bytes, k->arena, &sealed);
	if (r >= 0)
		r = person_set_totp_pending(k->store, k->person.id, sealed);
	if (r < 0)
		return r;
	base32_add(&text, bytes);
	out->secret = arena_dup(k->arena, buf_str(&text));
	buf_clear(&text);
	totp_add_uri(&text, bytes, STR("Sonae"), k->person.login);
	out->uri = arena_dup(k->arena, buf_str(&text));
	return 0;
}

static int make_recovery_codes(struct keeper *k, struct keep_text_list *ret)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* none that looks like another */

	int r = recovery_clear(k->store, k->person.id);
	for (unsigned i = 0; r >= 0 && i < RECOVERY_CODE_COUNT; i++) {
		char code[RECOVERY_CODE_CHARACTERS + 1] = "";
		for (unsigned n = 0; n < RECOVERY_CODE_CHARACTERS; n++)
			code[n] = letters[randombytes_uniform(sizeof(letters) - 1)];
		struct ledger_hash hash = recovery_hash(str_of(code));
		r = recovery_add(k->store, k->person.id, &hash);
		struct keep_text *row = ARENA_PUSH(k->arena, ret);
		if (!row)
			return ERR_TOO_LARGE;
		row->text = arena_printf(k->arena, "%.4s-%.4s-%.4s", code, code + 4, code + 8);
	}
	return r < 0 ? r : 0;
}

int handle_totp_confirm(struct keeper *k, const struct keep_totp_confirm_in *in, struct keep_totp_confirm_out *out)
{
	struct person_secrets secrets;
	struct str secret;
	uint64_t step;
	int64_t until_us;

	if (k->person.id == 0)
		return ERR_DENIED;
	int r = person_secrets_get(k->store, k->person.id, k->arena, &secrets);
	if (r < 0)
		return r;
	if (secrets.totp_pending.n == 0)
		return ERR_NOT_FOUND;
	r = open_totp(k, k->person.id, secrets.totp_pending, &secret);
	if (r < 0)
		return r;
	r = throttle_try(k, "enrol", k->person.login, CODE_FREE_TRIES, &until_us);
	if (r < 0)
		return r;
	k->keeps_changes = true;
	if (totp_check(secret, str_trim(in->code), k->now_us, 0, &step) < 0)
		return ERR_DENIED;
	r = throttle_forgive(k, "enrol", k->person.login);
	if (r >= 0)
		r = person_set_totp(k->store, k->person.id, secrets.totp_pending, step);
	if (r >= 0)
		r = make_recovery_codes(k, &out->codes);
	return r < 0 ? r : keeper_record_name(k, "account.totp-on", k->person.login);
}

int handle_recovery_new(struct keeper *k, const struct keep_recovery_new_in *in, struct keep_recovery_new_out *out)
{
	(void) in;
	if (!k->person.second_factor)
		return ERR_NOT_FOUND;
	int r = make_recovery_codes(k, &out->codes);
	return r < 0 ? r : keeper_record_name(k, "account.recovery-codes", k->person.login);
}

int handle_totp_remove(struct keeper *k, const struct keep_totp_remove_in *in, struct keep_totp_remove_out *out)
{
	uint64_t id = in->person ? in->person : k->person.id;
	struct keep_person person;

	if (id != k->person.id && !keeper_is_manager(k))
		return ERR_DENIED;
	int r = person_find(k->store, id, k->arena, &person);
	if (r >= 0 && id != k->person.id && person.role == ROLE_PRESIDENT)
		r = keeper_check_presidents(k);
	if (r >= 0)
		r = person_set_totp(k->store, id, (struct str){NULL, 0}, 0);
	if (r >= 0)
		r = recovery_clear(k->store, id);
	if (r < 0)
		return r;
	out->done = true;
	return keeper_record_name(k, "account.totp-off", person.login);
}

/* ---- sessions ---- */

static int needs_second_factor(struct keeper *k, const struct keep_person *person, bool *ret)
{
	struct str rule;
	int r = keeper_setting(k, "login.second-factor", &rule);
	if (r < 0)
		return r;
	bool is_manager = person->role == ROLE_PRESIDENT || person->role == ROLE_OPERATOR;
	*ret = !person->second_factor &&
	       (str_eq(rule, STR("everybody")) || (is_manager && str_eq(rule, STR("managers"))));
	return 0;
}

static int note_seen(struct keeper *k, const struct session *session)
{
	if (k->now_us - session->seen_us < SEEN_STEP_SECONDS * CLOCK_SECOND_US)
		return 0;
	return session_note_seen(k->store, session->id, k->now_us);
}

int handle_session_find(struct keeper *k, const struct keep_session_find_in *in, struct keep_session_find_out *out)
{
	struct ledger_hash hash = keeper_token_hash(in->token);
	struct session session;
	uint64_t idle_minutes;

	int r = session_find_token(k->store, &hash, &session);
	if (r >= 0)
		r = keeper_setting_number(k, "session.idle-minutes", &idle_minutes);
	if (r < 0)
		return r;
	bool is_idle = k->now_us - session.seen_us > (int64_t) idle_minutes * 60 * CLOCK_SECOND_US;
	if (session.stage != SESSION_OPEN || session.expires_us <= k->now_us || is_idle)
		return ERR_NOT_FOUND;
	struct keep_person *person = ARENA_PUSH(k->arena, &out->people);
	if (!person)
		return ERR_TOO_LARGE;
	r = person_find(k->store, session.person, k->arena, person);
	if (r < 0 || !keeper_person_is_active(k, person))
		return r < 0 ? r : ERR_NOT_FOUND;
	out->csrf = keeper_csrf_of(k, in->token);
	out->expires_us = session.expires_us;
	out->session = session.id;
	r = needs_second_factor(k, person, &out->needs_second_factor);
	if (r >= 0)
		r = note_seen(k, &session);
	return r < 0 ? r : 0;
}

int handle_session_list(struct keeper *k, const struct keep_session_list_in *in, struct keep_session_list_out *out)
{
	(void) in;
	return session_list_of(k->store, k->person.id, k->arena, &out->sessions);
}

int handle_session_end(struct keeper *k, const struct keep_session_end_in *in, struct keep_session_end_out *out)
{
	struct ledger_hash hash = keeper_token_hash(in->token);
	struct event e = event_make("session.ended", k->now_us);
	struct session session;

	int r = session_find_token(k->store, &hash, &session);
	if (r == ERR_NOT_FOUND)
		return 0;
	if (r >= 0)
		r = session_delete(k->store, session.id);
	if (r < 0)
		return r;
	out->done = true;
	event_set_person(&e, session.person);
	event_add_number(&e, "sessions", 1);
	return keeper_record(k, &e);
}

int handle_session_end_all(struct keeper *k, const struct keep_session_end_all_in *in,
                           struct keep_session_end_all_out *out)
{
	uint64_t id = in->person ? in->person : k->person.id;
	struct event e = event_make("session.ended", k->now_us);
	struct keep_person person;

	if (id != k->person.id && !keeper_is_manager(k))
		return ERR_DENIED;
	int r = person_find(k->store, id, k->arena, &person);
	if (r >= 0)
		r = session_delete_all(k->store, id, 0);
	if (r < 0)
		return r;
	out->ended = (uint64_t) r;
	event_set_name(&e, person.login);
	event_add_number(&e, "sessions", r);
	return keeper_record(k, &e);
}
