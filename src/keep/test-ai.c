/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Generative AI at the keeper: who may, how often, for how much, and what the ledger says of it. A real keeper. */
#include "base/clock.h"
#include "keep/ai.h"
#include "keep/test-house.h"
#include "ledger/event.h"

struct desk {
	struct house house;
	uint64_t officer, staff, service;
	struct keep_ai_key_new_out key;
	struct keep_ai_caller caller;
	uint64_t version;
};

#define GATE(house, call, out, ...)                                                                                    \
	keep_##call((house)->client, &(struct keep_actor){.program = STR("gate")},                                     \
	            &(struct keep_##call##_in){__VA_ARGS__}, (house)->arena, (out))

static struct keep_ai_service a_service(const char *name, enum policy_destination declared, const char *url)
{
	return (struct keep_ai_service){.name = str_of(name),
	                                .plan = STR("Business"),
	                                .contract = STR("2026-04"),
	                                .commercial = AI_COMMERCIAL_YES,
	                                .declared = declared,
	                                .base_url = str_of(url),
	                                .priority = 10,
	                                .connect_ms = 5000,
	                                .first_ms = 60000,
	                                .idle_ms = 60000,
	                                .total_ms = 600000,
	                                .retries = 2,
	                                .active = true,
	                                .recheck_months = 6};
}

static int save_service(struct desk *d, struct keep_ai_service row, const char *model, uint64_t *ret_id)
{
	struct keep_ai_model m = {.name = str_of(model), .upstream = str_of(model), .uses = AI_USE_CHAT};
	struct keep_ai_service_save_out out;
	int r = ASK(&d->house, ai_service_save, d->officer, &out, .services = {.at = &row, .n = 1},
	            .models = {.at = &m, .n = model[0] ? 1 : 0});
	if (r >= 0 && ret_id)
		*ret_id = out.id;
	return r;
}

static void refresh(struct desk *d)
{
	struct keep_ai_caller_out out;
	struct ledger_hash hash = ledger_hash_of(d->key.key);
	assert_int_equal(GATE(&d->house, ai_caller, &out, .key_hash = str_make(hash.bytes, sizeof(hash.bytes))), 0);
	assert_int_equal(out.callers.n, 1);
	d->caller = out.callers.at[0];
	d->version = out.version;
}

static void desk_open(struct desk *d)
{
	struct keep_person_add_out person;
	struct keep_ai_service_confirm_out confirmed;

	memset(d, 0, sizeof(*d));
	house_open(&d->house);
	house_start(&d->house);
	assert_int_equal(ASK(&d->house, person_add, 0, &person, .name = STR("責任 花子"), .login = STR("officer"),
	                     .role = ROLE_OFFICER, .language = STR("ja")),
	                 0);
	d->officer = person.id;
	assert_int_equal(ASK(&d->house, person_add, 0, &person, .name = STR("社員 太郎"), .login = STR("staff"),
	                     .role = ROLE_STAFF, .language = STR("ja")),
	                 0);
	d->staff = person.id;
	assert_int_equal(save_service(d, a_service("Cloud", POLICY_CONTRACTED, "https://api.example.com/v1"), "gpt-4o",
	                              &d->service),
	                 0);
	assert_int_equal(ASK(&d->house, ai_service_confirm, d->officer, &confirmed, .id = d->service), 0);
	assert_int_equal(ASK(&d->house, ai_key_new, d->officer, &d->key, .name = STR("accounting"), .person = 0,
	                     .department = STR("経理"), .requests_per_minute = 3, .tokens_per_minute = 100000),
	                 0);
	refresh(d);
}

static struct keep_ai_admit_in question(const struct desk *d)
{
	return (struct keep_ai_admit_in){.version = d->version,
	                                 .key = d->key.id,
	                                 .service = d->service,
	                                 .model = STR("gpt-4o"),
	                                 .shape = STR("chat"),
	                                 .decision = STR("allow"),
	                                 .destination = POLICY_CONTRACTED,
	                                 .tokens_in = 1000,
	                                 .tokens_out = 1000};
}

static struct keep_ai_admit_out admit(struct desk *d, struct keep_ai_admit_in in)
{
	struct keep_ai_admit_out out;
	assert_int_equal(
	        keep_ai_admit(d->house.client, &(struct keep_actor){.program = STR("gate")}, &in, d->house.arena, &out),
	        0);
	return out;
}

/* ---- services ---- */

static void test_services(void **state)
{
	static const struct {
		const char *name, *url;
		enum policy_destination declared;
		int want;
	} cases[] = {
	        {"cloud", "https://api.example.com/v1", POLICY_CONTRACTED, 0},
	        {"without a lock", "http://api.example.com/v1", POLICY_CONTRACTED, ERR_INVALID},
	        {"inside", "http://127.0.0.1:11434/v1", POLICY_LOCAL, 0},
	        {"inside by name", "http://gpu-pc:8000/v1", POLICY_LOCAL, 0},
	        {"inside, 172.31", "http://172.31.0.9/v1", POLICY_LOCAL, 0},
	        {"outside, 172.32", "http://172.32.0.9/v1", POLICY_LOCAL, ERR_INVALID},
	        {"inside, IPv6", "http://[fd00::1]:8000/v1", POLICY_LOCAL, 0},
	        {"called inside", "https://api.example.com/v1", POLICY_LOCAL, ERR_INVALID},
	        {"looks inside", "https://127.0.0.1.example.com/v1", POLICY_LOCAL, ERR_INVALID},
	        {"a user in it", "https://a@api.example.com/v1", POLICY_OTHER, ERR_INVALID},
	        {"a query", "https://api.example.com/v1?x=1", POLICY_OTHER, ERR_INVALID},
	        {"a slash at the end", "https://api.example.com/v1/", POLICY_OTHER, ERR_INVALID},
	        {"another protocol", "file:///etc/passwd", POLICY_OTHER, ERR_INVALID},
	};
	struct desk d;
	desk_open(&d);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int r = save_service(&d, a_service(cases[i].name, cases[i].declared, cases[i].url), "m", NULL);
		if (r != cases[i].want)
			fail_msg("%s: %s", cases[i].name, err_word(r));
	}
	assert_int_equal(save_service(&d, a_service("Cloud", POLICY_OTHER, "https://b.example.com"), "m", NULL),
	                 ERR_EXISTS);

	struct keep_ai_service_list_out list;
	struct keep_ai_service_save_out saved;
	assert_int_equal(ASK(&d.house, ai_service_list, d.staff, &list, .end_of_fields = 0), 0);
	struct keep_ai_service row = list.services.at[0];
	assert_string_equal(arena_cstr(d.house.arena, row.name), "Cloud");
	assert_int_equal(row.destination, POLICY_CONTRACTED);
	assert_true(row.training_due_us > clock_now_us());
	assert_int_equal(ASK(&d.house, ai_service_save, d.staff, &saved, .services = {.at = &row, .n = 1}), ERR_DENIED);
	/* Another address is another service: what was seen does not count for it. */
	row.base_url = STR("https://other.example.com/v1");
	assert_int_equal(ASK(&d.house, ai_service_save, d.officer, &saved, .services = {.at = &row, .n = 1}), 0);
	assert_int_equal(ASK(&d.house, ai_service_list, d.staff, &list, .end_of_fields = 0), 0);
	for (size_t i = 0; i < list.services.n; i++) {
		if (list.services.at[i].id != d.service)
			continue;
		assert_int_equal(list.services.at[i].destination, POLICY_OTHER);
		assert_int_equal(list.services.at[i].training_us, 0);
	}
	house_close(&d.house);
}

