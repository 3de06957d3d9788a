/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/role.h"

#include "base/check.h"
#include "base/err.h"

static const char *const role_words[ROLE_COUNT] = {"president", "operator", "officer", "staff", "expert"};
static const char *const case_words[CASE_STATE_COUNT] = {"open", "answered", "closed"};

const char *role_word(enum person_role role)
{
	CHECK((unsigned) role < ROLE_COUNT);
	return role_words[role];
}

int role_of_word(struct str word, enum person_role *ret)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		if (str_eq_c(word, role_words[i])) {
			*ret = (enum person_role) i;
			return 0;
		}
	}
	return ERR_INVALID;
}

const char *case_state_word(enum case_state state)
{
	CHECK((unsigned) state < CASE_STATE_COUNT);
	return case_words[state];
}
