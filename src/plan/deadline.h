/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What has to be reported by when after an incident: 個人情報保護法 26条 as facts/deadlines.yaml states it (days and
 * numbers of persons are the facts', not ours). What is not known yet never makes something "not reportable". */
#pragma once

#include "fact/fact.h"

enum plan_answer { PLAN_UNKNOWN, PLAN_YES, PLAN_NO };

/* Whether ... is concerned, or may be. */
struct leak_case {
	enum plan_answer personal;  /* personal data at all */
	enum plan_answer sensitive; /* 要配慮個人情報 */
	enum plan_answer property;  /* what may cost people money */
	enum plan_answer malice;    /* intrusion, taking out, ransomware */
	enum plan_answer many;      /* over deadline.ppc.case.many persons */
};

enum leak_duty {
	LEAK_NO_DUTY,     /* no personal data, or every case was answered with no */
	LEAK_MAY_BE_DUTY, /* something is unknown: to be treated as reportable */
	LEAK_DUTY,
};
enum leak_duty leak_duty_of(const struct leak_case *leak);

enum deadline_name {
	DEADLINE_FIRST_WORD, /* to partners, customers, city; counted in hours */
	DEADLINE_PPC_FIRST,  /* 速報 */
	DEADLINE_PPC_FINAL,  /* 確報 */
	DEADLINE_POLICE,     /* as soon as possible: no day */
	DEADLINE_BANK,
	DEADLINE_INSURER,
	DEADLINE_COUNT,
};

struct deadline {
	enum deadline_name name;
	const struct fact *fact; /* where it comes from; NULL: common sense, no rule */
	int32_t from_day;        /* calendar days; 速報: the first of "about 3 to 5 days" */
	int32_t due_day;         /* the last day; 0: at once */
	int64_t due_us;          /* counted in hours; 0: by day */
	enum leak_duty duty;     /* of the reports to the commission; else LEAK_DUTY */
	bool is_unknown;         /* its fact is missing or holds no such number: people have to look it up */
};

/* known_day: the day (of the company's zone) on which it was known. The day itself is counted as the first, weekends
 * and holidays count: the earliest way to count, so that nobody is late. How the law counts was not seen in a source.
 * 60 days only where malice is certain, else 30. What cannot be computed is marked and hides none of the others. */
void deadline_list(const struct facts *facts, const struct leak_case *leak, int64_t known_us, int32_t known_day,
                   struct deadline ret[static DEADLINE_COUNT]);
const char *deadline_word(enum deadline_name name); /* "ppc-first" */