static void test_provider_keys(void **state)
{
	struct keep_ai_service_key_out set;
	struct keep_ai_load_out load;
	struct desk d;
	char command[200];

	desk_open(&d);
	assert_int_equal(ASK(&d.house, ai_service_key, d.staff, &set, .id = d.service, .key = STR("sk-abc")),
	                 ERR_DENIED);
	assert_int_equal(ASK(&d.house, ai_service_key, d.officer, &set, .id = d.service, .key = STR("sk-a\nb")),
	                 ERR_INVALID);
	assert_int_equal(
	        ASK(&d.house, ai_service_key, d.officer, &set, .id = d.service, .key = STR("sk-verysecretvalue")), 0);
	assert_int_equal(GATE(&d.house, ai_load, &load, .end_of_fields = 0), 0);
	assert_int_equal(load.secrets.n, 1);
	assert_string_equal(arena_cstr(d.house.arena, load.secrets.at[0].key), "sk-verysecretvalue");
	assert_int_equal(load.services.n, 1);
	assert_int_equal(load.models.n, 1);
	/* Not in the store, in no form that can be searched. */
	snprintf(command, sizeof(command), "! grep -r -q verysecretvalue %s", d.house.folder);
	assert_int_equal(system(command), 0);

	/* Another process of the same user is not the gate, whatever it calls itself. */
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		struct keep_client *client = NULL;
		struct keep_ai_load_out out;
		int r = keep_client_open(d.house.folder, &client);
		if (r >= 0)
			r = keep_ai_load(client, &(struct keep_actor){.program = STR("gate")},
			                 &(struct keep_ai_load_in){0}, d.house.arena, &out);
		_exit(r == ERR_DENIED ? 0 : 1);
	}
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	house_close(&d.house);
}

/* ---- admission ---- */

