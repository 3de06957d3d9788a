/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SECURITY ACTION: what the six items of one star and the steps of two stars look like here, and what was declared. It
 * is a declaration of the company's own; nothing is sent or fetched. */
#include "base/err.h"
#include "base/web-address.h"
#include "plan/calendar.h"
#include "web/pages/diagnosis-rows.h"
#include "web/pages/rules-rows.h"

enum { ID_MAX_BYTES = 40, URL_MAX_BYTES = 300 };

/* ---- one star ---- */

/* The number of the question that an item goes with; 0: none. */
static uint64_t question_of(const struct diagnosis *d, const struct fact *item)
{
	for (size_t i = 0; i < item->see.n; i++)
		for (size_t k = 0; k < d->set.n; k++)
			if (str_eq(d->set.questions[k]->id, item->see.at[i]))
				return k + 1;
	return 0;
}

static json_t *fact_json(const struct page *p, const struct fact *fact, struct str today)
{
	json_t *j = json_object();
	json_object_set_new(j, "text", page_json_str(fact->text[p->language]));
	json_object_set_new(j, "is_expired", json_boolean(fact_is_expired(fact, today)));
	json_object_set_new(j, "is_unverified", json_boolean(!fact->verified));
	return j;
}

/* The facts of a group in the order of the file, as texts. */
static json_t *group_json(const struct page *p, const struct diagnosis *d, const char *group)
{
	json_t *list = json_array();
	for (size_t i = 0; i < d->facts->n; i++)
		if (str_eq_c(d->facts->at[i].group, group) &&
		    str_starts_with(d->facts->at[i].id, STR("security-action.")))
			json_array_append_new(list, fact_json(p, &d->facts->at[i], d->today));
	return list;
}

static int put_one_star(struct page *p, const struct diagnosis *d)
{
	const struct keep_diagnosis *last = diagnosis_closed_before(d, 0);
	json_t *list = json_array();
	struct str answers = STR("");
	size_t done = 0;
	int r = last ? diagnosis_get_sum(p, last->id, &answers) : 0;
	for (size_t i = 0; r >= 0 && i < d->facts->n; i++) {
		const struct fact *item = &d->facts->at[i];
		if (!str_eq_c(item->group, "one-star") || !str_starts_with(item->id, STR("security-action.")))
			continue;
		uint64_t number = question_of(d, item);
		char letter = number ? diagnosis_letter(answers, number - 1) : SCORE_NONE;
		json_t *j = fact_json(p, item, d->today);
		json_object_set_new(j, "answer", page_json_str(diagnosis_answer_text(p, d, letter)));
		json_object_set_new(j, "is_done", json_boolean(letter == SCORE_LETTERS[0]));
		if (number)
			(void) diagnosis_put_proofs(p, d, number - 1, letter, j);
		json_array_append_new(list, j);
		done += letter == SCORE_LETTERS[0];
	}
	page_put(p, "items", list);
	page_put(p, "items_count", json_integer((json_int_t) json_array_size(list)));
	page_put(p, "items_done", json_integer((json_int_t) done));
	page_put_str(p, "diagnosed", last ? diagnosis_day(p, last->closed_us) : STR(""));
	return r;
}

/* ---- what was declared ---- */

static const struct keep_declaration *newest_of(const struct keep_declaration_list *all, uint64_t star)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].star == star)
			return &all->at[i];
	return NULL;
}

static json_t *star_json(struct page *p, const struct keep_declaration_list *all, uint64_t star)
{
	static const struct keep_declaration none;
	const struct keep_declaration *row = newest_of(all, star);
	bool is_typed = p->method == HTTP_POST && str_eq(page_field(p, "star"), diagnosis_number(p, (int64_t) star));
	row = row ? row : &none;
	json_t *j = json_object();
	json_object_set_new(j, "star", json_integer((json_int_t) star));
	json_object_set_new(j, "is_two", json_boolean(star == 2));
	json_object_set_new(j, "name", rows_text(p, "security-action.star.", diagnosis_number(p, (int64_t) star), ""));
	json_object_set_new(j, "declared", page_json_str(row->day));
	json_object_set_new(j, "declared_id", page_json_str(row->declared_id));
	json_object_set_new(j, "policy_url", page_json_str(row->policy_url));
	json_object_set_new(j, "logo", page_json_str(row->logo));
	json_object_set_new(j, "changed", page_json_time(row->changed_us));
	json_object_set_new(j, "by", page_json_str(row->changed_by_name));
	json_object_set_new(j, "form_day", page_json_str(is_typed ? page_field(p, "day") : row->day));
	json_object_set_new(j, "form_id", page_json_str(is_typed ? page_field(p, "declared_id") : row->declared_id));
	json_object_set_new(j, "form_url", page_json_str(is_typed ? page_field(p, "policy_url") : row->policy_url));
	json_object_set_new(j, "form_logo", page_json_str(is_typed ? page_field(p, "logo") : row->logo));
	return j;
}

