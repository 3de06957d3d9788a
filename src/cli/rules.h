/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading rules on behalf of a command. */
#pragma once

#include "cli/command.h"
#include "rules/rules.h"

/* Loads call->rules_folder and, where it exists, <data>/rules. The complaint (file, line, what) is on standard error.
 */
int cli_load_rules(const struct command_call *call, struct rules **ret);
/* The same, with the compiled patterns kept in this folder (rules_load_cached) instead of the person's own cache. */
int cli_load_rules_keeping(const struct command_call *call, const char *cache, struct rules **ret);

enum { CLI_FOLDER_MAX_BYTES = 4096 };
/* The person's own folder for compiled patterns, as the XDG base directory specification has it: a relative value
 * counts as none. NULL: there is no such place. */
const char *cli_cache_folder(char path[static CLI_FOLDER_MAX_BYTES]);
/* <data>/rules, NULL when the company has none. */
const char *cli_company_folder(const struct command_call *call, char path[static CLI_FOLDER_MAX_BYTES]);
