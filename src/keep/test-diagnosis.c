/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The self-diagnosis from the first answer to the closed sum, what the ledger holds of it, and what was declared beside
 * what is proven. */
#include "keep/test-house.h"

#include "base/clock.h"
#include "keep/evidence.h"
#include "store/query.h"
#include "store/role.h"
#include "store/store.h"

#define FIVE_POINTS .yes_points = 4, .partly_points = 2, .no_points = 0, .unknown_points = -1

static uint64_t new_person(struct house *h, const char *login, uint64_t role)
{
	struct keep_person_add_out out;
	assert_int_equal(ASK(h, person_add, 0, &out, .name = STR("人"), .login = str_of(login), .role = role,
	                     .language = STR("ja")),
	                 0);
	return out.id;
}

static uint64_t start(struct house *h, uint64_t person)
{
	struct keep_diagnosis_start_out out;
	assert_int_equal(ASK(h, diagnosis_start, person, &out, .version = STR("2025-04"), .questions = 5), 0);
	return out.id;
}

static int save(struct house *h, uint64_t person, uint64_t id, const char *site, const char *answers)
{
	struct keep_diagnosis_save_out out;
	return ASK(h, diagnosis_save, person, &out, .id = id, .site = str_of(site), .answers = str_of(answers));
}

static uint64_t events(struct house *h, const char *kind)
{
	struct keep_ledger_list_out out;
	assert_int_equal(ASK(h, ledger_list, 0, &out, .kind = str_of(kind)), 0);
	return out.total;
}

static int64_t recorded_score(struct house *h)
{
	struct keep_ledger_list_out out;
	struct record record;
	assert_int_equal(ASK(h, ledger_list, 0, &out, .kind = STR("diagnosis.closed"), .limit = 1), 0);
	assert_int_equal(record_decode(out.records.at[0].bytes, &record), 0);
	const struct event_fact *fact = event_find_fact(&record.event, "score");
	assert_non_null(fact);
	return fact->number;
}

