/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences are the catalogue's "paper.<word>.<n>", filled in from fields; what the company has noted in its registers
 * and settings comes from there, so that it is written once. */
#include "web/pages/paper-forms.h"

#include "base/err.h"
#include "policy/guideline.h"
#include "web/facts.h"
#include "web/pages/jigyokei.h"
#include "web/pages/register-rows.h"
#include "web/pages/rows.h"
#include "web/pages/rules-rows.h"

enum { SENTENCE_MAX_BYTES = 8 * 1024, SENTENCE_FACTS_MAX = PAPER_FIELDS_MAX + 4, PARTS_MAX = 40, KEY_MAX_BYTES = 80 };

/* ---- sentences ---- */

struct building {
	struct page *p;
	const struct paper_form *form;
	const struct str *values;
	struct paper *paper;
};

/* As people read it. */
static struct str shown(const struct building *b, size_t field)
{
	return b->form->fields[field].kind == FIELD_DAY ? rows_day_text(b->p, b->values[field]) : b->values[field];
}

static struct str value_of(const struct building *b, const char *field)
{
	for (size_t i = 0; i < b->form->n; i++)
		if (strcmp(b->form->fields[i].name, field) == 0)
			return shown(b, i);
	return STR("");
}

/* A text with {field}, {company} and {today}; a field that is empty reads as a line to write on. */
static struct str sentence(const struct building *b, const char *key)
{
	struct page *p = b->p;
	struct i18n_fact facts[SENTENCE_FACTS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < b->form->n && n < PAPER_FIELDS_MAX; i++)
		facts[n++] =
		        (struct i18n_fact){b->form->fields[i].name, b->values[i].n ? shown(b, i) : STR(PAPER_BLANK)};
	facts[n++] = (struct i18n_fact){"company", rows_setting(p, "company.name")};
	facts[n++] = (struct i18n_fact){"today", rows_day_text(p, page_today(p))};
	CLEANUP(buf_done) struct buf text = buf_make(SENTENCE_MAX_BYTES);
	int r = i18n_format(&text, p->language, str_of(key), facts, n);
	return r < 0 ? STR("") : arena_dup(p->arena, buf_str(&text));
}

static int add_text(const struct building *b, enum paper_kind kind, const char *key)
{
	return paper_add(b->paper, kind, sentence(b, key), STR(""));
}

static int add_pair(const struct building *b, const char *key, struct str value)
{
	struct str shown = value.n ? value : STR(PAPER_BLANK);
	return paper_add(b->paper, PAPER_PAIR, str_of(i18n_text(b->p->language, key)), shown);
}

/* "paper.<word>.1.h" and "paper.<word>.1.1", ".2" ... as they stand in the catalogue: a heading and its sentences. */
static int add_section(const struct building *b, int section, enum paper_kind kind)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "paper.%s.%d.h", b->form->word, section);
	int r = add_text(b, PAPER_HEADING, key);
	for (int i = 1; r >= 0 && i < PARTS_MAX; i++) {
		snprintf(key, sizeof(key), "paper.%s.%d.%d", b->form->word, section, i);
		if (!i18n_find(b->p->language, str_of(key)))
			break;
		r = add_text(b, kind, key);
	}
	return r;
}

/* ---- from registers ---- */

static int add_businesses(const struct building *b)
{
	struct page *p = b->p;
	const struct register_kind *kind = register_find(STR("businesses"));
	struct register_items list;
	int r = register_list(p, kind, &list);
	if (r >= 0 && list.n == 0)
		return add_text(b, PAPER_BOX, "paper.no-businesses");
	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		struct str name =
		        arena_printf(p->arena, "%.*s %.*s", STR_ARG(register_value(kind, &list.at[i], "rank")),
		                     STR_ARG(register_value(kind, &list.at[i], "name")));
		struct str text = arena_printf(p->arena, "%s %.*s%s", i18n_text(p->language, "kit.tolerable"),
		                               STR_ARG(register_value(kind, &list.at[i], "tolerable-hours")),
		                               i18n_text(p->language, "kit.hours"));
		static const char *const more[] = {"by-hand", "bring-back", "needs", "owner"};
		for (size_t k = 0; k < ARRAY_SIZE(more); k++) {
			struct str value = register_value(kind, &list.at[i], more[k]);
			char key[KEY_MAX_BYTES];
			snprintf(key, sizeof(key), "register.field.%s", more[k]);
			if (value.n > 0)
				text = arena_printf(p->arena, "%.*s\n%s: %.*s", STR_ARG(text),
				                    i18n_text(p->language, key), STR_ARG(value));
		}
		r = paper_add(b->paper, PAPER_PAIR, name, text);
	}
	return r;
}

