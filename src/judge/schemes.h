/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "judge/engine.h"

/* Where somebody is led to run a command that they did not write ("ClickFix"): a command that fetches a program, or the
 * way to the box that runs one together with pasting. NULL: nowhere. */
const struct word_hit *schemes_command(const struct judging *j);
