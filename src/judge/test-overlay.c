/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own rows over the table of brands, and services told by their whole host. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "judge/origin.h"
#include "judge/overlay.h"

enum { TEST_ARENA_BYTES = 8 * 1024 * 1024 };

static struct rules *rules;
static struct arena *arena;

static int set_up(void **state)
{
	char path[256];
	struct rules_complaint c;
	snprintf(path, sizeof(path), "%s/rules", getenv("SONAE_SOURCE"));
	if (rules_load(path, NULL, &rules, &c) < 0)
		fail_msg("%s:%u: %s", c.file, c.line, c.text);
	arena = arena_new(TEST_ARENA_BYTES);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	arena_free(arena);
	rules_free(rules);
	return 0;
}

static const struct overlay *overlay_of(struct overlay_row row)
{
	const struct overlay *o;
	assert_int_equal(overlay_make(rules, &row, 1, arena, &o), 0);
	return o;
}

/* A mail in somebody's name with one link; NULL overlay: the table as it is. */
static struct verdict judge(const char *name, const char *from, const char *url, const struct overlay *o)
{
	struct document d = document_make(INPUT_MAIL);
	struct company company = {.overlay = o};
	struct verdict v;
	d.has_headers = true;
	struct str header = arena_printf(arena, "%s <%s>", name, from);
	int part = document_add_part(&d, arena, PART_HEADER, STR("header:From"), header);
	*document_add_mailbox(&d, arena) = (struct mailbox){.role = MAILBOX_FROM,
	                                                    .name = str_of(name),
	                                                    .address = str_of(from),
	                                                    .part = (uint32_t) part,
	                                                    .end = (uint32_t) header.n};
	uint32_t body = (uint32_t) document_add_part(&d, arena, PART_BODY, STR("body"),
	                                             arena_printf(arena, "明細をご覧ください。 %s", url));
	*document_add_link(&d, arena) = (struct link){.text = str_of(url), .url = str_of(url), .part = body, .end = 3};
	assert_int_equal(document_check(&d), 0);
	assert_int_equal(judge_document(&d, rules, &company, arena, &v), 0);
	return v;
}

static bool has(const struct verdict *v, const char *id)
{
	for (size_t i = 0; i < v->findings.n; i++)
		if (strcmp(v->findings.at[i].id, id) == 0)
			return true;
	return false;
}

static const char link_at_agency[] = "https://statement.card-dairi.example.co.jp/m";

static void an_added_domain_is_the_brands_own(void **state)
{
	const struct overlay_row row = {
	        .brand = STR("smbc-card"), .name = STR("三井住友カード"), .domain = STR("www.card-dairi.jp")};
	const char *from = "info@card-dairi.jp", *url = "https://www.card-dairi.jp/m";
	struct verdict before = judge("三井住友カード", from, url, NULL);
	assert_true(has(&before, "claim-display-name") && has(&before, "claim-foreign-link"));
	struct verdict after = judge("三井住友カード", from, url, overlay_of(row));
	assert_false(has(&after, "claim-display-name") || has(&after, "claim-foreign-link"));
	assert_true(after.score < before.score);
	/* It is the brand's that was named, and no other's. */
	struct verdict other = judge("みずほ銀行", from, url, overlay_of(row));
	assert_true(has(&other, "claim-foreign-sender"));
}

static void a_removed_domain_no_longer_counts(void **state)
{
	const struct overlay_row row = {.brand = STR("resona-bank"), .domain = STR("Resona-Gr.co.jp"), .removes = true};
	const char *from = "info@resona-gr.co.jp", *url = "https://ib.resona-gr.co.jp/login";
	struct verdict before = judge("りそな銀行", from, url, NULL);
	assert_false(has(&before, "claim-display-name"));
	const struct overlay *o = overlay_of(row);
	struct verdict after = judge("りそな銀行", from, url, o);
	assert_true(has(&after, "claim-display-name") && has(&after, "claim-foreign-link"));
	assert_true(overlay_disowns(o, STR("resona-gr.co.jp")));
	assert_false(overlay_disowns(o, STR("smbc.co.jp")) || overlay_disowns(NULL, STR("resona-gr.co.jp")));
}

