/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A house from its first start on, asked through the client as pages and commands ask. */
#include "keep/test-house.h"

#include <string.h>

#include "base/clock.h"
#include "keep/backup.h"
#include "keep/calls.h"
#include "keep/keeper.h"
#include "keep/settings.h"
#include "keep/totp.h"

#define PASSWORD "correct horse battery"

static uint64_t set_up_house(struct house *h)
{
	struct keep_setup_code_out code;
	struct keep_setup_finish_out first;

	assert_int_equal(ASK(h, setup_code, 0, &code, 0), 0);
	assert_int_equal(ASK(h, setup_finish, 0, &first, .code = code.code, .company = STR("山田製作所"),
	                     .language = STR("ja"), .name = STR("山田"), .login = STR("yamada"),
	                     .password = STR(PASSWORD), .role = ROLE_OPERATOR, .own_domains = STR("yamada.example")),
	                 0);
	return first.person;
}

static int open_house(void **state)
{
	struct house *h = calloc(1, sizeof(*h));
	house_open(h);
	house_start(h);
	*state = h;
	return 0;
}

static int close_house(void **state)
{
	house_close(*state);
	free(*state);
	return 0;
}

static uint64_t count_events(struct house *h, const char *kind)
{
	struct keep_ledger_list_out list;
	assert_int_equal(ASK(h, ledger_list, 0, &list, .kind = str_of(kind)), 0);
	return list.total;
}

static void first_start_makes_the_first_person(void **state)
{
	struct house *h = *state;
	struct keep_setup_state_out setup;
	struct keep_setup_code_out code;
	struct keep_setup_check_out checked;
	struct keep_setup_finish_out first;
	struct keep_session_find_out session;

	assert_true(ASK(h, setup_state, 0, &setup, 0) == 0 && !setup.finished && !setup.code_waiting);
	assert_int_equal(ASK(h, setup_code, 0, &code, 0), 0);
	assert_int_equal(ASK(h, setup_check, 0, &checked, .code = STR("aaaa-bbbb-cccc-dddd")), ERR_DENIED);
	assert_int_equal(ASK(h, setup_check, 0, &checked, .code = code.code), 0);
	assert_int_equal(ASK(h, setup_finish, 0, &first, .code = code.code, .company = STR("c"), .language = STR("ja"),
	                     .name = STR("n"), .login = STR("l"), .password = STR("short"), .role = ROLE_OPERATOR),
	                 ERR_INVALID);
	assert_int_equal(ASK(h, setup_finish, 0, &first, .code = code.code, .company = STR("c"), .language = STR("ja"),
	                     .name = STR("n"), .login = STR("yamada"), .password = STR(PASSWORD),
	                     .role = ROLE_PRESIDENT),
	                 0);
	assert_int_equal(ASK(h, session_find, 0, &session, .token = first.token), 0);
	assert_true(session.people.n == 1 && session.people.at[0].id == first.person &&
	            session.people.at[0].has_password);
	assert_true(str_eq(session.csrf, first.csrf));
	assert_int_equal(ASK(h, setup_code, 0, &code, 0), ERR_CONFLICT);
	assert_true(count_events(h, "setup.finished") == 1 && count_events(h, "setup.denied") == 1);
}

static void wrong_setup_codes_are_slowed_down(void **state)
{
	struct house *h = *state;
	struct keep_setup_check_out checked;
	int r = 0;
	for (int i = 0; i < 11; i++)
		r = ASK(h, setup_check, 0, &checked, .code = STR("x"));
	assert_int_equal(r, ERR_BUSY);
}

