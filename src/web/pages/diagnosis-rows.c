/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages/diagnosis-rows.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

enum {
	TEXT_MAX_BYTES = 4000,
	DAY_BYTES = 10,
	PLOT_ROUNDS_MAX = 12,
	PLOT_LEFT = 44,
	PLOT_MARGIN = 40, /* before the first point and behind the last */
	PLOT_WIDTH = 540,
	PLOT_TOP = 20,
	PLOT_HEIGHT = 120,
};
#define SCS_PREFIX "scs."

/* ---- small things ---- */

struct str diagnosis_text(const struct page *p, const char *key, const struct i18n_fact *facts, size_t n)
{
	struct buf b = buf_make(TEXT_MAX_BYTES);
	struct str text = STR("");
	if (i18n_format(&b, p->language, str_of(key), facts, n) >= 0)
		text = arena_dup(p->arena, buf_str(&b));
	buf_done(&b);
	return text;
}

struct str diagnosis_number(const struct page *p, int64_t number)
{
	return arena_printf(p->arena, "%lld", (long long) number);
}

struct str diagnosis_day(const struct page *p, int64_t when_us)
{
	char text[CLOCK_TEXT_BYTES];
	if (when_us == 0)
		return STR("");
	clock_format_local(when_us, text);
	return arena_dup(p->arena, str_make(text, DAY_BYTES));
}

/* ---- loading ---- */

static void put_source(struct page *p, const struct diagnosis *d)
{
	const struct fact *first = d->set.questions[0];
	json_t *j = json_object();
	json_object_set_new(j, "version", page_json_str(d->set.version));
	json_object_set_new(j, "source", page_json_str(first->source));
	json_object_set_new(j, "checked", page_json_str(first->checked));
	json_object_set_new(j, "expires", page_json_str(first->expires));
	json_object_set_new(j, "is_expired", json_boolean(fact_is_expired(first, d->today)));
	json_object_set_new(j, "is_unverified", json_boolean(!first->verified));
	page_put(p, "source", j);
}

int diagnosis_load(struct page *p, struct diagnosis *ret)
{
	ret->facts = page_facts(p);
	ret->today = page_today(p);
	int r = score_set_load(ret->facts, &ret->set);
	if (r >= 0)
		r = keep_diagnosis_list(p->keep, &p->actor, &(struct keep_diagnosis_list_in){0}, p->arena,
		                        &ret->rounds);
	if (r >= 0)
		r = keep_evidence_list(p->keep, &p->actor, &(struct keep_evidence_list_in){0}, p->arena, &ret->proofs);
	if (r >= 0)
		put_source(p, ret);
	return r;
}

const struct keep_diagnosis *diagnosis_running(const struct diagnosis *d)
{
	return d->rounds.rounds.n > 0 && d->rounds.rounds.at[0].closed_us == 0 ? &d->rounds.rounds.at[0] : NULL;
}

const struct keep_diagnosis *diagnosis_closed_before(const struct diagnosis *d, uint64_t id)
{
	for (size_t i = 0; i < d->rounds.rounds.n; i++) {
		const struct keep_diagnosis *round = &d->rounds.rounds.at[i];
		if (round->closed_us && (id == 0 || round->id < id))
			return round;
	}
	return NULL;
}

int diagnosis_get_sum(struct page *p, uint64_t round, struct str *ret)
{
	struct keep_diagnosis_get_out out;
	*ret = STR("");
	int r = keep_diagnosis_get(p->keep, &p->actor, &(struct keep_diagnosis_get_in){.id = round}, p->arena, &out);
	if (r >= 0 && out.answers.n > 0 && out.answers.at[0].person == 0)
		*ret = out.answers.at[0].answers;
	return r;
}

/* ---- questions ---- */

char diagnosis_letter(struct str answers, size_t question)
{
	return question < answers.n ? answers.p[question] : SCORE_NONE;
}

struct str diagnosis_read_form(const struct page *p, size_t n)
{
	char letters[SCORE_QUESTIONS_MAX];
	size_t answer;
	for (size_t i = 0; i < n && i < sizeof(letters); i++) {
		char name[16];
		snprintf(name, sizeof(name), "q%zu", i + 1);
		struct str value = page_field(p, name);
		bool is_one = value.n == 1 && score_answer_of(value.p[0], &answer) >= 0;
		letters[i] = is_one ? value.p[0] : SCORE_NONE;
	}
	return arena_dup(p->arena, str_make(letters, n < sizeof(letters) ? n : sizeof(letters)));
}

struct str diagnosis_answer_text(const struct page *p, const struct diagnosis *d, char letter)
{
	size_t answer;
	return score_answer_of(letter, &answer) < 0 ? STR("") : d->set.answers[answer]->text[p->language];
}

