/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 入れてよいもの: the table kind by destination, with its reasons; what cannot be loosened is shown as locked. */
#include "base/err.h"
#include "web/pages/rules-rows.h"

enum { CSV_MAX_BYTES = 256 * 1024, FIELD_NAME_MAX_BYTES = 64 };

static int get_rules(struct page *p, struct keep_ai_rule_list *ret_rows, struct policy_rules *ret)
{
	struct keep_ai_rule_list_out out;
	int r = keep_ai_rule_list(p->keep, &p->actor, &(struct keep_ai_rule_list_in){0}, p->arena, &out);
	if (r < 0)
		return r;
	struct policy_rule *rules = ARENA_ARRAY(p->arena, struct policy_rule, out.rules.n);
	size_t n = 0;
	for (size_t i = 0; rules && i < out.rules.n; i++) {
		const struct keep_ai_rule *row = &out.rules.at[i];
		struct policy_rule *rule = &rules[n];
		*rule = (struct policy_rule){.roles = (uint32_t) row->roles, .department = row->department};
		if (policy_kind_from_word(row->kind, &rule->kind) >= 0 &&
		    policy_destination_from_word(row->destination, &rule->destination) >= 0 &&
		    policy_action_from_word(row->action, &rule->action) >= 0)
			n++;
	}
	*ret_rows = out.rules;
	*ret = (struct policy_rules){.at = rules, .n = n};
	return rules ? 0 : ERR_TOO_LARGE;
}

int rules_get_policy(struct page *p, struct policy_rules *ret)
{
	struct keep_ai_rule_list rows;
	return get_rules(p, &rows, ret);
}

static bool may_choose(enum leak_kind kind, enum policy_destination where, enum policy_action action)
{
	return policy_rule_holds(&(struct policy_rule){.kind = kind, .destination = where, .action = action});
}

static json_t *cell_json(struct page *p, const struct policy_matrix *m, enum leak_kind kind)
{
	json_t *j = json_object(), *choices = json_array();
	enum policy_action now = policy_decide(m, kind, LEAK_HIGH), low = policy_decide(m, kind, LEAK_LOW);
	struct str word = str_of(policy_action_word(now));
	json_object_set_new(j, "name",
	                    page_json_str(arena_printf(p->arena, "%s.%s", policy_kind_word(kind),
	                                               policy_destination_word(m->destination))));
	json_object_set_new(j, "destination", json_string(policy_destination_word(m->destination)));
	json_object_set_new(j, "action", page_json_str(word));
	json_object_set_new(j, "label", rows_text(p, "policy.action.", word, ""));
	json_object_set_new(j, "low_label", rows_text(p, "policy.action.", str_of(policy_action_word(low)), ""));
	json_object_set_new(j, "is", rows_flag(word));
	json_object_set_new(j, "locked", json_boolean(policy_loosest(kind, m->destination) == POLICY_STOP));
	json_object_set_new(j, "own", json_boolean(m->from_rules & POLICY_KIND_BIT(kind)));
	json_object_set_new(j, "approval", json_boolean(now == POLICY_STOP && m->approvable & POLICY_KIND_BIT(kind)));
	for (enum policy_action a = POLICY_ALLOW; a < POLICY_ACTION_COUNT; a++) {
		struct str choice = str_of(policy_action_word(a));
		if (may_choose(kind, m->destination, a))
			json_array_append_new(choices,
			                      json_pack("{s:o, s:o, s:b, s:b}", "word", page_json_str(choice), "label",
			                                rows_text(p, "policy.action.", choice, ""), "selected",
			                                (int) (a == now), "usual",
			                                (int) (a == policy_default(kind, LEAK_HIGH, m->destination))));
	}
	json_object_set_new(j, "choices", choices);
	return j;
}

