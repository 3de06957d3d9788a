/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A visit of an expert: which of the fiscal year it would be, what it costs, and until when it can be called off. What
 * was used is counted from the register of visits, or typed by who knows of more; a visit that is planned goes into
 * that register, where the day by which it can be called off is due like any other task. */
#include "base/err.h"
#include "plan/visit.h"
#include "web/pages/help-rows.h"
#include "web/pages/rules-rows.h"

enum { USED_MAX = 99, DAYS_AHEAD_MAX = 800, USUAL_AHEAD_DAYS = 7 };

static json_t *visit_row(const struct page *p, const struct visit *visit)
{
	json_t *row = json_object();
	json_object_set_new(row, "number", json_integer(visit->number));
	json_object_set_new(row, "is_free", json_boolean(visit->is_free));
	json_object_set_new(row, "is_over", json_boolean(visit->is_over));
	json_object_set_new(row, "fee", help_yen(p, visit->fee_yen));
	json_object_set_new(row, "left", json_integer(visit->left_times));
	json_object_set_new(row, "free_left", json_integer(visit->free_left_times));
	return row;
}

/* The fee of each visit of a year, for both. */
static void put_fees(struct page *p, const struct visit_rules *rules)
{
	json_t *list = json_array();
	for (int used = 0; used < rules->year_times; used++) {
		struct visit visit, exempt;
		if (visit_next(rules, used, false, &visit) < 0 || visit_next(rules, used, true, &exempt) < 0)
			break;
		json_t *row = visit_row(p, &visit);
		json_object_set_new(row, "exempt", visit_row(p, &exempt));
		json_array_append_new(list, row);
	}
	page_put(p, "fees", list);
}

static void put_form(struct page *p, struct str used, int32_t day, bool is_exempt)
{
	json_t *form = json_object(), *when = help_day(p, day);
	json_object_set_new(form, "used", page_json_str(used));
	json_object_set(form, "day", json_object_get(when, "iso"));
	json_object_set_new(form, "exempt", json_boolean(is_exempt));
	json_decref(when);
	json_object_set_new(form, "topic", page_json_str(page_field(p, "topic")));
	page_put(p, "form", form);
}

/* What counts for a visit on a day: what was typed for this fiscal year, or the register if it has more. */
static int count_used(struct page *p, int typed, int32_t day, int *ret)
{
	int32_t today = help_today(p);
	int recorded = 0;
	int r = visit_used_on(typed, today, day, ret);
	if (r >= 0 && help_count_visits(p, "expert", calendar_fiscal_year(day), &recorded) >= 0 && recorded > *ret)
		*ret = recorded;
	return r;
}

static int answer(struct page *p, const struct visit_rules *rules, const struct holidays *h, int used, int32_t day,
                  bool is_exempt)
{
	struct visit visit;
	enum closed_reason closed;
	int32_t by, today = help_today(p);
	int counted;
	if (day > today + DAYS_AHEAD_MAX || count_used(p, used, day, &counted) < 0)
		return page_problem(p, "help.problem.past", "day");
	int r = holidays_closed(h, day, &closed);
	if (r >= 0)
		r = visit_cancel_by(rules, h, day, &by);
	if (r >= 0)
		r = visit_next(rules, counted, is_exempt, &visit);
	if (r < 0)
		return page_problem(p, "help.problem.day", "day");
	json_t *row = visit_row(p, &visit);
	json_object_set_new(row, "day", help_day(p, day));
	json_object_set_new(row, "is_closed", json_boolean(closed != CLOSED_NOT));
	json_object_set_new(row, "cancel_by", help_day(p, by));
	json_object_set_new(row, "cancel_at", page_json_str(rules->cancel_at));
	json_object_set_new(row, "is_late", json_boolean(by < today));
	json_object_set_new(row, "year", json_integer(calendar_fiscal_year(day)));
	json_object_set_new(row, "is_new_year", json_boolean(calendar_fiscal_year(day) != calendar_fiscal_year(today)));
	json_object_set_new(row, "may_plan",
	                    json_boolean(closed == CLOSED_NOT && !visit.is_over && page_may(p, WHO_PATROL)));
	page_put(p, "visit", row);
	return 0;
}

static int read_day(struct page *p, const struct holidays *h, struct str typed, int32_t *ret)
{
	if (typed.n > 0)
		return calendar_parse(typed, ret);
	return holidays_next_open(h, help_today(p) + USUAL_AHEAD_DAYS, ret);
}

