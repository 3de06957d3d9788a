/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 定める: the company's papers, each with its form beside what comes of it, versions, approval by the president, the
 * day of publication, and who has read it. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/web-address.h"
#include "paper/press.h"
#include "plan/calendar.h"
#include "web/facts.h"
#include "web/pages/paper-forms.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"
#include "web/template.h"

enum {
	HTML_MAX_BYTES = 4 * 1024 * 1024,
	BODY_MAX_BYTES = 1024 * 1024,
	BLANKS_SHOWN_MAX = 40,
	KEY_MAX_BYTES = 80,
	NAME_MAX_BYTES = 64
};

static int find_form(const struct page *p, const struct paper_form **ret)
{
	*ret = paper_form_find(page_parameter(p, "paper"));
	return *ret ? 0 : ERR_NOT_FOUND;
}

static struct str paper_label(const struct page *p, struct str word)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "paper.%.*s", STR_ARG(str_slice(word, 0, 40)));
	const char *text = i18n_find(p->language, str_of(key));
	return text ? str_of(text) : word;
}

static struct str day_of(const struct page *p, int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	if (when_us == 0)
		return STR("");
	clock_format_local(when_us, text);
	return rows_day_text(p, str_make(text, strlen("2026-12-31")));
}

static json_t *version_json(struct page *p, const struct keep_paper_version *v)
{
	json_t *j = json_object();
	bool is_late = v->review_on.n > 0 && str_cmp(v->review_on, page_today(p)) < 0;
	json_object_set_new(j, "id", json_integer((json_int_t) v->id));
	json_object_set_new(j, "paper", page_json_str(v->paper));
	json_object_set_new(j, "label", page_json_str(paper_label(p, v->paper)));
	json_object_set_new(j, "number", json_integer((json_int_t) v->number));
	json_object_set_new(j, "made", page_json_time(v->made_us));
	json_object_set_new(j, "made_us", json_integer(v->made_us));
	json_object_set_new(j, "made_by", page_json_str(v->made_by_name));
	json_object_set_new(j, "approved", page_json_time(v->approved_us));
	json_object_set_new(j, "approved_by", page_json_str(v->approved_by_name));
	json_object_set_new(j, "published_on", page_json_str(v->published_on));
	json_object_set_new(j, "address", page_json_str(v->address));
	json_object_set_new(j, "review_on", page_json_str(v->review_on));
	json_object_set_new(j, "published_day", page_json_str(rows_day_text(p, v->published_on)));
	json_object_set_new(j, "review_day", page_json_str(rows_day_text(p, v->review_on)));
	json_object_set_new(j, "approved_day", page_json_str(day_of(p, v->approved_us)));
	json_object_set_new(j, "is_late", json_boolean(is_late));
	json_object_set_new(j, "agreed", json_integer((json_int_t) v->agreed));
	return j;
}

static int get_versions(struct page *p, const char *paper, struct keep_paper_version_list *ret)
{
	struct keep_paper_list_in in = {.paper = str_of(paper)};
	struct keep_paper_list_out out;
	int r = keep_paper_list(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0)
		*ret = out.versions;
	return r;
}

/* ---- all of them ---- */

static const struct keep_paper_version *newest(const struct keep_paper_version_list *list, const char *paper,
                                               bool is_approved)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_c(list->at[i].paper, paper) && (!is_approved || list->at[i].approved_us > 0))
			return &list->at[i];
	return NULL;
}

int papers_page(struct page *p)
{
	struct keep_paper_version_list versions;
	json_t *list = json_array();
	page_put(p, "papers", list);
	int r = get_versions(p, "", &versions);
	for (size_t i = 0; r >= 0 && i < paper_form_count(); i++) {
		const char *word = paper_form_at(i)->word;
		const struct keep_paper_version *last = newest(&versions, word, false);
		const struct keep_paper_version *approved = newest(&versions, word, true);
		json_t *j = json_object();
		json_object_set_new(j, "word", json_string(word));
		json_object_set_new(j, "label", page_json_str(paper_label(p, str_of(word))));
		json_object_set_new(j, "lead", rows_text(p, "paper.", str_of(word), ".lead"));
		json_object_set_new(j, "approved", approved ? version_json(p, approved) : json_null());
		json_object_set_new(j, "draft", last && last != approved ? version_json(p, last) : json_null());
		json_array_append_new(list, j);
	}
	page_put(p, "may_write", json_boolean(page_may(p, WHO_PATROL)));
	return r;
}

/* ---- form and preview ---- */

