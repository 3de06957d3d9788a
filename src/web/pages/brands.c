/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of names: whom fraud pretends to be, which domains are truly theirs, and what the company adds to it. */
#include "base/err.h"
#include "web/pages/rows.h"

enum { SHOWN_MAX = 60, DOMAINS_SHOWN = 4 };

static bool matches(const struct brand *b, struct str words)
{
	if (str_contains(b->name_ja, words) || str_find_icase(b->name_en, words, 0) != STR_NOT_FOUND ||
	    str_find_icase(b->id, words, 0) != STR_NOT_FOUND)
		return true;
	for (size_t i = 0; i < b->spellings.n; i++)
		if (str_find_icase(b->spellings.at[i], words, 0) != STR_NOT_FOUND)
			return true;
	for (size_t i = 0; i < b->domains.n; i++)
		if (str_find_icase(b->domains.at[i], words, 0) != STR_NOT_FOUND)
			return true;
	return false;
}

static json_t *brand_json(const struct page *p, const struct brand *b)
{
	json_t *j = json_object(), *domains = json_array();
	for (size_t i = 0; i < b->domains.n && i < DOMAINS_SHOWN; i++)
		json_array_append_new(domains, page_json_str(b->domains.at[i]));
	json_object_set_new(j, "id", page_json_str(b->id));
	json_object_set_new(j, "name", page_json_str(p->language == LANGUAGE_JA ? b->name_ja : b->name_en));
	json_object_set_new(j, "kind", json_string(brand_kind_word(b->kind)));
	json_object_set_new(j, "domains", domains);
	json_object_set_new(
	        j, "more",
	        json_integer((json_int_t) (b->domains.n > DOMAINS_SHOWN ? b->domains.n - DOMAINS_SHOWN : 0)));
	json_object_set_new(j, "checked", page_json_str(b->checked));
	json_object_set_new(j, "seen", json_boolean(b->seen));
	json_object_set_new(j, "own", json_boolean(b->own));
	return j;
}

static int show(struct page *p)
{
	static const char *const kept[] = {"brand", "name", "domain", "effect", NULL};
	struct str words = str_trim(page_query(p, "q"));
	struct keep_brand_list_out out;
	json_t *found = json_array(), *own = json_array();
	json_int_t count = 0;
	rows_keep_fields(p, kept);
	page_put(p, "found", found);
	page_put(p, "own", own);
	page_put_str(p, "q", words);
	page_put(p, "total", json_integer((json_int_t) (p->rules ? rules_brand_count(p->rules) : 0)));
	for (size_t i = 0; words.n > 0 && p->rules && i < rules_brand_count(p->rules); i++) {
		const struct brand *b = rules_brand(p->rules, (uint32_t) i);
		if (!matches(b, words))
			continue;
		if (count++ < SHOWN_MAX)
			json_array_append_new(found, brand_json(p, b));
	}
	page_put(p, "count", json_integer(count));
	int r = keep_brand_list(p->keep, &p->actor, &(struct keep_brand_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.brands.n; i++) {
		const struct keep_brand *b = &out.brands.at[i];
		json_t *j = json_object();
		json_object_set_new(j, "id", json_integer((json_int_t) b->id));
		json_object_set_new(j, "name", page_json_str(b->name));
		json_object_set_new(j, "brand", page_json_str(b->brand));
		json_object_set_new(j, "domain", page_json_str(b->domain));
		json_object_set_new(j, "removes", json_boolean(str_eq_c(b->effect, "remove")));
		json_object_set_new(j, "added", page_json_time(b->added_us));
		json_array_append_new(own, j);
	}
	return r;
}

/* The id for a name: that of the table when the name is in it, else the name itself. */
static struct str id_of(const struct page *p, struct str name)
{
	for (size_t i = 0; p->rules && i < rules_brand_count(p->rules); i++) {
		const struct brand *b = rules_brand(p->rules, (uint32_t) i);
		if (str_eq(b->name_ja, name) || str_eq_icase(b->name_en, name) || str_eq(b->id, name))
			return b->id;
	}
	return name;
}

int brands_page(struct page *p)
{
	struct keep_brand_add_out out;
	if (p->method == HTTP_GET)
		return show(p);
	if (!page_may(p, WHO_PATROL))
		return ERR_DENIED;
	struct str name = str_trim(page_field(p, "name"));
	struct keep_brand_add_in in = {
	        .brand = id_of(p, name),
	        .name = name,
	        .domain = str_trim(page_field(p, "domain")),
	        .effect = str_eq_c(page_field(p, "effect"), "remove") ? STR("remove") : STR("add"),
	};
	int r = name.n == 0 || in.domain.n == 0 ? ERR_INVALID : keep_brand_add(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE || r == ERR_EXISTS) {
		page_problem(p, r == ERR_EXISTS ? "brands.problem.exists" : "brands.problem", "domain");
		return show(p);
	}
	return r < 0 ? r : page_redirect(p, "/brands");
}

int brand_delete_page(struct page *p)
{
	struct keep_brand_delete_in in = {0};
	struct keep_brand_delete_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_brand_delete(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/brands");
}
