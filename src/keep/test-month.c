/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Months in figures: counted by the day of the zone, kept once when the month is over, never counted again. */
#include "keep/test-house.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "store/house.h"
#include "store/query.h"
#include "store/role.h"
#include "store/store.h"

enum { WAIT_MS = 5000, STEP_MS = 50 };

struct span {
	uint64_t now, last; /* months, year * 100 + month */
	int64_t first_us;   /* of this month, local midnight */
};

static struct span span_of_today(void)
{
	time_t seconds = time(NULL);
	struct tm at;
	localtime_r(&seconds, &at);
	uint64_t now = (uint64_t) (at.tm_year + 1900) * 100 + (uint64_t) at.tm_mon + 1;
	struct tm first = {.tm_year = at.tm_year, .tm_mon = at.tm_mon, .tm_mday = 1, .tm_isdst = -1};
	return (struct span){now, now % 100 == 1 ? now - 89 : now - 1, (int64_t) mktime(&first) * CLOCK_SECOND_US};
}

static struct store *open_store(struct house *h)
{
	char path[128];
	struct store *s = NULL;
	snprintf(path, sizeof(path), "%s/sonae.db", h->folder);
	assert_int_equal(store_open(path, STORE_WRITE, &s), 0);
	return s;
}

static uint64_t figure(const struct keep_month_report_out *out, uint64_t month, const char *name)
{
	for (size_t i = 0; i < out->figures.n; i++)
		if (out->figures.at[i].month == month && str_eq_c(out->figures.at[i].name, name))
			return out->figures.at[i].value;
	return UINT64_MAX;
}

static uint64_t new_case(struct house *h, const char *verdict)
{
	struct keep_person_add_out person;
	struct keep_case_new_out out;
	char login[24];
	static int n;
	snprintf(login, sizeof(login), "person%d", n++);
	assert_int_equal(ASK(h, person_add, 0, &person, .name = STR("人"), .login = str_of(login), .role = ROLE_OFFICER,
	                     .language = STR("ja")),
	                 0);
	assert_int_equal(ASK(h, case_new, person.id, &out, .kind = STR("mail"), .verdict = str_of(verdict),
	                     .brand = STR(""), .sender_address = STR(""), .sender_domain = STR(""),
	                     .question = STR("")),
	                 0);
	return out.id;
}

static void set_case(struct store *s, uint64_t id, int64_t created_us, int64_t minutes)
{
	struct query q = query_start(s, "UPDATE case_file SET created_us = ?2, answered_us = ?3 WHERE id = ?1");
	query_bind_u64(&q, id);
	query_bind_i64(&q, created_us);
	query_bind_i64(&q, created_us + minutes * 60 * CLOCK_SECOND_US);
	assert_true(query_run(&q) >= 0);
}

/* The clock of the keeper runs within a second of its start. */
static bool is_kept(struct house *h, uint64_t month, struct keep_month_report_out *ret)
{
	for (int waited = 0; waited < WAIT_MS; waited += STEP_MS) {
		nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
		assert_int_equal(ASK(h, month_report, 0, ret, .month = month), 0);
		if (ret->figures.n > 0)
			return true;
	}
	return false;
}

static void a_month_is_kept_when_it_is_over(void **state)
{
	struct house h;
	struct keep_month_report_out out;
	struct keep_ledger_list_out events;
	struct span span = span_of_today();
	(void) state;

	house_open(&h);
	house_start(&h);
	uint64_t first = new_case(&h, "danger"), second = new_case(&h, "doubtful");
	new_case(&h, "danger");
	assert_int_equal(ASK(&h, month_report, 0, &out, 0), 0);
	assert_true(out.is_running && out.month == span.now);
	assert_int_equal(figure(&out, span.now, "reports"), 3);
	assert_int_equal(figure(&out, span.now, "answered"), 0);
	assert_int_equal(figure(&out, span.now, "answer-minutes"), UINT64_MAX);
	assert_int_equal(house_stop(&h, SIGTERM), 0);

	/* As if the house had stood since last year, two reports on the last minute of last month, answered in 10 and
	 * 30 minutes: the first moment of a month is that of the zone. */
	struct store *s = open_store(&h);
	set_case(s, first, span.first_us - 1, 10);
	set_case(s, second, span.first_us - 1, 30);
	assert_true(house_set_number(s, "month.closed", 202001) >= 0);
	store_free(s);

	house_start(&h);
	assert_true(is_kept(&h, span.last, &out));
	assert_false(out.is_running);
	assert_int_equal(figure(&out, span.last, "reports"), 2);
	assert_int_equal(figure(&out, span.last, "reports-danger"), 1);
	assert_int_equal(figure(&out, span.last, "answered"), 2);
	assert_int_equal(figure(&out, span.last, "answer-minutes"), 10);
	assert_int_equal(figure(&out, span.last, "ai-yen"), 0);
	assert_int_equal(ASK(&h, month_report, 0, &out, 0), 0);
	assert_int_equal(figure(&out, span.now, "reports"), 1);
	assert_int_equal(figure(&out, span.last, "reports"), 2); /* the trend */
	assert_int_equal(ASK(&h, ledger_list, 0, &events, .kind = STR("month.closed")), 0);
	assert_int_equal(events.total, 1);
	house_close(&h);
}

/* ---- first reports ---- */

static void report(struct house *h, uint64_t person, const char *verdict, const char *sender, const char *host,
                   int64_t mail_us)
{
	struct keep_case_new_out out;
	struct keep_text hosts[] = {{str_of(host)}};
	assert_int_equal(ASK(h, case_new, person, &out, .kind = STR("mail"), .verdict = str_of(verdict),
	                     .brand = STR(""), .sender_address = str_of(sender), .sender_domain = STR(""),
	                     .question = STR(""), .mail_us = mail_us, .hosts = {.at = hosts, .n = *host != '\0'}),
	                 0);
}

