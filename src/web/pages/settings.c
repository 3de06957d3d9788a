/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 設定: the table of settings, each with its default, its range, and who changed it when. */
#include "base/err.h"
#include "keep/settings.h"
#include "web/pages/rows.h"

static const char *type_word(enum setting_type type)
{
	static const char *const words[] = {
	        [SETTING_TEXT] = "text",       [SETTING_NUMBER] = "number",     [SETTING_CHOICE] = "choice",
	        [SETTING_DOMAINS] = "domains", [SETTING_ADDRESSES] = "domains", [SETTING_FLAG] = "flag",
	        [SETTING_MAIL] = "text"};
	return words[type];
}

static json_t *choices_json(const struct page *p, const struct setting_entry *e, struct str value)
{
	struct str rest = str_of(e->type == SETTING_FLAG ? "yes|no" : e->choices), choice;
	json_t *list = json_array();
	while ((e->type == SETTING_CHOICE || e->type == SETTING_FLAG) && str_split(&rest, '|', &choice)) {
		json_t *j = json_object(), *label = rows_text(p, "choice.", choice, "");
		json_object_set_new(j, "word", page_json_str(choice));
		json_object_set_new(j, "label", label);
		json_object_set_new(j, "selected", json_boolean(str_eq(choice, value)));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *range_json(struct page *p, const struct setting_entry *e)
{
	if (e->type == SETTING_NUMBER)
		return page_json_str(arena_printf(p->arena, "%lld – %lld", (long long) e->min, (long long) e->max));
	return json_string("");
}

static json_t *default_json(struct page *p, const struct setting_entry *e)
{
	struct str value = setting_default(e);
	bool is_word = e->type == SETTING_CHOICE || e->type == SETTING_FLAG;
	if (value.n == 0)
		return json_string(i18n_text(p->language, "settings.empty"));
	return is_word ? rows_text(p, "choice.", value, "") : page_json_str(value);
}

static json_t *changer_json(const struct keep_person_list *people, uint64_t id)
{
	for (size_t i = 0; i < people->n; i++)
		if (people->at[i].id == id)
			return page_json_str(people->at[i].name);
	return json_string("");
}

static json_t *setting_json(struct page *p, const struct setting_entry *e, const struct keep_setting *kept,
                            const struct keep_person_list *people)
{
	struct str value = kept ? kept->value : setting_default(e);
	bool is_typed = p->method == HTTP_POST && str_eq_c(page_field(p, "name"), e->name);
	json_t *j = json_object();
	if (is_typed)
		value = page_field(p, "value");
	json_object_set_new(j, "name", json_string(e->name));
	json_object_set_new(j, "label", rows_text(p, "setting.", str_of(e->name), ""));
	json_object_set_new(j, "help", rows_text(p, "setting.", str_of(e->name), ".help"));
	json_object_set_new(j, "value", page_json_str(value));
	json_object_set_new(j, "is", rows_flag(str_of(type_word(e->type))));
	json_object_set_new(j, "choices", choices_json(p, e, value));
	json_object_set_new(j, "default", default_json(p, e));
	json_object_set_new(j, "range", range_json(p, e));
	json_object_set_new(j, "wrong", json_boolean(is_typed));
	json_object_set_new(j, "changed", page_json_time(kept ? kept->changed_us : 0));
	json_object_set_new(j, "changed_by", kept ? changer_json(people, kept->changed_by) : json_string(""));
	return j;
}

static int show(struct page *p)
{
	struct keep_setting_list_out out;
	struct keep_person_list_out people;
	json_t *list = json_array();
	page_put(p, "settings", list);
	page_put(p, "done", json_boolean(page_query(p, "done").n > 0));
	int r = keep_setting_list(p->keep, &p->actor, &(struct keep_setting_list_in){0}, p->arena, &out);
	if (r >= 0)
		r = keep_person_list(p->keep, &p->actor, &(struct keep_person_list_in){0}, p->arena, &people);
	if (r < 0)
		return r;
	for (const struct setting_entry *e = setting_table; e->name; e++) {
		if (str_starts_with(str_of(e->name), STR("mail."))) /* on a page of their own */
			continue;
		const struct keep_setting *kept = NULL;
		for (size_t i = 0; i < out.settings.n && !kept; i++)
			if (str_eq_c(out.settings.at[i].name, e->name))
				kept = &out.settings.at[i];
		json_array_append_new(list, setting_json(p, e, kept, &people.people));
	}
	return 0;
}

int settings_page(struct page *p)
{
	struct keep_setting_set_out out;
	if (p->method == HTTP_GET)
		return show(p);
	if (!page_may(p, WHO_MANAGER))
		return ERR_DENIED;
	struct keep_setting_set_in in = {.name = page_field(p, "name"), .value = str_trim(page_field(p, "value"))};
	int r = keep_setting_set(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, "settings.problem", "value");
		return show(p);
	}
	return r < 0 ? r : page_redirect(p, "/settings?done=1");
}
