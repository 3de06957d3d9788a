/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The queue of outgoing mail in a real keeper: nothing twice, tries and pauses, limits, and who may know what. */
#include "keep/test-house.h"

#include "base/clock.h"
#include "store/mail.h"
#include "store/role.h"

static void set(struct house *h, const char *name, const char *value)
{
	struct keep_setting_set_out out;
	assert_int_equal(ASK(h, setting_set, 0, &out, .name = str_of(name), .value = str_of(value)), 0);
}

static uint64_t new_person(struct house *h, const char *login, const char *mail, uint64_t role)
{
	struct keep_person_add_out added;
	struct keep_person_mail_out out;
	assert_int_equal(ASK(h, person_add, 0, &added, .name = STR("人"), .login = str_of(login), .role = role,
	                     .language = STR("ja")),
	                 0);
	if (mail)
		assert_int_equal(ASK(h, person_mail, 0, &out, .id = added.id, .mail = str_of(mail)), 0);
	return added.id;
}

static void open_ready(struct house *h)
{
	house_open(h);
	house_start(h);
	set(h, "mail.host", "mail.example");
	set(h, "mail.from", "sonae@house.example");
}

static uint64_t add(struct house *h, const char *once, const char *kind, uint64_t person, const char *facts)
{
	struct keep_mail_new row = {str_of(once), str_of(kind), person, str_of(facts)};
	struct keep_mail_add_out out;
	assert_int_equal(ASK(h, mail_add, 0, &out, .day = STR("2026-11-23"), .mails = {.at = &row, .n = 1}), 0);
	return out.added;
}

static bool take(struct house *h, struct keep_mail_take_out *out)
{
	assert_int_equal(ASK(h, mail_take, 0, out, .end_of_fields = 0), 0);
	return out->jobs.n == 1;
}

static int result(struct house *h, uint64_t id, const char *outcome, bool is_final, bool is_server)
{
	struct keep_mail_result_out out;
	return ASK(h, mail_result, 0, &out, .id = id, .outcome = str_of(outcome), .answer = STR("550 no"),
	           .is_final = is_final, .is_server = is_server);
}

static struct keep_mail find(struct house *h, uint64_t id)
{
	struct keep_mail_find_out out;
	assert_int_equal(ASK(h, mail_find, 0, &out, .id = id), 0);
	assert_int_equal(out.mails.n, 1);
	return out.mails.at[0];
}

static void test_way_of_a_mail(void **state)
{
	struct house house, *h = &house;
	struct keep_mail_take_out out;
	struct keep_mail_state_out how;
	struct keep_mail_password_out kept;
	(void) state;
	open_ready(h);
	uint64_t person = new_person(h, "sato", "sato@house.example", ROLE_OPERATOR);
	assert_int_equal(ASK(h, mail_password, 0, &kept, .password = STR("pass")), 0);
	assert_false(take(h, &out));
	assert_int_equal(add(h, "digest 1", "digest", person, "part\ttasks\t1\t0\n"), 1);
	assert_int_equal(add(h, "digest 1", "digest", person, "part\ttasks\t9\t0\n"), 0); /* once is once */
	assert_true(take(h, &out));
	struct keep_mail_job job = out.jobs.at[0];
	assert_true(str_eq(job.address, STR("sato@house.example")));
	assert_true(str_eq(job.facts, STR("part\ttasks\t1\t0\n")));
	assert_true(str_eq(out.servers.at[0].password, STR("pass")));
	assert_false(take(h, &out)); /* it is under way */

	/* Whoever sent it may be gone, and the keeper too: it is tried again. */
	assert_int_equal(house_stop(h, SIGKILL), 128 + SIGKILL);
	house_start(h);
	assert_false(take(h, &out));
	set(h, "mail.port", "465");
	assert_true(take(h, &out));
	assert_int_equal(out.jobs.at[0].id, job.id);
	assert_int_equal(out.jobs.at[0].made_us, job.made_us); /* so that the Message-ID is the same */
	assert_int_equal(result(h, job.id, "ok", false, false), 0);
	assert_int_equal(result(h, job.id, "ok", false, false), ERR_NOT_FOUND);
	assert_int_equal(ASK(h, mail_state, 0, &how, .end_of_fields = 0), 0);
	assert_int_equal(how.waiting, 0);
	assert_int_equal(how.sent_today, 1);
	assert_true(how.last_us > 0);
	assert_int_equal(find(h, job.id).state, MAIL_SENT);
	assert_int_equal(add(h, "digest 1", "digest", person, "x\n"), 0);
	house_close(h);
}

