/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One page for the president: three lights with words, the figures of a month beside the months before it, what waits
 * for a decision, what doing nothing costs, and the ledger's checkpoint, so that the paper anchors the ledger. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "ledger/event.h"
#include "web/facts.h"
#include "paper/paper.h"
#include "web/pages/month-year.h"
#include "web/pages/rows.h"
#include "web/pages/rules-rows.h"

enum {
	CSV_MAX_BYTES = 256 * 1024,
	BACKUP_GOOD_DAYS = 7,
	BUDGET_WARN_PERCENT = 80,
	BAR_LONGEST = 100,
	TREND_ON_PAPER = 6,
	TREND_LEAST = 3,
	LINES_ON_PAPER = 9,
};
#define COST_FACT "figure.npa-2025.cost"

/* The first half stands on the left of the page. */
static const char *const names[] = {
        "reports",     "reports-danger", "answered",  "answer-minutes", "first-report-minutes",
        "ai-requests", "ai-stopped",     "ai-masked", "ai-yen",         "incidents"};

/* ---- figures ---- */

static bool find_value(const struct keep_month_report_out *out, uint64_t month, const char *name, uint64_t *ret)
{
	for (size_t i = 0; i < out->figures.n; i++)
		if (out->figures.at[i].month == month && str_eq_c(out->figures.at[i].name, name)) {
			*ret = out->figures.at[i].value;
			return true;
		}
	return false;
}

static struct str value_text(const struct page *p, const struct keep_month_report_out *out, uint64_t month,
                             const char *name)
{
	uint64_t value, n = 0;
	if (!find_value(out, month, name, &value))
		return STR("–");
	/* a middle value of few says less than one of many */
	if (strcmp(name, "first-report-minutes") == 0 && find_value(out, month, "first-reports", &n))
		return arena_printf(p->arena, "%llu (n=%llu)", (unsigned long long) value, (unsigned long long) n);
	return arena_printf(p->arena, "%llu", (unsigned long long) value);
}

/* "72 / 100" as it counted at the end of a month; "–": no diagnosis by then. */
static struct str score_text(const struct page *p, const struct keep_month_report_out *out, uint64_t month)
{
	uint64_t most, lost;
	if (!find_value(out, month, "score-most", &most) || !find_value(out, month, "score-lost", &lost))
		return STR("–");
	return arena_printf(p->arena, "%lld / %llu", (long long) most - (long long) lost, (unsigned long long) most);
}

static uint64_t most_of(const struct keep_month_report_out *out, const char *name)
{
	uint64_t most = 1;
	for (size_t i = 0; i < out->figures.n; i++)
		if (str_eq_c(out->figures.at[i].name, name) && out->figures.at[i].value > most)
			most = out->figures.at[i].value;
	return most;
}

static json_t *month_row(struct page *p, const struct keep_month_report_out *out, uint64_t month)
{
	json_t *row = json_object();
	uint64_t reports = 0, stopped = 0;
	(void) find_value(out, month, "reports", &reports);
	(void) find_value(out, month, "ai-stopped", &stopped);
	json_object_set_new(row, "month", rules_month(p, month));
	json_object_set_new(row, "number", json_integer((json_int_t) month));
	json_object_set_new(row, "score", page_json_str(score_text(p, out, month)));
	json_object_set_new(row, "overdue", page_json_str(value_text(p, out, month, "overdue")));
	json_object_set_new(row, "drill_minutes", page_json_str(value_text(p, out, month, "drill-minutes")));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char name[24];
		snprintf(name, sizeof(name), "%s", names[i]);
		for (char *c = name; *c; c++)
			*c = *c == '-' ? '_' : *c;
		json_object_set_new(row, name, page_json_str(value_text(p, out, month, names[i])));
	}
	json_object_set_new(row, "reports_bar",
	                    json_integer((json_int_t) (reports * BAR_LONGEST / most_of(out, "reports"))));
	json_object_set_new(row, "stopped_bar",
	                    json_integer((json_int_t) (stopped * BAR_LONGEST / most_of(out, "ai-stopped"))));
	return row;
}

