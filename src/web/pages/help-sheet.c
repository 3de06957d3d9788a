/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A sheet of paper to take to a desk: who we are, what we know of ourselves, what to ask, room for the answers. What is
 * typed into it stays in the browser until it is printed. */
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/diagnosis-rows.h"
#include "web/pages/help-own.h"

enum { QUESTIONS_MAX = 8, BUSINESSES_SHOWN = 3 };

static json_t *questions_of(const struct page *p, const char *desk)
{
	json_t *list = json_array();
	for (int i = 1; i <= QUESTIONS_MAX; i++) {
		const char *text = i18n_find(p->language, arena_printf(p->arena, "help.ask.%s.%d", desk, i));
		if (text)
			json_array_append_new(list, json_pack("{s:s, s:i}", "text", text, "number", i));
	}
	return list;
}

static void add_known(struct page *p, json_t *list, const char *key, struct str value)
{
	json_t *row = json_object();
	json_object_set_new(row, "name", json_string(i18n_text(p->language, key)));
	json_object_set_new(row, "value", page_json_str(value));
	json_array_append_new(list, row);
}

static struct str day_text(const struct page *p, int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	if (when_us == 0)
		return str_of(i18n_text(p->language, "help.sheet.none"));
	clock_format_local(when_us, text);
	return arena_dup(p->arena, str_make(text, strlen("2026-01-31")));
}

static void add_count(struct page *p, json_t *list, const char *key, const char *word)
{
	const struct register_kind *kind = register_find(str_of(word));
	struct register_items items;
	if (kind && register_list(p, kind, &items) >= 0 && items.n > 0)
		add_known(p, list, key, arena_printf(p->arena, "%zu", items.n));
}

/* The businesses that hurt most when they stop, with the hours they may stand still. */
static void add_businesses(struct page *p, json_t *list)
{
	const struct register_kind *kind = register_find(STR("businesses"));
	struct register_items items;
	struct str all = STR("");
	if (!kind || register_list(p, kind, &items) < 0)
		return;
	for (size_t i = 0; i < items.n && i < BUSINESSES_SHOWN; i++) {
		const struct i18n_fact facts[] = {{"name", register_value(kind, &items.at[i], "name")},
		                                  {"hours", register_value(kind, &items.at[i], "tolerable-hours")}};
		json_t *text = help_text(p, "help.sheet.business", facts, ARRAY_SIZE(facts));
		all = arena_printf(p->arena, "%.*s%s%s", STR_ARG(all), all.n ? " / " : "", json_string_value(text));
		json_decref(text);
	}
	if (all.n > 0)
		add_known(p, list, "help.sheet.businesses", all);
}

/* Address, representative and size of the head office, as its register has them. */
static void add_company(struct page *p, json_t *list)
{
	static const struct {
		const char *key, *fields[5];
	} rows[] = {
	        {"help.sheet.address", {"postal", "prefecture", "city", "street", "building"}},
	        {"help.sheet.representative", {"representative-title", "representative"}},
	        {"help.sheet.phone", {"phone"}},
	        {"help.sheet.industry", {"industry"}},
	        {"help.sheet.staff", {"staff"}},
	        {"help.sheet.capital", {"capital"}},
	        {"help.sheet.corporate-number", {"corporate-number"}},
	        {"help.sheet.founded", {"founded"}},
	};
	const struct register_kind *kind = register_find(STR("company"));
	struct register_items items;
	if (register_list(p, kind, &items) < 0)
		return;
	for (size_t i = 0; i < items.n; i++) {
		if (!str_eq_c(register_value(kind, &items.at[i], "site"), "head"))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
			struct str all = STR("");
			for (size_t f = 0; f < ARRAY_SIZE(rows[k].fields) && rows[k].fields[f]; f++)
				all = arena_printf(p->arena, "%.*s %.*s", STR_ARG(all),
				                   STR_ARG(register_value(kind, &items.at[i], rows[k].fields[f])));
			if (str_trim(all).n > 0)
				add_known(p, list, rows[k].key, str_trim(all));
		}
		return;
	}
}

/* What was declared, certified, approved and found out, and what was not. */
static void add_declared(struct page *p, json_t *list)
{
	static const char *const words[] = {"declaration", "star-2", "jigyokei", "bcp"};
	struct help_own own;
	struct diagnosis d;
	if (help_own_load(p, &own) < 0)
		return;
	struct str all = STR("");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct str when;
		enum help_have has = help_own_has(&own, str_of(words[i]), &when);
		char key[40];
		snprintf(key, sizeof(key), "help.need.%s", words[i]);
		all = arena_printf(
		        p->arena, "%.*s%s%s：%s %.*s", STR_ARG(all), all.n ? " ／ " : "", i18n_text(p->language, key),
		        i18n_text(p->language, has == HELP_HAS ? "help.need.has" : "help.need.not"), STR_ARG(when));
	}
	add_known(p, list, "help.sheet.declared", all);
	const struct keep_diagnosis *last = diagnosis_load(p, &d) < 0 ? NULL : diagnosis_closed_before(&d, 0);
	if (last)
		add_known(p, list, "help.sheet.score",
		          arena_printf(p->arena, "%lld / %lld (%.*s)", (long long) last->score, (long long) last->most,
		                       STR_ARG(diagnosis_day(p, last->closed_us))));
}

static void add_registers(struct page *p, json_t *list)
{
	if (!help_may_look(p))
		return;
	add_company(p, list);
	add_declared(p, list);
	add_businesses(p, list);
	add_count(p, list, "help.sheet.assets", "assets");
	add_count(p, list, "help.sheet.devices", "devices");
	add_count(p, list, "help.sheet.services", "services");
	struct str declared = help_declared_on(p, "carbon");
	if (declared.n > 0)
		add_known(p, list, "help.sheet.carbon", declared);
}

static int put_known(struct page *p)
{
	struct keep_status_out status;
	json_t *list = json_array();
	struct str ask = rows_setting(p, "company.ask-name"), phone = rows_setting(p, "company.ask-phone");
	page_put(p, "known", list);
	int r = keep_status(p->keep, &p->actor, &(struct keep_status_in){0}, p->arena, &status);
	if (r < 0)
		return r;
	add_known(p, list, "help.sheet.company", rows_setting(p, "company.name"));
	add_known(p, list, "help.sheet.person", p->person.name);
	add_known(p, list, "help.sheet.contact", arena_printf(p->arena, "%.*s %.*s", STR_ARG(ask), STR_ARG(phone)));
	add_known(p, list, "help.sheet.people", arena_printf(p->arena, "%llu", (unsigned long long) status.people));
	add_known(p, list, "help.sheet.backup", day_text(p, status.backup_us));
	add_registers(p, list);
	return 0;
}

int help_sheet_page(struct page *p)
{
	struct str name = page_parameter(p, "desk");
	const struct fact *desk = help_desk(p, name);
	if (!desk)
		return ERR_NOT_FOUND;
	json_t *questions = questions_of(p, arena_cstr(p->arena, name));
	if (json_array_size(questions) == 0) {
		json_decref(questions);
		questions = questions_of(p, "other");
	}
	page_put(p, "desk", help_fact(p, desk));
	page_put(p, "questions", questions);
	page_put(p, "today", help_day(p, help_today(p)));
	return put_known(p);
}
