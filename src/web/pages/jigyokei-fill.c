/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The form of 事業継続力強化計画 begins with what is known: the company and its sites, people, partners, businesses,
 * information, devices, the cyber BCP, the self-diagnosis and the self-check of SCS. A field that has something is left
 * alone, and each one that was filled says so, because a person has to read it before it goes to an office. */
#include "web/pages/jigyokei.h"

#include "base/err.h"
#include "plan/calendar.h"
#include "plan/jigyokei.h"
#include "web/pages/diagnosis-rows.h"
#include "web/pages/paper-forms.h"
#include "web/pages/register-rows.h"

enum { LISTED_MAX = 5, MONTHS_PER_YEAR = 12, KEY_BYTES = 40 };
#define OFFICES "jigyokei-office"

struct filling {
	struct page *p;
	const struct paper_form *form;
	struct str *values;
	json_t *filled;
};

static struct str *place(const struct filling *f, const char *field)
{
	for (size_t i = 0; i < f->form->n; i++)
		if (strcmp(f->form->fields[i].name, field) == 0)
			return &f->values[i];
	return NULL;
}

/* What would not pass the check of its field is left out. */
static void fill(const struct filling *f, const char *field, struct str text)
{
	struct str *to = place(f, field), checked;
	if (!to || to->n > 0 || text.n == 0)
		return;
	if (register_check(&f->form->fields[to - f->values], text, f->p->arena, &checked) < 0 || checked.n == 0)
		return;
	*to = checked;
	json_object_set_new(f->filled, field, json_true());
}

static void fill_with(const struct filling *f, const char *field, const char *key, const struct i18n_fact *facts,
                      size_t n)
{
	CLEANUP(buf_done) struct buf b = buf_make(REGISTER_WORDS_MAX_BYTES);
	if (i18n_format(&b, LANGUAGE_JA, str_of(key), facts, n) >= 0)
		fill(f, field, arena_dup(f->p->arena, buf_str(&b)));
}

static struct str joined(const struct filling *f, struct str all, struct str more)
{
	return all.n == 0 ? more : arena_printf(f->p->arena, "%.*s、%.*s", STR_ARG(all), STR_ARG(more));
}

/* ---- papers ---- */

int jigyokei_newest_fields(struct page *p, const char *paper, bool is_approved, json_t **ret)
{
	struct keep_paper_list_out out;
	struct keep_paper_get_in wanted = {0};
	struct keep_paper_get_out got;
	json_t *fields = NULL;
	int r = keep_paper_list(p->keep, &p->actor, &(struct keep_paper_list_in){.paper = str_of(paper)}, p->arena,
	                        &out);
	/* A list comes without what is in the papers. */
	for (size_t i = 0; r >= 0 && i < out.versions.n && wanted.id == 0; i++)
		if (out.versions.at[i].approved_us > 0 || !is_approved)
			wanted.id = out.versions.at[i].id;
	if (r >= 0 && wanted.id > 0)
		r = keep_paper_get(p->keep, &p->actor, &wanted, p->arena, &got);
	if (r >= 0 && wanted.id > 0)
		fields = json_loadb(got.versions.at[0].fields.p, got.versions.at[0].fields.n, JSON_REJECT_DUPLICATES,
		                    NULL);
	*ret = fields ? fields : json_object();
	return r < 0 ? r : 0;
}

static struct str text_of(const struct filling *f, const json_t *fields, const char *name)
{
	const char *text = json_string_value(json_object_get(fields, name));
	return text ? arena_dup(f->p->arena, str_of(text)) : STR("");
}

/* "9", "9月" and "毎年9月" are the ninth month. */
static struct str month_in(const struct filling *f, struct str text)
{
	unsigned month = 0;
	for (size_t i = 0; i < text.n && month <= MONTHS_PER_YEAR; i++) {
		if (ascii_is_digit(text.p[i]))
			month = month * 10 + (unsigned) (text.p[i] - '0');
		else if (month > 0)
			break;
	}
	return month >= 1 && month <= MONTHS_PER_YEAR ? arena_printf(f->p->arena, "%u", month) : STR("");
}

