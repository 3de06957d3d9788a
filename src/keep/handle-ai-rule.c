/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the company lets through: its rules, approvals that live as long as set, the fields of its guideline. */
#include "base/clock.h"
#include "base/err.h"
#include "keep/ai-state.h"

enum {
	RULE_ROWS_MAX = 100,
	FIELD_NAME_MAX_BYTES = 40,
	APPROVAL_LONGEST_HOURS = 24 * 31,
	APPROVALS_WAITING_EACH_MAX = 20
};
#define HOUR_US (3600 * CLOCK_SECOND_US)

/* ---- rules ---- */

int handle_ai_rule_list(struct keeper *k, const struct keep_ai_rule_list_in *in, struct keep_ai_rule_list_out *out)
{
	(void) in;
	return ai_rule_list_all(k->store, k->arena, &out->rules);
}

static int read_rule(const struct keep_ai_rule *row, struct policy_rule *ret)
{
	struct policy_rule rule = {.roles = (uint32_t) row->roles, .department = row->department};

	if (row->roles >= 1u << POLICY_ROLES_MAX || check_line(row->department, 0, AI_DEPARTMENT_MAX_BYTES) < 0 ||
	    check_line(row->reason, 0, AI_WORDS_MAX_BYTES) < 0)
		return ERR_INVALID;
	int r = policy_kind_from_word(row->kind, &rule.kind);
	if (r >= 0)
		r = policy_destination_from_word(row->destination, &rule.destination);
	if (r >= 0 && row->action.n > 0)
		r = policy_action_from_word(row->action, &rule.action);
	if (r < 0)
		return ERR_INVALID;
	if (row->action.n > 0 && !policy_rule_holds(&rule))
		return ERR_DENIED;
	*ret = rule;
	return 0;
}

static int save_rule(struct keeper *k, const struct keep_ai_rule *row)
{
	struct event e = event_make("ai.rule-changed", k->now_us);
	struct keep_ai_rule mine = *row;
	struct policy_rule rule;

	int r = read_rule(row, &rule);
	if (r < 0)
		return r;
	mine.changed_us = k->now_us;
	mine.changed_by = k->person.id;
	r = row->action.n > 0 ? ai_rule_set(k->store, &mine) : ai_rule_delete(k->store, &mine);
	if (r < 0)
		return r;
	if (row->department.n > 0)
		event_set_name(&e, row->department);
	e.decision = row->action.n > 0 ? row->action : STR("default");
	event_add_word(&e, "kind", row->kind);
	event_add_word(&e, "destination", row->destination);
	event_add_number(&e, "roles", (int64_t) row->roles);
	return keeper_record(k, &e);
}

int handle_ai_rule_set(struct keeper *k, const struct keep_ai_rule_set_in *in, struct keep_ai_rule_set_out *out)
{
	struct keep_ai_rule_list all = {0};

	if (in->rules.n > RULE_ROWS_MAX)
		return ERR_TOO_LARGE;
	int r = 0;
	for (size_t i = 0; r >= 0 && i < in->rules.n; i++) {
		r = save_rule(k, &in->rules.at[i]);
		out->changed++;
	}
	if (r >= 0)
		r = ai_rule_list_all(k->store, k->arena, &all);
	if (r >= 0 && all.n > AI_RULES_MAX)
		r = ERR_TOO_LARGE;
	return r < 0 ? r : ai_changed(k);
}

/* ---- approvals ---- */

static bool approval_helps(uint64_t kinds, enum policy_destination where)
{
	static const struct policy_rules none;
	static const struct policy_asker anybody;
	struct policy_matrix m;

	policy_matrix_make(&none, &anybody, where, (uint32_t) kinds, &m);
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		if (kinds >> kind & 1 && policy_decide(&m, kind, LEAK_HIGH) != POLICY_ALLOW)
			return false;
	}
	return true;
}