static json_t *choices_json(const struct page *p, const struct register_field *field, struct str selected)
{
	json_t *list = json_array();
	struct str rest = str_of(field->choices ? field->choices : ""), word;
	while (str_split(&rest, ' ', &word)) {
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "label", page_json_str(paper_form_shown(p, field, word)));
		json_object_set_new(j, "selected", json_boolean(str_eq(word, selected)));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *fields_json(const struct page *p, const struct paper_form *form, const struct str *values)
{
	json_t *list = json_array(), *filled = json_object_get(p->model, "filled");
	for (size_t i = 0; i < form->n; i++) {
		const struct register_field *field = &form->fields[i];
		json_t *j = json_object();
		json_object_set_new(j, "name", json_string(field->name));
		json_object_set_new(j, "label", rows_text(p, "paper.field.", str_of(field->name), ""));
		json_object_set_new(j, "hint", rows_text(p, "paper.field.", str_of(field->name), ".hint"));
		json_object_set_new(j, "value", page_json_str(values[i]));
		json_object_set_new(j, "required", json_boolean(field->is_required && !form->lint));
		json_object_set_new(j, "type", json_string(field->kind == FIELD_DAY ? "date" : "text"));
		json_object_set_new(j, "is_words", json_boolean(field->kind == FIELD_WORDS));
		json_object_set_new(j, "is_number", json_boolean(field->kind == FIELD_NUMBER));
		json_object_set_new(j, "is_choice", json_boolean(field->kind == FIELD_CHOICE));
		json_object_set_new(j, "is_line",
		                    json_boolean(field->kind != FIELD_WORDS && field->kind != FIELD_CHOICE));
		json_object_set_new(j, "is_filled", json_boolean(json_object_get(filled, field->name) != NULL));
		if (field->kind == FIELD_CHOICE)
			json_object_set_new(j, "choices", choices_json(p, field, values[i]));
		json_array_append_new(list, j);
	}
	return list;
}

static void read_values(const struct page *p, const struct paper_form *form, struct str json, struct str *values)
{
	json_t *body = json_loadb(json.p ? json.p : "", json.n, JSON_REJECT_DUPLICATES, NULL);
	for (size_t i = 0; i < form->n; i++) {
		const char *text = json_string_value(json_object_get(body, form->fields[i].name));
		values[i] = text ? arena_dup(p->arena, str_of(text)) : STR("");
	}
	json_decref(body);
}

static struct str write_values(const struct page *p, const struct paper_form *form, const struct str *values)
{
	json_t *body = json_object();
	for (size_t i = 0; i < form->n; i++)
		if (values[i].n > 0)
			json_object_set_new(body, form->fields[i].name, page_json_str(values[i]));
	char *text = json_dumps(body, JSON_COMPACT);
	struct str all = arena_dup(p->arena, str_of(text ? text : ""));
	free(text);
	json_decref(body);
	return all;
}

static int put_preview(struct page *p, const struct paper *paper)
{
	CLEANUP(buf_done) struct buf html = buf_make(HTML_MAX_BYTES);
	int r = paper_write_fragment(paper, &html);
	if (r >= 0)
		page_put(p, "preview", template_fragment(buf_str(&html)));
	return r;
}

/* What is still to do, beside the field it is about. */
static void put_findings(struct page *p, const struct paper_form *form, const struct str *values)
{
	struct jigyokei_finding found[JIGYOKEI_FINDINGS_MAX];
	json_t *list = json_array();
	size_t n = form->lint ? form->lint(values, found) : 0;
	page_put(p, "findings", list);
	for (size_t i = 0; i < n; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "field", json_string(found[i].field));
		json_object_set_new(j, "label", rows_text(p, "paper.field.", str_of(found[i].field), ""));
		json_object_set_new(j, "text", rows_text(p, "jigyokei.rule.", str_of(found[i].rule), ""));
		json_array_append_new(list, j);
	}
	page_put(p, "findings_count", json_integer((json_int_t) n));
	page_put(p, "is_long", json_boolean(form->lint != NULL));
}

static size_t characters(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char) s.p[i] & 0xC0) != 0x80;
	return n;
}

/* Field by field, to be copied into the e-application. */
static void put_copies(struct page *p, const struct paper_form *form, const struct str *values)
{
	json_t *list = json_array();
	page_put(p, "copies", list);
	for (size_t i = 0; i < form->n; i++) {
		if (values[i].n == 0)
			continue;
		json_t *j = json_object();
		json_object_set_new(j, "name", json_string(form->fields[i].name));
		json_object_set_new(j, "label", rows_text(p, "paper.field.", str_of(form->fields[i].name), ""));
		struct str shown = paper_form_shown(p, &form->fields[i], values[i]);
		json_object_set_new(j, "text", page_json_str(shown));
		json_object_set_new(j, "count", json_integer((json_int_t) characters(shown)));
		json_array_append_new(list, j);
	}
}

