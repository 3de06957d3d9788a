/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a process gets from the master, and the two ways into this folder. Every process goes the same way: open what it
 * needs, connect its peers, lock itself in (proc_enter_jail), loop until SIGTERM. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"
#include "jail/jail.h"

enum { PROC_LISTENERS_MAX = 8, PROC_WEB_MAX = 16, PROC_DEFAULT_PORT = 8119 };

struct proc_context {
	const char *name;          /* "keeper", "web", "reader" */
	unsigned index;            /* 0 for the first of its kind */
	const char *data_folder;   /* absolute */
	const char *rules_folder;  /* absolute */
	const char *keeper_socket; /* paths of the peers: <data>/run/keeper.sock, <data>/run/reader.sock */
	const char *reader_socket;
	/* Listening sockets, blocking, in the order of the settings: the keeper and the reader get one local socket, a web
	 * process gets its TCP sockets (each web process its own ones, by SO_REUSEPORT). */
	int listeners[PROC_LISTENERS_MAX];
	size_t listener_count;
	int report_fd;       /* to the master: see proc_enter_jail(); -1 none */
	jail_set separated;  /* what jail_separate() put in force before the process began */
	enum jail_level level;
};

/* To be called once by each process's main when everything is opened and connected: locks the process in as the table
 * says and tells the master that it is ready and which mechanisms are in force. Afterwards:
 *   keeper: reads and writes below the data folder, reads the rules folder and the time zone; socket() gives local ones only;
 *   web: reads the rules folder and the time zone, writes no file; socket() gives local ones only.
 * Neither can start a program. */
int proc_enter_jail(const struct proc_context *context) MUST_CHECK;

/* The mains. The result is the exit status; 0 after SIGTERM. SIGPIPE is ignored already; SIGTERM, SIGINT and SIGHUP have
 * their default action when a main begins. SIGHUP reaches web only: load the rules again. */
int keeper_main(const struct proc_context *context);
int web_main(const struct proc_context *context);
int reader_main(const struct proc_context *context);

struct master_settings {
	const char *data_folder;   /* made when it is not there, mode 0700 */
	const char *rules_folder;
	const char *const *listen; /* "127.0.0.1:8119", "[::]:8119", "0.0.0.0:8119"; ends with NULL; none: loopback, default port */
	unsigned web_processes;    /* 0: one for each two processors, at most 4 */
};

/* Runs in the foreground until SIGTERM or SIGINT; SIGHUP reloads. Exit status: 0, or 2 when it could not start, after one
 * line in the log that says why. */
int master_run(const struct master_settings *settings);

/* `sonae run-process NAME ...`: the entry of a process that the master (or the asking side) started. Exit status. */
int proc_run(int argc, char **argv);
