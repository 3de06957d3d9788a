/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * brands.yaml: a list of brands and public bodies that are impersonated, and which domain is whose. */
#include "base/err.h"
#include "rules/inside.h"

enum { BRAND_DOMAIN_MAX_BYTES = 253 };

static const char *const kind_words[] = {
#define X(code, word) word,
        BRAND_KIND_LIST(X)
#undef X
};

const char *brand_kind_word(enum brand_kind kind)
{
	CHECK((size_t) kind < BRAND_KIND_COUNT);
	return kind_words[kind];
}

static int read_kind(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	enum brand_kind *kind = target;
	struct str word;
	int r = yaml_read_text(f, node, &word);
	if (r < 0)
		return r;
	for (size_t i = 0; i < BRAND_KIND_COUNT; i++) {
		if (str_eq_c(word, kind_words[i])) {
			*kind = (enum brand_kind) i;
			return 0;
		}
	}
	return yaml_complain(f, node, "\"%.*s\" is not a kind of brand", STR_ARG(word));
}

static int read_evidence(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	bool *seen = target;
	struct str word;
	int r = yaml_read_text(f, node, &word);
	if (r < 0)
		return r;
	*seen = str_eq_c(word, "seen");
	if (!*seen && !str_eq_c(word, "memory"))
		return yaml_complain(f, node, "evidence is \"seen\" or \"memory\"");
	return 0;
}

struct names {
	struct str ja, en;
};

static int read_names(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	static const struct yaml_field fields[] = {
	        {"ja", YAML_TEXT, offsetof(struct names, ja), true, NULL},
	        {"en", YAML_TEXT, offsetof(struct names, en), true, NULL},
	};
	struct names names = {0};
	int r = yaml_read_mapping(f, node, fields, ARRAY_SIZE(fields), &names);
	struct brand *b = (struct brand *) (void *) ((char *) target - offsetof(struct brand, name_ja));
	b->name_ja = names.ja;
	b->name_en = names.en;
	return r;
}

/* Lower case, at least one dot, letters of a host name only; UTF-8 names are written in punycode. */
static bool is_domain(struct str s)
{
	if (s.n > BRAND_DOMAIN_MAX_BYTES || str_find_char(s, '.', 0) == STR_NOT_FOUND)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool dot = c == '.' && i > 0 && i + 1 < s.n && s.p[i - 1] != '.';
		if (!dot && c != '-' && !ascii_is_digit(c) && !(c >= 'a' && c <= 'z'))
			return false;
	}
	return true;
}

static int read_domains(struct yaml_file *f, const yaml_node_t *node, void *target)
{
	struct str_list *list = target;
	int r = yaml_read_texts(f, node, list);
	for (size_t i = 0; r >= 0 && i < list->n; i++) {
		if (!is_domain(list->at[i]))
			return yaml_complain(f, node, "\"%.*s\" is not a domain in lower case", STR_ARG(list->at[i]));
	}
	return r;
}

static int read_brand(struct yaml_file *f, const yaml_node_t *item, bool own, struct brand *ret)
{
	const struct yaml_field fields[] = {
	        {"id", YAML_TEXT, offsetof(struct brand, id), true, NULL},
	        {"name", YAML_OTHER, offsetof(struct brand, name_ja), true, read_names},
	        {"kind", YAML_OTHER, offsetof(struct brand, kind), true, read_kind},
	        {"spellings", YAML_TEXTS, offsetof(struct brand, spellings), false, NULL},
	        {"weak", YAML_TEXTS, offsetof(struct brand, weak), false, NULL},
	        {"domains", YAML_OTHER, offsetof(struct brand, domains), true, read_domains},
	        {"sending", YAML_OTHER, offsetof(struct brand, sending), false, read_domains},
	        {"source", YAML_TEXT, offsetof(struct brand, source), !own, NULL},
	        {"checked", YAML_DATE, offsetof(struct brand, checked), !own, NULL},
	        {"evidence", YAML_OTHER, offsetof(struct brand, seen), !own, read_evidence},
	        {"phone", YAML_TEXT, offsetof(struct brand, phone), false, NULL},
	        {"site", YAML_TEXT, offsetof(struct brand, site), false, NULL},
	};
	int r = yaml_read_mapping(f, item, fields, ARRAY_SIZE(fields), ret);
	if (r >= 0 && ret->domains.n == 0)
		return yaml_complain(f, item, "a brand needs at least one domain");
	if (r >= 0 && ret->spellings.n + ret->weak.n == 0)
		return yaml_complain(f, item, "a brand needs at least one spelling");
	return r;
}

