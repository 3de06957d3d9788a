/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading rules on behalf of a command. */
#pragma once

#include "cli/command.h"
#include "rules/rules.h"

/* Loads call->rules_folder and, where it exists, <data>/rules. The complaint (file, line, what) is on standard error.
 */
int cli_load_rules(const struct command_call *call, struct rules **ret);