static void logins_are_let_in_refused_and_slowed_down(void **state)
{
	struct house *h = *state;
	struct keep_login_begin_out login;
	struct keep_session_find_out session;
	struct keep_session_end_out ended;

	set_up_house(h);
	assert_int_equal(ASK(h, login_begin, 0, &login, .login = STR(" Yamada "), .password = STR(PASSWORD)), 0);
	assert_int_equal(login.outcome, LOGIN_OK);
	struct str token = login.token;
	assert_int_equal(ASK(h, session_find, 0, &session, .token = token), 0);
	assert_int_equal(ASK(h, session_end, 0, &ended, .token = token), 0);
	assert_int_equal(ASK(h, session_find, 0, &session, .token = token), ERR_NOT_FOUND);
	assert_int_equal(ASK(h, login_begin, 0, &login, .login = STR("nobody"), .password = STR(PASSWORD)), 0);
	assert_int_equal(login.outcome, LOGIN_DENIED);
	for (int i = 0; i < 6; i++)
		assert_int_equal(ASK(h, login_begin, 0, &login, .login = STR("yamada"), .password = STR("wrong wrong")),
		                 0);
	assert_true(login.outcome == LOGIN_THROTTLED && login.until_us > clock_now_us());
	/* The right password has to wait as well. */
	assert_int_equal(ASK(h, login_begin, 0, &login, .login = STR("yamada"), .password = STR(PASSWORD)), 0);
	assert_int_equal(login.outcome, LOGIN_THROTTLED);
	assert_true(count_events(h, "login.ok") == 1 && count_events(h, "login.denied") == 6 &&
	            count_events(h, "login.throttled") == 2);
}

static struct str code_for(struct house *h, struct str base32, int64_t step_offset)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char secret[PERSON_TOTP_BYTES];
	uint64_t bits = 0;
	size_t n = 0;

	for (size_t i = 0, have = 0; i < base32.n; i++) {
		bits = bits << 5 | (uint64_t) (strchr(letters, base32.p[i]) - letters);
		have += 5;
		if (have >= 8 && n < sizeof(secret)) {
			have -= 8;
			secret[n++] = (unsigned char) (bits >> have);
		}
	}
	uint64_t step = (uint64_t) (clock_now_us() / CLOCK_SECOND_US / TOTP_STEP_SECONDS + step_offset);
	return arena_printf(h->arena, "%06u", totp_code(str_make(secret, n), step));
}

static void second_factor_counts_once(void **state)
{
	struct house *h = *state;
	uint64_t person = set_up_house(h);
	struct keep_totp_begin_out begin;
	struct keep_totp_confirm_out confirmed;
	struct keep_login_begin_out login;
	struct keep_second_factor_out second;

	assert_int_equal(ASK(h, totp_begin, person, &begin, 0), 0);
	assert_true(str_starts_with(begin.uri, STR("otpauth://totp/Sonae:yamada?secret=")));
	assert_int_equal(ASK(h, totp_confirm, person, &confirmed, .code = STR("000000x")), ERR_DENIED);
	struct str code = code_for(h, begin.secret, 0);
	assert_int_equal(ASK(h, totp_confirm, person, &confirmed, .code = code), 0);
	assert_int_equal(confirmed.codes.n, RECOVERY_CODE_COUNT);

	assert_int_equal(ASK(h, login_begin, 0, &login, .login = STR("yamada"), .password = STR(PASSWORD)), 0);
	assert_int_equal(login.outcome, LOGIN_SECOND_FACTOR);
	struct keep_session_find_out session;
	assert_int_equal(ASK(h, session_find, 0, &session, .token = login.token), ERR_NOT_FOUND);
	assert_int_equal(ASK(h, second_factor, 0, &second, .token = login.token, .code = code), 0);
	assert_int_equal(second.outcome, LOGIN_DENIED); /* used when it was confirmed */
	assert_int_equal(ASK(h, second_factor, 0, &second, .token = login.token, .code = code_for(h, begin.secret, 1)),
	                 0);
	assert_int_equal(second.outcome, LOGIN_OK);
	assert_int_equal(ASK(h, session_find, 0, &session, .token = second.token), 0);
	assert_true(session.people.at[0].second_factor);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(ASK(h, login_begin, 0, &login, .login = STR("yamada"), .password = STR(PASSWORD)), 0);
		assert_int_equal(
		        ASK(h, second_factor, 0, &second, .token = login.token, .code = confirmed.codes.at[3].text), 0);
		assert_int_equal(second.outcome, i == 0 ? LOGIN_OK : LOGIN_DENIED);
	}
}

