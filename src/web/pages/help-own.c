/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 補助金: the facts of the group "subsidies". Their values "needs" and "favours" hold words of help_own_has(); what no
 * source was seen for stands in "maybe-needs" and "maybe-favours" and is marked; "round-1" and so on are last days. */
#include "web/pages/help-own.h"

#include "base/err.h"

enum { ROUNDS_MAX = 12, STAR_TWO = 2 };
#define GROUP "subsidies"

/* ---- what the company has ---- */

int help_own_load(struct page *p, struct help_own *ret)
{
	struct keep_declaration_list_out stars;
	struct keep_paper_list_out papers;
	*ret = (struct help_own){.p = p};
	if (!help_may_look(p))
		return ERR_DENIED;
	int r = keep_declaration_list(p->keep, &p->actor, &(struct keep_declaration_list_in){0}, p->arena, &stars);
	if (r >= 0)
		r = register_list(p, register_find(STR("declarations")), &ret->declarations);
	if (r >= 0)
		r = keep_paper_list(p->keep, &p->actor, &(struct keep_paper_list_in){.paper = STR("")}, p->arena,
		                    &papers);
	if (r < 0)
		return r;
	ret->stars = stars.declarations;
	ret->papers = papers.versions;
	return 0;
}

/* star 0: any of them. The newest row of a star counts; without a day it was taken back. */
static enum help_have has_star(const struct help_own *own, uint64_t star, struct str *ret_when)
{
	uint64_t seen = 0;
	enum help_have has = HELP_HAS_NOT;
	for (size_t i = 0; i < own->stars.n; i++) {
		const struct keep_declaration *row = &own->stars.at[i];
		uint64_t bit = (uint64_t) 1 << (row->star & 7);
		bool is_newest = !(seen & bit);
		seen |= bit;
		if (is_newest && row->day.n > 0 && (star == 0 || row->star == star)) {
			has = HELP_HAS;
			*ret_when = row->day;
		}
	}
	return has;
}

static enum help_have has_declared(const struct help_own *own, const char *what, bool ends, struct str *ret_when)
{
	const struct register_kind *kind = register_find(STR("declarations"));
	for (size_t i = 0; i < own->declarations.n; i++) {
		const struct register_item *item = &own->declarations.at[i];
		struct str until = register_value(kind, item, "review");
		bool is_over = ends && until.n > 0 && str_cmp(until, page_today(own->p)) < 0;
		if (!str_eq_c(register_value(kind, item, "declaration"), what) || is_over)
			continue;
		*ret_when = register_value(kind, item, "declared-on");
		return HELP_HAS;
	}
	return HELP_HAS_NOT;
}

static enum help_have has_paper(const struct help_own *own, const char *paper, bool is_published, struct str *ret_when)
{
	for (size_t i = 0; i < own->papers.n; i++) {
		const struct keep_paper_version *v = &own->papers.at[i];
		if (!str_eq_c(v->paper, paper) || v->approved_us == 0 || (is_published && v->published_on.n == 0))
			continue;
		*ret_when = v->published_on;
		return HELP_HAS;
	}
	return HELP_HAS_NOT;
}

enum help_have help_own_has(const struct help_own *own, struct str word, struct str *ret_when)
{
	*ret_when = STR("");
	if (str_eq_c(word, "declaration"))
		return has_star(own, 0, ret_when);
	if (str_eq_c(word, "star-2"))
		return has_star(own, STAR_TWO, ret_when);
	if (str_eq_c(word, "jigyokei"))
		return has_declared(own, "jigyokei", true, ret_when);
	if (str_eq_c(word, "gbiz"))
		return has_declared(own, "gbiz", false, ret_when);
	if (str_eq_c(word, "carbon"))
		return has_declared(own, "carbon", false, ret_when);
	if (str_eq_c(word, "bcp"))
		return has_paper(own, "bcp", false, ret_when);
	if (str_eq_c(word, "policy"))
		return has_paper(own, "policy", true, ret_when);
	return HELP_CANNOT_TELL;
}

/* ---- the table ---- */

