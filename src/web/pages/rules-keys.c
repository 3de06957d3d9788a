/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 鍵: what people and programs show to the gate instead of a provider's key. Shown once. */
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/rules-rows.h"

enum { DAY_BYTES = 10 }; /* YYYY-MM-DD */

static json_t *key_json(const struct page *p, const struct keep_ai_key *k)
{
	json_t *j = json_object();
	json_object_set_new(j, "id", json_integer((json_int_t) k->id));
	json_object_set_new(j, "name", page_json_str(k->name));
	json_object_set_new(j, "tail", page_json_str(k->tail));
	json_object_set_new(j, "person", page_json_str(k->person_name));
	json_object_set_new(j, "is_program", json_boolean(k->person == 0));
	json_object_set_new(j, "department", page_json_str(k->department));
	json_object_set_new(j, "models", page_json_str(k->models));
	json_object_set_new(j, "requests_per_minute", json_integer((json_int_t) k->requests_per_minute));
	json_object_set_new(j, "tokens_per_minute", json_integer((json_int_t) k->tokens_per_minute));
	json_object_set_new(j, "created", page_json_time(k->created_us));
	json_object_set_new(j, "expires", page_json_time(k->expires_us));
	json_object_set_new(j, "used", page_json_time(k->used_us));
	json_object_set_new(j, "revoked", page_json_time(k->revoked_us));
	json_object_set_new(j, "living", json_boolean(k->revoked_us == 0 && k->expires_us > p->now_us));
	return j;
}

static int show(struct page *p)
{
	static const char *const kept[] = {"name",     "owner",  "department", "models",
	                                   "requests", "tokens", "until",      NULL};
	struct keep_ai_key_list_in in = {.all = page_may(p, WHO_PATROL)};
	struct keep_ai_key_list_out out;
	json_t *list = json_array();

	rows_keep_fields(p, kept);
	page_put(p, "keys", list);
	rules_put_done(p);
	int r = rules_put_people(p, NULL);
	if (r >= 0)
		r = keep_ai_key_list(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.keys.n; i++)
		json_array_append_new(list, key_json(p, &out.keys.at[i]));
	return r;
}

/* "self", "program", or the number of a person. */
static int read_owner(const struct page *p, uint64_t *ret)
{
	struct str owner = page_field(p, "owner");
	if (str_eq_c(owner, "program")) {
		*ret = 0;
		return 0;
	}
	if (owner.n == 0 || str_eq_c(owner, "self")) {
		*ret = p->person.id;
		return 0;
	}
	return str_parse_u64(owner, UINT32_MAX, ret);
}

int rules_keys_page(struct page *p)
{
	struct keep_ai_key_new_in in = {.name = str_trim(page_field(p, "name")),
	                                .department = str_trim(page_field(p, "department")),
	                                .models = str_trim(page_field(p, "models"))};
	struct keep_ai_key_new_out out;

	if (p->method == HTTP_GET)
		return show(p);
	int r = read_owner(p, &in.person);
	if (r >= 0)
		r = rules_parse_number(page_field(p, "requests"), 100000000, &in.requests_per_minute);
	if (r >= 0)
		r = rules_parse_number(page_field(p, "tokens"), 100000000, &in.tokens_per_minute);
	if (r >= 0)
		r = rows_day(p, page_field(p, "until"), &in.expires_us);
	if (r >= 0)
		r = keep_ai_key_new(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0) {
		r = rules_problem(p, r, r == ERR_TOO_LARGE ? "rules.keys.problem.many" : "rules.keys.problem", "name");
		return r < 0 ? r : show(p);
	}
	page_put_str(p, "fresh_key", out.key);
	return show(p);
}

/* ERR_NOT_FOUND: no such key, or it was withdrawn or has run out. */
static int find_living(struct page *p, struct keep_ai_key *ret)
{
	struct keep_ai_key_list_out out;
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = keep_ai_key_list(p->keep, &p->actor, &(struct keep_ai_key_list_in){.all = true}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.keys.n; i++) {
		*ret = out.keys.at[i];
		if (ret->id == id && ret->revoked_us == 0 && ret->expires_us > p->now_us)
			return 0;
	}
	return r < 0 ? r : ERR_NOT_FOUND;
}

static struct str number_or_empty(const struct page *p, uint64_t number)
{
	return number ? arena_printf(p->arena, "%llu", (unsigned long long) number) : STR("");
}

static int show_one(struct page *p, const struct keep_ai_key *k)
{
	static const char *const kept[] = {"name", "department", "models", "requests", "tokens", "until", NULL};
	char until[CLOCK_TEXT_BYTES];
	clock_format_local(k->expires_us, until);
	const struct str now[] = {k->name,
	                          k->department,
	                          k->models,
	                          number_or_empty(p, k->requests_per_minute),
	                          number_or_empty(p, k->tokens_per_minute),
	                          str_make(until, DAY_BYTES)};
	json_t *form = json_object();
	for (size_t i = 0; kept[i]; i++)
		json_object_set_new(form, kept[i],
		                    page_json_str(p->method == HTTP_POST ? page_field(p, kept[i]) : now[i]));
	page_put(p, "form", form);
	page_put(p, "key", key_json(p, k));
	page_set_title(p, k->name);
	return 0;
}

int rules_key_page(struct page *p)
{
	struct keep_ai_key_change_in in = {.name = str_trim(page_field(p, "name")),
	                                   .department = str_trim(page_field(p, "department")),
	                                   .models = str_trim(page_field(p, "models"))};
	struct keep_ai_key_change_out out;
	struct keep_ai_key key;
	int r = find_living(p, &key);
	if (r < 0 || p->method == HTTP_GET)
		return r < 0 ? r : show_one(p, &key);
	in.id = key.id;
	r = rules_parse_number(page_field(p, "requests"), 100000000, &in.requests_per_minute);
	if (r >= 0)
		r = rules_parse_number(page_field(p, "tokens"), 100000000, &in.tokens_per_minute);
	if (r >= 0)
		r = rows_day(p, page_field(p, "until"), &in.expires_us);
	if (r >= 0 && in.expires_us == 0)
		in.expires_us = key.expires_us;
	if (r >= 0)
		r = keep_ai_key_change(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0)
		return page_redirect(p, "/rules/keys?done=1");
	r = rules_problem(p, r, "rules.keys.problem", "name");
	return r < 0 ? r : show_one(p, &key);
}

int rules_key_revoke_page(struct page *p)
{
	struct keep_ai_key_revoke_in in = {0};
	struct keep_ai_key_revoke_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_ai_key_revoke(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/rules/keys?done=1");
}