static json_t *choices_of(const struct page *p, const struct diagnosis *d, char letter)
{
	json_t *list = json_array();
	for (size_t i = 0; i < SCORE_ANSWER_COUNT; i++) {
		json_t *j = json_object();
		json_object_set_new(j, "letter", page_json_str(str_make(&SCORE_LETTERS[i], 1)));
		json_object_set_new(j, "label", page_json_str(d->set.answers[i]->text[p->language]));
		json_object_set_new(j, "checked", json_boolean(SCORE_LETTERS[i] == letter));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *see_of(const struct page *p, const struct diagnosis *d, const struct fact *question)
{
	json_t *list = json_array();
	for (size_t i = 0; i < question->see.n; i++) {
		const struct fact *fact = fact_find(d->facts, question->see.at[i]);
		const struct fact_value *number = fact ? fact_value(fact, "no") : NULL;
		if (!number || !str_starts_with(fact->id, STR(SCS_PREFIX)))
			continue;
		json_t *j = json_object();
		json_object_set_new(j, "number", page_json_str(number->text));
		json_object_set_new(j, "label", page_json_str(fact->text[p->language]));
		json_array_append_new(list, j);
	}
	return list;
}

json_t *diagnosis_question(const struct page *p, const struct diagnosis *d, size_t question, char letter)
{
	const struct fact *fact = d->set.questions[question];
	bool starts = question == 0 || d->set.parts[question] != d->set.parts[question - 1];
	json_t *j = json_object(), *part = json_null();
	if (starts)
		part = rows_text(p, "diagnosis.part.", diagnosis_number(p, d->set.parts[question]), "");
	json_object_set_new(j, "no", json_integer((json_int_t) question + 1));
	json_object_set_new(j, "text", page_json_str(fact->text[p->language]));
	json_object_set_new(j, "part", part);
	json_object_set_new(j, "answer", page_json_str(diagnosis_answer_text(p, d, letter)));
	json_object_set_new(j, "choices", choices_of(p, d, letter));
	json_object_set_new(j, "see", see_of(p, d, fact));
	return j;
}

/* ---- evidence ---- */

static struct str proof_text(const struct page *p, const struct evidence_entry *entry, const struct keep_evidence *row,
                             enum evidence_state state)
{
	int64_t days = row->newest_us ? (p->now_us - row->newest_us) / CLOCK_DAY_US : 0;
	const struct i18n_fact facts[] = {{"day", rows_day_text(p, diagnosis_day(p, row->newest_us))},
	                                  {"days", diagnosis_number(p, days < 0 ? 0 : days)},
	                                  {"count", diagnosis_number(p, (int64_t) row->count)},
	                                  {"whole", diagnosis_number(p, (int64_t) row->whole)},
	                                  {"window", diagnosis_number(p, entry->window_days)},
	                                  {"limit", diagnosis_number(p, entry->too_old_days)}};
	static const char *const keys[] = {"evidence.state.nothing", "evidence.state.old", "evidence.state.proven",
	                                   "evidence.state.against"};
	static const char *const of_register[] = {"evidence.register.nothing", "evidence.state.register-old",
	                                          "evidence.state.register", "evidence.state.against"};
	const char *key = entry->what == EVIDENCE_SECOND_FACTOR ? "evidence.state.share"
	                  : entry->what == EVIDENCE_LEDGER_DAYS
	                          ? state == EVIDENCE_NOTHING ? "evidence.state.nothing" : "evidence.state.days"
	                  : entry->what == EVIDENCE_REGISTERS || entry->what == EVIDENCE_LEAVERS ? of_register[state]
	                                                                                         : keys[state];
	return diagnosis_text(p, key, facts, ARRAY_SIZE(facts));
}

json_t *diagnosis_proof(const struct page *p, const struct keep_evidence *row, enum evidence_state *ret_state)
{
	const struct evidence_entry *entry = evidence_find(row->id);
	if (!entry)
		return NULL;
	*ret_state = evidence_state_of(entry, row->newest_us, row->count, row->whole, p->now_us);
	json_t *j = json_object();
	json_object_set_new(j, "id", page_json_str(row->id));
	json_object_set_new(j, "title", rows_text(p, "evidence.", row->id, ""));
	json_object_set_new(j, "text", page_json_str(proof_text(p, entry, row, *ret_state)));
	json_object_set_new(j, "is_proven", json_boolean(*ret_state == EVIDENCE_PROVEN));
	json_object_set_new(j, "is_old", json_boolean(*ret_state == EVIDENCE_OLD));
	json_object_set_new(j, "is_against", json_boolean(*ret_state == EVIDENCE_AGAINST));
	return j;
}

bool diagnosis_proofs(struct page *p, const struct diagnosis *d, uint64_t item, struct str requirement, json_t *list,
                      enum evidence_state *ret_best)
{
	bool any = false;
	*ret_best = EVIDENCE_NOTHING;
	for (size_t i = 0; i < d->proofs.rows.n; i++) {
		const struct keep_evidence *row = &d->proofs.rows.at[i];
		const struct evidence_entry *entry = evidence_find(row->id);
		enum evidence_state state;
		if (!entry || !(item ? evidence_is_of_item(entry, item) : evidence_is_of_criterion(entry, requirement)))
			continue;
		json_array_append_new(list, diagnosis_proof(p, row, &state));
		*ret_best = state > *ret_best ? state : *ret_best;
		any = true;
	}
	return any;
}

enum evidence_mark diagnosis_put_proofs(struct page *p, const struct diagnosis *d, size_t question, char letter,
                                        json_t *row)
{
	static const char *const words[] = {"", "only-said", "only-proven", "against"};
	enum evidence_state best;
	json_t *list = json_array();
	bool any = diagnosis_proofs(p, d, question + 1, STR(""), list, &best);
	enum evidence_mark mark = any ? evidence_mark_of(letter, best) : EVIDENCE_FITS;
	json_object_set_new(row, "proofs", list);
	json_object_set_new(row, "mark_word", json_string(words[mark]));
	json_object_set_new(row, "mark", rows_text(p, "evidence.mark.", str_of(words[mark]), ""));
	return mark;
}

/* ---- history ---- */

static json_t *round_json(struct page *p, const struct diagnosis *d, const struct keep_diagnosis *round)
{
	const struct keep_diagnosis *last = diagnosis_closed_before(d, round->id);
	json_t *j = json_object();
	json_object_set_new(j, "id", json_integer((json_int_t) round->id));
	json_object_set_new(j, "day", page_json_str(diagnosis_day(p, round->closed_us)));
	json_object_set_new(j, "by", page_json_str(round->closed_by_name));
	json_object_set_new(j, "version", page_json_str(round->version));
	json_object_set_new(j, "score", json_integer((json_int_t) round->score));
	json_object_set_new(j, "most", json_integer((json_int_t) round->most));
	json_object_set_new(j, "unknown", json_integer((json_int_t) round->unknown));
	json_object_set_new(
	        j, "change",
	        last ? page_json_str(arena_printf(p->arena, "%+lld", (long long) (round->score - last->score)))
	             : json_null());
	return j;
}

static void add_line(json_t *lines, double from, double most)
{
	json_t *j = json_object();
	int64_t y = PLOT_TOP + PLOT_HEIGHT - (int64_t) (from * PLOT_HEIGHT / most);
	json_object_set_new(j, "path", json_sprintf("M%d %lldH%d", PLOT_LEFT, (long long) y, PLOT_LEFT + PLOT_WIDTH));
	json_object_set_new(j, "y", json_integer(y + 5));
	json_object_set_new(j, "label", json_integer((json_int_t) from));
	json_array_append_new(lines, j);
}

/* Nothing, and where each band begins. */
static json_t *lines_of(const struct diagnosis *d, double most)
{
	json_t *lines = json_array();
	const struct fact *fact;
	double from;
	add_line(lines, 0, most);
	for (size_t at = 0; (fact = fact_next(d->facts, FACT_SCALE, &at));)
		if (str_eq_c(fact->group, "bands") && fact_number(fact, "from", &from) >= 0 && from > 0 && from <= most)
			add_line(lines, from, most);
	return lines;
}

static void put_plot(struct page *p, const struct diagnosis *d, size_t closed)
{
	json_t *dots = json_array(), *plot = json_object();
	int64_t highest = (int64_t) d->set.n * d->set.points[0];
	struct str points = STR("");
	size_t shown = closed < PLOT_ROUNDS_MAX ? closed : PLOT_ROUNDS_MAX, at = shown;
	size_t span = PLOT_WIDTH - 2 * PLOT_MARGIN;
	for (size_t i = 0; i < d->rounds.rounds.n && at > 0; i++) {
		const struct keep_diagnosis *round = &d->rounds.rounds.at[i];
		if (!round->closed_us)
			continue;
		at--;
		int64_t most = round->most > 0 ? round->most : 1;
		int64_t score = round->score < 0 ? 0 : round->score > most ? most : round->score;
		int64_t x = PLOT_LEFT + PLOT_MARGIN + (int64_t) (shown > 1 ? at * span / (shown - 1) : span / 2);
		int64_t y = PLOT_TOP + PLOT_HEIGHT - score * PLOT_HEIGHT / most;
		json_t *dot = json_object();
		json_object_set_new(dot, "x", json_integer(x));
		json_object_set_new(dot, "y", json_integer(y));
		json_object_set_new(dot, "y_text", json_integer(y - 9));
		json_object_set_new(dot, "score", json_integer(round->score));
		json_object_set_new(dot, "day", page_json_str(diagnosis_day(p, round->closed_us)));
		json_array_insert_new(dots, 0, dot);
		points = arena_printf(p->arena, "%lld,%lld %.*s", (long long) x, (long long) y, STR_ARG(points));
	}
	json_object_set_new(plot, "points", page_json_str(points));
	json_object_set_new(plot, "dots", dots);
	json_object_set_new(plot, "lines", lines_of(d, highest > 0 ? (double) highest : 1));
	page_put(p, "plot", shown ? plot : json_null());
	if (!shown)
		json_decref(plot);
}

void diagnosis_put_history(struct page *p, const struct diagnosis *d)
{
	json_t *list = json_array();
	size_t closed = 0;
	for (size_t i = 0; i < d->rounds.rounds.n; i++) {
		if (!d->rounds.rounds.at[i].closed_us)
			continue;
		json_array_append_new(list, round_json(p, d, &d->rounds.rounds.at[i]));
		closed++;
	}
	page_put(p, "rounds", list);
	put_plot(p, d, closed);
}