static const struct {
	const char *word, *path;
} ways[] = {
        {"declaration", "/prepare/security-action"}, {"star-2", "/prepare/security-action"},
        {"jigyokei", "/prepare/jigyokei"},           {"carbon", "/prepare/help/carbon"},
        {"gbiz", "/prepare/registers/declarations"}, {"bcp", "/prepare/papers/bcp"},
        {"policy", "/prepare/papers/policy"},
};

static json_t *condition_json(const struct page *p, const struct help_own *own, struct str word, bool is_sure)
{
	static const char *const states[] = {
	        [HELP_CANNOT_TELL] = "unknown", [HELP_HAS_NOT] = "not", [HELP_HAS] = "has"};
	struct str when = STR("");
	enum help_have has = own ? help_own_has(own, word, &when) : HELP_CANNOT_TELL;
	json_t *j = json_object();
	json_object_set_new(j, "word", page_json_str(word));
	json_object_set_new(j, "label", rows_text(p, "help.need.", word, ""));
	json_object_set_new(j, "is_unverified", json_boolean(!is_sure));
	json_object_set_new(j, "when", page_json_str(when));
	if (own)
		json_object_set_new(j, "state", rows_flag(str_of(states[has])));
	for (size_t i = 0; i < ARRAY_SIZE(ways) && own; i++)
		if (str_eq_c(word, ways[i].word))
			json_object_set_new(j, "path", json_string(ways[i].path));
	return j;
}

static void add_conditions(const struct page *p, const struct help_own *own, const struct fact *fact, const char *name,
                           bool is_sure, json_t *list)
{
	const struct fact_value *value = fact_value(fact, name);
	struct str rest = value ? value->text : STR(""), word;
	while (str_split(&rest, ' ', &word))
		if (word.n > 0)
			json_array_append_new(list, condition_json(p, own, word, is_sure));
}

/* The next last day, or that all that are known are over, or that none is known. */
static void put_rounds(const struct page *p, const struct fact *fact, json_t *row)
{
	struct str next = STR(""), last = STR("");
	for (int i = 1; i <= ROUNDS_MAX; i++) {
		const struct fact_value *value =
		        fact_value(fact, arena_cstr(p->arena, arena_printf(p->arena, "round-%d", i)));
		if (!value)
			break;
		last = value->text;
		if (next.n == 0 && str_cmp(value->text, page_today(p)) >= 0)
			next = value->text;
	}
	json_object_set_new(row, "next", page_json_str(next));
	json_object_set_new(row, "last", page_json_str(last));
	json_object_set_new(row, "is_over", json_boolean(next.n == 0 && last.n > 0));
	json_object_set_new(row, "has_no_day", json_boolean(last.n == 0));
}

static json_t *subsidy_json(const struct page *p, const struct help_own *own, const struct fact *fact)
{
	json_t *row = help_fact(p, fact), *needs = json_array(), *favours = json_array(), *one;
	size_t missing = 0, i;
	add_conditions(p, own, fact, "needs", true, needs);
	add_conditions(p, own, fact, "maybe-needs", false, needs);
	add_conditions(p, own, fact, "favours", true, favours);
	add_conditions(p, own, fact, "maybe-favours", false, favours);
	json_array_foreach(needs, i, one)
	{
		missing += json_object_get(json_object_get(one, "state"), "not") != NULL;
	}
	json_object_set_new(row, "needs", needs);
	json_object_set_new(row, "favours", favours);
	json_object_set_new(row, "missing", json_integer((json_int_t) missing));
	put_rounds(p, fact, row);
	return row;
}

int help_put_subsidies(struct page *p)
{
	const struct facts *facts = page_facts(p);
	struct help_own own;
	json_t *list = json_array();
	page_put(p, "subsidies", list);
	int r = help_own_load(p, &own);
	bool is_shown = r >= 0;
	page_put(p, "sees_own", json_boolean(is_shown));
	for (size_t i = 0; i < facts->n; i++)
		if (str_eq_c(facts->at[i].group, GROUP))
			json_array_append_new(list, subsidy_json(p, is_shown ? &own : NULL, &facts->at[i]));
	return r == ERR_DENIED ? 0 : r;
}
