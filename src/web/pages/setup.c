/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first run: the code from the console opens it, ten questions at most, and it ends with the paper kit and the
 * first check. */
#include "base/clock.h"
#include "base/err.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"

static const char *const kept[] = {"code", "company", "own_domains", "name", "login", "role", NULL};

static int show(struct page *p, bool has_code)
{
	struct str role = page_field(p, "role");
	rows_keep_fields(p, kept);
	page_put(p, "has_code", json_boolean(has_code));
	page_put(p, "is_operator", json_boolean(str_eq_c(role, "operator")));
	page_put(p, "password_min", json_integer(PASSWORD_MIN_CHARACTERS));
	return 0;
}

static int problem_of_code(struct page *p, int r)
{
	if (r == ERR_CONFLICT)
		return page_redirect(p, "/login");
	if (r != ERR_DENIED && r != ERR_BUSY && r != ERR_INVALID && r != ERR_NOT_FOUND)
		return r;
	page_problem(p, r == ERR_BUSY ? "setup.problem.throttled" : "setup.problem.code", "code");
	return show(p, false);
}

static int finish(struct page *p, struct str code)
{
	struct keep_setup_finish_out out;
	bool is_operator = str_eq_c(page_field(p, "role"), "operator");
	const struct keep_setup_finish_in in = {
	        .code = code,
	        .company = str_trim(page_field(p, "company")),
	        .language = str_of(language_tag(p->language)),
	        .name = str_trim(page_field(p, "name")),
	        .login = str_trim(page_field(p, "login")),
	        .password = page_field(p, "password"),
	        .role = is_operator ? ROLE_OPERATOR : ROLE_PRESIDENT,
	        .own_domains = str_trim(page_field(p, "own_domains")),
	};
	const char *problem = in.company.n == 0 ? "company"
	                      : in.name.n == 0  ? "name"
	                      : in.login.n == 0 ? "login"
	                                        : NULL;
	int r = problem ? ERR_INVALID : keep_setup_finish(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_DENIED || r == ERR_BUSY || r == ERR_CONFLICT)
		return problem_of_code(p, r);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, problem ? "setup.problem.empty" : "setup.problem.field",
		             problem ? problem : "password");
		return show(p, true);
	}
	if (r < 0)
		return r;
	page_start_session(p, out.token);
	return page_redirect(p, "/me/second-factor?setup=1");
}

int setup_page(struct page *p)
{
	struct keep_setup_state_out state;
	struct keep_setup_check_out checked;
	struct str code = str_trim(page_field(p, "code"));
	int r = keep_setup_state(p->keep, &p->actor, &(struct keep_setup_state_in){0}, p->arena, &state);
	if (r < 0)
		return r;
	if (state.finished)
		return page_redirect(p, "/");
	if (p->method == HTTP_GET)
		return show(p, false);
	if (page_has_field(p, "password"))
		return finish(p, code);
	r = keep_setup_check(p->keep, &p->actor, &(struct keep_setup_check_in){.code = code}, p->arena, &checked);
	return r < 0 ? problem_of_code(p, r) : show(p, true);
}

/* ---- after the first person is there: whom to ask, the bank, the partners ---- */

static int set(struct page *p, const char *name, struct str value)
{
	struct keep_setting_set_out out;
	struct keep_setting_set_in in = {.name = str_of(name), .value = str_trim(value)};
	return value.n == 0 ? 0 : keep_setting_set(p->keep, &p->actor, &in, p->arena, &out);
}

static int save_bank(struct page *p)
{
	struct keep_contact_add_out out;
	struct keep_contact_add_in in = {
	        .brand = str_trim(page_field(p, "bank_name")),
	        .name = str_trim(page_field(p, "bank_name")),
	        .url = str_trim(page_field(p, "bank_url")),
	        .phone = str_trim(page_field(p, "bank_phone")),
	        .checked_us = p->now_us,
	};
	if (in.name.n == 0 && in.url.n == 0 && in.phone.n == 0)
		return 0;
	for (size_t i = 0; p->rules && i < rules_brand_count(p->rules); i++)
		if (str_eq(rules_brand(p->rules, (uint32_t) i)->name_ja, in.name))
			in.brand = rules_brand(p->rules, (uint32_t) i)->id;
	return keep_contact_add(p->keep, &p->actor, &in, p->arena, &out);
}

/* Whom to call on a bad morning: for the paper and the emergency page. */
static int save_partner(struct page *p, const char *relation, struct str name, struct str phone)
{
	const struct register_kind *kind = register_find(STR("partners"));
	struct keep_item_save_out out;
	struct register_item item = {0};
	size_t at;
	if (name.n == 0 || phone.n == 0)
		return 0;
	(void) register_field_find(kind, STR("relation"), &at);
	item.value[at] = str_of(relation);
	(void) register_field_find(kind, STR("name"), &at);
	int r = register_check(&kind->fields[at], name, p->arena, &item.value[at]);
	(void) register_field_find(kind, STR("phone"), &at);
	if (r >= 0)
		r = register_check(&kind->fields[at], phone, p->arena, &item.value[at]);
	if (r < 0) /* 「内線 12」 is a way to reach somebody, but nothing to call from outside */
		return 0;
	struct keep_item row = register_row(p, kind, &item);
	return keep_item_save(p->keep, &p->actor, &(struct keep_item_save_in){.items = {.at = &row, .n = 1}}, p->arena,
	                      &out);
}

static const struct {
	const char *field, *setting;
} asked[] = {
        {"ask_name", "company.ask-name"}, {"ask_phone", "company.ask-phone"}, {"partners", "company.correspondents"}};

int setup_ask_page(struct page *p)
{
	static const char *const fields[] = {"ask_name",   "ask_phone", "bank_name", "bank_url",
	                                     "bank_phone", "partners",  NULL};
	const char *wrong = NULL;
	int r = 0;
	rows_keep_fields(p, fields);
	if (p->method == HTTP_GET)
		return 0;
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked) && r >= 0; i++) {
		r = set(p, asked[i].setting, page_field(p, asked[i].field));
		wrong = asked[i].field;
	}
	if (r >= 0) {
		r = save_bank(p);
		wrong = "bank_name";
	}
	if (r >= 0)
		r = save_partner(p, "own", page_field(p, "ask_name"), page_field(p, "ask_phone"));
	if (r >= 0)
		r = save_partner(p, "bank", page_field(p, "bank_name"), page_field(p, "bank_phone"));
	if (r == ERR_INVALID || r == ERR_TOO_LARGE)
		return page_problem(p, "setup.problem.ask", wrong);
	return r < 0 ? r : page_redirect(p, "/prepare/kit?setup=1");
}
