/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Incidents: who may start one and write, that nothing acknowledged is lost, and that the ledger proves each entry. */
#include "keep/test-house.h"

#include <string.h>

#include "base/clock.h"
#include "store/role.h"

#define ASK_AS(house, call, actor_, out, ...)                                                                          \
	keep_##call((house)->client, &(actor_), &(struct keep_##call##_in){__VA_ARGS__}, (house)->arena, (out))

static const struct keep_actor stranger = {.program = {"web", 3}, .remote = {"192.0.2.9", 9}};

static uint64_t new_person(struct house *h, const char *login, uint64_t role)
{
	struct keep_person_add_out out;
	assert_int_equal(ASK(h, person_add, 0, &out, .name = STR("人"), .login = str_of(login), .role = role,
	                     .language = STR("ja")),
	                 0);
	return out.id;
}

static struct str new_code(struct house *h, bool renew)
{
	struct keep_incident_code_out out;
	assert_int_equal(ASK(h, incident_code, 0, &out, .renew = renew), 0);
	assert_int_equal(out.code.n, 8);
	return out.code;
}

static int add(struct house *h, const struct keep_actor *actor, struct str pass, struct keep_incident_entry row)
{
	struct keep_incident_add_out out;
	struct keep_incident_add_in in = {.pass = pass, .entries = {.at = &row, .n = 1}};
	return keep_incident_add(h->client, actor, &in, h->arena, &out);
}

static struct keep_incident_entry note(uint64_t incident, const char *text)
{
	return (struct keep_incident_entry){
	        .incident = incident, .kind = STR("note"), .name = STR(""), .text = str_of(text), .digest = STR("")};
}

static void test_paper_opens(void **state)
{
	struct house house, *h = &house;
	struct keep_incident_start_out started;
	struct keep_incident_enter_out entered;
	struct keep_incident_get_out got;
	struct keep_incident_state_out now;
	(void) state;
	house_open(h);
	house_start(h);
	struct str code = new_code(h, false);
	assert_true(str_eq(code, new_code(h, false)));

	assert_int_equal(ASK_AS(h, incident_start, stranger, &started, .kind = STR("ransomware")), ERR_DENIED);
	assert_int_equal(ASK_AS(h, incident_enter, stranger, &entered, .code = code), ERR_NOT_FOUND);
	struct str typed = arena_printf(h->arena, "%.4s-%.4s", code.p, code.p + 4);
	assert_int_equal(ASK_AS(h, incident_start, stranger, &started, .kind = STR("ransomware"), .code = typed), 0);
	assert_true(started.pass.n > 20);
	assert_int_equal(ASK_AS(h, incident_state, stranger, &now, 0), 0);
	assert_int_equal(now.running, 1);
	assert_true(now.known_us == 0); /* since when is nobody else's business */
	assert_int_equal(ASK_AS(h, incident_get, stranger, &got, .id = started.id), ERR_DENIED);
	assert_int_equal(ASK_AS(h, incident_get, stranger, &got, .id = started.id, .pass = started.pass), 0);
	assert_int_equal(got.records.n, 0); /* the ledger is not for the paper */
	assert_int_equal(add(h, &stranger, started.pass, note(started.id, "受注.xlsx が開けない")), 0);
	assert_int_equal(add(h, &stranger, STR("guessed"), note(started.id, "x")), ERR_DENIED);

	struct keep_incident_start_out drill;
	assert_int_equal(ASK(h, incident_start, 0, &drill, .kind = STR("lost"), .is_drill = true), 0);
	assert_int_equal(ASK_AS(h, incident_enter, stranger, &entered, .code = code), 0);
	assert_int_equal(entered.id, started.id); /* the real one, though the drill is newer */
	struct keep_incident_close_out closed;
	assert_int_equal(ASK(h, incident_close, 0, &closed, .id = started.id), 0);
	assert_int_equal(ASK_AS(h, incident_get, stranger, &got, .id = started.id, .pass = started.pass), ERR_DENIED);
	assert_int_equal(add(h, &stranger, entered.pass, note(started.id, "x")), ERR_DENIED);
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost")), 0);
	assert_int_equal(ASK_AS(h, incident_enter, stranger, &entered, .code = code), 0);
	assert_int_equal(add(h, &stranger, entered.pass, note(started.id, "x")), 0);
	assert_false(str_eq(new_code(h, true), code));
	assert_int_equal(add(h, &stranger, entered.pass, note(started.id, "x")), ERR_DENIED); /* a lost paper */
	assert_int_equal(ASK_AS(h, incident_enter, stranger, &entered, .code = code), ERR_DENIED);
	house_close(h);
}

