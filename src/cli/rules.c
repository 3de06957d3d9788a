/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/rules.h"

#include <stdio.h>
#include <unistd.h>

enum { FOLDER_MAX_BYTES = 4096, LINE_TEXT_BYTES = 16 };

int cli_load_rules(const struct command_call *call, struct rules **ret)
{
	struct rules_complaint complaint = {0};
	char company[FOLDER_MAX_BYTES], line[LINE_TEXT_BYTES];

	snprintf(company, sizeof(company), "%s/rules", call->data_folder);
	int r = rules_load(call->rules_folder, access(company, R_OK | X_OK) == 0 ? company : NULL, ret, &complaint);
	if (r < 0) {
		snprintf(line, sizeof(line), "%u", complaint.line);
		COMMAND_COMPLAIN(call, "cli.rules-bad", 0, {"file", str_of(complaint.file)}, {"line", str_of(line)},
		                 {"what", str_of(complaint.text)});
	}
	return r;
}