static int show_form(struct page *p, const struct paper_form *form, const struct str *values)
{
	put_findings(p, form, values);
	struct keep_paper_version_list versions;
	struct paper *paper;
	json_t *list = json_array();
	page_put(p, "versions", list);
	page_put_str(p, "paper", str_of(form->word));
	page_put_str(p, "label", paper_label(p, str_of(form->word)));
	page_put(p, "lead", rows_text(p, "paper.", str_of(form->word), ".lead"));
	page_put(p, "fields", fields_json(p, form, values));
	page_put(p, "is_jigyokei", json_boolean(str_eq_c(str_of(form->word), "jigyokei")));
	page_put(p, "is_guideline", json_boolean(str_eq_c(str_of(form->word), "guideline")));
	page_set_title(p, paper_label(p, str_of(form->word)));
	int r = paper_form_build(p, form, values, &paper);
	if (r >= 0)
		r = put_preview(p, paper);
	if (r >= 0)
		r = get_versions(p, form->word, &versions);
	for (size_t i = 0; r >= 0 && i < versions.n; i++)
		json_array_append_new(list, version_json(p, &versions.at[i]));
	return r;
}

static int save(struct page *p, const struct paper_form *form, const struct str *values)
{
	CLEANUP(buf_done) struct buf body = buf_make(BODY_MAX_BYTES);
	struct keep_paper_save_out out;
	struct paper *paper;
	int r = paper_form_build(p, form, values, &paper);
	if (r >= 0)
		r = paper_encode(paper, &body);
	struct keep_paper_save_in in = {
	        .paper = str_of(form->word), .fields = write_values(p, form, values), .body = buf_str(&body)};
	if (r >= 0)
		r = keep_paper_save(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_TOO_LARGE) {
		page_problem(p, "papers.problem.large", "");
		return show_form(p, form, values);
	}
	return r < 0 ? r
	             : page_redirect_str(p, arena_printf(p->arena, "/prepare/papers/%s/%llu?done=1", form->word,
	                                                 (unsigned long long) out.id));
}

/* A list of versions comes without what is in them. */
static int get_fields(struct page *p, uint64_t id, struct str *ret)
{
	struct keep_paper_get_in in = {.id = id};
	struct keep_paper_get_out out;
	int r = keep_paper_get(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0)
		*ret = out.versions.at[0].fields;
	return r;
}

int paper_page(struct page *p)
{
	struct str values[PAPER_FIELDS_MAX] = {0};
	const struct paper_form *form;
	struct keep_paper_version_list versions;
	struct str kept = STR("");
	int r = find_form(p, &form);
	if (r >= 0)
		r = get_versions(p, form->word, &versions);
	if (r >= 0 && versions.n > 0)
		r = get_fields(p, versions.at[0].id, &kept);
	if (r < 0)
		return r;
	read_values(p, form, kept, values);
	/* What a person left empty stays so, until they ask for it. */
	bool is_begun = versions.n > 0;
	page_put(p, "may_fill", json_boolean(form->prefill && is_begun));
	if (p->method == HTTP_GET && form->prefill && (!is_begun || page_query(p, "fill").n > 0)) {
		json_t *filled = json_object();
		page_put(p, "filled", filled);
		r = form->prefill(p, values, filled);
		page_put(p, "filled_count", json_integer((json_int_t) json_object_size(filled)));
	}
	if (p->method == HTTP_GET)
		return r < 0 ? r : show_form(p, form, values);
	for (size_t i = 0; i < form->n; i++)
		values[i] = page_field(p, form->fields[i].name);
	for (size_t i = 0; i < form->n; i++) {
		r = register_check(&form->fields[i], values[i], p->arena, &values[i]);
		if (r == ERR_NOT_FOUND && form->lint) /* kept half done */
			r = 0;
		if (r < 0) {
			page_put(p, "bad_label", rows_text(p, "paper.field.", str_of(form->fields[i].name), ""));
			page_problem(p,
			             r == ERR_NOT_FOUND   ? "registers.problem.empty"
			             : r == ERR_TOO_LARGE ? "registers.problem.long"
			                                  : "registers.problem.form",
			             form->fields[i].name);
			return show_form(p, form, values);
		}
	}
	return save(p, form, values);
}

/* ---- one version ---- */