static int add_contacts(const struct building *b, bool only_banks)
{
	struct page *p = b->p;
	const struct register_kind *kind = register_find(STR("partners"));
	struct register_items list;
	size_t shown = 0;
	int r = register_list(p, kind, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		struct str phone = register_value(kind, &list.at[i], "phone");
		bool is_bank = str_eq_c(register_value(kind, &list.at[i], "relation"), "bank");
		if (phone.n == 0 || (only_banks && !is_bank))
			continue;
		shown++;
		r = paper_add(b->paper, PAPER_PAIR,
		              arena_printf(p->arena, "%.*s %.*s", STR_ARG(register_value(kind, &list.at[i], "name")),
		                           STR_ARG(register_value(kind, &list.at[i], "person"))),
		              arena_printf(p->arena, "%.*s %.*s\n%.*s", STR_ARG(phone),
		                           STR_ARG(register_value(kind, &list.at[i], "phone-night")),
		                           STR_ARG(register_value(kind, &list.at[i], "duty"))));
	}
	return r >= 0 && shown == 0 ? add_text(b, PAPER_BOX, "paper.no-contacts") : r;
}

static const char *const police[] = {"contact.police.emergency", "contact.police.advice", NULL};
static const char *const everybody[] = {"contact.police.emergency",
                                        "contact.police.advice",
                                        "contact.ipa.organisations",
                                        "contact.ppc",
                                        "contact.jpcert",
                                        NULL};

static int add_public_contacts(const struct building *b, const char *const *ids)
{
	struct page *p = b->p;
	int r = 0;
	for (size_t i = 0; r >= 0 && ids[i]; i++) {
		static const char *const ways[] = {"phone", "mail", "url"};
		const struct fact *fact = fact_find(page_facts(p), str_of(ids[i]));
		struct str all = STR("");
		for (size_t k = 0; fact && k < ARRAY_SIZE(ways); k++) {
			const struct fact_value *value = fact_value(fact, ways[k]);
			if (value)
				all = arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(all), all.n ? "\n" : "",
				                   STR_ARG(value->text));
		}
		if (all.n == 0)
			continue;
		const char *mark = !fact->verified                        ? "facts.unverified"
		                   : fact_is_expired(fact, page_today(p)) ? "facts.expired"
		                                                          : NULL;
		if (mark)
			all = arena_printf(p->arena, "%.*s (%s)", STR_ARG(all), i18n_text(p->language, mark));
		r = paper_add(b->paper, PAPER_PAIR, fact->text[p->language], all);
	}
	return r;
}

/* ---- 情報セキュリティ基本方針: the five headings of IPA's sample, and who stands for it ---- */

static const struct register_field policy_fields[] = {
        {"representative-title", FIELD_LINE, true, NULL},
        {"representative", FIELD_LINE, true, NULL},
        {"established", FIELD_DAY, true, NULL},
        {"desk", FIELD_LINE, false, NULL},
};

static int build_policy(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	int r = add_text(&b, PAPER_TEXT, "paper.policy.intro");
	for (int section = 1; r >= 0 && section <= 5; section++)
		r = add_section(&b, section, PAPER_TEXT);
	if (r >= 0)
		r = add_pair(&b, "paper.field.established", value_of(&b, "established"));
	if (r >= 0)
		r = add_pair(&b, "paper.field.company", rows_setting(p, "company.name"));
	if (r >= 0)
		r = add_pair(&b, "paper.field.representative",
		             arena_printf(p->arena, "%.*s %.*s", STR_ARG(value_of(&b, "representative-title")),
		                          STR_ARG(value_of(&b, "representative"))));
	return r < 0 ? r : add_pair(&b, "paper.field.desk", value_of(&b, "desk"));
}

