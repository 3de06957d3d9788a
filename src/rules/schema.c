/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small reader by schema on top of libyaml's document tree. Rule files are the company's own, so the worry is
 * mistakes: each is told with its line and nothing is guessed. Files of facts and templates also come from browsers:
 * depth and number of nodes are limited. */
#include "rules/schema.h"

#include <limits.h>
#include <math.h>

#include "base/check.h"
#include "base/err.h"

enum {
	YAML_FIELDS_MAX = 32,
	YAML_DEPTH_MAX = 32,
	YAML_NODES_MAX = 1000000,
};

struct text_list {
	struct str *at;
	size_t n, cap;
};

struct wording {
	const char *id, *english;
};
static const struct wording wordings[] = {
#define X(id, english) {id, english},
#include "rules/complaints.def"
#undef X
};

const char *rules_complaint_id(size_t i)
{
	return i < ARRAY_SIZE(wordings) ? wordings[i].id : NULL;
}

static struct str english_of(const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(wordings); i++)
		if (strcmp(wordings[i].id, id) == 0)
			return str_of(wordings[i].english);
	CHECK(!"a complaint that complaints.def does not have");
	return STR("");
}

/* A whole number of characters, so that a page can show it. */
static struct str cut(struct str s, size_t most)
{
	if (s.n <= most)
		return s;
	while (most > 0 && ((unsigned char) s.p[most] & 0xC0) == 0x80)
		most--;
	return str_slice(s, 0, most);
}

void rules_complain_of(struct rules_complaint *c, const char *path, const char *id, struct str what)
{
	struct str english = english_of(id);
	size_t at = str_find(english, STR("%s"), 0);
	what = cut(what, sizeof(c->what) - 1);
	*c = (struct rules_complaint){.id = id};
	snprintf(c->file, sizeof(c->file), "%s", path);
	snprintf(c->what, sizeof(c->what), "%.*s", STR_ARG(what));
	snprintf(c->text, sizeof(c->text), "%.*s%.*s%.*s", STR_ARG(str_slice(english, 0, at)), STR_ARG(what),
	         STR_ARG(str_slice(english, at + 2, english.n)));
}

static int complain_at(struct yaml_file *f, size_t line, const char *id, struct str what)
{
	rules_complain_of(f->complaint, f->path, id, what);
	f->complaint->line = (unsigned) line + 1;
	return ERR_INVALID;
}

int yaml_complain_of(struct yaml_file *f, const yaml_node_t *node, const char *id, struct str what)
{
	return complain_at(f, node ? node->start_mark.line : 0, id, what);
}

int yaml_complain_count(struct yaml_file *f, const yaml_node_t *node, const char *id, size_t what)
{
	char text[24];
	snprintf(text, sizeof(text), "%zu", what);
	return yaml_complain_of(f, node, id, str_of(text));
}

int yaml_complain(struct yaml_file *f, const yaml_node_t *node, const char *format, ...)
{
	struct rules_complaint *c = f->complaint;
	va_list ap;
	*c = (struct rules_complaint){.line = node ? (unsigned) node->start_mark.line + 1 : 1};
	snprintf(c->file, sizeof(c->file), "%s", f->path);
	va_start(ap, format);
	vsnprintf(c->text, sizeof(c->text), format, ap);
	va_end(ap);
	return ERR_INVALID;
}

/* ---- the tree ----
 * Built from events, not by yaml_parser_load(): libyaml looks at every open bracket for each token, so that half a
 * million of them would take minutes, and an alias can stand for far more than it is long. */

struct open_node {
	int id, key; /* key: of the pair that waits for its value; 0 none */
	bool is_mapping;
};

struct building {
	struct yaml_file *f;
	yaml_parser_t parser;
	struct open_node open[YAML_DEPTH_MAX];
	size_t depth, nodes;
};

static int attach(struct building *b, int id)
{
	struct open_node *in = b->depth > 0 ? &b->open[b->depth - 1] : NULL;
	yaml_document_t *document = &b->f->document;
	if (!in)
		return 0;
	if (!in->is_mapping)
		return yaml_document_append_sequence_item(document, in->id, id) ? 0 : ERR_SYSTEM;
	if (in->key == 0) {
		in->key = id;
		return 0;
	}
	int r = yaml_document_append_mapping_pair(document, in->id, in->key, id) ? 0 : ERR_SYSTEM;
	in->key = 0;
	return r;
}