static void test_way_of_a_round(void **state)
{
	struct house house, *h = &house;
	struct keep_diagnosis_start_out started;
	struct keep_diagnosis_get_out got;
	struct keep_diagnosis_sum_out summed;
	struct keep_diagnosis_close_out closed;
	struct keep_diagnosis_list_out list;
	(void) state;
	house_open(h);
	house_start(h);
	uint64_t officer = new_person(h, "officer", ROLE_OFFICER), staff = new_person(h, "staff", ROLE_STAFF),
	         expert = new_person(h, "expert", ROLE_EXPERT);

	assert_int_equal(ASK(h, diagnosis_start, staff, &started, .version = STR("1"), .questions = 5), ERR_DENIED);
	assert_int_equal(ASK(h, diagnosis_start, officer, &started, .version = STR("1"), .questions = 0), ERR_INVALID);
	uint64_t id = start(h, officer);
	assert_int_equal(ASK(h, diagnosis_start, officer, &started, .version = STR("1"), .questions = 5), ERR_CONFLICT);

	/* Half done, then whole; each site for itself; changed until it is closed. */
	assert_int_equal(save(h, staff, id, "横浜", "yp---"), 0);
	assert_int_equal(save(h, staff, id, "横浜", "ypnu"), ERR_INVALID);
	assert_int_equal(save(h, staff, id, "横浜", "ypnux"), ERR_INVALID);
	assert_int_equal(save(h, staff, id, "二\n行", "ypnuy"), ERR_INVALID);
	assert_int_equal(save(h, staff, id + 1, "横浜", "ypnuy"), ERR_NOT_FOUND);
	assert_int_equal(save(h, expert, id, "", "ypnuy"), ERR_DENIED);
	assert_int_equal(save(h, 0, id, "", "ypnuy"), ERR_DENIED);
	assert_int_equal(events(h, "diagnosis.answered"), 0);
	assert_int_equal(save(h, staff, id, "横浜", "ypnuy"), 0);
	assert_int_equal(save(h, staff, id, "横浜", "ypnnn"), 0);
	assert_int_equal(events(h, "diagnosis.answered"), 1);
	assert_int_equal(save(h, staff, id, "川崎", "uuuuu"), 0);
	assert_int_equal(save(h, officer, id, "", "yyyyy"), 0);

	assert_int_equal(ASK(h, diagnosis_get, officer, &got, .id = id), 0);
	assert_int_equal(got.answers.n, 3);
	assert_true(str_eq_c(got.answers.at[1].answers, "uuuuu") || str_eq_c(got.answers.at[2].answers, "uuuuu"));
	assert_int_equal(ASK(h, diagnosis_get, staff, &got, .id = id), 0);
	assert_int_equal(got.answers.n, 2);
	for (size_t i = 0; i < got.answers.n; i++)
		assert_int_equal(got.answers.at[i].person, staff);

	/* Nothing is closed that was not summed up wholly. */
	assert_int_equal(ASK(h, diagnosis_close, officer, &closed, .id = id, FIVE_POINTS), ERR_INVALID);
	assert_int_equal(ASK(h, diagnosis_sum, officer, &summed, .id = id, .answers = STR("ypnu-")), 0);
	assert_int_equal(ASK(h, diagnosis_close, officer, &closed, .id = id, FIVE_POINTS), ERR_INVALID);
	/* Two people at once: the second one hears of the first. */
	assert_int_equal(ASK(h, diagnosis_sum, officer, &summed, .id = id, .answers = STR("ypnuu")), ERR_CONFLICT);
	assert_int_equal(ASK(h, diagnosis_get, officer, &got, .id = id), 0);
	assert_true(str_eq_c(got.answers.at[0].answers, "ypnu-"));
	int64_t seen_us = got.answers.at[0].changed_us;
	assert_int_equal(
	        ASK(h, diagnosis_sum, officer, &summed, .id = id, .answers = STR("ypnuu"), .changed_us = seen_us), 0);
	assert_int_equal(
	        ASK(h, diagnosis_sum, officer, &summed, .id = id, .answers = STR("nnnnn"), .changed_us = seen_us),
	        ERR_CONFLICT);
	/* The same once more, as when a button is pressed twice. */
	assert_int_equal(
	        ASK(h, diagnosis_sum, officer, &summed, .id = id, .answers = STR("ypnuu"), .changed_us = seen_us), 0);
	assert_int_equal(ASK(h, diagnosis_sum, staff, &summed, .id = id, .answers = STR("yyyyy")), ERR_DENIED);
	assert_int_equal(ASK(h, diagnosis_close, staff, &closed, .id = id, FIVE_POINTS), ERR_DENIED);
	assert_int_equal(ASK(h, diagnosis_close, officer, &closed, .id = id, .yes_points = 101), ERR_INVALID);
	assert_int_equal(ASK(h, diagnosis_close, officer, &closed, .id = id, FIVE_POINTS), 0);
	assert_int_equal(closed.score, 4 + 2 + 0 - 1 - 1);
	assert_int_equal(recorded_score(h), 4);
	assert_int_equal(events(h, "diagnosis.closed"), 1);

	/* Closed is closed. */
	assert_int_equal(save(h, staff, id, "横浜", "yyyyy"), ERR_CONFLICT);
	assert_int_equal(ASK(h, diagnosis_sum, officer, &summed, .id = id, .answers = STR("yyyyy")), ERR_CONFLICT);
	assert_int_equal(ASK(h, diagnosis_close, officer, &closed, .id = id, FIVE_POINTS), ERR_CONFLICT);
	assert_int_equal(start(h, 0), id + 1);
	assert_int_equal(ASK(h, diagnosis_sum, officer, &summed, .id = id + 1, .answers = STR("yyyyy")), 0);
	assert_int_equal(ASK(h, diagnosis_close, officer, &closed, .id = id + 1, FIVE_POINTS), 0);
	assert_int_equal(closed.score, 20);
	assert_int_equal(start(h, 0), id + 2);
	assert_int_equal(ASK(h, diagnosis_list, expert, &list, 0), 0);
	assert_int_equal(list.rounds.n, 3);
	assert_int_equal(list.rounds.at[0].closed_us, 0);
	const struct keep_diagnosis *round = &list.rounds.at[2];
	assert_true(round->score == 4 && round->most == 20 && round->yes == 1 && round->partly == 1 && round->no == 1 &&
	            round->unknown == 2 && round->closed_by == officer);
	house_close(h);
}

/* ---- evidence ---- */

static const struct keep_evidence *row_of(const struct keep_evidence_list_out *out, const char *id)
{
	for (size_t i = 0; i < out->rows.n; i++)
		if (str_eq_c(out->rows.at[i].id, id))
			return &out->rows.at[i];
	fail_msg("no row %s", id);
	return NULL;
}

