/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 社内ルール: the page that leads to the others; approvals; declarations without blame. */
#include "base/err.h"
#include "store/ai.h"
#include "policy/mark.h"
#include "web/pages/rules-rows.h"

int rules_page(struct page *p)
{
	struct keep_ai_approval_list_in in = {.all = page_may(p, WHO_PATROL)};
	struct keep_ai_approval_list_out out;
	int r = keep_ai_approval_list(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0)
		page_put(p, "waiting", json_integer((json_int_t) out.waiting));
	return r;
}

/* ---- approvals ---- */

static json_t *kinds_json(const struct page *p, uint64_t kinds)
{
	json_t *list = json_array();
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		if (kinds >> kind & 1)
			json_array_append_new(list, rules_kind(p, kind));
	}
	return list;
}

static json_t *approval_json(const struct page *p, const struct keep_ai_approval *v)
{
	static const char *const states[] = {"waiting", "approved", "refused"};
	json_t *j = json_object();
	bool is_living = v->state == AI_APPROVAL_APPROVED && v->expires_us > p->now_us;
	struct str state = str_of(v->state == AI_APPROVAL_APPROVED && !is_living ? "over" : states[v->state % 3]);
	json_object_set_new(j, "id", json_integer((json_int_t) v->id));
	json_object_set_new(j, "person", page_json_str(v->person_name));
	json_object_set_new(j, "kinds", kinds_json(p, v->kinds));
	json_object_set_new(j, "destination_label", rows_text(p, "policy.destination.", v->destination, ""));
	json_object_set_new(j, "reason", page_json_str(v->reason));
	json_object_set_new(j, "asked", page_json_time(v->asked_us));
	json_object_set_new(j, "state", page_json_str(state));
	json_object_set_new(j, "state_label", rows_text(p, "rules.approvals.state.", state, ""));
	json_object_set_new(j, "waiting", json_boolean(v->state == AI_APPROVAL_WAITING));
	json_object_set_new(j, "living", json_boolean(is_living));
	json_object_set_new(j, "decided_by", page_json_str(v->decided_by_name));
	json_object_set_new(j, "decided", page_json_time(v->decided_us));
	json_object_set_new(j, "expires", page_json_time(v->expires_us));
	json_object_set_new(j, "note", page_json_str(v->note));
	json_object_set_new(j, "own", json_boolean(v->person == p->person.id));
	json_object_set_new(j, "values", json_integer((json_int_t) policy_marks_count(v->marks)));
	return j;
}

/* Kinds that an approval can help with somewhere. */
static void put_kinds(struct page *p)
{
	json_t *list = json_array();
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		enum policy_bar bar = policy_bar_of(kind);
		if (bar != POLICY_BAR_HARD && bar != POLICY_BAR_NONE) {
			json_t *j = rules_kind(p, kind);
			json_object_set_new(
			        j, "chosen",
			        json_boolean(page_has_field(p, policy_kind_word(kind)) ||
			                     str_contains(page_query(p, "kinds"), str_of(policy_kind_word(kind)))));
			json_array_append_new(list, j);
		}
	}
	page_put(p, "all_kinds", list);
	page_put(p, "destinations",
	         rules_choices(p, "policy.destination.", "contracted|other|local", page_field(p, "destination")));
}

static int show_approvals(struct page *p)
{
	static const char *const kept[] = {"reason", NULL};
	struct keep_ai_approval_list_in in = {.all = page_may(p, WHO_PATROL)};
	struct keep_ai_approval_list_out out;
	json_t *list = json_array();

	rows_keep_fields(p, kept);
	rules_put_done(p);
	put_kinds(p);
	page_put(p, "approvals", list);
	int r = keep_ai_approval_list(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.approvals.n; i++)
		json_array_append_new(list, approval_json(p, &out.approvals.at[i]));
	return r;
}

int rules_approvals_page(struct page *p)
{
	struct keep_ai_approval_ask_in in = {.destination = page_field(p, "destination"),
	                                     .reason = str_trim(page_field(p, "reason"))};
	struct keep_ai_approval_ask_out out;

	if (p->method == HTTP_GET)
		return show_approvals(p);
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		if (page_has_field(p, policy_kind_word(kind)))
			in.kinds |= POLICY_KIND_BIT(kind);
	}
	int r = keep_ai_approval_ask(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_DENIED || r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, r == ERR_DENIED ? "rules.approvals.problem.hard" : "rules.approvals.problem", "reason");
		return show_approvals(p);
	}
	return r < 0 ? r : page_redirect(p, "/rules/approvals?done=1");
}

