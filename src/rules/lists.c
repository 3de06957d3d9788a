/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lists.yaml: name: [value, ...]; popular.txt: one registrable domain a line, # begins a comment. */
#include "base/err.h"
#include "rules/inside.h"

static const struct rules_list empty_list;

static struct rules_list *find_list(const struct rules *r, struct str name)
{
	for (size_t i = 0; i < r->lists.n; i++) {
		if (str_eq(r->lists.at[i].name, name))
			return &r->lists.at[i];
	}
	return NULL;
}

static struct str lower_case(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; p && i < s.n; i++)
		p[i] = ascii_lower(s.p[i]);
	return str_make(p, p ? s.n : 0);
}

static int add_value(struct rules *r, struct rules_list *list, struct str value)
{
	struct str s = lower_case(r->arena, value);
	uint32_t *number;
	if (!s.p || set_put(&list->set, r->arena, s, &number) < 0)
		return ERR_TOO_LARGE;
	if (*number != SET_NONE)
		return 0;
	struct str *slot = ARENA_PUSH(r->arena, &list->all);
	if (!slot)
		return ERR_TOO_LARGE;
	*slot = s;
	*number = (uint32_t) list->all.n - 1;
	return 0;
}

static int add_list(void *context, struct yaml_file *f, struct str name, const yaml_node_t *key,
                    const yaml_node_t *value)
{
	struct rules *r = context;
	struct str_list values;
	int result = yaml_read_texts(f, value, &values);
	if (result < 0)
		return result;
	struct rules_list *list = find_list(r, name);
	if (!list) {
		list = ARENA_PUSH(r->arena, &r->lists);
		if (!list)
			return ERR_TOO_LARGE;
		list->name = name;
	}
	for (size_t i = 0; result >= 0 && i < values.n; i++)
		result = add_value(r, list, values.at[i]);
	return result;
}

int rules_read_lists(struct rules *r, struct yaml_file *f, bool own)
{
	return yaml_each_pair(f, yaml_file_root(f), add_list, r);
}

static int complain(struct rules_complaint *c, const char *path, unsigned line, const char *text)
{
	*c = (struct rules_complaint){.line = line};
	snprintf(c->file, sizeof(c->file), "%s", path);
	snprintf(c->text, sizeof(c->text), "%s", text);
	return ERR_INVALID;
}

int rules_read_popular(struct rules *r, const char *path, struct str bytes, struct rules_complaint *complaint)
{
	struct str rest = bytes, line;
	for (unsigned number = 1; str_next_line(&rest, &line); number++) {
		struct str domain = str_trim(str_slice(line, 0, str_find_char(line, '#', 0)));
		if (domain.n == 0)
			continue;
		if (str_find_char(domain, '.', 0) == STR_NOT_FOUND || str_find_char(domain, ' ', 0) != STR_NOT_FOUND)
			return complain(complaint, path, number, "one domain a line is wanted here");
		struct str s = lower_case(r->arena, domain);
		uint32_t *value;
		if (!s.p || set_put(&r->popular, r->arena, s, &value) < 0)
			return ERR_TOO_LARGE;
		*value = 0;
	}
	return 0;
}

bool rules_is_popular(const struct rules *r, struct str registrable)
{
	return set_has(&r->popular, registrable);
}

bool rules_next_popular(const struct rules *r, size_t *at, struct str *ret)
{
	while (*at < r->popular.size) {
		*ret = r->popular.slots[(*at)++].key;
		if (ret->p)
			return true;
	}
	return false;
}

const struct rules_list *rules_list(const struct rules *r, const char *name)
{
	const struct rules_list *list = find_list(r, str_of(name));
	return list ? list : &empty_list;
}

bool rules_list_has(const struct rules_list *list, struct str value)
{
	return set_has(&list->set, value);
}

struct str_list rules_list_all(const struct rules_list *list)
{
	return (struct str_list){.at = list->all.at, .n = list->all.n};
}
