/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The levels of the jail, one for each kind of process, and the mechanisms that they are made of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	JAIL_GATE,   /* as the web, and connections to services; of files the certificates to trust and names */
	JAIL_POST,   /* as the gate, and threads */
	JAIL_PRESS,  /* reads fonts, starts threads; one local listener handed down */
	JAIL_WEB,    /* listeners handed down, local sockets; reads rules, writes nothing */
	JAIL_ZYGOTE, /* forks readers; no files, no new sockets, no programs */
	JAIL_READER, /* memory and one connection */
	JAIL_LEVEL_COUNT,
};

const char *jail_mechanism_word(enum jail_mechanism mechanism);
const char *jail_level_word(enum jail_level level);

/* A set of mechanisms: bit 1 << enum jail_mechanism. */
typedef uint32_t jail_set;
static inline bool jail_has(jail_set set, enum jail_mechanism mechanism)
{
	return (set >> mechanism) & 1;
}
