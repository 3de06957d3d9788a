/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/setup.h"
#include "cli/table.h"
#include "keep/client.h"

enum { SETUP_ARENA_MAX_BYTES = 1024 * 1024 };

int cli_say_setup_code(const struct command_call *call)
{
	CLEANUP(keep_client_freep) struct keep_client *client = NULL;
	CLEANUP(arena_freep) struct arena *a = arena_new(SETUP_ARENA_MAX_BYTES);
	const struct keep_actor actor = {.program = STR("cli")};
	struct keep_setup_code_out out;

	int r = keep_client_open(call->data_folder, &client);
	if (r >= 0)
		r = keep_setup_code(client, &actor, &(struct keep_setup_code_in){0}, a, &out);
	if (r >= 0)
		COMMAND_SAY(call, "server.setup-code", {"code", out.code});
	return r;
}

int command_setup_code(struct command_call *call)
{
	int r = cli_say_setup_code(call);
	if (r >= 0)
		return COMMAND_OK;
	COMMAND_COMPLAIN(call, "setup-code.failed", r);
	return COMMAND_PROBLEM;
}
