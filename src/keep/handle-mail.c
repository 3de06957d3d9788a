/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail that goes out: the queue, the password of the server, addresses of people. What a mail says is sealed while it
 * waits and forgotten when it is done; the ledger gets whom, what kind and how it ended. */
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "keep/mail.h"
#include "store/access.h"
#include "store/house.h"
#include "store/mail.h"

enum {
	FACTS_MAX_BYTES = 32 * 1024,
	PASSWORD_MAX = 500,
	ORIGIN_MAX_BYTES = 200,
	ANSWER_MAX_BYTES = 500,
	MAILS_LISTED = 100,
	LOOKS_MAX = 50, /* that cannot be sent, behind each other */
	OLD_EACH_TIME = 100,
	FIRST_PAUSE_SECONDS = 60,
	LONGEST_PAUSE_SECONDS = 4 * 3600,
	FORGET_DAYS = 90,
};
#define PASSWORD_ROW "mail.password"

/* ---- how it stands ---- */

/* Where mail may go without TLS: this machine and the addresses that no router passes on (RFC 1918). */
static bool is_inside(struct str host)
{
	uint64_t n[4];
	size_t count = 0;
	struct str rest = host, piece;
	if (str_eq_c(host, "localhost"))
		return true;
	for (; str_split(&rest, '.', &piece); count++)
		if (count == ARRAY_SIZE(n) || str_parse_u64(piece, UINT8_MAX, &n[count]) < 0)
			return false;
	if (count != ARRAY_SIZE(n))
		return false;
	return n[0] == 127 || n[0] == 10 || (n[0] == 192 && n[1] == 168) || (n[0] == 172 && n[1] >= 16 && n[1] <= 31);
}