static void test_admission(void **state)
{
	struct keep_ai_key_revoke_out revoked;
	struct keep_ai_count count = {.kind = LEAK_PERSON, .action = POLICY_MASK, .count = 40};
	struct keep_ledger_list_out ledger;
	struct record record;
	struct desk d;

	desk_open(&d);
	struct keep_ai_admit_in in = question(&d);
	in.decision = STR("mask");
	in.counts = (struct keep_ai_count_list){.at = &count, .n = 1};
	struct keep_ai_admit_out out = admit(&d, in);
	assert_int_equal(out.outcome, AI_ADMITTED);
	/* 1,000 tokens at 2.50 and 1,000 at 10 dollars per million, 160 yen each. */
	assert_int_equal(out.reserved_microyen, 2000000);
	assert_int_equal(out.reserved_tokens, 2000);

	assert_int_equal(ASK(&d.house, ledger_list, 0, &ledger, .limit = 5, .kind = STR("ai.request")), 0);
	assert_int_equal(ledger.total, 1);
	assert_int_equal(record_decode(ledger.records.at[0].bytes, &record), 0);
	assert_int_equal(record.number, out.number);
	assert_true(str_eq_c(record.event.decision, "mask"));
	assert_int_equal(record.event.counts[0].count, 40);
	assert_true(str_eq_c(record.event.counts[0].id, "mask.person"));
	assert_int_equal(event_find_fact(&record.event, "tokens")->number, 2000);

	in = question(&d);
	in.version++;
	assert_int_equal(admit(&d, in).outcome, AI_STALE);
	in = question(&d);
	in.model = STR("gpt-9");
	assert_int_equal(admit(&d, in).outcome, AI_REFUSED_SERVICE);
	in = question(&d);
	in.destination = POLICY_LOCAL;
	assert_int_equal(admit(&d, in).outcome, AI_STALE);
	refresh(&d);
	in = question(&d);
	in.granted = POLICY_KIND_BIT(LEAK_PERSON);
	assert_int_equal(admit(&d, in).outcome, AI_STALE);
	refresh(&d);

	/* Three a minute: one was used above. */
	assert_int_equal(admit(&d, question(&d)).outcome, AI_ADMITTED);
	assert_int_equal(admit(&d, question(&d)).outcome, AI_ADMITTED);
	out = admit(&d, question(&d));
	if (out.outcome == AI_ADMITTED) /* a new minute began: half of the one before still counts */
		out = admit(&d, question(&d));
	assert_int_equal(out.outcome, AI_REFUSED_REQUESTS);
	assert_true(out.until_us > clock_now_us() - CLOCK_SECOND_US);

	/* The count outlives the keeper. */
	assert_int_equal(house_stop(&d.house, SIGKILL), 128 + SIGKILL);
	house_start(&d.house);
	refresh(&d);
	assert_int_equal(admit(&d, question(&d)).outcome, AI_REFUSED_REQUESTS);

	assert_int_equal(ASK(&d.house, ai_key_revoke, d.officer, &revoked, .id = d.key.id), 0);
	struct keep_ai_caller_out caller;
	struct ledger_hash hash = ledger_hash_of(d.key.key);
	assert_int_equal(GATE(&d.house, ai_caller, &caller, .key_hash = str_make(hash.bytes, sizeof(hash.bytes))),
	                 ERR_NOT_FOUND);
	assert_int_equal(admit(&d, question(&d)).outcome, AI_STALE);
	d.version = admit(&d, question(&d)).version;
	assert_int_equal(admit(&d, question(&d)).outcome, AI_REFUSED_KEY);
	house_close(&d.house);
}

static void test_budget(void **state)
{
	struct keep_ai_budget budget = {
	        .scope = AI_SCOPE_DEPARTMENT, .name = STR("経理"), .month_microyen = 5 * AI_MICROYEN};
	struct keep_ai_budget_set_out set;
	struct keep_ai_budget_list_out list;
	struct keep_ai_settle_out settled;
	struct desk d;

	desk_open(&d);
	assert_int_equal(ASK(&d.house, ai_budget_set, d.officer, &set, .budgets = {.at = &budget, .n = 1}), ERR_DENIED);
	assert_int_equal(ASK(&d.house, ai_budget_set, 0, &set, .budgets = {.at = &budget, .n = 1}), 0);
	refresh(&d);
	struct keep_ai_admit_out first = admit(&d, question(&d)); /* 2 yen each */
	assert_int_equal(first.outcome, AI_ADMITTED);
	assert_int_equal(admit(&d, question(&d)).outcome, AI_ADMITTED);
	struct keep_ai_admit_out out = admit(&d, question(&d));
	assert_int_equal(out.outcome, AI_REFUSED_BUDGET);
	assert_true(str_eq_c(out.limit, "department"));
	assert_true(out.until_us > clock_now_us());

	/* The first took only 100 tokens each way: 0.2 yen; there is room again. */
	struct keep_ai_usage usage = {.key = d.key.id,
	                              .service = d.service,
	                              .model = STR("gpt-4o"),
	                              .number = first.number,
	                              .tokens_in = 100,
	                              .tokens_out = 100,
	                              .reserved_tokens = first.reserved_tokens,
	                              .reserved_microyen = first.reserved_microyen,
	                              .admitted_us = clock_now_us(),
	                              .outcome = STR("ok")};
	assert_int_equal(GATE(&d.house, ai_settle, &settled, .usages = {.at = &usage, .n = 1}), 0);
	assert_int_equal(settled.microyen, 200000);
	assert_int_equal(ASK(&d.house, ai_budget_list, d.officer, &list, .end_of_fields = 0), 0);
	bool seen = false;
	for (size_t i = 0; i < list.meters.n; i++) {
		if (list.meters.at[i].scope != AI_SCOPE_DEPARTMENT)
			continue;
		seen = true;
		assert_int_equal(list.meters.at[i].spent_month, 2200000);
		assert_int_equal(list.meters.at[i].requests_month, 2);
	}
	assert_true(seen);
	/* And after a crash. */
	assert_int_equal(house_stop(&d.house, SIGKILL), 128 + SIGKILL);
	house_start(&d.house);
	assert_int_equal(ASK(&d.house, ai_budget_list, d.officer, &list, .end_of_fields = 0), 0);
	for (size_t i = 0; i < list.meters.n; i++) {
		if (list.meters.at[i].scope == AI_SCOPE_DEPARTMENT)
			assert_int_equal(list.meters.at[i].spent_month, 2200000);
	}
	usage.outcome = STR("anything");
	assert_int_equal(GATE(&d.house, ai_settle, &settled, .usages = {.at = &usage, .n = 1}), ERR_INVALID);
	house_close(&d.house);
}

