/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A dated fact on its own: its text, values, source and dates are changed here, with every earlier form to go back to;
 * and files of facts, whole, after the same checks as the shipped ones. */
#include <stdlib.h>

#include "base/err.h"
#include "web/facts.h"
#include "web/pages/rows.h"

enum {
	VALUES_TEXT_MAX_BYTES = 4000,
	IMPORT_MAX_BYTES = FACT_FILE_MAX_BYTES,
	IMPORT_FACTS_MAX = 500, /* of one file: the keeper takes them in one go */
	COMPLAINT_LINE_NONE = 0,
};

static int find(struct page *p, const struct fact **ret)
{
	const struct facts *facts = page_facts(p);
	struct str id = page_parameter(p, "id"), region = page_query(p, "region");
	for (size_t i = 0; i < facts->n; i++)
		if (str_eq(facts->at[i].id, id) && str_eq(facts->at[i].region, region)) {
			*ret = &facts->at[i];
			return 0;
		}
	return ERR_NOT_FOUND;
}

/* ---- the form ---- */

static struct str values_text(const struct page *p, const struct fact *fact)
{
	struct str all = STR("");
	for (size_t i = 0; i < fact->values.n; i++)
		all = arena_printf(p->arena, "%.*s%.*s: %.*s\n", STR_ARG(all), STR_ARG(fact->values.at[i].name),
		                   STR_ARG(fact->values.at[i].text));
	return all;
}

/* What the end of a value's name says: "limit_yen" is in yen. */
static void put_units(struct page *p, const struct fact *fact)
{
	json_t *list = json_array();
	for (size_t i = 0; i < fact->values.n; i++) {
		struct str name = fact->values.at[i].name;
		size_t bar = str_rfind_char(name, '_');
		json_t *unit =
		        rows_text(p, "facts.unit.", bar == STR_NOT_FOUND ? name : str_slice(name, bar + 1, name.n), "");
		if (json_string_length(unit) > 0) {
			json_t *j = json_object();
			json_object_set_new(j, "name", page_json_str(name));
			json_object_set(j, "unit", unit);
			json_array_append_new(list, j);
		}
		json_decref(unit);
	}
	page_put(p, "values_said", json_array_size(list) > 0 ? json_pack("{s:O}", "values", list) : json_null());
	json_decref(list);
}

static void put_form(struct page *p, const struct fact *fact)
{
	static const char *const kept[] = {"ja", "en", "values", "source", "checked", "expires", NULL};
	json_t *form = json_object();
	bool typed = p->method == HTTP_POST && page_has_field(p, "ja");
	const struct str now[] = {fact->text[LANGUAGE_JA], fact->text[LANGUAGE_EN],
	                          values_text(p, fact),    fact->source,
	                          fact->checked,           fact->expires};
	for (size_t i = 0; kept[i]; i++)
		json_object_set_new(form, kept[i], page_json_str(typed ? page_field(p, kept[i]) : now[i]));
	json_object_set_new(form, "verified", json_boolean(typed ? page_has_field(p, "verified") : fact->verified));
	page_put(p, "form", form);
	page_put_str(p, "id", fact->id);
	page_put_str(p, "title", fact->text[p->language]);
	page_set_title(p, fact->text[p->language]);
	page_put_str(p, "region", fact->region);
	page_put(p, "region_label", facts_region_label(p, fact->region));
	put_units(p, fact);
	page_put(p, "kind_label", rows_text(p, "facts.kind.", fact->kind_word, ""));
	page_put(p, "is_expired", json_boolean(fact_is_expired(fact, page_today(p))));
	page_put(p, "is_public", json_boolean(fact->kind == FACT_STEP || fact->kind == FACT_CONTACT));
	page_put_str(p, "today", page_today(p));
	page_put(p, "done", json_boolean(page_query(p, "done").n > 0));
}

static json_t *change_json(struct page *p, const struct keep_own_fact *row, bool is_current)
{
	json_t *j = json_object();
	struct rules_complaint complaint;
	struct facts one = {0};
	json_object_set_new(j, "number", json_integer((json_int_t) row->number));
	json_object_set_new(j, "changed", page_json_time(row->changed_us));
	json_object_set_new(j, "by", page_json_str(row->changed_by_name));
	json_object_set_new(j, "current", json_boolean(is_current));
	json_object_set_new(j, "as_shipped", json_boolean(row->yaml.n == 0));
	if (row->yaml.n > 0 && facts_load_text(row->yaml, "own", &row->region, p->arena, &one, &complaint) >= 0 &&
	    one.n == 1) {
		json_object_set_new(j, "text", page_json_str(one.at[0].text[p->language]));
		json_object_set_new(j, "values", page_json_str(values_text(p, &one.at[0])));
		json_object_set_new(j, "expires", page_json_str(one.at[0].expires));
	}
	return j;
}