static void test_drills_keep_nothing_real_out(void **state)
{
	struct house house, *h = &house;
	struct keep_incident_start_out started;
	struct keep_incident_state_out now;
	(void) state;
	house_open(h);
	house_start(h);
	for (int i = 0; i < 5; i++)
		assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost"), .is_drill = true), 0);
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost"), .is_drill = true), ERR_TOO_LARGE);
	assert_int_equal(ASK_AS(h, incident_state, stranger, &now, 0), 0);
	assert_int_equal(now.running, 0);
	assert_int_equal(now.drills, 5);
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost")), 0);
	house_close(h);
}

static void test_what_may_be_written(void **state)
{
	enum { NOTE_BYTES = 16 * 1024 };
	struct house house, *h = &house;
	struct keep_incident_start_out started;
	struct keep_incident_close_out closed;
	struct keep_incident_get_out got;
	const struct keep_actor cli = {.program = STR("cli"), .remote = STR("")};
	static char text[NOTE_BYTES + 1];
	(void) state;
	house_open(h);
	house_start(h);
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost")), 0);
	const struct {
		int64_t at_us;
		int want;
	} times[] = {{1, ERR_INVALID},
	             {clock_now_us() - 31 * CLOCK_DAY_US, ERR_INVALID},
	             {clock_now_us() - 29 * CLOCK_DAY_US, 0},
	             {clock_now_us() + 60 * CLOCK_SECOND_US, 0},
	             {clock_now_us() + 3600 * CLOCK_SECOND_US, ERR_INVALID},
	             {-1, ERR_INVALID}};
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		struct keep_incident_entry e = note(started.id, "x");
		e.at_us = times[i].at_us;
		assert_int_equal(add(h, &cli, STR(""), e), times[i].want);
	}
	memset(text, 'a', NOTE_BYTES);
	int r, notes = 0;
	while ((r = add(h, &cli, STR(""), note(started.id, text))) == 0)
		notes++;
	assert_int_equal(r, ERR_TOO_LARGE);
	assert_in_range(notes, 180, 200);
	assert_int_equal(ASK(h, incident_get, 0, &got, .id = started.id), 0); /* all of it can still be read */
	assert_int_equal(got.entries.n, notes + 2);
	assert_int_equal(ASK(h, incident_close, 0, &closed, .id = started.id), 0);
	assert_int_equal(add(h, &cli, STR(""), note(started.id, "x")), ERR_CONFLICT);
	house_close(h);
}

static void test_guessing_has_to_wait(void **state)
{
	struct house house, *h = &house;
	struct keep_incident_enter_out entered;
	(void) state;
	house_open(h);
	house_start(h);
	struct str code = new_code(h, false);
	int r, tries = 0;
	while ((r = ASK_AS(h, incident_enter, stranger, &entered, .code = STR("aaaabbbb"))) == ERR_DENIED)
		assert_true(++tries < 20);
	assert_int_equal(r, ERR_BUSY);
	/* Another phone is not held up. */
	struct keep_actor other = {.program = STR("web"), .remote = STR("192.0.2.10")};
	assert_int_equal(ASK_AS(h, incident_enter, other, &entered, .code = code), ERR_NOT_FOUND);
	house_close(h);
}

