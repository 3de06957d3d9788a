/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/table.h"

#define OPTION(name, argument) {name, argument},
#define COMMAND(id, word, operands, ...) static const struct command_option options_##id[] = {__VA_ARGS__{NULL, NULL}};
#include "cli/commands.def"
#undef COMMAND

const struct command command_table[] = {
#define COMMAND(id, word, operands, ...) {word, #id, operands, options_##id, command_##id},
#include "cli/commands.def"
#undef COMMAND
        {NULL, NULL, NULL, NULL, NULL},
};