/* The mark beside an answer to a question, as the pages find it. */
static enum evidence_mark mark(const struct keep_evidence_list_out *out, uint64_t item, char answer, int64_t now_us)
{
	enum evidence_state best = EVIDENCE_NOTHING;
	for (size_t i = 0; i < out->rows.n; i++) {
		const struct keep_evidence *row = &out->rows.at[i];
		const struct evidence_entry *entry = evidence_find(row->id);
		assert_non_null(entry);
		if (!evidence_is_of_item(entry, item))
			continue;
		enum evidence_state each = evidence_state_of(entry, row->newest_us, row->count, row->whole, now_us);
		best = each > best ? each : best;
	}
	return evidence_mark_of(answer, best);
}

static void test_said_without_proof_until_there_is_one(void **state)
{
	struct house house, *h = &house;
	struct keep_evidence_list_out out;
	struct keep_backup_now_out made;
	char path[256];
	(void) state;
	house_open(h);
	house_start(h);
	int64_t now_us = clock_now_us();

	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(out.rows.n, evidence_table_count);
	assert_int_equal(mark(&out, 11, 'y', now_us), EVIDENCE_ONLY_SAID);
	assert_int_equal(mark(&out, 11, 'p', now_us), EVIDENCE_ONLY_SAID);
	assert_int_equal(mark(&out, 11, 'n', now_us), EVIDENCE_FITS);

	snprintf(path, sizeof(path), "%s.backup", h->folder);
	assert_int_equal(ASK(h, backup_now, 0, &made, .path = str_of(path)), 0);
	unlink(path);
	now_us = clock_now_us();
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "backup")->count, 1);
	assert_true(row_of(&out, "backup")->newest_us > now_us - 60 * CLOCK_SECOND_US);
	assert_int_equal(mark(&out, 11, 'y', now_us), EVIDENCE_FITS);
	assert_int_equal(mark(&out, 11, 'n', now_us), EVIDENCE_ONLY_PROVEN);
	assert_int_equal(mark(&out, 11, 'u', now_us), EVIDENCE_ONLY_PROVEN);
	assert_int_equal(mark(&out, 11, 'y', now_us + 6 * CLOCK_DAY_US), EVIDENCE_FITS);
	assert_int_equal(mark(&out, 11, 'y', now_us + 8 * CLOCK_DAY_US), EVIDENCE_ONLY_SAID);
	house_close(h);
}

static int append(struct house *h, const char *kind, int64_t time_us)
{
	struct event e = event_make(kind, time_us);
	return keep_append_event(h->client, &(struct keep_actor){.program = STR("cli")}, &e, NULL);
}

static int append_name(struct house *h, const char *kind, const char *name, int64_t time_us)
{
	struct event e = event_make(kind, time_us);
	event_set_name(&e, str_of(name));
	return keep_append_event(h->client, &(struct keep_actor){.program = STR("cli")}, &e, NULL);
}