static int put_history(struct page *p, const struct fact *fact, struct keep_own_fact_history_out *ret)
{
	struct keep_own_fact_history_in in = {fact->id, fact->region};
	json_t *list = json_array();
	page_put(p, "changes", list);
	int r = keep_own_fact_history(p->keep, &p->actor, &in, p->arena, ret);
	for (size_t i = 0; r >= 0 && i < ret->changes.n; i++)
		json_array_append_new(list, change_json(p, &ret->changes.at[i], i == 0));
	page_put(p, "is_own", json_boolean(r >= 0 && ret->changes.n > 0 && ret->changes.at[0].yaml.n > 0));
	return r;
}

static int save(struct page *p, struct str id, struct str region, struct str yaml)
{
	struct keep_own_fact row = {.id = id, .region = region, .yaml = yaml};
	struct keep_own_fact_save_in in = {.facts = {.at = &row, .n = 1}};
	struct keep_own_fact_save_out out;
	int r = keep_own_fact_save(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r == ERR_TOO_LARGE ? page_problem(p, "facts.problem.full", "") : r;
	return page_redirect_str(
	        p, arena_printf(p->arena, "/facts/%.*s?region=%.*s&done=1", STR_ARG(id), STR_ARG(region)));
}

/* Lines "name: value". */
static int read_values(struct page *p, struct str text, struct fact_values *ret)
{
	*ret = (struct fact_values){0};
	if (text.n > VALUES_TEXT_MAX_BYTES)
		return ERR_TOO_LARGE;
	while (text.n > 0) {
		size_t end = str_find_char(text, '\n', 0);
		struct str line = str_trim(str_slice(text, 0, end));
		text = end == STR_NOT_FOUND ? STR("") : str_slice(text, end + 1, text.n);
		if (line.n == 0)
			continue;
		size_t colon = str_find_char(line, ':', 0);
		struct fact_value *value = ret->n < FACT_VALUES_MAX ? ARENA_PUSH(p->arena, ret) : NULL;
		if (colon == STR_NOT_FOUND || !value)
			return ERR_INVALID;
		value->name = str_trim(str_slice(line, 0, colon));
		value->text = str_trim(str_slice(line, colon + 1, line.n));
		if (value->name.n == 0 || value->text.n == 0)
			return ERR_INVALID;
	}
	return 0;
}

/* The same reader as for files says whether it may stay. */
static int check_whole(struct page *p, const struct fact *fact, struct str *ret_yaml, struct fact *ret_read)
{
	struct rules_complaint complaint = {0};
	struct facts one = {0};
	*ret_yaml = fact_to_yaml(fact, p->arena);
	int r = ret_yaml->n ? facts_load_text(*ret_yaml, "form", &fact->region, p->arena, &one, &complaint)
	                    : ERR_SYSTEM;
	if (r < 0)
		page_put_str(p, "complaint", rows_complaint(p, &complaint));
	else
		*ret_read = one.at[0];
	return r;
}

/* What others compute with has to stay what it is: a first deadline of "soon" would leave people without one. */
static bool can_stand_in(struct page *p, const struct fact *fact)
{
	const struct facts *shipped = page_shipped_facts(p);
	struct str value;
	for (size_t i = 0; i < shipped->n; i++) {
		const struct fact *before = &shipped->at[i];
		if (!str_eq(before->id, fact->id) || !str_eq(before->region, fact->region) ||
		    fact_fits(before, fact, &value))
			continue;
		page_put_str(
		        p, "misfit",
		        arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(fact->id), value.n ? " " : "", STR_ARG(value)));
		return false;
	}
	return true;
}

static int change(struct page *p, const struct fact *before)
{
	struct fact fact = *before, read;
	struct str yaml;
	fact.text[LANGUAGE_JA] = str_trim(page_field(p, "ja"));
	fact.text[LANGUAGE_EN] = str_trim(page_field(p, "en"));
	fact.source = str_trim(page_field(p, "source"));
	fact.checked = str_trim(page_field(p, "checked"));
	fact.expires = str_trim(page_field(p, "expires"));
	fact.verified = page_has_field(p, "verified");
	if (read_values(p, page_field(p, "values"), &fact.values) < 0)
		return page_problem(p, "facts.problem.values", "values");
	if (check_whole(p, &fact, &yaml, &read) < 0)
		return page_problem(p, "facts.problem.refused", "");
	if (!can_stand_in(p, &read))
		return page_problem(p, "facts.problem.misfit", "values");
	return save(p, fact.id, fact.region, yaml);
}

/* What once could be computed with need not fit what Sonae ships today. */
static int take_again(struct page *p, const struct fact *fact, struct str yaml)
{
	struct rules_complaint complaint = {0};
	struct facts one = {0};
	if (yaml.n > 0 && (facts_load_text(yaml, "own", &fact->region, p->arena, &one, &complaint) < 0 || one.n != 1)) {
		page_put_str(p, "complaint", rows_complaint(p, &complaint));
		return page_problem(p, "facts.problem.refused", "");
	}
	if (one.n == 1 && !can_stand_in(p, &one.at[0]))
		return page_problem(p, "facts.problem.misfit", "values");
	return save(p, fact->id, fact->region, yaml);
}