static int fill_from_papers(const struct filling *f)
{
	json_t *policy = NULL, *bcp = NULL;
	int r = jigyokei_newest_fields(f->p, "policy", false, &policy);
	if (r >= 0)
		r = jigyokei_newest_fields(f->p, "bcp", false, &bcp);
	fill(f, "representative-title", text_of(f, policy, "representative-title"));
	fill(f, "representative", text_of(f, policy, "representative"));
	fill(f, "training-month", month_in(f, text_of(f, bcp, "drill-month")));
	fill(f, "review-month", month_in(f, text_of(f, bcp, "review-month")));
	struct str leader = text_of(f, bcp, "leader"), deputy = text_of(f, bcp, "deputy");
	const struct i18n_fact facts[] = {{"leader", leader}, {"deputy", deputy}};
	if (leader.n > 0 && deputy.n > 0)
		fill_with(f, "organisation", "jigyokei.fill.organisation", facts, ARRAY_SIZE(facts));
	json_decref(policy);
	json_decref(bcp);
	return r;
}

/* ---- registers ---- */

static void fill_office(const struct filling *f)
{
	const struct facts *all = page_facts(f->p);
	const struct str *prefecture = place(f, "prefecture");
	for (size_t i = 0; prefecture && prefecture->n > 0 && i < all->n; i++) {
		const struct fact_value *covers = fact_value(&all->at[i], "prefectures");
		if (str_eq_c(all->at[i].group, OFFICES) && covers &&
		    str_find(covers->text, *prefecture, 0) != STR_NOT_FOUND)
			fill(f, "office", all->at[i].text[LANGUAGE_JA]);
	}
}

static int fill_company(const struct filling *f)
{
	static const char *const same[] = {"postal",
	                                   "prefecture",
	                                   "city",
	                                   "street",
	                                   "building",
	                                   "name",
	                                   "kana",
	                                   "representative-title",
	                                   "representative",
	                                   "capital",
	                                   "staff",
	                                   "industry",
	                                   "industry-middle",
	                                   "industry-minor",
	                                   "industry-detail",
	                                   "corporate-number",
	                                   "founded"};
	const struct register_kind *kind = register_find(STR("company"));
	struct register_items list;
	int r = register_list(f->p, kind, &list);
	const struct register_item *head = NULL;
	for (size_t i = 0; r >= 0 && i < list.n && !head; i++)
		if (str_eq_c(register_value(kind, &list.at[i], "site"), "head"))
			head = &list.at[i];
	for (size_t i = 0; head && i < ARRAY_SIZE(same); i++)
		fill(f, same[i], register_value(kind, head, same[i]));
	fill(f, "name", rows_setting(f->p, "company.name"));
	if (register_value(kind, head ? head : &(struct register_item){0}, "corporate-number").n > 0)
		fill(f, "applicant", STR("corporation"));
	fill_office(f);
	return r;
}

static int fill_people(const struct filling *f)
{
	struct keep_status_out status;
	int r = keep_status(f->p->keep, &f->p->actor, &(struct keep_status_in){0}, f->p->arena, &status);
	if (r >= 0)
		fill(f, "staff", arena_printf(f->p->arena, "%llu", (unsigned long long) status.people));
	struct str who = rows_setting(f->p, "company.ask-name"), phone = rows_setting(f->p, "company.ask-phone");
	fill(f, "contact", str_trim(arena_printf(f->p->arena, "%.*s %.*s", STR_ARG(who), STR_ARG(phone))));
	const struct str *title = place(f, "representative-title");
	const struct i18n_fact facts[] = {{"title", title ? *title : STR("")}, {"who", who}};
	if (title && title->n > 0 && who.n > 0)
		fill_with(f, "management", "jigyokei.fill.management", facts, ARRAY_SIZE(facts));
	return r;
}

static int fill_partners(const struct filling *f)
{
	const struct register_kind *kind = register_find(STR("partners"));
	struct register_items list;
	struct str helpers = STR(""), insurers = STR("");
	size_t customers = 0, helping = 0;
	int r = register_list(f->p, kind, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		struct str relation = register_value(kind, &list.at[i], "relation");
		struct str name = register_value(kind, &list.at[i], "name");
		customers += str_eq_c(relation, "customer");
		if (str_eq_c(relation, "insurer"))
			insurers = joined(f, insurers, name);
		if ((str_eq_c(relation, "it-firm") || str_eq_c(relation, "supplier")) && helping++ < LISTED_MAX)
			helpers =
			        arena_printf(f->p->arena, "%.*s%s%.*s（%.*s）", STR_ARG(helpers), helpers.n ? "\n" : "",
			                     STR_ARG(name), STR_ARG(register_value(kind, &list.at[i], "duty")));
	}
	fill(f, "helpers", helpers);
	const struct i18n_fact facts[] = {{"count", arena_printf(f->p->arena, "%zu", customers)}, {"names", insurers}};
	if (customers > 0)
		fill_with(f, "customers", "jigyokei.fill.customers", facts, ARRAY_SIZE(facts));
	if (insurers.n > 0)
		fill_with(f, "money-now", "jigyokei.fill.insurers", facts, ARRAY_SIZE(facts));
	return r;
}

