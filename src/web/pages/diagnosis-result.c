/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What came out of a round: score and band, where to begin, everything that nobody knew, declared beside proven, and
 * the change since the last time. */
#include "base/buf.h"
#include "base/err.h"
#include "web/pages/diagnosis-rows.h"

enum { LOWEST_SHOWN_MAX = 5, CSV_MAX_BYTES = 256 * 1024 };

struct result {
	struct diagnosis d;
	const struct keep_diagnosis *round, *last;
	struct str answers, last_answers;
};

static int find(struct page *p, uint64_t id, struct result *ret)
{
	int r = diagnosis_load(p, &ret->d);
	if (r < 0)
		return r;
	ret->round = NULL;
	for (size_t i = 0; i < ret->d.rounds.rounds.n; i++)
		if (ret->d.rounds.rounds.at[i].id == id && ret->d.rounds.rounds.at[i].closed_us)
			ret->round = &ret->d.rounds.rounds.at[i];
	if (!ret->round)
		return ERR_NOT_FOUND;
	ret->last = diagnosis_closed_before(&ret->d, id);
	ret->last_answers = STR("");
	r = diagnosis_get_sum(p, id, &ret->answers);
	return r < 0 || !ret->last ? r : diagnosis_get_sum(p, ret->last->id, &ret->last_answers);
}

/* ---- the parts ---- */

static void put_score(struct page *p, const struct result *m)
{
	const struct fact *band = score_band(m->d.facts, m->round->score);
	const struct fact *next = fact_find(m->d.facts, STR("diagnosis.next"));
	page_put(p, "score", json_integer(m->round->score));
	page_put(p, "most", json_integer(m->round->most));
	page_put(p, "bar", json_integer(m->round->score < 0 ? 0 : m->round->score));
	page_put(p, "band", band ? page_json_str(band->text[p->language]) : json_null());
	page_put(p, "next", next ? page_json_str(next->text[p->language]) : json_null());
	page_put_str(p, "day", rows_day_text(p, diagnosis_day(p, m->round->closed_us)));
	page_put_str(p, "by", m->round->closed_by_name);
	page_put_str(p, "round_version", m->round->version);
	page_put(p, "other_version", json_boolean(!str_eq(m->round->version, m->d.set.version)));
	page_put(p, "id", json_integer((json_int_t) m->round->id));
	if (m->last)
		page_put(p, "last",
		         json_pack("{s:I, s:o, s:o}", "score", (json_int_t) m->last->score, "day",
		                   page_json_str(rows_day_text(p, diagnosis_day(p, m->last->closed_us))), "change",
		                   page_json_str(arena_printf(p->arena, "%+lld",
		                                              (long long) (m->round->score - m->last->score)))));
}

