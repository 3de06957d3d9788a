/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The master: makes the sockets, starts the processes of the table, watches and restarts them, ends them in order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum { MASTER_ADDRESSES_MAX = 4, MASTER_STOP_TIMEOUT_MS = 5000, MASTER_BACKLOG = 512 };

struct master_settings {
	const char *data_folder; /* made when it is not there, mode 0700 */
	const char *rules_folder;
	struct str addresses[MASTER_ADDRESSES_MAX]; /* "127.0.0.1:8119", "[::1]:8480" */
	size_t address_count;
	unsigned web_count; /* 0: as the table says */
	struct str gate_addresses[MASTER_ADDRESSES_MAX];
	size_t gate_address_count; /* 0: only our own pages reach the gate */
	unsigned gate_count;       /* 0: as the table says */
	/* Called once, in a child of the master's own, when everything is started: the keeper can be asked. */
	void (*on_ready)(void *context);
	void *context;
};

/* Runs until SIGTERM or SIGINT. SIGHUP is passed on to the web processes (they reload the rules). ERR_EXISTS: another
 * master serves this data folder; ERR_CONFLICT: something else listens on an address; ERR_INVALID: an address is none;
 * ERR_SYSTEM with errno. */
int master_run(const struct master_settings *settings);
