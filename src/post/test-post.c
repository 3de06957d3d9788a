/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What mails look like, and who is reminded of what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "ledger/base64.h"
#include "post/compose.h"
#include "post/round.h"
#include "post/send.h"
#include "store/role.h"

#define NOON_US 1795402800123456LL /* 2026-11-23T03:00:00Z */

static const struct keep_mail_server server = {.host = {"mail.example", 12},
                                               .port = 587,
                                               .from = {"sonae@minato.example", 20},
                                               .company = {"株式会社みなと商会", 27},
                                               .address = {"http://sonae.minato:8119/", 25}};

/* A message taken apart again: its head as it is, its text decoded. */
struct read {
	struct buf whole, text;
	struct str head;
};

static int write_mail(const struct keep_mail_job *job, const struct keep_mail_server *from, struct read *ret)
{
	*ret = (struct read){.whole = buf_make(COMPOSE_MAX_BYTES), .text = buf_make(COMPOSE_MAX_BYTES)};
	int r = compose_mail(job, from, NOON_US, &ret->whole);
	if (r < 0)
		return r;
	size_t end = str_find(buf_str(&ret->whole), STR("\r\n\r\n"), 0);
	assert_true(end != STR_NOT_FOUND);
	ret->head = str_slice(buf_str(&ret->whole), 0, end + 2);
	struct str rest = str_slice(buf_str(&ret->whole), end + 4, ret->whole.n), line;
	while (str_next_line(&rest, &line)) {
		assert_true(line.n <= 76);
		assert_int_equal(base64_read(line, &ret->text), 0);
	}
	return 0;
}

static void done(struct read *r)
{
	buf_done(&r->whole);
	buf_done(&r->text);
}

static bool holds(struct str s, const char *what)
{
	return str_contains(s, str_of(what));
}

static struct str header(struct str head, const char *name)
{
	size_t at = str_find(head, str_of(name), 0);
	assert_true(at != STR_NOT_FOUND);
	return str_slice(head, at, str_find(head, STR("\r\n"), at));
}

static void test_digest(void **state)
{
	struct keep_mail_job job = {.id = 7,
	                            .kind = STR("digest"),
	                            .address = STR("sato@minato.example"),
	                            .name = STR("佐藤 花子"),
	                            .language = STR("ja"),
	                            .facts =
	                                    STR("part\ttasks\t2\t1\npart\ttodos\t0\t3\ntitle\t2026-11-20\tNASの交換\n"),
	                            .made_us = NOON_US};
	struct read r;
	(void) state;
	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	assert_int_equal(write_mail(&job, &server, &r), 0);
	assert_true(str_eq(header(r.head, "Date:"), STR("Date: Mon, 23 Nov 2026 12:00:00 +0900")));
	assert_true(
	        str_eq(header(r.head, "Message-ID:"), STR("Message-ID: <sonae.7.1795402800123456@minato.example>")));
	assert_true(str_eq(header(r.head, "To:"), STR("To: <sato@minato.example>")));
	assert_true(holds(header(r.head, "From:"), "=?UTF-8?B?5qCq5byP5Lya56S+44G/44Gq44Go5ZWG5Lya?="));
	assert_true(holds(r.head, "Auto-Submitted: auto-generated\r\n"));
	assert_true(holds(r.head, "Content-Language: ja\r\n"));
	for (size_t i = 0; i < r.whole.n; i++)
		assert_true((unsigned char) r.whole.p[i] < 0x7F);
	struct str text = buf_str(&r.text);
	assert_true(holds(text, "佐藤 花子 さん"));
	assert_true(holds(text, "・やること：期限を過ぎたもの 2件、近いもの 1件"));
	assert_true(holds(text, "・AIと作ったやること：期限の近いもの 3件"));
	assert_true(holds(text, "2026-11-20  NASの交換"));
	assert_true(holds(text, "http://sonae.minato:8119/prepare/due"));
	assert_true(holds(text, "http://sonae.minato:8119/ai/todos"));
	assert_true(holds(text, "http://sonae.minato:8119/me"));
	done(&r);
	job.language = STR("en");
	assert_int_equal(write_mail(&job, &server, &r), 0);
	assert_true(holds(buf_str(&r.text), "- Tasks: 2 overdue, 1 due soon"));
	assert_true(holds(r.head, "Subject: "));
	done(&r);
}