static uint64_t figure(struct desk *d, const char *name)
{
	struct keep_ai_metrics_out out;
	assert_int_equal(ASK(&d->house, ai_metrics, 0, &out, .end_of_fields = 0), 0);
	for (size_t i = 0; i < out.figures.n; i++)
		if (str_eq_c(out.figures.at[i].name, name))
			return out.figures.at[i].value;
	return 0;
}

static void crash(struct desk *d)
{
	assert_int_equal(house_stop(&d->house, SIGKILL), 128 + SIGKILL);
	house_start(&d->house);
}

/* Admissions are counted in memory first: after a crash, and after one more, from their events, each once. */
static void test_crash_before_counting(void **state)
{
	struct keep_ai_count counts[] = {{.kind = LEAK_PERSON, .action = POLICY_MASK, .count = 2},
	                                 {.kind = LEAK_POSTAL_CODE, .action = POLICY_WARN, .count = 3}};
	struct keep_ai_budget_list_out list;
	struct desk d;

	desk_open(&d);
	struct keep_ai_admit_in masked = question(&d), stopped = question(&d);
	masked.decision = STR("mask");
	stopped.decision = STR("stop");
	masked.counts = (struct keep_ai_count_list){.at = counts, .n = ARRAY_SIZE(counts)};
	assert_int_equal(admit(&d, masked).outcome, AI_ADMITTED);
	assert_int_equal(admit(&d, masked).outcome, AI_ADMITTED);
	assert_int_equal(admit(&d, stopped).outcome, AI_ADMITTED);
	crash(&d);
	crash(&d);
	assert_int_equal(figure(&d, "request.mask"), 2);
	assert_int_equal(figure(&d, "request.stop"), 1);
	assert_int_equal(figure(&d, "mask.person"), 4);
	assert_int_equal(figure(&d, "warn.postal-code"), 6);
	assert_int_equal(ASK(&d.house, ai_budget_list, d.officer, &list, .end_of_fields = 0), 0);
	assert_true(list.meters.n > 0);
	for (size_t i = 0; i < list.meters.n; i++) {
		assert_int_equal(list.meters.at[i].spent_month, 2 * 2000000);
		assert_int_equal(list.meters.at[i].requests_month, 2);
	}
	house_close(&d.house);
}

static void test_stop_costs_nothing(void **state)
{
	struct keep_ai_use_list_out use;
	struct keep_ai_count count = {.kind = LEAK_MY_NUMBER, .action = POLICY_STOP, .count = 1};
	struct desk d;

	desk_open(&d);
	struct keep_ai_admit_in in = question(&d);
	in.key = 0;
	in.person = d.staff;
	in.decision = STR("stop");
	in.counts = (struct keep_ai_count_list){.at = &count, .n = 1};
	struct keep_ai_admit_out out = admit(&d, in);
	assert_int_equal(out.outcome, AI_ADMITTED);
	assert_int_equal(out.reserved_microyen, 0);
	assert_int_equal(ASK(&d.house, ai_use_list, d.staff, &use, .end_of_fields = 0), 0);
	assert_int_equal(use.sums.n, 2);
	assert_true(str_eq_c(use.sums.at[0].name, "request.stop"));
	assert_true(str_eq_c(use.sums.at[1].name, "stop.my-number"));
	assert_int_equal(use.months.n, 0);
	/* Nobody else's are shown, only the sums of all. */
	assert_int_equal(ASK(&d.house, ai_use_list, d.officer, &use, .end_of_fields = 0), 0);
	assert_int_equal(use.sums.n, 0);
	/* A sum over two would tell either of them about the other. */
	in.person = d.officer;
	assert_int_equal(admit(&d, in).outcome, AI_ADMITTED);
	assert_int_equal(ASK(&d.house, ai_use_list, d.officer, &use, .company = true), 0);
	assert_int_equal(use.sums.n, 0);
	struct keep_person_add_out third;
	assert_int_equal(ASK(&d.house, person_add, 0, &third, .name = STR("三人目"), .login = STR("third"),
	                     .role = ROLE_STAFF, .language = STR("ja")),
	                 0);
	in.person = third.id;
	assert_int_equal(admit(&d, in).outcome, AI_ADMITTED);
	assert_int_equal(ASK(&d.house, ai_use_list, d.officer, &use, .company = true), 0);
	assert_int_equal(use.sums.n, 2);
	assert_int_equal(use.sums.at[1].value, 3);
	house_close(&d.house);
}

/* ---- what the company decides ---- */

