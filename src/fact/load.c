/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "fact/fact.h"
#include "rules/schema.h"

static const char *const other_formats[] = {"ai-prices.yaml"};

static bool is_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) && c != '-' && c != '.')
			return false;
	}
	return id.n > 0 && id.n <= FACT_ID_MAX_BYTES;
}

static int read_id(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	struct str *id = target;
	int r = yaml_read_text(f, node, id);
	if (r >= 0 && !is_id(*id))
		return yaml_complain_count(f, node, "id", FACT_ID_MAX_BYTES);
	return r;
}

static int read_kind(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	struct str *word = target;
	enum fact_kind kind;
	int r = yaml_read_text(f, node, word);
	if (r >= 0 && fact_kind_find(*word, &kind) < 0)
		return yaml_complain_of(f, node, "kind", *word);
	return r;
}

static int read_flag(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	struct str *word = target;
	int r = yaml_read_text(f, node, word);
	if (r >= 0 && !str_eq_c(*word, "true") && !str_eq_c(*word, "false"))
		return yaml_complain_of(f, node, "flag", STR(""));
	return r;
}

static bool read_as_number(struct str text, double *ret)
{
	char copy[40];
	if (text.n == 0 || text.n >= sizeof(copy) || !(ascii_is_digit(text.p[0]) || text.p[0] == '-'))
		return false;
	/* A phone number begins with 0 and is no quantity. */
	if (text.n > 1 && text.p[0] == '0' && text.p[1] != '.')
		return false;
	for (size_t i = 1; i < text.n; i++)
		if (!ascii_is_digit(text.p[i]) && text.p[i] != '.')
			return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	char *end = NULL;
	*ret = strtod(copy, &end);
	return *end == '\0' && isfinite(*ret);
}

static int add_value(void *context, struct yaml_file *f, struct str key, const yaml_node_t *key_node,
                     const yaml_node_t *node)
{
	struct fact_values *values = context;
	for (size_t i = 0; i < values->n; i++)
		if (str_eq(values->at[i].name, key))
			return yaml_complain_of(f, key_node, "twice", key);
	struct fact_value *value = values->n < FACT_VALUES_MAX ? ARENA_PUSH(f->arena, values) : NULL;
	if (!value)
		return yaml_complain_count(f, key_node, "many-values", FACT_VALUES_MAX);
	value->name = arena_dup(f->arena, key);
	int r = yaml_read_text(f, node, &value->text);
	if (r >= 0)
		value->is_number = read_as_number(value->text, &value->number);
	return r;
}

static int read_values(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	return yaml_each_pair(f, node, add_value, target);
}

/* What of a fact may stand in the defaults comes first. */
static const struct yaml_field fact_fields[] = {
        {"kind", YAML_OTHER, offsetof(struct fact, kind_word), false, read_kind},
        {"group", YAML_OTHER, offsetof(struct fact, group), false, read_id},
        {"source", YAML_TEXT, offsetof(struct fact, source), false, NULL},
        {"checked", YAML_DATE, offsetof(struct fact, checked), false, NULL},
        {"expires", YAML_DATE, offsetof(struct fact, expires), false, NULL},
        {"verified", YAML_OTHER, offsetof(struct fact, verified_word), false, read_flag},
        {"id", YAML_OTHER, offsetof(struct fact, id), true, read_id},
        {"values", YAML_OTHER, offsetof(struct fact, values), false, read_values},
        {"ja", YAML_TEXT, offsetof(struct fact, text[LANGUAGE_JA]), true, NULL},
        {"en", YAML_TEXT, offsetof(struct fact, text[LANGUAGE_EN]), true, NULL},
        {"see", YAML_TEXTS, offsetof(struct fact, see), false, NULL},
};
enum { DEFAULT_FIELDS = 6 };

struct file {
	struct str region;
	struct fact defaults;
	const yaml_node_t *list;
	struct facts *facts;
};

static int read_defaults(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	return yaml_read_mapping(f, node, fact_fields, DEFAULT_FIELDS, target);
}

static int keep_node(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	(void) f;
	*(const yaml_node_t **) target = node;
	return 0;
}

static int check_whole(struct yaml_file *f, const yaml_node_t *item, const struct fact *fact)
{
	const struct {
		const char *name;
		struct str text;
	} needed[] = {{"kind", fact->kind_word},         {"source", fact->source},
	              {"checked", fact->checked},        {"expires", fact->expires},
	              {"verified", fact->verified_word}, {"ja", fact->text[LANGUAGE_JA]},
	              {"en", fact->text[LANGUAGE_EN]}};
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (str_is_empty(str_trim(needed[i].text)))
			return yaml_complain_of(f, item, "missing-default", str_of(needed[i].name));
	if (str_cmp(fact->checked, fact->expires) > 0)
		return yaml_complain_of(f, item, "expires", STR(""));
	if (fact->see.n > FACT_SEE_MAX)
		return yaml_complain_count(f, item, "many-see", FACT_SEE_MAX);
	return 0;
}

