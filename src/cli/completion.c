/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Completion scripts for three shells, made from the table of commands. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/table.h"

enum { KEY_MAX_BYTES = 160 };

static void print_options(const struct command_option *options, const char *before)
{
	for (const struct command_option *o = options; o->name; o++)
		printf("%s--%s", before, o->name);
}

static int first_word_length(const struct command *c)
{
	return (int) strcspn(c->word, " ");
}

/* Of "ledger verify", "ledger export" ... the first stands for all. */
static bool is_first_of_its_word(const struct command *c)
{
	for (const struct command *before = command_table; before < c; before++)
		if (first_word_length(before) == first_word_length(c) &&
		    strncmp(before->word, c->word, (size_t) first_word_length(c)) == 0)
			return false;
	return true;
}

/* Those of all commands that have the first word of c. */
static void print_second_words(const struct command *c)
{
	for (const struct command *d = c; d->word; d++)
		if (strncmp(d->word, c->word, (size_t) first_word_length(c) + 1) == 0)
			printf("%s%s", d == c ? "" : " ", strchr(d->word, ' ') + 1);
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
		if (is_first_of_its_word(c))
			printf("%s%.*s", c == command_table ? "" : " ", first_word_length(c), c->word);
	puts("\" -- \"$word\"))");
	for (const struct command *c = command_table; c->word; c++)
		if (strchr(c->word, ' ') && is_first_of_its_word(c)) {
			printf("\telif [[ $line == %.*s ]]; then\n\t\tCOMPREPLY=($(compgen -W \"", first_word_length(c),
			       c->word);
			print_second_words(c);
			puts("\" -- \"$word\"))");
		}
	puts("\telse\n\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n\tfi\n}\ncomplete -o filenames -F _sonae sonae");
}

/* Inside single quotes; quote: how a quote itself is written there. */
static void print_summary(const struct command *c, enum language language, const char *quote)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "command.%s.summary", c->id);
	for (const char *text = i18n_text(language, key); *text; text++)
		fputs(*text == '\'' ? quote : (char[]){*text, '\0'}, stdout);
}

static void print_zsh_row(const struct command *c, int length, const char *word, enum language language)
{
	printf("\t'%.*s:", length, word);
	if (strchr(c->word, ' ') == NULL || word != c->word)
		print_summary(c, language, "'\\''");
	puts("'");
}

/* "ledger verify" is completed in two steps. */
static void print_zsh(enum language language)
{
	puts("#compdef sonae\nlocal -a commands\ncommands=(");
	for (const struct command *c = command_table; c->word; c++)
		if (is_first_of_its_word(c))
			print_zsh_row(c, first_word_length(c), c->word, language);
	puts(")\nif (( CURRENT == 2 )); then\n\t_describe 'command' commands\n\treturn\nfi\n"
	     "commands=()\nif (( CURRENT == 3 )); then\n\tcase $words[2] in");
	for (const struct command *c = command_table; c->word; c++) {
		const char *second = strchr(c->word, ' ');
		if (!second)
			continue;
		printf("\t%.*s) commands+=(\n", first_word_length(c), c->word);
		print_zsh_row(c, (int) strlen(second + 1), second + 1, language);
		puts("\t) ;|");
	}
	puts("\tesac\nfi\nif (( $#commands )); then\n\t_describe 'command' commands\nelse\n\t_files\nfi");
}

static void print_fish_command(const struct command *c, enum language language)
{
	const char *second = strchr(c->word, ' ');
	if (is_first_of_its_word(c)) {
		printf("complete -c sonae -n __fish_use_subcommand -a '%.*s' -d '", first_word_length(c), c->word);
		if (!second)
			print_summary(c, language, "\\'");
		puts("'");
	}
	if (second) {
		printf("complete -c sonae -n '__fish_seen_subcommand_from %.*s' -a '%s' -d '", first_word_length(c),
		       c->word, second + 1);
		print_summary(c, language, "\\'");
		puts("'");
	}
	for (const struct command_option *o = c->options; o->name; o++)
		printf("complete -c sonae -n '__fish_seen_subcommand_from %s' -l %s%s\n", second ? second + 1 : c->word,
		       o->name, o->argument ? " -r" : "");
}

static void print_fish(enum language language)
{
	for (const struct command *c = command_table; c->word; c++)
		print_fish_command(c, language);
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