static int go_back(struct page *p, const struct fact *fact, const struct keep_own_fact_history_out *history)
{
	uint64_t number;
	if (str_eq_c(page_field(p, "back"), "shipped"))
		return save(p, fact->id, fact->region, STR(""));
	if (str_parse_u64(page_field(p, "back"), INT64_MAX, &number) < 0)
		return ERR_INVALID;
	for (size_t i = 0; i < history->changes.n; i++)
		if (history->changes.at[i].number == number)
			return take_again(p, fact, history->changes.at[i].yaml);
	return ERR_NOT_FOUND;
}

int fact_page(struct page *p)
{
	const struct fact *fact = NULL;
	struct keep_own_fact_history_out history = {0};
	int r = find(p, &fact);
	if (r < 0)
		return r;
	put_form(p, fact);
	r = put_history(p, fact, &history);
	if (r < 0 || p->method == HTTP_GET)
		return r;
	return page_has_field(p, "back") ? go_back(p, fact, &history) : change(p, fact);
}

/* ---- files ---- */

struct import {
	struct facts read, all;
	struct keep_own_fact_list rows;
	size_t added, changed, same;
};

static bool is_same(const struct page *p, const struct fact *a, const struct fact *b)
{
	return str_eq(fact_to_yaml(a, p->arena), fact_to_yaml(b, p->arena));
}

static int sort_out(struct page *p, struct import *m)
{
	const struct facts *now = page_facts(p);
	for (size_t i = 0; i < m->read.n; i++) {
		const struct fact *fact = &m->read.at[i], *before = NULL;
		for (size_t k = 0; k < now->n && !before; k++)
			if (str_eq(now->at[k].id, fact->id) && str_eq(now->at[k].region, fact->region))
				before = &now->at[k];
		if (!can_stand_in(p, fact))
			return ERR_CONFLICT;
		if (before && is_same(p, before, fact)) {
			m->same++;
			continue;
		}
		m->changed += before != NULL;
		m->added += before == NULL;
		struct keep_own_fact *row = ARENA_PUSH(p->arena, &m->rows);
		if (!row)
			return ERR_TOO_LARGE;
		*row = (struct keep_own_fact){
		        .id = fact->id, .region = fact->region, .yaml = fact_to_yaml(fact, p->arena)};
	}
	return m->rows.n > IMPORT_FACTS_MAX ? ERR_TOO_LARGE : 0;
}

static int read_file(struct page *p, struct str yaml, struct import *m)
{
	struct rules_complaint complaint = {0};
	int r = yaml.n > IMPORT_MAX_BYTES ? ERR_TOO_LARGE : 0;
	if (r >= 0)
		r = facts_load_text(yaml, "file", NULL, p->arena, &m->read, &complaint);
	if (r >= 0)
		r = sort_out(p, m);
	if (r >= 0)
		r = facts_overlay(page_facts(p), &m->read, p->arena, &m->all);
	if (r >= 0)
		r = facts_check(&m->all, "file", &complaint);
	if (r < 0 && complaint.text[0]) {
		page_put_str(p, "complaint", rows_complaint(p, &complaint));
		if (complaint.line != COMPLAINT_LINE_NONE)
			page_put(p, "bad_line", json_integer((json_int_t) complaint.line));
	}
	return r;
}

int facts_import_page(struct page *p)
{
	const struct page_upload *file = p->method == HTTP_POST ? page_upload(p, "file") : NULL;
	struct import m = {0};
	struct keep_own_fact_save_out out;

	page_put(p, "not_read", json_boolean(!page_facts_are_whole(p)));
	if (p->method == HTTP_GET)
		return 0;
	if (!file)
		return page_problem(p, "facts.problem.no-file", "file");
	int r = page_facts_are_whole(p) ? read_file(p, file->bytes, &m) : ERR_UNAVAILABLE;
	if (r == ERR_UNAVAILABLE)
		return page_problem(p, "facts.problem.not-read", "file");
	if (r == ERR_TOO_LARGE)
		return page_problem(p, "facts.problem.large", "file");
	if (r == ERR_CONFLICT)
		return page_problem(p, "facts.problem.misfit", "file");
	if (r < 0)
		return page_problem(p, "facts.problem.refused", "file");
	bool takes = page_has_field(p, "take");
	struct keep_own_fact_save_in in = {.facts = m.rows};
	if (takes && m.rows.n > 0)
		r = keep_own_fact_save(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0)
		return r == ERR_TOO_LARGE ? page_problem(p, "facts.problem.full", "file") : r;
	page_put(p, "result",
	         json_pack("{s:b, s:I, s:I, s:I}", "taken", (int) takes, "added", (json_int_t) m.added, "changed",
	                   (json_int_t) m.changed, "same", (json_int_t) m.same));
	return 0;
}
