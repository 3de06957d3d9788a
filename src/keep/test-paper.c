/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Papers: drafts are written over, what the president approved never changes, staff see and agree to that alone. */
#include "keep/test-house.h"

#include "store/role.h"

static uint64_t new_person(struct house *h, const char *login, uint64_t role)
{
	struct keep_person_add_out out;
	assert_int_equal(ASK(h, person_add, 0, &out, .name = STR("人"), .login = str_of(login), .role = role,
	                     .language = STR("ja")),
	                 0);
	return out.id;
}

static struct keep_paper_version get(struct house *h, uint64_t person, uint64_t id)
{
	struct keep_paper_get_out out;
	assert_int_equal(ASK(h, paper_get, person, &out, .id = id), 0);
	return out.versions.at[0];
}

static int save(struct house *h, uint64_t person, const char *body, uint64_t *ret_id)
{
	struct keep_paper_save_out out;
	int r = ASK(h, paper_save, person, &out, .paper = STR("policy"), .fields = STR("{}"), .body = str_of(body));
	*ret_id = r < 0 ? 0 : out.id;
	return r;
}

static void test_way_of_a_paper(void **state)
{
	struct house house, *h = &house;
	uint64_t first, same, second;
	struct keep_paper_approve_out approved;
	struct keep_paper_publish_out published;
	struct keep_paper_agree_out agreed;
	struct keep_paper_list_out list;
	struct keep_paper_get_out got;
	(void) state;
	house_open(h);
	house_start(h);
	uint64_t president = new_person(h, "president", ROLE_PRESIDENT),
	         officer = new_person(h, "officer", ROLE_OFFICER);
	uint64_t staff = new_person(h, "staff", ROLE_STAFF);

	assert_int_equal(save(h, staff, "one", &first), ERR_DENIED);
	assert_int_equal(save(h, officer, "one", &first), 0);
	assert_int_equal(save(h, officer, "two", &same), 0);
	assert_int_equal(first, same);
	assert_int_equal(ASK(h, paper_list, staff, &list, .paper = STR("")), 0);
	assert_int_equal(list.versions.n, 0);
	assert_int_equal(ASK(h, paper_get, staff, &got, .id = first), ERR_NOT_FOUND);
	assert_int_equal(ASK(h, paper_agree, staff, &agreed, .id = first), ERR_NOT_FOUND);

	int64_t made_us = get(h, officer, first).made_us;
	assert_int_equal(ASK(h, paper_approve, officer, &approved, .id = first, .made_us = made_us), ERR_DENIED);
	assert_int_equal(ASK(h, paper_approve, president, &approved, .id = first, .made_us = made_us - 1),
	                 ERR_CONFLICT);
	assert_int_equal(ASK(h, paper_publish, officer, &published, .id = first, .published_on = STR("2026-12-01")),
	                 ERR_NOT_FOUND);
	assert_int_equal(ASK(h, paper_approve, president, &approved, .id = first, .made_us = made_us), 0);
	assert_int_equal(ASK(h, paper_publish, officer, &published, .id = first, .published_on = STR("2026-12-01"),
	                     .address = STR("https://minato.example/policy"), .review_on = STR("2027-12-01")),
	                 0);
	assert_int_equal(ASK(h, paper_publish, officer, &published, .id = first, .published_on = STR("")), ERR_INVALID);
	static const char *const bad[] = {"javascript:alert(1)",
	                                  "https://a.example/<script>",
	                                  "https://a.example/\"x",
	                                  "https://a.example/a b",
	                                  "https://u@a.example/",
	                                  "https://a/",
	                                  "https:///x",
	                                  "https://a.example/\nx",
	                                  "https://a..example",
	                                  "https://a.example:0/",
	                                  "ftp://a.example/",
	                                  "https://a.example/\xe3\x80\x80x"};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (ASK(h, paper_publish, officer, &published, .id = first, .published_on = STR("2026-12-01"),
		        .address = str_of(bad[i])) != ERR_INVALID)
			fail_msg("%s", bad[i]);
	static const char *const good[] = {"https://a.example:8443/p?q=1#r", "https://例え.example/方針"};
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (ASK(h, paper_publish, officer, &published, .id = first, .published_on = STR("2026-12-01"),
		        .address = str_of(good[i])) != 0)
			fail_msg("%s", good[i]);
	assert_int_equal(ASK(h, paper_agree, staff, &agreed, .id = first), 0);
	assert_int_equal(ASK(h, paper_agree, staff, &agreed, .id = first), 0);
	assert_int_equal(get(h, staff, first).agreed, 1);

	assert_int_equal(save(h, officer, "three", &second), 0);
	assert_int_not_equal(first, second);
	assert_true(str_eq_c(get(h, staff, first).body, "two"));
	assert_int_equal(get(h, officer, second).number, 2);
	assert_int_equal(ASK(h, paper_list, staff, &list, .paper = STR("policy")), 0);
	assert_int_equal(list.versions.n, 1);
	house_close(h);
}

/* A body and fields as large as they may be: kept, got back, and a list of many such versions stays small. */
static void test_largest(void **state)
{
	enum { LARGEST = 1024 * 1024 };
	struct house house, *h = &house;
	struct keep_paper_save_out out;
	struct keep_paper_list_out list;
	struct keep_paper_approve_out approved;
	(void) state;
	house_open(h);
	house_start(h);
	char *text = arena_alloc(h->arena, LARGEST + 1);
	assert_non_null(text);
	memset(text, 'a', LARGEST + 1);
	uint64_t president = new_person(h, "president", ROLE_PRESIDENT);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ASK(h, paper_save, 0, &out, .paper = STR("bcp"), .fields = str_make(text, LARGEST),
		                     .body = str_make(text, LARGEST)),
		                 0);
		struct keep_paper_version got = get(h, president, out.id);
		assert_int_equal(got.body.n, LARGEST);
		assert_int_equal(got.fields.n, LARGEST);
		assert_int_equal(ASK(h, paper_approve, president, &approved, .id = out.id, .made_us = got.made_us), 0);
	}
	assert_int_equal(ASK(h, paper_list, 0, &list, .paper = STR("bcp")), 0);
	assert_int_equal(list.versions.n, 3);
	assert_int_equal(list.versions.at[0].fields.n, 0);
	assert_int_equal(ASK(h, paper_save, 0, &out, .paper = STR("bcp"), .fields = STR("{}"),
	                     .body = str_make(text, LARGEST + 1)),
	                 ERR_TOO_LARGE);
	house_close(h);
}

static void test_refused(void **state)
{
	struct house house, *h = &house;
	struct keep_paper_save_out out;
	struct keep_paper_publish_out published;
	uint64_t id;
	(void) state;
	house_open(h);
	house_start(h);
	assert_int_equal(ASK(h, paper_save, 0, &out, .paper = STR("No Word"), .fields = STR("{}"), .body = STR("x")),
	                 ERR_INVALID);
	assert_int_equal(ASK(h, paper_save, 0, &out, .paper = STR("policy"), .fields = STR("{}"), .body = STR("")),
	                 ERR_INVALID);
	assert_int_equal(save(h, 0, "x", &id), 0);
	assert_int_equal(ASK(h, paper_publish, 0, &published, .id = id, .published_on = STR("soon")), ERR_INVALID);
	assert_int_equal(ASK(h, paper_publish, 0, &published, .id = id, .address = STR("a\nb")), ERR_INVALID);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_way_of_a_paper),
	        cmocka_unit_test(test_largest),
	        cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