/* ---- 生成AI利用ガイドライン: the frame of JDLA's template; its blanks are the fields of /rules/guideline ---- */

static const struct register_field guideline_form_fields[] = {
        {"established", FIELD_DAY, true, NULL},
};

static struct str rule_value(const struct keep_ai_field_list *fields, const char *word)
{
	for (size_t i = 0; i < fields->n; i++)
		if (str_eq_c(fields->at[i].field, word))
			return fields->at[i].value;
	return STR("");
}

static int add_rule_pair(const struct building *b, const struct keep_ai_field_list *fields, const char *word)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "guideline.%s", word);
	return add_pair(b, key, rule_value(fields, word));
}

static int add_allowed_services(const struct building *b)
{
	struct keep_ai_service_list_out out;
	int r = keep_ai_service_list(b->p->keep, &b->p->actor, &(struct keep_ai_service_list_in){0}, b->p->arena, &out);
	size_t shown = 0;
	for (size_t i = 0; r >= 0 && i < out.services.n; i++) {
		if (!out.services.at[i].active)
			continue;
		shown++;
		r = paper_add(b->paper, PAPER_PAIR, out.services.at[i].name, out.services.at[i].plan);
	}
	return r >= 0 && shown == 0 ? add_text(b, PAPER_BOX, "paper.guideline.no-services") : r;
}

/* What may be put in, as the company chose it. */
static int add_inputs(const struct building *b, const struct keep_ai_field_list *fields)
{
	int r = 0;
	for (const struct guideline_field *f = guideline_fields; r >= 0 && f->word; f++) {
		struct str choice = rule_value(fields, f->word), rest = str_of(f->choices);
		char label[KEY_MAX_BYTES], key[KEY_MAX_BYTES];
		if (choice.n == 0)
			(void) str_split(&rest, '|', &choice);
		snprintf(label, sizeof(label), "guideline.%s", f->word);
		snprintf(key, sizeof(key), "guideline.choice.%.*s", STR_ARG(str_slice(choice, 0, 20)));
		r = add_pair(b, label, str_of(i18n_text(b->p->language, key)));
	}
	return r;
}

static int build_guideline(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	struct keep_ai_field_list_out out;
	int r = keep_ai_field_list(p->keep, &p->actor, &(struct keep_ai_field_list_in){0}, p->arena, &out);
	if (r >= 0)
		r = add_section(&b, 1, PAPER_TEXT);
	static const char *const purpose[] = {"purpose", "scope"};
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(purpose); i++)
		r = add_rule_pair(&b, &out.fields, purpose[i]);
	if (r >= 0)
		r = add_section(&b, 2, PAPER_TEXT);
	if (r >= 0)
		r = add_allowed_services(&b);
	if (r >= 0)
		r = add_section(&b, 3, PAPER_TEXT);
	if (r >= 0)
		r = add_rule_pair(&b, &out.fields, "forbidden-uses");
	if (r >= 0)
		r = add_section(&b, 4, PAPER_TEXT);
	if (r >= 0)
		r = add_inputs(&b, &out.fields);
	if (r >= 0)
		r = add_section(&b, 5, PAPER_STEP);
	if (r >= 0)
		r = add_section(&b, 6, PAPER_TEXT);
	static const char *const running[] = {"desk", "checker", "labelling", "records", "when-broken"};
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(running); i++)
		r = add_rule_pair(&b, &out.fields, running[i]);
	if (r >= 0)
		r = add_pair(&b, "paper.field.established", value_of(&b, "established"));
	return r < 0 ? r : paper_set_sources(paper, sentence(&b, "paper.guideline.source"));
}

/* ---- 入力禁止情報リスト: what the gate does with each kind, said for people ---- */

static const struct register_field ban_fields[] = {
        {"established", FIELD_DAY, true, NULL},
        {"desk", FIELD_LINE, false, NULL},
};

enum ban_section { BAN_NEVER, BAN_WITH_APPROVAL, BAN_MASKED, BAN_ALLOWED };

