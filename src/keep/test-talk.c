/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keep/test-house.h"

#include <string.h>

#include "base/fd.h"
#include "store/role.h"

struct rig {
	struct house house;
	uint64_t operator_, president, staff;
};

static uint64_t add_person(struct house *h, const char *login, enum person_role role)
{
	struct keep_person_add_out out;
	assert_int_equal(ASK(h, person_add, 0, &out, .name = str_of(login), .login = str_of(login), .role = role,
	                     .language = STR("ja")),
	                 0);
	return out.id;
}

static int open_rig(void **state)
{
	struct rig *g = calloc(1, sizeof(*g));
	struct keep_setup_code_out code;
	struct keep_setup_finish_out first;
	house_open(&g->house);
	house_start(&g->house);
	assert_int_equal(ASK(&g->house, setup_code, 0, &code, 0), 0);
	assert_int_equal(ASK(&g->house, setup_finish, 0, &first, .code = code.code, .company = STR("備前製作所"),
	                     .language = STR("ja"), .name = STR("備前"), .login = STR("bizen"),
	                     .password = STR("correct horse battery"), .role = ROLE_OPERATOR),
	                 0);
	g->operator_ = first.person;
	g->president = add_person(&g->house, "shacho", ROLE_PRESIDENT);
	g->staff = add_person(&g->house, "eigyo", ROLE_STAFF);
	*state = g;
	return 0;
}

static int close_rig(void **state)
{
	struct rig *g = *state;
	house_close(&g->house);
	free(g);
	return 0;
}

static uint64_t count_events(struct house *h, const char *kind)
{
	struct keep_ledger_list_out list;
	assert_int_equal(ASK(h, ledger_list, 0, &list, .kind = str_of(kind)), 0);
	return list.total;
}

#define SECRET "秘密の見積は百万円です"

static uint64_t talk_once(struct rig *g)
{
	struct keep_talk_new_out made;
	struct keep_turn_add_out added;
	assert_int_equal(ASK(&g->house, talk_new, g->staff, &made, .title = STR(SECRET), .template_id = STR("AI-3")),
	                 0);
	assert_int_equal(ASK(&g->house, turn_add, g->staff, &added, .talk = made.id, .speaker = 0, .text = STR(SECRET)),
	                 0);
	assert_int_equal(ASK(&g->house, turn_add, g->staff, &added, .talk = made.id, .speaker = 1, .text = STR("はい")),
	                 0);
	assert_int_equal(added.number, 2);
	return made.id;
}

static void a_talk_is_its_persons_alone(void **state)
{
	struct rig *g = *state;
	struct keep_talk_get_out got;
	struct keep_talk_list_out list;
	struct keep_turn_add_out added;
	struct keep_talk_delete_out gone;
	uint64_t id = talk_once(g);

	assert_int_equal(ASK(&g->house, talk_get, g->staff, &got, .id = id), 0);
	assert_int_equal(got.turns.n, 2);
	assert_true(str_eq_c(got.turns.at[0].text, SECRET) && str_eq_c(got.talks.at[0].title, SECRET));
	assert_int_equal(ASK(&g->house, talk_get, g->operator_, &got, .id = id), ERR_NOT_FOUND);
	assert_int_equal(ASK(&g->house, turn_add, g->operator_, &added, .talk = id, .text = STR("x")), ERR_NOT_FOUND);
	assert_int_equal(ASK(&g->house, talk_list, g->operator_, &list, 0), 0);
	assert_int_equal(list.talks.n, 0);
	assert_int_equal(ASK(&g->house, talk_delete, g->operator_, &gone, .id = id), ERR_NOT_FOUND);
	assert_int_equal(ASK(&g->house, talk_delete, g->staff, &gone, .id = id), 0);
	assert_int_equal(ASK(&g->house, talk_get, g->staff, &got, .id = id), ERR_NOT_FOUND);
}

static bool folder_holds(const char *folder, const char *name, struct str needle)
{
	struct buf b = buf_make(64 << 20);
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	bool found = fd_read_file(path, &b) >= 0 && str_contains(buf_str(&b), needle);
	buf_done(&b);
	return found;
}

static void the_database_gives_nothing_away(void **state)
{
	struct rig *g = *state;
	struct keep_todo_add_out todo;

	talk_once(g);
	assert_int_equal(ASK(&g->house, todo_add, g->staff, &todo, .owner = STR("備前"), .due = STR("2026-12-01"),
	                     .task = STR(SECRET)),
	                 0);
	assert_false(folder_holds(g->house.folder, "sonae.db", STR(SECRET)));
	assert_false(folder_holds(g->house.folder, "sonae.db-wal", STR(SECRET)));
	assert_true(folder_holds(g->house.folder, "sonae.db-wal", STR("AI-3"))); /* what the search would have found */
}

