/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The functions that commands.def names, one per file of this folder. */
#pragma once

#include "cli/command.h"

#define COMMAND(id, word, operands, ...) int command_##id(struct command_call *call);
#include "cli/commands.def"
#undef COMMAND
