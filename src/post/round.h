/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reminders of a day: at most one digest for each person, however many things there are. Pure: the day comes in.
 * Of registers and criteria of SCS the owner is told (a person whose name or login stands there), else the operators,
 * else the presidents; of what is late the presidents too. Of to-dos their person, of papers who made them, of services
 * whose training use is to be looked at again the officers, of running incidents everybody who patrols. */
#pragma once

#include "base/arena.h"
#include "base/check.h"
#include "keep/messages.h"

enum { ROUND_TITLES_MAX = 10, ROUND_TITLE_MAX_BYTES = 150 };

/* ERR_INVALID: the day is none; ERR_TOO_LARGE. */
int round_make(const struct keep_mail_round_out *in, struct arena *a, struct keep_mail_new_list *ret) MUST_CHECK;