static void two_people_and_a_reason_open_a_talk(void **state)
{
	struct rig *g = *state;
	struct keep_opening_ask_out asked;
	struct keep_opening_decide_out decided;
	struct keep_opening_read_out read;
	struct keep_opening_list_out list;
	uint64_t id = talk_once(g);

	assert_int_equal(ASK(&g->house, opening_ask, g->staff, &asked, .person = g->operator_, .reason = STR("なぜか")),
	                 ERR_DENIED);
	assert_int_equal(ASK(&g->house, opening_ask, g->operator_, &asked, .person = g->staff, .reason = STR("")),
	                 ERR_INVALID);
	assert_int_equal(
	        ASK(&g->house, opening_ask, g->operator_, &asked, .person = g->staff, .reason = STR("漏えいの調査")),
	        0);
	assert_int_equal(ASK(&g->house, opening_read, g->operator_, &read, .id = asked.id, .talk = id), ERR_DENIED);
	assert_int_equal(ASK(&g->house, opening_decide, g->operator_, &decided, .id = asked.id, .opens = true),
	                 ERR_DENIED);
	assert_int_equal(ASK(&g->house, opening_decide, g->president, &decided, .id = asked.id, .opens = true), 0);
	assert_int_equal(ASK(&g->house, opening_decide, g->president, &decided, .id = asked.id, .opens = false),
	                 ERR_CONFLICT);
	assert_int_equal(ASK(&g->house, opening_read, g->operator_, &read, .id = asked.id, .talk = id), 0);
	assert_true(str_eq_c(read.turns.at[0].text, SECRET));
	assert_int_equal(count_events(&g->house, "talk.opening-decided") + count_events(&g->house, "talk.opened-read"),
	                 2);
	/* The person is told. */
	assert_int_equal(ASK(&g->house, opening_list, g->staff, &list, 0), 0);
	assert_true(list.openings.n == 1 && str_eq_c(list.openings.at[0].reason, "漏えいの調査"));
}

static void todos_are_in_order_of_their_day(void **state)
{
	struct rig *g = *state;
	struct keep_todo_add_out todo;
	struct keep_todo_done_out done;
	struct keep_todo_list_out list;
	static const char *const days[] = {"", "2026-12-31", "2026-12-01"};

	for (size_t i = 0; i < ARRAY_SIZE(days); i++)
		assert_int_equal(
		        ASK(&g->house, todo_add, g->staff, &todo, .due = str_of(days[i]), .task = str_of("仕事")), 0);
	assert_int_equal(ASK(&g->house, todo_add, g->staff, &todo, .due = STR("明日"), .task = STR("x")), ERR_INVALID);
	assert_int_equal(ASK(&g->house, todo_list, g->staff, &list, 0), 0);
	assert_true(list.todos.n == 3 && str_eq_c(list.todos.at[0].due, "2026-12-01") && list.todos.at[2].due.n == 0);
	assert_int_equal(ASK(&g->house, todo_done, g->operator_, &done, .id = list.todos.at[0].id, .is_done = true),
	                 ERR_NOT_FOUND);
	assert_int_equal(ASK(&g->house, todo_done, g->staff, &done, .id = list.todos.at[0].id, .is_done = true), 0);
	assert_int_equal(ASK(&g->house, todo_list, g->staff, &list, 0), 0);
	assert_true(list.todos.n == 3 && list.todos.at[2].done_us > 0);
}

/* Whom a to-do names has it on their own list; whoever gave it still sees it; nobody else does. */
static void a_named_colleague_has_the_todo(void **state)
{
	static const struct {
		const char *owner;
		bool is_named;
	} cases[] = {{"山田 太郎", true},   {"山田太郎さん", true}, {"yamada", true}, {"山田", true},
	             {"太郎", false},       {"田中", false},        {"", false},      {"さん", false},
	             {"山田太郎子", false}, {"shacho", false}};
	struct rig *g = *state;
	struct keep_person_add_out taro;
	struct keep_todo_add_out todo;
	struct keep_todo_done_out done;
	struct keep_todo_list_out list;

	assert_int_equal(ASK(&g->house, person_add, 0, &taro, .name = STR("山田 太郎"), .login = STR("yamada"),
	                     .role = ROLE_STAFF, .language = STR("ja")),
	                 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(ASK(&g->house, todo_add, g->staff, &todo, .owner = str_of(cases[i].owner),
		                     .due = STR("2026-12-01"), .task = STR(SECRET)),
		                 0);
		assert_int_equal(ASK(&g->house, todo_list, taro.id, &list, 0), 0);
		bool has = list.todos.n > 0 && list.todos.at[0].id == todo.id;
		if (has != cases[i].is_named)
			fail_msg("%s: %d", cases[i].owner, has);
		assert_int_equal(ASK(&g->house, todo_list, g->staff, &list, 0), 0);
		assert_true(list.todos.at[0].id == todo.id && str_eq_c(list.todos.at[0].task, SECRET));
		assert_int_equal(ASK(&g->house, todo_done, g->operator_, &done, .id = todo.id, .is_done = true),
		                 ERR_NOT_FOUND);
		assert_int_equal(ASK(&g->house, todo_list, g->operator_, &list, 0), 0);
		assert_int_equal(list.todos.n, 0);
		uint64_t who = cases[i].is_named ? taro.id : g->staff;
		assert_int_equal(ASK(&g->house, todo_done, who, &done, .id = todo.id, .is_done = true), 0);
		assert_int_equal(ASK(&g->house, todo_list, g->staff, &list, 0), 0);
		for (size_t n = 0; n < list.todos.n; n++)
			assert_true(list.todos.at[n].done_us > 0);
	}
	/* A second one of that family: only the whole name tells. */
	assert_int_equal(ASK(&g->house, person_add, 0, &taro, .name = STR("山田 花子"), .login = STR("hanako"),
	                     .role = ROLE_STAFF, .language = STR("ja")),
	                 0);
	assert_int_equal(ASK(&g->house, todo_add, g->staff, &todo, .owner = STR("山田"), .task = STR("x")), 0);
	assert_int_equal(ASK(&g->house, todo_list, taro.id, &list, 0), 0);
	assert_int_equal(list.todos.n, 0);
	assert_int_equal(ASK(&g->house, todo_add, g->staff, &todo, .owner = STR("山田　花子"), .task = STR("x")), 0);
	assert_int_equal(ASK(&g->house, todo_list, taro.id, &list, 0), 0);
	assert_int_equal(list.todos.n, 1);
	assert_true(str_eq_c(list.todos.at[0].given_by_name, "eigyo"));
}

