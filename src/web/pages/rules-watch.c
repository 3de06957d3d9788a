/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 利用状況: one's own use and sums of the company. 週の見回り: ten minutes of the officer. 生成AI利用ガイドライン:
 * fields that drive the table, with what differs. */
#include "base/err.h"
#include "policy/guideline.h"
#include "store/ai.h"
#include "web/pages/rules-rows.h"

enum { CSV_MAX_BYTES = 512 * 1024, RULES_A_TIME_MAX = 100 };

/* ---- use ---- */

/* "stop.my-number" -> what happened and to what; "request.mask" -> what happened to whole requests. */
static json_t *sum_json(struct page *p, const struct keep_ai_sum *sum)
{
	struct str rest = sum->name, what = STR("");
	json_t *j = json_object();
	bool has_two = str_find_char(rest, '.', 0) != STR_NOT_FOUND && str_split(&rest, '.', &what);
	bool is_request = str_eq_c(what, "request");
	json_object_set_new(j, "month", rules_month(p, sum->month));
	json_object_set_new(j, "name", page_json_str(sum->name));
	json_object_set_new(j, "action", rows_text(p, "rules.use.action.", is_request ? rest : what, ""));
	json_object_set_new(j, "label",
	                    is_request ? json_string(i18n_text(p->language, "rules.use.requests"))
	                    : has_two  ? rows_text(p, "leak.kind.", rest, "")
	                               : rows_text(p, "rules.use.sum.", sum->name, ""));
	json_object_set_new(j, "value", json_integer((json_int_t) sum->value));
	return j;
}

static int put_use(struct page *p, bool company, const char *sums_name, const char *months_name)
{
	struct keep_ai_use_list_in in = {.company = company};
	struct keep_ai_use_list_out out;
	json_t *sums = json_array(), *months = json_array();

	page_put(p, sums_name, sums);
	page_put(p, months_name, months);
	int r = keep_ai_use_list(p->keep, &p->actor, &in, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.sums.n; i++)
		json_array_append_new(sums, sum_json(p, &out.sums.at[i]));
	for (size_t i = 0; r >= 0 && i < out.months.n; i++) {
		const struct keep_ai_spend *m = &out.months.at[i];
		json_int_t tokens = (json_int_t) m->tokens_in + (json_int_t) m->tokens_out;
		json_array_append_new(months, json_pack("{s:o, s:I, s:I, s:o}", "month", rules_month(p, m->month),
		                                        "requests", (json_int_t) m->requests, "tokens", tokens, "yen",
		                                        rules_yen(p, m->microyen)));
	}
	return r;
}

/* What people said of their own use, of three and more together. */
static int put_said(struct page *p)
{
	struct keep_work_company_sums_out out;
	json_t *list = json_array();
	page_put(p, "said", list);
	int r = keep_work_company_sums(p->keep, &p->actor, &(struct keep_work_company_sums_in){0}, p->arena, &out);
	for (size_t i = out.sums.n; r >= 0 && i-- > 0;) {
		const struct keep_work_sum *sum = &out.sums.at[i];
		bool is_template = str_starts_with(sum->name, STR("use."));
		json_array_append_new(
		        list, json_pack("{s:o, s:o, s:I, s:I}", "month", rules_month(p, sum->month), "label",
		                        is_template ? page_json_str(str_slice(sum->name, strlen("use."), sum->name.n))
		                                    : rows_text(p, "ai.sum.", sum->name, ""),
		                        "value", (json_int_t) sum->value, "people", (json_int_t) sum->people));
	}
	return r;
}

int rules_use_page(struct page *p)
{
	int r = put_use(p, true, "company", "company_months");
	if (r >= 0)
		r = put_said(p);
	if (r >= 0 && page_may(p, WHO_MEMBER))
		r = put_use(p, false, "own", "own_months");
	return r;
}

int rules_use_csv_page(struct page *p)
{
	struct keep_ai_use_list_out out;
	struct buf b = buf_make(CSV_MAX_BYTES);

	int r = keep_ai_use_list(p->keep, &p->actor, &(struct keep_ai_use_list_in){.company = true}, p->arena, &out);
	if (r < 0)
		return r;
	buf_add_c(&b, ROWS_CSV_BOM);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "rules.use.month")), false);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "rules.use.what")), false);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "rules.use.count")), true);
	for (size_t i = 0; i < out.sums.n; i++) {
		json_t *j = sum_json(p, &out.sums.at[i]);
		rows_csv_cell(&b, str_of(json_string_value(json_object_get(j, "month"))), false);
		rows_csv_cell(&b,
		              arena_printf(p->arena, "%s %s", json_string_value(json_object_get(j, "label")),
		                           json_string_value(json_object_get(j, "action"))),
		              false);
		rows_csv_cell(&b, arena_printf(p->arena, "%llu", (unsigned long long) out.sums.at[i].value), true);
		json_decref(j);
	}
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "ai-use.csv", buf_str(&b));
	buf_done(&b);
	return r;
}

/* ---- patrol ---- */

