/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * templates/<name>.yaml: a sequence of templates, checked as they are read. */
#include <dirent.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "rules/schema.h"
#include "work/fill.h"
#include "work/words.h"

enum { FILES_MAX = 100, DEFAULT_MAX_BYTES = 4000, ID_MAX_BYTES = 40 };

static int find_word(const char *const *words, size_t count, struct str word)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_c(word, words[i]))
			return (int) i;
	return ERR_NOT_FOUND;
}

static int read_word(struct yaml_file *f, const yaml_node_t *node, const char *const *words, size_t count)
{
	struct str word;
	int r = yaml_read_text(f, node, &word);
	if (r < 0)
		return r;
	r = find_word(words, count, word);
	return r < 0 ? yaml_complain(f, node, "\"%.*s\" is not known here", STR_ARG(word)) : r;
}

static int read_department(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	int r = read_word(f, node, work_department_words, WORK_DEPARTMENT_COUNT);
	if (r >= 0)
		*(enum work_department *) target = (enum work_department) r;
	return r;
}

static int read_kind(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	int r = read_word(f, node, work_input_words, WORK_INPUT_KIND_COUNT);
	if (r >= 0)
		*(enum work_input_kind *) target = (enum work_input_kind) r;
	return r;
}

static int read_output(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	int r = read_word(f, node, work_output_words, WORK_OUTPUT_COUNT);
	if (r >= 0)
		*(enum work_output *) target = (enum work_output) r;
	return r;
}

static int read_compute(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	int r = read_word(f, node, work_compute_words, WORK_COMPUTE_COUNT);
	if (r >= 0)
		*(enum work_compute *) target = (enum work_compute) r;
	return r;
}

static int add_check(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	int r = read_word(f, item, work_check_words, WORK_CHECK_COUNT);
	if (r >= 0)
		*(uint32_t *) context |= UINT32_C(1) << r;
	return r;
}

static int read_checks(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	return yaml_each_item(f, node, add_check, target);
}

static int read_flag(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	static const char *const words[] = {"false", "true"};
	int r = read_word(f, node, words, ARRAY_SIZE(words));
	if (r >= 0)
		*(bool *) target = r == 1;
	return r;
}

static int read_size(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	double value;
	int r = yaml_read_number(f, node, &value);
	if (r >= 0 && (value < 1 || value > WORK_INPUT_MAX_BYTES))
		return yaml_complain(f, node, "a number from 1 to %d is wanted here", WORK_INPUT_MAX_BYTES);
	if (r >= 0)
		*(size_t *) target = (size_t) value;
	return r;
}

static int read_both(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	static const struct yaml_field fields[] = {
	        {"ja", YAML_TEXT, offsetof(struct work_text, in[LANGUAGE_JA]), false, NULL},
	        {"en", YAML_TEXT, offsetof(struct work_text, in[LANGUAGE_EN]), false, NULL},
	};
	const struct work_text *text = target;
	int r = yaml_read_mapping(f, node, fields, ARRAY_SIZE(fields), target);
	if (r >= 0 && text->in[LANGUAGE_JA].n + text->in[LANGUAGE_EN].n == 0)
		return yaml_complain(f, node, "a text in at least one language is wanted here");
	return r;
}

static bool is_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!ascii_is_alnum(id.p[i]) && id.p[i] != '-' && id.p[i] != '_')
			return false;
	return id.n > 0 && id.n <= ID_MAX_BYTES;
}

static int read_id(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	struct str *id = target;
	int r = yaml_read_text(f, node, id);
	if (r >= 0 && !is_id(*id))
		return yaml_complain(f, node, "an id is letters, digits, - and _, at most %d", ID_MAX_BYTES);
	return r;
}

static int add_option(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	static const struct yaml_field fields[] = {
	        {"id", YAML_OTHER, offsetof(struct work_option, id), true, read_id},
	        {"label", YAML_OTHER, offsetof(struct work_option, label), true, read_both},
	};
	struct work_input *input = context;
	struct work_option *option = ARENA_PUSH(f->arena, &input->options);
	if (!option || input->options.n > WORK_OPTIONS_MAX)
		return yaml_complain(f, item, "more than %d options", WORK_OPTIONS_MAX);
	return yaml_read_mapping(f, item, fields, ARRAY_SIZE(fields), option);
}

static int read_options(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	return yaml_each_item(f, node, add_option, (char *) target - offsetof(struct work_input, options));
}

static int add_input(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	static const struct yaml_field fields[] = {
	        {"id", YAML_OTHER, offsetof(struct work_input, id), true, read_id},
	        {"kind", YAML_OTHER, offsetof(struct work_input, kind), true, read_kind},
	        {"required", YAML_OTHER, offsetof(struct work_input, required), false, read_flag},
	        {"max", YAML_OTHER, offsetof(struct work_input, max_bytes), false, read_size},
	        {"label", YAML_OTHER, offsetof(struct work_input, label), true, read_both},
	        {"options", YAML_OTHER, offsetof(struct work_input, options), false, read_options},
	};
	struct work_template *t = context;
	struct work_input *input = ARENA_PUSH(f->arena, &t->inputs);
	if (!input || t->inputs.n > WORK_INPUTS_MAX)
		return yaml_complain(f, item, "more than %d inputs", WORK_INPUTS_MAX);
	input->max_bytes = DEFAULT_MAX_BYTES;
	int r = yaml_read_mapping(f, item, fields, ARRAY_SIZE(fields), input);
	if (r >= 0 && (input->kind == WORK_INPUT_CHOICE) != (input->options.n > 0))
		return yaml_complain(f, item, "options belong to a choice, and a choice has some");
	for (size_t i = 0; r >= 0 && i + 1 < t->inputs.n; i++)
		if (str_eq(t->inputs.at[i].id, input->id))
			return yaml_complain(f, item, "two inputs have the id \"%.*s\"", STR_ARG(input->id));
	return r;
}

