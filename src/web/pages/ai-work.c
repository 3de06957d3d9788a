/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A work template as a form: what is typed is checked, code computes what must be right, the prompt goes to the gate.
 */
#include "base/err.h"
#include "web/pages/ai-ask.h"
#include "web/pages/rows.h"
#include "work/compute.h"

static json_t *option_json(const struct page *p, const struct work_option *o, struct str value)
{
	json_t *j = json_object();
	json_object_set_new(j, "id", page_json_str(o->id));
	json_object_set_new(j, "label", page_json_str(work_text_in(&o->label, p->language)));
	json_object_set_new(j, "selected", json_boolean(str_eq(o->id, value)));
	return j;
}

static json_t *input_json(struct page *p, const struct work_input *in)
{
	struct str value = page_field(p, arena_cstr(p->arena, in->id));
	json_t *j = json_object(), *options = json_array();
	json_object_set_new(j, "id", page_json_str(in->id));
	json_object_set_new(j, "label", page_json_str(work_text_in(&in->label, p->language)));
	json_object_set_new(j, "kind", json_string(work_input_word(in->kind)));
	json_object_set_new(j, "is", rows_flag(str_of(work_input_word(in->kind))));
	json_object_set_new(j, "required", json_boolean(in->required));
	json_object_set_new(j, "max", json_integer((json_int_t) in->max_bytes));
	json_object_set_new(j, "value", page_json_str(value));
	for (size_t i = 0; i < in->options.n; i++)
		json_array_append_new(options, option_json(p, &in->options.at[i], value));
	json_object_set_new(j, "options", options);
	return j;
}

static int put_form(struct page *p, const struct work_template *t)
{
	json_t *inputs = json_array();
	size_t n;
	page_put(p, "work", ai_template(p, t));
	page_put(p, "inputs", inputs);
	page_put(p, "computes", json_boolean(t->compute != WORK_COMPUTE_NONE));
	page_put(p, "about_people", json_boolean(t->about_people));
	page_put(p, "checks", ai_checks(p, t, &n));
	page_set_title(p, work_text_in(&t->name, p->language));
	for (size_t i = 0; i < t->inputs.n; i++)
		json_array_append_new(inputs, input_json(p, &t->inputs.at[i]));
	return ai_put_models(p, page_field(p, "model"), t->local_only);
}

static int put_problem(struct page *p, const struct work_template *t, const char *key, const char *field)
{
	page_problem(p, key, field);
	return put_form(p, t);
}

static int ask(struct page *p, const struct work_template *t)
{
	struct work_value values[WORK_INPUTS_MAX];
	const struct work_input *wrong;
	const char *key = NULL;
	struct buf computed = buf_make(WORK_PROMPT_MAX_BYTES), prompt = buf_make(WORK_PROMPT_MAX_BYTES);
	for (size_t i = 0; i < t->inputs.n; i++)
		values[i] = (struct work_value){t->inputs.at[i].id,
		                                page_field(p, arena_cstr(p->arena, t->inputs.at[i].id))};
	if (work_check_values(t, values, t->inputs.n, &wrong, &key) < 0)
		return put_problem(p, t, key, arena_cstr(p->arena, wrong->id));
	if (page_field(p, "model").n == 0)
		return put_problem(p, t, "ai.ask.no-model", "model");
	bool is_local = false;
	int r = ai_model_is_local(p, page_field(p, "model"), &is_local);
	if (r >= 0 && t->local_only && !is_local)
		return put_problem(p, t, "ai.ask.only-local", "model");
	if (r >= 0)
		r = work_compute(t, p->language, values, t->inputs.n, p->arena, &computed, &key);
	if (r >= 0)
		r = work_fill(t, p->language, values, t->inputs.n, buf_str(&computed), &prompt);
	struct str text = arena_dup(p->arena, buf_str(&prompt));
	buf_done(&computed);
	buf_done(&prompt);
	if (r == ERR_INVALID && key)
		return put_problem(p, t, key, "");
	if (r < 0)
		return r;
	if (text.n > AI_TEXT_MAX_BYTES)
		return put_problem(p, t, "ai.ask.too-long", "");
	put_form(p, t);
	return ai_ask_with(p, t, text, page_field(p, "model"), page_has_field(p, "agreed"));
}

int ai_work_page(struct page *p)
{
	struct work_templates all;
	int r = page_work(p, &all);
	if (r < 0)
		return r;
	const struct work_template *t = work_find(&all, page_parameter(p, "id"));
	if (!t)
		return ERR_NOT_FOUND;
	return p->method == HTTP_GET || t->coming ? put_form(p, t) : ask(p, t);
}
