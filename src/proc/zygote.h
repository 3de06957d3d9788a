/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The zygote: has everything loaded that reading needs, and forks a jailed child for each connection. It never touches
 * what strangers sent; it only counts, waits and ends what takes too long. */
#pragma once

#include "base/arena.h"
#include "doc/document.h"

/* Bytes to a document, in the jailed child. */
typedef int zygote_read(enum input_kind kind, struct str name, struct str bytes, struct arena *a, struct document *ret);

enum { ZYGOTE_CHILDREN_MAX = 32 };

struct zygote_settings {
	int listener;           /* accepts connections here; -1: private */
	int control;            /* private: connections come as ASK_CONNECT; its end ends the zygote; -1 else */
	unsigned children_max;  /* at once; more wait in the listener's queue. At most ZYGOTE_CHILDREN_MAX */
	unsigned documents_max; /* that one child reads before it ends */
	int document_limit_ms;  /* a child that works longer on one document is ended */
	int idle_limit_ms;      /* or waits longer for a request; 0: no limit */
	size_t arena_bytes;     /* for one document */
	zygote_read *read;
};

/* Loops until SIGTERM or the end of the control socket: 0. ERR_SYSTEM. Call it after jail_enter(JAIL_ZYGOTE). */
int zygote_run(const struct zygote_settings *settings);
/* Before the jail: the handlers, and the descriptor that children get as standard error. */
int zygote_prepare(void);