/* The policy among the papers: approved, and published. */
static int look_at_policy(struct page *p, bool *ret_is_set, bool *ret_is_published)
{
	struct keep_paper_list_out out;
	int r = keep_paper_list(p->keep, &p->actor, &(struct keep_paper_list_in){.paper = STR("policy")}, p->arena,
	                        &out);
	for (size_t i = 0; r >= 0 && i < out.versions.n; i++) {
		*ret_is_set |= out.versions.at[i].approved_us > 0;
		*ret_is_published |= out.versions.at[i].published_on.n > 0;
	}
	return r;
}

/* The two stars' own steps: diagnosed, a policy approved here or its address noted, and published. */
static int put_two_stars(struct page *p, const struct diagnosis *d, const struct keep_declaration_list *all)
{
	const struct keep_declaration *two = newest_of(all, 2);
	bool is_noted = two && two->policy_url.n > 0, is_diagnosed = diagnosis_closed_before(d, 0) != NULL;
	bool is_set = is_noted, is_published = is_noted;
	int r = look_at_policy(p, &is_set, &is_published);
	if (r < 0)
		return r;
	json_t *list = json_array();
	for (size_t i = 0; i < d->facts->n; i++) {
		const struct fact *fact = &d->facts->at[i];
		if (!str_eq_c(fact->group, "two-stars") || !str_starts_with(fact->id, STR("security-action.")))
			continue;
		json_t *j = fact_json(p, fact, d->today);
		bool is_done = str_ends_with(fact->id, STR(".diagnosis")) ? is_diagnosed
		               : str_ends_with(fact->id, STR(".policy"))  ? is_set
		                                                          : is_published;
		json_object_set_new(j, "is_done", json_boolean(is_done));
		json_array_append_new(list, j);
	}
	page_put(p, "two", list);
	return 0;
}

static int show(struct page *p, const struct diagnosis *d)
{
	struct keep_declaration_list_out out;
	json_t *stars = json_array();
	int r = put_one_star(p, d);
	if (r >= 0)
		r = keep_declaration_list(p->keep, &p->actor, &(struct keep_declaration_list_in){0}, p->arena, &out);
	if (r < 0) {
		json_decref(stars);
		return r;
	}
	for (uint64_t star = 1; star <= 2; star++)
		json_array_append_new(stars, star_json(p, &out.declarations, star));
	r = put_two_stars(p, d, &out.declarations);
	page_put(p, "stars", stars);
	page_put(p, "backup", group_json(p, d, "backup"));
	page_put(p, "steps", group_json(p, d, "declare"));
	page_put(p, "wording", group_json(p, d, "wording"));
	page_put_str(p, "today", d->today);
	rules_put_done(p);
	return r;
}

/* ---- noting it ---- */

static bool is_day(struct str day, struct str today)
{
	int32_t number;
	return calendar_parse(day, &number) >= 0 && str_cmp(day, today) <= 0;
}

static bool is_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!ascii_is_alnum(id.p[i]) && id.p[i] != '-')
			return false;
	return id.n <= ID_MAX_BYTES;
}

static const char *problem_of(const struct keep_declaration *row, struct str today, const char **ret_field)
{
	*ret_field = "day";
	if (row->day.n > 0 && !is_day(row->day, today))
		return "security-action.problem.day";
	*ret_field = "declared_id";
	if (!is_id(row->declared_id))
		return "security-action.problem.id";
	*ret_field = "policy_url";
	return row->policy_url.n > 0 && (!web_address_is_fit(row->policy_url) || row->policy_url.n > URL_MAX_BYTES)
	               ? "security-action.problem.url"
	               : NULL;
}

int security_action_page(struct page *p)
{
	struct diagnosis d;
	struct keep_declaration_save_out out;
	struct keep_declaration row = {.day = str_trim(page_field(p, "day")),
	                               .declared_id = str_trim(page_field(p, "declared_id")),
	                               .policy_url = str_trim(page_field(p, "policy_url")),
	                               .logo = str_trim(page_field(p, "logo"))};
	const char *field, *problem;
	int r = diagnosis_load(p, &d);
	if (r < 0 || p->method == HTTP_GET)
		return r < 0 ? r : show(p, &d);
	if (str_parse_u64(page_field(p, "star"), 2, &row.star) < 0)
		return ERR_INVALID;
	problem = problem_of(&row, d.today, &field);
	if (problem) {
		page_problem(p, problem, field);
		return show(p, &d);
	}
	struct keep_declaration_save_in in = {.declarations = {.at = &row, .n = 1}};
	r = keep_declaration_save(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID) {
		page_problem(p, "security-action.problem", "");
		return show(p, &d);
	}
	return r < 0 ? r : page_redirect(p, "/prepare/security-action?done=1");
}