static int record_approval(struct keeper *k, const char *kind, const struct keep_ai_approval *row)
{
	struct event e = event_make(kind, k->now_us);
	event_add_number(&e, "approval", (int64_t) row->id);
	event_add_number(&e, "for", (int64_t) row->person);
	event_add_word(&e, "destination", row->destination);
	for (enum leak_kind i = 0; i < LEAK_KIND_COUNT; i++) {
		if (row->kinds >> i & 1)
			event_add_count(&e, str_of(policy_kind_word(i)), 1);
	}
	event_add_number(&e, "values", (int64_t) policy_marks_count(row->marks)); /* 0: every one of these kinds */
	if (row->expires_us > 0)
		event_add_time(&e, "expires", row->expires_us);
	return keeper_record(k, &e);
}

static int check_room(struct keeper *k)
{
	struct keep_ai_approval_list mine = {0};
	size_t waiting = 0;

	int r = ai_approval_list_of(k->store, k->person.id, k->arena, &mine);
	for (size_t i = 0; r >= 0 && i < mine.n; i++)
		waiting += mine.at[i].state == AI_APPROVAL_WAITING;
	return r < 0 ? r : waiting >= APPROVALS_WAITING_EACH_MAX ? ERR_TOO_LARGE : 0;
}

/* "" without values. ERR_INVALID: a value of a kind that was not asked for. */
static int make_marks(struct keeper *k, const struct keep_ai_approval_ask_in *in, enum policy_destination where,
                      struct str *ret)
{
	CLEANUP(buf_done) struct buf b = buf_make((POLICY_MARK_BYTES + 1) * AI_APPROVAL_VALUES_MAX);
	struct str key = ai_mark_key(k, k->person.id);

	if (in->values.n > AI_APPROVAL_VALUES_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < in->values.n; i++) {
		const struct keep_ai_value *v = &in->values.at[i];
		struct policy_mark mark;
		if (v->kind >= LEAK_KIND_COUNT || !(in->kinds >> v->kind & 1) || v->value.n == 0)
			return ERR_INVALID;
		policy_mark_make(key, where, (enum leak_kind) v->kind, v->value, &mark);
		if (!policy_marks_have(buf_str(&b), &mark))
			buf_printf(&b, "%s%s", b.n ? " " : "", mark.text);
	}
	*ret = arena_dup(k->arena, buf_str(&b));
	return buf_failed(&b) || arena_is_full(k->arena) ? ERR_TOO_LARGE : 0;
}

int handle_ai_approval_ask(struct keeper *k, const struct keep_ai_approval_ask_in *in,
                           struct keep_ai_approval_ask_out *out)
{
	struct keep_ai_approval row = {.person = k->person.id,
	                               .kinds = in->kinds,
	                               .destination = in->destination,
	                               .reason = in->reason,
	                               .asked_us = k->now_us};
	enum policy_destination where;

	if (!ai_is_member(k))
		return ERR_DENIED;
	if (in->kinds == 0 || in->kinds > POLICY_KINDS_ALL || check_line(in->reason, 1, AI_WORDS_MAX_BYTES) < 0 ||
	    policy_destination_from_word(in->destination, &where) < 0)
		return ERR_INVALID;
	if (!approval_helps(in->kinds, where))
		return ERR_DENIED;
	int r = check_room(k);
	if (r >= 0)
		r = make_marks(k, in, where, &row.marks);
	if (r >= 0)
		r = ai_approval_insert(k->store, &row, &row.id);
	if (r < 0)
		return r;
	out->id = row.id;
	return record_approval(k, "ai.approval-asked", &row);
}

int handle_ai_approval_list(struct keeper *k, const struct keep_ai_approval_list_in *in,
                            struct keep_ai_approval_list_out *out)
{
	if (in->all ? !ai_is_patrol(k) : k->person.id == 0)
		return ERR_DENIED;
	int r = ai_approval_list_of(k->store, in->all ? 0 : k->person.id, k->arena, &out->approvals);
	return r < 0 ? r : ai_approval_count_waiting(k->store, &out->waiting);
}