static int fill_businesses(const struct filling *f, struct str *ret_first, struct str *ret_hours)
{
	const struct register_kind *kind = register_find(STR("businesses"));
	struct register_items list;
	struct str names = STR("");
	int r = register_list(f->p, kind, &list);
	for (size_t i = 0; r >= 0 && i < list.n && i < LISTED_MAX; i++)
		names = joined(f, names, register_value(kind, &list.at[i], "name"));
	if (r < 0 || list.n == 0)
		return r;
	*ret_first = register_value(kind, &list.at[0], "name");
	*ret_hours = register_value(kind, &list.at[0], "tolerable-hours");
	const struct i18n_fact facts[] = {{"names", names}};
	fill_with(f, "overview", "jigyokei.fill.overview", facts, ARRAY_SIZE(facts));
	return 0;
}

static int fill_assets(const struct filling *f, struct str first)
{
	const struct register_kind *assets = register_find(STR("assets")), *devices = register_find(STR("devices"));
	struct register_items list;
	struct str names = STR("");
	size_t named = 0;
	int r = register_list(f->p, assets, &list);
	for (size_t i = 0; r >= 0 && i < list.n && named < LISTED_MAX; i++)
		if (str_eq_c(register_value(assets, &list.at[i], "confidentiality"), "3") ||
		    str_eq_c(register_value(assets, &list.at[i], "availability"), "3")) {
			names = joined(f, names, register_value(assets, &list.at[i], "name"));
			named++;
		}
	const struct i18n_fact facts[] = {{"names", names}, {"business", first}};
	if (names.n > 0 && first.n > 0)
		fill_with(f, "effect-information", "jigyokei.fill.information", facts, ARRAY_SIZE(facts));
	if (r >= 0)
		r = register_list(f->p, devices, &list);
	names = STR("");
	for (size_t i = 0; r >= 0 && i < list.n && i < LISTED_MAX; i++)
		names = joined(f, names, register_value(devices, &list.at[i], "name"));
	const struct i18n_fact machines[] = {{"names", names}, {"business", first}};
	if (r >= 0 && names.n > 0 && first.n > 0)
		fill_with(f, "effect-equipment", "jigyokei.fill.equipment", machines, ARRAY_SIZE(machines));
	return r;
}

/* ---- self-diagnosis and SCS ---- */

/* Which questions tell of people, of equipment and of information; the 25 items by number, as measures in the
 * catalogue's "jigyokei.measure.<number>". */
static const struct {
	const char *now, *next;
	uint64_t items[LISTED_MAX + 1];
} measures[] = {
        {"people-now", "people-next", {5, 20, 21, 24, 0}},
        {"equipment-now", "equipment-next", {2, 9, 14, 15, 18, 0}},
        {"information-now", "information-next", {1, 3, 4, 11, 23, 0}},
};

static int scs_sentence(const struct filling *f, struct str *ret)
{
	struct keep_scs_list_out out;
	size_t met = 0;
	int r = keep_scs_list(f->p->keep, &f->p->actor, &(struct keep_scs_list_in){0}, f->p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.states.n; i++)
		met += out.states.at[i].state == 1;
	CLEANUP(buf_done) struct buf b = buf_make(REGISTER_LINE_MAX_BYTES);
	const struct i18n_fact facts[] = {{"count", arena_printf(f->p->arena, "%zu", met)}};
	*ret = STR("");
	if (r >= 0 && met > 0 && i18n_format(&b, LANGUAGE_JA, STR("jigyokei.fill.scs"), facts, 1) >= 0)
		*ret = arena_dup(f->p->arena, buf_str(&b));
	return r;
}