static enum ban_section section_of(const struct policy_matrix *m, enum leak_kind kind)
{
	enum policy_action does = policy_decide(m, kind, LEAK_HIGH);
	if (does == POLICY_STOP)
		return policy_bar_of(kind) == POLICY_BAR_HARD ? BAN_NEVER : BAN_WITH_APPROVAL;
	return does == POLICY_MASK ? BAN_MASKED : BAN_ALLOWED;
}

static int add_kinds(const struct building *b, const struct policy_matrix *m, enum ban_section section,
                     const char *heading)
{
	struct page *p = b->p;
	int r = add_text(b, PAPER_HEADING, heading), shown = 0;
	for (enum leak_kind kind = 0; r >= 0 && kind < LEAK_KIND_COUNT; kind++) {
		if (section_of(m, kind) != section)
			continue;
		char label[KEY_MAX_BYTES];
		snprintf(label, sizeof(label), "leak.kind.%s", policy_kind_word(kind));
		shown++;
		r = paper_add(b->paper, PAPER_STEP, str_of(i18n_text(p->language, label)), STR(""));
	}
	return r >= 0 && shown == 0 ? add_text(b, PAPER_TEXT, "paper.ban.none") : r;
}

static int build_ban(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	const struct policy_asker staff = {0};
	struct policy_rules rules;
	struct policy_matrix m;
	int r = rules_get_policy(p, &rules);
	if (r < 0)
		return r;
	policy_matrix_make(&rules, &staff, POLICY_CONTRACTED, 0, &m);
	r = add_text(&b, PAPER_TEXT, "paper.ban.intro");
	if (r >= 0)
		r = add_kinds(&b, &m, BAN_NEVER, "paper.ban.stop");
	if (r >= 0)
		r = add_kinds(&b, &m, BAN_WITH_APPROVAL, "paper.ban.approval");
	if (r >= 0)
		r = add_section(&b, 1, PAPER_STEP);
	if (r >= 0)
		r = add_kinds(&b, &m, BAN_MASKED, "paper.ban.mask");
	if (r >= 0)
		r = add_kinds(&b, &m, BAN_ALLOWED, "paper.ban.allow");
	if (r >= 0)
		r = add_section(&b, 2, PAPER_STEP);
	if (r >= 0)
		r = add_section(&b, 3, PAPER_STEP);
	if (r >= 0)
		r = add_pair(&b, "paper.field.desk", value_of(&b, "desk"));
	return r < 0 ? r : add_pair(&b, "paper.field.established", value_of(&b, "established"));
}

/* ---- サイバーBCP ---- */

static const struct register_field bcp_fields[] = {
        {"leader", FIELD_LINE, true, NULL},       {"deputy", FIELD_LINE, true, NULL},
        {"goal", FIELD_WORDS, false, NULL},       {"meeting-place", FIELD_LINE, false, NULL},
        {"forms-place", FIELD_LINE, false, NULL}, {"backup-place", FIELD_LINE, false, NULL},
        {"restorer", FIELD_LINE, false, NULL},    {"drill-month", FIELD_LINE, true, NULL},
        {"review-month", FIELD_LINE, true, NULL}, {"established", FIELD_DAY, true, NULL},
};

static int build_bcp(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	int r = add_section(&b, 1, PAPER_TEXT);
	if (r >= 0 && value_of(&b, "goal").n > 0)
		r = paper_add(paper, PAPER_TEXT, value_of(&b, "goal"), STR(""));
	if (r >= 0)
		r = add_section(&b, 2, PAPER_TEXT);
	if (r >= 0)
		r = add_businesses(&b);
	for (int section = 3; r >= 0 && section <= 5; section++)
		r = add_section(&b, section, section == 4 ? PAPER_STEP : PAPER_TEXT);
	if (r >= 0)
		r = add_section(&b, 6, PAPER_TEXT);
	if (r >= 0)
		r = add_contacts(&b, false);
	if (r >= 0)
		r = add_section(&b, 7, PAPER_TEXT);
	return r < 0 ? r : add_pair(&b, "paper.field.established", value_of(&b, "established"));
}

/* ---- インシデント対応手順: found and reported, first steps, looking into it, coming back, last report ---- */

