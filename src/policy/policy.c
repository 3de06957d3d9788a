/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy.h"

#include "base/check.h"
#include "base/err.h"

struct entry {
	uint8_t action[POLICY_DESTINATION_COUNT];
	uint8_t low;
	uint8_t bar;
};

static const struct entry table[LEAK_KIND_COUNT] = {
#define KIND(id, contracted, other, local, low_action, bar_word)                                                       \
	[LEAK_##id] = {.action = {[POLICY_CONTRACTED] = POLICY_##contracted,                                           \
	                          [POLICY_OTHER] = POLICY_##other,                                                     \
	                          [POLICY_LOCAL] = POLICY_##local},                                                    \
	               .low = POLICY_##low_action,                                                                     \
	               .bar = POLICY_BAR_##bar_word},
#include "policy/policy.def"
#undef KIND
};

static const char *const kind_words[LEAK_KIND_COUNT] = {
#define KIND(id, word) [LEAK_##id] = word,
#include "leak/kinds.def"
#undef KIND
};
static const char *const action_words[POLICY_ACTION_COUNT] = {"allow", "warn", "mask", "stop"};
static const char *const destination_words[POLICY_DESTINATION_COUNT] = {"local", "contracted", "other"};

/* ---- the table ---- */

static enum policy_action milder(enum policy_action a, enum policy_action b)
{
	return a < b ? a : b;
}

static enum policy_action stricter(enum policy_action a, enum policy_action b)
{
	return a > b ? a : b;
}

enum policy_bar policy_bar_of(enum leak_kind kind)
{
	CHECK(kind < LEAK_KIND_COUNT);
	return (enum policy_bar) table[kind].bar;
}

bool policy_may_mask(enum leak_kind kind)
{
	return policy_bar_of(kind) != POLICY_BAR_MARK;
}

enum policy_action policy_default(enum leak_kind kind, enum leak_confidence confidence, enum policy_destination where)
{
	CHECK(kind < LEAK_KIND_COUNT && where < POLICY_DESTINATION_COUNT);
	enum policy_action sure = (enum policy_action) table[kind].action[where];
	return confidence == LEAK_LOW ? milder(sure, (enum policy_action) table[kind].low) : sure;
}

enum policy_action policy_loosest(enum leak_kind kind, enum policy_destination where)
{
	if (where == POLICY_LOCAL)
		return POLICY_ALLOW;
	switch (policy_bar_of(kind)) {
	case POLICY_BAR_HARD:
		return POLICY_STOP;
	case POLICY_BAR_CONTRACTED:
		return where == POLICY_CONTRACTED ? POLICY_ALLOW : POLICY_MASK;
	case POLICY_BAR_NONE:
	case POLICY_BAR_APPROVAL:
	case POLICY_BAR_MARK:
		break;
	}
	return POLICY_ALLOW;
}

bool policy_rule_holds(const struct policy_rule *rule)
{
	if (rule->kind >= LEAK_KIND_COUNT || rule->destination >= POLICY_DESTINATION_COUNT ||
	    rule->action >= POLICY_ACTION_COUNT || rule->department.n > POLICY_DEPARTMENT_MAX_BYTES)
		return false;
	if (rule->action == POLICY_MASK && !policy_may_mask(rule->kind))
		return false;
	return rule->action >= policy_loosest(rule->kind, rule->destination);
}

/* ---- rules of the company ---- */

/* How much a rule names: -1 does not fit. */
static int rule_fit(const struct policy_rule *rule, const struct policy_asker *asker)
{
	if (rule->roles && !(asker->role < POLICY_ROLES_MAX && rule->roles >> asker->role & 1))
		return -1;
	if (rule->department.n && !str_eq(rule->department, asker->department))
		return -1;
	return (rule->department.n ? 2 : 0) + (rule->roles ? 1 : 0);
}

static const struct policy_rule *find_rule(const struct policy_rules *rules, const struct policy_asker *asker,
                                           enum leak_kind kind, enum policy_destination where)
{
	const struct policy_rule *best = NULL;
	int best_fit = -1;

	for (size_t i = 0; i < rules->n; i++) {
		const struct policy_rule *rule = &rules->at[i];
		if (rule->kind != kind || rule->destination != where || !policy_rule_holds(rule))
			continue;
		int fit = rule_fit(rule, asker);
		if (fit > best_fit || (fit >= 0 && fit == best_fit && rule->action > best->action)) {
			best = rule;
			best_fit = fit;
		}
	}
	return best;
}

static bool approval_can_help(enum leak_kind kind, enum policy_destination where)
{
	switch (policy_bar_of(kind)) {
	case POLICY_BAR_APPROVAL:
	case POLICY_BAR_MARK:
		return true;
	case POLICY_BAR_CONTRACTED:
		return where != POLICY_OTHER;
	case POLICY_BAR_HARD:
		return where == POLICY_LOCAL;
	case POLICY_BAR_NONE:
		break;
	}
	return true;
}

/* A rule is about sure findings. Where it loosens, an unsure one is not treated worse than a sure one; where it is as
 * strict as before or stricter, an unsure one keeps its milder treatment unless the rule is the stop itself. */
static enum policy_action rule_for_low(enum leak_kind kind, enum policy_destination where, enum policy_action sure)
{
	enum policy_action usual = policy_default(kind, LEAK_LOW, where);
	if (sure == POLICY_STOP && policy_default(kind, LEAK_HIGH, where) != POLICY_STOP)
		return stricter(usual, POLICY_WARN);
	return milder(usual, sure);
}

static void fill_row(struct policy_matrix *m, const struct policy_rule *rule, enum leak_kind kind)
{
	enum policy_action sure = rule ? rule->action : policy_default(kind, LEAK_HIGH, m->destination);
	enum policy_action low =
	        rule ? rule_for_low(kind, m->destination, sure) : policy_default(kind, LEAK_LOW, m->destination);

	m->action[kind][LEAK_LOW] = (uint8_t) low;
	m->action[kind][LEAK_MEDIUM] = m->action[kind][LEAK_HIGH] = (uint8_t) sure;
	if (rule)
		m->from_rules |= POLICY_KIND_BIT(kind);
}

void policy_matrix_make(const struct policy_rules *rules, const struct policy_asker *asker,
                        enum policy_destination destination, uint32_t granted, struct policy_matrix *ret)
{
	CHECK(destination < POLICY_DESTINATION_COUNT);
	*ret = (struct policy_matrix){.destination = destination};
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		fill_row(ret, find_rule(rules, asker, kind, destination), kind);
		if (!approval_can_help(kind, destination))
			continue;
		if (ret->action[kind][LEAK_HIGH] >= POLICY_WARN)
			ret->approvable |= POLICY_KIND_BIT(kind);
		if (granted & POLICY_KIND_BIT(kind))
			memset(ret->action[kind], POLICY_ALLOW, sizeof(ret->action[kind]));
	}
}

