/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of outgoing mail: the keeper's queue, one message after the other, to the server; and once a day the
 * reminders into the queue. */
#pragma once

#include "base/check.h"
#include "keep/client.h"
#include "post/send.h"

struct post {
	struct keep_client *keep;
	struct sender *sender;
	int64_t round_after_us; /* monotonic: after one that failed, the next one */
};

/* 1: something was done, ask again at once; 0: there is nothing to do. < 0: the keeper cannot be asked. */
int post_step(struct post *p) MUST_CHECK;
