/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small reader by schema on top of libyaml's document tree. Rule files are the company's own, so the worry is
 * mistakes, not attacks: each mistake is told with its line and nothing is guessed. */
#include "rules/schema.h"

#include <math.h>

#include "base/check.h"
#include "base/err.h"

enum { YAML_FIELDS_MAX = 32 };

struct text_list {
	struct str *at;
	size_t n, cap;
};

static int complain_at(struct yaml_file *f, size_t line, const char *text)
{
	snprintf(f->complaint->file, sizeof(f->complaint->file), "%s", f->path);
	f->complaint->line = (unsigned) line + 1;
	snprintf(f->complaint->text, sizeof(f->complaint->text), "%s", text);
	return ERR_INVALID;
}

int yaml_complain(struct yaml_file *f, const yaml_node_t *node, const char *format, ...)
{
	char text[sizeof(f->complaint->text)];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return complain_at(f, node ? node->start_mark.line : 0, text);
}

int yaml_file_open(struct yaml_file *f, struct str bytes)
{
	yaml_parser_t parser;
	CHECK(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *) bytes.p, bytes.n);
	int r = 0;
	if (!yaml_parser_load(&parser, &f->document))
		r = complain_at(f, parser.problem_mark.line, parser.problem ? parser.problem : "not YAML");
	yaml_parser_delete(&parser);
	return r;
}

void yaml_file_done(struct yaml_file *f)
{
	yaml_document_delete(&f->document);
}

const yaml_node_t *yaml_file_root(struct yaml_file *f)
{
	return yaml_document_get_root_node(&f->document);
}

int yaml_read_text(struct yaml_file *f, const yaml_node_t *node, struct str *ret)
{
	if (node->type != YAML_SCALAR_NODE)
		return yaml_complain(f, node, "one text is wanted here");
	struct str s = str_trim(str_make(node->data.scalar.value, node->data.scalar.length));
	if (s.n == 0)
		return yaml_complain(f, node, "the text is empty");
	size_t max = f->text_max_bytes ? f->text_max_bytes : RULES_TEXT_MAX_BYTES;
	if (s.n > max)
		return yaml_complain(f, node, "the text is longer than %zu bytes", max);
	*ret = arena_dup(f->arena, s);
	return ret->p ? 0 : ERR_TOO_LARGE;
}

static bool list_holds(const struct text_list *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++) {
		if (str_eq(list->at[i], s))
			return true;
	}
	return false;
}

static int add_text(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	struct text_list *list = context;
	struct str s;
	int r = yaml_read_text(f, item, &s);
	if (r < 0)
		return r;
	if (list->n < 200 && list_holds(list, s))
		return yaml_complain(f, item, "\"%.*s\" stands here twice", STR_ARG(s));
	struct str *slot = ARENA_PUSH(f->arena, list);
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = s;
	return 0;
}

int yaml_read_texts(struct yaml_file *f, const yaml_node_t *node, struct str_list *ret)
{
	struct text_list list = {0};
	int r = yaml_each_item(f, node, add_text, &list);
	if (r >= 0)
		*ret = (struct str_list){.at = list.at, .n = list.n};
	return r;
}

int yaml_read_number(struct yaml_file *f, const yaml_node_t *node, double *ret)
{
	struct str s;
	int r = yaml_read_text(f, node, &s);
	if (r < 0)
		return r;
	char *end = NULL;
	double value = strtod(s.p, &end);
	if (end != s.p + s.n || !isfinite(value))
		return yaml_complain(f, node, "\"%.*s\" is not a number", STR_ARG(s));
	*ret = value;
	return 0;
}

static bool is_date(struct str s)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	uint64_t year, month, day;
	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
		return false;
	if (str_parse_u64(str_slice(s, 0, 4), 9999, &year) < 0 || str_parse_u64(str_slice(s, 5, 7), 12, &month) < 0 ||
	    str_parse_u64(str_slice(s, 8, 10), 31, &day) < 0 || month == 0 || day == 0)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return (int) day <= days[month - 1] + (month == 2 && leap);
}

static int read_date(struct yaml_file *f, const yaml_node_t *node, struct str *ret)
{
	int r = yaml_read_text(f, node, ret);
	if (r >= 0 && !is_date(*ret))
		return yaml_complain(f, node, "\"%.*s\" is not a date like 2026-01-31", STR_ARG(*ret));
	return r;
}

static int read_field(struct yaml_file *f, const yaml_node_t *node, const struct yaml_field *field, void *target)
{
	void *at = (char *) target + field->offset;
	switch (field->kind) {
	case YAML_TEXT:
		return yaml_read_text(f, node, at);
	case YAML_TEXTS:
		return yaml_read_texts(f, node, at);
	case YAML_DATE:
		return read_date(f, node, at);
	case YAML_NUMBER:
		return yaml_read_number(f, node, at);
	case YAML_OTHER:
		return field->parse(f, node, at);
	}
	return ERR_INVALID;
}

struct mapping {
	const struct yaml_field *fields;
	size_t count;
	void *target;
	bool seen[YAML_FIELDS_MAX];
};

static int read_pair(void *context, struct yaml_file *f, struct str key, const yaml_node_t *key_node,
                     const yaml_node_t *value)
{
	struct mapping *m = context;
	for (size_t i = 0; i < m->count; i++) {
		if (!str_eq_c(key, m->fields[i].key))
			continue;
		if (m->seen[i])
			return yaml_complain(f, key_node, "\"%.*s\" stands here twice", STR_ARG(key));
		m->seen[i] = true;
		return read_field(f, value, &m->fields[i], m->target);
	}
	return yaml_complain(f, key_node, "\"%.*s\" is not known here", STR_ARG(key));
}

int yaml_read_mapping(struct yaml_file *f, const yaml_node_t *node, const struct yaml_field *fields, size_t count,
                      void *target)
{
	CHECK(count <= YAML_FIELDS_MAX);
	struct mapping m = {.fields = fields, .count = count, .target = target};
	int r = yaml_each_pair(f, node, read_pair, &m);
	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (fields[i].required && !m.seen[i])
			return yaml_complain(f, node, "\"%s\" is missing", fields[i].key);
	}
	return r;
}

int yaml_each_item(struct yaml_file *f, const yaml_node_t *node,
                   int (*each)(void *context, struct yaml_file *f, const yaml_node_t *item), void *context)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return yaml_complain(f, node, "a list is wanted here");
	int r = 0;
	for (yaml_node_item_t *i = node->data.sequence.items.start; r >= 0 && i < node->data.sequence.items.top; i++)
		r = each(context, f, yaml_document_get_node(&f->document, *i));
	return r;
}

int yaml_each_pair(struct yaml_file *f, const yaml_node_t *node,
                   int (*each)(void *context, struct yaml_file *f, struct str key, const yaml_node_t *key_node,
                               const yaml_node_t *value),
                   void *context)
{
	if (node->type != YAML_MAPPING_NODE)
		return yaml_complain(f, node, "\"name: value\" is wanted here");
	int r = 0;
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; r >= 0 && p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yaml_document_get_node(&f->document, p->key);
		struct str word;
		r = yaml_read_text(f, key, &word);
		if (r >= 0)
			r = each(context, f, word, key, yaml_document_get_node(&f->document, p->value));
	}
	return r;
}

void rules_complain(struct rules_complaint *ret, const char *path, const char *text)
{
	*ret = (struct rules_complaint){0};
	snprintf(ret->file, sizeof(ret->file), "%s", path);
	snprintf(ret->text, sizeof(ret->text), "%s", text);
}
