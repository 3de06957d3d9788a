/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From argv to a command_call, by the table alone. */
#pragma once

#include "cli/command.h"

enum args_outcome { ARGS_RUN, ARGS_HELP, ARGS_BAD };

/* Options that every command takes; same form as a command's own, catalogue "option.common.<name>". */
extern const struct command_option args_common_options[];

/* Reads argv[1..]. ARGS_HELP: ret->command is the command asked about, or NULL for the list. ARGS_BAD: the complaint is
 * on standard error. Strings in *ret belong to argv, the environment or static memory. */
enum args_outcome args_read(int argc, char **argv, struct command_call *ret);
