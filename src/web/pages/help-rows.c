/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/help-rows.h"

#include "base/buf.h"
#include "base/err.h"
#include "plan/value.h"

enum { TEXT_MAX_BYTES = 8 * 1024, DIGITS_MAX = 32, PERCENT_DIGITS = 3 };

static void put_value(const struct page *p, json_t *row, const struct fact *fact, const char *name, const char *link,
                      const char *before)
{
	const struct fact_value *value = fact_value(fact, name);
	if (!value)
		return;
	json_object_set_new(row, name, page_json_str(value->text));
	if (link)
		json_object_set_new(row, link,
		                    page_json_str(arena_printf(p->arena, "%s%.*s", before, STR_ARG(value->text))));
}

json_t *help_fact(const struct page *p, const struct fact *fact)
{
	if (!fact)
		return json_null();
	json_t *row = json_object();
	json_object_set_new(row, "id", page_json_str(fact->id));
	json_object_set_new(row, "text", page_json_str(fact->text[p->language]));
	put_value(p, row, fact, "phone", "tel", "tel:");
	put_value(p, row, fact, "mail", "mailto", "mailto:");
	put_value(p, row, fact, "fax", NULL, NULL);
	put_value(p, row, fact, "url", NULL, NULL);
	put_value(p, row, fact, "address", NULL, NULL);
	json_object_set_new(row, "source", page_json_str(fact->source));
	json_object_set_new(row, "checked", page_json_str(fact->checked));
	json_object_set_new(row, "expires", page_json_str(fact->expires));
	json_object_set_new(row, "is_expired", json_boolean(fact_is_expired(fact, page_today(p))));
	json_object_set_new(row, "is_unverified", json_boolean(!fact->verified));
	return row;
}

json_t *help_group(const struct page *p, struct str group, struct str region)
{
	const struct facts *facts = page_facts(p);
	json_t *list = json_array();
	for (size_t i = 0; i < facts->n; i++)
		if (str_eq(facts->at[i].group, group) && str_eq(facts->at[i].region, region))
			json_array_append_new(list, help_fact(p, &facts->at[i]));
	return list;
}

const struct fact *help_desk(const struct page *p, struct str name)
{
	const struct fact *fact = fact_find(page_facts(p), arena_printf(p->arena, "%.*s.desk", STR_ARG(name)));
	return fact && fact->kind == FACT_CONTACT ? fact : NULL;
}

json_t *help_text(const struct page *p, const char *key, const struct i18n_fact *facts, size_t count)
{
	struct buf b = buf_make(TEXT_MAX_BYTES);
	json_t *text = NULL;
	if (i18n_format(&b, p->language, str_of(key), facts, count) >= 0)
		text = page_json_str(buf_str(&b));
	buf_done(&b);
	return text ? text : json_string("");
}

json_t *help_day(const struct page *p, int32_t day)
{
	struct date date = calendar_date(day);
	char iso[CALENDAR_TEXT_BYTES];
	json_t *weekday = rows_text(p, "help.weekday.", str_of(calendar_weekday_word(calendar_weekday(day))), "");
	const struct i18n_fact facts[] = {
	        {"year", arena_printf(p->arena, "%d", date.year)},
	        {"month", arena_printf(p->arena, "%d", date.month)},
	        {"day", arena_printf(p->arena, "%d", date.day)},
	        {"weekday", str_of(json_string_value(weekday))},
	};
	calendar_format(day, iso);
	json_t *row = json_object();
	json_object_set_new(row, "iso", json_string(iso));
	json_object_set_new(row, "text", help_text(p, "help.day", facts, ARRAY_SIZE(facts)));
	json_decref(weekday);
	return row;
}

int32_t help_today(const struct page *p)
{
	int32_t day = 0;
	/* what the clock writes is a day */
	CHECK(calendar_parse(page_today(p), &day) >= 0);
	return day;
}

json_t *help_yen(const struct page *p, int64_t yen)
{
	char text[DIGITS_MAX];
	size_t n = sizeof(text);
	(void) p;
	CHECK(yen >= 0);
	text[--n] = '\0';
	for (unsigned digits = 0; yen > 0 || digits == 0; yen /= 10, digits++) {
		if (digits > 0 && digits % 3 == 0)
			text[--n] = ',';
		text[--n] = (char) ('0' + yen % 10);
	}
	return json_string(text + n);
}

json_t *help_percent(const struct page *p, int64_t milli, unsigned digits)
{
	struct str text = arena_printf(p->arena, "%lld.%03lld", (long long) (milli / 1000), (long long) (milli % 1000));
	for (unsigned n = PERCENT_DIGITS; n > digits && text.n > 0 && text.p[text.n - 1] == '0'; n--)
		text.n--;
	return page_json_str(text);
}

const struct holidays *help_holidays(const struct page *p)
{
	const struct holidays *h = NULL;
	return holidays_new(page_facts(p), p->arena, &h) >= 0 ? h : NULL;
}

bool help_may_look(const struct page *p)
{
	return page_may(p, WHO_PATROL | 1u << ROLE_EXPERT);
}

static int items_of(struct page *p, const char *word, const struct register_kind **ret_kind, struct register_items *ret)
{
	*ret_kind = register_find(str_of(word));
	CHECK(*ret_kind);
	return help_may_look(p) ? register_list(p, *ret_kind, ret) : ERR_DENIED;
}

int help_count_visits(struct page *p, const char *helper, int fiscal_year, int *ret)
{
	const struct register_kind *kind;
	struct register_items items;
	int r = items_of(p, "visits", &kind, &items), n = 0;
	for (size_t i = 0; r >= 0 && i < items.n; i++) {
		int32_t day;
		if (str_eq_c(register_value(kind, &items.at[i], "helper"), helper) &&
		    calendar_parse(register_value(kind, &items.at[i], "visit-day"), &day) >= 0)
			n += calendar_fiscal_year(day) == fiscal_year;
	}
	if (r >= 0)
		*ret = n;
	return r;
}

struct str help_declared_on(struct page *p, const char *declaration)
{
	const struct register_kind *kind;
	struct register_items items;
	struct str newest = STR("");
	if (items_of(p, "declarations", &kind, &items) < 0)
		return newest;
	for (size_t i = 0; i < items.n; i++) {
		struct str day = register_value(kind, &items.at[i], "declared-on");
		if (str_eq_c(register_value(kind, &items.at[i], "declaration"), declaration) &&
		    str_cmp(day, newest) > 0)
			newest = day;
	}
	return newest;
}