static void put_months(struct page *p, const struct keep_month_report_out *out)
{
	json_t *months = json_array();
	uint64_t last = 0;
	for (size_t i = 0; i < out->figures.n; i++) {
		if (out->figures.at[i].month == last)
			continue;
		last = out->figures.at[i].month;
		json_array_insert_new(months, 0, month_row(p, out, last));
	}
	page_put(p, "months", months);
	page_put(p, "now", month_row(p, out, out->month));
	page_put(p, "is_running", json_boolean(out->is_running));
}

/* ---- lights and decisions ---- */

static void add_light(struct page *p, json_t *lights, const char *name, const char *state, json_t *when)
{
	json_t *j = json_object();
	json_object_set_new(j, "title", rows_text(p, "month.light.", str_of(name), ""));
	json_object_set_new(j, "text", rows_text(p, "month.light.", arena_printf(p->arena, "%s.%s", name, state), ""));
	json_object_set_new(j, "good", json_boolean(strcmp(state, "good") == 0));
	json_object_set_new(j, "when", when);
	json_array_append_new(lights, j);
}

/* The newest record that a store was brought back from a backup. */
static int last_restore(struct page *p, int64_t *ret_us)
{
	struct keep_ledger_list_in in = {.limit = 1, .kind = STR("restore.done")};
	struct keep_ledger_list_out out;
	*ret_us = 0;
	int r = keep_ledger_list(p->keep, &p->actor, &in, p->arena, &out);
	if (r >= 0 && out.records.n > 0) {
		struct record record;
		r = record_decode(out.records.at[0].bytes, &record);
		*ret_us = r >= 0 ? record.event.time_us : 0;
	}
	return r;
}

static int put_lights(struct page *p, json_t *decisions)
{
	struct keep_status_out status;
	struct keep_ai_approval_list_out approvals;
	json_t *lights = json_array();
	int64_t restored_us = 0;
	page_put(p, "lights", lights);
	int r = keep_status(p->keep, &p->actor, &(struct keep_status_in){0}, p->arena, &status);
	if (r >= 0)
		r = keep_ai_approval_list(p->keep, &p->actor, &(struct keep_ai_approval_list_in){.all = true}, p->arena,
		                          &approvals);
	if (r >= 0)
		r = last_restore(p, &restored_us);
	if (r < 0)
		return r;
	bool is_old = status.backup_us < p->now_us - BACKUP_GOOD_DAYS * CLOCK_DAY_US;
	add_light(p, lights, "reports", status.open_cases ? "waiting" : "good", json_null());
	add_light(p, lights, "backup",
	          status.backup_us == 0 ? "none"
	          : is_old              ? "old"
	                                : "good",
	          page_json_time(status.backup_us));
	add_light(p, lights, "restore", restored_us == 0 ? "none" : "good", page_json_time(restored_us));
	month_add_decision(p, decisions, "reports", status.open_cases, "/cases?state=open");
	month_add_decision(p, decisions, "approvals", approvals.waiting, "/rules/approvals");
	month_add_decision(p, decisions, "backup", is_old, "/status");
	return 0;
}

static int put_money(struct page *p, json_t *decisions)
{
	struct keep_ai_budget_list_out out;
	uint64_t near = 0;
	int r = keep_ai_budget_list(p->keep, &p->actor, &(struct keep_ai_budget_list_in){0}, p->arena, &out);
	for (size_t i = 0; r >= 0 && i < out.meters.n; i++) {
		const struct keep_ai_meter *m = &out.meters.at[i];
		bool month = m->month_microyen && m->spent_month >= m->month_microyen / 100 * BUDGET_WARN_PERCENT;
		bool year = m->year_microyen && m->spent_year >= m->year_microyen / 100 * BUDGET_WARN_PERCENT;
		near += month || year;
	}
	if (r >= 0)
		month_add_decision(p, decisions, "budget", near, "/rules/budget");
	return r;
}

