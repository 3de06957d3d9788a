/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people read about commands, made from the table: help text and man pages. */
#pragma once

#include "base/buf.h"
#include "cli/command.h"

/* Help of one command, or the list of all when command is NULL. */
int help_write(struct buf *b, const struct command *command, enum language language);
/* Manual page in man(7) form: sonae(1) for NULL, else sonae-<word>(1). */
int help_write_man(struct buf *b, const struct command *command, enum language language);
/* "sonae-ledger-verify": the page's name. */
int help_man_name(struct buf *b, const struct command *command);
