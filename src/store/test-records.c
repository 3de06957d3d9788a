/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/err.h"
#include "ledger/verify.h"
#include "store/records.h"

enum { RECORDS = 11 };

struct fixture {
	char folder[64], path[96];
	struct ledger_signer signer;
	struct store *store;
	struct records_state state;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	uint64_t number;

	snprintf(f->folder, sizeof(f->folder), "/tmp/sonae-records-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/" STORE_FILE_NAME, f->folder);
	ledger_signer_make(&f->signer);
	assert_int_equal(store_open(f->path, STORE_WRITE, &f->store), 0);
	assert_int_equal(records_load(f->store, &f->signer.key, &f->state), 0);
	for (unsigned i = 0; i < RECORDS; i++) {
		struct event e = event_make(i % 3 ? "login.ok" : "check.verdict", 1000 + i);
		event_add_number(&e, "n", i);
		assert_int_equal(records_append(f->store, &f->state, &e, &number), 0);
		assert_int_equal(number, i);
		if (i == 4 || i == 8)
			assert_true(records_seal(f->store, &f->state, &f->signer, 77) >= 0);
	}
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[128];
	store_free(f->store);
	snprintf(command, sizeof(command), "rm -r %s", f->folder);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static int take_record(void *context, uint64_t number, const struct ledger_hash *leaf, struct str bytes)
{
	(void) number;
	return verifier_add_record(context, leaf, bytes);
}

static int take_checkpoint(void *context, struct str note)
{
	return verifier_add_checkpoint(context, note);
}

static struct verify_result verify_store(const struct fixture *f)
{
	struct verifier v;
	verifier_init(&v, &f->signer.key, (struct str){NULL, 0});
	int r = records_walk(f->store, &(struct records_visitor){take_record, take_checkpoint, &v});
	assert_true(r == 0 || r == ERR_CORRUPT);
	return verifier_finish(&v);
}

static void damage(const struct fixture *f, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void state_comes_back_after_a_start(void **state)
{
	struct fixture *f = *state;
	struct records_state again;

	assert_int_equal(records_load(f->store, &f->signer.key, &again), 0);
	struct ledger_hash a = frontier_root(&f->state.tree), b = frontier_root(&again.tree);
	assert_true(ledger_hash_eq(&a, &b) && again.tree.size == RECORDS && again.sealed == 9);
	assert_true(ledger_hash_eq(&again.last_leaf, &f->state.last_leaf));
	struct verify_result r = verify_store(f);
	assert_true(r.fault == VERIFY_FINE && r.records == RECORDS && r.checkpoints == 2);
	assert_int_equal(r.completeness, COMPLETENESS_OPEN);
	assert_true(records_seal(f->store, &f->state, &f->signer, 78) >= 0);
	assert_int_equal(verify_store(f).completeness, COMPLETENESS_SEALED);
}

static void lists_are_newest_first_and_by_kind(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new(1 << 20);
	struct keep_ledger_record_list list = {0}, kinds = {0};
	uint64_t count = 0;

	assert_true(records_list(f->store, 0, 3, (struct str){NULL, 0}, a, &list) >= 0);
	assert_true(list.n == 3 && list.at[0].number == RECORDS - 1);
	assert_true(records_list(f->store, 9, 50, STR("check.verdict"), a, &kinds) >= 0);
	assert_true(kinds.n == 3 && kinds.at[0].number == 6);
	assert_true(records_count(f->store, STR("check.verdict"), &count) >= 0 && count == 4);
	arena_free(a);
}

static void damage_is_named(void **state)
{
	struct fixture *f = *state;
	struct records_state again;

	damage(f,
	       "UPDATE ledger_record SET bytes = (SELECT bytes FROM ledger_record WHERE number = 3) WHERE number = 2");
	struct verify_result r = verify_store(f);
	assert_true(r.fault == VERIFY_LEAF && r.bad_record == 2);
	damage(f, "UPDATE ledger_record SET leaf = (SELECT leaf FROM ledger_record WHERE number = 3) WHERE number = 2");
	r = verify_store(f);
	assert_true(r.fault == VERIFY_NUMBER && r.bad_record == 2);
	damage(f, "DELETE FROM ledger_record WHERE number = 2");
	r = verify_store(f);
	assert_true(r.fault == VERIFY_NUMBER && r.bad_record == 2);
	damage(f, "DELETE FROM ledger_record WHERE number = 10");
	assert_int_equal(records_load(f->store, &f->signer.key, &again), 0); /* the cut of what no checkpoint covers */
	damage(f, "DELETE FROM ledger_record WHERE number > 5");
	assert_int_equal(records_load(f->store, &f->signer.key, &again), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(state_comes_back_after_a_start, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(lists_are_newest_first_and_by_kind, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(damage_is_named, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
