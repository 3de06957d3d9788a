/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one-time setup code, asked of the keeper that serves the data folder. */
#pragma once

#include "cli/command.h"

/* Makes a new code and prints it; says nothing and returns ERR_CONFLICT when the setup is finished already. */
int cli_say_setup_code(const struct command_call *call);
