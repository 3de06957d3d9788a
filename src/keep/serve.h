/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keeper's loop: takes questions from local connections, carries many of them out in one transaction, and answers
 * each when it is on disk. Runs until SIGTERM or SIGINT. */
#pragma once

#include <stdbool.h>

#include "base/check.h"

struct keep_serve_options {
	const char *data_folder;
	int listener;                /* listening local socket; stays open */
	int (*ready)(void *context); /* called when everything is open, before the first question: to lock oneself in;
	                                may be NULL */
	void *context;
	/* Is the process with this number the gate? Only it gets provider keys. NULL: nobody is. */
	bool (*is_gate)(void *context, int pid);
	/* The same of the post: only it gets the password of the mail server and what mails say. */
	bool (*is_post)(void *context, int pid);
};

/* 0 when it was asked to end and the ledger is sealed. ERR_BUSY: another keeper has the data folder. */
int keep_serve(const struct keep_serve_options *options) MUST_CHECK;
