/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/table.h"

int command_version(struct command_call *call)
{
	puts(call->json ? "{\"version\": \"" SONAE_VERSION "\"}" : "sonae " SONAE_VERSION);
	return COMMAND_OK;
}
