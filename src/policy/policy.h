/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What to do with what was found: kind x confidence x destination x role and department of the asker. Pure: tables in,
 * decision out. The defaults and their reasons are in policy.def, a company's own rules loosen or tighten them, and the
 * hard stops hold whatever the rules say. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "leak/leak.h"

/* In the order of severity. WARN: the person is asked and may go on; a program is told in the answer. */
enum policy_action { POLICY_ALLOW, POLICY_WARN, POLICY_MASK, POLICY_STOP, POLICY_ACTION_COUNT };

/* LOCAL: a model in the house. CONTRACTED: a registered service with a contract whose training use is confirmed as off.
 * OTHER: any other registered one. */
enum policy_destination { POLICY_LOCAL, POLICY_CONTRACTED, POLICY_OTHER, POLICY_DESTINATION_COUNT };

/* How far a kind may be loosened towards the outside.
 *   NONE        nothing is held back, nothing to loosen
 *   APPROVAL    a rule of the company may loosen it, and an approval lets one request through as it is
 *   CONTRACTED  the same, but only towards contracted services; elsewhere it may be masked at best
 *   MARK        like APPROVAL, and it cannot be masked: what it marks is the text around it
 *   HARD        stopped; neither a rule nor an approval changes that */
enum policy_bar { POLICY_BAR_NONE, POLICY_BAR_APPROVAL, POLICY_BAR_CONTRACTED, POLICY_BAR_MARK, POLICY_BAR_HARD };

/* Roles are the numbers of enum person_role (store/role.h); a program's key has this one. */
enum { POLICY_ROLE_PROGRAM = 15, POLICY_ROLES_MAX = 16, POLICY_RULES_MAX = 2000, POLICY_DEPARTMENT_MAX_BYTES = 60 };

/* A company's own rule. roles: bits 1 << role, 0 every role; department: "" every department. */
struct policy_rule {
	enum leak_kind kind;
	enum policy_destination destination;
	uint32_t roles;
	struct str department;
	enum policy_action action;
};

struct policy_rules {
	const struct policy_rule *at;
	size_t n;
};

struct policy_asker {
	uint32_t role;
	struct str department; /* "" none */
};

/* Kinds as bits 1 << enum leak_kind. */
#define POLICY_KIND_BIT(kind) ((uint32_t) 1 << (kind))
#define POLICY_KINDS_ALL (((uint32_t) 1 << LEAK_KIND_COUNT) - 1)

/* Every decision for one asker and one destination, made once and used for any number of texts. */
struct policy_matrix {
	enum policy_destination destination;
	uint8_t action[LEAK_KIND_COUNT][LEAK_HIGH + 1]; /* enum policy_action by kind and confidence */
	uint32_t from_rules;                            /* kinds whose action a rule of the company set */
	uint32_t approvable;                            /* kinds that an approval would let through here */
};

/* Of several rules that fit, the one that names the most counts (department before role); of equals the stricter.
 * granted: kinds that a living approval lets through; those that no approval can help are ignored. */
void policy_matrix_make(const struct policy_rules *rules, const struct policy_asker *asker,
                        enum policy_destination destination, uint32_t granted, struct policy_matrix *ret);
/* These kinds go out masked at least, wherever the text goes, and are stopped where they cannot be masked. */
void policy_matrix_hide(struct policy_matrix *m, uint32_t kinds);
enum policy_action policy_decide(const struct policy_matrix *m, enum leak_kind kind, enum leak_confidence confidence);

/* What a whole request comes to. */
struct policy_decision {
	enum policy_action worst;            /* by severity: with MASK there may be warnings too, see kinds */
	bool is_unreadable;                  /* more spans than can be listed: stopped, and nothing helps */
	bool approval_helps;                 /* it is stopped, and an approval of the stopped kinds would let it go */
	uint32_t kinds[POLICY_ACTION_COUNT]; /* kinds by what happens to them */
	uint32_t hard;                       /* stopped kinds that nothing loosens */
	uint32_t counts[LEAK_KIND_COUNT];
};

/* actions: spans->n of them, or NULL. approved: not 0 for a span whose very value was approved (policy/mark.h), which
 * is let through where an approval can help; NULL none. */
void policy_decide_spans(const struct policy_matrix *m, const struct leak_spans *spans, const uint8_t *approved,
                         uint8_t *actions, struct policy_decision *ret);
/* The same request in several texts: adds b to a. */
void policy_decision_add(struct policy_decision *a, const struct policy_decision *b);

/* ---- the table itself, for pages and for checking rules ---- */
enum policy_action policy_default(enum leak_kind kind, enum leak_confidence confidence, enum policy_destination where);
enum policy_bar policy_bar_of(enum leak_kind kind);
/* The loosest action that a rule may set for a sure finding of this kind; POLICY_STOP: the cell is locked. */
enum policy_action policy_loosest(enum leak_kind kind, enum policy_destination where);
bool policy_may_mask(enum leak_kind kind);
/* May a rule say this? false: beyond the loosest, or masking what cannot be masked. */
bool policy_rule_holds(const struct policy_rule *rule);

const char *policy_action_word(enum policy_action action);                /* "allow", "warn", "mask", "stop" */
const char *policy_destination_word(enum policy_destination destination); /* "local", "contracted", "other" */
const char *policy_kind_word(enum leak_kind kind);                        /* as leak_kind_word() */
int policy_action_from_word(struct str word, enum policy_action *ret);    /* ERR_NOT_FOUND; the same below */
int policy_destination_from_word(struct str word, enum policy_destination *ret);
int policy_kind_from_word(struct str word, enum leak_kind *ret);