/* On the paper itself: which version, by whom approved, or that it is a draft. */
static int add_state(struct page *p, const struct keep_paper_version *v, struct paper *paper)
{
	char approved[CLOCK_TEXT_BYTES];
	struct str number = arena_printf(p->arena, "%llu", (unsigned long long) v->number);
	if (v->approved_us == 0)
		return paper_add(paper, PAPER_BOX, str_of(i18n_text(p->language, "papers.is-draft")), STR(""));
	clock_format_local(v->approved_us, approved);
	struct str day = rows_day_text(p, str_make(approved, strlen("2026-12-31")));
	struct str text = arena_printf(p->arena, "%.*s %.*s", STR_ARG(day), STR_ARG(v->approved_by_name));
	int r = paper_add(paper, PAPER_PAIR, str_of(i18n_text(p->language, "papers.versions")), number);
	/* The first one was established, every later one revises it. */
	if (r >= 0 && v->number > 1)
		r = paper_add(paper, PAPER_PAIR, str_of(i18n_text(p->language, "papers.revised")), day);
	if (r >= 0)
		r = paper_add(paper, PAPER_PAIR, str_of(i18n_text(p->language, "papers.approval")), text);
	return r < 0 || v->published_on.n == 0
	               ? r
	               : paper_add(paper, PAPER_PAIR, str_of(i18n_text(p->language, "papers.field.published")),
	                           rows_day_text(p, v->published_on));
}

static int get_version(struct page *p, struct keep_paper_get_out *out, struct paper **ret)
{
	struct keep_paper_get_in in = {0};
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_paper_get(p->keep, &p->actor, &in, p->arena, out);
	if (r >= 0 && !str_eq(out->versions.at[0].paper, page_parameter(p, "paper")))
		r = ERR_NOT_FOUND;
	if (r >= 0)
		r = paper_decode(out->versions.at[0].body, p->arena, ret);
	return r < 0 ? r : add_state(p, &out->versions.at[0], *ret);
}

/* What nobody filled in, before somebody signs for it. */
static size_t put_blanks(struct page *p, const struct paper *paper)
{
	struct str places[BLANKS_SHOWN_MAX];
	json_t *list = json_array();
	size_t n = paper_find_places(paper, STR(PAPER_BLANK), places, BLANKS_SHOWN_MAX);
	for (size_t i = 0; i < n && i < BLANKS_SHOWN_MAX; i++)
		json_array_append_new(list, page_json_str(places[i]));
	page_put(p, "blanks", list);
	page_put(p, "blanks_count", json_integer((json_int_t) n));
	return n;
}

int paper_version_page(struct page *p)
{
	struct keep_paper_get_out out;
	struct paper *paper;
	json_t *list = json_array();
	bool has_agreed = false;
	page_put(p, "agreements", list);
	int r = get_version(p, &out, &paper);
	if (r < 0)
		return r;
	const struct keep_paper_version *v = &out.versions.at[0];
	for (size_t i = 0; i < out.agreements.n; i++) {
		has_agreed |= out.agreements.at[i].person == p->person.id;
		if (!page_may(p, WHO_PATROL))
			continue; /* others see how many, not who */
		json_t *j = json_object();
		json_object_set_new(j, "person", page_json_str(out.agreements.at[i].person_name));
		json_object_set_new(j, "when", page_json_time(out.agreements.at[i].agreed_us));
		json_array_append_new(list, j);
	}
	page_put(p, "version", version_json(p, v));
	put_blanks(p, paper);
	page_put(p, "may_approve", json_boolean(v->approved_us == 0 && page_may(p, WHO_MANAGER)));
	page_put(p, "may_publish", json_boolean(v->approved_us > 0 && page_may(p, WHO_PATROL)));
	page_put(p, "may_agree", json_boolean(v->approved_us > 0 && !has_agreed && page_may(p, WHO_MEMBER)));
	page_put(p, "has_agreed", json_boolean(has_agreed));
	page_put(p, "done", json_boolean(page_query(p, "done").n > 0));
	page_set_title(p, paper_label(p, v->paper));
	const struct paper_form *form = paper_form_find(v->paper);
	if (form && form->lint) {
		struct str values[PAPER_FIELDS_MAX] = {0};
		read_values(p, form, v->fields, values);
		put_findings(p, form, values);
		put_copies(p, form, values);
	}
	return put_preview(p, paper);
}

static int print_version(struct page *p, enum press_format format)
{
	struct keep_paper_get_out out;
	struct paper *paper;
	char name[NAME_MAX_BYTES];
	int r = get_version(p, &out, &paper);
	snprintf(name, sizeof(name), "%.*s", STR_ARG(str_slice(page_parameter(p, "paper"), 0, 40)));
	return r < 0 ? r : page_print(p, paper, format, name);
}

int paper_pdf_page(struct page *p)
{
	return print_version(p, PRESS_PDF);
}