static void test_every_kind_in_both_languages(void **state)
{
	static const struct {
		const char *kind, *facts, *want;
	} cases[] = {
	        {"test", "", "Sonae"},
	        {"month", "month\t202610\n", "2026"},
	        {"checkpoint", "note\tsonae/x\nnote\t12\nnote\t\nnote\t— sonae/x AbC=\n", "— sonae/x AbC="},
	        {"invitation", "link\thttp://h/invite/abc\nuntil\t2026-11-30 12:00\nby\t佐藤\n", "http://h/invite/abc"},
	        {"digest", "part\tincidents\t0\t1\n", "/prepare/due"},
	};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (int l = 0; l < 2; l++) {
			struct keep_mail_job job = {.id = i + 1,
			                            .kind = str_of(cases[i].kind),
			                            .address = STR("a@b.example"),
			                            .name = STR("山"),
			                            .language = str_of(l ? "en" : "ja"),
			                            .facts = str_of(cases[i].facts)};
			struct read r;
			assert_int_equal(write_mail(&job, &server, &r), 0);
			assert_true(holds(buf_str(&r.text), cases[i].want));
			assert_false(holds(buf_str(&r.text), "{"));
			done(&r);
		}
}

static void test_subject_of_any_length(void **state)
{
	struct keep_mail_server long_name = server;
	char name[200];
	(void) state;
	for (size_t n = 1; n < 60; n++) {
		size_t used = 0;
		for (size_t i = 0; i < n; i++)
			used += (size_t) snprintf(name + used, sizeof(name) - used, "%s", i % 3 ? "社" : "é");
		long_name.company = str_make(name, used);
		struct keep_mail_job job = {
		        .id = 1, .kind = STR("test"), .address = STR("a@b.example"), .language = STR("ja")};
		struct read r;
		struct buf back = buf_make(1024);
		assert_int_equal(write_mail(&job, &long_name, &r), 0);
		struct str rest = r.head, line, found = {NULL, 0};
		while (str_next_line(&rest, &line)) {
			assert_true(line.n <= 76);
			if (str_starts_with(line, STR("From: ")))
				found = line;
			else if (found.n && str_starts_with(line, STR(" =?")))
				found = line;
			else if (found.n)
				break;
			else
				continue;
			size_t from = str_find(found, STR("?B?"), 0), to = str_find(found, STR("?="), from + 3);
			assert_int_equal(base64_read(str_slice(found, from + 3, to), &back), 0);
		}
		assert_true(str_eq(buf_str(&back), long_name.company));
		buf_done(&back);
		done(&r);
	}
}

static void test_no_header_of_others(void **state)
{
	static const char *const bad[] = {"",
	                                  "a",
	                                  "a@",
	                                  "a@b\r\nBcc: x@y",
	                                  "a b@c.example",
	                                  "<a@b.example>",
	                                  "a@b,c@d",
	                                  "a\x7F@b.example",
	                                  "あ@b.example"};
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct keep_mail_job job = {.id = 1, .kind = STR("test"), .address = str_of(bad[i])};
		struct keep_mail_server from = server;
		struct read r;
		assert_int_equal(write_mail(&job, &server, &r), ERR_INVALID);
		done(&r);
		from.from = job.address;
		job.address = STR("a@b.example");
		assert_int_equal(write_mail(&job, &from, &r), ERR_INVALID);
		done(&r);
	}
	struct keep_mail_job unknown = {.id = 1, .kind = STR("nothing"), .address = STR("a@b.example")};
	struct read r;
	assert_int_equal(write_mail(&unknown, &server, &r), ERR_INVALID);
	done(&r);
}

/* ---- rounds ---- */

static struct keep_person people[] = {
        {.id = 1, .name = {"港 太郎", 10}, .login = {"minato", 6}, .role = ROLE_PRESIDENT},
        {.id = 2, .name = {"佐藤 花子", 13}, .login = {"sato", 4}, .role = ROLE_OPERATOR},
        {.id = 3, .name = {"鈴木", 6}, .login = {"suzuki", 6}, .role = ROLE_STAFF},
        {.id = 4, .name = {"田中", 6}, .login = {"tanaka", 6}, .role = ROLE_OFFICER},
};

static struct keep_mail_round_out day(const char *last, const char *today)
{
	struct keep_mail_round_out in = {.today = str_of(today), .last = str_of(last), .days_before = 7};
	in.people.at = people;
	in.people.n = ARRAY_SIZE(people);
	return in;
}

static const struct keep_mail_new *mail_of(const struct keep_mail_new_list *list, const char *kind, uint64_t person)
{
	const struct keep_mail_new *found = NULL;
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].person == person && str_eq_c(list->at[i].kind, kind)) {
			assert_null(found); /* one for each */
			found = &list->at[i];
		}
	return found;
}

