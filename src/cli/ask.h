/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader of a command. Which programs there are: proc/proc.h. */
#pragma once

#include "base/check.h"
#include "doc/ask.h"

/* A reader for this run alone (doc/ask.h: asker_new_private), from the program that has the readers. */
int cli_start_reader(struct asker **ret) MUST_CHECK;