static void put_facts(struct page *p, json_t *decisions)
{
	const struct facts *facts = page_facts(p);
	const struct fact *cost = fact_find(facts, STR(COST_FACT));
	struct str today = page_today(p);
	uint64_t expired = 0;
	for (size_t i = 0; i < facts->n; i++)
		expired += fact_is_expired(&facts->at[i], today);
	month_add_decision(p, decisions, "facts", expired, "/facts");
	if (!cost)
		return;
	json_t *j = json_object();
	json_object_set_new(j, "text", page_json_str(cost->text[p->language]));
	json_object_set_new(j, "source", page_json_str(cost->source));
	json_object_set_new(j, "checked", page_json_str(cost->checked));
	json_object_set_new(j, "is_expired", json_boolean(fact_is_expired(cost, today)));
	json_object_set_new(j, "is_unverified", json_boolean(!cost->verified));
	page_put(p, "cost", j);
}

static int put_checkpoint(struct page *p)
{
	struct keep_ledger_checkpoint_out out;
	int r = keep_ledger_checkpoint(p->keep, &p->actor, &(struct keep_ledger_checkpoint_in){0}, p->arena, &out);
	if (r >= 0) {
		page_put_str(p, "checkpoint", out.note);
		page_put(p, "records", json_integer((json_int_t) out.size));
	}
	return r;
}

/* ---- the page ---- */

static int get(struct page *p, struct keep_month_report_out *out)
{
	struct keep_month_report_in in = {0};
	struct str month = page_query(p, "month");
	if (month.n > 0 && str_parse_u64(month, 999999, &in.month) < 0)
		return ERR_NOT_FOUND;
	return keep_month_report(p->keep, &p->actor, &in, p->arena, out);
}

static int put_all(struct page *p, struct keep_month_report_out *out)
{
	json_t *decisions = json_array();
	page_put(p, "decisions", decisions);
	int r = get(p, out);
	if (r < 0)
		return r;
	put_months(p, out);
	/* Lights and decisions are of today: a month that is over shows what it was closed with, and nothing else. */
	if (out->is_running)
		r = month_put_year(p, decisions);
	if (r >= 0 && out->is_running)
		r = put_lights(p, decisions);
	if (r >= 0 && out->is_running)
		r = put_money(p, decisions);
	if (r >= 0)
		r = put_checkpoint(p);
	if (r >= 0)
		put_facts(p, decisions);
	page_put_str(p, "company", rows_setting(p, "company.name"));
	page_put(p, "made", page_json_time(p->now_us));
	return r;
}

int month_page(struct page *p)
{
	struct keep_month_report_out out;
	return put_all(p, &out);
}

/* ---- the same as a paper ---- */

static struct str text_of(const struct page *p, const json_t *j, const char *name)
{
	const char *text = json_string_value(json_object_get(j, name));
	return text ? arena_dup(p->arena, str_of(text)) : STR("");
}

static struct str word(const struct page *p, const char *key)
{
	return str_of(i18n_text(p->language, key));
}

/* Lines of one block: a page has room for them all. */
static void add_line(struct page *p, struct str *all, struct str line)
{
	*all = arena_printf(p->arena, "%.*s%s%.*s", STR_ARG(*all), all->n ? "\n" : "", STR_ARG(line));
}

static int add_lights(struct page *p, struct paper *paper)
{
	json_t *light;
	struct str all = STR("");
	size_t i;
	json_array_foreach(json_object_get(p->model, "lights"), i, light)
	{
		bool good = json_is_true(json_object_get(light, "good"));
		struct str when = text_of(p, json_object_get(light, "when"), "local");
		add_line(p, &all,
		         arena_printf(p->arena, "%s %.*s：%.*s %.*s", good ? "○" : "▲",
		                      STR_ARG(text_of(p, light, "title")), STR_ARG(text_of(p, light, "text")),
		                      STR_ARG(when)));
	}
	return all.n == 0 ? 0 : paper_add(paper, PAPER_TEXT, all, STR(""));
}

/* What the table of months does not have of this one. */
static int add_figures(struct page *p, struct paper *paper, const struct keep_month_report_out *out)
{
	static const char *const more[] = {"reports-danger", "answered",  "answer-minutes",
	                                   "ai-requests",    "ai-masked", "incidents"};
	struct str all = STR("");
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		json_t *label = rows_text(p, "month.figure.", str_of(more[i]), "");
		all = arena_printf(p->arena, "%.*s%s%s：%.*s", STR_ARG(all), all.n ? " ／ " : "",
		                   json_string_value(label), STR_ARG(value_text(p, out, out->month, more[i])));
		json_decref(label);
	}
	return paper_add(paper, PAPER_TEXT, all, STR(""));
}