/* One wave counts once, by its first report; what says no time, or one that cannot be, counts not at all. */
static void a_wave_is_counted_by_its_first_report(void **state)
{
	struct house h;
	struct keep_person_add_out person;
	struct keep_month_report_out out;
	struct span span = span_of_today();
	int64_t minute_us = 60 * CLOCK_SECOND_US, now_us = clock_now_us();
	(void) state;
	house_open(&h);
	house_start(&h);
	assert_int_equal(ASK(&h, person_add, 0, &person, .name = STR("人"), .login = STR("someone"),
	                     .role = ROLE_OFFICER, .language = STR("ja")),
	                 0);
	report(&h, person.id, "danger", "", "", 0);
	assert_int_equal(ASK(&h, month_report, 0, &out, 0), 0);
	assert_int_equal(figure(&out, span.now, "first-reports"), UINT64_MAX);
	report(&h, person.id, "danger", "a@evil.example", "evil.example", now_us - 30 * minute_us);
	report(&h, person.id, "danger", "a@evil.example", "", now_us - 500 * minute_us);               /* same sender */
	report(&h, person.id, "doubtful", "b@else.example", "evil.example", now_us - 500 * minute_us); /* same host */
	report(&h, person.id, "nothing-found", "c@else.example", "evil.example", now_us - 50 * minute_us);
	report(&h, person.id, "danger", "d@else.example", "other.example", now_us - 90 * minute_us);
	report(&h, person.id, "danger", "e@else.example", "", now_us + 60 * minute_us);
	report(&h, person.id, "danger", "f@else.example", "", now_us - 91 * CLOCK_DAY_US);
	report(&h, person.id, "danger", "g@else.example", "", -5);
	assert_int_equal(ASK(&h, month_report, 0, &out, 0), 0);
	assert_int_equal(figure(&out, span.now, "first-reports"), 3);
	assert_int_equal(figure(&out, span.now, "first-report-minutes"), 50);
	house_close(&h);
}

/* What a month was closed with stays, when a due day is moved and the diagnosis is done again. */
static void score_and_overdue_are_frozen(void **state)
{
	struct house h;
	struct keep_month_report_out out;
	struct keep_item_save_out saved;
	struct keep_scs_save_out checked;
	struct span span = span_of_today();
	struct keep_item item = {
	        .register_word = STR("tasks"), .body = STR("{\"task\":\"x\"}"), .due = STR("2020-01-31")};
	struct keep_scs_state states[] = {
	        {.criterion = STR("scs.4-3-4.1"), .state = 2, .due = STR("2020-02-01"), .version = STR("v")},
	        {.criterion = STR("scs.4-3-4.2"), .state = 1, .due = STR("2020-02-01"), .version = STR("v")},
	        {.criterion = STR("scs.4-3-4.3"), .state = 0, .due = STR("2999-02-01"), .version = STR("v")}};
	(void) state;
	house_open(&h);
	house_start(&h);
	assert_int_equal(ASK(&h, item_save, 0, &saved, .items = {.at = &item, .n = 1}), 0);
	assert_int_equal(ASK(&h, scs_save, 0, &checked, .states = {.at = states, .n = 3}), 0);
	assert_int_equal(ASK(&h, month_report, 0, &out, 0), 0);
	assert_int_equal(figure(&out, span.now, "overdue"), 2);
	assert_int_equal(figure(&out, span.now, "score-most"), UINT64_MAX);
	assert_int_equal(house_stop(&h, SIGTERM), 0);

	struct store *s = open_store(&h);
	struct query q =
	        query_start(s, "INSERT INTO diagnosis (version, questions, started_us, started_by, closed_us, "
	                       "score, most) VALUES ('v', 25, 1, 1, ?1, -7, 100), ('v', 25, 1, 1, ?2, 90, 100)");
	query_bind_i64(&q, span.first_us - 1);
	query_bind_i64(&q, span.first_us);
	assert_true(query_run(&q) >= 0);
	assert_true(house_set_number(s, "month.closed", 202001) >= 0);
	store_free(s);

	house_start(&h);
	assert_true(is_kept(&h, span.last, &out));
	assert_int_equal(figure(&out, span.last, "score-most"), 100);
	assert_int_equal(figure(&out, span.last, "score-lost"), 107); /* -7 of 100 */
	assert_int_equal(figure(&out, span.last, "overdue"), 2);
	item.id = saved.id;
	item.due = STR("");
	assert_int_equal(ASK(&h, item_save, 0, &saved, .items = {.at = &item, .n = 1}), 0);
	assert_int_equal(ASK(&h, month_report, 0, &out, 0), 0);
	assert_int_equal(figure(&out, span.now, "overdue"), 1);
	assert_int_equal(figure(&out, span.now, "score-lost"), 10);
	assert_int_equal(figure(&out, span.last, "overdue"), 2);
	assert_int_equal(figure(&out, span.last, "score-lost"), 107);
	house_close(&h);
}

static void a_month_that_is_none_is_refused(void **state)
{
	static const uint64_t bad[] = {1, 202013, 202000, 999912, UINT64_MAX};
	struct house h;
	struct keep_month_report_out out;
	(void) state;
	house_open(&h);
	house_start(&h);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(ASK(&h, month_report, 0, &out, .month = bad[i]), ERR_NOT_FOUND);
	house_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_month_is_kept_when_it_is_over),
	        cmocka_unit_test(a_wave_is_counted_by_its_first_report),
	        cmocka_unit_test(score_and_overdue_are_frozen),
	        cmocka_unit_test(a_month_that_is_none_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