int rules_approval_page(struct page *p)
{
	struct keep_ai_approval_decide_in in = {.approve = str_eq_c(page_field(p, "how"), "approve"),
	                                        .whole = page_has_field(p, "whole"),
	                                        .note = str_trim(page_field(p, "note"))};
	struct keep_ai_approval_decide_out out;

	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = rules_parse_number(page_field(p, "hours"), 744, &in.hours);
	if (r >= 0)
		r = keep_ai_approval_decide(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_CONFLICT || r == ERR_INVALID) {
		page_problem(p, r == ERR_CONFLICT ? "rules.approvals.problem.own" : "rules.approvals.problem.hours",
		             "hours");
		return show_approvals(p);
	}
	return r < 0 ? r : page_redirect(p, "/rules/approvals?done=1");
}

/* ---- declarations ---- */

static json_t *declaration_json(const struct keep_ai_declaration *d)
{
	json_t *j = json_object();
	json_object_set_new(j, "id", json_integer((json_int_t) d->id));
	json_object_set_new(j, "is_wish", json_boolean(d->wish));
	json_object_set_new(j, "person", page_json_str(d->person_name));
	json_object_set_new(j, "service", page_json_str(d->service));
	json_object_set_new(j, "purpose", page_json_str(d->purpose));
	json_object_set_new(j, "created", page_json_time(d->created_us));
	json_object_set_new(j, "open", json_boolean(d->state == 0));
	json_object_set_new(j, "note", page_json_str(d->note));
	json_object_set_new(j, "answered_by", page_json_str(d->answered_by_name));
	json_object_set_new(j, "answered", page_json_time(d->answered_us));
	return j;
}

static int show_declarations(struct page *p)
{
	static const char *const kept[] = {"service", "purpose", NULL};
	struct keep_ai_declaration_list_in in = {.all = page_may(p, WHO_PATROL)};
	struct keep_ai_declaration_list_out out;
	struct keep_ai_service_list_out services;
	json_t *list = json_array(), *allowed = json_array();

	rows_keep_fields(p, kept);
	rules_put_done(p);
	page_put(p, "declarations", list);
	page_put(p, "allowed", allowed);
	int r = keep_ai_declaration_list(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0)
		r = keep_ai_service_list(p->keep, &p->actor, &(struct keep_ai_service_list_in){0}, p->arena, &services);
	if (r < 0)
		return r;
	for (size_t i = 0; i < out.declarations.n; i++)
		json_array_append_new(list, declaration_json(&out.declarations.at[i]));
	for (size_t i = 0; i < services.services.n; i++) {
		if (services.services.at[i].active)
			json_array_append_new(allowed, page_json_str(services.services.at[i].name));
	}
	return 0;
}

int rules_declare_page(struct page *p)
{
	struct keep_ai_declare_in in = {.wish = str_eq_c(page_field(p, "what"), "wish"),
	                                .unnamed = page_has_field(p, "unnamed"),
	                                .service = str_trim(page_field(p, "service")),
	                                .purpose = str_trim(page_field(p, "purpose"))};
	struct keep_ai_declare_out out;

	if (p->method == HTTP_GET)
		return show_declarations(p);
	int r = keep_ai_declare(p->keep, &p->actor, &in, p->arena, &out);
	if (r < 0) {
		r = rules_problem(p, r, "rules.declare.problem", "service");
		return r < 0 ? r : show_declarations(p);
	}
	return page_redirect(p, "/rules/declare?done=1");
}

int rules_declare_answer_page(struct page *p)
{
	struct keep_ai_declaration_answer_in in = {.note = str_trim(page_field(p, "note"))};
	struct keep_ai_declaration_answer_out out;
	int r = page_parameter_u64(p, "id", &in.id);
	if (r >= 0)
		r = keep_ai_declaration_answer(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 ? r : page_redirect(p, "/rules/declare?done=1");
}