static int add_frozen(struct page *p, struct paper *paper)
{
	const json_t *now = json_object_get(p->model, "now");
	int r = paper_add(paper, PAPER_PAIR, word(p, "month.score"), text_of(p, now, "score"));
	if (r >= 0)
		r = paper_add(paper, PAPER_PAIR, word(p, "month.overdue"), text_of(p, now, "overdue"));
	if (r >= 0)
		r = paper_add(paper, PAPER_PAIR, word(p, "month.drills"), text_of(p, now, "drill_minutes"));
	return r < 0 ? r : paper_add(paper, PAPER_TEXT, word(p, "month.frozen"), STR(""));
}

static struct str pair(const struct page *p, const char *key, struct str value)
{
	return arena_printf(p->arena, "%s：%.*s", i18n_text(p->language, key), STR_ARG(value));
}

static struct str number_of(const struct page *p, const json_t *j, const char *name)
{
	return arena_printf(p->arena, "%lld", (long long) json_integer_value(json_object_get(j, name)));
}

static int add_score(struct page *p, struct paper *paper)
{
	json_t *score = json_object_get(p->model, "score"), *drill = json_object_get(p->model, "drill"), *late;
	struct str all = STR(""), text = word(p, "month.score.none");
	size_t i;
	if (!json_is_true(json_object_get(p->model, "is_running")))
		return add_frozen(p, paper);
	if (score)
		text = arena_printf(p->arena, "%.*s / %.*s %.*s（%.*s）%.*s", STR_ARG(number_of(p, score, "points")),
		                    STR_ARG(number_of(p, score, "most")), STR_ARG(text_of(p, score, "change")),
		                    STR_ARG(text_of(p, score, "day")), STR_ARG(text_of(p, score, "band")));
	add_line(p, &all, pair(p, "month.score", text));
	if (score)
		add_line(p, &all, pair(p, "month.marked", number_of(p, p->model, "marked_count")));
	add_line(p, &all, pair(p, "month.overdue", number_of(p, p->model, "overdue_count")));
	json_array_foreach(json_object_get(p->model, "overdue"), i, late)
	{
		add_line(p, &all,
		         arena_printf(p->arena, "　・%.*s %.*s %.*s", STR_ARG(text_of(p, late, "due")),
		                      STR_ARG(text_of(p, late, "what")), STR_ARG(text_of(p, late, "owner"))));
	}
	const struct i18n_fact facts[] = {{"when", text_of(p, json_object_get(drill, "when"), "local")},
	                                  {"minutes", number_of(p, drill, "minutes")}};
	CLEANUP(buf_done) struct buf b = buf_make(1024);
	if (drill && i18n_format(&b, p->language, STR("month.drill.was"), facts, ARRAY_SIZE(facts)) < 0)
		return ERR_TOO_LARGE;
	add_line(p, &all, pair(p, "month.drill", drill ? buf_str(&b) : word(p, "month.drill.none")));
	return paper_add(paper, PAPER_TEXT, all, STR(""));
}

static int add_trend(struct page *p, struct paper *paper)
{
	static const char *const members[] = {"month", "reports", "first_report_minutes", "ai_stopped", "ai_yen",
	                                      "score", "overdue"};
	static const char *const heads[] = {"month.month",         "month.short.reports", "month.short.first",
	                                    "month.short.stopped", "month.short.yen",     "month.short.score",
	                                    "month.overdue"};
	struct paper_column columns[ARRAY_SIZE(heads)];
	struct str cells[TREND_ON_PAPER * ARRAY_SIZE(heads)];
	json_t *months = json_object_get(p->model, "months"), *row;
	/* The fewer things there are to decide, the longer the look back that one sheet has room for. */
	size_t i, n = 0, decisions = json_array_size(json_object_get(p->model, "decisions"));
	size_t spare = decisions < LINES_ON_PAPER ? LINES_ON_PAPER - decisions : 0;
	size_t most = spare > TREND_ON_PAPER ? TREND_ON_PAPER : spare < TREND_LEAST ? TREND_LEAST : spare;
	for (size_t c = 0; c < ARRAY_SIZE(heads); c++)
		columns[c] = (struct paper_column){word(p, heads[c]), 3, c == 0 ? PAPER_LEFT : PAPER_RIGHT};
	json_array_foreach(months, i, row)
	{
		if (i >= most)
			break;
		for (size_t c = 0; c < ARRAY_SIZE(members); c++)
			cells[n++] = text_of(p, row, members[c]);
	}
	return paper_add_table(paper, word(p, "month.trend"), columns, ARRAY_SIZE(columns), cells,
	                       n / ARRAY_SIZE(columns));
}

