/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/check.h"
#include "base/err.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

const char *command_value(const struct command_call *call, const char *option)
{
	for (size_t i = 0; call->command->options[i].name; i++)
		if (strcmp(call->command->options[i].name, option) == 0)
			return call->values[i];
	CHECK(!"an option that the table does not have");
	return NULL;
}

bool command_has(const struct command_call *call, const char *option)
{
	return command_value(call, option) != NULL;
}

static void print_line(FILE *to, const char *before, const struct command_call *call, const char *key, int r,
                       const struct i18n_fact *facts, size_t count)
{
	int saved = errno;
	struct buf line = buf_make(LINE_MAX_BYTES);
	(void) i18n_format(&line, call->language, str_of(key), facts, count);
	fprintf(to, "%s%.*s", before, STR_ARG(buf_str(&line)));
	if (r < 0)
		fprintf(to, " (%s%s%s)", err_text(r), r == ERR_SYSTEM ? ": " : "",
		        r == ERR_SYSTEM ? strerror(saved) : "");
	fputc('\n', to);
	buf_done(&line);
}

void command_complain(const struct command_call *call, const char *key, int r, const struct i18n_fact *facts,
                      size_t count)
{
	fflush(stdout);
	print_line(stderr, "sonae: ", call, key, r, facts, count);
}

void command_say(const struct command_call *call, const char *key, const struct i18n_fact *facts, size_t count)
{
	print_line(stdout, "", call, key, 0, facts, count);
}

int command_end(const struct command_call *call, int status)
{
	bool was_written = fflush(stdout) == 0 && !ferror(stdout);
	if (was_written)
		return status;
	COMMAND_COMPLAIN(call, "cli.cannot-write", ERR_SYSTEM, {"path", STR("-")});
	return status == COMMAND_OK ? COMMAND_PROBLEM : status;
}
