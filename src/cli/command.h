/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a command is written: one file with `int command_<id>(struct command_call *)`, one line in commands.def (word,
 * operands, options) and its texts in po/cli.json. --help, the man page and shell completion come from the same line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "i18n/i18n.h"

/* Exit statuses of every command. */
enum command_status {
	COMMAND_OK = 0,
	COMMAND_BAD_USE = 1, /* wrong arguments; nothing was done */
	COMMAND_PROBLEM = 2, /* asked for something that could not be done, or only in part; standard error says what */
	COMMAND_NOT_TRUE =
	        3, /* a check ran and its answer is no: a ledger that does not verify, a machine that lacks something */
};

enum { COMMAND_OPTIONS_MAX = 32 };

struct command_option {
	const char *name;     /* without the dashes */
	const char *argument; /* what to call its value in the help: "FILE"; NULL for a switch */
};

struct command_call;

struct command {
	const char *word; /* one or two words: "check", "ledger verify" */
	const char *id;   /* catalogue: command.<id>.summary, .description; option.<id>.<name> */
	const char *operands;
	const struct command_option *options; /* ends with a NULL name */
	int (*run)(struct command_call *);
};

struct command_call {
	const struct command *command;
	enum language language;
	bool json;
	const char *data_folder;                 /* --data, SONAE_DATA, else the user's data folder */
	const char *rules_folder;                /* --rules, SONAE_RULES, else beside the program */
	const char *values[COMMAND_OPTIONS_MAX]; /* by place in command->options; "" for a switch, NULL not given */
	char **operands;
	size_t operand_count;
};

/* Value of an option of this command, "" for a switch that was given, NULL when not given. */
const char *command_value(const struct command_call *call, const char *option);
bool command_has(const struct command_call *call, const char *option);

/* One line on standard error: the catalogue text of key with the facts filled in, and the error when r < 0. */
void command_complain(const struct command_call *call, const char *key, int r, const struct i18n_fact *facts,
                      size_t count);
#define COMMAND_COMPLAIN(call, key, r, ...)                                                                            \
	command_complain((call), (key), (r), (const struct i18n_fact[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}},  \
	                 sizeof((const struct i18n_fact[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}}) /             \
	                                 sizeof(struct i18n_fact) -                                                    \
	                         1)
/* Standard output: the catalogue text of key with the facts filled in, and a line end. */
void command_say(const struct command_call *call, const char *key, const struct i18n_fact *facts, size_t count);
#define COMMAND_SAY(call, key, ...)                                                                                    \
	command_say((call), (key), (const struct i18n_fact[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}},            \
	            sizeof((const struct i18n_fact[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}}) /                  \
	                            sizeof(struct i18n_fact) -                                                         \
	                    1)

/* What main() returns: status, or when standard output did not take everything (a full disk), COMMAND_PROBLEM. */
int command_end(const struct command_call *call, int status);

/* The table, in the order of the help; a NULL word ends it. */
extern const struct command command_table[];