static int add_decisions(struct page *p, struct paper *paper)
{
	json_t *one;
	struct str all = STR("");
	size_t i;
	int r = paper_add(paper, PAPER_HEADING, word(p, "month.decisions"), STR(""));
	json_array_foreach(json_object_get(p->model, "decisions"), i, one)
	{
		add_line(p, &all, arena_printf(p->arena, "□ %.*s", STR_ARG(text_of(p, one, "text"))));
	}
	return r < 0 ? r : paper_add(paper, PAPER_TEXT, all.n ? all : word(p, "month.none"), STR(""));
}

static const char *mark_of(const struct page *p, const json_t *fact)
{
	const char *key = json_is_true(json_object_get(fact, "is_expired"))      ? "facts.expired"
	                  : json_is_true(json_object_get(fact, "is_unverified")) ? "facts.unverified"
	                                                                         : NULL;
	return key ? i18n_text(p->language, key) : "";
}

int month_pdf_page(struct page *p)
{
	struct keep_month_report_out out;
	int r = put_all(p, &out);
	if (r < 0)
		return r;
	json_t *month = rules_month(p, out.month), *cost = json_object_get(p->model, "cost");
	struct paper *paper = paper_new(p->arena, word(p, "month.title"), text_of(p, p->model, "company"),
	                                arena_dup(p->arena, str_of(json_string_value(month))));
	json_decref(month);
	r = paper ? add_lights(p, paper) : ERR_TOO_LARGE;
	if (r >= 0)
		r = add_trend(p, paper);
	if (r >= 0)
		r = add_figures(p, paper, &out);
	if (r >= 0)
		r = add_score(p, paper);
	if (r >= 0 && out.is_running)
		r = add_decisions(p, paper);
	if (r >= 0 && cost)
		r = paper_add(paper, PAPER_HEADING, word(p, "month.cost"), STR(""));
	if (r >= 0 && cost)
		r = paper_add(paper, PAPER_TEXT,
		              arena_printf(p->arena, "%.*s (%.*s, %.*s)%s", STR_ARG(text_of(p, cost, "text")),
		                           STR_ARG(text_of(p, cost, "source")), STR_ARG(text_of(p, cost, "checked")),
		                           mark_of(p, cost)),
		              STR(""));
	if (r >= 0)
		r = paper_set_sources(paper, text_of(p, p->model, "checkpoint"));
	return r < 0 ? r : page_print(p, paper, PRESS_PDF, "month");
}

int month_csv_page(struct page *p)
{
	struct keep_month_report_out out;
	struct buf b = buf_make(CSV_MAX_BYTES);
	int r = get(p, &out);
	if (r < 0)
		return r;
	buf_add_c(&b, ROWS_CSV_BOM);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "month.month")), false);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "month.what")), false);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "month.value")), true);
	for (size_t i = 0; i < out.figures.n; i++) {
		const struct keep_month_figure *f = &out.figures.at[i];
		json_t *label = rows_text(p, "month.figure.", f->name, "");
		rows_csv_cell(&b, arena_printf(p->arena, "%llu", (unsigned long long) f->month), false);
		rows_csv_cell(&b, str_of(json_string_value(label)), false);
		rows_csv_cell(&b, arena_printf(p->arena, "%llu", (unsigned long long) f->value), true);
		json_decref(label);
	}
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "months.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
