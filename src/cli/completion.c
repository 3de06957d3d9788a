/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Completion scripts for three shells, made from the table of commands. */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/table.h"

static void print_options(const struct command_option *options, const char *before)
{
	for (const struct command_option *o = options; o->name; o++)
		printf("%s--%s", before, o->name);
}

static void print_bash(void)
{
	puts("_sonae() {\n\tlocal word=${COMP_WORDS[COMP_CWORD]} line=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\" "
	     "options=\"\"\n"
	     "\tcase \"$line\" in");
	for (const struct command *c = command_table; c->word; c++) {
		printf("\t\"%s\"*) options=\"", c->word);
		print_options(c->options, " ");
		puts(" \" ;;");
	}
	puts("\tesac\n\tif [[ $word == --* ]]; then");
	printf("\t\tCOMPREPLY=($(compgen -W \"$options");
	print_options(args_common_options, " ");
	printf("\" -- \"$word\"))\n\telif [[ -z $line ]]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	for (const struct command *c = command_table; c->word; c++)
		printf("%s%.*s", c == command_table ? "" : " ", (int) strcspn(c->word, " "), c->word);
	puts("\" -- \"$word\"))");
	for (const struct command *c = command_table; c->word; c++) {
		const char *space = strchr(c->word, ' ');
		if (space)
			printf("\telif [[ $line == %.*s && -n \"$(compgen -W '%s' -- \"$word\")\" ]]; then "
			       "COMPREPLY+=($(compgen -W '%s' -- \"$word\"))\n",
			       (int) (space - c->word), c->word, space + 1, space + 1);
	}
	puts("\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tfi\n}\ncomplete -o filenames -F _sonae sonae");
}

static void print_zsh(enum language language)
{
	puts("#compdef sonae\nlocal -a commands\ncommands=(");
	for (const struct command *c = command_table; c->word; c++) {
		char key[160];
		snprintf(key, sizeof(key), "command.%s.summary", c->id);
		printf("\t'%s:%s'\n", c->word, i18n_text(language, key));
	}
	puts(")\nif (( CURRENT == 2 )); then\n\t_describe 'command' commands\nelse\n\t_files\nfi");
}

static void print_fish(enum language language)
{
	for (const struct command *c = command_table; c->word; c++) {
		char key[160];
		snprintf(key, sizeof(key), "command.%s.summary", c->id);
		printf("complete -c sonae -n __fish_use_subcommand -a '%s' -d '%s'\n", c->word,
		       i18n_text(language, key));
		for (const struct command_option *o = c->options; o->name; o++)
			printf("complete -c sonae -n '__fish_seen_subcommand_from %.*s' -l %s%s\n",
			       (int) strcspn(c->word, " "), c->word, o->name, o->argument ? " -r" : "");
	}
}

int command_completion(struct command_call *call)
{
	const char *shell = call->operand_count == 1 ? call->operands[0] : "";

	if (strcmp(shell, "bash") == 0)
		print_bash();
	else if (strcmp(shell, "zsh") == 0)
		print_zsh(call->language);
	else if (strcmp(shell, "fish") == 0)
		print_fish(call->language);
	else {
		COMMAND_COMPLAIN(call, "cli.which-shell", 0);
		return COMMAND_BAD_USE;
	}
	return COMMAND_OK;
}
