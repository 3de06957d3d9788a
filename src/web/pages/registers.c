/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 台帳: each register as a table, one item as a form with its history, and everything that is due. */
#include "base/err.h"
#include "plan/calendar.h"
#include "web/facts.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"
#include "web/pages/scs-due.h"

enum { COLUMNS_SHOWN = 5, DUE_SOON_DAYS = 30, DUE_SHOWN_DAYS = 400 };

static int find_kind(const struct page *p, const struct register_kind **ret)
{
	*ret = register_find(page_parameter(p, "register"));
	return *ret ? 0 : ERR_NOT_FOUND;
}

static void put_kind(struct page *p, const struct register_kind *kind)
{
	struct str word = str_of(kind->word);
	page_put_str(p, "register", word);
	page_put(p, "register_label", rows_text(p, "register.", word, ""));
	page_put(p, "lead", rows_text(p, "register.", word, ".lead"));
	page_put(p, "may_change", json_boolean(page_may(p, WHO_PATROL)));
	json_t *title = rows_text(p, "register.", word, "");
	page_set_title(p, arena_dup(p->arena, str_of(json_string_value(title))));
	json_decref(title);
}

static struct str day_after(const struct page *p, int days)
{
	int32_t today = 0;
	char text[CALENDAR_TEXT_BYTES];
	(void) calendar_parse(page_today(p), &today);
	calendar_format(today + days, text);
	return arena_dup(p->arena, str_of(text));
}

static const char *due_state(const struct page *p, struct str due)
{
	if (due.n == 0)
		return "none";
	if (str_cmp(due, page_today(p)) < 0)
		return "late";
	return str_cmp(due, day_after(p, DUE_SOON_DAYS)) <= 0 ? "soon" : "later";
}

/* ---- the table ---- */

static json_t *columns_json(const struct page *p, const struct register_kind *kind)
{
	json_t *list = json_array();
	for (size_t i = 0; i < kind->n && i < COLUMNS_SHOWN; i++)
		json_array_append_new(list, page_json_str(register_label(p, &kind->fields[i], p->language)));
	if (str_eq_c(str_of(kind->word), "assets")) {
		json_array_append_new(list, json_string(i18n_text(p->language, "register.field.importance")));
		json_array_append_new(list, json_string(i18n_text(p->language, "register.field.risk")));
	}
	return list;
}

static int level_of(const struct register_kind *kind, const struct register_item *item, const char *field)
{
	uint64_t level = 0;
	if (str_parse_u64(register_value(kind, item, field), ASSET_LEVEL_MAX, &level) < 0 || level < ASSET_LEVEL_MIN)
		return ASSET_LEVEL_MIN;
	return (int) level;
}

static void add_risk(const struct page *p, const struct register_kind *kind, const struct register_item *item,
                     json_t *cells)
{
	static const char *const bands[] = {"register.field.risk.small", "register.field.risk.middle",
	                                    "register.field.risk.large"};
	int importance = asset_importance(level_of(kind, item, "confidentiality"), level_of(kind, item, "integrity"),
	                                  level_of(kind, item, "availability"));
	int risk = importance * asset_likelihood(level_of(kind, item, "threat"), level_of(kind, item, "weakness"));
	json_array_append_new(cells, json_sprintf("%d", importance));
	json_array_append_new(cells, json_sprintf("%d %s", risk, i18n_text(p->language, bands[asset_band_of(risk)])));
}

static json_t *item_json(const struct page *p, const struct register_kind *kind, const struct register_item *item)
{
	json_t *j = json_object(), *cells = json_array();
	for (size_t i = 0; i < kind->n && i < COLUMNS_SHOWN; i++)
		json_array_append_new(cells,
		                      page_json_str(register_shown(&kind->fields[i], item->value[i], p->language)));
	if (str_eq_c(str_of(kind->word), "assets"))
		add_risk(p, kind, item, cells);
	json_object_set_new(j, "id", json_integer((json_int_t) item->id));
	json_object_set_new(j, "title", page_json_str(register_title(p, kind, item)));
	json_object_set_new(j, "cells", cells);
	json_object_set_new(j, "due", page_json_str(item->due));
	json_object_set_new(j, "due_is", rows_flag(str_of(due_state(p, item->due))));
	json_object_set_new(j, "is_ended", json_boolean(register_is_ended(kind, item)));
	return j;
}

/* ---- the form ---- */

static json_t *choices_json(const struct page *p, const struct register_field *field, struct str selected)
{
	json_t *list = json_array();
	struct str rest = str_of(field->choices ? field->choices : "");
	while (rest.n > 0) {
		size_t blank = str_find_char(rest, ' ', 0);
		struct str word = str_slice(rest, 0, blank);
		rest = blank == STR_NOT_FOUND ? STR("") : str_slice(rest, blank + 1, rest.n);
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "label", page_json_str(register_shown(field, word, p->language)));
		json_object_set_new(j, "selected", json_boolean(str_eq(word, selected)));
		json_array_append_new(list, j);
	}
	return list;
}