static void test_failures(void **state)
{
	struct house house, *h = &house;
	struct keep_mail_take_out out;
	(void) state;
	open_ready(h);
	uint64_t person = new_person(h, "sato", "sato@house.example", ROLE_OPERATOR);
	uint64_t other = new_person(h, "abe", "abe@house.example", ROLE_STAFF);
	set(h, "mail.tries", "2");
	add(h, "a", "digest", person, "x\n");
	add(h, "b", "digest", other, "x\n");
	assert_true(take(h, &out));
	uint64_t first = out.jobs.at[0].id;
	int64_t before = clock_now_us();
	assert_int_equal(result(h, first, "not-reached", false, true), 0);
	assert_false(take(h, &out)); /* the other would not get through either */
	assert_in_range(find(h, first).next_us, before + 50 * CLOCK_SECOND_US, before + 70 * CLOCK_SECOND_US);
	assert_true(str_eq(find(h, first).outcome, STR("not-reached")));
	set(h, "mail.seconds", "20"); /* somebody mended it: all are tried at once */
	assert_true(take(h, &out));
	assert_int_equal(result(h, out.jobs.at[0].id, "recipient", true, false), 0);
	assert_int_equal(find(h, out.jobs.at[0].id).state, MAIL_GIVEN_UP);
	assert_true(take(h, &out));
	assert_int_equal(result(h, out.jobs.at[0].id, "timeout", false, true), 0);
	set(h, "mail.seconds", "21");
	if (take(h, &out)) /* the second try of the one that is left was the last */
		assert_int_equal(result(h, out.jobs.at[0].id, "timeout", false, true), 0);
	assert_false(take(h, &out));
	assert_int_equal(find(h, first).state, MAIL_GIVEN_UP);
	house_close(h);
}

static void test_limits(void **state)
{
	struct house house, *h = &house;
	struct keep_mail_take_out out;
	struct keep_mail_state_out how;
	(void) state;
	open_ready(h);
	uint64_t person = new_person(h, "sato", "sato@house.example", ROLE_OPERATOR);
	uint64_t other = new_person(h, "abe", "abe@house.example", ROLE_STAFF);
	set(h, "mail.each-person-each-day", "1");
	set(h, "mail.each-day", "2");
	add(h, "a", "digest", person, "x\n");
	add(h, "b", "month", person, "x\n");
	add(h, "c", "digest", other, "x\n");
	add(h, "d", "digest", new_person(h, "ito", "ito@house.example", ROLE_STAFF), "x\n");
	for (int i = 0; i < 2; i++) {
		assert_true(take(h, &out));
		assert_int_equal(result(h, out.jobs.at[0].id, "ok", false, false), 0);
	}
	assert_int_equal(ASK(h, mail_state, 0, &how, .end_of_fields = 0), 0);
	assert_true(str_eq(how.state, STR("full")));
	assert_false(take(h, &out));
	set(h, "mail.each-day", "10");
	assert_true(take(h, &out));
	assert_true(str_eq(out.jobs.at[0].address, STR("ito@house.example")));
	assert_int_equal(result(h, out.jobs.at[0].id, "ok", false, false), 0);
	assert_false(take(h, &out)); /* the month of who had one already */
	assert_int_equal(ASK(h, mail_state, 0, &how, .end_of_fields = 0), 0);
	assert_int_equal(how.waiting, 1);
	house_close(h);
}

static void test_states(void **state)
{
	static const struct {
		const char *name, *value, *want;
	} steps[] = {{"mail.host", "", "off"},
	             {"mail.host", "mail.example", "ready"},
	             {"mail.tls", "none", "plain-outside"},
	             {"mail.host", "192.168.1.5", "ready"},
	             {"mail.host", "172.15.0.1", "plain-outside"},
	             {"mail.host", "172.16.0.1", "ready"},
	             {"mail.host", "10.0.0.1.example", "plain-outside"},
	             {"mail.host", "127.0.0.1", "ready"},
	             {"mail.host", "localhost", "ready"},
	             {"mail.user", "sonae", "plain-password"},
	             {"mail.tls", "tls", "ready"},
	             {"mail.from", "", "off"}};
	struct house house, *h = &house;
	struct keep_mail_state_out how;
	(void) state;
	open_ready(h);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		set(h, steps[i].name, steps[i].value);
		assert_int_equal(ASK(h, mail_state, 0, &how, .end_of_fields = 0), 0);
		if (!str_eq_c(how.state, steps[i].want))
			fail_msg("%s %s: %.*s", steps[i].name, steps[i].value, STR_ARG(how.state));
	}
	struct keep_setting_set_out out;
	static const char *const bad[] = {"sonae",         "@x.example",   "a@b",
	                                  "a b@c.example", "a@-b.example", "a..b@c.example"};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(ASK(h, setting_set, 0, &out, .name = STR("mail.from"), .value = str_of(bad[i])),
		                 ERR_INVALID);
	house_close(h);
}