static const struct keep_ai_patrol *find_done(const struct keep_ai_patrol_list *done, struct str item)
{
	for (size_t i = 0; i < done->n; i++) {
		if (str_eq(done->at[i].item, item))
			return &done->at[i];
	}
	return NULL;
}

static json_t *item_json(const struct page *p, const struct keep_ai_sum *state, const struct keep_ai_patrol *done)
{
	json_t *j = json_object();
	json_object_set_new(j, "item", page_json_str(state->name));
	json_object_set_new(j, "label", rows_text(p, "rules.patrol.item.", state->name, ""));
	json_object_set_new(j, "help", rows_text(p, "rules.patrol.item.", state->name, ".help"));
	json_object_set_new(j, "path", rows_text(p, "rules.patrol.item.", state->name, ".path"));
	json_object_set_new(j, "count", json_integer((json_int_t) state->value));
	json_object_set_new(j, "done", page_json_time(done ? done->done_us : 0));
	json_object_set_new(j, "done_by", done ? page_json_str(done->done_by_name) : json_string(""));
	json_object_set_new(j, "note", done ? page_json_str(done->note) : json_string(""));
	return j;
}

static json_t *week_json(struct page *p, uint64_t week)
{
	return week == 0 ? json_null()
	                 : page_json_str(arena_printf(p->arena, "%u-W%02u", (unsigned) (week / 100),
	                                              (unsigned) (week % 100)));
}

int rules_patrol_page(struct page *p)
{
	struct keep_ai_patrol_done_in done = {.item = page_field(p, "item"), .note = str_trim(page_field(p, "note"))};
	struct keep_ai_patrol_done_out noted;
	struct keep_ai_patrol_list_out out;
	json_t *list = json_array();
	size_t open = 0;

	page_put(p, "items", list);
	rules_put_done(p);
	if (p->method == HTTP_POST) {
		int r = keep_ai_patrol_done(p->keep, &p->actor, &done, p->arena, &noted);
		return r < 0 ? r : page_redirect(p, "/rules/patrol?done=1");
	}
	int r = keep_ai_patrol_list(p->keep, &p->actor, &(struct keep_ai_patrol_list_in){0}, p->arena, &out);
	if (r < 0)
		return r;
	for (size_t i = 0; i < out.state.n; i++) {
		const struct keep_ai_patrol *ticked = find_done(&out.done, out.state.at[i].name);
		open += ticked == NULL;
		json_array_append_new(list, item_json(p, &out.state.at[i], ticked));
	}
	page_put(p, "week", week_json(p, out.week));
	page_put(p, "last", week_json(p, out.last));
	page_put(p, "due", page_json_time(out.due_us));
	page_put(p, "open", json_integer((json_int_t) open));
	page_put(p, "is_late", json_boolean(open > 0 && out.due_us < p->now_us));
	return 0;
}

/* ---- guideline ---- */

static const char *const texts[] = {"purpose",   "scope",   "forbidden-uses", "desk",    "checker",
                                    "labelling", "records", "when-broken",    "revised", NULL};

static struct str field_value(const struct keep_ai_field_list *fields, const char *word)
{
	for (size_t i = 0; i < fields->n; i++) {
		if (str_eq_c(fields->at[i].field, word))
			return fields->at[i].value;
	}
	return STR("");
}

/* What was never chosen counts as the first choice: what the table does by itself. */
static struct str choice_of(const struct keep_ai_field_list *fields, const struct guideline_field *field)
{
	struct str value = field_value(fields, field->word), rest = str_of(field->choices);
	if (value.n == 0)
		(void) str_split(&rest, '|', &value);
	return value;
}

static json_t *mismatch_json(const struct page *p, const struct guideline_mismatch *m)
{
	json_t *j = rules_kind(p, m->kind);
	struct str where = str_of(policy_destination_word(m->destination));
	json_object_set_new(j, "destination_label", rows_text(p, "policy.destination.", where, ""));
	json_object_set_new(j, "wanted", rows_text(p, "policy.action.", str_of(policy_action_word(m->wanted)), ""));
	json_object_set_new(j, "actual", rows_text(p, "policy.action.", str_of(policy_action_word(m->actual)), ""));
	return j;
}

static void put_fields(struct page *p, const struct keep_ai_field_list *fields, const struct policy_rules *rules)
{
	struct guideline_mismatch at[GUIDELINE_MISMATCHES_MAX];
	json_t *choices = json_array(), *words = json_array(), *differ = json_array();

	for (const struct guideline_field *f = guideline_fields; f->word; f++) {
		struct str choice = choice_of(fields, f), word = str_of(f->word);
		size_t n = guideline_compare(f, choice, rules, at);
		json_t *j = json_object();
		json_object_set_new(j, "word", page_json_str(word));
		json_object_set_new(j, "label", rows_text(p, "guideline.", word, ""));
		json_object_set_new(j, "choices", rules_choices(p, "guideline.choice.", f->choices, choice));
		json_object_set_new(j, "differs", json_boolean(n > 0));
		json_array_append_new(choices, j);
		for (size_t i = 0; i < n; i++)
			json_array_append_new(differ, mismatch_json(p, &at[i]));
	}
	for (const char *const *word = texts; *word; word++)
		json_array_append_new(words, json_pack("{s:s, s:o, s:o, s:o}", "word", *word, "label",
		                                       rows_text(p, "guideline.", str_of(*word), ""), "help",
		                                       rows_text(p, "guideline.", str_of(*word), ".help"), "value",
		                                       page_json_str(field_value(fields, *word))));
	page_put(p, "choices", choices);
	page_put(p, "texts", words);
	page_put(p, "has_differences", json_boolean(json_array_size(differ) > 0));
	page_put(p, "differ", differ);
}