static const char *input_type(enum field_kind kind)
{
	static const char *const types[] = {
	        [FIELD_LINE] = "text",   [FIELD_WORDS] = "text", [FIELD_DAY] = "date",  [FIELD_NUMBER] = "text",
	        [FIELD_CHOICE] = "text", [FIELD_PHONE] = "tel",  [FIELD_MAIL] = "email"};
	return types[kind];
}

static json_t *fields_json(const struct page *p, const struct register_kind *kind, const struct register_item *item)
{
	json_t *list = json_array();
	for (size_t i = 0; i < kind->n; i++) {
		const struct register_field *field = &kind->fields[i];
		json_t *j = json_object();
		json_object_set_new(j, "name", json_string(field->name));
		json_object_set_new(j, "label", page_json_str(register_label(p, field, p->language)));
		json_object_set_new(j, "hint", rows_text(p, "register.field.", str_of(field->name), ".hint"));
		json_object_set_new(j, "value", page_json_str(item->value[i]));
		json_object_set_new(j, "required", json_boolean(field->is_required));
		json_object_set_new(j, "type", json_string(input_type(field->kind)));
		json_object_set_new(j, "is_words", json_boolean(field->kind == FIELD_WORDS));
		json_object_set_new(j, "is_choice", json_boolean(field->kind == FIELD_CHOICE));
		json_object_set_new(j, "is_line",
		                    json_boolean(field->kind != FIELD_CHOICE && field->kind != FIELD_WORDS));
		json_object_set_new(j, "is_number", json_boolean(field->kind == FIELD_NUMBER));
		if (field->kind == FIELD_CHOICE)
			json_object_set_new(j, "choices", choices_json(p, field, item->value[i]));
		json_array_append_new(list, j);
	}
	return list;
}

static struct register_item typed_item(const struct page *p, const struct register_kind *kind)
{
	struct register_item item = {0};
	for (size_t i = 0; i < kind->n; i++)
		item.value[i] = page_field(p, kind->fields[i].name);
	return item;
}

/* What was typed, checked; *ret_bad: the first field that cannot stay. */
static int check_item(const struct page *p, const struct register_kind *kind, struct register_item *item,
                      size_t *ret_bad)
{
	for (size_t i = 0; i < kind->n; i++) {
		int r = register_check(&kind->fields[i], item->value[i], p->arena, &item->value[i]);
		*ret_bad = i;
		if (r < 0)
			return r;
	}
	return 0;
}

static int refuse(struct page *p, const struct register_kind *kind, size_t bad, int r)
{
	page_put_str(p, "bad_label", register_label(p, &kind->fields[bad], p->language));
	return page_problem(p,
	                    r == ERR_NOT_FOUND   ? "registers.problem.empty"
	                    : r == ERR_TOO_LARGE ? "registers.problem.long"
	                                         : "registers.problem.form",
	                    kind->fields[bad].name);
}

static int save_row(struct page *p, struct keep_item row, uint64_t *ret_id)
{
	struct keep_item_save_in in = {.items = {.at = &row, .n = 1}};
	struct keep_item_save_out out;
	int r = keep_item_save(p->keep, &p->actor, &in, p->arena, &out);
	*ret_id = r < 0 ? 0 : out.id;
	return r;
}

/* ---- pages ---- */

int register_page(struct page *p)
{
	const struct register_kind *kind;
	struct register_items list;
	struct register_item form = {0};
	json_t *rows = json_array();
	uint64_t id;
	page_put(p, "items", rows);
	int r = find_kind(p, &kind);
	if (r < 0)
		return r;
	put_kind(p, kind);
	if (p->method == HTTP_POST) {
		size_t bad = 0;
		if (!page_may(p, WHO_PATROL))
			return ERR_DENIED;
		form = typed_item(p, kind);
		r = check_item(p, kind, &form, &bad);
		if (r >= 0) {
			r = save_row(p, register_row(p, kind, &form), &id);
			if (r >= 0)
				return page_redirect_str(
				        p, arena_printf(p->arena, "/prepare/registers/%s?done=1", kind->word));
			if (r != ERR_TOO_LARGE)
				return r;
			page_problem(p, "registers.problem.full", "");
		} else {
			refuse(p, kind, bad, r);
		}
	}
	r = register_list(p, kind, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++)
		json_array_append_new(rows, item_json(p, kind, &list.at[i]));
	page_put(p, "columns", columns_json(p, kind));
	page_put(p, "has_due", json_boolean(kind->due != NULL));
	if (kind->due)
		page_put(p, "due_label", rows_text(p, "register.field.", str_of(kind->due), ""));
	page_put(p, "is_assets", json_boolean(str_eq_c(str_of(kind->word), "assets")));
	page_put(p, "fields", fields_json(p, kind, &form));
	page_put(p, "opens", json_boolean(p->method == HTTP_POST || list.n == 0));
	page_put(p, "done", json_boolean(page_query(p, "done").n > 0));
	return r;
}

