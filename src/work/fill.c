/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "work/fill.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"

/* Cuts prompt at the next {{place}}: what stands before it, and its name. False: no more. */
static bool next_place(struct str *rest, struct str *ret_before, struct str *ret_name)
{
	size_t open = str_find(*rest, STR("{{"), 0);
	size_t close = open == STR_NOT_FOUND ? STR_NOT_FOUND : str_find(*rest, STR("}}"), open);
	if (close == STR_NOT_FOUND)
		return false;
	*ret_before = str_slice(*rest, 0, open);
	*ret_name = str_trim(str_slice(*rest, open + 2, close));
	*rest = str_slice(*rest, close + 2, rest->n);
	return true;
}

static const struct work_input *find_input(const struct work_template *t, struct str id)
{
	for (size_t i = 0; i < t->inputs.n; i++)
		if (str_eq(t->inputs.at[i].id, id))
			return &t->inputs.at[i];
	return NULL;
}

bool work_unknown_place(const struct work_template *t, struct str prompt, struct str *ret)
{
	struct str before, name;
	while (next_place(&prompt, &before, &name)) {
		bool is_computed = t->compute != WORK_COMPUTE_NONE && str_eq_c(name, "computed");
		if (!is_computed && !find_input(t, name)) {
			*ret = name;
			return true;
		}
	}
	return false;
}

static const struct work_value *find_value(const struct work_value *values, size_t count, struct str id)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(values[i].id, id))
			return &values[i];
	return NULL;
}

struct str work_value_of(const struct work_value *values, size_t count, const char *id)
{
	const struct work_value *v = find_value(values, count, str_of(id));
	return v ? v->value : (struct str){NULL, 0};
}

static const struct work_option *find_option(const struct work_input *input, struct str id)
{
	for (size_t i = 0; i < input->options.n; i++)
		if (str_eq(input->options.at[i].id, id))
			return &input->options.at[i];
	return NULL;
}

static bool is_number(struct str s)
{
	char text[40], *end;
	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	strtod(text, &end);
	return end == text + s.n && (ascii_is_digit(text[0]) || text[0] == '-' || text[0] == '.');
}

static bool is_date(struct str s)
{
	char text[40];
	int64_t us;
	if (s.n != 10)
		return false;
	snprintf(text, sizeof(text), "%.*sT00:00:00Z", STR_ARG(s));
	return clock_parse_utc(str_of(text), &us) >= 0;
}

static const char *value_problem(const struct work_input *input, struct str value)
{
	if (value.n == 0)
		return input->required ? "work.input.missing" : NULL;
	if (value.n > input->max_bytes)
		return "work.input.too-long";
	if (input->kind == WORK_INPUT_CHOICE && !find_option(input, value))
		return "work.input.no-choice";
	if (input->kind == WORK_INPUT_NUMBER && !is_number(value))
		return "work.input.no-number";
	if (input->kind == WORK_INPUT_DATE && !is_date(value))
		return "work.input.no-date";
	return NULL;
}

int work_check_values(const struct work_template *t, const struct work_value *values, size_t count,
                      const struct work_input **ret_input, const char **ret_key)
{
	for (size_t i = 0; i < t->inputs.n; i++) {
		const struct work_input *input = &t->inputs.at[i];
		const struct work_value *v = find_value(values, count, input->id);
		const char *problem = value_problem(input, v ? str_trim(v->value) : (struct str){NULL, 0});
		if (problem) {
			*ret_input = input;
			*ret_key = problem;
			return ERR_INVALID;
		}
	}
	return 0;
}

static void add_value(struct buf *b, const struct work_input *input, enum language language, struct str value)
{
	const struct work_option *option = input->kind == WORK_INPUT_CHOICE ? find_option(input, value) : NULL;
	buf_add_str(b, option ? work_text_in(&option->label, language) : value);
}

int work_fill(const struct work_template *t, enum language language, const struct work_value *values, size_t count,
              struct str computed, struct buf *ret)
{
	struct str rest = work_text_in(&t->prompt, language), before, name;
	while (next_place(&rest, &before, &name)) {
		const struct work_input *input = find_input(t, name);
		const struct work_value *v = find_value(values, count, name);
		buf_add_str(ret, before);
		if (input && v)
			add_value(ret, input, language, str_trim(v->value));
		else if (!input)
			buf_add_str(ret, computed);
	}
	buf_add_str(ret, rest);
	return buf_failed(ret) ? ERR_TOO_LARGE : 0;
}
