/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "cli/args.h"

enum { KEY_MAX_BYTES = 160, NAME_COLUMN = 22 };

static const char *text_of(enum language language, const char *group, const char *id, const char *name)
{
	char key[KEY_MAX_BYTES];
	snprintf(key, sizeof(key), "%s.%s.%s", group, id, name);
	return i18n_text(language, key);
}

static void add_option_line(struct buf *b, const struct command_option *o, const char *id, enum language language)
{
	size_t before = b->n;
	buf_printf(b, "  --%s%s%s", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
	if (b->n - before >= NAME_COLUMN)
		buf_printf(b, "\n%*s", NAME_COLUMN, "");
	else
		buf_printf(b, "%*s", (int) (NAME_COLUMN - (b->n - before)), "");
	buf_printf(b, "%s\n", text_of(language, "option", id, o->name));
}

static void add_options(struct buf *b, const struct command *command, enum language language)
{
	buf_printf(b, "\n%s\n", i18n_text(language, "cli.options"));
	for (const struct command_option *o = command ? command->options : NULL; o && o->name; o++)
		add_option_line(b, o, command->id, language);
	for (const struct command_option *o = args_common_options; o->name; o++)
		add_option_line(b, o, "common", language);
}

int help_write(struct buf *b, const struct command *command, enum language language)
{
	if (command) {
		buf_printf(b, "sonae %s [--OPTION]... %s\n\n%s\n\n%s\n", command->word, command->operands,
		           text_of(language, "command", command->id, "summary"),
		           text_of(language, "command", command->id, "description"));
		add_options(b, command, language);
	} else {
		buf_printf(b, "%s\n\nsonae COMMAND [--OPTION]... [...]\n\n", i18n_text(language, "cli.what"));
		for (const struct command *c = command_table; c->word; c++)
			buf_printf(b, "  %-*s%s\n", NAME_COLUMN - 2, c->word,
			           text_of(language, "command", c->id, "summary"));
		add_options(b, NULL, language);
		buf_printf(b, "\n%s\n", i18n_text(language, "cli.exit-status"));
	}
	return buf_failed(b) ? -1 : 0;
}

int help_man_name(struct buf *b, const struct command *command)
{
	buf_add_c(b, "sonae");
	if (command) {
		buf_add_char(b, '-');
		for (const char *c = command->word; *c; c++)
			buf_add_char(b, *c == ' ' ? '-' : *c);
	}
	return buf_failed(b) ? -1 : 0;
}

/* man(7) text: a backslash, a leading dot or quote would be read as a request; a hyphen is meant as such. */
static void add_roff(struct buf *b, const char *text)
{
	bool line_start = true;
	for (const char *c = text; *c; c++) {
		if (line_start && (*c == '.' || *c == '\''))
			buf_add_c(b, "\\&");
		if (*c == '\\')
			buf_add_c(b, "\\e");
		else if (*c == '-')
			buf_add_c(b, "\\-");
		else
			buf_add_char(b, *c);
		line_start = *c == '\n';
	}
}

static void add_man_options(struct buf *b, const struct command_option *options, const char *id, enum language language)
{
	for (const struct command_option *o = options; o && o->name; o++) {
		buf_add_c(b, ".TP\n\\fB");
		add_roff(b, "--");
		add_roff(b, o->name);
		buf_add_c(b, "\\fR");
		if (o->argument)
			buf_printf(b, " \\fI%s\\fR", o->argument);
		buf_add_char(b, '\n');
		add_roff(b, text_of(language, "option", id, o->name));
		buf_add_char(b, '\n');
	}
}

static void add_man_section(struct buf *b, const char *title)
{
	buf_printf(b, ".SH \"%s\"\n", title);
}

int help_write_man(struct buf *b, const struct command *command, enum language language)
{
	struct buf name = buf_make(256);
	int r = help_man_name(&name, command);
	CHECK(r == 0);

	buf_printf(b, ".TH \"%s\" 1 \"\" \"Sonae %s\" \"Sonae\"\n", buf_cstr(&name), SONAE_VERSION);
	add_man_section(b, i18n_text(language, "cli.man.name"));
	add_roff(b, buf_cstr(&name));
	buf_add_c(b, " \\- ");
	add_roff(b, command ? text_of(language, "command", command->id, "summary") : i18n_text(language, "cli.what"));
	buf_add_char(b, '\n');
	add_man_section(b, i18n_text(language, "cli.man.synopsis"));
	buf_printf(b, "\\fBsonae%s%s\\fR [\\fIOPTION\\fR]... ", command ? " " : "", command ? command->word : "");
	add_roff(b, command ? command->operands : "COMMAND [...]");
	buf_add_char(b, '\n');
	add_man_section(b, i18n_text(language, "cli.man.description"));
	if (command) {
		add_roff(b, text_of(language, "command", command->id, "description"));
		buf_add_char(b, '\n');
	}
	for (const struct command *c = command ? NULL : command_table; c && c->word; c++) {
		buf_printf(b, ".TP\n\\fB%s\\fR\n", c->word);
		add_roff(b, text_of(language, "command", c->id, "summary"));
		buf_add_char(b, '\n');
	}
	add_man_section(b, i18n_text(language, "cli.man.options"));
	add_man_options(b, command ? command->options : NULL, command ? command->id : "", language);
	add_man_options(b, args_common_options, "common", language);
	add_man_section(b, i18n_text(language, "cli.man.exit-status"));
	add_roff(b, i18n_text(language, "cli.exit-status"));
	buf_add_char(b, '\n');
	buf_done(&name);
	return buf_failed(b) ? -1 : 0;
}