static int add_node(struct building *b, const yaml_event_t *e)
{
	yaml_document_t *document = &b->f->document;
	size_t line = e->start_mark.line;
	bool is_scalar = e->type == YAML_SCALAR_EVENT, is_mapping = e->type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *anchor = is_scalar    ? e->data.scalar.anchor
	                            : is_mapping ? e->data.mapping_start.anchor
	                                         : e->data.sequence_start.anchor;
	if (anchor)
		return complain_at(b->f, line, "anchor", STR(""));
	if (++b->nodes > YAML_NODES_MAX)
		return complain_at(b->f, line, "much", STR(""));
	if (!is_scalar && b->depth == YAML_DEPTH_MAX)
		return complain_at(b->f, line, "deep", STR(""));
	int id = is_scalar ? yaml_document_add_scalar(document, NULL, e->data.scalar.value, (int) e->data.scalar.length,
	                                              e->data.scalar.style)
	         : is_mapping ? yaml_document_add_mapping(document, NULL, e->data.mapping_start.style)
	                      : yaml_document_add_sequence(document, NULL, e->data.sequence_start.style);
	if (id == 0)
		return ERR_SYSTEM;
	document->nodes.start[id - 1].start_mark = e->start_mark;
	int r = attach(b, id);
	if (r >= 0 && !is_scalar)
		b->open[b->depth++] = (struct open_node){.id = id, .is_mapping = is_mapping};
	return r;
}

static int take_event(struct building *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return add_node(b, e);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return 0;
	case YAML_ALIAS_EVENT:
		return complain_at(b->f, e->start_mark.line, "anchor", STR(""));
	default:
		return 0;
	}
}

static int build(struct building *b)
{
	bool is_done = false;
	int r = 0;
	while (r >= 0 && !is_done) {
		yaml_event_t e;
		if (!yaml_parser_parse(&b->parser, &e))
			return complain_at(b->f, b->parser.problem_mark.line, "yaml",
			                   str_of(b->parser.problem ? b->parser.problem : "not YAML"));
		r = take_event(b, &e);
		is_done = e.type == YAML_DOCUMENT_END_EVENT || e.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&e);
	}
	return r;
}

/* %TAG and %YAML: libyaml compares each with all before it. */
static int refuse_directives(struct yaml_file *f, struct str bytes)
{
	struct str line = {NULL, 0};
	for (size_t at = 0; str_next_line(&bytes, &line); at++)
		if (line.n > 0 && line.p[0] == '%')
			return complain_at(f, at, "directive", STR(""));
	return 0;
}

int yaml_file_open(struct yaml_file *f, struct str bytes)
{
	struct building b = {.f = f};
	int r = bytes.n > INT_MAX ? ERR_TOO_LARGE : refuse_directives(f, bytes);
	if (r < 0)
		return r;
	CHECK(yaml_parser_initialize(&b.parser));
	CHECK(yaml_document_initialize(&f->document, NULL, NULL, NULL, true, true));
	yaml_parser_set_input_string(&b.parser, (const unsigned char *) bytes.p, bytes.n);
	r = build(&b);
	yaml_parser_delete(&b.parser);
	if (r < 0)
		yaml_file_done(f);
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
		return yaml_complain_of(f, node, "one-text", STR(""));
	struct str s = str_trim(str_make(node->data.scalar.value, node->data.scalar.length));
	if (s.n == 0)
		return yaml_complain_of(f, node, "empty-text", STR(""));
	size_t max = f->text_max_bytes ? f->text_max_bytes : RULES_TEXT_MAX_BYTES;
	if (s.n > max)
		return yaml_complain_count(f, node, "long-text", max);
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
		return yaml_complain_of(f, item, "twice", s);
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
		return yaml_complain_of(f, node, "number", s);
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
		return yaml_complain_of(f, node, "date", *ret);
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
			return yaml_complain_of(f, key_node, "twice", key);
		m->seen[i] = true;
		return read_field(f, value, &m->fields[i], m->target);
	}
	return yaml_complain_of(f, key_node, "unknown", key);
}

int yaml_read_mapping(struct yaml_file *f, const yaml_node_t *node, const struct yaml_field *fields, size_t count,
                      void *target)
{
	CHECK(count <= YAML_FIELDS_MAX);
	struct mapping m = {.fields = fields, .count = count, .target = target};
	int r = yaml_each_pair(f, node, read_pair, &m);
	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (fields[i].required && !m.seen[i])
			return yaml_complain_of(f, node, "missing", str_of(fields[i].key));
	}
	return r;
}

int yaml_each_item(struct yaml_file *f, const yaml_node_t *node,
                   int (*each)(void *context, struct yaml_file *f, const yaml_node_t *item), void *context)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return yaml_complain_of(f, node, "list", STR(""));
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
		return yaml_complain_of(f, node, "pair", STR(""));
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
