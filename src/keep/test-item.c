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

/* The largest imports that pages allow, and the limits behind them: what is kept can be read, all of it. */
static void test_largest(void **state)
{
	enum { EACH = 1000, BODY = 2000 };
	struct house house, *h = &house;
	(void) state;
	house_open(h);
	house_start(h);
	struct keep_item_save_out saved;
	struct keep_item_list_out list;
	struct keep_item_counts_out counts;
	struct keep_item *rows = arena_alloc(h->arena, EACH * sizeof(*rows));
	char *body = arena_alloc(h->arena, BODY);
	assert_true(rows && body);
	memset(body, 'a', BODY);
	for (size_t i = 0; i < EACH; i++)
		rows[i] = (struct keep_item){.register_word = STR("devices"),
		                             .body = str_make(body, BODY),
		                             .due = i % 2 ? STR("") : STR("2026-01-31")};
	for (int i = 0; i < 2; i++)
		assert_int_equal(ASK(h, item_save, 0, &saved, .items = {.at = rows, .n = EACH}), 0);
	assert_int_equal(ASK(h, item_save, 0, &saved, .items = {.at = rows, .n = 1}), ERR_TOO_LARGE);
	assert_int_equal(ASK(h, item_list, 0, &list, .register_word = STR("devices")), 0);
	assert_int_equal(list.items.n, 2 * EACH);
	assert_int_equal(ASK(h, item_counts, 0, &counts, .today = STR("2026-02-01")), 0);
	assert_int_equal(counts.counts.n, 1);
	assert_int_equal(counts.counts.at[0].items, 2 * EACH);
	assert_int_equal(counts.counts.at[0].late, EACH);
	house_close(h);
}

static void test_own_facts_are_never_more_than_can_be_read(void **state)
{
	enum { EACH = 500, MOST = 2000 };
	struct house house, *h = &house;
	(void) state;
	house_open(h);
	house_start(h);
	struct keep_own_fact_save_out saved;
	struct keep_own_fact_list_out list;
	struct keep_own_fact rows[EACH];
	for (size_t from = 0; from <= MOST; from += EACH) {
		for (size_t i = 0; i < EACH; i++)
			rows[i] = (struct keep_own_fact){
			        .id = arena_printf(h->arena, "own.%zu", from + i), .region = STR(""), .yaml = STR("x")};
		assert_int_equal(ASK(h, own_fact_save, 0, &saved, .facts = {.at = rows, .n = EACH}),
		                 from < MOST ? 0 : ERR_TOO_LARGE);
	}
	assert_int_equal(ASK(h, own_fact_list, 0, &list, 0), 0);
	assert_int_equal(list.facts.n, MOST);
	rows[0].id = STR("own.0");
	rows[0].yaml = STR("");
	assert_int_equal(ASK(h, own_fact_save, 0, &saved, .facts = {.at = rows, .n = 1}), 0);
	rows[0].yaml = STR("y");
	assert_int_equal(ASK(h, own_fact_save, 0, &saved, .facts = {.at = rows, .n = 1}), 0);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_way_of_an_item),
	        cmocka_unit_test(test_due),
	        cmocka_unit_test(test_refused),
	        cmocka_unit_test(test_largest),
	        cmocka_unit_test(test_own_facts_are_never_more_than_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
