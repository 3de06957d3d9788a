/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company's own work templates: a form over the data of templates/README.md. What is kept is JSON, which YAML
 * readers take; it is checked by the same reader as the shipped files before it is kept. */
#include "base/err.h"
#include "web/pages/ai-rows.h"
#include "web/pages/rows.h"

enum { INPUT_ROWS = 10, SPARE_ROWS = 2, FIELD_MAX_BYTES = 40, YAML_MAX_BYTES = 60 * 1024 };

/* ---- the list ---- */

int ai_templates_page(struct page *p)
{
	struct work_templates all;
	json_t *list = json_array();
	int r = page_work(p, &all);
	for (size_t i = 0; r >= 0 && i < all.n; i++)
		json_array_append_new(list, ai_template(p, &all.at[i]));
	page_put(p, "templates", list);
	return r;
}

/* ---- the form ---- */

static json_t *choice(const struct page *p, const char *before, const char *word, bool is_selected)
{
	json_t *j = json_object();
	json_object_set_new(j, "word", json_string(word));
	json_object_set_new(j, "text", rows_text(p, before, str_of(word), ""));
	json_object_set_new(j, "selected", json_boolean(is_selected));
	return j;
}

static struct str options_text(struct page *p, const struct work_input *in)
{
	struct str text = STR("");
	for (size_t i = 0; i < in->options.n; i++)
		text = arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(text), i ? "、" : "",
		                    STR_ARG(work_text_in(&in->options.at[i].label, p->language)));
	return text;
}

static json_t *input_row(struct page *p, size_t number, const struct work_input *in)
{
	json_t *j = json_object(), *kinds = json_array();
	json_object_set_new(j, "number", json_integer((json_int_t) number));
	json_object_set_new(j, "id", page_json_str(in ? in->id : arena_printf(p->arena, "in%zu", number + 1)));
	json_object_set_new(j, "label", page_json_str(in ? work_text_in(&in->label, p->language) : STR("")));
	json_object_set_new(j, "required", json_boolean(in && in->required));
	json_object_set_new(j, "options", page_json_str(in ? options_text(p, in) : STR("")));
	for (size_t i = 0; i < WORK_INPUT_KIND_COUNT; i++)
		json_array_append_new(kinds, choice(p, "work.kind.", work_input_word((enum work_input_kind) i),
		                                    in ? in->kind == i : i == WORK_INPUT_TEXT));
	json_object_set_new(j, "kinds", kinds);
	return j;
}

static void put_template(struct page *p, const struct work_template *t)
{
	json_t *inputs = json_array(), *departments = json_array(), *outputs = json_array(), *checks = json_array();
	size_t rows = t ? t->inputs.n + SPARE_ROWS : INPUT_ROWS / 2;
	for (size_t i = 0; i < rows && i < WORK_INPUTS_MAX; i++)
		json_array_append_new(inputs, input_row(p, i, t && i < t->inputs.n ? &t->inputs.at[i] : NULL));
	for (size_t i = 0; i < WORK_DEPARTMENT_COUNT; i++)
		json_array_append_new(departments,
		                      choice(p, "work.department.", work_department_word((enum work_department) i),
		                             t && t->department == i));
	for (size_t i = 0; i < WORK_OUTPUT_COUNT; i++)
		json_array_append_new(outputs, choice(p, "work.output.", work_output_word((enum work_output) i),
		                                      t && t->output == i));
	for (size_t i = 0; i < WORK_CHECK_COUNT; i++)
		json_array_append_new(checks, choice(p, "work.check.", work_check_word((enum work_check) i),
		                                     t ? t->checks >> i & 1 : i == WORK_CHECK_SOURCES));
	page_put(p, "inputs", inputs);
	page_put(p, "departments", departments);
	page_put(p, "outputs", outputs);
	page_put(p, "checks", checks);
	page_put_str(p, "id", t ? t->id : STR("new"));
	page_put_str(p, "name", t ? work_text_in(&t->name, p->language) : STR(""));
	page_put_str(p, "purpose", t ? work_text_in(&t->purpose, p->language) : STR(""));
	page_put_str(p, "prompt", t ? work_text_in(&t->prompt, p->language) : STR(""));
	page_put(p, "local_only", json_boolean(t && t->local_only));
	page_put(p, "about_people", json_boolean(t && t->about_people));
	page_put(p, "is_public", json_boolean(t && t->is_public));
}

/* ---- from the form ---- */

/* The typed text in the page's language, the other one as it was. */
static json_t *text_json(const struct page *p, struct str typed, const struct work_text *before)
{
	json_t *j = json_object();
	json_object_set_new(j, language_tag(p->language), page_json_str(typed));
	enum language other = p->language == LANGUAGE_JA ? LANGUAGE_EN : LANGUAGE_JA;
	if (before && before->in[other].n > 0)
		json_object_set_new(j, language_tag(other), page_json_str(before->in[other]));
	return j;
}

static struct str numbered(struct page *p, const char *name, size_t number)
{
	return str_trim(page_field(p, arena_cstr(p->arena, arena_printf(p->arena, "%s%zu", name, number))));
}

static json_t *options_json(const struct page *p, struct str typed)
{
	json_t *list = json_array();
	struct str rest = typed;
	for (size_t n = 1; rest.n > 0; n++) {
		size_t at = str_find(rest, STR("、"), 0);
		char id[FIELD_MAX_BYTES];
		json_t *j = json_object();
		snprintf(id, sizeof(id), "o%zu", n);
		json_object_set_new(j, "id", json_string(id));
		json_object_set_new(j, "label", text_json(p, str_trim(str_slice(rest, 0, at)), NULL));
		json_array_append_new(list, j);
		rest = at == STR_NOT_FOUND ? (struct str){NULL, 0} : str_slice(rest, at + strlen("、"), rest.n);
	}
	return list;
}

