/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of the jail among themselves: what a level is, and one function for each mechanism. */
#pragma once

#include "jail/jail.h"

/* Groups of system calls; the lists are in calls.c. */
enum call_group {
	CALLS_BASIC = 1 << 0,   /* memory without execution, time, signals to itself, open descriptors */
	CALLS_FORK = 1 << 1,    /* fork, wait, kill, accept, and to lock children in further */
	CALLS_READ = 1 << 2,    /* open files for reading, as far as Landlock lets it */
	CALLS_WRITE = 1 << 3,   /* change files, as far as Landlock lets it */
	CALLS_SERVE = 1 << 4,   /* event loops, accept, local sockets */
	CALLS_NET = 1 << 5,     /* sockets to other machines */
	CALLS_THREADS = 1 << 6, /* threads, no processes */
};

struct level {
	const char *word;
	uint32_t calls; /* call groups; 0: no filter */
	bool kills;     /* a call that is not listed ends the process; else it fails */
	bool has_landlock;
	int namespaces; /* CLONE_NEW* */
	jail_set demanded;
	size_t memory_bytes; /* RLIMIT_AS; 0 as it is. So with all limits. */
	size_t data_bytes;
	uint32_t cpu_seconds;
	uint32_t open_files;
	bool starts_processes;
	bool starts_threads; /* of itself, a handful */
	bool writes_files;
};

const struct level *level_of(enum jail_level level);

/* All: 0, or ERR_UNAVAILABLE where the kernel does not have it or does not let us, with errno. */
int calls_build(enum jail_level level); /* compiles the filter once; calls_load() does it when nobody did */
int calls_load(enum jail_level level);
int landlock_enter(const struct jail_grants *grants);
int landlock_version(void); /* ABI, 0 none */
int limits_enter(const struct level *level, const struct jail_limits *limits);
int namespaces_enter(int flags);
int capabilities_drop(void);
int user_become(uid_t user, gid_t group); /* ERR_UNAVAILABLE: still root; ERR_SYSTEM: in part somebody else */