static void an_own_name_makes_a_claim(void **state)
{
	const struct overlay_row row = {.brand = STR("港北ねじ製作所"), .domain = STR("kohoku-neji.co.jp")};
	const char *foreign = "office@nejiya-mail.top";
	struct verdict before = judge("港北ねじ製作所 経理", foreign, link_at_agency, NULL);
	assert_int_equal(before.claims.n, 0);
	const struct overlay *o = overlay_of(row);
	struct verdict after = judge("港北ねじ製作所 経理", foreign, link_at_agency, o);
	assert_int_equal(after.claims.n, 1);
	assert_true(str_eq_c(after.claims.at[0].brand, "港北ねじ製作所"));
	assert_true(has(&after, "claim-display-name") && has(&after, "claim-foreign-link"));
	struct verdict genuine =
	        judge("港北ねじ製作所 経理", "office@kohoku-neji.co.jp", "https://kohoku-neji.co.jp/", o);
	assert_false(has(&genuine, "claim-display-name") || has(&genuine, "claim-foreign-link"));
	assert_true(overlay_find_brand(rules, o, STR("港北ねじ製作所"))->own);
	assert_null(overlay_find_brand(rules, NULL, STR("港北ねじ製作所")));
}

static void a_latin_name_counts_as_a_word_and_a_longer_name_wins(void **state)
{
	const struct overlay *o = overlay_of((struct overlay_row){.brand = STR("Neji"), .domain = STR("neji.example")});
	assert_int_equal(judge("Nejiya Shop", "a@b.example", link_at_agency, o).claims.n, 0);
	assert_int_equal(judge("neji support", "a@b.example", link_at_agency, o).claims.n, 1);
	o = overlay_of((struct overlay_row){.brand = STR("三井住友"), .domain = STR("other.example")});
	struct verdict v = judge("三井住友銀行", "a@b.example", link_at_agency, o);
	assert_true(v.claims.n == 1 && str_eq_c(v.claims.at[0].brand_id, "smbc"));
}

static void rows_that_say_nothing_are_left_out(void **state)
{
	const struct overlay_row rows[] = {{.brand = STR("nobody"), .domain = STR("x.example"), .removes = true},
	                                   {.brand = STR("nodomain"), .domain = STR("")},
	                                   {.brand = STR("suffix"), .domain = STR("co.jp")},
	                                   {.brand = STR(""), .domain = STR("y.example")}};
	const struct overlay *o;
	assert_int_equal(overlay_make(rules, rows, ARRAY_SIZE(rows), arena, &o), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_null(overlay_find_brand(rules, o, rows[i].brand));
	assert_int_equal(overlay_brands_of_domain(rules, o, STR("mufg.jp")).n,
	                 rules_brands_of_domain(rules, STR("mufg.jp")).n);
	assert_int_equal(overlay_make(rules, NULL, 0, arena, &o), 0);
}

static void services_are_told_by_their_whole_host(void **state)
{
	assert_true(origin_host_is_service(rules, STR("sendgrid.net")));
	assert_true(origin_host_is_service(rules, STR("u1.ct.sendgrid.net")));
	assert_true(origin_host_is_service(rules, STR("jpn01.safelinks.protection.outlook.com")));
	assert_true(origin_host_is_service(rules, STR("protect-jp.mimecast.com")));
	assert_false(origin_host_is_service(rules, STR("outlook.com")));
	assert_false(origin_host_is_service(rules, STR("safelinks.protection.outlook.com.evil.example")));
	assert_false(origin_host_is_service(rules, STR("")));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_added_domain_is_the_brands_own),
	        cmocka_unit_test(a_removed_domain_no_longer_counts),
	        cmocka_unit_test(an_own_name_makes_a_claim),
	        cmocka_unit_test(a_latin_name_counts_as_a_word_and_a_longer_name_wins),
	        cmocka_unit_test(rows_that_say_nothing_are_left_out),
	        cmocka_unit_test(services_are_told_by_their_whole_host),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