static const struct register_field procedure_fields[] = {
        {"leader", FIELD_LINE, true, NULL},       {"deputy", FIELD_LINE, true, NULL},
        {"report-to", FIELD_LINE, true, NULL},    {"report-minutes", FIELD_NUMBER, false, NULL},
        {"log-place", FIELD_LINE, false, NULL},   {"expert", FIELD_LINE, false, NULL},
        {"review-month", FIELD_LINE, true, NULL}, {"established", FIELD_DAY, true, NULL},
};

static int build_procedure(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	int r = add_text(&b, PAPER_TEXT, "paper.procedure.intro");
	for (int section = 1; r >= 0 && section <= 5; section++)
		r = add_section(&b, section, PAPER_STEP);
	if (r >= 0)
		r = add_section(&b, 6, PAPER_TEXT);
	if (r >= 0)
		r = add_contacts(&b, false);
	if (r >= 0)
		r = add_public_contacts(&b, everybody);
	if (r >= 0)
		r = add_section(&b, 7, PAPER_TEXT);
	static const char *const lines[] = {"paper.procedure.form.found", "paper.procedure.form.who",
	                                    "paper.procedure.form.what",  "paper.procedure.form.where",
	                                    "paper.procedure.form.done",  "paper.procedure.form.persons"};
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(lines); i++)
		r = add_text(&b, PAPER_FIELD, lines[i]);
	if (r >= 0)
		r = add_section(&b, 8, PAPER_TEXT);
	return r < 0 ? r : add_pair(&b, "paper.field.established", value_of(&b, "established"));
}

/* ---- 経理の電話カード: voice phishing (booklet: three rules; call back on the bank's own number) ---- */

static int build_cards(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	int r = add_section(&b, 1, PAPER_STEP);
	if (r >= 0)
		r = add_text(&b, PAPER_BOX, "paper.cards.script");
	if (r >= 0)
		r = add_section(&b, 2, PAPER_TEXT);
	if (r >= 0)
		r = add_contacts(&b, true);
	if (r >= 0)
		r = add_section(&b, 3, PAPER_TEXT);
	return r < 0 ? r : add_public_contacts(&b, police);
}

/* ---- 事業継続力強化計画: the fields in the order of the e-application ---- */

/* A heading before these fields. */
static const struct {
	const char *field, *heading;
} blocks[] = {{"office", "paper.jigyokei.cover"},
              {"name", "paper.jigyokei.names"},
              {"overview", "paper.jigyokei.goal"},
              {"effect-people", "paper.jigyokei.effects"},
              {"evacuation", "paper.jigyokei.first"},
              {"people-now", "paper.jigyokei.measures"},
              {"equipment-list", "paper.jigyokei.equipment"},
              {"helpers", "paper.jigyokei.helpers"},
              {"management", "paper.jigyokei.running"},
              {"from-month", "paper.jigyokei.period"},
              {"funds", "paper.jigyokei.funds"},
              {"laws", "paper.jigyokei.other"},
              {"contact", "paper.jigyokei.check-sheet"}};

static int build_jigyokei(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	int r = add_text(&b, PAPER_TEXT, "paper.jigyokei.note");
	for (size_t i = 0; r >= 0 && i < form->n; i++) {
		char key[KEY_MAX_BYTES];
		for (size_t k = 0; r >= 0 && k < ARRAY_SIZE(blocks); k++)
			if (strcmp(blocks[k].field, form->fields[i].name) == 0)
				r = add_text(&b, PAPER_HEADING, blocks[k].heading);
		snprintf(key, sizeof(key), "paper.field.%s", form->fields[i].name);
		if (r >= 0)
			r = add_pair(&b, key, paper_form_shown(p, &form->fields[i], values[i]));
	}
	return r < 0 ? r : paper_set_sources(paper, sentence(&b, "paper.jigyokei.source"));
}

/* ---- 実施状況報告書: beside what was planned, how far it went ---- */