static void put_matrix(struct page *p, const struct policy_rules *rules)
{
	static const enum policy_destination order[] = {POLICY_CONTRACTED, POLICY_OTHER, POLICY_LOCAL};
	static const struct policy_asker anybody = {.role = POLICY_ROLES_MAX};
	struct policy_matrix m[ARRAY_SIZE(order)];
	json_t *kinds = json_array();

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		policy_matrix_make(rules, &anybody, order[i], 0, &m[i]);
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		json_t *j = rules_kind(p, kind), *cells = json_array();
		json_object_set_new(j, "why", rows_text(p, "policy.why.", str_of(policy_kind_word(kind)), ""));
		for (size_t i = 0; i < ARRAY_SIZE(order); i++)
			json_array_append_new(cells, cell_json(p, &m[i], kind));
		json_object_set_new(j, "cells", cells);
		json_array_append_new(kinds, j);
	}
	page_put(p, "kinds", kinds);
}

/* Rules for a role or a department stand below the table. */
static void put_special(struct page *p, const struct keep_ai_rule_list *rows)
{
	json_t *list = json_array();
	for (size_t i = 0; i < rows->n; i++) {
		const struct keep_ai_rule *row = &rows->at[i];
		struct str role = STR("");
		if (row->roles == 0 && row->department.n == 0)
			continue;
		for (int k = 0; k < ROLE_COUNT; k++) {
			if (row->roles == 1u << k)
				role = str_of(role_word((enum person_role) k));
		}
		json_t *j = json_object();
		json_object_set_new(j, "kind", page_json_str(row->kind));
		json_object_set_new(j, "kind_label", rows_text(p, "leak.kind.", row->kind, ""));
		json_object_set_new(j, "destination", page_json_str(row->destination));
		json_object_set_new(j, "destination_label", rows_text(p, "policy.destination.", row->destination, ""));
		json_object_set_new(j, "roles", json_integer((json_int_t) row->roles));
		json_object_set_new(j, "role_label",
		                    row->roles == 1u << POLICY_ROLE_PROGRAM
		                            ? json_string(i18n_text(p->language, "rules.keys.program"))
		                            : rows_text(p, "role.", role, ""));
		json_object_set_new(j, "department", page_json_str(row->department));
		json_object_set_new(j, "action", page_json_str(row->action));
		json_object_set_new(j, "action_label", rows_text(p, "policy.action.", row->action, ""));
		json_object_set_new(j, "reason", page_json_str(row->reason));
		json_array_append_new(list, j);
	}
	page_put(p, "special", list);
}

static int show(struct page *p)
{
	static const char *const kept[] = {"department", "reason", NULL};
	struct keep_ai_rule_list rows;
	struct policy_rules rules;
	json_t *kinds = json_array();

	rows_keep_fields(p, kept);
	rules_put_done(p);
	int r = get_rules(p, &rows, &rules);
	if (r < 0)
		return r;
	put_matrix(p, &rules);
	put_special(p, &rows);
	page_put(p, "roles", rows_roles(p, STR("")));
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++)
		json_array_append_new(kinds, rules_kind(p, kind));
	page_put(p, "all_kinds", kinds);
	page_put(p, "destinations", rules_choices(p, "policy.destination.", "contracted|other|local", STR("")));
	page_put(p, "actions", rules_choices(p, "policy.action.", "allow|warn|mask|stop", STR("")));
	return 0;
}

/* Of the matrix: every cell that was sent and differs from what counts now. */
static int collect_cells(struct page *p, const struct policy_rules *rules, struct keep_ai_rule_list *ret)
{
	static const struct policy_asker anybody = {.role = POLICY_ROLES_MAX};
	struct policy_matrix m;
	char name[FIELD_NAME_MAX_BYTES];

	for (enum policy_destination where = 0; where < POLICY_DESTINATION_COUNT; where++) {
		policy_matrix_make(rules, &anybody, where, 0, &m);
		for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
			snprintf(name, sizeof(name), "%s.%s", policy_kind_word(kind), policy_destination_word(where));
			struct str typed = page_field(p, name);
			enum policy_action action;
			if (typed.n == 0 || str_eq_c(typed, policy_action_word(policy_decide(&m, kind, LEAK_HIGH))))
				continue;
			if (policy_action_from_word(typed, &action) < 0)
				return ERR_INVALID;
			struct keep_ai_rule *row = ARENA_PUSH(p->arena, ret);
			if (!row)
				return ERR_TOO_LARGE;
			*row = (struct keep_ai_rule){.kind = str_of(policy_kind_word(kind)),
			                             .destination = str_of(policy_destination_word(where)),
			                             .action = typed};
			if (action == policy_default(kind, LEAK_HIGH, where))
				row->action = STR("");
		}
	}
	return 0;
}

