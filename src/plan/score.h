/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The self-diagnosis as the dated facts have it: questions, points of the four answers, bands of the score
 * (facts/self-diagnosis.yaml). Source of the points and bands: the sheet of the guideline 3.1. */
#pragma once

#include "fact/fact.h"

enum { SCORE_QUESTIONS_MAX = 100 };
/* Answers as letters, in the order of the four answers; '-' is none yet. */
#define SCORE_LETTERS "ypnu"
#define SCORE_NONE '-'
enum { SCORE_ANSWER_COUNT = 4 };

struct score_set {
	const struct fact *questions[SCORE_QUESTIONS_MAX]; /* in order */
	unsigned parts[SCORE_QUESTIONS_MAX];
	size_t n;
	const struct fact *answers[SCORE_ANSWER_COUNT];
	int64_t points[SCORE_ANSWER_COUNT];
	struct str version; /* of the questions */
};

/* ERR_INVALID: a question, an answer or a number of them is missing. */
int score_set_load(const struct facts *facts, struct score_set *ret);

struct score {
	int64_t points, most;
	size_t counts[SCORE_ANSWER_COUNT], unanswered;
};
/* ERR_INVALID: answers is not one known letter for each question. */
int score_compute(const struct score_set *set, struct str answers, struct score *ret);
/* Place of a letter among the four; ERR_NOT_FOUND, for SCORE_NONE too. */
int score_answer_of(char letter, size_t *ret);
/* The band of a score; NULL: none holds it. */
const struct fact *score_band(const struct facts *facts, int64_t points);
/* Questions by what they brought, fewest points first, then in order; those with full points and those without an
 * answer are left out. ret: room for set->n. The number of them. */
size_t score_lowest(const struct score_set *set, struct str answers, size_t *ret);
