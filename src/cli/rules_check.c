/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/rules.h"
#include "cli/table.h"

int command_rules_check(struct command_call *call)
{
	CLEANUP(rules_freep) struct rules *rules = NULL;
	char count[32];

	if (call->operand_count > 1) {
		COMMAND_COMPLAIN(call, "cli.too-many-operands", 0);
		return COMMAND_BAD_USE;
	}
	if (call->operand_count == 1)
		call->rules_folder = call->operands[0];
	if (cli_load_rules(call, &rules) < 0)
		return COMMAND_NOT_TRUE;
	snprintf(count, sizeof(count), "%zu", rules_brand_count(rules));
	COMMAND_SAY(call, "rules-check.ok", {"brands", str_of(count)});
	return COMMAND_OK;
}