static void test_entries_are_in_the_ledger_and_survive(void **state)
{
	struct house house, *h = &house;
	struct keep_incident_start_out started;
	struct keep_incident_get_out got;
	struct keep_ledger_list_out events;
	struct record record;
	struct keep_incident_close_out closed;
	(void) state;
	house_open(h);
	house_start(h);
	struct keep_actor staff = {
	        .person = new_person(h, "staff", ROLE_STAFF), .program = STR("web"), .remote = STR("")};
	struct keep_actor expert = {
	        .person = new_person(h, "expert", ROLE_EXPERT), .program = STR("web"), .remote = STR("")};
	assert_int_equal(ASK_AS(h, incident_start, expert, &started, .kind = STR("lost")), ERR_DENIED);
	assert_int_equal(ASK_AS(h, incident_start, staff, &started, .kind = STR("lost"), .is_drill = true), 0);
	assert_int_equal(started.pass.n, 0);
	assert_int_equal(add(h, &staff, STR(""), note(started.id, "電車に忘れた")), 0);
	assert_int_equal(add(h, &expert, STR(""), note(started.id, "x")), ERR_DENIED);

	for (int i = 0; i < 600; i++) /* a long morning is still read whole */
		assert_int_equal(add(h, &staff, STR(""), note(started.id, "n")), 0);
	house_stop(h, SIGKILL); /* a power cut */
	house_start(h);
	assert_int_equal(ASK_AS(h, incident_get, expert, &got, .id = started.id), 0);
	assert_int_equal(got.entries.n, 601);
	const struct keep_incident_entry *e = &got.entries.at[600];
	struct str bytes =
	        arena_printf(h->arena, "%llu\n%llu\n%lld\n%lld\n%llu\n%zu %zu %zu %zu\n%.*s%.*s%.*s",
	                     (unsigned long long) started.id, (unsigned long long) e->value, (long long) e->at_us,
	                     (long long) e->made_us, (unsigned long long) e->made_by, e->kind.n, e->name.n, e->text.n,
	                     e->digest.n, STR_ARG(e->kind), STR_ARG(e->name), STR_ARG(e->text));
	char whole[1024];
	memcpy(whole, e->salt.p, e->salt.n);
	memcpy(whole + e->salt.n, bytes.p, bytes.n);
	struct ledger_hash hash = ledger_hash_of(str_make(whole, e->salt.n + bytes.n));
	assert_int_equal(ASK(h, ledger_list, 0, &events, .kind = STR("incident.noted"), .limit = 1), 0);
	assert_int_equal(record_decode(events.records.at[0].bytes, &record), 0);
	assert_true(ledger_hash_eq(&record.event.subject_hash, &hash));

	assert_int_equal(ASK_AS(h, incident_close, staff, &closed, .id = started.id), ERR_DENIED);
	assert_int_equal(ASK(h, incident_close, 0, &closed, .id = started.id), 0);
	assert_int_equal(ASK(h, incident_close, 0, &closed, .id = started.id), ERR_NOT_FOUND);
	house_close(h);
}

static void test_refused(void **state)
{
	struct house house, *h = &house;
	struct keep_incident_start_out started;
	(void) state;
	house_open(h);
	house_start(h);
	struct keep_actor cli = {.program = STR("cli"), .remote = STR("")};
	int64_t now_us = clock_now_us();
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("No Word")), ERR_INVALID);
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost"), .known_us = now_us + CLOCK_DAY_US),
	                 ERR_INVALID);
	assert_int_equal(
	        ASK(h, incident_start, 0, &started, .kind = STR("lost"), .known_us = now_us - 31 * CLOCK_DAY_US),
	        ERR_INVALID);
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost"), .known_us = now_us - CLOCK_DAY_US),
	                 0);
	struct keep_incident_entry bad[] = {note(started.id, ""), note(started.id, ""), note(started.id, ""),
	                                    note(started.id + 1, "x"), note(started.id, "")};
	bad[0].kind = STR("");
	bad[1].name = STR("two\nlines");
	bad[2].digest = STR("abc");
	bad[4].at_us = now_us + 2 * CLOCK_DAY_US;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(add(h, &cli, STR(""), bad[i]) < 0);
	for (int i = 0; i < 19; i++)
		assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost")), 0);
	assert_int_equal(ASK(h, incident_start, 0, &started, .kind = STR("lost")), ERR_TOO_LARGE);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_paper_opens),
	        cmocka_unit_test(test_drills_keep_nothing_real_out),
	        cmocka_unit_test(test_what_may_be_written),
	        cmocka_unit_test(test_guessing_has_to_wait),
	        cmocka_unit_test(test_entries_are_in_the_ledger_and_survive),
	        cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