struct brand_reading {
	struct rules *rules;
	bool own;
};

static int add_brand(void *context, struct yaml_file *f, const yaml_node_t *item)
{
	struct brand_reading *reading = context;
	struct rules *r = reading->rules;
	struct brand b = {.own = reading->own};
	int result = read_brand(f, item, reading->own, &b);
	if (result < 0)
		return result;
	uint32_t *index;
	result = set_put(&r->brand_ids, r->arena, b.id, &index);
	if (result < 0)
		return result;
	if (*index != SET_NONE) {
		if (!reading->own || r->brands.at[*index].own)
			return yaml_complain(f, item, "the id \"%.*s\" stands here twice", STR_ARG(b.id));
		r->brands.at[*index] = b;
		return 0;
	}
	if (r->brands.n >= RULES_BRANDS_MAX)
		return yaml_complain(f, item, "more than %d brands", RULES_BRANDS_MAX);
	struct brand *slot = ARENA_PUSH(r->arena, &r->brands);
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = b;
	*index = (uint32_t) r->brands.n - 1;
	return 0;
}

int rules_read_brands(struct rules *r, struct yaml_file *f, bool own)
{
	struct brand_reading reading = {.rules = r, .own = own};
	return yaml_each_item(f, yaml_file_root(f), add_brand, &reading);
}

static int own_domain(struct rules *r, struct str domain, uint32_t brand)
{
	uint32_t *index;
	int result = set_put(&r->domains, r->arena, domain, &index);
	if (result < 0)
		return result;
	if (*index == SET_NONE) {
		if (!ARENA_PUSH(r->arena, &r->domain_brands))
			return ERR_TOO_LARGE;
		*index = (uint32_t) r->domain_brands.n - 1;
	}
	struct brand_indexes *owners = &r->domain_brands.at[*index];
	uint32_t *list = ARENA_ARRAY(r->arena, uint32_t, owners->n + 1);
	if (!list)
		return ERR_TOO_LARGE;
	if (owners->n > 0)
		memcpy(list, owners->at, owners->n * sizeof(*list));
	list[owners->n] = brand;
	*owners = (struct brand_indexes){.at = list, .n = owners->n + 1};
	return 0;
}

int rules_index_domains(struct rules *r)
{
	int result = 0;
	for (size_t i = 0; result >= 0 && i < r->brands.n; i++) {
		const struct brand *b = &r->brands.at[i];
		for (size_t k = 0; result >= 0 && k < b->domains.n; k++)
			result = own_domain(r, b->domains.at[k], (uint32_t) i);
		for (size_t k = 0; result >= 0 && k < b->sending.n; k++) {
			if (!brand_has_domain(b, b->sending.at[k], false))
				result = own_domain(r, b->sending.at[k], (uint32_t) i);
		}
	}
	return result;
}

size_t rules_brand_count(const struct rules *r)
{
	return r->brands.n;
}

const struct brand *rules_brand(const struct rules *r, uint32_t index)
{
	CHECK(index < r->brands.n);
	return &r->brands.at[index];
}

const struct brand *rules_find_brand(const struct rules *r, struct str id)
{
	uint32_t index = set_get(&r->brand_ids, id);
	return index == SET_NONE ? NULL : &r->brands.at[index];
}

struct brand_indexes rules_brands_of_domain(const struct rules *r, struct str registrable)
{
	uint32_t index = set_get(&r->domains, registrable);
	return index == SET_NONE ? (struct brand_indexes){0} : r->domain_brands.at[index];
}

static bool list_holds(struct str_list list, struct str s)
{
	for (size_t i = 0; i < list.n; i++) {
		if (str_eq(list.at[i], s))
			return true;
	}
	return false;
}

bool brand_has_domain(const struct brand *b, struct str registrable, bool with_sending)
{
	return list_holds(b->domains, registrable) || (with_sending && list_holds(b->sending, registrable));
}