static int has_password(struct keeper *k, bool *ret)
{
	struct str sealed;
	int r = house_get(k->store, PASSWORD_ROW, k->arena, &sealed);
	*ret = r >= 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

static int count(struct keeper *k, struct mail_counts *ret)
{
	return mail_count(k->store, k->now_us - CLOCK_DAY_US, ret);
}

int mail_state_word(struct keeper *k, const char **ret)
{
	struct str host, from, tls, user;
	struct mail_counts counts;
	uint64_t most = 0;
	bool password = false;

	int r = keeper_setting(k, "mail.host", &host);
	if (r >= 0)
		r = keeper_setting(k, "mail.from", &from);
	if (r >= 0)
		r = keeper_setting(k, "mail.tls", &tls);
	if (r >= 0)
		r = keeper_setting(k, "mail.user", &user);
	if (r >= 0)
		r = keeper_setting_number(k, "mail.each-day", &most);
	if (r >= 0)
		r = has_password(k, &password);
	if (r >= 0)
		r = count(k, &counts);
	if (r < 0)
		return r;
	bool plain = str_eq_c(tls, "none");
	*ret = host.n == 0 || from.n == 0            ? "off"
	       : plain && (user.n > 0 || password)   ? "plain-password"
	       : plain && !is_inside(str_trim(host)) ? "plain-outside"
	       : counts.sent >= most                 ? "full"
	                                             : "ready";
	return 0;
}

int handle_mail_state(struct keeper *k, const struct keep_mail_state_in *in, struct keep_mail_state_out *out)
{
	struct mail_counts counts;
	const char *word;

	int r = mail_state_word(k, &word);
	if (r >= 0)
		r = has_password(k, &out->has_password);
	if (r >= 0)
		r = count(k, &counts);
	if (r >= 0 && in->with_mails && keeper_is_manager(k))
		r = mail_list(k->store, MAILS_LISTED, k->arena, &out->mails);
	if (r < 0)
		return r;
	out->state = str_of(word);
	out->waiting = counts.waiting;
	out->oldest_us = counts.oldest_us;
	out->sent_today = counts.sent;
	out->last_us = counts.last_us;
	return 0;
}

int handle_mail_find(struct keeper *k, const struct keep_mail_find_in *in, struct keep_mail_find_out *out)
{
	struct keep_mail *row = ARENA_PUSH(k->arena, &out->mails);
	int r = row ? mail_find(k->store, in->id, k->arena, row) : ERR_TOO_LARGE;
	if (r >= 0)
		row->facts = STR("");
	return r;
}

/* ---- the queue ---- */

static struct str label_of(struct keeper *k, struct str kind, uint64_t person, int64_t made_us)
{
	return arena_printf(k->arena, "mail %.*s %llu %lld", STR_ARG(kind), (unsigned long long) person,
	                    (long long) made_us);
}

int mail_queue(struct keeper *k, const struct keep_mail_new *row, uint64_t *ret_id)
{
	struct keep_mail_new sealed = *row;

	if (!event_is_word(row->kind) || row->facts.n > FACTS_MAX_BYTES || check_line(row->once, 1, 200) < 0)
		return ERR_INVALID;
	int r = seal_bytes(&k->seal_key, label_of(k, row->kind, row->person, k->now_us), row->facts, k->arena,
	                   &sealed.facts);
	*ret_id = 0;
	return r < 0 ? r : mail_insert(k->store, &sealed, k->now_us, ret_id);
}

static int record(struct keeper *k, const char *kind, const struct keep_mail *row, struct str outcome)
{
	struct event e = event_make(kind, k->now_us);
	e.decision = outcome;
	event_add_number(&e, "mail", (int64_t) row->id);
	event_add_word(&e, "kind", row->kind);
	if (row->person)
		event_add_number(&e, "person", (int64_t) row->person);
	event_add_number(&e, "tries", (int64_t) row->tries);
	return keeper_record(k, &e);
}

static int give_up(struct keeper *k, const struct keep_mail *row, struct str outcome, struct str answer)
{
	int r = mail_finish(k->store, row->id, MAIL_GIVEN_UP, k->now_us, outcome, answer);
	return r < 0 ? r : record(k, "mail.given-up", row, outcome);
}

static int check_ready(struct keeper *k)
{
	const char *word;
	int r = mail_state_word(k, &word);
	return r < 0 ? r : strcmp(word, "ready") == 0 ? 0 : ERR_CONFLICT;
}

int handle_mail_test(struct keeper *k, const struct keep_mail_test_in *in, struct keep_mail_test_out *out)
{
	(void) in;
	if (k->person.id == 0 || k->person.mail.n == 0)
		return ERR_NOT_FOUND;
	int r = check_ready(k);
	if (r < 0)
		return r;
	const struct keep_mail_new row = {.once = arena_printf(k->arena, "test %lld", (long long) k->now_us),
	                                  .kind = STR("test"),
	                                  .person = k->person.id};
	return mail_queue(k, &row, &out->id);
}

static bool is_origin(struct str origin)
{
	bool starts = str_starts_with(origin, STR("http://")) || str_starts_with(origin, STR("https://"));
	for (size_t i = 0; i < origin.n; i++)
		if (origin.p[i] <= ' ' || origin.p[i] == 0x7F || strchr("<>\"'", origin.p[i]))
			return false;
	return starts && origin.n <= ORIGIN_MAX_BYTES;
}

int handle_mail_invitation(struct keeper *k, const struct keep_mail_invitation_in *in,
                           struct keep_mail_invitation_out *out)
{
	struct ledger_hash hash = keeper_token_hash(in->token);
	struct keep_invitation invitation;
	char until[CLOCK_TEXT_BYTES];

	if (check_mail(in->address) < 0 || !is_origin(in->origin))
		return ERR_INVALID;
	int r = invitation_find_token(k->store, &hash, k->arena, &invitation);
	if (r >= 0 && invitation.expires_us <= k->now_us)
		r = ERR_NOT_FOUND;
	if (r >= 0)
		r = check_ready(k);
	if (r >= 0)
		r = invitation_set_mail(k->store, invitation.id, in->address);
	if (r < 0)
		return r;
	clock_format_local(invitation.expires_us, until);
	const struct keep_mail_new row = {
	        .once = arena_printf(k->arena, "invitation %llu %lld", (unsigned long long) invitation.id,
	                             (long long) k->now_us),
	        .kind = STR("invitation"),
	        .facts = arena_printf(k->arena,
	                              "address\t%.*s\nname\t%.*s\nlanguage\t%.*s\nlink\t%.*s/invite/%.*s\n"
	                              "until\t%s\nby\t%.*s\n",
	                              STR_ARG(in->address), STR_ARG(invitation.name), STR_ARG(invitation.language),
	                              STR_ARG(in->origin), STR_ARG(in->token), until, STR_ARG(k->person.name))};
	return mail_queue(k, &row, &out->id);
}

/* ---- addresses, password ---- */

static int record_person(struct keeper *k, const struct keep_person *row)
{
	struct event e = event_make("person.changed", k->now_us);
	event_set_name(&e, row->login);
	event_add_number(&e, "person", (int64_t) row->id);
	return keeper_record(k, &e);
}

int handle_person_mail(struct keeper *k, const struct keep_person_mail_in *in, struct keep_person_mail_out *out)
{
	struct keep_person row;

	if (in->mail.n > 0 && check_mail(in->mail) < 0)
		return ERR_INVALID;
	int r = person_find(k->store, in->id, k->arena, &row);
	if (r < 0 || str_eq(row.mail, in->mail))
		return r;
	r = person_set_mail(k->store, row.id, in->mail, row.reminds);
	out->done = r >= 0;
	return r < 0 ? r : record_person(k, &row);
}

int handle_profile_mail(struct keeper *k, const struct keep_profile_mail_in *in, struct keep_profile_mail_out *out)
{
	if (k->person.id == 0)
		return ERR_DENIED;
	if (in->mail.n > 0 && check_mail(in->mail) < 0)
		return ERR_INVALID;
	if (str_eq(k->person.mail, in->mail) && k->person.reminds == in->reminds)
		return 0;
	int r = person_set_mail(k->store, k->person.id, in->mail, in->reminds);
	out->done = r >= 0;
	return r < 0 ? r : record_person(k, &k->person);
}

static int check_secret(struct str password)
{
	if (password.n > PASSWORD_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < password.n; i++)
		if ((unsigned char) password.p[i] < ' ' || password.p[i] == 0x7F)
			return ERR_INVALID;
	return 0;
}

static int drop_password(struct keeper *k)
{
	struct event e = event_make("mail.password-removed", k->now_us);
	int r = house_delete(k->store, PASSWORD_ROW);
	return r <= 0 ? r : keeper_record(k, &e);
}

int handle_mail_password(struct keeper *k, const struct keep_mail_password_in *in, struct keep_mail_password_out *out)
{
	struct event e = event_make("mail.password-set", k->now_us);
	struct str sealed;

	int r = check_secret(in->password);
	if (r < 0)
		return r;
	out->done = true;
	if (in->password.n == 0)
		return drop_password(k);
	r = seal_bytes(&k->seal_key, STR(PASSWORD_ROW), in->password, k->arena, &sealed);
	if (r >= 0)
		r = house_set(k->store, PASSWORD_ROW, sealed);
	if (r >= 0)
		r = mail_hurry(k->store, k->now_us);
	return r < 0 ? r : keeper_record(k, &e);
}

int mail_setting_changed(struct keeper *k, struct str name)
{
	int r = str_eq_c(name, "mail.host") ? drop_password(k) : 0;
	return r < 0 ? r : mail_hurry(k->store, k->now_us);
}

/* ---- for the post ---- */

static int read_server(struct keeper *k, struct keep_mail_server *ret)
{
	struct str sealed = {NULL, 0};

	int r = keeper_setting(k, "mail.host", &ret->host);
	if (r >= 0)
		r = keeper_setting_number(k, "mail.port", &ret->port);
	if (r >= 0)
		r = keeper_setting(k, "mail.tls", &ret->tls);
	if (r >= 0)
		r = keeper_setting_number(k, "mail.seconds", &ret->seconds);
	if (r >= 0)
		r = keeper_setting(k, "mail.user", &ret->user);
	if (r >= 0)
		r = keeper_setting(k, "mail.from", &ret->from);
	if (r >= 0)
		r = keeper_setting(k, "company.name", &ret->company);
	if (r >= 0)
		r = keeper_setting(k, "company.address", &ret->address);
	if (r < 0)
		return r;
	ret->host = str_trim(ret->host);
	r = house_get(k->store, PASSWORD_ROW, k->arena, &sealed);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	return seal_open(&k->seal_key, STR(PASSWORD_ROW), sealed, k->arena, &ret->password);
}

static struct str fact(struct str facts, const char *name)
{
	struct str line;
	while (str_next_line(&facts, &line)) {
		size_t tab = str_find_char(line, '\t', 0);
		if (str_eq_c(str_slice(line, 0, tab), name) && tab != STR_NOT_FOUND)
			return str_slice(line, tab + 1, line.n);
	}
	return STR("");
}

/* To whom, as it is now. ERR_NOT_FOUND: nobody who can be written to. */
static int read_job(struct keeper *k, const struct keep_mail *row, struct keep_mail_job *ret)
{
	struct keep_person person;

	*ret = (struct keep_mail_job){.id = row->id, .kind = row->kind, .made_us = row->made_us};
	int r = seal_open(&k->seal_key, label_of(k, row->kind, row->person, row->made_us), row->facts, k->arena,
	                  &ret->facts);
	if (r < 0)
		return r;
	if (row->person == 0) {
		ret->address = fact(ret->facts, "address");
		ret->name = fact(ret->facts, "name");
		ret->language = fact(ret->facts, "language");
		return ret->address.n > 0 ? 0 : ERR_NOT_FOUND;
	}
	r = person_find(k->store, row->person, k->arena, &person);
	if (r < 0)
		return r;
	bool is_wanted = person.reminds || str_eq_c(row->kind, "test");
	if (person.mail.n == 0 || !is_wanted || !keeper_person_is_active(k, &person))
		return ERR_NOT_FOUND;
	ret->address = person.mail;
	ret->name = person.name;
	ret->language = person.language;
	return 0;
}

static int64_t pause_us(uint64_t tries)
{
	int64_t seconds = FIRST_PAUSE_SECONDS;
	for (uint64_t i = 1; i < tries && seconds < LONGEST_PAUSE_SECONDS; i++)
		seconds *= 2;
	return (seconds < LONGEST_PAUSE_SECONDS ? seconds : LONGEST_PAUSE_SECONDS) * CLOCK_SECOND_US;
}

/* The next that can be sent; what cannot is given up on the way. ERR_NOT_FOUND: none. */
static int take(struct keeper *k, struct keep_mail_job *ret)
{
	uint64_t each = 0;
	struct keep_mail row;

	int r = keeper_setting_number(k, "mail.each-person-each-day", &each);
	for (int i = 0; r >= 0 && i < LOOKS_MAX; i++) {
		r = mail_find_next(k->store, k->now_us, k->now_us - CLOCK_DAY_US, each, k->arena, &row);
		if (r < 0)
			return r;
		r = read_job(k, &row, ret);
		if (r >= 0)
			return mail_set_try(k->store, row.id, row.tries + 1, k->now_us + pause_us(row.tries + 1));
		if (r == ERR_NOT_FOUND || r == ERR_CRYPTO)
			r = give_up(k, &row, r == ERR_CRYPTO ? STR("unreadable") : STR("no-address"), STR(""));
	}
	return r < 0 ? r : ERR_NOT_FOUND;
}

int handle_mail_take(struct keeper *k, const struct keep_mail_take_in *in, struct keep_mail_take_out *out)
{
	struct keep_mail_job job;

	(void) in;
	int r = check_ready(k);
	if (r < 0)
		return r == ERR_CONFLICT ? 0 : r;
	r = mail_round_is_due(k, &out->is_round_due);
	if (r >= 0)
		r = take(k, &job);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	struct keep_mail_server *server = ARENA_PUSH(k->arena, &out->servers);
	struct keep_mail_job *row = ARENA_PUSH(k->arena, &out->jobs);
	if (!server || !row)
		return ERR_TOO_LARGE;
	*row = job;
	return read_server(k, server);
}

/* Whether another try has any sense. */
static int is_over(struct keeper *k, const struct keep_mail *row, bool *ret)
{
	uint64_t tries = 0, days = 0;
	int r = keeper_setting_number(k, "mail.tries", &tries);
	if (r >= 0)
		r = keeper_setting_number(k, "mail.keep-days", &days);
	*ret = row->tries >= tries || k->now_us - row->made_us > (int64_t) days * CLOCK_DAY_US ||
	       str_eq_c(row->kind, "test");
	return r;
}

static int note_failure(struct keeper *k, const struct keep_mail_result_in *in, const struct keep_mail *row)
{
	bool over = in->is_final;
	int r = over ? 0 : is_over(k, row, &over);
	if (r >= 0 && over)
		r = give_up(k, row, in->outcome, in->answer);
	else if (r >= 0)
		r = mail_set_outcome(k->store, row->id, in->outcome, in->answer);
	if (r >= 0 && in->is_server && !str_eq_c(row->kind, "test"))
		r = mail_postpone(k->store, row->next_us);
	return r;
}

int handle_mail_result(struct keeper *k, const struct keep_mail_result_in *in, struct keep_mail_result_out *out)
{
	struct keep_mail row;

	if (!event_is_word(in->outcome) || check_line(in->answer, 0, ANSWER_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = mail_find(k->store, in->id, k->arena, &row);
	if (r >= 0 && row.state != MAIL_WAITING)
		r = ERR_NOT_FOUND;
	if (r < 0)
		return r;
	out->done = true;
	if (!str_eq_c(in->outcome, "ok"))
		return note_failure(k, in, &row);
	r = mail_finish(k->store, row.id, MAIL_SENT, k->now_us, in->outcome, in->answer);
	/* The server is back. */
	if (r >= 0 && row.outcome.n > 0)
		r = mail_hurry(k->store, k->now_us);
	return r < 0 ? r : record(k, "mail.sent", &row, in->outcome);
}

int mail_run_clock(struct keeper *k)
{
	struct keep_mail_list old = {0};
	uint64_t days = 0;

	int r = mail_forget(k->store, k->now_us - FORGET_DAYS * CLOCK_DAY_US);
	if (r >= 0)
		r = keeper_setting_number(k, "mail.keep-days", &days);
	if (r >= 0)
		r = mail_list_old(k->store, k->now_us - (int64_t) days * CLOCK_DAY_US, OLD_EACH_TIME, k->arena, &old);
	for (size_t i = 0; r >= 0 && i < old.n; i++)
		r = give_up(k, &old.at[i], old.at[i].outcome.n > 0 ? old.at[i].outcome : STR("too-old"),
		            old.at[i].answer);
	return r < 0 ? r : 0;
}
