/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "rules/image.h"

enum { LINE_TEXT_BYTES = 16 };

const char *cli_cache_folder(char path[static CLI_FOLDER_MAX_BYTES])
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int n = -1;
	if (cache && cache[0] == '/')
		n = snprintf(path, CLI_FOLDER_MAX_BYTES, "%s", cache);
	else if (home && home[0] == '/')
		n = snprintf(path, CLI_FOLDER_MAX_BYTES, "%s/.cache", home);
	if (n <= 0 || n >= CLI_FOLDER_MAX_BYTES - (int) sizeof("/sonae"))
		return NULL;
	(void) mkdir(path, 0700); /* a fresh account has none yet */
	memcpy(path + n, "/sonae", sizeof("/sonae"));
	return path;
}

const char *cli_company_folder(const struct command_call *call, char path[static CLI_FOLDER_MAX_BYTES])
{
	snprintf(path, CLI_FOLDER_MAX_BYTES, "%s/rules", call->data_folder);
	return access(path, R_OK | X_OK) == 0 ? path : NULL;
}

/* A server that starts for the first time takes over what this person's own runs have made ready already. */
static int take_own(const struct command_call *call, const char *company, const char *cache, struct rules **ret)
{
	char folder[CLI_FOLDER_MAX_BYTES];
	const char *own = cli_cache_folder(folder);
	uint64_t key;

	if (!own || !cache || strcmp(own, cache) == 0)
		return ERR_NOT_FOUND;
	int r = rules_load_image(call->rules_folder, company, own, ret);
	if (r >= 0 && rules_image_key(call->rules_folder, company, &key) >= 0)
		rules_image_keep(*ret, call->rules_folder, company, cache, key);
	return r;
}

int cli_load_rules_keeping(const struct command_call *call, const char *cache, struct rules **ret)
{
	struct rules_complaint complaint = {0};
	char company[CLI_FOLDER_MAX_BYTES], line[LINE_TEXT_BYTES];

	const char *own_rules = cli_company_folder(call, company);
	if (cache && (rules_load_image(call->rules_folder, own_rules, cache, ret) >= 0 ||
	              take_own(call, own_rules, cache, ret) >= 0))
		return 0;
	int r = rules_load_cached(call->rules_folder, own_rules, cache, ret, &complaint);
	if (r < 0) {
		snprintf(line, sizeof(line), "%u", complaint.line);
		COMMAND_COMPLAIN(call, "cli.rules-bad", 0, {"file", str_of(complaint.file)}, {"line", str_of(line)},
		                 {"what", str_of(complaint.text)});
	}
	return r;
}