static void test_rules(void **state)
{
	static const struct {
		struct keep_ai_rule rule;
		int want;
	} cases[] = {
	        {{.kind = {"person", 6}, .destination = {"contracted", 10}, .action = {"allow", 5}}, 0},
	        {{.kind = {"my-number", 9}, .destination = {"contracted", 10}, .action = {"mask", 4}}, ERR_DENIED},
	        {{.kind = {"my-number", 9}, .destination = {"local", 5}, .action = {"stop", 4}}, 0},
	        {{.kind = {"passport", 8}, .destination = {"other", 5}, .action = {"allow", 5}}, ERR_DENIED},
	        {{.kind = {"nothing", 7}, .destination = {"other", 5}, .action = {"allow", 5}}, ERR_INVALID},
	        {{.kind = {"person", 6}, .destination = {"contracted", 10}}, 0},
	};
	struct keep_ai_rule_set_out set;
	struct keep_ai_rule_list_out list;
	struct desk d;

	desk_open(&d);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct keep_ai_rule row = cases[i].rule;
		assert_int_equal(ASK(&d.house, ai_rule_set, d.officer, &set, .rules = {.at = &row, .n = 1}),
		                 cases[i].want);
	}
	assert_int_equal(ASK(&d.house, ai_rule_list, d.staff, &list, .end_of_fields = 0), 0);
	assert_int_equal(list.rules.n, 1);
	assert_true(str_eq_c(list.rules.at[0].kind, "my-number"));
	assert_int_equal(admit(&d, question(&d)).outcome, AI_STALE);
	house_close(&d.house);
}

static void test_approvals(void **state)
{
	uint64_t person_bit = POLICY_KIND_BIT(LEAK_PERSON);
	struct keep_ai_approval_ask_out asked;
	struct keep_ai_approval_decide_out decided;
	struct keep_ai_approval_list_out list;
	struct keep_ai_caller_out caller;
	struct desk d;

	desk_open(&d);
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.staff, &asked, .kinds = POLICY_KIND_BIT(LEAK_SECRET),
	                     .destination = STR("contracted"), .reason = STR("x")),
	                 ERR_DENIED);
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.staff, &asked, .kinds = POLICY_KIND_BIT(LEAK_PASSPORT),
	                     .destination = STR("other"), .reason = STR("x")),
	                 ERR_DENIED);
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.staff, &asked, .kinds = person_bit,
	                     .destination = STR("contracted"), .reason = STR("")),
	                 ERR_INVALID);
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.staff, &asked, .kinds = person_bit,
	                     .destination = STR("contracted"), .reason = STR("お礼状の名前を確かめるため")),
	                 0);
	assert_int_equal(ASK(&d.house, ai_approval_decide, d.staff, &decided, .id = asked.id, .approve = true),
	                 ERR_DENIED);
	assert_int_equal(ASK(&d.house, ai_approval_list, d.staff, &list, .all = true), ERR_DENIED);
	assert_int_equal(ASK(&d.house, ai_approval_list, d.officer, &list, .all = true), 0);
	assert_int_equal(list.waiting, 1);
	assert_int_equal(
	        ASK(&d.house, ai_approval_decide, d.officer, &decided, .id = asked.id, .approve = true, .hours = 2), 0);
	assert_true(decided.expires_us > clock_now_us() + 3600 * CLOCK_SECOND_US);

	assert_int_equal(GATE(&d.house, ai_caller, &caller, .person = d.staff), 0);
	assert_int_equal(caller.callers.at[0].granted_contracted, person_bit);
	assert_int_equal(caller.callers.at[0].granted_other, 0);
	d.version = caller.version;
	struct keep_ai_admit_in in = question(&d);
	in.key = 0;
	in.person = d.staff;
	in.granted = person_bit;
	assert_int_equal(admit(&d, in).outcome, AI_ADMITTED);
	in.granted |= POLICY_KIND_BIT(LEAK_PHONE);
	assert_int_equal(admit(&d, in).outcome, AI_STALE);

	/* Ended early. */
	assert_int_equal(ASK(&d.house, ai_approval_decide, d.officer, &decided, .id = asked.id), 0);
	assert_int_equal(GATE(&d.house, ai_caller, &caller, .person = d.staff), 0);
	assert_int_equal(caller.callers.at[0].granted_contracted, 0);
	assert_int_equal(ASK(&d.house, ai_approval_decide, d.officer, &decided, .id = asked.id, .approve = true),
	                 ERR_CONFLICT);

	/* One's own: only while nobody else could. */
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.officer, &asked, .kinds = person_bit,
	                     .destination = STR("contracted"), .reason = STR("y")),
	                 0);
	assert_int_equal(ASK(&d.house, ai_approval_decide, d.officer, &decided, .id = asked.id, .approve = true), 0);
	struct keep_person_add_out other;
	assert_int_equal(ASK(&d.house, person_add, 0, &other, .name = STR("社長"), .login = STR("boss"),
	                     .role = ROLE_PRESIDENT, .language = STR("ja")),
	                 0);
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.officer, &asked, .kinds = person_bit,
	                     .destination = STR("contracted"), .reason = STR("z")),
	                 0);
	assert_int_equal(ASK(&d.house, ai_approval_decide, d.officer, &decided, .id = asked.id, .approve = true),
	                 ERR_CONFLICT);
	house_close(&d.house);
}