static void test_who_may(void **state)
{
	struct house house, *h = &house;
	struct keep_mail_take_out taken;
	struct keep_mail_state_out how;
	struct keep_mail_test_out tested;
	struct keep_person_list_out people;
	struct keep_profile_mail_out out;
	struct keep_mail_password_out kept;
	(void) state;
	open_ready(h);
	uint64_t operator_id = new_person(h, "sato", "sato@house.example", ROLE_OPERATOR);
	uint64_t staff = new_person(h, "abe", NULL, ROLE_STAFF);
	assert_int_equal(ASK(h, mail_test, staff, &tested, .end_of_fields = 0), ERR_DENIED);
	assert_int_equal(ASK(h, mail_password, staff, &kept, .password = STR("x")), ERR_DENIED);
	assert_int_equal(ASK(h, mail_state, staff, &how, .with_mails = true), 0);
	assert_int_equal(how.mails.n, 0);
	assert_int_equal(ASK(h, mail_take, operator_id, &taken, .end_of_fields = 0), ERR_DENIED);
	assert_int_equal(ASK(h, profile_mail, staff, &out, .mail = STR("abe@house.example"), .reminds = true), 0);
	assert_int_equal(ASK(h, profile_mail, staff, &out, .mail = STR("abe@\nhouse.example")), ERR_INVALID);
	assert_int_equal(ASK(h, person_list, staff, &people, .end_of_fields = 0), 0);
	for (size_t i = 0; i < people.people.n; i++)
		assert_int_equal(people.people.at[i].mail.n > 0, people.people.at[i].id == staff);
	assert_int_equal(ASK(h, person_list, operator_id, &people, .end_of_fields = 0), 0);
	for (size_t i = 0; i < people.people.n; i++)
		assert_true(people.people.at[i].mail.n > 0);

	/* A password is for its server; a test goes once. */
	assert_int_equal(ASK(h, mail_password, operator_id, &kept, .password = STR("pass")), 0);
	set(h, "mail.host", "other.example");
	assert_int_equal(ASK(h, mail_state, operator_id, &how, .with_mails = true), 0);
	assert_false(how.has_password);
	assert_int_equal(ASK(h, mail_test, operator_id, &tested, .end_of_fields = 0), 0);
	assert_true(take(h, &taken));
	assert_int_equal(result(h, tested.id, "timeout", false, true), 0);
	assert_int_equal(find(h, tested.id).state, MAIL_GIVEN_UP);
	assert_true(str_eq(find(h, tested.id).answer, STR("550 no")));

	/* Who wants none, or has left, gets none. */
	add(h, "a", "digest", staff, "x\n");
	assert_int_equal(ASK(h, profile_mail, staff, &out, .mail = STR("abe@house.example"), .reminds = false), 0);
	assert_false(take(h, &taken));
	house_close(h);
}

static void test_round(void **state)
{
	struct house house, *h = &house;
	struct keep_mail_take_out taken;
	struct keep_mail_round_out round;
	struct keep_mail_add_out added;
	struct keep_todo_add_out todo;
	(void) state;
	open_ready(h);
	set(h, "mail.hour", "0");
	uint64_t staff = new_person(h, "abe", "abe@house.example", ROLE_STAFF);
	assert_int_equal(ASK(h, todo_add, staff, &todo, .task = STR("秘密の用事"), .due = STR("2020-01-01")), 0);
	(void) take(h, &taken);
	assert_true(taken.is_round_due);
	assert_int_equal(ASK(h, mail_round, 0, &round, .end_of_fields = 0), 0);
	assert_int_equal(round.last.n, 0);
	assert_int_equal(round.people.n, 1);
	assert_int_equal(round.todos.n, 1);
	assert_int_equal(round.todos.at[0].task.n, 0);
	assert_int_equal(ASK(h, mail_add, 0, &added, .day = round.today, .is_last = true), 0);
	(void) take(h, &taken);
	assert_false(taken.is_round_due);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_way_of_a_mail), cmocka_unit_test(test_failures), cmocka_unit_test(test_limits),
	        cmocka_unit_test(test_states),        cmocka_unit_test(test_who_may),  cmocka_unit_test(test_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
