/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 事業継続力強化計画 from one place: the form, the certificate and its end, the report for renewal, and what the
 * certificate opens: each benefit as the dated facts have it, with its day, beside how far the company uses it. Both
 * are kept in registers, so that days become due like all others. */
#include "web/pages/jigyokei.h"

#include "base/err.h"
#include "plan/calendar.h"
#include "web/pages/help-rows.h"
#include "web/pages/paper-forms.h"
#include "web/pages/rules-rows.h"

enum { BENEFIT_FACTS_MAX = 3 };

/* What each benefit stands on in the dated facts; a fact with "certified-by" tells its day. */
static const struct {
	const char *word, *facts[BENEFIT_FACTS_MAX + 1];
} benefits[] = {
        {"tax", {"jigyokei.tax", "deadline.jigyokei.tax", NULL}},
        {"jfc", {"loan.jfc.business", "loan.jfc.citizen", "loan.jfc.cut", NULL}},
        {"guarantee", {"jigyokei.guarantee", NULL}},
        {"city-loan", {"loan.case.5", "loan.guarantee", NULL}},
        {"points", {"jigyokei.points", NULL}},
        {"logo", {"jigyokei.logo", NULL}},
};

/* ---- what is kept ---- */

/* The item whose field has this word; NULL: none. */
static const struct register_item *item_with(const struct register_kind *kind, const struct register_items *list,
                                             const char *field, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_c(register_value(kind, &list->at[i], field), word))
			return &list->at[i];
	return NULL;
}

static struct str kept_value(const struct register_kind *kind, const struct register_item *item, const char *field)
{
	return item ? register_value(kind, item, field) : STR("");
}

static json_t *days_to(const struct page *p, struct str day)
{
	int32_t last;
	return calendar_parse(day, &last) < 0 ? json_null() : json_integer(last - help_today(p));
}

/* ---- benefits ---- */

static json_t *states_json(const struct page *p, const struct register_kind *kind, struct str selected)
{
	size_t at = 0;
	CHECK(register_field_find(kind, STR("benefit-state"), &at) >= 0);
	struct str rest = str_of(kind->fields[at].choices), word;
	json_t *list = json_array();
	while (str_split(&rest, ' ', &word)) {
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "label", page_json_str(register_shown(&kind->fields[at], word, p->language)));
		json_object_set_new(j, "selected", json_boolean(str_eq(word, selected)));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *benefit_json(struct page *p, size_t i, const struct register_kind *kind,
                            const struct register_item *item)
{
	json_t *row = json_object(), *facts = json_array();
	struct str state = kept_value(kind, item, "benefit-state");
	for (const char *const *id = benefits[i].facts; *id; id++) {
		const struct fact *fact = fact_find(page_facts(p), str_of(*id));
		const struct fact_value *by = fact ? fact_value(fact, "certified-by") : NULL;
		if (fact)
			json_array_append_new(facts, help_fact(p, fact));
		if (by) {
			json_object_set_new(row, "certified_by", page_json_str(by->text));
			json_object_set_new(row, "days_left", days_to(p, by->text));
			json_object_set_new(row, "is_over", json_boolean(str_cmp(by->text, page_today(p)) < 0));
		}
	}
	state = state.n ? state : STR("unused");
	json_object_set_new(row, "word", json_string(benefits[i].word));
	json_object_set_new(row, "label", rows_text(p, "register.choice.benefit.", str_of(benefits[i].word), ""));
	json_object_set_new(row, "facts", facts);
	json_object_set_new(row, "state", rows_flag(state));
	json_object_set_new(row, "states", states_json(p, kind, state));
	json_object_set_new(row, "state_on", page_json_str(kept_value(kind, item, "state-on")));
	json_object_set_new(row, "by_day", page_json_str(kept_value(kind, item, "by-day")));
	json_object_set_new(row, "owner", page_json_str(kept_value(kind, item, "owner")));
	json_object_set_new(row, "note", page_json_str(kept_value(kind, item, "note")));
	return row;
}

static int put_benefits(struct page *p)
{
	const struct register_kind *kind = register_find(STR("benefits"));
	struct register_items items;
	json_t *list = json_array();
	page_put(p, "benefits", list);
	int r = register_list(p, kind, &items);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(benefits); i++)
		json_array_append_new(list,
		                      benefit_json(p, i, kind, item_with(kind, &items, "benefit", benefits[i].word)));
	return r;
}

/* ---- the plan and its certificate ---- */

static int put_plan(struct page *p)
{
	struct keep_paper_list_out out;
	const struct keep_paper_version *last = NULL;
	size_t reports = 0;
	int r = keep_paper_list(p->keep, &p->actor, &(struct keep_paper_list_in){.paper = STR("jigyokei")}, p->arena,
	                        &out);
	if (r >= 0 && out.versions.n > 0)
		last = &out.versions.at[0];
	page_put(p, "plan",
	         last ? json_pack("{s:I, s:I, s:b, s:o}", "id", (json_int_t) last->id, "number",
	                          (json_int_t) last->number, "is_approved", last->approved_us > 0, "made",
	                          page_json_time(last->made_us))
	              : json_null());
	if (r >= 0)
		r = keep_paper_list(p->keep, &p->actor, &(struct keep_paper_list_in){.paper = STR("renewal")}, p->arena,
		                    &out);
	if (r >= 0)
		reports = out.versions.n;
	page_put(p, "reports", json_integer((json_int_t) reports));
	return r;
}

