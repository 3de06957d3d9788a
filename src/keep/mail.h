/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The queue of mail inside the keeper. */
#pragma once

#include "keep/keeper.h"

/* The word of mail_state (messages.def). */
int mail_state_word(struct keeper *k, const char **ret) MUST_CHECK;
/* Seals what a mail says and puts it into the queue; *ret_id 0 when the same thing has been there. */
int mail_queue(struct keeper *k, const struct keep_mail_new *row, uint64_t *ret_id) MUST_CHECK;
/* A setting "mail...." has another value: what waits is tried again at once. A password is for the server that it was
 * given for. */
int mail_setting_changed(struct keeper *k, struct str name) MUST_CHECK;
/* What is too old is given up, what is long done is forgotten. */
int mail_run_clock(struct keeper *k) MUST_CHECK;
/* Whether the reminders of this day are still to be made. */
int mail_round_is_due(struct keeper *k, bool *ret) MUST_CHECK;