/* ---- into the register ---- */

/* ERR_INVALID: the problem stands on the page. */
static int check_plan(struct page *p, const struct visit_rules *rules, const struct holidays *h,
                      const struct register_kind *kind, struct register_item *ret)
{
	const struct {
		const char *field;
		struct str value;
	} values[] = {{"visit-day", str_trim(page_field(p, "day"))},
	              {"helper", STR("expert")},
	              {"topic", page_field(p, "topic")},
	              {"visit-state", STR("planned")}};
	enum closed_reason closed;
	char cancel_by[CALENDAR_TEXT_BYTES];
	int32_t day, by;
	size_t at;

	int r = calendar_parse(values[0].value, &day);
	if (r >= 0)
		r = day < help_today(p) ? ERR_INVALID : holidays_closed(h, day, &closed);
	if (r >= 0)
		r = closed != CLOSED_NOT ? ERR_INVALID : visit_cancel_by(rules, h, day, &by);
	if (r < 0) {
		page_problem(p, "help.problem.day", "day");
		return ERR_INVALID;
	}
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		CHECK(register_field_find(kind, str_of(values[i].field), &at) >= 0);
		if (register_check(&kind->fields[at], values[i].value, p->arena, &ret->value[at]) < 0) {
			page_problem(p, "help.problem.topic", "topic");
			return ERR_INVALID;
		}
	}
	CHECK(register_field_find(kind, STR("cancel-by"), &at) >= 0);
	calendar_format(by, cancel_by);
	ret->value[at] = arena_dup(p->arena, str_of(cancel_by));
	return 0;
}

static int plan(struct page *p, const struct visit_rules *rules, const struct holidays *h)
{
	const struct register_kind *kind = register_find(STR("visits"));
	struct register_item item = {0};
	struct keep_item_save_out out;

	CHECK(kind);
	int r = check_plan(p, rules, h, kind, &item);
	if (r < 0)
		return r;
	struct keep_item row = register_row(p, kind, &item);
	struct keep_item_save_in in = {.items = {.at = &row, .n = 1}};
	r = keep_item_save(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/prepare/registers/visits?done=1");
}

static void put_facts(struct page *p, const struct visit_rules *rules, const struct fact *desk)
{
	page_put(p, "desk", help_fact(p, desk));
	page_put(p, "rules", help_fact(p, rules->rules));
	page_put(p, "fee_fact", help_fact(p, rules->fee));
	page_put(p, "cancel", help_fact(p, rules->cancel));
	page_put(p, "exempt", help_group(p, STR("expert-exempt"), desk->region));
	page_put(p, "times", json_integer(rules->year_times));
	page_put(p, "fiscal_year", json_integer(calendar_fiscal_year(help_today(p))));
	put_fees(p, rules);
}

int help_visits_page(struct page *p)
{
	const struct holidays *h = help_holidays(p);
	const struct fact *desk = help_desk(p, STR("expert"));
	bool is_post = p->method == HTTP_POST;
	struct str used_text = str_trim(is_post ? page_field(p, "used") : page_query(p, "used"));
	struct str day_text = str_trim(is_post ? page_field(p, "day") : page_query(p, "day"));
	bool is_exempt = is_post ? page_has_field(p, "exempt") : page_query(p, "exempt").n > 0;
	struct visit_rules rules;
	uint64_t used = 0;
	int32_t day = help_today(p);
	int recorded = 0;

	if (!desk || !h || visit_rules_read(page_facts(p), &rules) < 0)
		return ERR_NOT_FOUND;
	put_facts(p, &rules, desk);
	int r = read_day(p, h, day_text, &day);
	bool has_records = help_count_visits(p, "expert", calendar_fiscal_year(help_today(p)), &recorded) >= 0;
	if (has_records)
		page_put(p, "recorded", json_integer(recorded));
	page_put(p, "has_records", json_boolean(has_records && recorded > 0));
	bool is_asked = used_text.n > 0;
	if (!is_asked && has_records)
		used_text = arena_printf(p->arena, "%d", recorded);
	put_form(p, used_text, day, is_exempt);
	if (r < 0)
		return page_problem(p, "help.problem.day", "day");
	if (is_post && (r = plan(p, &rules, h)) != ERR_INVALID)
		return r;
	if (!is_asked)
		return 0;
	if (rules_parse_number(used_text, USED_MAX, &used) < 0)
		return page_problem(p, "help.problem.number", "used");
	return answer(p, &rules, h, (int) used, day, is_exempt);
}
