/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The self-diagnosis: everybody answers for their site, half done or whole, until somebody closes the round; and what
 * came out so far. */
#include "base/buf.h"
#include "base/err.h"
#include "web/pages/diagnosis-rows.h"
#include "web/pages/rules-rows.h"

enum { CSV_MAX_BYTES = 256 * 1024 };

/* ---- one's own answers ---- */

static size_t count_answered(struct str answers)
{
	size_t n = 0;
	for (size_t i = 0; i < answers.n; i++)
		n += answers.p[i] != SCORE_NONE;
	return n;
}

static struct str address_of(const struct page *p, struct str site, const char *more)
{
	struct buf b = buf_make(2000);
	buf_add_c(&b, "/prepare/diagnosis?site=");
	for (size_t i = 0; i < site.n; i++) {
		if (ascii_is_alnum(site.p[i]))
			buf_add_char(&b, site.p[i]);
		else
			buf_printf(&b, "%%%02X", (unsigned char) site.p[i]);
	}
	buf_add_c(&b, more);
	struct str address = arena_dup(p->arena, buf_str(&b));
	buf_done(&b);
	return address;
}

static json_t *set_json(const struct page *p, const struct keep_diagnosis_answer *row, bool is_this)
{
	json_t *j = json_object();
	json_object_set_new(j, "site", page_json_str(row->site));
	json_object_set_new(j, "path", page_json_str(address_of(p, row->site, "")));
	json_object_set_new(j, "answered", json_integer((json_int_t) count_answered(row->answers)));
	json_object_set_new(j, "is_this", json_boolean(is_this));
	return j;
}

/* The set that the page is about: as the address names it, else the first there is, unless a new one is wanted. */
static const struct keep_diagnosis_answer *choose_set(const struct page *p, const struct keep_diagnosis_get_out *got)
{
	const struct keep_diagnosis_answer *first = NULL;
	struct str site = page_query(p, "site");
	for (size_t i = 0; i < got->answers.n; i++) {
		const struct keep_diagnosis_answer *row = &got->answers.at[i];
		if (row->person != p->person.id || row->person == 0)
			continue;
		first = first ? first : row;
		if (str_eq(row->site, site))
			return row;
	}
	return page_query(p, "new").n > 0 ? NULL : first;
}

static void put_form(struct page *p, const struct diagnosis *d, struct str answers, struct str site, bool is_new)
{
	json_t *questions = json_array();
	for (size_t i = 0; i < d->set.n; i++)
		json_array_append_new(questions, diagnosis_question(p, d, i, diagnosis_letter(answers, i)));
	size_t answered = count_answered(answers);
	page_put(p, "questions", questions);
	page_put(p, "answered", json_integer((json_int_t) answered));
	page_put(p, "count", json_integer((json_int_t) d->set.n));
	page_put(p, "is_complete", json_boolean(answered == d->set.n));
	page_put_str(p, "site", site);
	page_put(p, "is_new", json_boolean(is_new));
}

static int show(struct page *p, const struct diagnosis *d, const struct keep_diagnosis *running)
{
	struct keep_diagnosis_get_in in = {.id = running->id};
	struct keep_diagnosis_get_out got;
	json_t *sets = json_array();
	page_put(p, "sets", sets);
	page_put(p, "may_answer", json_boolean(page_may(p, WHO_MEMBER)));
	int r = keep_diagnosis_get(p->keep, &p->actor, &in, p->arena, &got);
	if (r < 0)
		return r;
	const struct keep_diagnosis_answer *set = choose_set(p, &got);
	for (size_t i = 0; i < got.answers.n; i++)
		if (got.answers.at[i].person == p->person.id && p->person.id)
			json_array_append_new(sets, set_json(p, &got.answers.at[i], set == &got.answers.at[i]));
	page_put(p, "has_sets", json_boolean(json_array_size(sets) > 0));
	if (p->method == HTTP_POST) /* it comes back with a sentence */
		put_form(p, d, diagnosis_read_form(p, d->set.n), str_trim(page_field(p, "site")), true);
	else
		put_form(p, d, set ? set->answers : STR(""), set ? set->site : STR(""), set == NULL);
	return 0;
}