static void test_owners(void **state)
{
	struct keep_item items[] = {
	        {.register_word = STR("tasks"),
	         .due = STR("2026-11-30"),
	         .body = STR("{\"task\":\"a\",\"owner\":\"佐藤花子\"}")},
	        {.register_word = STR("tasks"),
	         .due = STR("2026-11-25"),
	         .body = STR("{\"task\":\"b\",\"owner\":\"suzuki\"}")},
	        {.register_word = STR("devices"), .due = STR("2026-11-16"), .body = STR("{\"name\":\"NAS\"}")},
	        {.register_word = STR("devices"), .due = STR("2026-11-17"), .body = STR("not json")},
	        {.register_word = STR("nothing"), .due = STR("2026-11-17"), .body = STR("{}")},
	};
	struct keep_mail_round_out in = day("2026-11-22", "2026-11-23");
	struct keep_mail_new_list out = {0};
	struct arena *a = arena_new(1024 * 1024);
	(void) state;
	in.items.at = items;
	in.items.n = ARRAY_SIZE(items);
	assert_int_equal(round_make(&in, a, &out), 0);
	const struct keep_mail_new *sato = mail_of(&out, "digest", 2), *minato = mail_of(&out, "digest", 1);
	assert_non_null(sato);
	assert_true(str_eq(sato->once, STR("digest 2026-11-23 2")));
	assert_true(str_eq(sato->facts, STR("part\ttasks\t0\t1\npart\tdevices\t2\t0\n")));
	assert_non_null(minato); /* what is late is the president's too */
	assert_true(str_eq(minato->facts, STR("part\tdevices\t2\t0\n")));
	assert_null(mail_of(&out, "digest", 3)); /* 2 days before: no day of reminding */
	assert_int_equal(out.n, 2);

	in.titles = true;
	out = (struct keep_mail_new_list){0};
	assert_int_equal(round_make(&in, a, &out), 0);
	assert_true(holds(mail_of(&out, "digest", 2)->facts, "title\t2026-11-16\tNAS\n"));
	arena_free(a);
}

static void test_everything_else(void **state)
{
	struct keep_todo todos[] = {{.person = 3, .due = STR("2026-11-23")}, {.person = 9, .due = STR("2026-11-23")}};
	struct keep_paper_version papers[] = {
	        {.paper = STR("policy"), .review_on = STR("2026-11-30"), .made_by = 2},
	        {.paper = STR("policy"), .review_on = STR("2025-11-24"), .made_by = 2}, /* an older version */
	        {.paper = STR("guideline"), .review_on = STR("2027-11-30"), .made_by = 2}};
	struct keep_scs_state states[] = {{.due = STR("2026-11-16"), .owner = STR("田中"), .state = 2},
	                                  {.due = STR("2026-11-16"), .owner = STR("田中"), .state = 1}, /* met */
	                                  {.due = STR("")}};
	struct keep_incident incidents[] = {{.is_drill = true}, {.is_drill = false}};
	struct keep_mail_round_out in = day("", "2026-11-23");
	struct keep_mail_new_list out = {0};
	struct arena *a = arena_new(1024 * 1024);
	(void) state;
	in.todos.at = todos, in.todos.n = ARRAY_SIZE(todos);
	in.papers.at = papers, in.papers.n = ARRAY_SIZE(papers);
	in.states.at = states, in.states.n = ARRAY_SIZE(states);
	in.incidents.at = incidents, in.incidents.n = ARRAY_SIZE(incidents);
	in.month = 202610;
	in.checkpoint = STR("sonae\n5\n");
	assert_int_equal(round_make(&in, a, &out), 0);
	assert_true(str_eq(mail_of(&out, "digest", 3)->facts, STR("part\ttodos\t0\t1\n")));
	assert_true(str_eq(mail_of(&out, "digest", 2)->facts, STR("part\tpapers\t0\t1\npart\tincidents\t0\t1\n")));
	assert_true(str_eq(mail_of(&out, "digest", 4)->facts, STR("part\tscs\t1\t0\npart\tincidents\t0\t1\n")));
	assert_true(str_eq(mail_of(&out, "digest", 1)->facts, STR("part\tscs\t1\t0\npart\tincidents\t0\t1\n")));
	assert_true(str_eq(mail_of(&out, "month", 1)->once, STR("month 202610 1")));
	assert_true(str_eq(mail_of(&out, "checkpoint", 4)->facts, STR("note\tsonae\nnote\t5\n")));
	assert_int_equal(out.n, 6);
	in.today = STR("2026-02-30");
	assert_int_equal(round_make(&in, a, &out), ERR_INVALID);
	arena_free(a);
}

static void test_password_stays(void **state)
{
	struct keep_mail_server open = server;
	struct send_result result;
	struct sender *s = NULL;
	(void) state;
	assert_int_equal(sender_new(STR(""), NULL, &s), 0);
	open.tls = STR("none");
	open.password = STR("secret");
	sender_send(s, &open, STR("a@b.example"), STR("x"), &result);
	assert_int_equal(result.outcome, SEND_OPEN_LINE);
	sender_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_digest),
	        cmocka_unit_test(test_every_kind_in_both_languages),
	        cmocka_unit_test(test_subject_of_any_length),
	        cmocka_unit_test(test_no_header_of_others),
	        cmocka_unit_test(test_owners),
	        cmocka_unit_test(test_everything_else),
	        cmocka_unit_test(test_password_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
