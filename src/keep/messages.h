/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The structures that messages.def and rows.def describe. Every field is 8 bytes wide or a struct of 8-byte members,
 * so that the wire form can be made from the list of field types alone (wire.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "store/ai.h"
#include "store/role.h"
#include "store/rows.h"

enum login_outcome { LOGIN_OK, LOGIN_SECOND_FACTOR, LOGIN_THROTTLED, LOGIN_DENIED };
/* case_new steps: what the person already did, bits. */
enum case_step { STEP_PRESSED = 1, STEP_ENTERED = 2, STEP_CALLED = 4, STEP_PAID = 8, STEPS_ALL = 15 };

enum {
	KEEP_LIST_MAX_ROWS = 5000,
	KEEP_TEXT_MAX_BYTES = 1024 * 1024, /* one field; most calls allow far less */
	KEEP_NOTE_MAX_BYTES = 4000,        /* a person's own words: question, note */
	/* An incident: the pass of its paper, and when what is noted may have happened. */
	KEEP_PASS_DAYS = 7,
	KEEP_KNOWN_EARLIER_DAYS = 30, /* before it was noticed */
	KEEP_NOTED_LATER_S = 300,     /* from now: a telephone's clock may be ahead */
	PASSWORD_MIN_CHARACTERS = 10,
	PASSWORD_MAX_BYTES = 256,
	RECOVERY_CODE_COUNT = 10,
};

#include "store/fields.h"

/* A question or an answer without fields still has one member, so that it is a struct of standard C. */
#define CALL(name, who, work, in, out)                                                                                 \
	struct keep_##name##_in {                                                                                      \
		in _Alignas(8) char end_of_fields;                                                                     \
	};                                                                                                             \
	struct keep_##name##_out {                                                                                     \
		out _Alignas(8) char end_of_fields;                                                                    \
	};
#include "keep/messages.def"
#undef CALL

#include "store/fields-end.h"