static void fill_measures(const struct filling *f, const struct diagnosis *d, struct str answers, struct str day,
                          struct str scs)
{
	for (size_t m = 0; m < ARRAY_SIZE(measures); m++) {
		struct str now = STR(""), next = STR("");
		for (const uint64_t *item = measures[m].items; *item && *item <= d->set.n; item++) {
			char letter = diagnosis_letter(answers, *item - 1);
			char key[KEY_BYTES];
			snprintf(key, sizeof(key), "jigyokei.measure.%llu", (unsigned long long) *item);
			struct str text = str_of(i18n_text(LANGUAGE_JA, key));
			if (letter == 'y')
				now = joined(f, now, text);
			else if (letter != SCORE_NONE)
				next = joined(f, next, text);
		}
		bool is_last = m + 1 == ARRAY_SIZE(measures);
		const struct i18n_fact facts[] = {
		        {"what", now}, {"next", next}, {"day", day}, {"scs", is_last ? scs : STR("")}};
		if (now.n > 0)
			fill_with(f, measures[m].now, "jigyokei.fill.now", facts, ARRAY_SIZE(facts));
		if (next.n > 0)
			fill_with(f, measures[m].next, "jigyokei.fill.next", facts, ARRAY_SIZE(facts));
	}
}

static int fill_from_diagnosis(const struct filling *f, struct str first, struct str hours)
{
	struct diagnosis d;
	struct str answers, scs;
	int r = diagnosis_load(f->p, &d);
	const struct keep_diagnosis *last = r < 0 ? NULL : diagnosis_closed_before(&d, 0);
	if (r == ERR_INVALID) /* a company's own facts may have no questions */
		return 0;
	if (!last)
		return r;
	r = diagnosis_get_sum(f->p, last->id, &answers);
	if (r >= 0)
		r = scs_sentence(f, &scs);
	if (r < 0)
		return r;
	struct str day = diagnosis_day(f->p, last->closed_us);
	fill_measures(f, &d, answers, day, scs);
	const struct i18n_fact facts[] = {{"day", day},
	                                  {"points", diagnosis_number(f->p, last->score)},
	                                  {"most", diagnosis_number(f->p, last->most)},
	                                  {"business", first},
	                                  {"hours", hours}};
	if (first.n > 0)
		fill_with(f, "hazard", "jigyokei.fill.hazard", facts, ARRAY_SIZE(facts));
	return 0;
}

/* ---- time ---- */

/* From the month after this one, for as long as is allowed. */
static void fill_period(const struct filling *f)
{
	int32_t day = 0;
	if (calendar_parse(page_today(f->p), &day) < 0)
		return;
	struct date today = calendar_date(day);
	int from = today.year * MONTHS_PER_YEAR + today.month, to = from + JIGYOKEI_MONTHS_MAX - 1;
	const struct str *begun = place(f, "from-month"), *ended = place(f, "to-month");
	if (!begun || !ended || begun->n > 0 || ended->n > 0)
		return;
	fill(f, "from-month",
	     arena_printf(f->p->arena, "%04d-%02d", from / MONTHS_PER_YEAR, from % MONTHS_PER_YEAR + 1));
	fill(f, "to-month", arena_printf(f->p->arena, "%04d-%02d", to / MONTHS_PER_YEAR, to % MONTHS_PER_YEAR + 1));
}

int jigyokei_prefill(struct page *p, struct str *values, json_t *filled)
{
	const struct filling f = {p, paper_form_find(STR("jigyokei")), values, filled};
	struct str first = STR(""), hours = STR("");
	int r = fill_company(&f);
	if (r >= 0)
		r = fill_from_papers(&f);
	if (r >= 0)
		r = fill_people(&f);
	if (r >= 0)
		r = fill_partners(&f);
	if (r >= 0)
		r = fill_businesses(&f, &first, &hours);
	if (r >= 0)
		r = fill_assets(&f, first);
	if (r >= 0)
		r = fill_from_diagnosis(&f, first, hours);
	fill_period(&f);
	return r;
}

/* ---- renewal: the plan that was certified ---- */

int jigyokei_prefill_renewal(struct page *p, struct str *values, json_t *filled)
{
	const struct filling f = {p, paper_form_find(STR("renewal")), values, filled};
	const struct register_kind *kind = register_find(STR("declarations"));
	struct register_items list;
	json_t *plan = NULL;
	int r = jigyokei_newest_fields(p, "jigyokei", true, &plan);
	fill(&f, "from-month", text_of(&f, plan, "from-month"));
	fill(&f, "to-month", text_of(&f, plan, "to-month"));
	json_decref(plan);
	if (r >= 0)
		r = register_list(p, kind, &list);
	for (size_t i = 0; r >= 0 && i < list.n; i++) {
		if (!str_eq_c(register_value(kind, &list.at[i], "declaration"), "jigyokei"))
			continue;
		fill(&f, "certified-on", register_value(kind, &list.at[i], "declared-on"));
		fill(&f, "certified-number", register_value(kind, &list.at[i], "declaration-number"));
	}
	return r;
}
