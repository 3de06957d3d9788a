/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of levels. Filters, Landlock and namespaces pass on to children and cannot be taken off again, so the
 * master, whose children need more than itself, gets little; a reader has the filter of its zygote and its own on top.
 */
#include <sched.h>

#include "jail/inside.h"

#define MIB ((size_t) 1024 * 1024)
#define BIT(mechanism) (UINT32_C(1) << (mechanism))
#define ALONE (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC)

static const struct level levels[JAIL_LEVEL_COUNT] = {
        [JAIL_MASTER] = {.word = "master", .starts_processes = true, .writes_files = true},
        [JAIL_KEEPER] = {.word = "keeper",
                         .calls = CALLS_BASIC | CALLS_READ | CALLS_WRITE | CALLS_SERVE,
                         .has_landlock = true,
                         .namespaces = ALONE,
                         .memory_bytes = 8192 * MIB,
                         .open_files = 4096,
                         .writes_files = true},
        /* The network is what it is for; which places it connects to is the register's to say. */
        [JAIL_GATE] = {.word = "gate",
                       .calls = CALLS_BASIC | CALLS_READ | CALLS_SERVE | CALLS_NET,
                       .has_landlock = true,
                       .namespaces = CLONE_NEWUSER | CLONE_NEWIPC,
                       .memory_bytes = 8192 * MIB,
                       .open_files = 16384,
                       .writes_files = true},
        /* Its library looks names up in a thread. */
        [JAIL_POST] = {.word = "post",
                       .calls = CALLS_BASIC | CALLS_READ | CALLS_SERVE | CALLS_NET | CALLS_THREADS,
                       .has_landlock = true,
                       .namespaces = CLONE_NEWUSER | CLONE_NEWIPC,
                       .memory_bytes = 1024 * MIB,
                       .data_bytes = 256 * MIB,
                       .open_files = 256,
                       .starts_threads = true,
                       .writes_files = true},
        /* Its libraries look for fonts in threads. */
        [JAIL_PRESS] = {.word = "press",
                        .calls = CALLS_BASIC | CALLS_READ | CALLS_SERVE | CALLS_THREADS,
                        .has_landlock = true,
                        .namespaces = ALONE,
                        .memory_bytes = 2048 * MIB,
                        .data_bytes = 512 * MIB,
                        .open_files = 256,
                        .starts_threads = true,
                        .writes_files = true},
        /* Its standard error may be a file, so it may write to what is open. */
        [JAIL_WEB] = {.word = "web",
                      .calls = CALLS_BASIC | CALLS_READ | CALLS_SERVE,
                      .has_landlock = true,
                      .namespaces = ALONE,
                      .memory_bytes = 8192 * MIB,
                      .open_files = 16384,
                      .writes_files = true},
        [JAIL_ZYGOTE] = {.word = "zygote",
                         .calls = CALLS_BASIC | CALLS_FORK,
                         .has_landlock = true,
                         .namespaces = ALONE | CLONE_NEWNS | CLONE_NEWPID,
                         .demanded = BIT(JAIL_SECCOMP),
                         .memory_bytes = 2048 * MIB,
                         .open_files = 256,
                         .starts_processes = true,
                         .writes_files = true},
        [JAIL_READER] = {.word = "reader",
                         .calls = CALLS_BASIC,
                         .kills = true,
                         .demanded = BIT(JAIL_SECCOMP),
                         .memory_bytes = 1024 * MIB,
                         .data_bytes = 640 * MIB,
                         .cpu_seconds = 20,
                         .open_files = 16},
};

const struct level *level_of(enum jail_level level)
{
	CHECK((unsigned) level < JAIL_LEVEL_COUNT);
	return &levels[level];
}

const char *jail_level_word(enum jail_level level)
{
	return level_of(level)->word;
}

const char *jail_mechanism_word(enum jail_mechanism mechanism)
{
	static const char *const words[] = {
#define X(code, word) word,
	        JAIL_MECHANISM_LIST(X)
#undef X
	};
	CHECK((unsigned) mechanism < ARRAY_SIZE(words));
	return words[mechanism];
}
