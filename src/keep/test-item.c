/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Registers: items come, change and go, and what stood there stays to be seen. */
#include "keep/test-house.h"

#include "store/role.h"

static int save(struct house *h, uint64_t person, struct keep_item item, struct keep_item_save_out *out)
{
	return ASK(h, item_save, person, out, .items = {.at = &item, .n = 1});
}

static uint64_t new_person(struct house *h, const char *login, uint64_t role)
{
	struct keep_person_add_out out;
	assert_int_equal(ASK(h, person_add, 0, &out, .name = STR("人"), .login = str_of(login), .role = role,
	                     .language = STR("ja")),
	                 0);
	return out.id;
}

static void test_way_of_an_item(void **state)
{
	struct house house, *h = &house;
	(void) state;
	house_open(h);
	house_start(h);
	struct keep_item_save_out saved;
	struct keep_item_list_out list;
	struct keep_item_history_out history;
	struct keep_item item = {
	        .register_word = STR("devices"), .body = STR("{\"name\":\"NAS\"}"), .due = STR("2027-01-31")};

	assert_int_equal(save(h, 0, item, &saved), 0);
	item.id = saved.id;
	item.body = STR("{\"name\":\"NAS 2\"}");
	assert_int_equal(save(h, 0, item, &saved), 0);
	assert_int_equal(saved.id, item.id);
	assert_int_equal(ASK(h, item_list, 0, &list, .register_word = STR("devices")), 0);
	assert_int_equal(list.items.n, 1);
	assert_true(str_eq(list.items.at[0].body, item.body));
	assert_int_equal(ASK(h, item_list, 0, &list, .register_word = STR("software")), 0);
	assert_int_equal(list.items.n, 0);
	assert_int_equal(ASK(h, item_history, 0, &history, .id = item.id), 0);
	assert_int_equal(history.changes.n, 2);

	struct keep_item moved = item;
	moved.register_word = STR("software");
	assert_int_equal(save(h, 0, moved, &saved), ERR_INVALID);
	item.body = STR("");
	assert_int_equal(save(h, 0, item, &saved), 0);
	assert_int_equal(save(h, 0, item, &saved), ERR_NOT_FOUND);
	assert_int_equal(ASK(h, item_list, 0, &list, .register_word = STR("")), 0);
	assert_int_equal(list.items.n, 0);
	assert_int_equal(ASK(h, item_history, 0, &history, .id = item.id), 0);
	assert_int_equal(history.changes.n, 3);
	house_close(h);
}

static void test_due(void **state)
{
	struct house house, *h = &house;
	(void) state;
	house_open(h);
	house_start(h);
	struct keep_item_save_out saved;
	struct keep_item_due_out due;
	const struct str days[] = {STR("2027-03-01"), STR(""), STR("2026-12-31"), STR("2026-11-30")};
	for (size_t i = 0; i < ARRAY_SIZE(days); i++)
		assert_int_equal(save(h, 0,
		                      (struct keep_item){.register_word = i % 2 ? STR("tasks") : STR("devices"),
		                                         .body = STR("{}"),
		                                         .due = days[i]},
		                      &saved),
		                 0);
	assert_int_equal(ASK(h, item_due, 0, &due, .until = STR("2026-12-31")), 0);
	assert_int_equal(due.items.n, 2);
	assert_true(str_eq(due.items.at[0].due, STR("2026-11-30")));
	house_close(h);
}

static void test_refused(void **state)
{
	struct house house, *h = &house;
	(void) state;
	house_open(h);
	house_start(h);
	struct keep_item_save_out saved;
	struct keep_item_list_out list;
	uint64_t staff = new_person(h, "staff", ROLE_STAFF), officer = new_person(h, "officer", ROLE_OFFICER);
	const struct keep_item good = {.register_word = STR("tasks"), .body = STR("{}"), .due = STR("")};
	struct keep_item bad[] = {good, good, good, good};
	bad[0].register_word = STR("Tasks");
	bad[1].due = STR("tomorrow");
	bad[2].body = STR("");
	bad[3].id = 999;
	assert_int_equal(save(h, staff, good, &saved), ERR_DENIED);
	assert_int_equal(save(h, officer, good, &saved), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(save(h, officer, bad[i], &saved) < 0);
	/* All or none. */
	struct keep_item both[] = {good, bad[1]};
	assert_int_equal(ASK(h, item_save, officer, &saved, .items = {.at = both, .n = 2}), ERR_INVALID);
	assert_int_equal(ASK(h, item_list, staff, &list, .register_word = STR("tasks")), 0);
	assert_int_equal(list.items.n, 1);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_way_of_an_item),
	        cmocka_unit_test(test_due),
	        cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
