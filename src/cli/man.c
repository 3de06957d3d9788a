/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "cli/help.h"
#include "cli/table.h"

enum { MAN_PAGE_MAX_BYTES = 64 * 1024, MAN_PATH_MAX_BYTES = 4096 };

static int write_page(const struct command_call *call, const struct command *command, const char *folder)
{
	struct buf page = buf_make(MAN_PAGE_MAX_BYTES);
	struct buf path = buf_make(MAN_PATH_MAX_BYTES);
	int r = help_write_man(&page, command, call->language);
	if (r >= 0 && folder) {
		buf_printf(&path, "%s/", folder);
		help_man_name(&path, command);
		buf_add_c(&path, ".1");
		r = buf_failed(&path) ? ERR_TOO_LARGE : fd_replace_file(buf_cstr(&path), buf_str(&page), 0644);
	} else if (r >= 0) {
		r = fd_write_all(1, page.p, page.n);
	}
	buf_done(&page);
	buf_done(&path);
	return r;
}

/* Without a folder the page sonae(1) goes to standard output; with one every page becomes a file there. */
int command_man(struct command_call *call)
{
	const char *folder = call->operand_count ? call->operands[0] : NULL;
	int r;

	if (call->operand_count > 1) {
		COMMAND_COMPLAIN(call, "cli.too-many-operands", 0);
		return COMMAND_BAD_USE;
	}
	if (folder && mkdir(folder, 0755) != 0 && errno != EEXIST) {
		COMMAND_COMPLAIN(call, "cli.cannot-write", ERR_SYSTEM, {"path", str_of(folder)});
		return COMMAND_PROBLEM;
	}
	r = write_page(call, NULL, folder);
	for (const struct command *c = command_table; folder && c->word && r >= 0; c++)
		r = write_page(call, c, folder);
	if (r < 0) {
		COMMAND_COMPLAIN(call, "cli.cannot-write", r, {"path", str_of(folder ? folder : "-")});
		return COMMAND_PROBLEM;
	}
	return COMMAND_OK;
}