/* What was asked for word by word goes by its mark; another value of the kind does not. */
static void test_approved_values(void **state)
{
	uint64_t person_bit = POLICY_KIND_BIT(LEAK_PERSON);
	struct keep_ai_value values[] = {{LEAK_PERSON, STR("佐藤花子")}, {LEAK_PERSON, STR("佐藤花子")}};
	struct keep_ai_value_list list = {values, ARRAY_SIZE(values)};
	struct keep_ai_approval_ask_out asked;
	struct keep_ai_approval_decide_out decided;
	struct keep_ai_approval_list_out all;
	struct keep_ai_caller_out caller;
	struct keep_ledger_list_out ledger;
	struct policy_mark mark;
	struct record record;
	struct desk d;

	desk_open(&d);
	values[1].kind = LEAK_PHONE;
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.staff, &asked, .kinds = person_bit,
	                     .destination = STR("contracted"), .reason = STR("x"), .values = list),
	                 ERR_INVALID);
	values[1].kind = LEAK_PERSON;
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.staff, &asked, .kinds = person_bit,
	                     .destination = STR("contracted"), .reason = STR("x"), .values = list),
	                 0);
	assert_int_equal(ASK(&d.house, ai_approval_list, d.officer, &all, .all = true), 0);
	assert_int_equal(policy_marks_count(all.approvals.at[0].marks), 1);
	assert_int_equal(
	        ASK(&d.house, ai_approval_decide, d.officer, &decided, .id = asked.id, .approve = true, .hours = 2), 0);

	assert_int_equal(GATE(&d.house, ai_caller, &caller, .person = d.staff), 0);
	const struct keep_ai_caller *row = &caller.callers.at[0];
	assert_int_equal(row->granted_contracted, 0);
	policy_mark_make(row->mark_key, POLICY_CONTRACTED, LEAK_PERSON, values[0].value, &mark);
	assert_true(policy_marks_have(row->marks, &mark));
	policy_mark_make(row->mark_key, POLICY_CONTRACTED, LEAK_PERSON, STR("鈴木一郎"), &mark);
	assert_false(policy_marks_have(row->marks, &mark));
	d.version = caller.version;
	struct keep_ai_admit_in in = question(&d);
	in.key = 0;
	in.person = d.staff;
	in.granted = person_bit;
	assert_int_equal(admit(&d, in).outcome, AI_ADMITTED);

	/* The officer may widen it to the whole kinds, and nothing is marked then. */
	assert_int_equal(ASK(&d.house, ai_approval_ask, d.staff, &asked, .kinds = person_bit,
	                     .destination = STR("other"), .reason = STR("y"), .values = list),
	                 0);
	assert_int_equal(
	        ASK(&d.house, ai_approval_decide, d.officer, &decided, .id = asked.id, .approve = true, .whole = true),
	        0);
	assert_int_equal(GATE(&d.house, ai_caller, &caller, .person = d.staff), 0);
	assert_int_equal(caller.callers.at[0].granted_other, person_bit);
	assert_int_equal(policy_marks_kinds(caller.callers.at[0].marks, POLICY_OTHER), 0);

	/* The ledger counts them. */
	assert_int_equal(ASK(&d.house, ledger_list, 0, &ledger, .limit = 5, .kind = STR("ai.approval-asked")), 0);
	assert_int_equal(record_decode(ledger.records.at[1].bytes, &record), 0);
	assert_int_equal(event_find_fact(&record.event, "values")->number, 1);
	for (size_t i = 0; i < ledger.records.n; i++)
		assert_int_equal(str_find(ledger.records.at[i].bytes, values[0].value, 0), STR_NOT_FOUND);
	house_close(&d.house);
}

static void test_people_who_left(void **state)
{
	struct keep_person_disable_out gone;
	struct keep_ai_caller_out caller;
	struct keep_person_add_out boss;
	struct desk d;

	desk_open(&d);
	assert_int_equal(ASK(&d.house, person_add, 0, &boss, .name = STR("社長"), .login = STR("boss"),
	                     .role = ROLE_PRESIDENT, .language = STR("ja")),
	                 0);
	assert_int_equal(ASK(&d.house, ai_key_new, d.staff, &d.key, .name = STR("mine"), .person = d.staff), 0);
	refresh(&d);
	assert_int_equal(d.caller.person, d.staff);
	assert_int_equal(d.caller.role, ROLE_STAFF);
	assert_int_equal(admit(&d, question(&d)).outcome, AI_ADMITTED);
	assert_int_equal(ASK(&d.house, person_disable, 0, &gone, .id = d.staff, .disabled = true), 0);
	assert_int_equal(admit(&d, question(&d)).outcome, AI_STALE);
	d.version = admit(&d, question(&d)).version;
	assert_int_equal(admit(&d, question(&d)).outcome, AI_REFUSED_KEY);
	struct ledger_hash hash = ledger_hash_of(d.key.key);
	assert_int_equal(GATE(&d.house, ai_caller, &caller, .key_hash = str_make(hash.bytes, sizeof(hash.bytes))),
	                 ERR_NOT_FOUND);
	house_close(&d.house);
}

/* ---- words ---- */