/* Is there anybody else who could decide? */
static int others_can_decide(struct keeper *k, bool *ret)
{
	struct keep_person_list people = {0};

	int r = person_list_all(k->store, k->arena, &people);
	*ret = false;
	for (size_t i = 0; r >= 0 && i < people.n; i++) {
		const struct keep_person *p = &people.at[i];
		bool may = p->role == ROLE_PRESIDENT || p->role == ROLE_OPERATOR || p->role == ROLE_OFFICER;
		*ret |= may && p->id != k->person.id && keeper_person_is_active(k, p);
	}
	return r;
}

static int check_decision(struct keeper *k, const struct keep_ai_approval_decide_in *in,
                          const struct keep_ai_approval *row)
{
	bool others = false;

	if (check_line(in->note, 0, AI_WORDS_MAX_BYTES) < 0 || in->hours > APPROVAL_LONGEST_HOURS)
		return ERR_INVALID;
	/* An approved one may be ended early; nothing else is decided twice. */
	if (row->state != AI_APPROVAL_WAITING && !(row->state == AI_APPROVAL_APPROVED && !in->approve))
		return ERR_CONFLICT;
	if (!in->approve || row->person != k->person.id)
		return 0;
	int r = others_can_decide(k, &others);
	return r < 0 ? r : others ? ERR_CONFLICT : 0;
}

int handle_ai_approval_decide(struct keeper *k, const struct keep_ai_approval_decide_in *in,
                              struct keep_ai_approval_decide_out *out)
{
	struct keep_ai_approval row;
	uint64_t hours = in->hours;

	int r = ai_approval_find(k->store, in->id, k->arena, &row);
	if (r >= 0)
		r = check_decision(k, in, &row);
	if (r >= 0 && hours == 0)
		r = keeper_setting_number(k, "ai.approval-hours", &hours);
	if (r < 0)
		return r;
	row.state = in->approve ? AI_APPROVAL_APPROVED : AI_APPROVAL_REFUSED;
	row.decided_by = k->person.id;
	row.decided_us = k->now_us;
	row.expires_us = in->approve ? k->now_us + (int64_t) hours * HOUR_US : 0;
	row.note = in->note;
	if (in->whole)
		row.marks = STR("");
	r = ai_approval_decide(k->store, &row);
	if (r >= 0)
		r = record_approval(k, in->approve ? "ai.approval-given" : "ai.approval-refused", &row);
	out->expires_us = row.expires_us;
	return r < 0 ? r : ai_changed(k);
}

/* ---- guideline ---- */

int handle_ai_field_list(struct keeper *k, const struct keep_ai_field_list_in *in, struct keep_ai_field_list_out *out)
{
	(void) in;
	return ai_field_list_all(k->store, k->arena, &out->fields);
}

static int save_field(struct keeper *k, const struct keep_ai_field *field)
{
	struct event e = event_make("ai.guideline-changed", k->now_us);
	struct keep_ai_field row = *field;

	if (!event_is_word(row.field) || row.field.n > FIELD_NAME_MAX_BYTES ||
	    check_words(row.value, KEEP_NOTE_MAX_BYTES) < 0)
		return ERR_INVALID;
	row.changed_us = k->now_us;
	row.changed_by = k->person.id;
	int r = ai_field_set(k->store, &row);
	if (r < 0)
		return r;
	event_set_name(&e, row.field);
	event_add_hash(&e, "value-hash", ledger_hash_of(row.value));
	return keeper_record(k, &e);
}

/* Only what is another value than before. */
int handle_ai_field_set(struct keeper *k, const struct keep_ai_field_set_in *in, struct keep_ai_field_set_out *out)
{
	struct keep_ai_field_list all = {0};

	int r = in->fields.n > RULE_ROWS_MAX ? ERR_TOO_LARGE : ai_field_list_all(k->store, k->arena, &all);
	for (size_t i = 0; r >= 0 && i < in->fields.n; i++) {
		const struct keep_ai_field *field = &in->fields.at[i];
		bool is_same = false;
		for (size_t j = 0; j < all.n; j++)
			is_same |= str_eq(all.at[j].field, field->field) && str_eq(all.at[j].value, field->value);
		if (is_same)
			continue;
		r = save_field(k, field);
		out->changed++;
	}
	return r;
}
