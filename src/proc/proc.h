/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a process of Sonae starts with, and the one table of all of them (table.c). Each runs as
 * `PROGRAM run-process NAME INDEX DATA RULES REPORT FD...`, started by the master through fork and exec. Its main opens
 * what it needs, connects to its peers, locks itself in (proc_enter_jail) and then loops until SIGTERM. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/check.h"
#include "jail/jail.h"

enum { PROC_LISTENERS_MAX = 8, PROC_COUNT_MAX = 16 };

struct proc_context {
	const char *name;
	unsigned index;           /* 0, 1 ... among processes of this name */
	const char *data_folder;  /* absolute; also the working directory, so that "run/keeper.sock" is short enough */
	const char *rules_folder; /* absolute */
	int listeners[PROC_LISTENERS_MAX]; /* listening sockets, handed down; closed by nobody but the process itself */
	size_t listener_count;
	int report_fd; /* to the master, see proc_enter_jail(); -1 none */
};

/* Sockets of the processes, relative to the data folder. */
#define PROC_KEEPER_SOCKET "run/keeper.sock"
#define PROC_READER_SOCKET "run/reader.sock"
#define PROC_GATE_SOCKET "run/gate.sock"
#define PROC_PRESS_SOCKET "run/press.sock"
#define PROC_STATUS_FILE "run/status.json"

enum proc_addresses { PROC_NO_ADDRESSES, PROC_WEB_ADDRESSES, PROC_GATE_ADDRESSES };

struct proc_entry {
	const char *name;
	int (*run)(const struct proc_context *context); /* 0: ended as asked; NULL: `program` runs it */
	enum jail_level jail;
	const char *socket;            /* local socket to listen on, shared by all of this name; NULL none */
	unsigned count;                /* how many, where the settings do not say; 0: not started by the master */
	enum proc_addresses addresses; /* network listeners of the settings, behind the local one */
	const char *program;           /* that runs it where run is NULL */
};

/* Sonae is several programs in one folder, so that each loads the libraries it needs and no others. Instrumented builds
 * are one program. The front (src/cli/front.c), which people start as `sonae`, has a table of its own. */
#define PROC_HOUSE_PROGRAM "sonae-house"
#define PROC_READER_PROGRAM "sonae-reader"
#define PROC_PRESS_PROGRAM "sonae-press"
#define PROC_POST_PROGRAM "sonae-post"

/* In the order of starting; stopping goes the other way. A NULL name ends it. */
extern const struct proc_entry proc_table[];

/* Entry of `sonae run-process`; the result is the exit status. SIGPIPE is ignored already; SIGTERM, SIGINT and SIGHUP
 * have their default action when a main begins. */
int proc_run(int argc, char **argv);
/* Applies the jail of this process's row and tells the master that the process is ready and what is in force.
 * Afterwards no program can be started and no other than a local socket be made, and of files the keeper reads and
 * writes the data folder; the web reads it (so that it can reach the sockets); both read the rules folder and the time
 * zone; the reader reads none. ERR_UNAVAILABLE when a mechanism that the level cannot do without is missing. */
int proc_enter_jail(const struct proc_context *context) MUST_CHECK;

int keeper_main(const struct proc_context *context);
int gate_main(const struct proc_context *context);
int web_main(const struct proc_context *context);
int post_main(const struct proc_context *context);
int press_main(const struct proc_context *context);
int reader_main(const struct proc_context *context);
/* The same for one asker, who starts it: doc/ask.h. */
int private_reader_main(const struct proc_context *context);
/* The same without the large libraries (read/tools.h). */
int light_reader_main(const struct proc_context *context);