static int read_inputs(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	return yaml_each_item(f, node, add_input, (char *) target - offsetof(struct work_template, inputs));
}

static int check_template(struct yaml_file *f, const yaml_node_t *item, const struct work_template *t)
{
	struct str bad;
	for (size_t i = 0; i < LANGUAGE_COUNT; i++)
		if (work_unknown_place(t, t->prompt.in[i], &bad))
			return yaml_complain(f, item, "the prompt uses {{%.*s}}, which is no input", STR_ARG(bad));
	return 0;
}

static int add_template(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	static const struct yaml_field fields[] = {
	        {"id", YAML_OTHER, offsetof(struct work_template, id), true, read_id},
	        {"department", YAML_OTHER, offsetof(struct work_template, department), true, read_department},
	        {"name", YAML_OTHER, offsetof(struct work_template, name), true, read_both},
	        {"purpose", YAML_OTHER, offsetof(struct work_template, purpose), true, read_both},
	        {"inputs", YAML_OTHER, offsetof(struct work_template, inputs), true, read_inputs},
	        {"prompt", YAML_OTHER, offsetof(struct work_template, prompt), true, read_both},
	        {"output", YAML_OTHER, offsetof(struct work_template, output), true, read_output},
	        {"computes", YAML_OTHER, offsetof(struct work_template, compute), false, read_compute},
	        {"checks", YAML_OTHER, offsetof(struct work_template, checks), true, read_checks},
	        {"hides", YAML_TEXTS, offsetof(struct work_template, hide), false, NULL},
	        {"local_only", YAML_OTHER, offsetof(struct work_template, local_only), false, read_flag},
	        {"about_people", YAML_OTHER, offsetof(struct work_template, about_people), false, read_flag},
	        {"public", YAML_OTHER, offsetof(struct work_template, is_public), false, read_flag},
	        {"needs_links", YAML_OTHER, offsetof(struct work_template, needs_links), false, read_flag},
	        {"coming", YAML_OTHER, offsetof(struct work_template, coming), false, read_flag},
	};
	struct work_templates *all = context;
	struct work_template t = {0};
	int r = yaml_read_mapping(f, item, fields, ARRAY_SIZE(fields), &t);
	if (r >= 0)
		r = check_template(f, item, &t);
	if (r < 0)
		return r;
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->at[i].id, t.id)) {
			all->at[i] = t;
			return 0;
		}
	struct work_template *slot = all->n < WORK_TEMPLATES_MAX ? ARENA_PUSH(f->arena, all) : NULL;
	if (!slot)
		return yaml_complain(f, item, "more than %d templates", WORK_TEMPLATES_MAX);
	*slot = t;
	return 0;
}

int work_load_text(struct str yaml, const char *name, struct arena *a, struct work_templates *templates,
                   struct rules_complaint *complaint)
{
	struct yaml_file f = {.path = name, .arena = a, .complaint = complaint, .text_max_bytes = WORK_TEXT_MAX_BYTES};
	int r = yaml_file_open(&f, yaml);
	if (r < 0)
		return r;
	r = yaml_file_root(&f) ? yaml_each_item(&f, yaml_file_root(&f), add_template, templates)
	                       : yaml_complain(&f, NULL, "the file is empty");
	yaml_file_done(&f);
	return r;
}

static int load_file(const char *path, struct arena *a, struct work_templates *ret, struct rules_complaint *complaint)
{
	struct buf b = buf_make(WORK_FILE_MAX_BYTES);
	int r = fd_read_file(path, &b);
	if (r < 0)
		rules_complain(complaint, path, err_text(r));
	else
		r = work_load_text(buf_str(&b), path, a, ret, complaint);
	buf_done(&b);
	return r;
}

/* general.yaml first: what everybody uses stands on top. */
static int by_name(const void *a, const void *b)
{
	const char *x = *(const char *const *) a, *y = *(const char *const *) b;
	bool x_first = strcmp(x, "general.yaml") == 0, y_first = strcmp(y, "general.yaml") == 0;
	return x_first != y_first ? y_first - x_first : strcmp(x, y);
}

static size_t list_files(const char *folder, struct arena *a, char *names[static FILES_MAX])
{
	size_t n = 0;
	DIR *d = opendir(folder);
	for (struct dirent *e; d && n < FILES_MAX && (e = readdir(d));)
		if (str_ends_with(str_of(e->d_name), STR(".yaml")) && e->d_name[0] != '.')
			names[n++] = arena_cstr(a, str_of(e->d_name));
	if (d)
		closedir(d);
	qsort(names, n, sizeof(names[0]), by_name);
	return n;
}

int work_load_folder(const char *folder, struct arena *a, struct work_templates *ret, struct rules_complaint *complaint)
{
	char *names[FILES_MAX];
	size_t n = list_files(folder, a, names);
	struct work_templates all = {0};
	int r = n > 0 ? 0 : ERR_NOT_FOUND;

	if (n == 0)
		rules_complain(complaint, folder, "no *.yaml is there");
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = load_file(arena_cstr(a, arena_printf(a, "%s/%s", folder, names[i])), a, &all, complaint);
	if (r >= 0)
		*ret = all;
	return r;
}