static void test_words(void **state)
{
	struct keep_ai_word_begin_out begun;
	struct keep_ai_word_add_out added;
	struct keep_ai_word_finish_out finished;
	struct keep_ai_word_lists_out lists;
	struct keep_ai_words_out words;
	struct keep_ai_word_restore_out restored;
	struct keep_ai_load_out load;
	struct desk d;

	desk_open(&d);
	for (int version = 1; version <= 2; version++) {
		assert_int_equal(ASK(&d.house, ai_word_begin, d.officer, &begun, .note = STR("顧客.csv")), 0);
		for (int i = 0; i < 120; i++)
			assert_int_equal(ASK(&d.house, ai_word_add, d.officer, &added, .version = begun.version,
			                     .piece = version == 1 ? STR("青空商事,customer\n") : STR("海原\n")),
			                 0);
		assert_int_equal(
		        ASK(&d.house, ai_word_finish, d.officer, &finished, .version = begun.version, .words = 120), 0);
	}
	assert_int_equal(ASK(&d.house, ai_word_add, d.officer, &added, .version = begun.version, .piece = STR("x")),
	                 ERR_CONFLICT);
	assert_int_equal(ASK(&d.house, ai_word_lists, d.staff, &lists, .end_of_fields = 0), 0);
	assert_int_equal(lists.lists.n, 2);
	assert_int_equal(GATE(&d.house, ai_load, &load, .end_of_fields = 0), 0);
	assert_int_equal(load.words_version, begun.version);
	assert_int_equal(GATE(&d.house, ai_words, &words, .version = begun.version), 0);
	assert_int_equal(words.pieces.n, AI_PIECES_EACH_ANSWER);
	assert_int_equal(GATE(&d.house, ai_words, &words, .version = begun.version, .place = AI_PIECES_EACH_ANSWER), 0);
	assert_int_equal(words.pieces.n, 20);
	assert_int_equal(ASK(&d.house, ai_word_restore, d.officer, &restored, .version = lists.lists.at[1].version), 0);
	assert_int_equal(GATE(&d.house, ai_words, &words, .version = restored.version), 0);
	assert_string_equal(arena_cstr(d.house.arena, words.pieces.at[0].bytes), "青空商事,customer\n");
	house_close(&d.house);
}

static void test_marks(void **state)
{
	struct keep_ai_mark_out marked;
	struct keep_ai_mark_list_out list;
	struct keep_ai_exception_set_out set;
	struct keep_ai_load_out load;
	struct desk d;

	desk_open(&d);
	assert_int_equal(ASK(&d.house, ai_mark, d.staff, &marked, .kind = STR("my-number"), .text = STR("123"),
	                     .place = STR("a")),
	                 ERR_DENIED);
	static const char *const places[] = {"a", "a", "b", "c"};
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		assert_int_equal(ASK(&d.house, ai_mark, i == 3 ? d.officer : d.staff, &marked, .kind = STR("person"),
		                     .text = STR("三沢"), .place = str_of(places[i])),
		                 0);
	assert_int_equal(marked.marks, 3);
	assert_true(marked.suggested);
	assert_int_equal(ASK(&d.house, ai_mark_list, d.staff, &list, .end_of_fields = 0), ERR_DENIED);
	assert_int_equal(ASK(&d.house, ai_mark_list, d.officer, &list, .end_of_fields = 0), 0);
	assert_int_equal(list.suggestions.n, 1);
	assert_int_equal(list.suggestions.at[0].people, 2);
	assert_int_equal(ASK(&d.house, ai_exception_set, d.officer, &set, .kind = STR("person"), .text = STR("三沢"),
	                     .state = AI_EXCEPTION_ALLOWED),
	                 0);
	assert_int_equal(ASK(&d.house, ai_mark_list, d.officer, &list, .end_of_fields = 0), 0);
	assert_int_equal(list.suggestions.n, 0);
	assert_int_equal(GATE(&d.house, ai_load, &load, .end_of_fields = 0), 0);
	assert_int_equal(load.exceptions.n, 1);
	house_close(&d.house);
}

/* ---- the desk ---- */

static void test_declarations_and_patrol(void **state)
{
	struct keep_ai_declare_out declared;
	struct keep_ai_declaration_list_out list;
	struct keep_ai_patrol_list_out patrol;
	struct keep_ai_patrol_done_out done;
	struct keep_ledger_list_out ledger;
	struct record record;
	struct desk d;

	desk_open(&d);
	assert_int_equal(ASK(&d.house, ai_declare, d.staff, &declared, .unnamed = true, .service = STR("翻訳サイト")),
	                 0);
	assert_int_equal(ASK(&d.house, ledger_list, 0, &ledger, .limit = 1, .kind = STR("ai.declared")), 0);
	assert_int_equal(record_decode(ledger.records.at[0].bytes, &record), 0);
	assert_int_not_equal(record.event.actor, EVENT_ACTOR_PERSON);
	assert_int_equal(ASK(&d.house, ai_declaration_list, d.officer, &list, .all = true), 0);
	assert_int_equal(list.declarations.n, 1);
	assert_int_equal(list.declarations.at[0].person, 0);
	assert_int_equal(ASK(&d.house, ai_declaration_list, d.staff, &list, .all = true), ERR_DENIED);

	assert_int_equal(ASK(&d.house, ai_patrol_list, d.officer, &patrol, .end_of_fields = 0), 0);
	assert_true(patrol.week > 202600 && patrol.week % 100 >= 1 && patrol.week % 100 <= 53);
	for (size_t i = 0; i < patrol.state.n; i++) {
		if (str_eq_c(patrol.state.at[i].name, "declarations"))
			assert_int_equal(patrol.state.at[i].value, 1);
	}
	assert_int_equal(ASK(&d.house, ai_patrol_done, d.officer, &done, .item = STR("declarations")), 0);
	assert_int_equal(ASK(&d.house, ai_patrol_done, d.officer, &done, .item = STR("anything")), ERR_INVALID);
	assert_int_equal(ASK(&d.house, ai_patrol_list, d.officer, &patrol, .end_of_fields = 0), 0);
	assert_int_equal(patrol.done.n, 1);
	house_close(&d.house);
}