static void test_only_what_proves_it_counts(void **state)
{
	struct house house, *h = &house;
	struct keep_evidence_list_out out;
	struct keep_item_save_out saved;
	int64_t now_us = clock_now_us();
	(void) state;
	house_open(h);
	house_start(h);
	/* Another name for a person, or another paper made public, is no proof. */
	assert_int_equal(append(h, "person.changed", now_us), 0);
	assert_int_equal(append_name(h, "paper.published", "cards", now_us), 0);
	assert_int_equal(append_name(h, "paper.approved", "cards", now_us), 0);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "people-removed")->count, 0);
	assert_int_equal(row_of(&out, "policy-published")->newest_us, 0);
	assert_int_equal(mark(&out, 25, 'y', now_us), EVIDENCE_ONLY_SAID);
	assert_int_equal(mark(&out, 4, 'y', now_us), EVIDENCE_ONLY_SAID);
	/* A record of no days at all. */
	const struct evidence_entry *kept = evidence_find(STR("records-kept"));
	assert_int_equal(evidence_state_of(kept, now_us, row_of(&out, "records-kept")->count, 0, now_us),
	                 EVIDENCE_NOTHING);
	assert_int_equal(evidence_state_of(kept, now_us, 1, 0, now_us), EVIDENCE_PROVEN);
	assert_int_equal(append_name(h, "paper.published", "policy", now_us), 0);
	assert_int_equal(append(h, "person.disabled", now_us), 0);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "policy-published")->count, 1);
	assert_int_equal(mark(&out, 25, 'y', now_us), EVIDENCE_FITS);
	assert_int_equal(mark(&out, 4, 'y', now_us), EVIDENCE_FITS);

	/* Registers: nothing noted, all within its day, something past it; leavers whose account is still open. */
	assert_int_equal(mark(&out, 1, 'y', now_us), EVIDENCE_ONLY_SAID);
	struct keep_item items[] = {
	        {.register_word = STR("devices"), .body = STR("{\"name\":\"a\"}"), .due = STR("2999-01-01")},
	        {.register_word = STR("software"), .body = STR("{\"name\":\"b\"}"), .due = STR("")},
	        {.register_word = STR("accounts"),
	         .body = STR("{\"person\":\"c\",\"account-state\":\"active\"}"),
	         .due = STR("")}};
	assert_int_equal(ASK(h, item_save, 0, &saved, .items = {.at = items, .n = 3}), 0);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "support-ended")->whole, 1);
	assert_int_equal(mark(&out, 1, 'y', clock_now_us()), EVIDENCE_FITS);
	assert_int_equal(mark(&out, 1, 'y', clock_now_us() + 366 * CLOCK_DAY_US), EVIDENCE_ONLY_SAID);
	items[1].due = STR("2020-01-01");
	items[2].body = STR("{\"person\":\"d\",\"account-state\":\"leaving\",\"left-on\":\"2020-01-01\"}");
	assert_int_equal(ASK(h, item_save, 0, &saved, .items = {.at = items + 1, .n = 2}), 0);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "support-ended")->count, 1);
	assert_int_equal(row_of(&out, "accounts-open")->count, 1);
	assert_int_equal(mark(&out, 1, 'y', now_us), EVIDENCE_SPEAKS_AGAINST);
	assert_int_equal(mark(&out, 4, 'p', now_us), EVIDENCE_SPEAKS_AGAINST);
	assert_int_equal(mark(&out, 1, 'n', now_us), EVIDENCE_FITS);
	items[2] = (struct keep_item){.id = saved.id,
	                              .register_word = STR("accounts"),
	                              .body = STR("{\"account-state\":\"done\",\"left-on\":\"2020-01-01\"}")};
	assert_int_equal(ASK(h, item_save, 0, &saved, .items = {.at = items + 2, .n = 1}), 0);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "accounts-open")->count, 0);
	house_close(h);
}

static void test_count_is_of_its_days(void **state)
{
	struct house house, *h = &house;
	struct keep_evidence_list_out out;
	int64_t now_us = clock_now_us();
	(void) state;
	house_open(h);
	house_start(h);
	/* Behind the first records, which are of now, older ones come in: the halving has to stay inside. */
	for (int days = 60; days >= 0; days--)
		assert_int_equal(append(h, "check.verdict", now_us - days * CLOCK_DAY_US), 0);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_true(row_of(&out, "mails-checked")->newest_us >= now_us - CLOCK_SECOND_US);
	assert_in_range(row_of(&out, "mails-checked")->count, 30, 31);
	assert_int_equal(row_of(&out, "restore")->count, 0);
	assert_int_equal(row_of(&out, "restore")->newest_us, 0);
	assert_true(row_of(&out, "records-kept")->newest_us > now_us - 60 * CLOCK_SECOND_US);
	assert_int_equal(row_of(&out, "records-kept")->count, 0);
	house_close(h);
}

static void test_second_factor_is_a_share(void **state)
{
	struct house house, *h = &house;
	struct keep_evidence_list_out out;
	struct store *s = NULL;
	char path[256];
	(void) state;
	house_open(h);
	house_start(h);
	uint64_t first = new_person(h, "first", ROLE_PRESIDENT);
	new_person(h, "second", ROLE_STAFF);
	new_person(h, "expert", ROLE_EXPERT);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "second-factor")->whole, 2);
	assert_int_equal(mark(&out, 3, 'y', clock_now_us()), EVIDENCE_ONLY_SAID);
	assert_int_equal(house_stop(h, SIGTERM), 0);
	snprintf(path, sizeof(path), "%s/sonae.db", h->folder);
	assert_int_equal(store_open(path, STORE_WRITE, &s), 0);
	struct query q = query_start(s, "UPDATE person SET totp_secret = x'01' WHERE id = ?1");
	query_bind_u64(&q, first);
	assert_true(query_run(&q) >= 0);
	store_free(s);
	house_start(h);
	assert_int_equal(ASK(h, evidence_list, 0, &out, 0), 0);
	assert_int_equal(row_of(&out, "second-factor")->count, 1);
	assert_int_equal(mark(&out, 3, 'y', clock_now_us()), EVIDENCE_ONLY_SAID);
	assert_int_equal(evidence_mark_of('y', evidence_state_of(evidence_find(STR("second-factor")), 0, 2, 2, 0)),
	                 EVIDENCE_FITS);
	house_close(h);
}