static int get_fields(struct page *p, struct keep_ai_field_list *ret)
{
	struct keep_ai_field_list_out out;
	int r = keep_ai_field_list(p->keep, &p->actor, &(struct keep_ai_field_list_in){0}, p->arena, &out);
	if (r >= 0)
		*ret = out.fields;
	return r;
}

static int show_guideline(struct page *p)
{
	struct keep_ai_field_list fields;
	struct keep_ai_service_list_out services;
	struct policy_rules rules;
	json_t *allowed = json_array();

	page_put(p, "allowed", allowed);
	rules_put_done(p);
	int r = get_fields(p, &fields);
	if (r >= 0)
		r = rules_get_policy(p, &rules);
	if (r >= 0)
		r = keep_ai_service_list(p->keep, &p->actor, &(struct keep_ai_service_list_in){0}, p->arena, &services);
	if (r < 0)
		return r;
	for (size_t i = 0; i < services.services.n; i++) {
		if (services.services.at[i].active)
			json_array_append_new(allowed, json_pack("{s:o, s:o}", "name",
			                                         page_json_str(services.services.at[i].name), "plan",
			                                         page_json_str(services.services.at[i].plan)));
	}
	put_fields(p, &fields, &rules);
	return 0;
}

static int add_field(struct page *p, struct keep_ai_field_list *list, const char *word)
{
	if (!page_has_field(p, word))
		return 0;
	struct keep_ai_field *row = ARENA_PUSH(p->arena, list);
	if (!row)
		return ERR_TOO_LARGE;
	*row = (struct keep_ai_field){.field = str_of(word), .value = str_trim(page_field(p, word))};
	return 0;
}

int rules_guideline_page(struct page *p)
{
	struct keep_ai_field_list list = {0};
	struct keep_ai_field_set_out out;
	enum policy_action action;
	int r = 0;

	if (p->method == HTTP_GET)
		return show_guideline(p);
	if (!page_may(p, WHO_PATROL))
		return ERR_DENIED;
	for (const struct guideline_field *f = guideline_fields; r >= 0 && f->word; f++) {
		if (page_has_field(p, f->word) && guideline_action(f, page_field(p, f->word), &action) < 0)
			r = ERR_INVALID;
		if (r >= 0)
			r = add_field(p, &list, f->word);
	}
	for (const char *const *word = texts; r >= 0 && *word; word++)
		r = add_field(p, &list, *word);
	if (r >= 0)
		r = keep_ai_field_set(p->keep, &p->actor, &(struct keep_ai_field_set_in){.fields = list}, p->arena,
		                      &out);
	if (r < 0) {
		r = rules_problem(p, r, "rules.guideline.problem", "");
		return r < 0 ? r : show_guideline(p);
	}
	return page_redirect(p, "/rules/guideline?done=1");
}

/* The table takes over what the guideline says. */
int rules_guideline_apply_page(struct page *p)
{
	struct guideline_mismatch at[GUIDELINE_MISMATCHES_MAX];
	struct keep_ai_rule_list changes = {0};
	struct keep_ai_rule_set_out out;
	struct keep_ai_field_list fields;
	struct policy_rules rules;

	int r = get_fields(p, &fields);
	if (r >= 0)
		r = rules_get_policy(p, &rules);
	for (const struct guideline_field *f = guideline_fields; r >= 0 && f->word; f++) {
		size_t n = guideline_compare(f, choice_of(&fields, f), &rules, at);
		for (size_t i = 0; r >= 0 && i < n && changes.n < RULES_A_TIME_MAX; i++) {
			struct keep_ai_rule *row = ARENA_PUSH(p->arena, &changes);
			bool is_usual = policy_default(at[i].kind, LEAK_HIGH, at[i].destination) == at[i].wanted;
			if (!row)
				return ERR_TOO_LARGE;
			*row = (struct keep_ai_rule){.kind = str_of(policy_kind_word(at[i].kind)),
			                             .destination = str_of(policy_destination_word(at[i].destination)),
			                             .action = is_usual ? STR("")
			                                                : str_of(policy_action_word(at[i].wanted))};
		}
	}
	if (r >= 0)
		r = keep_ai_rule_set(p->keep, &p->actor, &(struct keep_ai_rule_set_in){.rules = changes}, p->arena,
		                     &out);
	return r < 0 ? r : page_redirect(p, "/rules/guideline?done=1");
}
