/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What struct rules is made of; for the files of this folder only. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "rules/rules.h"
#include "rules/set.h"
#include "rules/schema.h"
#include "text/scan.h"

struct word_rule {
	struct str id;
	enum word_tag tag;
	struct str_list texts;    /* literals as written */
	struct str_list patterns; /* regular expressions in folded form */
	const char *path;
	unsigned line;
};

struct rules_list {
	struct str name;
	struct set set;
	struct {
		struct str *at;
		size_t n, cap;
	} all;
};

enum {
	WORD_STEPS_MAX = 4, /* parts of one pattern */
	WORD_RECENT = 4,    /* places of one part that are remembered */
	WORD_GAP_MAX_CHARS = 80,
};

/* What a pattern of the scanner stands for. */
struct target {
	enum rules_hit_kind kind;
	uint32_t index;
	enum word_tag tag;
	uint32_t chain; /* of an expression: its number */
	uint32_t gap;   /* most characters since the part before */
	uint8_t step;
	bool last;
	bool edge_start, edge_end;     /* of an expression that became texts (rules/expand.h) */
	uint32_t longer, longer_count; /* targets of texts that end with this one, in rules.longer */
	struct str text;               /* of the expression that became texts */
};

struct span {
	uint32_t start, end;
};

/* The last places up to which an expression matched; scratch of one scan. */
struct progress {
	struct span recent[WORD_RECENT];
	uint32_t n;
};

struct rules {
	struct arena *arena;
	uint64_t version;
	struct {
		struct brand *at;
		size_t n, cap;
	} brands;
	struct set brand_ids;
	struct set domains; /* value: index in domain_brands */
	struct {
		struct brand_indexes *at;
		size_t n, cap;
	} domain_brands;
	struct set popular;
	struct {
		struct rules_list *at;
		size_t n, cap;
	} lists;
	struct {
		struct word_rule *at;
		size_t n, cap;
	} words;
	struct set word_ids;
	double bias, danger, doubtful;
	double weights[FINDING_ID_COUNT];
	bool has_weight[FINDING_ID_COUNT];
	double caps[FINDING_GROUP_COUNT];
	struct {
		struct target *at;
		size_t n, cap;
	} targets; /* by pattern id */
	struct {
		uint32_t *at;
		size_t n, cap;
	} longer;
	struct scanner *scanner;
	size_t chain_count;
	struct progress *progress;
	void *image; /* of rules/image.h, what the above points into; NULL: the arena */
	size_t image_bytes;
};

/* One YAML file each, into r; own: it is the company's. */
int rules_read_brands(struct rules *r, struct yaml_file *f, bool own);
int rules_read_lists(struct rules *r, struct yaml_file *f, bool own);
int rules_read_words(struct rules *r, struct yaml_file *f, bool own);
int rules_read_weights(struct rules *r, struct yaml_file *f, bool own);
int rules_read_popular(struct rules *r, const char *path, struct str bytes, struct rules_complaint *complaint);

/* After all files are read. */
int rules_index_domains(struct rules *r);
int rules_check_weights(struct rules *r, const char *path, struct rules_complaint *complaint);
int rules_compile(struct rules *r, struct rules_complaint *complaint);
