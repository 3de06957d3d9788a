/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Roles and states of people, kinds of cases: the small closed lists that the store, the messages and the pages share.
 */
#pragma once

#include "base/str.h"

enum person_role { ROLE_PRESIDENT, ROLE_OPERATOR, ROLE_OFFICER, ROLE_STAFF, ROLE_EXPERT, ROLE_COUNT };
enum person_state { PERSON_ACTIVE, PERSON_DISABLED, PERSON_STATE_COUNT };
enum case_state { CASE_OPEN, CASE_ANSWERED, CASE_CLOSED, CASE_STATE_COUNT };

const char *role_word(enum person_role role);             /* "president", "operator", "officer", "staff", "expert" */
int role_of_word(struct str word, enum person_role *ret); /* ERR_INVALID */
const char *case_state_word(enum case_state state);       /* "open", "answered", "closed" */

/* What an API token may do: bits. */
enum token_scope { TOKEN_CHECK = 1 << 0, TOKEN_REPORT = 1 << 1, TOKEN_READ = 1 << 2, TOKEN_SCOPES_ALL = 7 };