/* Lets somebody in with that role; returns the id. */
static uint64_t let_in(struct house *h, uint64_t boss, uint64_t role, struct str login)
{
	struct keep_invitation_new_out invitation;
	struct keep_invitation_accept_out accepted;
	assert_int_equal(ASK(h, invitation_new, boss, &invitation, .name = login, .role = role, .language = STR("ja")),
	                 0);
	assert_int_equal(ASK(h, invitation_accept, 0, &accepted, .token = invitation.token, .login = login,
	                     .password = STR(PASSWORD)),
	                 0);
	return accepted.person;
}

static void presidents_are_made_and_unmade_by_presidents(void **state)
{
	struct house *h = *state;
	/* The first person is an operator, and names the first president. */
	uint64_t boss = let_in(h, set_up_house(h), ROLE_PRESIDENT, STR("shacho"));
	uint64_t deputy = let_in(h, boss, ROLE_OPERATOR, STR("tanto")),
	         other = let_in(h, boss, ROLE_STAFF, STR("shain"));
	struct keep_invitation_new_out invitation;
	struct keep_person_change_out changed;
	struct keep_person_disable_out disabled;
	struct keep_totp_remove_out removed;

	assert_int_equal(ASK(h, invitation_new, deputy, &invitation, .name = STR("x"), .role = ROLE_PRESIDENT,
	                     .language = STR("ja")),
	                 ERR_DENIED);
	assert_int_equal(ASK(h, person_disable, deputy, &disabled, .id = boss, .disabled = true), ERR_DENIED);
	assert_int_equal(ASK(h, totp_remove, deputy, &removed, .person = boss), ERR_DENIED);
	const struct {
		uint64_t who, role;
		int want;
	} cases[] = {{boss, ROLE_STAFF, ERR_DENIED},
	             {deputy, ROLE_PRESIDENT, ERR_DENIED},
	             {other, ROLE_PRESIDENT, ERR_DENIED},
	             {other, ROLE_OFFICER, 0},
	             {boss, ROLE_PRESIDENT, 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ASK(h, person_change, deputy, &changed, .id = cases[i].who, .name = STR("名前"),
		                     .role = cases[i].role, .language = STR("ja")),
		                 cases[i].want);
	/* Where none is left, whoever manages names the next. */
	assert_int_equal(ASK(h, person_disable, boss, &disabled, .id = boss, .disabled = true), 0);
	assert_int_equal(ASK(h, person_change, deputy, &changed, .id = other, .name = STR("名前"),
	                     .role = ROLE_PRESIDENT, .language = STR("ja")),
	                 0);
}

static void people_come_by_invitation_and_have_roles(void **state)
{
	struct house *h = *state;
	uint64_t boss = set_up_house(h);
	struct keep_invitation_new_out invitation;
	struct keep_invitation_look_out look;
	struct keep_invitation_accept_out accepted, again;
	struct keep_person_disable_out disabled;
	struct keep_person_list_out people;
	struct keep_setting_set_out set;
	struct keep_session_find_out session;

	assert_int_equal(ASK(h, invitation_new, boss, &invitation, .name = STR("佐藤"), .role = ROLE_STAFF,
	                     .language = STR("ja")),
	                 0);
	assert_int_equal(ASK(h, invitation_look, 0, &look, .token = invitation.token), 0);
	assert_true(str_eq(look.invitations.at[0].name, STR("佐藤")));
	assert_int_equal(ASK(h, invitation_accept, 0, &accepted, .token = invitation.token, .login = STR("yamada"),
	                     .password = STR(PASSWORD)),
	                 ERR_EXISTS);
	assert_int_equal(ASK(h, invitation_accept, 0, &accepted, .token = invitation.token, .login = STR("sato"),
	                     .password = STR(PASSWORD)),
	                 0);
	assert_int_equal(ASK(h, invitation_accept, 0, &again, .token = invitation.token, .login = STR("sato2"),
	                     .password = STR(PASSWORD)),
	                 ERR_NOT_FOUND);
	assert_true(ASK(h, person_list, boss, &people, 0) == 0 && people.people.n == 2);

	/* Staff do not manage; the last manager stays. */
	assert_int_equal(ASK(h, setting_set, accepted.person, &set, .name = STR("company.name"), .value = STR("x")),
	                 ERR_DENIED);
	assert_int_equal(ASK(h, person_disable, accepted.person, &disabled, .id = boss, .disabled = true), ERR_DENIED);
	assert_int_equal(ASK(h, person_disable, boss, &disabled, .id = boss, .disabled = true), ERR_CONFLICT);
	assert_int_equal(ASK(h, session_find, 0, &session, .token = accepted.token), 0);
	assert_int_equal(ASK(h, person_disable, boss, &disabled, .id = accepted.person, .disabled = true), 0);
	assert_int_equal(ASK(h, session_find, 0, &session, .token = accepted.token), ERR_NOT_FOUND);

	/* A lost password: a link for that person. */
	assert_int_equal(ASK(h, person_disable, boss, &disabled, .id = accepted.person, .disabled = false), 0);
	assert_int_equal(ASK(h, invitation_new, boss, &invitation, .person = accepted.person), 0);
	assert_int_equal(
	        ASK(h, invitation_accept, 0, &again, .token = invitation.token, .password = STR("another password")),
	        0);
	struct keep_password_change_out changed;
	assert_int_equal(ASK(h, password_change, accepted.person, &changed, .old = STR("not this one"),
	                     .fresh = STR("a third password")),
	                 ERR_DENIED);
	assert_int_equal(ASK(h, password_change, accepted.person, &changed, .old = STR("another password"),
	                     .fresh = STR("a third password"), .keep_token = again.token),
	                 0);
	assert_int_equal(ASK(h, session_find, 0, &session, .token = again.token), 0);
}

static void settings_are_checked_and_recorded(void **state)
{
	struct house *h = *state;
	uint64_t boss = set_up_house(h);
	struct keep_setting_set_out set;
	struct keep_setting_get_out got;
	struct keep_setting_list_out list;
	uint64_t before = count_events(h, "setting.changed");

	assert_int_equal(ASK(h, setting_set, boss, &set, .name = STR("session.idle-minutes"), .value = STR("1")),
	                 ERR_INVALID);
	assert_int_equal(ASK(h, setting_set, boss, &set, .name = STR("company.own-domains"), .value = STR("a b")),
	                 ERR_INVALID);
	assert_int_equal(
	        ASK(h, setting_set, boss, &set, .name = STR("server.trusted-proxies"), .value = STR("10.0.0.1, x")),
	        ERR_INVALID);
	assert_int_equal(ASK(h, setting_set, boss, &set, .name = STR("no.such"), .value = STR("1")), ERR_NOT_FOUND);
	assert_int_equal(ASK(h, setting_set, boss, &set, .name = STR("session.idle-minutes"), .value = STR("60")), 0);
	assert_true(set.changed);
	assert_int_equal(ASK(h, setting_set, boss, &set, .name = STR("session.idle-minutes"), .value = STR("60")), 0);
	assert_false(set.changed);
	assert_int_equal(ASK(h, setting_get, 0, &got, .name = STR("session.idle-minutes")), 0);
	assert_true(str_eq(got.value, STR("60")));
	assert_int_equal(ASK(h, setting_get, 0, &got, .name = STR("login.second-factor")), 0);
	assert_true(str_eq(got.value, STR("optional")));
	assert_true(ASK(h, setting_list, boss, &list, 0) == 0 && list.settings.n >= 10);
	assert_int_equal(count_events(h, "setting.changed"), before + 1);
	for (const struct setting_entry *entry = setting_table; entry->name; entry++)
		assert_true(setting_check(entry, setting_default(entry)) >= 0);
}

static void cases_tokens_and_contacts(void **state)
{
	struct house *h = *state;
	uint64_t boss = set_up_house(h);
	struct keep_finding findings[] = {{STR("claim-foreign-link"), 4.0}};
	struct keep_text hosts[] = {{STR("evil.example")}};
	struct keep_case_new_out made;
	struct keep_case_get_out got;
	struct keep_case_list_out list;
	struct keep_case_answer_out answered;
	struct keep_token_new_out token;
	struct keep_token_find_out found;
	struct keep_token_revoke_out revoked;
	struct keep_contact_add_out contact;
	struct keep_contact_list_out contacts;
	struct keep_sender_note_out sender;

	assert_int_equal(ASK(h, case_new, boss, &made, .kind = STR("mail"), .verdict = STR("danger"), .score = 0.97,
	                     .brand = STR("三井住友カード"), .sender_address = STR("x@evil.example"),
	                     .sender_domain = STR("evil.example"), .question = STR("本物ですか？\n急ぎです"),
	                     .steps = STEP_PRESSED, .findings = {findings, 1, 1}, .hosts = {hosts, 1, 1}),
	                 0);
	assert_int_equal(ASK(h, case_get, boss, &got, .id = made.id), 0);
	assert_true(got.findings.n == 1 && got.hosts.n == 1 && str_eq(got.cases.at[0].person_name, STR("山田")));
	assert_int_equal(ASK(h, case_answer, boss, &answered, .id = made.id, .note = STR("にせものです")), 0);
	assert_true(ASK(h, case_list, boss, &list, .state = CASE_ANSWERED) == 0 && list.total == 1);
	assert_int_equal(ASK(h, case_get, boss, &got, .id = 99), ERR_NOT_FOUND);

	int64_t later_us = clock_now_us() + CLOCK_DAY_US;
	assert_int_equal(
	        ASK(h, token_new, boss, &token, .name = STR("script"), .scopes = TOKEN_CHECK, .expires_us = later_us),
	        0);
	assert_true(str_starts_with(token.token, STR("sonae_")));
	assert_int_equal(ASK(h, token_find, 0, &found, .token = token.token), 0);
	assert_true(found.scopes == TOKEN_CHECK && found.people.at[0].id == boss);
	assert_int_equal(ASK(h, token_revoke, boss, &revoked, .id = token.id), 0);
	assert_int_equal(ASK(h, token_find, 0, &found, .token = token.token), ERR_NOT_FOUND);

	assert_int_equal(ASK(h, contact_add, boss, &contact, .brand = STR("smbc-card"), .name = STR("三井住友カード"),
	                     .url = STR("javascript:1")),
	                 ERR_INVALID);
	assert_int_equal(ASK(h, contact_add, boss, &contact, .brand = STR("smbc-card"), .name = STR("三井住友カード"),
	                     .phone = STR("0120-000-000")),
	                 0);
	assert_true(ASK(h, contact_list, boss, &contacts, .brand = STR("smbc-card")) == 0 && contacts.contacts.n == 1);
	assert_true(ASK(h, sender_note, 0, &sender, .address = STR("A@b.example")) == 0 && !sender.known);
	assert_true(ASK(h, sender_note, 0, &sender, .address = STR("a@B.example")) == 0 && sender.known);
	assert_int_equal(ASK(h, case_new, boss, &made, .kind = STR("Mail text!")), ERR_INVALID);
}

static void what_was_acknowledged_survives_a_kill(void **state)
{
	struct house *h = *state;
	struct event e = event_make("check.verdict", clock_now_us());
	struct keep_actor web = {.program = STR("web")};
	struct keep_status_out status;
	struct keep_ledger_checkpoint_out checkpoint;
	uint64_t number = 0;

	assert_int_equal(keep_append_event(h->client, &web, &e, &number), 0);
	assert_int_equal(house_stop(h, SIGKILL), 128 + SIGKILL);
	house_start(h);
	assert_int_equal(ASK(h, status, 0, &status, 0), 0);
	assert_true(status.events == number + 2); /* and that it started again */
	assert_int_equal(ASK(h, ledger_checkpoint, 0, &checkpoint, 0), 0);
	assert_true(checkpoint.size == number + 2);
	struct ledger_key key;
	struct checkpoint parsed;
	assert_int_equal(ledger_key_read(checkpoint.key, &key), 0);
	assert_int_equal(checkpoint_verify(checkpoint.note, &key, &parsed), 0);
}

/* Nobody may write what the ledger cannot take: neither the event nor the change. */
static void unreadable_questions_change_nothing(void **state)
{
	struct house *h = *state;
	uint64_t boss = set_up_house(h);
	struct keep_event_append_out appended;
	struct keep_profile_change_out changed;
	struct keep_status_out before, after;

	assert_int_equal(ASK(h, status, 0, &before, 0), 0);
	assert_int_equal(ASK(h, event_append, 0, &appended, .event = STR("nonsense")), ERR_INVALID);
	assert_int_equal(ASK(h, profile_change, boss, &changed, .name = STR("\xFF"), .language = STR("ja")),
	                 ERR_INVALID);
	assert_int_equal(ASK(h, profile_change, 777, &changed, .name = STR("x"), .language = STR("ja")), ERR_DENIED);
	assert_int_equal(ASK(h, status, 0, &after, 0), 0);
	assert_true(before.events == after.events);
}

static void structs_are_as_their_signatures_say(void **state)
{
	(void) state;
	for (int i = 0; i < KEEP_CALL_COUNT; i++) {
		const struct keep_call_entry *call = &keep_call_table[i];
		/* end_of_fields takes the last 8 bytes */
		assert_int_equal(codec_size(call->in) + 8, call->in_bytes);
		assert_int_equal(codec_size(call->out) + 8, call->out_bytes);
	}
#define ROW(name, ...) assert_int_equal(codec_size("[" #name "]"), sizeof(struct keep_##name##_list));
#include "store/rows.def"
#undef ROW
}

/* RFC 6238, appendix B, SHA-1, last six digits; RFC 4648, 10. */
static void codes_are_those_of_the_standard(void **state)
{
	(void) state;
	static const struct {
		uint64_t seconds;
		uint32_t code;
	} vectors[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
	               {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
	struct str secret = STR("12345678901234567890");
	struct buf b = buf_make(64);
	uint64_t step;

	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++)
		assert_int_equal(totp_code(secret, vectors[i].seconds / TOTP_STEP_SECONDS), vectors[i].code);
	assert_int_equal(totp_check(secret, STR("287082"), 59 * CLOCK_SECOND_US, 0, &step), 0);
	assert_int_equal(totp_check(secret, STR("287082"), 59 * CLOCK_SECOND_US, step, &step), ERR_DENIED);
	base32_add(&b, STR("fooba"));
	assert_true(str_eq(buf_str(&b), STR("MZXW6YTB")));
	buf_clear(&b);
	base32_add(&b, STR("foob"));
	assert_true(str_eq(buf_str(&b), STR("MZXW6YQ")));
	buf_done(&b);
}

#define WITH_HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(structs_are_as_their_signatures_say),
	        cmocka_unit_test(codes_are_those_of_the_standard),
	        WITH_HOUSE(first_start_makes_the_first_person),
	        WITH_HOUSE(wrong_setup_codes_are_slowed_down),
	        WITH_HOUSE(logins_are_let_in_refused_and_slowed_down),
	        WITH_HOUSE(second_factor_counts_once),
	        WITH_HOUSE(people_come_by_invitation_and_have_roles),
	        WITH_HOUSE(presidents_are_made_and_unmade_by_presidents),
	        WITH_HOUSE(settings_are_checked_and_recorded),
	        WITH_HOUSE(cases_tokens_and_contacts),
	        WITH_HOUSE(what_was_acknowledged_survives_a_kill),
	        WITH_HOUSE(unreadable_questions_change_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
