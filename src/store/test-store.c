/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/err.h"
#include "store/access.h"
#include "store/case.h"
#include "store/company.h"
#include "store/house.h"
#include "store/person.h"
#include "store/store.h"

struct fixture {
	char folder[64], path[96], copy[96];
	struct store *store;
	struct arena *arena;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	snprintf(f->folder, sizeof(f->folder), "/tmp/sonae-store-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/" STORE_FILE_NAME, f->folder);
	snprintf(f->copy, sizeof(f->copy), "%s/copy.db", f->folder);
	f->arena = arena_new(1 << 20);
	assert_int_equal(store_open(f->path, STORE_WRITE, &f->store), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];
	store_free(f->store);
	arena_free(f->arena);
	snprintf(command, sizeof(command), "rm -r %s", f->folder);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void file_is_ours_and_up_to_date(void **state)
{
	struct fixture *f = *state;
	struct store *again = NULL;
	assert_int_equal(store_schema(f->store), store_schema_newest());
	assert_int_equal(store_open(f->path, STORE_READ, &again), 0);
	assert_int_equal(store_check_integrity(again), 0);
	assert_true(store_size_bytes(again) > 0);
	assert_true(house_set(again, "x", STR("y")) < 0); /* only for reading */
	store_free(again);
}

static void foreign_and_newer_files_are_left_alone(void **state)
{
	struct fixture *f = *state;
	struct store *other = NULL;
	char path[96];

	assert_int_equal(store_open(f->copy, STORE_READ, &other), ERR_NOT_FOUND);
	store_free(f->store);
	f->store = NULL;
	run_sql(f->path, "PRAGMA user_version = 999");
	assert_int_equal(store_open(f->path, STORE_WRITE, &other), ERR_UNSUPPORTED);
	snprintf(path, sizeof(path), "%s/foreign.db", f->folder);
	run_sql(path, "PRAGMA application_id = 7; CREATE TABLE t (a)");
	assert_int_equal(store_open(path, STORE_WRITE, &other), ERR_UNSUPPORTED);
	assert_null(other);
}

/* What a power cut leaves between the file's mark and its first migration. */
static void a_first_start_that_was_cut_off_goes_on(void **state)
{
	struct fixture *f = *state;
	struct store *again = NULL;
	char path[96], mark[64];

	snprintf(path, sizeof(path), "%s/cut-off.db", f->folder);
	snprintf(mark, sizeof(mark), "PRAGMA application_id = %d", STORE_APPLICATION_ID);
	run_sql(path, mark);
	assert_int_equal(store_open(path, STORE_WRITE, &again), 0);
	assert_int_equal(store_schema(again), store_schema_newest());
	store_free(again);
}

static void parts_are_undone_alone(void **state)
{
	struct fixture *f = *state;
	struct str value;

	assert_int_equal(store_begin(f->store), 0);
	assert_int_equal(store_part_begin(f->store), 0);
	assert_true(house_set(f->store, "a", STR("1")) >= 0);
	assert_int_equal(store_part_end(f->store), 0);
	assert_int_equal(store_part_begin(f->store), 0);
	assert_true(house_set(f->store, "b", STR("2")) >= 0);
	store_part_undo(f->store);
	assert_int_equal(store_commit(f->store), 0);
	assert_int_equal(house_get(f->store, "b", f->arena, &value), ERR_NOT_FOUND);
	assert_true(house_get(f->store, "a", f->arena, &value) >= 0 && str_eq(value, STR("1")));
	assert_int_equal(store_copy_to(f->store, f->copy), 0);
	struct store *copy = NULL;
	assert_int_equal(store_open(f->copy, STORE_READ, &copy), 0);
	assert_true(house_get(copy, "a", f->arena, &value) >= 0);
	store_free(copy);
}

static void people_and_what_lets_them_in(void **state)
{
	struct fixture *f = *state;
	struct keep_person row = {
	        .name = STR("山田"), .login = STR("yamada"), .role = ROLE_OPERATOR, .language = STR("ja")};
	struct keep_person back;
	struct session session = {.expires_us = 100}, found;
	struct ledger_hash hash = ledger_hash_of(STR("t")), code = ledger_hash_of(STR("c"));
	uint64_t id = 0, other = 0, managers = 9;

	assert_int_equal(person_insert(f->store, &row, &id), 0);
	assert_int_equal(person_insert(f->store, &row, &other), ERR_EXISTS);
	assert_true(person_find_login(f->store, STR("yamada"), f->arena, &back) >= 0 && back.id == id &&
	            !back.second_factor);
	assert_true(person_count_managers(f->store, 0, 1, &managers) >= 0 && managers == 1);
	assert_true(person_count_managers(f->store, id, 1, &managers) >= 0 && managers == 0);
	session.person = 77;
	assert_true(session_insert(f->store, &hash, &session, &other) < 0); /* nobody has this number */
	session.person = id;
	assert_int_equal(session_insert(f->store, &hash, &session, &other), 0);
	assert_true(session_find_token(f->store, &hash, &found) >= 0 && found.person == id);
	assert_true(session_forget(f->store, 100, 0) >= 0);
	assert_int_equal(session_find_token(f->store, &hash, &found), ERR_NOT_FOUND);
	assert_true(recovery_add(f->store, id, &code) >= 0);
	assert_int_equal(recovery_use(f->store, id, &code), 1);
	assert_int_equal(recovery_use(f->store, id, &code), 0);
}

static void cases_and_contacts_come_back(void **state)
{
	struct fixture *f = *state;
	struct keep_finding findings[] = {{STR("link-ip"), 1.5}, {STR("claim-foreign-link"), 4}};
	struct keep_text hosts[] = {{STR("example.com")}};
	struct keep_case row = {
	        .person = 1, .kind = STR("mail"), .verdict = STR("danger"), .score = 0.9, .created_us = 5};
	struct keep_finding_list got_findings = {0};
	struct keep_text_list got_hosts = {0};
	struct keep_case_list list = {0};
	struct keep_contact contact = {.brand = STR("bank"), .name = STR("銀行"), .phone = STR("0120-000-000")};
	struct keep_contact_list contacts = {0};
	struct str brand;
	uint64_t id = 0, count = 0;

	assert_int_equal(case_insert(f->store, &row, NULL, &(struct keep_finding_list){findings, 2, 2},
	                             &(struct keep_text_list){hosts, 1, 1}, &id),
	                 0);
	assert_true(case_find_details(f->store, id, f->arena, &got_findings, &got_hosts) >= 0);
	assert_true(got_findings.n == 2 && got_findings.at[1].weight > 3.9 && got_hosts.n == 1);
	assert_true(case_set_answer(f->store, id, CASE_ANSWERED, STR("本物です"), 2, 9) == 1);
	struct case_filter filter = {.state = CASE_ANSWERED, .person = 1, .limit = 10};
	assert_true(case_list_some(f->store, &filter, f->arena, &list) >= 0 && list.n == 1);
	assert_true(str_eq(list.at[0].note, STR("本物です")));
	filter.state = CASE_OPEN;
	assert_true(case_count(f->store, &filter, &count) >= 0 && count == 0);
	assert_int_equal(contact_insert(f->store, &contact, &id), 0);
	assert_true(contact_list_of(f->store, STR("bank"), f->arena, &contacts) >= 0 && contacts.n == 1);
	assert_true(contact_remove(f->store, id, f->arena, &brand) >= 0 && str_eq(brand, STR("bank")));
	assert_int_equal(contact_remove(f->store, id, f->arena, &brand), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(file_is_ours_and_up_to_date, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(foreign_and_newer_files_are_left_alone, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(a_first_start_that_was_cut_off_goes_on, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(parts_are_undone_alone, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(people_and_what_lets_them_in, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(cases_and_contacts_come_back, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