static int put_certificate(struct page *p)
{
	const struct register_kind *kind = register_find(STR("declarations"));
	struct register_items list;
	int r = register_list(p, kind, &list);
	if (r < 0)
		return r;
	const struct register_item *item = item_with(kind, &list, "declaration", "jigyokei");
	struct str until = kept_value(kind, item, "review");
	page_put(p, "has_certificate", json_boolean(item != NULL));
	page_put_str(p, "certified_on", kept_value(kind, item, "declared-on"));
	page_put_str(p, "certified_number", kept_value(kind, item, "declaration-number"));
	page_put_str(p, "certified_until", until);
	page_put(p, "is_ended", json_boolean(until.n > 0 && str_cmp(until, page_today(p)) < 0));
	page_put(p, "until_days", days_to(p, until));
	return 0;
}

static int show(struct page *p)
{
	static const char *const rules[] = {"jigyokei.rules", "jigyokei.changes", "jigyokei.who"};
	json_t *list = json_array();
	page_put(p, "rules", list);
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct fact *fact = fact_find(page_facts(p), str_of(rules[i]));
		if (fact)
			json_array_append_new(list, help_fact(p, fact));
	}
	page_put(p, "may_change", json_boolean(page_may(p, WHO_PATROL)));
	page_put_str(p, "today", page_today(p));
	rules_put_done(p);
	int r = put_plan(p);
	if (r >= 0)
		r = put_certificate(p);
	return r < 0 ? r : put_benefits(p);
}

/* ---- changes ---- */

struct change {
	const struct register_kind *kind;
	struct register_item item;
};

static void set(struct change *c, const char *field, struct str value)
{
	size_t at = 0;
	CHECK(register_field_find(c->kind, str_of(field), &at) >= 0);
	c->item.value[at] = value;
}

/* Begins with what is kept, so that fields which the form does not show stay. */
static int change_begin(struct page *p, const char *register_word, const char *field, const char *word,
                        struct change *ret)
{
	struct register_items list;
	*ret = (struct change){.kind = register_find(str_of(register_word))};
	int r = register_list(p, ret->kind, &list);
	const struct register_item *kept = r < 0 ? NULL : item_with(ret->kind, &list, field, word);
	if (kept)
		ret->item = *kept;
	set(ret, field, str_of(word));
	return r;
}

static int change_save(struct page *p, struct change *c)
{
	for (size_t i = 0; i < c->kind->n; i++) {
		int r = register_check(&c->kind->fields[i], c->item.value[i], p->arena, &c->item.value[i]);
		if (r < 0) {
			page_problem(p, r == ERR_NOT_FOUND ? "registers.problem.empty" : "registers.problem.form",
			             c->kind->fields[i].name);
			return ERR_INVALID;
		}
	}
	struct keep_item row = register_row(p, c->kind, &c->item);
	struct keep_item_save_in in = {.items = {.at = &row, .n = 1}};
	struct keep_item_save_out out;
	return keep_item_save(p->keep, &p->actor, &in, p->arena, &out);
}

static int save_certificate(struct page *p)
{
	struct change c;
	int r = change_begin(p, "declarations", "declaration", "jigyokei", &c);
	if (r < 0)
		return r;
	set(&c, "declared-on", page_field(p, "certified_on"));
	set(&c, "declaration-number", page_field(p, "certified_number"));
	set(&c, "review", page_field(p, "certified_until"));
	return change_save(p, &c);
}

static int save_benefit(struct page *p, const char *word)
{
	struct change c;
	int r = change_begin(p, "benefits", "benefit", word, &c);
	if (r < 0)
		return r;
	struct str state = page_field(p, "state"), on = str_trim(page_field(p, "state_on"));
	set(&c, "benefit-state", state);
	set(&c, "state-on", on.n || str_eq_c(state, "unused") ? on : page_today(p));
	set(&c, "by-day", page_field(p, "by_day"));
	set(&c, "owner", page_field(p, "owner"));
	set(&c, "note", page_field(p, "note"));
	return change_save(p, &c);
}

/* What was typed comes back into the row it was typed in. */
static void put_back(const struct page *p, struct str what)
{
	static const char *const fields[] = {"state_on", "by_day", "owner", "note"};
	json_t *row;
	size_t i;
	json_array_foreach(json_object_get(p->model, "benefits"), i, row)
	{
		if (!str_eq_c(what, json_string_value(json_object_get(row, "word"))))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(fields); k++)
			json_object_set_new(row, fields[k], page_json_str(page_field(p, fields[k])));
		json_object_set_new(row, "states",
		                    states_json(p, register_find(STR("benefits")), page_field(p, "state")));
		json_object_set_new(row, "is_open", json_true());
	}
	if (str_eq_c(what, "certificate")) {
		static const char *const typed[] = {"certified_on", "certified_number", "certified_until"};
		for (size_t k = 0; k < ARRAY_SIZE(typed); k++)
			json_object_set_new(p->model, typed[k], page_json_str(page_field(p, typed[k])));
	}
}

int jigyokei_page(struct page *p)
{
	struct str what = page_field(p, "what");
	int r = ERR_NOT_FOUND;
	if (p->method == HTTP_GET)
		return show(p);
	if (str_eq_c(what, "certificate"))
		r = save_certificate(p);
	for (size_t i = 0; i < ARRAY_SIZE(benefits); i++)
		if (str_eq_c(what, benefits[i].word))
			r = save_benefit(p, benefits[i].word);
	if (r == ERR_INVALID) {
		r = show(p);
		put_back(p, what);
		return r;
	}
	return r < 0 ? r : page_redirect(p, "/prepare/jigyokei?done=1");
}
