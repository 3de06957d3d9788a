/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "proc/proc.h"

enum { PROC_FIXED_ARGUMENTS = 6 };

const struct proc_entry proc_table[] = {
	{"keeper", keeper_main, JAIL_KEEPER, PROC_KEEPER_SOCKET, 1},
	{"reader", reader_main, JAIL_ZYGOTE, PROC_READER_SOCKET, 1},
	{"web", web_main, JAIL_WEB, NULL, 2},
	{NULL, NULL, JAIL_WEB, NULL, 0},
};

static int read_number(const char *text, uint64_t max, uint64_t *ret)
{
	return str_parse_u64(str_of(text), max, ret);
}

int proc_run(int argc, char **argv)
{
	struct proc_context context = {0};
	const struct proc_entry *e = proc_table;
	uint64_t number;

	if (argc < PROC_FIXED_ARGUMENTS || argc > PROC_FIXED_ARGUMENTS + PROC_LISTENERS_MAX ||
	    read_number(argv[3], PROC_COUNT_MAX, &number) < 0)
		return 1;
	while (e->name && strcmp(e->name, argv[2]) != 0)
		e++;
	if (!e->name)
		return 1;
	context.name = e->name;
	context.index = (unsigned) number;
	context.data_folder = argv[4];
	context.rules_folder = argv[5];
	for (int i = PROC_FIXED_ARGUMENTS; i < argc; i++) {
		if (read_number(argv[i], INT32_MAX, &number) < 0)
			return 1;
		context.listeners[context.listener_count++] = (int) number;
	}
	if (chdir(context.data_folder) != 0)
		return 1;
	log_set_process(e->name);
	int r = e->run(&context);
	if (r < 0)
		log_event(LOG_LEVEL_ERROR, "process.failed", LOG_TEXT("why", err_text(r)));
	return r < 0 ? 1 : 0;
}

int proc_enter_jail(const struct proc_context *context)
{
	for (const struct proc_entry *e = proc_table; e->name; e++)
		if (strcmp(e->name, context->name) == 0)
			return jail_enter(e->jail, context->data_folder);
	return ERR_NOT_FOUND;
}