static int put_history(struct page *p, const struct register_kind *kind, uint64_t id)
{
	struct keep_item_history_in in = {.id = id};
	struct keep_item_history_out out;
	json_t *list = json_array();
	page_put(p, "changes", list);
	int r = keep_item_history(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.changes.n; i++) {
		const struct keep_item *row = &out.changes.at[i];
		struct register_item item;
		struct str all = STR("");
		register_read(p, kind, row, &item);
		for (size_t f = 0; f < kind->n; f++)
			if (item.value[f].n > 0)
				all = arena_printf(
				        p->arena, "%.*s%.*s: %.*s\n", STR_ARG(all),
				        STR_ARG(register_label(p, &kind->fields[f], p->language)),
				        STR_ARG(register_shown(&kind->fields[f], item.value[f], p->language)));
		json_t *j = json_object();
		json_object_set_new(j, "changed", page_json_time(row->changed_us));
		json_object_set_new(j, "by", page_json_str(row->changed_by_name));
		json_object_set_new(j, "text", page_json_str(all));
		json_array_append_new(list, j);
	}
	return r;
}

static int save_item(struct page *p, const struct register_kind *kind, uint64_t id)
{
	struct register_item form = typed_item(p, kind);
	struct keep_item removed = {.id = id, .register_word = str_of(kind->word)};
	size_t bad = 0;
	form.id = id;
	bool is_removed = page_has_field(p, "remove");
	int r = is_removed ? 0 : check_item(p, kind, &form, &bad);
	if (r < 0) {
		page_put(p, "fields", fields_json(p, kind, &form));
		return refuse(p, kind, bad, r);
	}
	r = save_row(p, is_removed ? removed : register_row(p, kind, &form), &id);
	if (r == ERR_TOO_LARGE) {
		page_put(p, "fields", fields_json(p, kind, &form));
		return page_problem(p, "registers.problem.full", "");
	}
	return r < 0 ? r : page_redirect_str(p, arena_printf(p->arena, "/prepare/registers/%s?done=1", kind->word));
}

int register_item_page(struct page *p)
{
	const struct register_kind *kind;
	struct register_item item;
	uint64_t id;
	int r = find_kind(p, &kind);
	if (r >= 0)
		r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = register_get(p, kind, id, &item);
	if (r < 0)
		return r;
	put_kind(p, kind);
	page_put(p, "id", json_integer((json_int_t) id));
	page_put_str(p, "item_title", register_title(p, kind, &item));
	if (p->method == HTTP_POST) {
		if (!page_may(p, WHO_PATROL))
			return ERR_DENIED;
		r = save_item(p, kind, id);
	} else {
		page_put(p, "fields", fields_json(p, kind, &item));
	}
	return r < 0 ? r : put_history(p, kind, id);
}

/* ---- what is due, of every register ---- */

int registers_due_page(struct page *p)
{
	struct keep_item_due_in in = {.until = day_after(p, DUE_SHOWN_DAYS)};
	struct keep_item_due_out out;
	json_t *list = json_array();
	json_int_t late = 0;
	page_put(p, "items", list);
	int r = keep_item_due(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.items.n; i++) {
		const struct register_kind *kind = register_find(out.items.at[i].register_word);
		struct register_item item;
		if (!kind)
			continue;
		register_read(p, kind, &out.items.at[i], &item);
		json_t *j = item_json(p, kind, &item);
		json_object_set_new(
		        j, "path",
		        json_sprintf("/prepare/registers/%s/%llu", kind->word, (unsigned long long) item.id));
		json_object_set_new(j, "register_label", rows_text(p, "register.", str_of(kind->word), ""));
		json_object_set_new(j, "what", rows_text(p, "register.field.", str_of(kind->due), ""));
		json_object_set_new(j, "owner", page_json_str(register_value(kind, &item, "owner")));
		late += str_eq_c(str_of(due_state(p, item.due)), "late");
		json_array_append_new(list, j);
	}
	if (r >= 0)
		r = scs_add_due(p, in.until, day_after(p, DUE_SOON_DAYS), list, &late);
	page_put(p, "late", json_integer(late));
	return r;
}
