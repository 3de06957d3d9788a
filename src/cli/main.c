/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program of the whole house: a command of the table, or (hidden, started by the master only) one of the processes.
 */
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/beside.h"
#include "base/fd.h"
#include "cli/args.h"
#include "cli/help.h"
#include "cli/ask.h"
#include "cli/rules.h"
#include "proc/proc.h"

enum { HELP_MAX_BYTES = 64 * 1024 };

static int print_help(const struct command_call *call)
{
	struct buf b = buf_make(HELP_MAX_BYTES);
	int r = help_write(&b, call->command, call->language);
	if (r >= 0)
		r = fd_write_all(1, b.p, b.n);
	buf_done(&b);
	return r < 0 ? COMMAND_PROBLEM : COMMAND_OK;
}

int cli_load_rules(const struct command_call *call, struct rules **ret)
{
	char cache[CLI_FOLDER_MAX_BYTES];
	return cli_load_rules_keeping(call, cli_cache_folder(cache), ret);
}

int cli_start_reader(struct asker **ret)
{
	char program[PATH_MAX];
	if (SONAE_ONE_PROGRAM)
		return asker_new_private(NULL, NULL, ret);
	int r = beside_sibling(PROC_READER_PROGRAM, program, sizeof(program));
	return r < 0 ? r : asker_new_private(program, NULL, ret);
}

int main(int argc, char **argv)
{
	struct command_call call;

	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "run-process") == 0)
		return proc_run(argc, argv);
	switch (args_read(argc, argv, &call)) {
	case ARGS_BAD:
		return COMMAND_BAD_USE;
	case ARGS_HELP:
		return print_help(&call);
	case ARGS_RUN:
		break;
	}
	return command_end(&call, call.command->run(&call));
}
