/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be wrong with a request, for the pages that say so. */
#pragma once

/* The words of error pages: catalogue "page-error.<word>.happened", ".kept", ".next". */
enum page_problem {
	PROBLEM_BAD_REQUEST,
	PROBLEM_SIGN_IN,
	PROBLEM_DENIED,
	PROBLEM_FORM_EXPIRED,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD,
	PROBLEM_CONFLICT,
	PROBLEM_TOO_LARGE,
	PROBLEM_TOO_OFTEN,
	PROBLEM_UNAVAILABLE,
	PROBLEM_TIMEOUT,
	PROBLEM_INTERNAL,
	PROBLEM_COUNT,
};

const char *problem_word(enum page_problem problem);
int problem_status(enum page_problem problem); /* of HTTP */
/* Of a code of base/err.h. */
enum page_problem problem_of_error(int r);