/* ---- what is noted ---- */

static int check(struct house *h, uint64_t person, struct keep_scs_state row, struct keep_scs_save_out *out)
{
	return ASK(h, scs_save, person, out, .states = {.at = &row, .n = 1});
}

static void test_scs_keeps_every_state(void **state)
{
	struct house house, *h = &house;
	struct keep_scs_save_out saved;
	struct keep_scs_list_out list;
	struct keep_scs_history_out history;
	struct keep_scs_state row = {.criterion = STR("scs.4-3-4.1"),
	                             .state = 2,
	                             .note = STR("NASだけ"),
	                             .owner = STR("総務"),
	                             .due = STR("2027-01-31"),
	                             .version = STR("基準 2026-03-27")};
	(void) state;
	house_open(h);
	house_start(h);
	uint64_t staff = new_person(h, "staff", ROLE_STAFF);
	assert_int_equal(check(h, staff, row, &saved), ERR_DENIED);
	assert_int_equal(check(h, 0, row, &saved), 0);
	row.state = 1;
	assert_int_equal(check(h, 0, row, &saved), 0);
	row.state = 3;
	assert_int_equal(check(h, 0, row, &saved), ERR_INVALID);
	row.state = 1;
	row.due = STR("31.1.2027");
	assert_int_equal(check(h, 0, row, &saved), ERR_INVALID);
	assert_int_equal(ASK(h, scs_list, 0, &list, 0), 0);
	assert_int_equal(list.states.n, 1);
	assert_int_equal(list.states.at[0].state, 1);
	assert_true(str_eq_c(list.states.at[0].version, "基準 2026-03-27"));
	assert_int_equal(ASK(h, scs_history, 0, &history, .beginning = STR("scs.4-3-4.")), 0);
	assert_int_equal(history.changes.n, 2);
	assert_true(history.changes.at[0].state == 1 && history.changes.at[1].state == 2);
	assert_int_equal(ASK(h, scs_history, 0, &history, .beginning = STR("scs.4-3-5.")), 0);
	assert_int_equal(history.changes.n, 0);
	assert_int_equal(events(h, "scs.checked"), 2);
	house_close(h);
}

static int declare(struct house *h, struct keep_declaration row)
{
	struct keep_declaration_save_out out;
	return ASK(h, declaration_save, 0, &out, .declarations = {.at = &row, .n = 1});
}

static void test_declaration_and_policy_are_events_once(void **state)
{
	struct house house, *h = &house;
	struct keep_declaration_list_out list;
	struct keep_declaration row = {.star = 2, .day = STR("2026-11-20"), .declared_id = STR("12345678901")};
	(void) state;
	house_open(h);
	house_start(h);
	assert_int_equal(declare(h, row), 0);
	assert_int_equal(events(h, "policy.published"), 0);
	row.policy_url = STR("https://minato-shokai.example/policy");
	assert_int_equal(declare(h, row), 0);
	row.logo = STR("名刺");
	assert_int_equal(declare(h, row), 0);
	assert_int_equal(events(h, "policy.published"), 1);
	assert_int_equal(events(h, "security-action.declared"), 1);
	row.policy_url = STR("javascript:alert(1)");
	assert_int_equal(declare(h, row), ERR_INVALID);
	row.policy_url = STR("");
	row.star = 3;
	assert_int_equal(declare(h, row), ERR_INVALID);
	assert_int_equal(ASK(h, declaration_list, 0, &list, 0), 0);
	assert_int_equal(list.declarations.n, 3);
	assert_true(str_eq_c(list.declarations.at[0].logo, "名刺"));
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_way_of_a_round),
	        cmocka_unit_test(test_said_without_proof_until_there_is_one),
	        cmocka_unit_test(test_count_is_of_its_days),
	        cmocka_unit_test(test_only_what_proves_it_counts),
	        cmocka_unit_test(test_second_factor_is_a_share),
	        cmocka_unit_test(test_scs_keeps_every_state),
	        cmocka_unit_test(test_declaration_and_policy_are_events_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
