/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/problem.h"

#include "base/err.h"

static const struct {
	const char *word;
	int status;
} problems[] = {
        [PROBLEM_BAD_REQUEST] = {"bad-request", 400}, [PROBLEM_SIGN_IN] = {"sign-in", 401},
        [PROBLEM_DENIED] = {"denied", 403},           [PROBLEM_FORM_EXPIRED] = {"form-expired", 403},
        [PROBLEM_NOT_FOUND] = {"not-found", 404},     [PROBLEM_METHOD] = {"method", 405},
        [PROBLEM_CONFLICT] = {"conflict", 409},       [PROBLEM_TOO_LARGE] = {"too-large", 413},
        [PROBLEM_TOO_OFTEN] = {"too-often", 429},     [PROBLEM_UNAVAILABLE] = {"unavailable", 503},
        [PROBLEM_TIMEOUT] = {"timeout", 504},         [PROBLEM_INTERNAL] = {"internal", 500},
};

const char *problem_word(enum page_problem problem)
{
	return problems[problem].word;
}

int problem_status(enum page_problem problem)
{
	return problems[problem].status;
}

enum page_problem problem_of_error(int r)
{
	switch (r) {
	case ERR_INVALID:
	case ERR_UNSUPPORTED:
		return PROBLEM_BAD_REQUEST;
	case ERR_TOO_LARGE:
		return PROBLEM_TOO_LARGE;
	case ERR_NOT_FOUND:
		return PROBLEM_NOT_FOUND;
	case ERR_DENIED:
		return PROBLEM_DENIED;
	case ERR_EXISTS:
	case ERR_CONFLICT:
		return PROBLEM_CONFLICT;
	case ERR_TIMEOUT:
		return PROBLEM_TIMEOUT;
	case ERR_BUSY:
		return PROBLEM_TOO_OFTEN;
	case ERR_CLOSED:
	case ERR_AGAIN:
	case ERR_UNAVAILABLE:
		return PROBLEM_UNAVAILABLE;
	default:
		return PROBLEM_INTERNAL;
	}
}
