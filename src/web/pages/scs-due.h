/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Days by which a criterion of SCS is to be met, among the others that are due. */
#pragma once

#include "web/pages/rows.h"

/* Puts those up to and with until, not met yet, into list at the place of their day: members as a register's row has
 * them ("due", "due_is", "title", "path", "register_label", "what", "owner"). *late grows by what is over. soon: the
 * last day that is soon. */
int scs_add_due(struct page *p, struct str until, struct str soon, json_t *list, json_int_t *late) MUST_CHECK;
