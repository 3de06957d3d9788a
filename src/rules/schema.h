/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading YAML by a schema: a table of fields fills a struct, every complaint names file and line. */
#pragma once

#include <stddef.h>
#include <yaml.h>

#include "base/arena.h"
#include "rules/rules.h"

struct yaml_file {
	yaml_document_t document;
	const char *path;
	struct arena *arena; /* of the values */
	struct rules_complaint *complaint;
	size_t text_max_bytes; /* of one text; 0: RULES_TEXT_MAX_BYTES */
};

enum yaml_field_kind {
	YAML_TEXT,   /* struct str */
	YAML_TEXTS,  /* struct str_list; a sequence of scalars, none twice */
	YAML_DATE,   /* struct str, YYYY-MM-DD that exists */
	YAML_NUMBER, /* double, finite */
	YAML_OTHER,  /* parse(file, node, target) fills it */
};

struct yaml_field {
	const char *key;
	enum yaml_field_kind kind;
	size_t offset;
	bool required;
	int (*parse)(struct yaml_file *f, const yaml_node_t *node, void *target);
};

/* Parses bytes; ERR_INVALID with the place. Anchors, aliases, directives, more than 32 lists and mappings in one
 * another or a million nodes are complaints. yaml_file_done() releases what succeeded. */
int yaml_file_open(struct yaml_file *f, struct str bytes);
void yaml_file_done(struct yaml_file *f);
/* NULL for an empty file. */
const yaml_node_t *yaml_file_root(struct yaml_file *f);

/* Fills target from a mapping. Unknown, repeated and missing keys are complaints. */
int yaml_read_mapping(struct yaml_file *f, const yaml_node_t *node, const struct yaml_field *fields, size_t count,
                      void *target);
int yaml_read_text(struct yaml_file *f, const yaml_node_t *node, struct str *ret);
int yaml_read_texts(struct yaml_file *f, const yaml_node_t *node, struct str_list *ret);
int yaml_read_number(struct yaml_file *f, const yaml_node_t *node, double *ret);
/* Calls each for every item or pair; stops at the first negative result. */
int yaml_each_item(struct yaml_file *f, const yaml_node_t *node,
                   int (*each)(void *context, struct yaml_file *f, const yaml_node_t *item), void *context);
int yaml_each_pair(struct yaml_file *f, const yaml_node_t *node,
                   int (*each)(void *context, struct yaml_file *f, struct str key, const yaml_node_t *key_node,
                               const yaml_node_t *value),
                   void *context);
/* A complaint about the file as a whole. */
void rules_complain(struct rules_complaint *ret, const char *path, const char *text);
void rules_complain_of(struct rules_complaint *ret, const char *path, const char *id, struct str what);
/* id: of complaints.def; what: what it is about, cut to fit. Always ERR_INVALID. */
int yaml_complain_of(struct yaml_file *f, const yaml_node_t *node, const char *id, struct str what);
int yaml_complain_count(struct yaml_file *f, const yaml_node_t *node, const char *id, size_t what);
/* The ids, for tests; NULL behind the last. */
const char *rules_complaint_id(size_t i);
/* One that no id says. Always ERR_INVALID. */
int yaml_complain(struct yaml_file *f, const yaml_node_t *node, const char *format, ...) PRINTF_LIKE(3, 4);