static int finish(struct page *p, int r)
{
	if (r == ERR_DENIED || r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, r == ERR_DENIED ? "rules.policy.problem.locked" : "rules.policy.problem", "");
		return show(p);
	}
	return r < 0 ? r : page_redirect(p, "/rules/policy?done=1");
}

int rules_policy_page(struct page *p)
{
	struct keep_ai_rule_list rows, changes = {0};
	struct policy_rules rules;
	struct keep_ai_rule_set_out out;

	if (p->method == HTTP_GET)
		return show(p);
	if (!page_may(p, WHO_PATROL))
		return ERR_DENIED;
	int r = get_rules(p, &rows, &rules);
	if (r >= 0)
		r = collect_cells(p, &rules, &changes);
	if (r >= 0)
		r = keep_ai_rule_set(p->keep, &p->actor, &(struct keep_ai_rule_set_in){.rules = changes}, p->arena,
		                     &out);
	return finish(p, r);
}

int rules_policy_special_page(struct page *p)
{
	struct keep_ai_rule row = {.kind = page_field(p, "kind"),
	                           .destination = page_field(p, "destination"),
	                           .department = str_trim(page_field(p, "department")),
	                           .action = page_has_field(p, "remove") ? STR("") : page_field(p, "action"),
	                           .reason = str_trim(page_field(p, "reason"))};
	struct keep_ai_rule_set_in in = {.rules = {.at = &row, .n = 1}};
	struct keep_ai_rule_set_out out;
	struct str role = page_field(p, "role");
	enum person_role number;

	int r = 0;
	if (str_eq_c(role, "program"))
		row.roles = 1u << POLICY_ROLE_PROGRAM;
	else if (page_has_field(p, "roles"))
		r = str_parse_u64(page_field(p, "roles"), UINT16_MAX, &row.roles);
	else if (role.n > 0 && (r = role_of_word(role, &number)) >= 0)
		row.roles = 1u << number;
	if (r >= 0 && row.roles == 0 && row.department.n == 0)
		r = ERR_INVALID;
	if (r >= 0 && row.action.n == 0 && !page_has_field(p, "remove"))
		r = ERR_INVALID;
	if (r >= 0)
		r = keep_ai_rule_set(p->keep, &p->actor, &in, p->arena, &out);
	return finish(p, r);
}

int rules_policy_csv_page(struct page *p)
{
	static const enum policy_destination order[] = {POLICY_CONTRACTED, POLICY_OTHER, POLICY_LOCAL};
	static const struct policy_asker anybody = {.role = POLICY_ROLES_MAX};
	struct keep_ai_rule_list rows;
	struct policy_rules rules;
	struct policy_matrix m;
	struct buf b = buf_make(CSV_MAX_BYTES);

	int r = get_rules(p, &rows, &rules);
	if (r < 0)
		return r;
	buf_add_c(&b, ROWS_CSV_BOM);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "rules.policy.kind")), false);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		struct str word = str_of(policy_destination_word(order[i]));
		const char *text =
		        i18n_find(p->language, arena_printf(p->arena, "policy.destination.%.*s", STR_ARG(word)));
		rows_csv_cell(&b, str_of(text), i + 1 == ARRAY_SIZE(order));
	}
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		const char *label =
		        i18n_find(p->language, arena_printf(p->arena, "leak.kind.%s", policy_kind_word(kind)));
		rows_csv_cell(&b, str_of(label), false);
		for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
			policy_matrix_make(&rules, &anybody, order[i], 0, &m);
			const char *action = policy_action_word(policy_decide(&m, kind, LEAK_HIGH));
			const char *text = i18n_find(p->language, arena_printf(p->arena, "policy.action.%s", action));
			rows_csv_cell(&b, str_of(text), i + 1 == ARRAY_SIZE(order));
		}
	}
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "policy.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
