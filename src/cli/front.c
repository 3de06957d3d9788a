/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people start as `sonae`. `sonae check` with rules that are kept ready (rules/image.h), which is what mail
 * programs and scripts call again and again, is done here, with few libraries to load; everything else goes on as
 * sonae-house, the whole program (main.c), which lies in the same folder. */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/check.h"
#include "base/err.h"
#include "cli/args.h"
#include "cli/ask.h"
#include "cli/rules.h"
#include "cli/table.h"
#include "proc/proc.h"

static char **original; /* arguments as they came: reading them puts them into another order */

const struct proc_entry proc_table[] = {
        {.name = "private-reader", .run = light_reader_main, .jail = JAIL_ZYGOTE},
        {.name = NULL},
};

int cli_start_reader(struct asker **ret)
{
	char whole[PATH_MAX];
	int r = beside_sibling(PROC_READER_PROGRAM, whole, sizeof(whole));
	return r < 0 ? r : asker_new_private(NULL, whole, ret);
}

static int go_on_as_house(struct command_call *call)
{
	char program[PATH_MAX] = PROC_HOUSE_PROGRAM;
	if (beside_sibling(PROC_HOUSE_PROGRAM, program, sizeof(program)) >= 0)
		execv(program, original);
	COMMAND_COMPLAIN(call, "cli.whole-missing", ERR_SYSTEM, {"path", str_of(program)});
	return COMMAND_PROBLEM;
}

#define OPTION(name, argument) {name, argument},
#define COMMAND(id, word, operands, ...) static const struct command_option options_##id[] = {__VA_ARGS__{NULL, NULL}};
#include "cli/commands.def"
#undef COMMAND

const struct command command_table[] = {
#define COMMAND(id, word, operands, ...) {word, #id, operands, options_##id, go_on_as_house},
#include "cli/commands.def"
#undef COMMAND
        {NULL, NULL, NULL, NULL, NULL},
};

int cli_load_rules(const struct command_call *call, struct rules **ret)
{
	char cache[CLI_FOLDER_MAX_BYTES], company[CLI_FOLDER_MAX_BYTES];
	const char *folder = cli_cache_folder(cache);
	struct command_call house = *call;

	if (folder && rules_load_image(call->rules_folder, cli_company_folder(call, company), folder, ret) >= 0)
		return 0;
	(void) go_on_as_house(&house);
	return ERR_UNAVAILABLE;
}

/* A copy of the list, not of the words: those stay as they are. */
static char **keep_arguments(int argc, char **argv)
{
	char **copy = calloc((size_t) argc + 1, sizeof(*copy));
	CHECK(copy);
	memcpy(copy, argv, (size_t) argc * sizeof(*copy));
	return copy;
}

int main(int argc, char **argv)
{
	struct command_call call;

	signal(SIGPIPE, SIG_IGN);
	if (argc > 2 && strcmp(argv[1], "run-process") == 0 && strcmp(argv[2], proc_table[0].name) == 0)
		return proc_run(argc, argv);
	original = keep_arguments(argc, argv);
	call = (struct command_call){.language = LANGUAGE_EN};
	if (argc > 1 && strcmp(argv[1], "run-process") == 0)
		return go_on_as_house(&call);
	switch (args_read(argc, argv, &call)) {
	case ARGS_BAD:
		return COMMAND_BAD_USE;
	case ARGS_HELP:
		return go_on_as_house(&call);
	case ARGS_RUN:
		break;
	}
	return command_end(&call,
	                   strcmp(call.command->id, "check") == 0 ? command_check(&call) : call.command->run(&call));
}