static const struct work_input *find_input(const struct work_template *t, struct str id)
{
	for (size_t i = 0; t && i < t->inputs.n; i++)
		if (str_eq(t->inputs.at[i].id, id))
			return &t->inputs.at[i];
	return NULL;
}

static json_t *inputs_json(struct page *p, const struct work_template *before)
{
	json_t *list = json_array();
	for (size_t i = 0; i < WORK_INPUTS_MAX; i++) {
		struct str label = numbered(p, "label", i), id = numbered(p, "id", i), kind = numbered(p, "kind", i);
		const struct work_input *old = find_input(before, id);
		json_t *j = json_object();
		if (label.n == 0) {
			json_decref(j);
			continue;
		}
		json_object_set_new(j, "id", page_json_str(id));
		json_object_set_new(j, "kind", page_json_str(kind));
		json_object_set_new(j, "label", text_json(p, label, old ? &old->label : NULL));
		json_object_set_new(j, "required", json_string(numbered(p, "required", i).n > 0 ? "true" : "false"));
		json_object_set_new(j, "max",
		                    json_integer(old                      ? (json_int_t) old->max_bytes
		                                 : str_eq_c(kind, "text") ? 400
		                                                          : 40000));
		if (str_eq_c(kind, "choice"))
			json_object_set_new(j, "options", options_json(p, numbered(p, "options", i)));
		json_array_append_new(list, j);
	}
	return list;
}

static void set_flag(struct page *p, json_t *j, const char *field, const char *key)
{
	if (page_has_field(p, field))
		json_object_set_new(j, key, json_string("true"));
}

static json_t *template_json(struct page *p, struct str id, const struct work_template *before)
{
	json_t *j = json_object(), *checks = json_array();
	struct str value;
	json_object_set_new(j, "id", page_json_str(id));
	json_object_set_new(j, "department", page_json_str(page_field(p, "department")));
	json_object_set_new(j, "name", text_json(p, str_trim(page_field(p, "name")), before ? &before->name : NULL));
	json_object_set_new(j, "purpose",
	                    text_json(p, str_trim(page_field(p, "purpose")), before ? &before->purpose : NULL));
	json_object_set_new(j, "inputs", inputs_json(p, before));
	json_object_set_new(j, "prompt",
	                    text_json(p, str_trim(page_field(p, "prompt")), before ? &before->prompt : NULL));
	json_object_set_new(j, "output", page_json_str(page_field(p, "output")));
	for (size_t i = 0; page_field_at(p, "check", i, &value); i++)
		json_array_append_new(checks, page_json_str(value));
	json_object_set_new(j, "checks", checks);
	if (before && before->compute != WORK_COMPUTE_NONE)
		json_object_set_new(j, "computes", json_string(work_compute_word(before->compute)));
	for (size_t i = 0; before && i < before->hide.n; i++) {
		if (i == 0)
			json_object_set_new(j, "hides", json_array());
		json_array_append_new(json_object_get(j, "hides"), page_json_str(before->hide.at[i]));
	}
	set_flag(p, j, "local_only", "local_only");
	set_flag(p, j, "about_people", "about_people");
	set_flag(p, j, "is_public", "public");
	return j;
}

/* A new one gets an id of its own. */
static struct str new_id(struct page *p, const struct work_templates *all)
{
	for (size_t n = 1;; n++) {
		struct str id = arena_printf(p->arena, "own-%zu", n);
		if (!work_find(all, id))
			return id;
	}
}

static int keep(struct page *p, struct str id, struct str yaml)
{
	struct work_templates one = {0};
	struct rules_complaint complaint = {0};
	struct keep_template_save_out out;
	if (yaml.n > YAML_MAX_BYTES || work_load_text(yaml, "form", p->arena, &one, &complaint) < 0) {
		page_problem(p, "ai.templates.wrong", "name");
		page_put_str(p, "complaint", rows_complaint(p, &complaint));
		put_template(p, one.n > 0 ? &one.at[0] : NULL);
		return 0;
	}
	int r = keep_template_save(p->keep, &p->actor, &(struct keep_template_save_in){.id = id, .yaml = yaml},
	                           p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/ai/templates");
}

static int save(struct page *p, struct str id, const struct work_templates *all, const struct work_template *before)
{
	if (str_eq_c(id, "new"))
		id = new_id(p, all);
	json_t *list = json_array();
	json_array_append_new(list, template_json(p, id, before));
	char *text = json_dumps(list, JSON_INDENT(1));
	int r = text ? keep(p, id, str_of(text)) : ERR_INVALID;
	free(text);
	json_decref(list);
	return r;
}

int ai_template_page(struct page *p)
{
	struct work_templates all;
	struct str id = page_parameter(p, "id");
	int r = page_work(p, &all);
	if (r < 0)
		return r;
	const struct work_template *t = work_find(&all, id);
	if (!t && !str_eq_c(id, "new"))
		return ERR_NOT_FOUND;
	if (p->method == HTTP_POST)
		return save(p, id, &all, t);
	put_template(p, t);
	return 0;
}

int ai_template_delete_page(struct page *p)
{
	struct keep_template_delete_out out;
	int r = keep_template_delete(p->keep, &p->actor,
	                             &(struct keep_template_delete_in){.id = page_parameter(p, "id")}, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/ai/templates");
}