void policy_matrix_hide(struct policy_matrix *m, uint32_t kinds)
{
	for (enum leak_kind kind = 0; kind < LEAK_KIND_COUNT; kind++) {
		enum policy_action least = table[kind].bar == POLICY_BAR_MARK ? POLICY_STOP : POLICY_MASK;
		for (size_t c = 0; kinds & POLICY_KIND_BIT(kind) && c <= LEAK_HIGH; c++)
			m->action[kind][c] = (uint8_t) stricter((enum policy_action) m->action[kind][c], least);
	}
}

/* ---- deciding ---- */

enum policy_action policy_decide(const struct policy_matrix *m, enum leak_kind kind, enum leak_confidence confidence)
{
	CHECK(kind < LEAK_KIND_COUNT && confidence <= LEAK_HIGH);
	return (enum policy_action) m->action[kind][confidence];
}

static void conclude(struct policy_decision *d)
{
	d->approval_helps = d->worst == POLICY_STOP && !d->is_unreadable && d->hard == 0;
}

void policy_decide_spans(const struct policy_matrix *m, const struct leak_spans *spans, const uint8_t *approved,
                         uint8_t *actions, struct policy_decision *ret)
{
	*ret = (struct policy_decision){.worst = spans->cut ? POLICY_STOP : POLICY_ALLOW, .is_unreadable = spans->cut};
	for (size_t i = 0; i < spans->n; i++) {
		const struct leak_span *span = &spans->at[i];
		enum policy_action action = policy_decide(m, span->kind, span->confidence);
		if (approved && approved[i] && m->approvable & POLICY_KIND_BIT(span->kind))
			action = POLICY_ALLOW;
		if (actions)
			actions[i] = (uint8_t) action;
		ret->worst = stricter(ret->worst, action);
		ret->kinds[action] |= POLICY_KIND_BIT(span->kind);
		ret->counts[span->kind]++;
	}
	ret->hard = ret->kinds[POLICY_STOP] & ~m->approvable;
	conclude(ret);
}

void policy_decision_add(struct policy_decision *a, const struct policy_decision *b)
{
	a->worst = stricter(a->worst, b->worst);
	a->is_unreadable |= b->is_unreadable;
	a->hard |= b->hard;
	for (int i = 0; i < POLICY_ACTION_COUNT; i++)
		a->kinds[i] |= b->kinds[i];
	for (int i = 0; i < LEAK_KIND_COUNT; i++)
		a->counts[i] += b->counts[i];
	conclude(a);
}

/* ---- words ---- */

static int find_word(const char *const *words, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(word, words[i]))
			return (int) i;
	}
	return ERR_NOT_FOUND;
}

const char *policy_action_word(enum policy_action action)
{
	CHECK(action < POLICY_ACTION_COUNT);
	return action_words[action];
}

const char *policy_destination_word(enum policy_destination destination)
{
	CHECK(destination < POLICY_DESTINATION_COUNT);
	return destination_words[destination];
}

const char *policy_kind_word(enum leak_kind kind)
{
	CHECK(kind < LEAK_KIND_COUNT);
	return kind_words[kind];
}

int policy_action_from_word(struct str word, enum policy_action *ret)
{
	int i = find_word(action_words, POLICY_ACTION_COUNT, word);
	if (i < 0)
		return i;
	*ret = (enum policy_action) i;
	return 0;
}

int policy_destination_from_word(struct str word, enum policy_destination *ret)
{
	int i = find_word(destination_words, POLICY_DESTINATION_COUNT, word);
	if (i < 0)
		return i;
	*ret = (enum policy_destination) i;
	return 0;
}

int policy_kind_from_word(struct str word, enum leak_kind *ret)
{
	int i = find_word(kind_words, LEAK_KIND_COUNT, word);
	if (i < 0)
		return i;
	*ret = (enum leak_kind) i;
	return 0;
}
