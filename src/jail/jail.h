/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Locking a process in. What each level forbids is one table (level.c); how, are the mechanisms below, each of which a
 * kernel or a container may lack. A missing one is not fatal (except the system call filter of the reader): it is
 * counted, and `sonae doctor` and the status page say so. Builds with SONAE_SANITIZED=1 run without any. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/check.h"

/* Words of the catalogue: "mechanism.<word>.name", "mechanism.<word>.missing". */
#define JAIL_MECHANISM_LIST(X)                                                                                         \
	X(JAIL_NO_NEW_PRIVILEGES, "no-new-privileges") /* no program can give more rights than it was started with */  \
	X(JAIL_SECCOMP, "seccomp")                     /* only listed system calls */                                  \
	X(JAIL_LANDLOCK, "landlock")                   /* only listed files, no TCP, no signals outward */             \
	X(JAIL_LIMITS, "limits")                       /* memory, processor time, files, processes */                  \
	X(JAIL_NAMESPACES, "namespaces")               /* an own network without any way out, an own process list */   \
	X(JAIL_CAPABILITIES, "capabilities")           /* none of the rights of root */                                \
	X(JAIL_USER, "user")                           /* not uid 0 */                                                 \
	X(JAIL_NOT_DUMPABLE, "not-dumpable")           /* no other process may look into its memory */

enum jail_mechanism {
#define X(code, word) code,
	JAIL_MECHANISM_LIST(X)
#undef X
	        JAIL_MECHANISM_COUNT,
};

enum jail_level {
	JAIL_MASTER, /* must start programs, so what children inherit cannot be taken away here */
	JAIL_KEEPER, /* the data folder; local sockets only */
	JAIL_WEB,    /* listeners handed down, local sockets; reads rules, writes nothing */
	JAIL_ZYGOTE, /* forks readers; no files, no new sockets, no programs */
	JAIL_READER, /* memory and one connection */
	JAIL_LEVEL_COUNT,
};

const char *jail_mechanism_word(enum jail_mechanism mechanism);
const char *jail_level_word(enum jail_level level);

/* Lists of absolute paths that end with NULL; a NULL list is empty. Paths that do not exist are left out. */
struct jail_grants {
	const char *const *read;
	const char *const *write; /* read, write, make, remove below it */
};

struct jail_limits {
	size_t memory_bytes;  /* address space; 0: the level's own */
	uint32_t cpu_seconds; /* 0: the level's own */
};

/* A set of mechanisms: bit 1 << enum jail_mechanism. */
typedef uint32_t jail_set;
static inline bool jail_has(jail_set set, enum jail_mechanism mechanism)
{
	return (set >> mechanism) & 1;
}

/* First step, before threads and before anything that root owns is opened. As root: becomes `user` (0 keeps uid 0,
 * without its capabilities later). Own namespaces where the kernel allows; the level says which (a new process list
 * begins with the next fork). ERR_SYSTEM only when a change of user was begun and failed. */
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