static void test_prices(void **state)
{
	struct keep_ai_price price = {
	        .model = STR("gpt-4o"), .currency = STR("JPY"), .price_in = 100, .price_out = 200};
	struct keep_ai_price_set_out set;
	struct keep_ai_quote_out quote;
	struct desk d;

	desk_open(&d);
	assert_int_equal(ASK(&d.house, ai_quote, d.staff, &quote, .service = d.service, .model = STR("gpt-4o"),
	                     .tokens_in = 1000000, .tokens_out = 0),
	                 0);
	assert_true(quote.known);
	assert_int_equal(quote.microyen, 400 * AI_MICROYEN);
	assert_int_equal(ASK(&d.house, ai_price_set, d.officer, &set, .prices = {.at = &price, .n = 1}), 0);
	assert_int_equal(ASK(&d.house, ai_quote, d.staff, &quote, .service = d.service, .model = STR("gpt-4o"),
	                     .tokens_in = 1000000, .tokens_out = 1000000),
	                 0);
	assert_int_equal(quote.microyen, 300 * AI_MICROYEN);
	assert_int_equal(quote.meters.n, 2);
	house_close(&d.house);
}

/* Acknowledged ahead of the disk: a crash of the keeper still loses nothing, and the disk is asked within the time. */
static void test_relaxed_ledger(void **state)
{
	enum { EVENTS = 300, MORE_THAN_A_TICK_US = 1300000 };
	struct keep_setting_set_out set;
	struct keep_ledger_list_out ledger;
	struct event e = event_make("rules.loaded", clock_now_us());
	struct desk d;

	desk_open(&d);
	assert_int_equal(
	        ASK(&d.house, setting_set, 0, &set, .name = STR("ledger.acknowledge-within-ms"), .value = STR("20")),
	        0);
	usleep(MORE_THAN_A_TICK_US);
	for (int i = 0; i < EVENTS; i++)
		assert_int_equal(
		        keep_append_event(d.house.client, &(struct keep_actor){.program = STR("cli")}, &e, NULL), 0);
	assert_int_equal(house_stop(&d.house, SIGKILL), 128 + SIGKILL);
	house_start(&d.house);
	assert_int_equal(ASK(&d.house, ledger_list, 0, &ledger, .limit = 1, .kind = STR("rules.loaded")), 0);
	assert_int_equal(ledger.total, EVENTS);
	usleep(MORE_THAN_A_TICK_US);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(
		        keep_append_event(d.house.client, &(struct keep_actor){.program = STR("cli")}, &e, NULL), 0);
		usleep(30000); /* longer than the time within which the disk is asked */
	}
	/* Back to durable, and an orderly end. */
	assert_int_equal(
	        ASK(&d.house, setting_set, 0, &set, .name = STR("ledger.acknowledge-within-ms"), .value = STR("0")), 0);
	usleep(MORE_THAN_A_TICK_US);
	assert_int_equal(keep_append_event(d.house.client, &(struct keep_actor){.program = STR("cli")}, &e, NULL), 0);
	house_close(&d.house);
}

static void test_time(void **state)
{
	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	static const struct {
		const char *utc;
		uint64_t month, week;
	} cases[] = {
	        {"2026-11-30T14:59:00Z", 202611, 202649}, {"2026-11-30T15:00:00Z", 202612, 202649},
	        {"2026-12-31T12:00:00Z", 202612, 202653}, {"2027-01-03T12:00:00Z", 202701, 202653},
	        {"2027-01-03T15:00:00Z", 202701, 202701}, {"2024-12-30T12:00:00Z", 202412, 202501},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t us;
		assert_int_equal(clock_parse_utc(str_of(cases[i].utc), &us), 0);
		assert_int_equal(ai_month(us), cases[i].month);
		if (ai_week(us) != cases[i].week)
			fail_msg("%s: week %llu", cases[i].utc, (unsigned long long) ai_week(us));
	}
	int64_t us, want;
	assert_int_equal(clock_parse_utc(STR("2026-11-23T01:00:00Z"), &us), 0);
	assert_int_equal(clock_parse_utc(STR("2026-11-30T15:00:00Z"), &want), 0);
	assert_int_equal(ai_next_month_us(us), want);
	assert_int_equal(clock_parse_utc(STR("2027-03-31T15:00:00Z"), &want), 0);
	assert_int_equal(ai_next_year_us(us, 4), want);
	assert_int_equal(ai_year_from(202611, 4), 202604);
	assert_int_equal(ai_year_from(202703, 4), 202604);
	assert_int_equal(clock_parse_utc(STR("2026-11-27T14:59:59Z"), &want), 0);
	assert_int_equal(ai_week_friday_us(us), want);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_services),
	        cmocka_unit_test(test_provider_keys),
	        cmocka_unit_test(test_admission),
	        cmocka_unit_test(test_budget),
	        cmocka_unit_test(test_crash_before_counting),
	        cmocka_unit_test(test_stop_costs_nothing),
	        cmocka_unit_test(test_rules),
	        cmocka_unit_test(test_approvals),
	        cmocka_unit_test(test_approved_values),
	        cmocka_unit_test(test_people_who_left),
	        cmocka_unit_test(test_words),
	        cmocka_unit_test(test_marks),
	        cmocka_unit_test(test_declarations_and_patrol),
	        cmocka_unit_test(test_prices),
	        cmocka_unit_test(test_relaxed_ledger),
	        cmocka_unit_test(test_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
