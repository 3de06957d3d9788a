/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 頼る: the desks of the region with their phones, whom they help, and the next days of each topic; the loans and
 * subsidies beside them. A desk is a contact whose id ends with ".desk"; what it offers are the facts that point to it;
 * its topics are the group "<its name>-topics". Another region is another file of facts. */
#include "base/err.h"
#include "plan/desk.h"
#include "plan/value.h"
#include "web/pages/help-own.h"

enum { OPEN_SHOWN = 3, DATES_SHOWN = 8, BOOK_FROM_DAYS = 1, VISITS_MAX = 366 };
#define DESK_SUFFIX ".desk"

/* Where a desk's own page lies. */
static const struct {
	const char *desk, *path, *key;
} more[] = {
        {"expert", "/prepare/help/visits", "help.more.visits"},
        {"loan", "/prepare/help/loan", "help.more.loan"},
        {"carbon", "/prepare/help/carbon", "help.more.carbon"},
};

/* Money beside the region's own loan. */
static const char *const money[] = {"loan.jfc.business", "loan.jfc.citizen", "loan.jfc.cut",
                                    "jigyokei.tax",      "jigyokei.points",  "jigyokei.guarantee"};

/* ---- the days of a topic ---- */

static int put_dates(const struct page *p, json_t *row, const struct desk_topic *topic, const struct holidays *h)
{
	struct desk_date dates[DATES_SHOWN];
	int32_t first = help_today(p) + BOOK_FROM_DAYS, last = first + DESK_AHEAD_MAX_DAYS, window;
	json_t *open = json_array(), *closed = json_array();
	size_t n = 0;
	json_object_set_new(row, "dates", open);
	json_object_set_new(row, "closed", closed);
	if (desk_last_bookable(topic->fact, help_today(p), &window) >= 0) {
		last = window;
		json_object_set_new(row, "until", help_day(p, window));
	}
	int r = desk_dates(topic, h, first, last, OPEN_SHOWN, dates, DATES_SHOWN, &n);
	for (size_t i = 0; r >= 0 && i < n; i++)
		json_array_append_new(dates[i].closed == CLOSED_NOT ? open : closed, help_day(p, dates[i].day));
	return r;
}

static json_t *topic_row(const struct page *p, const struct fact *fact, const struct holidays *h)
{
	struct desk_topic topic;
	json_t *row = help_fact(p, fact);
	if (!h || desk_topic_read(fact, &topic) < 0 || put_dates(p, row, &topic, h) < 0)
		json_object_set_new(row, "is_unknown", json_true());
	else
		json_object_set_new(row, "starts", page_json_str(topic.starts));
	return row;
}

static json_t *topics_of(const struct page *p, struct str name, const struct fact *desk, const struct holidays *h)
{
	const struct facts *facts = page_facts(p);
	struct str group = arena_printf(p->arena, "%.*s-topics", STR_ARG(name));
	json_t *list = json_array();
	for (size_t i = 0; i < facts->n; i++)
		if (str_eq(facts->at[i].group, group) && str_eq(facts->at[i].region, desk->region))
			json_array_append_new(list, topic_row(p, &facts->at[i], h));
	return list;
}

/* ---- the desks ---- */

static bool points_to(const struct fact *fact, const struct fact *desk)
{
	for (size_t i = 0; i < fact->see.n; i++)
		if (str_eq(fact->see.at[i], desk->id))
			return str_eq(fact->region, desk->region);
	return false;
}

static json_t *offers_of(const struct page *p, const struct fact *desk)
{
	const struct facts *facts = page_facts(p);
	json_t *list = json_array();
	for (size_t i = 0; i < facts->n; i++)
		if (points_to(&facts->at[i], desk))
			json_array_append_new(list, help_fact(p, &facts->at[i]));
	return list;
}

/* How often it was used in this fiscal year, as the register of visits has it, and how often it can be. */
static void put_used(struct page *p, json_t *row, struct str name, const struct fact *desk)
{
	const struct facts *facts = page_facts(p);
	int count = 0;
	int64_t most = 0;
	for (size_t i = 0; i < facts->n && most == 0; i++)
		if (points_to(&facts->at[i], desk) &&
		    value_whole(&facts->at[i], "visits_times", 1, VISITS_MAX, &most) < 0)
			(void) value_whole(&facts->at[i], "year_times", 1, VISITS_MAX, &most);
	if (most == 0 ||
	    help_count_visits(p, arena_cstr(p->arena, name), calendar_fiscal_year(help_today(p)), &count) < 0)
		return;
	json_object_set_new(row, "used", json_pack("{s:i, s:I}", "count", count, "most", (json_int_t) most));
}

static json_t *desk_row(struct page *p, const struct fact *desk, const struct holidays *h)
{
	struct str name = str_slice(desk->id, 0, desk->id.n - strlen(DESK_SUFFIX));
	json_t *row = help_fact(p, desk), *topics = topics_of(p, name, desk, h);
	json_object_set_new(row, "name", page_json_str(name));
	json_object_set_new(row, "offers", offers_of(p, desk));
	json_object_set_new(row, "has_topics", json_boolean(json_array_size(topics) > 0));
	json_object_set_new(row, "topics", topics);
	json_object_set_new(row, "slots",
	                    help_group(p, arena_printf(p->arena, "%.*s-slots", STR_ARG(name)), desk->region));
	put_used(p, row, name, desk);
	for (size_t i = 0; i < ARRAY_SIZE(more); i++)
		if (str_eq_c(name, more[i].desk))
			json_object_set_new(row, "more",
			                    json_pack("{s:s, s:s}", "path", more[i].path, "text",
			                              i18n_text(p->language, more[i].key)));
	return row;
}

static void put_list(struct page *p, const char *name, const char *const *ids, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct fact *fact = fact_find(page_facts(p), str_of(ids[i]));
		if (fact)
			json_array_append_new(list, help_fact(p, fact));
	}
	page_put(p, name, list);
}

int help_page(struct page *p)
{
	const struct facts *facts = page_facts(p);
	const struct holidays *h = help_holidays(p);
	json_t *desks = json_array();
	for (size_t i = 0; i < facts->n; i++)
		if (facts->at[i].kind == FACT_CONTACT && str_ends_with(facts->at[i].id, STR(DESK_SUFFIX)))
			json_array_append_new(desks, desk_row(p, &facts->at[i], h));
	page_put(p, "desks", desks);
	put_list(p, "money", money, ARRAY_SIZE(money));
	page_put(p, "otasuke", help_fact(p, fact_find(facts, STR("otasuke"))));
	page_put(p, "new_year", help_fact(p, fact_find(facts, STR("closing.new-year"))));
	const struct fact *holiday = fact_find(facts, STR("holiday.new-year"));
	page_put(p, "old_holidays", json_boolean(!holiday || fact_is_expired(holiday, page_today(p))));
	page_put(p, "today", help_day(p, help_today(p)));
	return help_put_subsidies(p);
}

int help_carbon_page(struct page *p)
{
	const struct fact *desk = help_desk(p, STR("carbon"));
	if (!desk)
		return ERR_NOT_FOUND;
	page_put(p, "desk", help_fact(p, desk));
	page_put(p, "offers", offers_of(p, desk));
	page_put(p, "steps", help_group(p, STR("carbon-steps"), desk->region));
	page_put(p, "may_look", json_boolean(help_may_look(p)));
	page_put_str(p, "declared_on", help_declared_on(p, "carbon"));
	page_put(p, "paper", help_fact(p, fact_find(page_facts(p), STR("loan.declaration"))));
	return 0;
}
