/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How much speaks for a reading of a name. For the files of this folder only. */
#pragma once

#include "leak/person-line.h"

enum {
	PERSON_HAS_BOUNDARY = 2, /* of a side at which no word goes on */
};

/* A surname, alone or with a given name. */
struct person_reading {
	size_t start, surname_end, end;
	uint64_t surname, given; /* roles; given 0: surname alone */
	int points;
	bool spaced;
	const char *why;
};

/* Sets points and why. */
void person_weigh(const struct leak_line *line, struct person_reading *r);
/* Whether nothing goes on before and behind it, and no longer word covers it. */
bool person_stands_alone(const struct leak_line *line, const struct person_reading *r);
/* 打合せ, 申込み: whether kana at i belong to the kanji before them. */
bool person_starts_inflection(const struct leak_line *line, size_t i);
