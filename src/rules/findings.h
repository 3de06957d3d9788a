/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names of everything a judge can find, from findings.def. They stand below the judges because weights.yaml is
 * checked against them. */
#pragma once

#include "base/str.h"

/* Findings of one group together never add more than the group's cap in weights.yaml. */
#define FINDING_GROUP_LIST(X)                                                                                          \
	X(GROUP_CLAIM, "claim")       /* who it pretends to be against where it comes from or leads */                 \
	X(GROUP_ADDRESS, "address")   /* the form of hosts and addresses */                                            \
	X(GROUP_ORIGIN, "origin")     /* sender fields and authentication */                                           \
	X(GROUP_CRAFT, "craft")       /* oddities of making: weak */                                                   \
	X(GROUP_WORDING, "wording")   /* what it asks for */                                                           \
	X(GROUP_TONE, "tone")         /* threats, deadlines, urgency: never enough alone */                            \
	X(GROUP_LANGUAGE, "language") /* unnatural writing */                                                          \
	X(GROUP_ATTACHMENT, "attachment")                                                                              \
	X(GROUP_SCHEME, "scheme") /* signs that together are a known fraud */                                          \
	X(GROUP_CALL, "call")                                                                                          \
	X(GROUP_SCREEN, "screen")                                                                                      \
	X(GROUP_RELIEF, "relief") /* speaks for the message: negative weights */

enum finding_group {
#define X(code, word) code,
	FINDING_GROUP_LIST(X)
#undef X
	        FINDING_GROUP_COUNT,
};

enum finding_id {
#define FINDING(code, id, group) FINDING_##code,
#include "rules/findings.def"
#undef FINDING
	FINDING_ID_COUNT,
};

const char *finding_id_word(enum finding_id id); /* "claim-foreign-link" */
enum finding_group finding_id_group(enum finding_id id);
const char *finding_group_word(enum finding_group group);
int finding_id_of(struct str word, enum finding_id *ret);       /* ERR_NOT_FOUND */
int finding_group_of(struct str word, enum finding_group *ret); /* ERR_NOT_FOUND */