static int add_measure(const struct building *b, const json_t *plan, size_t mark)
{
	/* people, equipment, money and information have what is planned in a field of their own. */
	const char *measure = b->form->fields[mark].name + strlen("mark-");
	struct page *p = b->p;
	char key[KEY_MAX_BYTES], next[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "paper.measure.%s", measure);
	snprintf(next, sizeof(next), "%s-next", measure);
	int r = add_text(b, PAPER_HEADING, key);
	const char *planned = json_string_value(json_object_get(plan, measure));
	planned = planned ? planned : json_string_value(json_object_get(plan, next));
	if (r >= 0 && planned)
		r = add_pair(b, "paper.renewal.planned", arena_dup(p->arena, str_of(planned)));
	if (r >= 0)
		r = add_pair(b, "paper.renewal.mark", paper_form_shown(p, &b->form->fields[mark], b->values[mark]));
	if (r >= 0 && b->values[mark + 1].n > 0)
		r = add_pair(b, "paper.renewal.why", b->values[mark + 1]);
	if (r >= 0 && b->values[mark + 2].n > 0)
		r = add_pair(b, "paper.renewal.by", b->values[mark + 2]);
	return r;
}

static int build_renewal(struct page *p, const struct paper_form *form, const struct str *values, struct paper *paper)
{
	const struct building b = {p, form, values, paper};
	json_t *plan = NULL;
	int r = jigyokei_newest_fields(p, "jigyokei", true, &plan);
	if (r >= 0)
		r = add_text(&b, PAPER_TEXT, "paper.renewal.note");
	for (size_t i = 0; r >= 0 && i < JIGYOKEI_RENEWAL_HEAD; i++) {
		char key[KEY_MAX_BYTES];
		snprintf(key, sizeof(key), "paper.field.%s", form->fields[i].name);
		r = add_pair(&b, key, values[i]);
	}
	for (size_t i = JIGYOKEI_RENEWAL_HEAD; r >= 0 && i < form->n; i += 3)
		r = add_measure(&b, plan, i);
	json_decref(plan);
	return r < 0 ? r : paper_set_sources(paper, sentence(&b, "paper.renewal.source"));
}

/* ---- the table ---- */

#define FIELDS(array) array, ARRAY_SIZE(array)
static const struct paper_form forms[] = {
        {"policy", FIELDS(policy_fields), build_policy, NULL, NULL},
        {"guideline", FIELDS(guideline_form_fields), build_guideline, NULL, NULL, .must_be_full = true},
        {"ban", FIELDS(ban_fields), build_ban, NULL, NULL},
        {"bcp", FIELDS(bcp_fields), build_bcp, NULL, NULL},
        {"procedure", FIELDS(procedure_fields), build_procedure, NULL, NULL},
        {"cards", NULL, 0, build_cards, NULL, NULL},
        {"jigyokei", jigyokei_fields, JIGYOKEI_FIELDS, build_jigyokei, jigyokei_lint, jigyokei_prefill},
        {"renewal", jigyokei_renewal_fields, JIGYOKEI_RENEWAL_FIELDS, build_renewal, jigyokei_renewal_lint,
         jigyokei_prefill_renewal},
};

size_t paper_form_count(void)
{
	return ARRAY_SIZE(forms);
}

const struct paper_form *paper_form_at(size_t i)
{
	return i < ARRAY_SIZE(forms) ? &forms[i] : NULL;
}

const struct paper_form *paper_form_find(struct str word)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (str_eq_c(word, forms[i].word))
			return &forms[i];
	return NULL;
}

struct str paper_form_shown(const struct page *p, const struct register_field *field, struct str value)
{
	char key[KEY_MAX_BYTES];
	if (field->kind != FIELD_CHOICE || !register_has_choice(field, value))
		return value;
	snprintf(key, sizeof(key), "paper.choice.%.*s", STR_ARG(value));
	return str_of(i18n_text(p->language, key));
}

int paper_form_build(struct page *p, const struct paper_form *form, const struct str *values, struct paper **ret)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "paper.%s", form->word);
	*ret = paper_new(p->arena, str_of(i18n_text(p->language, key)), rows_setting(p, "company.name"),
	                 rows_day_text(p, page_today(p)));
	return *ret ? form->build(p, form, values, *ret) : ERR_TOO_LARGE;
}