int paper_docx_page(struct page *p)
{
	return print_version(p, PRESS_DOCX);
}

int paper_html_page(struct page *p)
{
	CLEANUP(buf_done) struct buf html = buf_make(HTML_MAX_BYTES);
	struct keep_paper_get_out out;
	struct paper *paper;
	char name[NAME_MAX_BYTES];
	int r = get_version(p, &out, &paper);
	if (r >= 0)
		r = paper_write_html(paper, &html);
	snprintf(name, sizeof(name), "%.*s.html", STR_ARG(str_slice(page_parameter(p, "paper"), 0, 40)));
	return r < 0 ? r : page_download(p, "text/html; charset=utf-8", name, buf_str(&html));
}

/* ---- what is done with a version ---- */

static int go_back(struct page *p, uint64_t id)
{
	return page_redirect_str(p, arena_printf(p->arena, "/prepare/papers/%.*s/%llu?done=1",
	                                         STR_ARG(page_parameter(p, "paper")), (unsigned long long) id));
}

int paper_approve_page(struct page *p)
{
	struct keep_paper_approve_in in = {0};
	struct keep_paper_approve_out out;
	uint64_t made_us = 0;
	struct keep_paper_get_out before;
	struct paper *paper;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0) /* the paper that the address names */
		r = get_version(p, &before, &paper);
	if (r >= 0 && str_parse_u64(page_field(p, "made_us"), INT64_MAX, &made_us) < 0)
		r = ERR_INVALID;
	if (r < 0)
		return r;
	const struct paper_form *form = paper_form_find(before.versions.at[0].paper);
	if (form && form->must_be_full && paper_find_places(paper, STR(PAPER_BLANK), NULL, 0) > 0) {
		page_problem(p, "papers.problem.blanks", "");
		return paper_version_page(p);
	}
	in.made_us = (int64_t) made_us;
	r = keep_paper_approve(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : go_back(p, in.id);
}

int paper_agree_page(struct page *p)
{
	struct keep_paper_agree_in in = {0};
	struct keep_paper_agree_out out;
	struct keep_paper_get_out before;
	struct paper *paper;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0) /* the paper that the address names */
		r = get_version(p, &before, &paper);
	if (r >= 0)
		r = keep_paper_agree(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : go_back(p, in.id);
}

/* The next review is a task like any other. */
static int remember_review(struct page *p, struct str review_on)
{
	const struct register_kind *kind = register_find(STR("tasks"));
	struct register_item item = {0};
	struct keep_item_save_out out;
	size_t at;
	(void) register_field_find(kind, STR("task"), &at);
	item.value[at] = arena_printf(p->arena, "%s: %.*s", i18n_text(p->language, "papers.review"),
	                              STR_ARG(paper_label(p, page_parameter(p, "paper"))));
	(void) register_field_find(kind, STR("due"), &at);
	item.value[at] = review_on;
	(void) register_field_find(kind, STR("task-state"), &at);
	item.value[at] = STR("open");
	struct keep_item row = register_row(p, kind, &item);
	return keep_item_save(p->keep, &p->actor, &(struct keep_item_save_in){.items = {.at = &row, .n = 1}}, p->arena,
	                      &out);
}

int paper_publish_page(struct page *p)
{
	struct keep_paper_publish_in in = {.published_on = page_field(p, "published_on"),
	                                   .address = str_trim(page_field(p, "address")),
	                                   .review_on = page_field(p, "review_on")};
	struct keep_paper_publish_out out;
	struct keep_paper_get_out before;
	struct paper *paper;
	int32_t day;
	bool fits = (in.published_on.n == 0 || calendar_parse(in.published_on, &day) >= 0) &&
	            (in.review_on.n == 0 || calendar_parse(in.review_on, &day) >= 0) &&
	            (in.address.n == 0 || web_address_is_fit(in.address)) &&
	            str_cmp(in.published_on, page_today(p)) <= 0 &&
	            (in.review_on.n == 0 || str_cmp(in.review_on, page_today(p)) > 0);
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = get_version(p, &before, &paper);
	if (r < 0)
		return r;
	if (!fits) {
		page_problem(p, "papers.problem.publish", "published_on");
		return paper_version_page(p);
	}
	if (in.published_on.n == 0 && before.versions.at[0].published_on.n > 0) {
		page_problem(p, "papers.problem.unpublish", "published_on");
		return paper_version_page(p);
	}
	r = keep_paper_publish(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0 && in.review_on.n > 0 && !str_eq(in.review_on, before.versions.at[0].review_on))
		r = remember_review(p, in.review_on);
	return r < 0 ? r : go_back(p, in.id);
}