int diagnosis_page(struct page *p)
{
	struct diagnosis d;
	int r = diagnosis_load(p, &d);
	if (r < 0)
		return r;
	const struct keep_diagnosis *running = diagnosis_running(&d);
	rules_put_done(p);
	diagnosis_put_history(p, &d);
	page_put(p, "running", running ? page_json_time(running->started_us) : json_null());
	const struct fact *who = fact_find(d.facts, STR("diagnosis.who"));
	page_put(p, "who", who ? page_json_str(who->text[p->language]) : json_null());
	page_put(p, "expert", json_boolean(page_may(p, 1u << ROLE_EXPERT)));
	if (!running)
		return p->method == HTTP_GET ? 0 : ERR_CONFLICT;
	if (p->method == HTTP_GET)
		return show(p, &d, running);
	struct keep_diagnosis_save_in in = {.id = running->id,
	                                    .site = str_trim(page_field(p, "site")),
	                                    .answers = diagnosis_read_form(p, running->questions)};
	struct keep_diagnosis_save_out out;
	r = keep_diagnosis_save(p->keep, &p->actor, &in, p->arena, &out);
	if (r == ERR_INVALID || r == ERR_TOO_LARGE) {
		page_problem(p, "diagnosis.problem", "site");
		return show(p, &d, running);
	}
	return r < 0 ? r : page_redirect_str(p, address_of(p, in.site, "&done=1"));
}

int diagnosis_start_page(struct page *p)
{
	struct diagnosis d;
	struct keep_diagnosis_start_out out;
	int r = diagnosis_load(p, &d);
	if (r < 0)
		return r;
	struct keep_diagnosis_start_in in = {.version = d.set.version, .questions = d.set.n};
	r = keep_diagnosis_start(p->keep, &p->actor, &in, p->arena, &out);
	return r < 0 && r != ERR_CONFLICT ? r : page_redirect(p, "/prepare/diagnosis");
}

/* ---- the rounds as a table ---- */

static void add_round(const struct page *p, struct buf *b, const struct keep_diagnosis *round)
{
	const struct str cells[] = {diagnosis_number(p, (int64_t) round->id),
	                            diagnosis_day(p, round->closed_us),
	                            round->version,
	                            diagnosis_number(p, round->score),
	                            diagnosis_number(p, round->most),
	                            diagnosis_number(p, (int64_t) round->yes),
	                            diagnosis_number(p, (int64_t) round->partly),
	                            diagnosis_number(p, (int64_t) round->no),
	                            diagnosis_number(p, (int64_t) round->unknown),
	                            round->closed_by_name};
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		rows_csv_cell(b, cells[i], i + 1 == ARRAY_SIZE(cells));
}

int diagnosis_csv_page(struct page *p)
{
	static const char *const heads[] = {"diagnosis.csv.round", "diagnosis.csv.day",  "diagnosis.csv.version",
	                                    "diagnosis.csv.score", "diagnosis.csv.most", NULL};
	struct diagnosis d;
	int r = diagnosis_load(p, &d);
	if (r < 0)
		return r;
	struct buf b = buf_make(CSV_MAX_BYTES);
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; heads[i]; i++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, heads[i])), false);
	for (size_t i = 0; i < SCORE_ANSWER_COUNT; i++)
		rows_csv_cell(&b, d.set.answers[i]->text[p->language], false);
	rows_csv_cell(&b, str_of(i18n_text(p->language, "diagnosis.csv.by")), true);
	for (size_t i = 0; i < d.rounds.rounds.n; i++)
		if (d.rounds.rounds.at[i].closed_us)
			add_round(p, &b, &d.rounds.rounds.at[i]);
	r = buf_failed(&b) ? ERR_TOO_LARGE : page_download(p, "text/csv; charset=utf-8", "diagnosis.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
