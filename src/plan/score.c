/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/score.h"

#include <math.h>

#include "base/check.h"
#include "base/err.h"

static int whole(const struct fact *fact, const char *name, int64_t *ret)
{
	double number;
	int r = fact_number(fact, name, &number);
	if (r < 0 || fabs(number) > 1e6 || trunc(number) != number)
		return ERR_INVALID;
	*ret = (int64_t) number;
	return 0;
}

static int load_questions(const struct facts *facts, struct score_set *set)
{
	const struct fact *fact;
	for (size_t at = 0; (fact = fact_next(facts, FACT_QUESTION, &at));) {
		int64_t number, part;
		if (!str_starts_with(fact->id, STR("diagnosis.")))
			continue;
		if (whole(fact, "no", &number) < 0 || whole(fact, "part", &part) < 0 || number < 1 ||
		    number > SCORE_QUESTIONS_MAX || set->questions[number - 1])
			return ERR_INVALID;
		set->questions[number - 1] = fact;
		set->parts[number - 1] = (unsigned) part;
		set->n++;
	}
	for (size_t i = 0; i < set->n; i++)
		if (!set->questions[i])
			return ERR_INVALID;
	const struct fact_value *version = set->n ? fact_value(set->questions[0], "version") : NULL;
	set->version = version ? version->text : STR("");
	return version && version->text.n > 0 ? 0 : ERR_INVALID;
}

int score_set_load(const struct facts *facts, struct score_set *ret)
{
	static const char *const ids[SCORE_ANSWER_COUNT] = {"diagnosis.answer.yes", "diagnosis.answer.partly",
	                                                    "diagnosis.answer.no", "diagnosis.answer.unknown"};
	struct score_set set = {0};
	int r = load_questions(facts, &set);
	for (size_t i = 0; r >= 0 && i < SCORE_ANSWER_COUNT; i++) {
		set.answers[i] = fact_find(facts, str_of(ids[i]));
		r = set.answers[i] ? whole(set.answers[i], "points", &set.points[i]) : ERR_INVALID;
	}
	if (r >= 0)
		*ret = set;
	return r;
}

int score_answer_of(char letter, size_t *ret)
{
	size_t at = str_find_char(STR(SCORE_LETTERS), letter, 0);
	if (at == STR_NOT_FOUND)
		return ERR_NOT_FOUND;
	*ret = at;
	return 0;
}

int score_compute(const struct score_set *set, struct str answers, struct score *ret)
{
	struct score score = {.most = (int64_t) set->n * set->points[0]};
	size_t answer;
	if (answers.n != set->n)
		return ERR_INVALID;
	for (size_t i = 0; i < answers.n; i++) {
		if (score_answer_of(answers.p[i], &answer) >= 0) {
			score.counts[answer]++;
			score.points += set->points[answer];
		} else if (answers.p[i] == SCORE_NONE) {
			score.unanswered++;
		} else {
			return ERR_INVALID;
		}
	}
	*ret = score;
	return 0;
}

const struct fact *score_band(const struct facts *facts, int64_t points)
{
	const struct fact *fact;
	for (size_t at = 0; (fact = fact_next(facts, FACT_SCALE, &at));) {
		int64_t from, to;
		if (str_eq_c(fact->group, "bands") && whole(fact, "from", &from) >= 0 && whole(fact, "to", &to) >= 0 &&
		    points >= from && points <= to)
			return fact;
	}
	return NULL;
}

static int64_t points_of(const struct score_set *set, struct str answers, size_t question)
{
	size_t answer;
	if (question >= answers.n || score_answer_of(answers.p[question], &answer) < 0)
		return set->points[0];
	return set->points[answer];
}

size_t score_lowest(const struct score_set *set, struct str answers, size_t *ret)
{
	size_t n = 0;
	for (size_t i = 0; i < set->n; i++) {
		int64_t points = points_of(set, answers, i);
		if (points >= set->points[0])
			continue;
		size_t at = n++;
		for (; at > 0 && points_of(set, answers, ret[at - 1]) > points; at--)
			ret[at] = ret[at - 1];
		ret[at] = i;
	}
	return n;
}
