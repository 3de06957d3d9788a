/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Locking a process in. What each level forbids is one table (level.c); how, are the mechanisms below, each of which a
 * kernel or a container may lack. A missing one is not fatal (except the system call filter of the reader): it is
 * counted, and `sonae doctor` and the status page say so. Builds with SONAE_SANITIZED=1 run without any. */
#pragma once

#include <sys/types.h>

#include "base/check.h"
#include "jail/level.h"

/* Lists of absolute paths that end with NULL; a NULL list is empty. Paths that do not exist are left out. */
struct jail_grants {
	const char *const *read;
	const char *const *write; /* read, write, make, remove below it */
	bool connects;            /* TCP connections outward, where the level has the calls for it */
};

struct jail_limits {
	size_t memory_bytes;  /* address space; 0: the level's own */
	uint32_t cpu_seconds; /* 0: the level's own */
};

/* First step, before threads and before anything that root owns is opened. As root: becomes `user` (0 keeps uid 0,
 * without its capabilities later; where there is no other user it stays root too). Own namespaces where the kernel
 * allows; the level says which (a new process list begins with the next fork). ERR_SYSTEM only when a change of user
 * was begun and failed. */
int jail_separate(enum jail_level level, uid_t user, gid_t group, jail_set *ret) MUST_CHECK;
/* Last step, after everything is opened: limits, capabilities, Landlock, system call filter. A reader enters its level
 * in a process that was forked from one of the zygote's. ret: all that is in force, with what jail_separate() gave.
 * limits may be NULL. ERR_UNAVAILABLE when the level demands a mechanism that is missing. */
int jail_enter(enum jail_level level, const struct jail_grants *grants, const struct jail_limits *limits,
               jail_set *ret) MUST_CHECK;

struct jail_probe {
	enum jail_mechanism mechanism;
	bool available;
	char detail[80]; /* English, for the terminal: "ABI 7", "Operation not permitted"; may be empty */
};
/* Tries each mechanism in a child process; this one is not changed. About 10 ms. */
void jail_probe(struct jail_probe ret[static JAIL_MECHANISM_COUNT]);