static void sums_tell_nothing_of_few_people(void **state)
{
	struct rig *g = *state;
	struct keep_work_note_out noted;
	struct keep_work_sums_out own;
	struct keep_work_company_sums_out all;
	struct keep_work_export_out out;

	assert_int_equal(ASK(&g->house, work_note, g->staff, &noted, .name = STR("minutes"), .value = 15), 0);
	assert_int_equal(ASK(&g->house, work_note, g->staff, &noted, .name = STR("minutes"), .value = 5), 0);
	assert_int_equal(ASK(&g->house, work_sums, g->staff, &own, 0), 0);
	assert_true(own.sums.n == 1 && own.sums.at[0].value == 20);
	assert_int_equal(ASK(&g->house, work_company_sums, g->operator_, &all, 0), 0);
	assert_int_equal(all.sums.n, 0);
	assert_int_equal(ASK(&g->house, work_note, g->operator_, &noted, .name = STR("minutes"), .value = 1), 0);
	assert_int_equal(ASK(&g->house, work_note, g->president, &noted, .name = STR("minutes"), .value = 1), 0);
	assert_int_equal(ASK(&g->house, work_company_sums, g->operator_, &all, 0), 0);
	assert_true(all.sums.n == 1 && all.sums.at[0].value == 22 && all.sums.at[0].people == 3);
	assert_int_equal(
	        ASK(&g->house, work_export, g->staff, &out, .template_id = STR("D18"), .claims = 3, .ticked = 2), 0);
	assert_int_equal(count_events(&g->house, "ai.exported"), 1);
}

static void templates_are_kept_and_are_events(void **state)
{
	struct rig *g = *state;
	struct keep_template_save_out saved;
	struct keep_template_list_out list;
	struct keep_template_delete_out gone;

	assert_int_equal(
	        ASK(&g->house, template_save, g->staff, &saved, .id = STR("own-1"), .yaml = STR("- id: own-1\n")),
	        ERR_DENIED);
	assert_int_equal(
	        ASK(&g->house, template_save, g->operator_, &saved, .id = STR("own-1"), .yaml = STR("- id: own-1\n")),
	        0);
	assert_int_equal(ASK(&g->house, template_list, g->staff, &list, 0), 0);
	assert_true(list.templates.n == 1 && str_eq_c(list.templates.at[0].yaml, "- id: own-1\n"));
	assert_int_equal(ASK(&g->house, template_delete, g->operator_, &gone, .id = STR("own-1")), 0);
	assert_int_equal(ASK(&g->house, template_delete, g->operator_, &gone, .id = STR("own-1")), ERR_NOT_FOUND);
	assert_int_equal(count_events(&g->house, "template.changed") + count_events(&g->house, "template.deleted"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_talk_is_its_persons_alone, open_rig, close_rig),
	        cmocka_unit_test_setup_teardown(the_database_gives_nothing_away, open_rig, close_rig),
	        cmocka_unit_test_setup_teardown(two_people_and_a_reason_open_a_talk, open_rig, close_rig),
	        cmocka_unit_test_setup_teardown(todos_are_in_order_of_their_day, open_rig, close_rig),
	        cmocka_unit_test_setup_teardown(a_named_colleague_has_the_todo, open_rig, close_rig),
	        cmocka_unit_test_setup_teardown(sums_tell_nothing_of_few_people, open_rig, close_rig),
	        cmocka_unit_test_setup_teardown(templates_are_kept_and_are_events, open_rig, close_rig),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