static int add_fact(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	struct file *file = context;
	struct fact fact = file->defaults;
	fact.region = file->region;
	int r = yaml_read_mapping(f, item, fact_fields, ARRAY_SIZE(fact_fields), &fact);
	if (r >= 0)
		r = check_whole(f, item, &fact);
	if (r >= 0)
		r = fact_kind_find(fact.kind_word, &fact.kind);
	if (r < 0)
		return r;
	fact.verified = str_eq_c(fact.verified_word, "true");
	for (size_t i = 0; i < file->facts->n; i++)
		if (str_eq(file->facts->at[i].id, fact.id) && str_eq(file->facts->at[i].region, fact.region))
			return yaml_complain_of(f, item, "taken", fact.id);
	struct fact *slot = file->facts->n < FACTS_MAX ? ARENA_PUSH(f->arena, file->facts) : NULL;
	if (!slot)
		return yaml_complain_count(f, item, "many-facts", FACTS_MAX);
	*slot = fact;
	return 0;
}

static int read_root(struct yaml_file *f, const struct str *region, struct facts *facts)
{
	static const struct yaml_field fields[] = {
	        {"region", YAML_OTHER, offsetof(struct file, region), false, read_id},
	        {"defaults", YAML_OTHER, offsetof(struct file, defaults), false, read_defaults},
	        {"facts", YAML_OTHER, offsetof(struct file, list), true, keep_node},
	};
	struct file file = {.facts = facts};
	const yaml_node_t *root = yaml_file_root(f);
	if (!root)
		return yaml_complain_of(f, NULL, "empty-file", STR(""));
	int r = yaml_read_mapping(f, root, fields, ARRAY_SIZE(fields), &file);
	if (r >= 0 && region && !str_eq(file.region, *region))
		return yaml_complain_of(f, root, "region", *region);
	return r < 0 ? r : yaml_each_item(f, file.list, add_fact, &file);
}

int facts_load_text(struct str yaml, const char *name, const struct str *region, struct arena *a, struct facts *facts,
                    struct rules_complaint *complaint)
{
	struct yaml_file f = {.path = name, .arena = a, .complaint = complaint, .text_max_bytes = FACT_TEXT_MAX_BYTES};
	int r = yaml_file_open(&f, yaml);
	if (r < 0)
		return r;
	r = read_root(&f, region, facts);
	yaml_file_done(&f);
	return r;
}

static bool has_id(const struct facts *facts, struct str id)
{
	return fact_find(facts, id) != NULL;
}

int facts_check(const struct facts *facts, const char *name, struct rules_complaint *complaint)
{
	for (size_t i = 0; i < facts->n; i++)
		for (size_t j = 0; j < facts->at[i].see.n; j++)
			if (!has_id(facts, facts->at[i].see.at[j])) {
				char what[2 * FACT_ID_MAX_BYTES + 8];
				snprintf(what, sizeof(what), "%.*s → %.*s", STR_ARG(facts->at[i].id),
				         STR_ARG(str_slice(facts->at[i].see.at[j], 0, FACT_ID_MAX_BYTES)));
				rules_complain_of(complaint, name, "points", str_of(what));
				return ERR_INVALID;
			}
	return 0;
}

static int load_file(const char *path, struct str region, struct arena *a, struct facts *facts,
                     struct rules_complaint *complaint)
{
	struct buf b = buf_make(FACT_FILE_MAX_BYTES);
	int r = fd_read_file(path, &b);
	if (r < 0)
		rules_complain(complaint, path, err_text(r));
	else
		r = facts_load_text(buf_str(&b), path, &region, a, facts, complaint);
	buf_done(&b);
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static bool is_ours(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(other_formats); i++)
		if (strcmp(name, other_formats[i]) == 0)
			return false;
	return name[0] != '.' && str_ends_with(str_of(name), STR(".yaml"));
}

/* ERR_TOO_LARGE: more than FACT_FILES_MAX. A folder that is not there is empty. */
static int list_files(const char *folder, struct arena *a, char *names[static FACT_FILES_MAX], size_t *ret_n)
{
	size_t n = 0;
	int r = 0;
	DIR *d = opendir(folder);
	for (struct dirent *e; d && r >= 0 && (e = readdir(d));) {
		if (!is_ours(e->d_name))
			continue;
		if (n == FACT_FILES_MAX)
			r = ERR_TOO_LARGE;
		else
			names[n++] = arena_cstr(a, str_of(e->d_name));
	}
	if (d)
		closedir(d);
	qsort(names, n, sizeof(names[0]), by_name);
	*ret_n = n;
	return r;
}

static int load_one_folder(const char *folder, bool of_regions, struct arena *a, struct facts *facts,
                           struct rules_complaint *complaint)
{
	char *names[FACT_FILES_MAX];
	size_t n = 0;
	int r = list_files(folder, a, names, &n);
	if (r >= 0 && n == 0 && !of_regions)
		r = ERR_NOT_FOUND;
	if (r < 0)
		rules_complain(complaint, folder, r == ERR_NOT_FOUND ? "no *.yaml is there" : "too many files");
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct str name = str_of(names[i]);
		struct str region = of_regions ? str_slice(name, 0, name.n - strlen(".yaml")) : STR("");
		r = load_file(arena_cstr(a, arena_printf(a, "%s/%s", folder, names[i])), region, a, facts, complaint);
	}
	return r;
}

int facts_load_folder(const char *folder, struct arena *a, struct facts *ret, struct rules_complaint *complaint)
{
	struct facts all = {0};
	const char *regions = arena_cstr(a, arena_printf(a, "%s/regions", folder));
	int r = load_one_folder(folder, false, a, &all, complaint);
	if (r >= 0)
		r = load_one_folder(regions, true, a, &all, complaint);
	if (r >= 0)
		r = facts_check(&all, folder, complaint);
	if (r >= 0)
		*ret = all;
	return r;
}