static json_t *counts_of(const struct page *p, const struct result *m)
{
	const uint64_t counts[SCORE_ANSWER_COUNT] = {m->round->yes, m->round->partly, m->round->no, m->round->unknown};
	json_t *list = json_array();
	for (size_t i = 0; i < SCORE_ANSWER_COUNT; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "label", page_json_str(m->d.set.answers[i]->text[p->language]));
		json_object_set_new(j, "count", json_integer((json_int_t) counts[i]));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *item_json(struct page *p, const struct result *m, size_t question, enum evidence_mark *ret_mark)
{
	char letter = diagnosis_letter(m->answers, question), before = diagnosis_letter(m->last_answers, question);
	json_t *j = diagnosis_question(p, &m->d, question, letter);
	json_object_set_new(j, "before", page_json_str(diagnosis_answer_text(p, &m->d, before)));
	json_object_set_new(j, "is_changed", json_boolean(before != SCORE_NONE && before != letter));
	*ret_mark = diagnosis_put_proofs(p, &m->d, question, letter, j);
	return j;
}

static void put_items(struct page *p, const struct result *m)
{
	size_t lowest[SCORE_QUESTIONS_MAX], n = score_lowest(&m->d.set, m->answers, lowest);
	json_t *all = json_array(), *low = json_array(), *unknown = json_array(), *marked = json_array();
	for (size_t i = 0; i < m->d.set.n; i++) {
		enum evidence_mark mark;
		json_t *j = item_json(p, m, i, &mark);
		json_array_append(all, j);
		if (diagnosis_letter(m->answers, i) == 'u')
			json_array_append(unknown, j);
		if (mark != EVIDENCE_FITS)
			json_array_append(marked, j);
		json_decref(j);
	}
	for (size_t i = 0; i < n && i < LOWEST_SHOWN_MAX; i++)
		json_array_append(low, json_array_get(all, lowest[i]));
	page_put(p, "items", all);
	page_put(p, "lowest", low);
	page_put(p, "more_low", json_integer((json_int_t) (n > LOWEST_SHOWN_MAX ? n - LOWEST_SHOWN_MAX : 0)));
	page_put(p, "unknown", unknown);
	page_put(p, "unknown_count", json_integer((json_int_t) json_array_size(unknown)));
	page_put(p, "marked", marked);
	page_put(p, "marked_count", json_integer((json_int_t) json_array_size(marked)));
}

int diagnosis_result_page(struct page *p)
{
	struct result m;
	uint64_t id;
	int r = page_parameter_u64(p, "id", &id);
	if (r >= 0)
		r = find(p, id, &m);
	if (r < 0)
		return r;
	put_score(p, &m);
	put_items(p, &m);
	page_put(p, "counts", counts_of(p, &m));
	diagnosis_put_history(p, &m.d);
	return 0;
}

/* ---- CSV ---- */

static struct str proofs_text(const struct page *p, json_t *proofs)
{
	struct str all = STR("");
	size_t i;
	json_t *j;
	json_array_foreach(proofs, i, j)
	{
		all = arena_printf(p->arena, "%.*s%s%s: %s", STR_ARG(all), i ? "; " : "",
		                   json_string_value(json_object_get(j, "title")),
		                   json_string_value(json_object_get(j, "text")));
	}
	return all;
}

static void add_item(struct page *p, struct buf *b, const struct result *m, size_t question)
{
	enum evidence_mark mark;
	json_t *j = item_json(p, m, question, &mark);
	size_t answer;
	char letter = diagnosis_letter(m->answers, question);
	struct str points =
	        score_answer_of(letter, &answer) < 0 ? STR("") : diagnosis_number(p, m->d.set.points[answer]);
	const struct str cells[] = {diagnosis_number(p, (int64_t) question + 1),
	                            m->d.set.questions[question]->text[p->language],
	                            diagnosis_answer_text(p, &m->d, letter),
	                            points,
	                            diagnosis_answer_text(p, &m->d, diagnosis_letter(m->last_answers, question)),
	                            proofs_text(p, json_object_get(j, "proofs")),
	                            str_of(json_string_value(json_object_get(j, "mark")))};
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
		rows_csv_cell(b, cells[i], i + 1 == ARRAY_SIZE(cells));
	json_decref(j);
}

int diagnosis_items_csv_page(struct page *p)
{
	static const char *const heads[] = {"diagnosis.csv.number", "diagnosis.csv.question", "diagnosis.csv.answer",
	                                    "diagnosis.csv.points", "diagnosis.csv.before",   "diagnosis.csv.proof",
	                                    "diagnosis.csv.mark"};
	struct result m;
	uint64_t id;
	int r = str_parse_u64(page_query(p, "round"), INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : find(p, id, &m);
	if (r < 0)
		return r;
	struct buf b = buf_make(CSV_MAX_BYTES);
	buf_add_c(&b, ROWS_CSV_BOM);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		rows_csv_cell(&b, str_of(i18n_text(p->language, heads[i])), i + 1 == ARRAY_SIZE(heads));
	for (size_t i = 0; i < m.d.set.n; i++)
		add_item(p, &b, &m, i);
	r = buf_failed(&b) ? ERR_TOO_LARGE
	                   : page_download(p, "text/csv; charset=utf-8", "diagnosis-items.csv", buf_str(&b));
	buf_done(&b);
	return r;
}
