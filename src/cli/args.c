/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/beside.h"
#include "base/buf.h"
#include "base/check.h"

enum { FOLDER_MAX_BYTES = 4096, NAMES_MAX_BYTES = 1024 };

const struct command_option args_common_options[] = {
        {"help", NULL}, {"json", NULL}, {"data", "FOLDER"}, {"rules", "FOLDER"}, {"language", "ja|en"}, {NULL, NULL},
};

static const char *default_data_folder(void)
{
	static char folder[FOLDER_MAX_BYTES];
	const char *given = getenv("SONAE_DATA");
	const char *home = getenv("HOME");

	if (given && *given)
		return given;
	if (geteuid() == 0 || !home)
		return "/var/lib/sonae";
	snprintf(folder, sizeof(folder), "%s/.local/share/sonae", home);
	return folder;
}

static const char *default_rules_folder(void)
{
	static char folder[FOLDER_MAX_BYTES];
	const char *given = getenv("SONAE_RULES");

	if (given && *given)
		return given;
	return beside_program("rules", folder, sizeof(folder)) >= 0 ? folder : "";
}

static enum language default_language(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strncmp(value, "ja", 2) == 0 ? LANGUAGE_JA : LANGUAGE_EN;
	}
	return LANGUAGE_EN;
}

/* The command whose words stand at argv[at]; *ret_words how many they are. Two words win over one. */
static const struct command *find_command(int argc, char **argv, int at, int *ret_words)
{
	const struct command *found = NULL;
	for (const struct command *c = command_table; c->word; c++) {
		const char *space = strchr(c->word, ' ');
		if (space) {
			size_t first = (size_t) (space - c->word);
			if (at + 1 < argc && strlen(argv[at]) == first && strncmp(c->word, argv[at], first) == 0 &&
			    strcmp(space + 1, argv[at + 1]) == 0) {
				*ret_words = 2;
				return c;
			}
		} else if (strcmp(c->word, argv[at]) == 0) {
			*ret_words = 1;
			found = c;
		}
	}
	return found;
}

static int find_option(const struct command_option *options, struct str name)
{
	for (int i = 0; options && options[i].name; i++)
		if (str_eq_c(name, options[i].name))
			return i;
	return -1;
}

static bool set_common(struct command_call *call, const char *name, const char *value, bool *help)
{
	if (strcmp(name, "help") == 0)
		*help = true;
	else if (strcmp(name, "json") == 0)
		call->json = true;
	else if (strcmp(name, "data") == 0)
		call->data_folder = value;
	else if (strcmp(name, "rules") == 0)
		call->rules_folder = value;
	else if (strcmp(value, "ja") == 0 || strcmp(value, "en") == 0)
		call->language = language_of(str_of(value));
	else
		return false;
	return true;
}

/* "ledger" alone begins several: they are named. */
static void complain_command(const struct command_call *call, struct str word)
{
	CLEANUP(buf_done) struct buf names = buf_make(NAMES_MAX_BYTES);
	for (const struct command *c = command_table; c->word; c++) {
		struct str whole = str_of(c->word);
		if (whole.n > word.n && str_starts_with(whole, word) && whole.p[word.n] == ' ')
			buf_printf(&names, "%ssonae %s", names.n ? ", " : "", c->word);
	}
	if (names.n > 0)
		COMMAND_COMPLAIN(call, "cli.unfinished-command", 0, {"command", word}, {"names", buf_str(&names)});
	else
		COMMAND_COMPLAIN(call, "cli.unknown-command", 0, {"command", word});
}

/* Takes the option at argv[*at] (and its value, which may be the next word). */
static bool read_option(int argc, char **argv, int *at, struct command_call *call, bool *help)
{
	struct str word = str_of(argv[*at] + 2);
	size_t equals = str_find_char(word, '=', 0);
	struct str name = str_slice(word, 0, equals);
	const char *value = equals == STR_NOT_FOUND ? NULL : word.p + equals + 1;
	int own = call->command ? find_option(call->command->options, name) : -1;
	int common = find_option(args_common_options, name);

	if (own < 0 && common < 0) {
		COMMAND_COMPLAIN(call, "cli.unknown-option", 0, {"option", str_of(argv[*at])});
		return false;
	}
	const struct command_option *option = own >= 0 ? &call->command->options[own] : &args_common_options[common];
	if (option->argument && !value && *at + 1 < argc)
		value = argv[++*at];
	if ((option->argument != NULL) != (value != NULL)) {
		COMMAND_COMPLAIN(call, option->argument ? "cli.option-needs-value" : "cli.option-takes-no-value", 0,
		                 {"option", name});
		return false;
	}
	if (own >= 0) {
		CHECK(own < COMMAND_OPTIONS_MAX);
		call->values[own] = value ? value : "";
		return true;
	}
	if (!set_common(call, option->name, value ? value : "", help)) {
		COMMAND_COMPLAIN(call, "cli.bad-value", 0, {"option", name}, {"value", str_of(value)});
		return false;
	}
	return true;
}

enum args_outcome args_read(int argc, char **argv, struct command_call *ret)
{
	struct command_call call = {.language = default_language(),
	                            .data_folder = default_data_folder(),
	                            .rules_folder = default_rules_folder()};
	bool help = false, only_operands = false;
	int at = 1, words = 0, kept = 1;

	/* "sonae --help" and "sonae help X" read as people expect. */
	if (at < argc && strcmp(argv[at], "help") == 0) {
		help = true;
		at++;
	}
	while (at < argc && strncmp(argv[at], "--", 2) == 0 && argv[at][2])
		if (!read_option(argc, argv, &at, &call, &help))
			return ARGS_BAD;
		else
			at++;
	if (at < argc) {
		call.command = find_command(argc, argv, at, &words);
		if (!call.command) {
			complain_command(&call, str_of(argv[at]));
			return ARGS_BAD;
		}
		at += words;
	}
	/* Operands are gathered at the front of argv, so that they need no memory of their own. */
	for (; at < argc; at++) {
		if (!only_operands && strcmp(argv[at], "--") == 0) {
			only_operands = true;
		} else if (!only_operands && strncmp(argv[at], "--", 2) == 0) {
			if (!read_option(argc, argv, &at, &call, &help))
				return ARGS_BAD;
		} else if (!only_operands && argv[at][0] == '-' && argv[at][1]) {
			COMMAND_COMPLAIN(&call, "cli.unknown-option", 0, {"option", str_of(argv[at])});
			return ARGS_BAD;
		} else {
			argv[kept++] = argv[at];
		}
	}
	call.operands = argv + 1;
	call.operand_count = (size_t) (kept - 1);
	*ret = call;
	if (help || !call.command)
		return ARGS_HELP;
	if (call.operand_count > 0 && call.command->operands[0] == '\0') {
		COMMAND_COMPLAIN(&call, "cli.too-many-operands", 0);
		return ARGS_BAD;
	}
	return ARGS_RUN;
}
